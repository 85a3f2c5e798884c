"""The process: announce file, keys, bind, durability, many clients at once."""

from __future__ import annotations

import json
import stat
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from aiir_lab.desk import DeskProcess, desk_clients, read_announcement, run_desk
from aiir_lab.records.errors import AiirError

KEYS = {
    "urls": {
        *("pagerduty", "pagerduty_events", "opsgenie", "jsm"),
        *("statuspage", "statuspage_public", "jira", "board"),
    },
    "pagerduty": {"token", "routing_key", "routing_key_2", "from", "service_id"},
    "opsgenie": {"key", "escalation"},
    "statuspage": {"key", "page_id"},
    "jira": {"email", "token", "project"},
}


def trigger(desk: DeskProcess, key: str, *, session: requests.Session | None = None) -> requests.Response:
    event = {
        "routing_key": desk.announcement["pagerduty"]["routing_key"],
        "event_action": "trigger",
        "dedup_key": key,
        "payload": {"summary": f"Page {key}", "source": "test", "severity": "critical"},
    }
    url = f"{desk.announcement['urls']['pagerduty_events']}/v2/enqueue"
    return (session or requests).post(url, json=event, timeout=30)


def incidents(desk: DeskProcess) -> list[dict]:
    headers = {"Authorization": f"Token token={desk.announcement['pagerduty']['token']}"}
    found: list[dict] = []
    while True:
        url = f"{desk.announcement['urls']['pagerduty']}/incidents?limit=100&offset={len(found)}"
        page = requests.get(url, headers=headers, timeout=30).json()
        found += page["incidents"]
        if not page["more"]:
            return found


def test_the_announcement_holds_every_address_and_key_for_its_owner_only(desk: DeskProcess) -> None:
    content = json.loads(desk.announce.read_text())
    for name, expected in KEYS.items():
        assert set(content[name]) == expected
    if sys.platform != "win32":
        assert stat.S_IMODE(desk.announce.stat().st_mode) == 0o600
        assert stat.S_IMODE(Path(str(desk.db)).stat().st_mode) == 0o600
    assert all(url.startswith("http://127.0.0.1:") for url in content["urls"].values())
    assert len(content["pagerduty"]["routing_key"]) == 32


def test_a_desk_withdraws_its_announcement_when_it_ends(tmp_path: Path) -> None:
    process = DeskProcess(announce=tmp_path / "deep" / "desk.json").start()
    assert process.announce.exists()
    process.stop()
    assert not process.announce.exists()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "desk.example"])
def test_only_loopback_is_bound_unless_said_otherwise(tmp_path: Path, host: str) -> None:
    with pytest.raises(AiirError, match="allow_external"):
        run_desk(host=host, announce=tmp_path / "desk.json")


def test_a_taken_port_is_said_plainly(desk: DeskProcess, tmp_path: Path) -> None:
    port = int(desk.announcement["urls"]["board"].split(":")[2].split("/")[0])
    with pytest.raises(AiirError, match=f"cannot listen on 127.0.0.1:{port}"):
        run_desk(port=port, announce=tmp_path / "desk.json")


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a database, but somebody's notes" * 50)
    with pytest.raises(AiirError, match=r"notes\.txt"):
        DeskProcess(announce=tmp_path / "desk.json", db=tmp_path / "notes.txt").start()
    assert (tmp_path / "notes.txt").read_text().startswith("not a database")


def test_sixteen_clients_make_one_page_per_key(desk: DeskProcess) -> None:
    rounds, clients = 12, 16
    barrier = threading.Barrier(clients)

    def work(number: int) -> list[int]:
        with requests.Session() as session:
            statuses = []
            for key in range(rounds):
                barrier.wait()
                statuses.append(trigger(desk, f"race-{key}", session=session).status_code)
                statuses.append(trigger(desk, f"own-{number}-{key}", session=session).status_code)
            return statuses

    with ThreadPoolExecutor(clients) as pool:
        statuses = [status for result in pool.map(work, range(clients)) for status in result]
    assert set(statuses) == {202}
    found = [incident["incident_key"] for incident in incidents(desk)]
    assert sorted(key for key in found if key.startswith("race-")) == sorted(
        f"race-{n}" for n in range(rounds)
    )
    assert len([key for key in found if key.startswith("own-")]) == rounds * clients
    assert len(found) == len(set(found))


def test_what_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    desk = DeskProcess(announce=tmp_path / "desk.json", db=tmp_path / "desk.db").start()
    accepted: list[str] = []

    def write() -> None:
        with requests.Session() as session:
            for number in range(100_000):
                key = f"{threading.get_ident()}-{number}"
                try:
                    if trigger(desk, key, session=session).status_code == 202:
                        accepted.append(key)
                except requests.RequestException:
                    return

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    while len(accepted) < 60:
        time.sleep(0.01)
    desk.kill()
    for thread in threads:
        thread.join()
    before = desk.announcement
    with desk:
        kept = {incident["incident_key"] for incident in incidents(desk)}
        assert set(accepted) <= kept
        assert len(kept) <= len(accepted) + len(threads)
        assert desk.announcement["pagerduty"] == before["pagerduty"], "keys stay as they were"
        assert trigger(desk, accepted[0]).status_code == 202
        assert len(incidents(desk)) == len(kept), "a page that was open is still joined, not doubled"


def test_the_clock_goes_on_after_a_restart(tmp_path: Path) -> None:
    desk = DeskProcess(announce=tmp_path / "desk.json", db=tmp_path / "desk.db").start()
    with desk_clients(desk.announce) as clients:
        clients.desk.run_clock(rate=0)
        before = clients.desk.advance(minutes=90)
    desk.kill()
    with desk, desk_clients(desk.announce) as clients:
        assert clients.desk.now() == before


def test_clients_find_the_desk_by_themselves(desk: DeskProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIIR_DESK", str(desk.announce))
    with desk_clients() as clients:
        assert clients.page_id == desk.announcement["statuspage"]["page_id"]


def test_no_desk_and_a_dead_desk_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(AiirError, match="No desk has announced itself"):
        desk_clients(tmp_path / "nothing.json")
    process = DeskProcess(announce=tmp_path / "desk.json").start()
    process.kill()
    assert process.announce.exists()
    with pytest.raises(AiirError, match="does not answer"):
        desk_clients(process.announce)


def test_an_announcement_of_something_else_is_refused(tmp_path: Path) -> None:
    for text in ("not json", "[]", "{}"):
        (tmp_path / "desk.json").write_text(text)
        with pytest.raises(AiirError, match="not a desk's announcement"):
            read_announcement(tmp_path / "desk.json")


def test_the_command_line_answers_mistakes_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from aiir_lab.desk.__main__ import main

    assert main(["--host", "0.0.0.0", "--announce", str(tmp_path / "a.json")]) == 2
    assert "not a loopback address" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
