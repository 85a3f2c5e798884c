"""The after-action record: what it derives, and that it is read back whole."""

from __future__ import annotations

import pytest

from aiir_lab.records import AfterAction, ExerciseHarm, Rating, RecordError, Role
from aiir_lab.records.errors import NotFoundError

DATA = {
    "exercise": "fraud_poisoning",
    "title": "Poisoned",
    "world": "fraud_poisoning",
    "seed": 7,
    "difficulty": "normal",
    "company": "Amberbank Pay",
    "start_utc": "2026-03-02T09:00:00Z",
    "end_utc": "2026-03-02T12:00:00Z",
    "roles": {"incident_commander": "player", "legal": "script"},
    "decisions": [
        {
            "name": "freeze",
            "title": "Freeze the feedback",
            "at_utc": "2026-03-02T09:20:00Z",
            "at_min": 20,
            "role": "incident_commander",
            "controls": ["freeze_feedback"],
            "harm_avoided": 120.5,
        }
    ],
    "escalations": [
        {"role": "legal", "due_min": 30, "done_min": 42, "told": "executive"},
        {"role": "security", "due_min": 15},
        {"role": "product", "done_min": 5},
    ],
    "metrics": [{"name": "time_to_contain", "from_mark": "first alert", "to_mark": "containment"}],
    "harm": {"unit": "usd", "amount": 400, "no_response": 1000, "best": 200},
    "scores": [{"name": "harm", "title": "Harm", "points": 22.5, "possible": 30, "reason": "Measured."}],
}


def test_it_derives_what_it_does_not_store() -> None:
    report = AfterAction.from_dict(DATA)
    assert report.harm.avoided == 600
    assert report.harm.share_avoided == 0.75
    assert [step.is_late for step in report.escalations] == [True, True, False]
    assert (report.points, report.possible) == (22.5, 30)
    assert report.metric("time_to_contain").minutes is None
    assert report.metric("time_to_contain").pair == "first alert -> containment"
    assert report.roles[Role.LEGAL] == "script"
    with pytest.raises(NotFoundError):
        report.metric("time_to_contian")


def test_nothing_avoidable_has_no_share() -> None:
    assert ExerciseHarm(unit="usd", amount=5, no_response=5, best=5).share_avoided is None


def test_ratings_have_words() -> None:
    assert len({rating.words for rating in Rating}) == 4


@pytest.mark.parametrize("form", ["json", "yaml", "markdown"])
def test_it_is_read_back_whole(form: str) -> None:
    report = AfterAction.from_dict(DATA)
    text = getattr(report, f"to_{form}")()
    assert getattr(AfterAction, f"from_{form}")(text) == report


def test_more_points_than_possible_are_refused() -> None:
    data = DATA | {"scores": [{"name": "a", "title": "A", "points": 4, "possible": 3, "reason": "x"}]}
    with pytest.raises(RecordError, match="do not exceed"):
        AfterAction.from_dict(data)
