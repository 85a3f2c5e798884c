"""Practice questions for interviews, with rubric and worked answers, as records and as one table."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from aiir_lab.catalog.course_files import course_path
from aiir_lab.records.base import Line, Record, Slug, Text
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


class Competency(StrEnum):
    """What a question asks for: the eleven parts of incident response, in the order of a response."""

    PREPARATION = "preparation"
    DETECTION = "detection"
    TRIAGE = "triage"
    COMMUNICATION = "communication"
    CONTAINMENT = "containment"
    INVESTIGATION = "investigation"
    FACILITATION = "facilitation"
    ROOT_CAUSE = "root_cause"
    ACTION_PLANNING = "action_planning"
    GOVERNANCE = "governance"
    CULTURE = "culture"


class Role(StrEnum):
    """The post that a question is most often asked for; most fit the other three too."""

    ML_RELIABILITY = "ml_reliability"
    AI_SAFETY_OPERATIONS = "ai_safety_operations"
    SRE = "sre"
    TRUST_AND_SAFETY = "trust_and_safety"


Level = Literal["beginner", "intermediate", "advanced"]
Kind = Literal["behavioural", "scenario", "technical", "leadership"]


def _complete_scores(scores: dict[Dimension, int]) -> dict[Dimension, int]:
    if set(scores) != set(Dimension):
        raise ValueError(f"a score for each of {', '.join(Dimension)}")
    if not set(scores.values()) <= {1, 2, 3, 4}:
        raise ValueError("scores from 1 to 4")
    return scores


Scores = Annotated[dict[Dimension, int], AfterValidator(_complete_scores)]
"""A score from 1 to 4 for each of the six dimensions."""


class WorkedAnswer(Record):
    """A whole answer in five parts, with our score from 1 to 4 and a comment for each dimension."""

    situation: Line
    task: Line
    action: Line
    result: Line
    learning: Line
    scores: Scores
    comments: dict[Dimension, Line]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if set(self.comments) != set(Dimension):
            raise ValueError(f"a comment for each of {', '.join(Dimension)}")
        return self

    def parts(self) -> dict[str, str]:
        """The five parts by name, in order."""
        return {part.value: getattr(self, part.value) for part in StarPart}

    def text(self) -> str:
        """The whole answer as it is spoken: five paragraphs."""
        return "\n\n".join(self.parts().values())

    def sentences(self) -> tuple[tuple[StarPart, str], ...]:
        """Each sentence with the part that it stands in, in order."""
        return tuple(
            (part, sentence)
            for part in StarPart
            for sentence in re.split(r"(?<=[.?!])\s+", self.parts()[part.value])
        )


class InterviewQuestion(Record):
    """A practice question.

    In a scenario or technical question the five parts of a worked answer hold the case as the speaker
    understands it, what is theirs to do, what they do and decide, what they would measure or have measured,
    and what they change afterwards.
    """

    id: Slug
    level: Level
    role: Role
    competency: Competency
    kind: Kind
    question: Line
    strategy: Line
    strong: Line = Field(description="what a strong answer contains")
    weak: Line = Field(description="what a weak answer contains")
    rubric: dict[Dimension, dict[Literal["1", "4"], Line]]
    follow_ups: tuple[Line, ...] = Field(min_length=1)
    worked_strong: WorkedAnswer
    worked_weak: WorkedAnswer

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if set(self.rubric) != set(Dimension) or any(
            set(ends) != {"1", "4"} for ends in self.rubric.values()
        ):
            raise ValueError(f"a rubric with what earns 1 and 4 for each of {', '.join(Dimension)}")
        return self


class LabelledAnswer(Record):
    """An answer with our scores, on which the judge of answers is measured."""

    id: Slug
    question: Slug = Field(description="id of the question that it answers")
    split: Literal["dev", "test"] = Field(description="dev: looked at while rules were written; test: never")
    author: Literal["first", "second"] = Field(
        default="first", description="second: wrote and scored without having seen the judge's rules"
    )
    voice: Literal["spoken", "bullets", "terse", "rambling", "non_native", "plain"]
    text: Text
    scores: Scores


class _Questions(Record):
    questions: tuple[InterviewQuestion, ...] = Field(min_length=1)


class _LabelledAnswers(Record):
    answers: tuple[LabelledAnswer, ...] = Field(min_length=1)


_LABELLED = "labelled_answers.yaml"


@cache
def interview_questions() -> tuple[InterviewQuestion, ...]:
    """All practice questions, file by file."""
    files = sorted(course_path("datasets", "interview").glob("*.yaml"))
    return tuple(
        question
        for path in files
        if path.name != _LABELLED
        for question in _Questions.from_file(path).questions
    )


@cache
def labelled_answers() -> tuple[LabelledAnswer, ...]:
    """All labelled answers, both splits, in the order of the file."""
    return _LabelledAnswers.from_file(course_path("datasets", "interview", _LABELLED)).answers


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
        Index ``id`` (str); ``level``, ``role``, ``competency``, ``kind``, ``question``, ``strategy`` (str).

    Examples
    --------
    >>> "biased-model-postmortem" in load_interview_questions().index
    True
    """
    import pandas as pd

    columns = ("id", "level", "role", "competency", "kind", "question", "strategy")
    rows = [{name: str(getattr(question, name)) for name in columns} for question in interview_questions()]
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
