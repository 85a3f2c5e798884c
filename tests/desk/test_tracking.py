"""Action items become Jira issues once, and come back with their state."""

from __future__ import annotations

from datetime import date

import pytest

pytest.importorskip("jira", reason="the extra 'ops' is not installed")

from aiir_lab.desk import DeskClients, file_actions, read_actions
from aiir_lab.records import ActionItem, ActionStatus, AiirError

ACTIONS = [
    ActionItem(
        description="Block each release that fails the red-team set",
        owner="ML engineer",
        due=date(2026, 4, 1),
        success_metric="Refused within 60 s in a replay",
        factor="no-red-team",
    ),
    ActionItem(description="Route the alert to the on-call pager", owner="Somebody from the other floor"),
]


def test_actions_are_filed_once_with_their_fields(clients: DeskClients) -> None:
    filed = file_actions(clients, ACTIONS, label="inc-fields", severity="SEV1")
    assert [item.status for item in filed] == [ActionStatus.OPEN] * 2
    first, second = (clients.jira.issue(item.ticket) for item in filed)
    assert first.fields.duedate == "2026-04-01"
    assert first.fields.assignee.displayName == "ML engineer"
    assert "Done when: Refused within 60 s in a replay" in first.fields.description
    assert {"inc-fields", "sev1"} < set(first.fields.labels)
    # nobody of that name: the owner is not lost, and the desk sets the date by the severity
    assert second.fields.assignee is None
    assert "Owner: Somebody from the other floor" in second.fields.description
    assert second.fields.duedate == clients.desk.due_date("SEV1").isoformat()
    again = file_actions(clients, ACTIONS, label="inc-fields", severity="SEV1")
    assert [item.ticket for item in again] == [item.ticket for item in filed]
    other = file_actions(clients, ACTIONS[:1], label="inc-other")
    assert other[0].ticket != filed[0].ticket


def test_a_ticket_that_is_done_comes_back_as_done(clients: DeskClients) -> None:
    filed = file_actions(clients, ACTIONS, label="inc-done")
    clients.jira.transition_issue(filed[0].ticket, "Done")
    back = read_actions(clients, [*filed, ActionItem(description="Not filed")])
    assert [item.status for item in back] == [ActionStatus.DONE, ActionStatus.OPEN, None]
    assert back[0].description == ACTIONS[0].description


@pytest.mark.parametrize("label", ["two words", "", 'x" OR project = AIR'])
def test_a_label_that_jira_would_refuse_is_named(clients: DeskClients, label: str) -> None:
    with pytest.raises(AiirError, match="label"):
        file_actions(clients, ACTIONS, label=label)


def test_a_date_that_is_none_stops_everything_before_it_starts(clients: DeskClients) -> None:
    vague = ActionItem(description="Improve it", due="next sprint")
    with pytest.raises(AiirError, match="Action 3 is due 'next sprint'"):
        file_actions(clients, [*ACTIONS, vague], label="inc-vague")
    assert clients.jira.search_issues('labels = "inc-vague"') == []
