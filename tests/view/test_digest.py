from __future__ import annotations

import pytest

from aiir_lab.records import AiirError, Postmortem, Timeline
from aiir_lab.view.digest import default_questions, key_events, measures_of, top_actions, trigger_of


def test_each_duration_names_its_pair_and_its_bounds(pm):
    measures = {measure.name: measure for measure in measures_of(pm.timeline)}
    assert measures["Time to detect"].value == "12 min"
    assert measures["Time to detect"].pair == "onset → detected"
    assert measures["Time to mitigate"].value == "4 h"
    assert measures["Time to resolve"].value == "not given"
    assert measures["Time to resolve"].note == "no time of resolved"


def test_a_vague_time_gives_bounds():
    timeline = Timeline(
        events=[
            {"at_utc": "2026-03-01T00:00Z", "precision": "month", "text": "a", "marks": ["onset"]},
            {"at_utc": "2026-05-02T09:00Z", "text": "b", "marks": ["detected"]},
        ]
    )
    detect = measures_of(timeline)[0]
    assert " to " in detect.value
    assert detect.note == "known to the month"


def test_key_events_are_those_with_marks_then_the_story(pm):
    assert key_events(pm.timeline, limit=4) == [2, 3, 4, 5]
    assert key_events(pm.timeline, limit=5) == [1, 2, 3, 4, 5]
    assert key_events(Timeline(), limit=5) == []


def test_the_strongest_actions_come_first(pm):
    assert [action.strength.value for action in top_actions(pm)] == ["stronger", "intermediate"]


def test_chosen_actions_are_taken_by_number(pm):
    assert [action.description for action in top_actions(pm, [1])] == ["Write a wiki page"]
    with pytest.raises(AiirError, match=r"inc-7 has 3 action items.*no number 4"):
        top_actions(pm, (1, 4))
    with pytest.raises(AiirError, match="no number 0"):
        top_actions(pm, [0])


def test_the_trigger_is_the_text_or_else_the_event(pm):
    assert trigger_of(pm) == "A model was promoted without a test on dark goods."
    assert trigger_of(pm.model_copy(update={"trigger": None})) == "The first wrong label"
    assert trigger_of(Postmortem(id="a", title="b")) is None


def test_questions_take_up_what_is_missing(pm):
    assert any("How many clients" in question for question in default_questions(pm))
