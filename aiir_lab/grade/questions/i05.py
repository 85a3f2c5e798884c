"""Intermediate lesson 5: interview practice on the learner's own run; figures are compared with its log."""

from __future__ import annotations

import math
import re
from functools import partial

from pydantic import BaseModel

from aiir_lab.catalog.interview import Dimension, WorkedAnswer, load_interview_question
from aiir_lab.grade.question import Criterion, Question
from aiir_lab.grade.questions._story import DRAFT_CRITERIA, Draft, Scores, scores_alike
from aiir_lab.grade.questions.i03 import DRILL
from aiir_lab.records.exercise import AfterAction

PAIR = "injection-factors"
"""The question whose two worked answers are scored."""


class _Figures(BaseModel):
    log: str
    first_update_min: float | None = None
    time_to_contain_min: float | None = None
    harm_avoided: float | None = None
    share_avoided: float | None = None


class _Told(Draft):
    log: str | None = None


def worked_pair() -> tuple[WorkedAnswer, WorkedAnswer]:
    """The first and the second answer that the lesson shows."""
    question = load_interview_question(PAIR)
    assert question.worked_strong is not None
    assert question.worked_weak is not None
    return question.worked_strong, question.worked_weak


def _sees_difference(answer: Scores, *, dimension: Dimension) -> bool | str:
    """Within a point of ours; and where the two differ clearly, in the same direction."""
    given_all = {score for scores in (answer.first, answer.second) for score in (scores or {}).values()}
    if len(given_all - {None}) < 2:
        return "One score for everything tells nothing apart."
    alike = scores_alike(answer, dimension=dimension, pair=worked_pair())
    if alike is not True:
        return alike
    first, second = (worked.scores[dimension] for worked in worked_pair())
    if first - second >= 2:
        given = (answer.first or {}).get(dimension) or 0, (answer.second or {}).get(dimension) or 0
        return given[0] > given[1] or "One of the two answers is clearly better here."
    return True


def figures_of(report: AfterAction) -> dict[str, float | None]:
    """The figures of a run that a story can rest on."""
    return {
        "first_update_min": report.updates[0].at_min if report.updates else None,
        "time_to_contain_min": report.metric("time_to_contain").minutes,
        "harm_avoided": report.harm.avoided,
        "share_avoided": report.harm.share_avoided,
    }


def _is_figure(name: str, answer: _Figures) -> bool | str:
    given, expected = getattr(answer, name), figures_of(DRILL.report(answer.log))[name]
    if expected is None:
        return "Your run has no such figure yet: it did not happen."
    if given is None:
        return "Nothing given."
    return math.isclose(given, expected, rel_tol=0.01, abs_tol=0.51 if name.endswith("_min") else 0.006)


def _tells_figures(answer: _Told) -> bool | str:
    """Whether two figures of the run stand in situation, action or result, as digits."""
    if not answer.log:
        return "Hand in the log of your run with the story."
    figures = figures_of(DRILL.report(answer.log))
    text = f"{answer.situation} {answer.action} {answer.result}".replace(",", "")
    said = {float(number) for number in re.findall(r"\d+(?:\.\d+)?", text)}
    found = 0
    for name, value in figures.items():
        if value is None:
            continue
        shown = 100 * value if name == "share_avoided" else value
        # people round: to the minute, to the per cent, to the thousand
        found += any(math.isclose(number, shown, rel_tol=0.02, abs_tol=0.51) for number in said) or (
            name == "harm_avoided"
            and any(math.isclose(1000 * number, shown, rel_tol=0.03) for number in said)
        )
    return found >= 2 or f"{found} so far."


def _says_exercise(answer: _Told) -> bool | str:
    if answer.basis != "course":
        return "basis is 'course' for a run of this course."
    words = ("exercise", "tabletop", "simulat", "drill", "training run")
    return any(word in answer.whole().lower() for word in words) or "Say that it was an exercise."


QUESTIONS = (
    Question(
        id="i05-score",
        title="Two answers, scored",
        shape=Scores,
        expected="a dict with the keys first and second, each a dict from dimension to a score from 1 to 4",
        criteria=tuple(
            Criterion(
                f"{dimension.value.capitalize()}: within one point of our score, and in the same order",
                partial(_sees_difference, dimension=dimension),
                f"Read both answers again beside the row {dimension.value} of the rubric.",
            )
            for dimension in Dimension
        ),
    ),
    Question(
        id="i05-figures",
        title="The figures of your run",
        shape=_Figures,
        expected="a dict with log, first_update_min, time_to_contain_min, harm_avoided, share_avoided",
        criteria=(
            Criterion(
                "When the first update went out",
                partial(_is_figure, "first_update_min"),
                "report.updates[0].at_min",
            ),
            Criterion(
                "The time to contain",
                partial(_is_figure, "time_to_contain_min"),
                "report.metric('time_to_contain').minutes, and say from what to what",
            ),
            Criterion(
                "The harm avoided",
                partial(_is_figure, "harm_avoided"),
                "report.harm.avoided, in report.harm.unit",
            ),
            Criterion(
                "Its share of what the best plan avoids",
                partial(_is_figure, "share_avoided"),
                "report.harm.share_avoided",
            ),
        ),
    ),
    Question(
        id="i05-story",
        title="A story from your own run",
        shape=_Told,
        expected="a dict with the keys log, question, basis, situation, task, action, result, learning",
        criteria=(
            *DRAFT_CRITERIA,
            Criterion(
                "It says that it was an exercise",
                _says_exercise,
                "One word is enough, and it makes everything else credible.",
            ),
            Criterion(
                "Two figures of your run stand in it",
                _tells_figures,
                "As digits, as in your report; also the one that does not flatter.",
            ),
        ),
    ),
)
