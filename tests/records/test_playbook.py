"""Playbooks: what is refused when one is read, and what the record can be asked."""

from __future__ import annotations

from typing import Any

import pytest

from aiir_lab.records import NotFoundError, Playbook, RecordError

TASKS: list[dict[str, Any]] = [
    {"id": "snapshot", "role": "on_call", "from_min": 0, "by_min": 10, "what": "Save the logs"},
    {
        "id": "stop",
        "role": "ml_engineer",
        "from_min": 10,
        "by_min": 20,
        "what": "Stop it",
        "depends_on": ["snapshot"],
        "decision": "switch-off",
    },
]
DECISIONS: list[dict[str, Any]] = [
    {
        "id": "switch-off",
        "what": "Switch off",
        "role": "on_call",
        "fallback": "executive",
        "switches_model_off": True,
    }
]


def playbook(tasks: list[dict[str, Any]] = TASKS, **changes: Any) -> dict[str, Any]:
    fields = {"id": "mini", "title": "Mini", "incident_kind": "moderation", "severity": "SEV1"}
    return fields | {"tasks": tasks, "decisions": DECISIONS} | changes


def changed(**changes: Any) -> list[dict[str, Any]]:
    return [TASKS[0], TASKS[1] | changes]


def test_a_sound_one_says_who_may_switch_off() -> None:
    read = Playbook.from_dict(playbook())
    assert [role.value for role in read.may_switch_off()] == ["on_call", "executive"]
    assert [task.id for task in read.ordered()] == ["snapshot", "stop"]
    with pytest.raises(NotFoundError, match="Did you mean 'snapshot'"):
        read.task("snapshott")


@pytest.mark.parametrize(
    ("tasks", "said"),
    [
        (changed(depends_on=["snapshut"]), "Did you mean 'snapshot'"),
        (changed(decision="switch-of"), "Did you mean 'switch-off'"),
        (changed(by_min=10), "a by_min after from_min"),
        (changed(depends_on=["stop"]), "other than itself"),
        ([TASKS[0] | {"depends_on": ["stop"]}, TASKS[1]], "wait for one another"),
        ([TASKS[0], TASKS[1] | {"id": "snapshot", "depends_on": []}], "stands twice"),
        (changed(role="ml_enginer"), "tasks.1.role"),
        ([], "tasks"),
    ],
)
def test_what_cannot_work_is_refused_with_its_place(tasks: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(RecordError, match=said):
        Playbook.from_dict(playbook(tasks))


def test_a_stand_in_is_somebody_else() -> None:
    same = [DECISIONS[0] | {"fallback": "on_call"}]
    with pytest.raises(RecordError, match="a fallback other than the role itself"):
        Playbook.from_dict(playbook(decisions=same))
