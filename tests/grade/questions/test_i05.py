"""Questions of intermediate lesson 5: stories and figures against the log they come from."""

from __future__ import annotations

from typing import Any

import pytest

import aiir_lab as lab
from aiir_lab.catalog.course_files import course_path
from aiir_lab.catalog.interview import Dimension
from aiir_lab.classroom.source import read_source
from aiir_lab.grade.answers import to_data
from aiir_lab.grade.bank import load_question, questions_of
from aiir_lab.grade.question import Verdict
from aiir_lab.grade.questions import i05
from aiir_lab.tabletop import start_exercise

pytestmark = pytest.mark.xdist_group("fraud_poisoning")  # one worker: the case is shared
LESSON = "intermediate/05_interview_practice.py"


@pytest.fixture(scope="module")
def right() -> dict[str, Any]:
    cells = {cell.id: cell.source for cell in read_source(course_path("notebooks", LESSON)).cells}
    names: dict[str, Any] = {"lab": lab}
    for id in questions_of("i05"):
        exec(cells[f"{id}-answer"], names)
    return {"i05-score": names["score"], "i05-figures": names["figures"], "i05-story": names["told"]}


def judge(id: str, answer: Any) -> Verdict:
    return load_question(id).judge(to_data(answer))


def failed(verdict: Verdict) -> list[str]:
    return [result.text for result in verdict.results if not result.is_held]


def messages(verdict: Verdict) -> str:
    return " ".join(result.message for result in verdict.results)


def test_right_answers_earn_full_marks(right: dict[str, Any]) -> None:
    assert list(right) == list(questions_of("i05"))
    for id, answer in right.items():
        assert (id, failed(judge(id, answer)), judge(id, answer).problem) == (id, [], "")


@pytest.mark.parametrize("id", questions_of("i05"))
def test_untouched_and_malformed_answers(id: str) -> None:
    for untouched in (None, {}, [], "", {"first": {"context": None}}):
        assert not judge(id, untouched).is_attempted
    for malformed in (7, [1, 2], "nonsense", {"first": 3}, {"log": 7}):
        assert judge(id, malformed).score == 0


@pytest.mark.parametrize("constant", [1, 2, 3, 4])
def test_one_score_for_everything_earns_nothing(constant: int) -> None:
    same = dict.fromkeys((dimension.value for dimension in Dimension), constant)
    assert judge("i05-score", {"first": same, "second": same}).score == 0


def test_a_swap_of_the_two_answers_is_noticed(right: dict[str, Any]) -> None:
    score = right["i05-score"]
    assert judge("i05-score", {"first": score["second"], "second": score["first"]}).score <= 2


def test_invented_figures_earn_nothing(right: dict[str, Any]) -> None:
    invented = right["i05-figures"] | {
        "first_update_min": 5,
        "time_to_contain_min": 10,
        "harm_avoided": 99_000,
        "share_avoided": 1,
    }
    assert judge("i05-figures", invented).score == 0
    assert judge("i05-figures", right["i05-figures"] | {"log": "nonsense"}).score == 0


def test_a_session_that_was_not_played_has_no_figures(right: dict[str, Any]) -> None:
    log = start_exercise(i05.DRILL.exercise, seed=i05.DRILL.seed).log_text
    verdict = judge("i05-figures", right["i05-figures"] | {"log": log})
    assert verdict.score == 0
    assert "play the exercise first" in messages(verdict)


@pytest.mark.parametrize(
    ("changes", "criterion"),
    [
        ({"basis": "own"}, "It says that it was an exercise"),
        ({"result": "Everything was much better, and everybody was glad of it at last."},
         "Two figures of your run stand in it"),
        ({"log": None}, "Two figures of your run stand in it"),
        ({"learning": "I will be more careful from now on and look at the data twice every day."},
         "The learning changes the system or the response plan"),
    ],
)  # fmt: skip
def test_each_part_of_a_story_counts(right: dict[str, Any], changes: dict[str, Any], criterion: str) -> None:
    assert criterion in failed(judge("i05-story", right["i05-story"] | changes))
