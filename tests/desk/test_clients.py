"""Where calls go: the desk by default, a real service only after it was confirmed."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from typing import Any
from urllib.parse import urlsplit

import pytest

from aiir_lab.desk import REAL_SERVICES, DeskClients, DeskProcess, desk_clients
from aiir_lab.desk.connect import vendor_library
from aiir_lab.records.errors import AiirError


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, rest in REAL_SERVICES.values():
        monkeypatch.setenv(variable, "https://vendor.invalid")
        for source in rest.values():
            monkeypatch.setenv(source, "secret-value")


@pytest.mark.parametrize("vendor", sorted(REAL_SERVICES))
def test_the_desk_is_the_default(clients: DeskClients, vendor: str) -> None:
    place = clients.place(vendor)
    assert (place.is_real, place.url) == (False, clients.announcement["urls"][vendor])  # type: ignore[index]


@pytest.mark.usefixtures("real")
@pytest.mark.parametrize("vendor", sorted(REAL_SERVICES))
def test_a_real_service_needs_a_confirmation_that_says_what_goes_where(
    desk: DeskProcess, vendor: str
) -> None:
    asked: list[str] = []

    def agree(message: str) -> bool:
        asked.append(message)
        return True

    with pytest.raises(AiirError, match="Nothing was sent"):
        DeskClients(desk.announcement).place(vendor)
    with pytest.raises(AiirError, match="not confirmed"):
        DeskClients(desk.announcement, confirm=lambda message: False).place(vendor)
    with pytest.raises(AiirError, match="not confirmed"):
        DeskClients(desk.announcement, confirm=False).place(vendor)
    agreed = DeskClients(desk.announcement, confirm=agree)
    assert agreed.place(vendor).is_real
    agreed.place(vendor)
    (message,) = asked
    assert vendor in message
    assert "https://vendor.invalid" in message
    assert "secret-value" not in message


def test_half_a_configuration_is_named(desk: DeskProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIIR_JIRA_URL", "https://vendor.invalid")
    with pytest.raises(AiirError, match=r"AIIR_JIRA_EMAIL, AIIR_JIRA_TOKEN, AIIR_JIRA_PROJECT is not set"):
        DeskClients(desk.announcement, confirm=True).place("jira")


@pytest.mark.usefixtures("real")
def test_a_key_never_travels_in_the_open(desk: DeskProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIIR_STATUSPAGE_URL", "http://vendor.invalid")
    with pytest.raises(AiirError, match="not https"):
        DeskClients(desk.announcement, confirm=True).place("statuspage")


@pytest.mark.usefixtures("real")
def test_real_services_need_no_desk(tmp_path: Any) -> None:
    clients = desk_clients(tmp_path / "none.json", confirm=True)
    assert clients.place("pagerduty").is_real
    with pytest.raises(AiirError, match="no desk clock"):
        _ = clients.desk


@pytest.mark.skipif(sys.platform == "win32", reason="kills with a POSIX signal")
def test_where_none_runs_the_process_has_a_desk_of_its_own_that_ends_with_it(tmp_path: Any) -> None:
    code = (
        "import json, os, signal; from aiir_lab.desk import desk_clients; "
        "first, second = desk_clients(), desk_clients(); assert first.announcement == second.announcement; "
        "print(json.dumps(first.announcement['urls']), flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    # a desk that once announced itself here was killed: its address leads nowhere
    stale = tmp_path / "aiir-lab" / "desk.json"
    stale.parent.mkdir()
    stale.write_text('{"urls": {"board": "http://127.0.0.1:9/board"}, "desk": {"key": "k"}}')
    home = {name: value for name, value in os.environ.items() if name != "AIIR_DESK"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=home | {"XDG_STATE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    address = urlsplit(json.loads(done.stdout)["board"])
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex((address.hostname, address.port)) != 0:
                return
        time.sleep(0.1)
    pytest.fail("the desk outlived the process that started it")


def test_a_desk_that_was_named_is_meant(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIIR_DESK", str(tmp_path / "desk.json"))
    with pytest.raises(AiirError, match="No desk has announced itself"):
        desk_clients()


@pytest.mark.usefixtures("real")
def test_the_same_client_class_takes_the_real_address(desk: DeskProcess) -> None:
    pytest.importorskip("pagerduty", reason="the extra 'ops' is not installed")
    with DeskClients(desk.announcement, confirm=True) as clients:
        assert clients.pagerduty.url == "https://vendor.invalid"


def test_a_missing_library_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pagerduty", None)
    with pytest.raises(AiirError, match=r"aiir-lab\[ops\]"):
        vendor_library("pagerduty", "pagerduty")


def test_loopback_is_kept_off_a_proxy(desk: DeskProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pagerduty", reason="the extra 'ops' is not installed")
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://proxy.invalid:3128")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "intranet.example")
    with desk_clients(desk.announce) as clients:
        assert clients.pagerduty.list_all("services")
        assert clients.statuspage.page_list_pages()
        assert clients.jira.server_info()["deploymentType"] == "Cloud"


@pytest.mark.parametrize("times", [0, 4, 1.5])
def test_faults_have_limits(clients: DeskClients, times: Any) -> None:
    with pytest.raises(AiirError):
        clients.desk.switch_fault_on("pagerduty", "429", times=times)


def test_a_struck_client_recovers_by_itself(clients: DeskClients) -> None:
    pytest.importorskip("pagerduty", reason="the extra 'ops' is not installed")
    clients.desk.switch_fault_on("pagerduty", "429", times=1)
    assert clients.pagerduty.list_all("services")
    clients.desk.switch_fault_on("pagerduty_events", "503", times=1)
    assert clients.pagerduty_events.trigger("x", "y", dedup_key="struck") == "struck"


def test_a_duplicate_delivery_shows_why_keys_matter(clients: DeskClients) -> None:
    pytest.importorskip("jira", reason="the extra 'ops' is not installed")
    pytest.importorskip("pagerduty", reason="the extra 'ops' is not installed")
    clients.desk.switch_fault_on("pagerduty_events", "duplicate", times=1)
    clients.pagerduty_events.trigger("Delivered twice", "y", dedup_key="idempotent")
    assert len(clients.pagerduty.list_all("incidents", params={"incident_key": "idempotent"})) == 1
    clients.desk.switch_fault_on("jira", "duplicate", times=4)
    clients.jira.create_issue(project="AIR", issuetype="Task", summary="Sent twice", labels=["twice"])
    clients.desk.switch_faults_off()
    assert len(clients.jira.search_issues("labels = twice")) == 2


def test_limits_can_be_enforced(clients: DeskClients) -> None:
    import requests

    where, key = clients.place("statuspage").url, clients.place("statuspage").keys["key"]
    clients.desk.enforce_limits()
    try:
        headers = {"Authorization": f"OAuth {key}"}
        statuses = [requests.get(f"{where}/v1/pages", headers=headers, timeout=5) for _ in range(70)]
    finally:
        clients.desk.enforce_limits(False)
    assert statuses[0].status_code == 200
    assert statuses[-1].status_code == 429
    assert int(statuses[-1].headers["Retry-After"]) >= 1
