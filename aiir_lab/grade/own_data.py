"""Lessons in which every learner of a class can have an incident of their own.

A lesson supports it where its answers follow from the observable tables alone: a learner who gets the tables
and not the seed can answer, and nobody can compute the answers from the source code of the worlds. The
module of its questions says how, in ``OWN``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from aiir_lab.grade import questions
from aiir_lab.grade.bank import lessons, load_question
from aiir_lab.grade.question import Criterion, Question
from aiir_lab.records import AiirError

if TYPE_CHECKING:
    from aiir_lab.simulate import Run

Case = dict[str, Any]
"""What is true of one learner's incident, as JSON data; it stays with the instructor."""

_REASONS = {
    "i01": "its answers are measured by replaying the world",
    "i03": "the exercise plays the world while the learner decides",
    "i04": "the exercises play the world while the learner decides",
    "i05": "it is about the learner's own stories",
    "i06": "its answers are the same in every world",
    "a01": "the meeting plays the world while the learner speaks",
    "a02": "its answers are measured by replaying the world",
    "a03": "its answers are the same in every world",
    "a04": "its answers are measured on runs of the world",
    "a06": "it is about the learner's own stories",
    "a07": "it is about the learner's own plan, measured by replaying the world",
}


@dataclass(frozen=True)
class OwnData:
    """How a lesson gives each learner an incident of their own.

    Parameters
    ----------
    world : str
        The incident world.
    case_of : callable
        A run of it -> what is true of it.
    questions_for : callable
        Case -> the questions, judged against it; the ids and points are those of the lesson. Each has
        ``evidence``, so that answers to another incident earn nothing. With an empty case they tell the form
        of an answer.
    what_if : callable
        Case -> rows of the table that stands in for replays, ``option`` and ``controls`` first. Of the truth
        it holds what the lesson needs of the replays, and no more.
    difficulty, size : str
        Of the world. In a hard one the lesson's own method may fail, and such a world is not handed out.
    suits : callable
        Case -> whether the lesson's questions make sense in it; others are not handed out.
    """

    world: str
    case_of: Callable[[Run], Case]
    questions_for: Callable[[Case], tuple[Question, ...]]
    what_if: Callable[[Case], list[dict[str, Any]]]
    difficulty: str = "normal"
    size: str = "lesson"
    suits: Callable[[Case], bool] = lambda case: True


class OwnDataError(AiirError):
    """An incident of a learner's own cannot be had, or is not as it was released."""


def own_data_of(lesson: str) -> OwnData:
    """How the lesson with this prefix, such as ``"i02"``, does it.

    Raises
    ------
    OwnDataError
        It does not; the message says why, and which lessons do.
    """
    found = _find(lesson)
    if found is None:
        able = [name for name in lessons() if _find(name)]
        reason = _REASONS.get(lesson, "it is about published or written incidents, not about a world's data")
        raise OwnDataError(
            f"Lesson {lesson} cannot be released with an incident for each learner: {reason}. "
            f"Lessons that can: {', '.join(able)}."
        )
    return found


def evidence(text: str, holds: Callable[[Any], bool | str], hint: str) -> Criterion:
    """The criterion without which no other of a question counts, in the words that all lessons share."""
    return Criterion(f"Evidence: {text}", holds, f"{hint} Without that nothing else in this answer counts.")


def own_question(id: str) -> Question:
    """The question as it is asked about an incident of the learner's own, for the form of its answer.

    Nothing is known here of the incident, so it cannot be judged by this.

    Raises
    ------
    NotFoundError
        There is no such question.
    """
    question = load_question(id)
    data = _find(id.split("-")[0])
    asked = data.questions_for({}) if data else ()
    return next((own for own in asked if own.id == id), question)


def share_earned(questions: Iterable[Question], answers: Mapping[str, Any]) -> float:
    """The share of all points that answers earn: 0 to 1."""
    asked = list(questions)
    earned = sum(question.judge(answers.get(question.id)).score for question in asked)
    return earned / sum(question.points for question in asked)


def _find(lesson: str) -> OwnData | None:
    if lesson not in lessons():
        return None
    found = getattr(import_module(f"{questions.__name__}.{lesson}"), "OWN", None)
    return found if isinstance(found, OwnData) else None
