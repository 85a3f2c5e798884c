"""What came of a tabletop exercise: decisions, communication, times, harm, ratings, improvement plan.

The tabletop room writes this record from a session's log; interview, view and widgets read it. Minutes
(``at_min``) count on the exercise clock from its start; ``None`` says that something did not happen.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from aiir_lab.records.actions import ActionItem
from aiir_lab.records.base import Line, Record, Slug, Text, UtcDatetime
from aiir_lab.records.causes import ContributingFactor
from aiir_lab.records.communication import Stage
from aiir_lab.records.escalation import Role
from aiir_lab.records.postmortem import LegalClock
from aiir_lab.records.severity import Severity
from aiir_lab.records.timeline import Timeline


class Rating(StrEnum):
    """How an objective was performed, by the four ratings of HSEEP evaluation."""

    P = "P"
    S = "S"
    M = "M"
    U = "U"

    @property
    def words(self) -> str:
        """The rating written out."""
        return {
            "P": "performed without challenges",
            "S": "performed with some challenges",
            "M": "performed with major challenges",
            "U": "unable to be performed",
        }[self.value]


class Decision(Record):
    """One decision of the players, and what it was worth.

    ``harm_avoided`` is measured: the harm of the same plan without this decision, less the harm with it, in
    the unit of :class:`ExerciseHarm`. ``rationale`` is ``None`` where none was given.
    """

    name: Slug
    title: Line
    at_utc: UtcDatetime
    at_min: float = Field(ge=0)
    role: Role
    rationale: Text | None = None
    controls: tuple[Slug, ...] = Field(default=(), description="controls of the world that it switched on")
    effective_utc: UtcDatetime | None = Field(default=None, description="when the controls began to work")
    cost_min: float = Field(default=0, ge=0)
    harm_avoided: float | None = None


class Remark(Record):
    """What a reviewer said about one stretch of a text; an empty ``quote`` is about something missing."""

    kind: Slug
    quote: str = ""
    message: Text
    suggestion: Text


class SentUpdate(Record):
    """One status update that the players posted, with its review and its punctuality."""

    stage: Stage
    text: Text
    at_utc: UtcDatetime
    at_min: float = Field(ge=0)
    next_update_min: float | None = Field(default=None, description="minute promised for the next one")
    due_min: float | None = Field(default=None, description="minute by which this one was due")
    late_min: float = Field(default=0, ge=0)
    problems: tuple[Remark, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the reviewer had nothing to object."""
        return not self.problems


class SentMessage(Record):
    """One message between roles, or from outside; scripted roles answer with figures of the world."""

    sender: Line
    to: Line
    channel: Line = "chat"
    text: Text
    at_utc: UtcDatetime
    at_min: float = Field(ge=0)
    is_scripted: bool = False
    problems: tuple[Remark, ...] = ()


class Escalation(Record):
    """One row of the escalation matrix, or a role told beyond it (then ``due_min`` is ``None``)."""

    role: Role
    due_min: float | None = None
    done_min: float | None = None
    told: Role | None = Field(default=None, description="who was told: the role or its fallback")

    @property
    def is_late(self) -> bool:
        """Whether it was due and came late or not at all."""
        return self.due_min is not None and (self.done_min is None or self.done_min > self.due_min)


class EvidenceLook(Record):
    """One look at evidence, and the minutes that it cost."""

    name: Slug
    title: Line
    at_utc: UtcDatetime
    at_min: float = Field(ge=0)
    cost_min: float = Field(ge=0)
    rows: int = Field(ge=0)
    is_snapshot: bool = Field(default=False, description="kept for analysis, not only looked at")


class Interval(Record):
    """Minutes between two named marks of the exercise; ``None`` where one of them did not happen."""

    name: Slug
    from_mark: Line
    to_mark: Line
    minutes: float | None = None

    @property
    def pair(self) -> str:
        """The pair it comes from, such as ``first alert -> severity declared``."""
        return f"{self.from_mark} -> {self.to_mark}"


class PlannedDecision(Record):
    """A decision of a plan, and the minute at which it takes effect."""

    name: Slug
    at_min: float = Field(ge=0)


