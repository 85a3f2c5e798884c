"""Stories from the learner's own record: every figure is in it, and what is not there is asked."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aiir_lab.catalog import load_postmortem, postmortem_ids
from aiir_lab.catalog.interview import StarPart
from aiir_lab.interview import story_from
from aiir_lab.records import ActionItem, AiirError, Postmortem, Timeline
from aiir_lab.records.exercise import AfterAction

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def minute(count: float) -> datetime:
    return START + timedelta(minutes=count)


def report(**change: Any) -> AfterAction:
    data: dict[str, Any] = {
        "exercise": "fraud_poisoning",
        "title": "Labels that are too good",
        "world": "fraud_poisoning",
        "seed": 7,
        "difficulty": "standard",
        "company": "Lumen Pay",
        "start_utc": START,
        "end_utc": minute(120),
        "roles": {"incident_commander": "Ana", "scribe": "script"},
        "severity": "SEV2",
        "severity_min": 21,
        "severity_reason": "more than 400 payments an hour were affected",
        "timeline": {
            "events": [
                {"at_utc": START, "text": "First poisoned batch", "marks": ["onset"]},
                {"at_utc": minute(17), "text": "The feedback alert fired", "marks": ["alerted", "detected"]},
            ]
        },
        "decisions": [
            {
                "name": "freeze_feedback",
                "title": "Freeze the feedback queue",
                "at_utc": minute(34),
                "at_min": 34,
                "role": "incident_commander",
                "rationale": "Labels may be wrong and a pause costs little",
                "harm_avoided": 8123.4,
            },
            {
                "name": "rollback",
                "title": "Roll the model back",
                "at_utc": minute(58),
                "at_min": 58,
                "role": "incident_commander",
            },
        ],
        "updates": [
            {
                "stage": "investigating",
                "text": "We look into it.",
                "at_utc": minute(41),
                "at_min": 41,
                "late_min": 11,
            }
        ],
        "harm": {"unit": "EUR", "amount": 5210.0, "no_response": 14333.4, "best": 1900.0, "plans_tried": 24},
        "metrics": [
            {"name": "time_to_contain", "from_mark": "first alert", "to_mark": "containment", "minutes": 41}
        ],
        "improvement_plan": [
            {"description": "Block batches without provenance", "success_metric": "a replay holds them back"}
        ],
    }
    return AfterAction.from_dict(data | change)


def numbers(text: str) -> set[str]:
    return {found.replace(",", "") for found in re.findall(r"\d[\d,]*", text)}


def test_every_figure_of_the_story_is_in_the_record() -> None:
    story = story_from(report())
    known = numbers(re.sub(r"(\d+)\.(\d+)", lambda m: f"{round(float(m.group()))} ", report().to_json()))
    counted = {"1", "17"}  # one late update of one; 17 minutes between two of its times
    assert numbers(story.text()) - known <= counted
    assert {"14333", "5210", "1900", "34", "58"} <= numbers(story.text())


def test_it_says_that_it_was_an_exercise() -> None:
    story = story_from(report())
    assert story.basis == "course"
    assert "tabletop exercise" in (story.situation or "")


def test_it_is_the_players_own() -> None:
    story = story_from(report())
    assert "incident commander" in (story.task or "")
    assert "scribe" not in (story.task or "")
    assert "Labels may be wrong" in (story.action or "")


def test_what_the_log_does_not_hold_is_asked() -> None:
    asked = story_from(report()).open_questions
    action = " ".join(asked[StarPart.ACTION])
    assert "Roll the model back" in action
    assert "Freeze" not in action
    assert "did you not know" in action
    known = story_from(report(notes=["It may also be the new merchant"])).open_questions[StarPart.ACTION]
    assert not any("did you not know" in question for question in known)


def test_long_spans_and_messages_are_said_shortly() -> None:
    events = [
        {"at_utc": START - timedelta(days=28), "text": "First poisoned batch", "marks": ["onset"]},
        {"at_utc": minute(17), "text": "It is odd. " * 40, "marks": ["alerted", "detected"]},
    ]
    situation = story_from(report(timeline={"events": events})).situation or ""
    assert "it took 28 days" in situation
    assert len(situation) < 500


def test_an_empty_session_yields_questions_and_no_claims() -> None:
    empty = report(
        decisions=[], updates=[], metrics=[], improvement_plan=[], roles={}, severity=None, severity_min=None,
        severity_reason=None, timeline=Timeline().to_dict(),
    )  # fmt: skip
    story = story_from(empty)
    assert story.task is None
    assert story.action is None
    assert story.learning is None
    assert {StarPart.SITUATION, StarPart.TASK, StarPart.ACTION, StarPart.LEARNING} <= set(
        story.open_questions
    )


def test_a_session_is_asked_for_its_report() -> None:
    class Session:
        def after_action(self) -> AfterAction:
            return report()

    assert story_from(Session()) == story_from(report())


def test_a_postmortem_claims_no_part_of_the_speaker() -> None:
    pm = Postmortem(
        id="inc-7",
        title="Wrong prices",
        impact=["412 orders at the wrong price"],
        action_items=[ActionItem(description="Block price changes above 30 percent")],
    )
    story = story_from(pm)
    assert story.task is None
    assert not re.search(r"\bI\b", story.text())
    assert "412 orders" in (story.situation or "")
    assert "Block price changes" in (story.learning or "")
    assert any("were yours" in question for question in story.open_questions[StarPart.ACTION])


def test_every_public_postmortem_can_be_drafted() -> None:
    for id in postmortem_ids():
        assert story_from(load_postmortem(id)).situation


@pytest.mark.parametrize("source", [None, "log.jsonl", 7, {}])
def test_anything_else_is_refused(source: Any) -> None:
    with pytest.raises(AiirError, match="start_exercise"):
        story_from(source)
