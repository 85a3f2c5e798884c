"""Questions of advanced lesson 6, with right, wrong, partial, malformed and untouched answers."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from aiir_lab.grade.bank import load_question, questions_of

LESSONS = ("a06",)
RECORD = (
    "In a tabletop exercise the harm was 55,529 USD without a response; as I played it, it was 21,400 USD."
)
STORY = {
    "question": "pin-or-float",
    "basis": "course",
    "situation": (
        "In a tabletop exercise on simulated data I was on call at a grocery chain. Store managers wrote "
        "that one shelf was empty by noon every day, while the dashboard showed an average that looked "
        "fine."
    ),
    "task": (
        "I was the first responder. I had to decide how bad it was, whom to call, and what to change first."
    ),
    "action": (
        "I declared SEV2 at minute 3, because I did not know yet how many shelves were affected. I told "
        "the ML engineer and looked at the sales by region instead of the total. I could not tell "
        "whether the model had changed or the world had. My guess was the world. I chose to let planners "
        "scale the forecast, instead of going back to the model before. That gave up consistency, and I "
        "wrote the reason into the log."
    ),
    "result": "Replayed with my decisions the harm was 21,400 USD instead of 55,529 USD.",
    "learning": (
        "The average hid the group. The dashboard now shows the error by region, and an alert pages when "
        "one group drifts for three days. We tried it on the replay, and it rang a week before the "
        "stores wrote."
    ),
    "record": RECORD,
}


def missed(question: str, answer: Any) -> list[str]:
    return [result.text for result in load_question(question).judge(answer).results if not result.is_held]


@pytest.mark.parametrize("lesson", LESSONS)
def test_untouched_and_malformed(lesson: str) -> None:
    for id, question in questions_of(lesson).items():
        assert not question.judge(None).is_attempted
        for malformed in ("story", 3, [1], {"x": 1}):
            assert question.judge(malformed).score == 0, id


@pytest.mark.parametrize("lesson", LESSONS)
def test_scores_within_one_point_hold_and_a_constant_earns_half_at_most(lesson: str) -> None:
    pair = import_module(f"aiir_lab.grade.questions.{lesson}").labelled_pair()
    right = dict(zip(("first", "second"), (dict(answer.scores) for answer in pair), strict=True))
    assert missed(f"{lesson}-score", right) == []
    question = load_question("a06-score")
    constant = {name: dict.fromkeys(right["first"], 4) for name in right}
    assert question.judge(constant).score <= question.points / 2


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_true_story_earns_all(lesson: str) -> None:
    assert missed(f"{lesson}-story", STORY) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"result": "Replayed, the harm was 12,000 USD instead of 90,000 USD."}, "Its figures are those"),
        ({"record": None}, "Its figures are those of the record"),
        ({"situation": "At a grocery chain one shelf was empty by noon every day."}, "The situation says"),
        (
            {"learning": "I learned to be more careful with averages and to look twice."},
            "The learning changes",
        ),
        ({"action": "We declared it and they fixed the forecast, and we were glad."}, "The action is yours"),
    ],
    ids=["other figures", "no record", "hides the exercise", "care", "we"],
)
def test_a_slip_in_the_story_costs_its_point(change: dict[str, Any], expected: str) -> None:
    assert any(text.startswith(expected) for text in missed("a06-story", STORY | change))
