"""Self-checks: ungraded one-choice questions, as data."""

from __future__ import annotations

from functools import cache
from typing import Self

from pydantic import Field, model_validator

from aiir_lab.catalog.course_files import course_path
from aiir_lab.records.base import Line, Record, Slug
from aiir_lab.records.errors import NotFoundError


class QuizOption(Record):
    """One answer to choose, and what is said to whoever chose it."""

    text: Line
    feedback: Line
    is_right: bool = False


class Quiz(Record):
    """A question with one right option."""

    id: Slug
    question: Line
    options: tuple[QuizOption, ...] = Field(min_length=2)
    hint: Line

    @model_validator(mode="after")
    def _one_right(self) -> Self:
        if sum(option.is_right for option in self.options) != 1:
            raise ValueError("exactly one right option")
        if len({option.text for option in self.options}) != len(self.options):
            raise ValueError("options that differ")
        return self


class _Quizzes(Record):
    quizzes: tuple[Quiz, ...]

    @model_validator(mode="after")
    def _unique(self) -> Self:
        ids = [quiz.id for quiz in self.quizzes]
        if len(set(ids)) != len(ids):
            raise ValueError("quizzes with different ids")
        return self


@cache
def quizzes() -> tuple[Quiz, ...]:
    """All self-checks in the order of their file."""
    return _Quizzes.from_file(course_path("datasets", "vignettes", "quizzes.yaml")).quizzes


def load_quiz(id: str) -> Quiz:
    """Load one self-check.

    Parameters
    ----------
    id : str
        Such as ``"b01-unsure"``; the part before the first hyphen names the lesson.

    Raises
    ------
    NotFoundError
        There is no such self-check; the message names the nearest ids.

    Examples
    --------
    >>> len(load_quiz("b01-unsure").options)
    3
    """
    known = {quiz.id: quiz for quiz in quizzes()}
    if id not in known:
        raise NotFoundError("self-check", id, list(known))
    return known[id]