class ExerciseHarm(Record):
    """Harm of the run as it was played, measured by replay against doing nothing and the best plan.

    Each amount is harm to the end of the world's clock, in ``unit``. ``share_avoided`` is ``avoided`` over
    what the best plan found would have avoided: 0 for doing nothing, 1 for the best plan, below 0 where the
    decisions made it worse; ``None`` where no plan avoids anything.
    """

    unit: Line
    amount: float
    no_response: float
    best: float
    best_plan: tuple[PlannedDecision, ...] = ()
    plans_tried: int = Field(default=0, ge=0)

    @property
    def avoided(self) -> float:
        """Harm of doing nothing less the harm of this run."""
        return self.no_response - self.amount

    @property
    def share_avoided(self) -> float | None:
        """Share of the avoidable harm that was avoided."""
        avoidable = self.no_response - self.best
        return self.avoided / avoidable if avoidable > 0 else None


class ObjectiveRating(Record):
    """One objective of the exercise, its rating and why."""

    objective: Slug
    text: Line
    rating: Rating
    reason: Text


class ExpectedOutcome(Record):
    """What a trained team does, by when, and when it was done here."""

    name: Slug
    what: Line
    objective: Slug
    by_min: float
    done_min: float | None = None
    is_critical: bool = False

    @property
    def is_on_time(self) -> bool:
        """Whether it was done by its minute."""
        return self.done_min is not None and self.done_min <= self.by_min


class Score(Record):
    """One side of the response, its points and why."""

    name: Slug
    title: Line
    points: float = Field(ge=0)
    possible: float = Field(gt=0)
    reason: Text

    @model_validator(mode="after")
    def _within(self) -> Self:
        if self.points > self.possible:
            raise ValueError("points that do not exceed what is possible")
        return self


class AfterAction(Record):
    """The after-action report of one session, as data.

    ``roles`` says who played each role: a player's name, or ``script``.
    """

    exercise: Slug
    title: Line
    world: Slug
    seed: int
    difficulty: Line
    company: Line
    mode: Line = "solo"
    start_utc: UtcDatetime
    end_utc: UtcDatetime
    is_finished: bool = True
    roles: dict[Role, Line] = Field(default_factory=dict)
    severity: Severity | None = None
    severity_min: float | None = None
    severity_reason: Text | None = None
    expected_severity: Severity | None = Field(default=None, description="what the matrix makes of the facts")
    timeline: Timeline = Timeline()
    decisions: tuple[Decision, ...] = ()
    updates: tuple[SentUpdate, ...] = ()
    missed_update_min: tuple[float, ...] = Field(default=(), description="when an update was due, none came")
    messages: tuple[SentMessage, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    evidence: tuple[EvidenceLook, ...] = ()
    notes: tuple[Text, ...] = Field(default=(), description="notes and hypotheses, in order")
    legal_clocks: tuple[LegalClock, ...] = ()
    metrics: tuple[Interval, ...] = ()
    harm: ExerciseHarm
    onset_utc: UtcDatetime | None = Field(default=None, description="planted; known after the end only")
    truth: Text | None = Field(default=None, description="what happened, as the facilitator knows it")
    cohorts: tuple[Line, ...] = Field(default=(), description="groups that bore the harm")
    factors: tuple[ContributingFactor, ...] = ()
    expected: tuple[ExpectedOutcome, ...] = ()
    scores: tuple[Score, ...] = ()
    objectives: tuple[ObjectiveRating, ...] = ()
    strengths: tuple[Text, ...] = ()
    areas_for_improvement: tuple[Text, ...] = ()
    improvement_plan: tuple[ActionItem, ...] = ()
    log_head: str | None = Field(default=None, description="hash of the last line of the log")

    @property
    def points(self) -> float:
        """Points over all scores."""
        return sum(score.points for score in self.scores)

    @property
    def possible(self) -> float:
        """Points that were possible."""
        return sum(score.possible for score in self.scores)

    def metric(self, name: str) -> Interval:
        """One interval by its name: ``time_to_detect``, ``_escalate``, ``_contain``, ``_first_update``."""
        from aiir_lab.records.errors import NotFoundError

        for interval in self.metrics:
            if interval.name == name:
                return interval
        raise NotFoundError("metric", name, [interval.name for interval in self.metrics])
