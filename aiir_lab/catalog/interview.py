"""Practice questions for interviews, with rubric and worked answers, as records and as one table."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, model_validator

from aiir_lab.catalog.course_files import course_path
from aiir_lab.records.base import Line, Record, Slug
from aiir_lab.records.errors import NotFoundError

if TYPE_CHECKING:
    import pandas as pd


class StarPart(StrEnum):
    """The five parts of an answer."""

    SITUATION = "situation"
    TASK = "task"
    ACTION = "action"
    RESULT = "result"
    LEARNING = "learning"


class Dimension(StrEnum):
    """What an answer is scored on, from 1 to 4 each. Our own proposal; see datasets/interview/README.md."""

    CONTEXT = "context"
    OWNERSHIP = "ownership"
    DECISIONS = "decisions"
    RESULT = "result"
    LEARNING = "learning"
    TONE = "tone"


class WorkedAnswer(Record):
    """A whole answer in five parts, with our score from 1 to 4 and a comment for each dimension."""

    situation: Line
    task: Line
    action: Line
    result: Line
    learning: Line
    scores: dict[Dimension, int]
    comments: dict[Dimension, Line]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if set(self.scores) != set(Dimension) or set(self.comments) != set(Dimension):
            raise ValueError(f"a score and a comment for each of {', '.join(Dimension)}")
        if not set(self.scores.values()) <= {1, 2, 3, 4}:
            raise ValueError("scores from 1 to 4")
        return self

    def parts(self) -> dict[str, str]:
        """The five parts by name, in order."""
        return {part.value: getattr(self, part.value) for part in StarPart}

    def sentences(self) -> tuple[tuple[StarPart, str], ...]:
        """Each sentence with the part that it stands in, in order."""
        return tuple(
            (part, sentence)
            for part in StarPart
            for sentence in re.split(r"(?<=[.?!])\s+", self.parts()[part.value])
        )


class InterviewQuestion(Record):
    """A practice question."""

    id: Slug
    level: Literal["beginner", "intermediate", "advanced"]
    competency: Slug
    kind: Literal["behavioural", "scenario", "technical", "leadership"]
    question: Line
    strategy: Line
    strong: Line = Field(description="what a strong answer contains")
    weak: Line = Field(description="what a weak answer contains")
    rubric: dict[Dimension, dict[Literal["1", "4"], Line]]
    follow_ups: tuple[Line, ...] = Field(min_length=1)
    worked_strong: WorkedAnswer | None = None
    worked_weak: WorkedAnswer | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if set(self.rubric) != set(Dimension) or any(
            set(ends) != {"1", "4"} for ends in self.rubric.values()
        ):
            raise ValueError(f"a rubric with what earns 1 and 4 for each of {', '.join(Dimension)}")
        return self


class _Questions(Record):
    questions: tuple[InterviewQuestion, ...] = Field(min_length=1)


@cache
def interview_questions() -> tuple[InterviewQuestion, ...]:
    """All practice questions, file by file."""
    files = sorted(course_path("datasets", "interview").glob("*.yaml"))
    return tuple(
        question
        for path in files
        if path.name != "schema.yaml"
        for question in _Questions.from_file(path).questions
    )


def load_interview_question(id: str) -> InterviewQuestion:
    """Load one practice question.

    Raises
    ------
    NotFoundError
        There is no such question; the message names the nearest ids.

    Examples
    --------
    >>> load_interview_question("fragmented-communication").competency
    'communication'
    """
    known = {question.id: question for question in interview_questions()}
    if id not in known:
        raise NotFoundError("interview question", id, list(known))
    return known[id]


def load_interview_questions() -> pd.DataFrame:
    """All practice questions, one row each.

    Returns
    -------
    DataFrame
        Index ``id`` (str); ``level``, ``competency``, ``kind``, ``question``, ``strategy`` (str).

    Examples
    --------
    >>> "biased-model-postmortem" in load_interview_questions().index
    True
    """
    import pandas as pd

    columns = ("id", "level", "competency", "kind", "question", "strategy")
    rows = [{name: getattr(question, name) for name in columns} for question in interview_questions()]
    return pd.DataFrame(rows).set_index("id")


def shuffle_sentences(answer: WorkedAnswer, *, seed: int) -> tuple[tuple[StarPart, str], ...]:
    """The sentences of an answer in a random order, the same one for the same seed.

    Examples
    --------
    >>> answer = load_interview_question("fragmented-communication").worked_strong
    >>> sorted(shuffle_sentences(answer, seed=1)) == sorted(answer.sentences())
    True
    """
    sentences = answer.sentences()
    import numpy as np

    order = np.random.default_rng(seed).permutation(len(sentences))
    return tuple(sentences[int(position)] for position in order)
