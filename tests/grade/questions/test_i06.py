"""Questions of intermediate lesson 6, with right, wrong, partial, malformed and untouched answers."""

from __future__ import annotations

from typing import Any

import pytest

from aiir_lab.desk.plan import policy_name
from aiir_lab.grade.bank import load_question, questions_of
from aiir_lab.grade.questions.i06 import CHARGEBACKS, LEVELS, RELEASE, alarm_texts

# by hand from datasets/practice/escalation_matrix.yaml: each level brings the stand-ins of the one before
FIRST_PAGES = {
    "On-call responder": 0,
    "Incident commander": 15,
    "ML engineer": 15,
    "Communications lead": 20,
    "Subject expert": 20,
    "Product": 60,
    "Customer support": 60,
}


def incident(rule: str, *, key: str = "", title: str = "", level: str = "") -> dict[str, Any]:
    urgency = "page" if ("page", rule) in alarm_texts() else "notice"
    return {
        "id": f"Q{key or rule}",
        "title": title or alarm_texts()[urgency, rule][0],
        "incident_key": f"i06-1-{rule}{key}",
        "escalation_policy": {"summary": policy_name(level or LEVELS.get(rule, "SEV2"))},
        "urgency": "high",
    }


def entry(kind: str, minute: int, *, summary: str = "", agent: str = "Model serving") -> dict[str, Any]:
    return {
        "type": f"{kind}_log_entry",
        "created_at": f"2026-03-02T0{2 + minute // 60}:{minute % 60:02}:00Z",
        "summary": summary,
        "agent": {"summary": agent},
    }


LOG = [
    entry("resolve", 50),
    entry("annotate", 50, summary="32 chargebacks in seven days, 17 are usual; feedback is paused."),
    entry("acknowledge", 20),
    entry("notify", 15, agent="Incident commander"),
    entry("notify", 0, agent="On-call responder"),
    entry("trigger", 0),
]
ALERT = {
    "id": "a1",
    "message": "32 chargebacks",
    "status": "closed",
    "acknowledged": True,
    "count": 2,
    "priority": "P2",
    "report": {"ack_time": 600_000},
}
RIGHT: dict[str, Any] = {
    "i06-page": [incident(CHARGEBACKS), incident(RELEASE)],
    "i06-climb": FIRST_PAGES,
    "i06-close": {"log": LOG, "time_to_acknowledge_min": 20},
    "i06-successor": ALERT,
}


def missed(question: str, answer: Any) -> list[str]:
    return [result.text for result in load_question(question).judge(answer).results if not result.is_held]


@pytest.mark.parametrize("question", list(questions_of("i06")))
def test_right_untouched_and_malformed(question: str) -> None:
    judged = load_question(question)
    assert missed(question, RIGHT[question]) == []
    assert not judged.judge(None).is_attempted
    for malformed in ("paged", 3, [1, 2], {"x": {"y": 1}}):
        assert judged.judge(malformed).score == 0


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ([incident(CHARGEBACKS)], "Each condition that deserves a page has one"),
        (
            [incident(CHARGEBACKS), incident(RELEASE), incident(RELEASE, key="2")],
            "An alarm that repeats itself",
        ),
        ([incident(CHARGEBACKS), incident(RELEASE), incident("scoring_latency")], "Nobody is woken"),
        ([incident(CHARGEBACKS, title="Something is odd"), incident(RELEASE)], "The title holds the measure"),
        ([incident(CHARGEBACKS, level="SEV1"), incident(RELEASE)], "Each climbs at its own level"),
    ],
    ids=["missing", "twice", "notice", "title", "level"],
)
def test_a_slip_in_paging_costs_its_point(answer: list[dict[str, Any]], expected: str) -> None:
    (text,) = missed("i06-page", answer)
    assert text.startswith(expected)


def test_no_page_at_all_earns_nothing() -> None:
    assert load_question("i06-page").judge([incident("scoring_latency")]).score == 0


@pytest.mark.parametrize("minute", [0, 15, 60])
def test_one_number_for_everybody_earns_little(minute: int) -> None:
    verdict = load_question("i06-climb").judge(dict.fromkeys(FIRST_PAGES, minute))
    assert verdict.score <= verdict.points / 2


def test_minutes_are_needed_not_seconds_and_nobody_else() -> None:
    seconds = {person: minute * 60 for person, minute in FIRST_PAGES.items()}
    assert len(missed("i06-climb", seconds)) == len(FIRST_PAGES) - 1
    assert missed("i06-climb", FIRST_PAGES | {"Legal": 60}) == ["Nobody else"]


@pytest.mark.parametrize(
    ("log", "minutes", "expected"),
    [
        ([*LOG, entry("notify", 40, agent="Product")], 20, "Acknowledging stops the climb"),
        ([row for row in LOG if row["type"] != "annotate_log_entry"], 20, "A note holds a measure"),
        (LOG[1:], 20, "It is resolved"),
        (LOG, 5, "time_to_acknowledge is counted from the alert"),
    ],
    ids=["climbs on", "no note", "open", "minutes"],
)
def test_a_slip_in_handling_costs_its_point(log: list[Any], minutes: float, expected: str) -> None:
    (text,) = missed("i06-close", {"log": log, "time_to_acknowledge_min": minutes})
    assert text.startswith(expected)


@pytest.mark.parametrize(
    "change", [{"count": 1}, {"priority": "P1"}, {"report": {"ack_time": 0}}, {"status": "open"}], ids=str
)
def test_a_slip_in_the_successor_costs_its_point(change: dict[str, Any]) -> None:
    assert len(missed("i06-successor", ALERT | change)) == 1
