"""Questions of beginner lesson 4, with right, wrong, partial, malformed and untouched answers."""

from __future__ import annotations

from typing import Any

import pytest

from aiir_lab.grade.bank import load_question, questions_of
from aiir_lab.grade.question import Verdict

DIMENSIONS = ("context", "ownership", "decisions", "result", "learning", "tone")
PARTS = {"situation": [1, 2], "task": [4], "action": [8, 9, 10], "result": [3, 7], "learning": [5, 6]}
SCORE = {
    "first": {"context": 4, "ownership": 2, "decisions": 1, "result": 2, "learning": 1, "tone": 1},
    "second": dict.fromkeys(DIMENSIONS, 4) | {"tone": 3},
}
DRAFT = {
    "question": "missed-signal",
    "basis": "own",
    "situation": """In May our forecast model ordered far too much fruit for two days. About 300 shops were
        affected, and the first complaint had stood in a shared mailbox since Monday morning.""",
    "task": "I was on call that week, so it was mine to find out how large it was and to stop it.",
    "action": """I compared the orders of ten shops with the week before and set SEV2. I did not know whether
        the forecast or the import of the holiday table was at the root, so I froze the orders at last week's
        level. That cost some shops a busy Wednesday. I then asked each shop manager what they had seen first,
        and I wrote down the times. I told the purchasing desk every half hour what we knew and what we did
        not know.""",
    "result": "The orders were normal again after 95 minutes; 4 percent of that week's fruit went to waste.",
    "learning": """The shared mailbox now has an owner, and an alert fires when the orders of one day double.
        We tried it in a drill in June, and it fired within ten minutes.""",
}
SURE = """I compared the orders of ten shops with the week before and set SEV2. I froze the orders at last
    week's level. I then asked each shop manager what they had seen first, and I wrote down the times. I told
    the purchasing desk every half hour what had been done. I called the two largest shops and noted their
    stock, and I sent the list to the drivers. In the evening I wrote the timeline and sent it on."""
SELF = {
    "scores": dict.fromkeys(DIMENSIONS, 3) | {"ownership": 2},
    "weakest": "ownership",
    "change": "In the Action I will say which of the calls I made myself.",
}
RIGHT: dict[str, Any] = {
    "b04-parts": PARTS,
    "b04-score": SCORE,
    "b04-draft": DRAFT,
    "b04-self": SELF,
}


def judge(id: str, answer: Any) -> Verdict:
    return load_question(id).judge(answer)


def failed(verdict: Verdict) -> list[str]:
    return [result.text for result in verdict.results if not result.is_held]


def test_every_question_is_tested() -> None:
    assert list(RIGHT) == list(questions_of("b04"))


@pytest.mark.parametrize("id", RIGHT)
def test_a_right_answer_earns_full_marks(id: str) -> None:
    verdict = judge(id, RIGHT[id])
    assert failed(verdict) == []
    assert verdict.is_full


@pytest.mark.parametrize("id", RIGHT)
@pytest.mark.parametrize("untouched", [None, {}, {"situation": None, "first": {"tone": None}}, "  "])
def test_an_untouched_answer_is_not_attempted(id: str, untouched: Any) -> None:
    verdict = judge(id, untouched)
    assert not verdict.is_attempted
    assert verdict.score == 0


@pytest.mark.parametrize("id", RIGHT)
@pytest.mark.parametrize("malformed", [7, True, "S", ["situation"], {"x": 1}, {"task": {"y": 2}}, "\x00💥"])
def test_a_malformed_answer_says_what_was_expected(id: str, malformed: Any) -> None:
    verdict = judge(id, malformed)
    assert verdict.is_attempted
    assert verdict.score == 0
    assert verdict.problem.startswith("Expected a dict")


class TestParts:
    def test_one_sentence_in_the_wrong_part_costs_both_parts(self) -> None:
        verdict = judge("b04-parts", PARTS | {"situation": [1, 2, 4], "task": None})
        assert verdict.score == 3.0
        assert "2 belong here, 1 do not." in verdict.results[0].message
        assert "No sentence is named." in verdict.results[1].message

    def test_everything_everywhere_earns_nothing(self) -> None:
        assert judge("b04-parts", {part: list(range(1, 11)) for part in PARTS}).score == 0


class TestScore:
    def test_off_by_one_holds_and_off_by_two_does_not(self) -> None:
        first = SCORE["first"] | {"ownership": 3, "decisions": 2}
        verdict = judge("b04-score", SCORE | {"first": first})
        assert failed(verdict) == ["Ownership: within one point of our score"]
        assert "2 or more higher" in verdict.results[1].message

    def test_one_answer_alone_is_not_enough(self) -> None:
        verdict = judge("b04-score", {"first": SCORE["first"]})
        assert verdict.score == 0
        assert "No score for the second answer." in verdict.results[0].message

    @pytest.mark.parametrize("score", [0, 5, 2.5, "good"])
    def test_scores_off_the_scale_are_refused(self, score: Any) -> None:
        verdict = judge("b04-score", SCORE | {"second": SCORE["second"] | {"tone": score}})
        assert "second.tone" in verdict.problem


class TestDraft:
    @pytest.mark.parametrize(
        ("change", "criterion"),
        [
            ({"question": "no-such-question"}, "It answers a question of the table"),
            ({"basis": None}, "It answers a question of the table"),
            ({"task": "Stop it."}, "All five parts are there"),
            ({"action": DRAFT["action"].replace("I ", "we ")}, "The action is yours"),
            ({"action": SURE}, "The action shows a decision"),
            ({"situation": DRAFT["situation"] * 3}, "The action has the most room"),
            (
                {"result": "After some time the orders were normal and all the shops were happy again."},
                "The result is measured",
            ),
            (
                {"learning": "I learned that everybody has to look more closely at complaints."},
                "The learning changes the system",
            ),
            (
                {
                    "learning": DRAFT["learning"]
                    + " The night engineer was careless and forgot to read the mail."
                },
                "The tone is blameless",
            ),
        ],
    )
    def test_each_flaw_costs_its_point(self, change: dict[str, Any], criterion: str) -> None:
        (missed,) = failed(judge("b04-draft", DRAFT | change))
        assert missed.startswith(criterion)

    def test_too_short_and_too_long(self) -> None:
        assert "about" in judge("b04-draft", {"action": "I did it."}).results[2].message
        long = judge("b04-draft", DRAFT | {"action": DRAFT["action"] * 5})
        assert failed(long) == ["Spoken aloud it takes one to three minutes"]

    def test_a_word_earns_nothing_for_what_it_does_not_say(self) -> None:
        assert judge("b04-draft", {"situation": "x"}).score == 0


class TestSelf:
    def test_a_tie_for_the_weakest(self) -> None:
        assert judge("b04-self", SELF | {"scores": dict.fromkeys(DIMENSIONS, 3), "weakest": "tone"}).is_full

    def test_the_strongest_is_not_the_weakest(self) -> None:
        assert failed(judge("b04-self", SELF | {"weakest": "tone"})) == [
            "The weakest one follows from your scores"
        ]

    def test_missing_scores_are_named(self) -> None:
        verdict = judge("b04-self", {"scores": {"tone": 2}, "weakest": "tone"})
        assert verdict.score == 1.0
        assert "ownership" in verdict.results[0].message

    @pytest.mark.parametrize(
        "change", ["more figures", "I will do all of it much better than I did it today"]
    )
    def test_a_vague_change(self, change: str) -> None:
        assert failed(judge("b04-self", SELF | {"change": change})) == ["You say what to rewrite"]
