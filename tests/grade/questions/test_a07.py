"""Questions of advanced lesson 7, with right, wrong, partial, malformed and untouched answers."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from aiir_lab.grade.bank import load_question, questions_of

SUMMARIES = {
    "AIR-1": "Block each filter release that misses more than one in ten red-team prompts",
    "AIR-2": "Route the hourly alert on confirmed reports to the on-call pager",
    "AIR-3": "Let on-call withhold a trending topic for one day with a switch",
    "AIR-4": "Update the runbook for moderation incidents",
}


def issue(
    key: str, *, status: str = "To Do", comments: tuple[str, ...] = (), **fields: Any
) -> dict[str, Any]:
    filed = {
        "summary": SUMMARIES[key],
        "status": {"name": status},
        "description": f"{SUMMARIES[key]}\n\nDone when: below 2,500 in the replay",
        "duedate": "2026-03-16",
        "assignee": {"displayName": "ML engineer"},
        "labels": ["a07-20260302-091200", "sev1"],
        "comment": {"comments": [{"body": text} for text in comments]},
        "issuelinks": [],
    }
    return {"key": key, "id": key, "fields": filed | fields}


LINK = [{"type": {"name": "Blocks"}}]
FILED = [issue(key) for key in SUMMARIES]
TRACKED = [
    issue("AIR-1", status="Done", comments=("Replay: 5,277 before, 1,940 with the gate.",)),
    issue("AIR-2", status="Done", comments=("Drill: 11 minutes.",)),
    issue("AIR-3", issuelinks=LINK),
    issue("AIR-4", comments=("Late: it waits for the switch; new date agreed.",), issuelinks=LINK),
]
RIGHT: dict[str, Any] = {
    "a07-filed": FILED,
    "a07-overdue": {"overdue": ["AIR-4"], "all": FILED},
    "a07-tracked": TRACKED,
}


def missed(question: str, answer: Any) -> list[str]:
    return [result.text for result in load_question(question).judge(answer).results if not result.is_held]


def changed(issues: list[dict[str, Any]], number: int, **fields: Any) -> list[dict[str, Any]]:
    answer = deepcopy(issues)
    answer[number]["fields"] |= fields
    return answer


@pytest.mark.parametrize("question", list(questions_of("a07")))
def test_right_untouched_and_malformed(question: str) -> None:
    judged = load_question(question)
    assert missed(question, RIGHT[question]) == []
    assert not judged.judge(None).is_attempted
    for malformed in ("AIR-1", 3, ["AIR-1"], [{"key": "AIR-1"}], {"x": 1}):
        assert judged.judge(malformed).score == 0


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (FILED[:3], "Four actions are four issues"),
        ([*FILED, FILED[0]], "Four actions are four issues"),
        (changed(FILED, 1, assignee=None), "Each has an assignee"),
        (changed(FILED, 1, duedate=None), "Each has a due date"),
        (changed(FILED, 1, description=SUMMARIES["AIR-2"]), "Each says how one will know"),
        (changed(FILED, 1, labels=["sev1"]), "The label of the incident"),
    ],
    ids=["three", "twice", "assignee", "date", "measure", "label"],
)
def test_a_slip_in_filing_costs_its_point(answer: list[dict[str, Any]], expected: str) -> None:
    assert any(text.startswith(expected) for text in missed("a07-filed", answer))


@pytest.mark.parametrize("overdue", [[], ["AIR-1"], ["AIR-2", "AIR-4"], list(SUMMARIES), ["AIR-99"]], ids=str)
def test_only_the_overdue_one_is_overdue(overdue: list[str]) -> None:
    assert load_question("a07-overdue").judge({"overdue": overdue, "all": FILED}).score == 0


@pytest.mark.parametrize(
    ("number", "fields", "expected"),
    [
        (0, {"status": {"name": "To Do"}}, "The strongest action is done"),
        (0, {"comment": {"comments": [{"body": "done, works well"}]}}, "Whatever is closed carries a figure"),
        (3, {"status": {"name": "Done"}}, "The overdue action is still open"),
        (3, {"comment": {"comments": []}}, "The overdue action is still open"),
        (3, {"issuelinks": []}, "Two that depend on each other are linked"),
    ],
    ids=["open gate", "no figure", "closed unread", "silent", "no link"],
)
def test_a_slip_in_tracking_costs_its_point(number: int, fields: dict[str, Any], expected: str) -> None:
    assert any(
        text.startswith(expected) for text in missed("a07-tracked", changed(TRACKED, number, **fields))
    )


def test_closing_everything_is_not_rewarded() -> None:
    closed = [deepcopy(item) for item in FILED]
    for item in closed:
        item["fields"]["status"] = {"name": "Done"}
    assert load_question("a07-tracked").judge(closed).score == 1
