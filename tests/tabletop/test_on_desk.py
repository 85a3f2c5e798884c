"""An exercise on the ops desk: pages climb with its clock, updates are public, the plan is filed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("pagerduty", reason="the extra 'ops' is not installed")
pytest.importorskip("atlassian", reason="the extra 'ops' is not installed")
pytest.importorskip("jira", reason="the extra 'ops' is not installed")

from aiir_lab.desk import REAL_SERVICES, DeskClients, DeskProcess, desk_clients
from aiir_lab.records import AiirError
from aiir_lab.tabletop import play_on_desk, start_exercise

UPDATE = (
    "Since this morning some fraudulent payments in one category are approved. Payments work as usual. "
    "We are investigating. Next update in 30 minutes."
)


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskClients]:
    folder: Path = tmp_path_factory.mktemp("desk")
    with DeskProcess(announce=folder / "desk.json") as desk, desk_clients(desk.announce) as clients:
        yield clients


def log_of(clients: DeskClients, page_id: str | None) -> list[str]:
    entries = clients.pagerduty.list_all(f"incidents/{page_id}/log_entries")
    return [f"{entry['type'].removesuffix('_log_entry')}: {entry['summary']}" for entry in reversed(entries)]


def test_the_desk_follows_a_session(clients: DeskClients) -> None:
    session = start_exercise("fraud_poisoning", seed=7)
    mirror = play_on_desk(session, clients)
    session.advance(minutes=20)
    assert clients.desk.now() == session.clock.now_utc
    # nobody has acknowledged: the page has climbed by the matrix, as the exercise clock moved on
    assert any(line.startswith("escalate:") for line in log_of(clients, mirror.page_id))
    session.acknowledge()
    session.declare_severity("SEV2", rationale="Retraining on bad labels")
    session.escalate("communications_lead", "Please prepare an update.")
    session.post_update(UPDATE, stage="investigating", next_update_min=30)
    page = clients.pagerduty.rget(f"incidents/{mirror.page_id}")
    assert page["status"] == "acknowledged"
    assert page["escalation_policy"]["summary"] == "AI incident SEV2"
    assert [item["assignee"]["summary"] for item in page["assignments"]] == ["Communications lead"]
    status = clients.statuspage.page_get_incident(clients.page_id, mirror.status_id)
    assert (status["status"], status["incident_updates"][0]["body"]) == ("investigating", UPDATE)
    assert [part["name"] for part in status["components"]] == ["Fraud scoring"]
    session.finish()
    assert clients.pagerduty.rget(f"incidents/{mirror.page_id}")["status"] == "resolved"
    assert mirror.problems == []


def test_what_was_done_before_is_repeated_and_the_plan_is_filed(clients: DeskClients) -> None:
    session = start_exercise("fraud_poisoning", seed=8)
    session.acknowledge()
    session.declare_severity("SEV2", rationale="Retraining on bad labels")
    mirror = play_on_desk(session, clients)
    lines = log_of(clients, mirror.page_id)
    assert any(line.startswith("acknowledge:") for line in lines)
    assert any("SEV2. Retraining on bad labels" in line for line in lines)
    report = session.after_action()
    assert report.improvement_plan
    filed = mirror.file_improvement_plan(report)
    assert all(item.ticket for item in filed)
    assert len(clients.jira.search_issues(f'labels = "{mirror.label}"')) == len(report.improvement_plan)


def test_an_exercise_goes_on_without_its_desk(tmp_path: Path) -> None:
    with DeskProcess(announce=tmp_path / "desk.json") as desk, desk_clients(desk.announce) as clients:
        session = start_exercise("fraud_poisoning", seed=7)
        mirror = play_on_desk(session, clients)
        desk.kill()
        session.acknowledge()
        session.note("The desk is gone, the work is not")
    assert session.entries[-1].action == "note"
    assert any(problem.startswith("acknowledge is not on the desk") for problem in mirror.problems)


def test_an_exercise_pages_nobody_outside(clients: DeskClients, monkeypatch: pytest.MonkeyPatch) -> None:
    variable, rest = REAL_SERVICES["statuspage"]
    for name in (variable, *rest.values()):
        monkeypatch.setenv(name, "https://vendor.invalid")
    agreed = DeskClients(clients.announcement, confirm=True)
    session = start_exercise("fraud_poisoning", seed=7)
    with pytest.raises(AiirError, match="pages nobody outside"):
        play_on_desk(session, agreed)
