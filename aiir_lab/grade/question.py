"""A graded question, its criteria, and the verdict on an answer.

A verdict is computed from plain data alone (:mod:`aiir_lab.grade.answers`). So a process that never
ran the learner's code reaches the same verdict as the learner's own kernel did.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter, ValidationError

from aiir_lab.grade.answers import is_untouched
from aiir_lab.grade.probing import Probe
from aiir_lab.records import AiirError
from aiir_lab.records.base import explain

TAKEN_DOWN = "Taken down. This incident is yours alone, so your instructor judges the answer."


@dataclass(frozen=True)
class Criterion:
    """One thing that must hold in an answer.

    Parameters
    ----------
    text : str
        What holds, as the learner reads it.
    holds : callable
        Takes the parsed answer; returns whether it holds, or a text: it does not, and why.
    hint : str
        The next step for a learner whose answer falls short. It does not give the answer away.
    points : float
        What it is worth.
    """

    text: str
    holds: Callable[[Any], bool | str]
    hint: str
    points: float = 1.0


@dataclass(frozen=True)
class Result:
    """How one criterion came out."""

    text: str
    is_held: bool
    points: float
    message: str = ""
    is_hidden: bool = False


@dataclass(frozen=True)
class Verdict:
    """The judgement on one answer: builtin types only.

    ``problem`` is set where the answer could not be judged at all: not attempted, or of another shape.
    """

    question_id: str
    title: str
    points: float
    is_attempted: bool
    results: tuple[Result, ...] = ()
    problem: str = ""

    @property
    def score(self) -> float:
        """0 to ``points``."""
        earned = sum(result.points for result in self.results if result.is_held)
        return float(min(max(round(earned, 6), 0.0), self.points))

    @property
    def is_full(self) -> bool:
        """Whether every point was earned."""
        return self.score >= self.points

    def to_dict(self) -> dict[str, Any]:
        """As JSON data."""
        return asdict(self) | {"score": self.score}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Verdict:
        """Back from :meth:`to_dict`."""
        plain = {name: value for name, value in data.items() if name not in {"score", "results"}}
        return cls(**plain, results=tuple(Result(**result) for result in data["results"]))


@dataclass(frozen=True)
class Question:
    """A question with its criteria.

    Parameters
    ----------
    id : str
        Unique in the course, such as ``b03-time-to-detect``; the part before the first hyphen names the
        lesson.
    title : str
        What is asked, in a few words.
    shape : type
        The type of a well-formed answer; anything that pydantic understands.
    criteria : tuple of Criterion
        What must hold.
    expected : str
        The shape in the learner's words, for the message on a malformed answer.
    probe : Probe, optional
        Asked for is a function: its outputs on the inputs of the probe are the answer.
    hidden : tuple of Criterion
        Criteria that only the instructor has (:mod:`aiir_lab.grade.keys`). They share the points of the
        question with the public ones, so the question is worth what the notebook says.
    evidence : Criterion, optional
        What shows that an answer comes from the data that the learner was given. It is worth nothing itself;
        where it does not hold, no other criterion counts.
    """

    id: str
    title: str
    shape: Any
    criteria: tuple[Criterion, ...]
    expected: str = ""
    probe: Probe | None = None
    hidden: tuple[Criterion, ...] = ()
    evidence: Criterion | None = None

    @cached_property
    def points(self) -> float:
        """The sum over the criteria."""
        return float(sum(criterion.points for criterion in self.criteria))

    def judge(self, data: Any) -> Verdict:
        """Judge plain data against every criterion."""
        answer, problem = self._parse(data)
        if problem is not None:
            return problem
        if self.evidence is not None:
            shown = replace(_apply(self.evidence, answer), points=0.0)
            if not shown.is_held:
                return self._verdict(results=(shown,))
        results = [_apply(criterion, answer) for criterion in self.criteria]
        if self.hidden:
            share = self.points / (self.points + sum(criterion.points for criterion in self.hidden))
            results += [replace(_apply(criterion, answer), is_hidden=True) for criterion in self.hidden]
            results = [replace(result, points=result.points * share) for result in results]
        return self._verdict(results=tuple(results))

    def take_down(self, data: Any) -> Verdict:
        """The verdict where only the instructor knows what is true: whether the answer has its shape."""
        _, problem = self._parse(data)
        return problem or self._verdict(problem=TAKEN_DOWN)

    def refuse(self, problem: str) -> Verdict:
        """The verdict on something that cannot be taken as an answer."""
        return self._verdict(problem=problem)

    def _parse(self, data: Any) -> tuple[Any, Verdict | None]:
        if is_untouched(data):
            return None, self._verdict(is_attempted=False, problem="Not attempted yet.")
        try:
            return TypeAdapter(self.shape).validate_python(data), None
        except ValidationError as error:
            lines = explain(error)
            expected = f"Expected {self.expected}. " if self.expected else ""
            return None, self._verdict(problem=f"{expected}{'; '.join(lines[:3])}.")

    def _verdict(
        self, *, is_attempted: bool = True, results: tuple[Result, ...] = (), problem: str = ""
    ) -> Verdict:
        return Verdict(self.id, self.title, self.points, is_attempted, results, problem)


def _apply(criterion: Criterion, answer: Any) -> Result:
    try:
        outcome = criterion.holds(answer)
    except (AiirError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        # a well-formed answer can still hold something a criterion did not foresee; that costs the point,
        # never the lesson
        outcome = f"This could not be judged: {error}."
    # text is a reason why not; anything else counts by its truth, numpy's own bool included
    if outcome and not isinstance(outcome, str):
        return Result(criterion.text, True, criterion.points)
    reason = f"{outcome} " if isinstance(outcome, str) else ""
    return Result(criterion.text, False, criterion.points, f"{reason}{criterion.hint}".strip())
