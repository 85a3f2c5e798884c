from __future__ import annotations

from dataclasses import replace

import pytest

from aiir_lab.grade import bank
from aiir_lab.grade.feedback import as_html, as_text
from aiir_lab.grade.question import Criterion, Question
from aiir_lab.records import AiirError, NotFoundError

QUESTION = Question(
    id="t01-sum",
    title="The sum",
    shape=dict[str, float],
    expected="a dict of numbers",
    criteria=(
        Criterion("a is positive", lambda answer: answer["a"] > 0, "Look at a.", points=2),
        Criterion(
            "b is small", lambda answer: answer["b"] < 5 or f"b is {answer['b']:g}.", "Look at b <again>."
        ),
    ),
)


def test_right() -> None:
    verdict = QUESTION.judge({"a": 1, "b": 2})
    assert (verdict.score, verdict.points, verdict.is_full) == (3.0, 3.0, True)
    assert type(verdict.score) is float


def test_partial_names_what_falls_short_and_a_hint() -> None:
    verdict = QUESTION.judge({"a": 1, "b": 7})
    assert verdict.score == 2.0
    assert "✗ b is small\n      b is 7. Look at b <again>." in as_text(verdict)
    assert "Look at b &lt;again&gt;." in as_html(verdict)


def test_a_missing_part_costs_its_own_points_only() -> None:
    verdict = QUESTION.judge({"a": 1})
    assert verdict.score == 2.0
    assert "could not be judged" in verdict.results[1].message


def test_without_evidence_nothing_else_counts() -> None:
    shown = Criterion("c is of your own data", lambda answer: answer.get("c") == 7, "Look at c.")
    secret = Criterion("a is small", lambda answer: True, "")
    question = replace(QUESTION, evidence=shown, hidden=(secret,))
    verdict = question.judge({"a": 1, "b": 2})
    assert (verdict.score, verdict.points, verdict.is_attempted) == (0.0, 3.0, True)
    assert as_text(verdict) == "The sum: 0 of 3\n  ✗ c is of your own data\n      Look at c."
    # it is worth nothing itself: with it all is as without
    without = replace(QUESTION, hidden=(secret,))
    assert question.judge({"a": 1, "b": 7, "c": 7}) == without.judge({"a": 1, "b": 7})


def test_malformed_names_expected_and_got() -> None:
    verdict = QUESTION.judge({"a": "many"})
    assert verdict.score == 0.0
    assert verdict.is_attempted
    assert "Expected a dict of numbers" in verdict.problem
    assert "'many'" in verdict.problem


@pytest.mark.parametrize("data", [None, {}, {"a": None}])
def test_untouched(data: object) -> None:
    verdict = QUESTION.judge(data)
    assert (verdict.score, verdict.is_attempted) == (0.0, False)
    assert "not attempted yet (worth 3)" in as_text(verdict)


def test_an_error_of_ours_in_a_criterion_is_not_hidden() -> None:
    def broken(_: object) -> bool:
        raise AssertionError("our own slip")

    question = Question("t01-x", "X", float, (Criterion("x", broken, ""),))
    with pytest.raises(AssertionError):
        question.judge(1.0)


def test_unknown_question_names_the_nearest() -> None:
    known = next(iter(bank.questions_of("b01")))
    with pytest.raises(NotFoundError, match=known):
        bank.load_question(known + "x")


@pytest.mark.parametrize("id", ["nothing", "os-path", "..", ""])
def test_strange_ids_are_just_unknown(id: str) -> None:
    with pytest.raises(AiirError):
        bank.load_question(id)


@pytest.mark.parametrize("lesson", bank.lessons())
def test_every_question_of_the_course_is_sound(lesson: str) -> None:
    for question in bank.questions_of(lesson).values():
        assert question.points > 0
        assert all(criterion.hint for criterion in question.criteria)
        assert question.judge(None).score == 0.0
        for nonsense in (17, "nonsense", ["x"], {"x": {"y": 1}}, [[]], True):
            assert question.judge(nonsense).score < question.points
