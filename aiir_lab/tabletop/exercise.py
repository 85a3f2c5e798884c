"""An exercise as an instructor writes it: one file for players, one for the facilitator.

``docs/writing_an_exercise.md`` explains both files with a whole example. What players may see lives in
:class:`Exercise`; what only the facilitator may see lives in :class:`Facilitation`.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from aiir_lab.records.base import Line, Record, Slug, Text
from aiir_lab.records.causes import ContributingFactor
from aiir_lab.records.escalation import Role
from aiir_lab.tabletop.condition import Condition

Minutes = float
Level = Literal["easy", "normal", "hard"]


class Objective(Record):
    """What the exercise tests; the facilitator's criteria say when it was met."""

    id: Slug
    text: Line


class RoleCard(Record):
    """A role of the response and what the player in it looks after."""

    role: Role
    brief: Text


class Figure(Record):
    """A number or word read from an observable table at the time of the exercise clock.

    ``count``: rows. ``sum``, ``mean``, ``max``: of ``column``. ``last``: ``column`` of the newest row.
    ``share``: rows that meet ``equals`` by rows that meet ``where``. ``top``: most frequent ``column``.
    """

    table: Slug
    measure: Literal["count", "sum", "mean", "max", "last", "share", "top"]
    column: Slug | None = None
    where: dict[Slug, str | bool | float] = Field(default_factory=dict)
    equals: dict[Slug, str | bool | float] = Field(default_factory=dict)
    last_hours: float | None = Field(default=None, gt=0)
    decimals: int = Field(default=0, ge=0, le=6)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.measure in ("sum", "mean", "max", "last", "top") and not self.column:
            raise ValueError(f"a column for measure {self.measure!r}")
        if self.measure == "share" and not self.equals:
            raise ValueError("equals for measure 'share'")
        return self


class Evidence(Record):
    """A query on one observable table of the world, and the minutes that it costs."""

    name: Slug
    title: Line
    table: Slug
    cost_min: Minutes = Field(ge=0, le=1440)
    what: Line
    last_hours: float | None = Field(default=None, gt=0, description="only rows of the last hours")
    where: dict[Slug, str | bool | float] = Field(default_factory=dict)


class DecisionCard(Record):
    """A decision: which controls of the world it switches on, who may take it, what it costs.

    ``cost_min`` keeps the players busy; ``delay_min`` more minutes pass until the controls work.
    """

    name: Slug
    title: Line
    what: Text
    controls: tuple[Slug, ...] = Field(min_length=1)
    roles: tuple[Role, ...] = Field(min_length=1)
    cost_min: Minutes = Field(ge=0, le=1440)
    delay_min: Minutes = Field(default=0, ge=0, le=20_160)
    changes_system: bool = Field(default=True, description="evidence is lost unless it was kept before")
    switches_off_model: bool = Field(default=False, description="only for roles the matrix names")


class ClockCard(Record):
    """A reporting duty that may have started to run: the players decide whether it applies."""

    name: Slug
    title: Line
    question: Text
    due_hours: float = Field(gt=0, description="from awareness")


class Feed(Record):
    """Rows of a world's table that reach the inbox as they appear: alerts, tickets, complaints."""

    table: Slug
    sender: Line
    channel: Line
    text: Line = Field(description="names of columns in braces")
    where: dict[Slug, str | bool | float] = Field(default_factory=dict)
    at_most_per_day: int = Field(default=4, ge=1, le=50)


class Exercise(Record):
    """The players' file: all of it may be shown to them."""

    id: Slug
    title: Line
    world: Slug
    summary: Line
    minutes: Minutes = Field(gt=0, le=43_200, description="length on the exercise clock")
    size: Slug = "sample"
    situation: Text
    rules: Text
    objectives: tuple[Objective, ...] = Field(min_length=1)
    roles: tuple[RoleCard, ...] = Field(min_length=1)
    figures: dict[Slug, Figure] = Field(default_factory=dict)
    evidence: tuple[Evidence, ...] = Field(min_length=1)
    decisions: tuple[DecisionCard, ...] = Field(min_length=1)
    legal_clocks: tuple[ClockCard, ...] = ()
    feeds: tuple[Feed, ...] = ()


class Inject(Record):
    """One new fact for the players: at a minute, or as soon as a condition holds."""

    id: Slug
    at_min: Minutes | None = Field(default=None, ge=0)
    when: Condition | None = None
    sender: Line
    channel: Line = "chat"
    text: Text
    is_alert: bool = Field(default=False, description="a page that wants to be acknowledged")
    needs_reply: bool = False
    levels: tuple[Level, ...] = ("easy", "normal", "hard")
    expects: Line | None = Field(default=None, description="what the facilitator hopes to see")

    @model_validator(mode="after")
    def _one_trigger(self) -> Self:
        if (self.at_min is None) == (self.when is None):
            raise ValueError("either at_min or when")
        return self


class Reply(Record):
    """What a scripted role answers when it is asked about something; no ``about``: to anything else."""

    about: tuple[Line, ...] = ()
    text: Text


class RoleScript(Record):
    """How a role answers in solo play. An ``absent`` role does not, so its fallback must be told."""

    role: Role
    after_min: Minutes = Field(default=5, ge=0)
    on_escalation: Text
    replies: tuple[Reply, ...] = ()
    is_absent: bool = False


class ExpectedAction(Record):
    """What a trained team does, and by when; the condition says how it is recognised."""

    id: Slug
    what: Line
    objective: Slug
    by_min: Minutes = Field(gt=0)
    when: Condition
    is_critical: bool = Field(default=False, description="without it the objective is not achieved")
    improvement: Line = Field(description="the action to propose where it was missing")
    improvement_metric: Line
    improvement_owner: Role = Role.INCIDENT_COMMANDER
    improvement_days: int = Field(default=30, ge=1, le=365)


class ClockAnswer(Record):
    """The right answer to one legal clock, and why."""

    clock: Slug
    answers: tuple[Literal["report", "does_not_apply", "ask_counsel"], ...] = Field(min_length=1)
    why: Text


class Start(Record):
    """When the exercise begins: hours after the planted onset, drawn between two bounds by the seed."""

    hours_after_onset: dict[Level, tuple[float, float]]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        for level in ("easy", "normal", "hard"):
            if level not in self.hours_after_onset:
                raise ValueError(f"bounds for {level!r} too")
        for level, (low, high) in self.hours_after_onset.items():
            if not 0 <= low <= high:
                raise ValueError(f"0 <= low <= high for {level!r}")
        return self


class Targets(Record):
    """Minutes within which a trained team reaches each mark; four times as long earns nothing."""

    time_to_detect: Minutes = Field(gt=0)
    time_to_escalate: Minutes = Field(gt=0)
    time_to_contain: Minutes = Field(gt=0)
    time_to_first_update: Minutes = Field(gt=0)


class Facilitation(Record):
    """The facilitator's file: event list, scripted roles, expected actions, truth. Never shown to players."""

    exercise: Slug
    truth: Text
    start: Start
    severity_measures: dict[Slug, float | Slug] = Field(
        min_length=1, description="criterion of the severity matrix -> a number or the name of a figure"
    )
    severity_reason: Text
    event_list: tuple[Inject, ...] = Field(min_length=1)
    scripts: tuple[RoleScript, ...] = ()
    expected_actions: tuple[ExpectedAction, ...] = Field(min_length=1)
    clock_answers: tuple[ClockAnswer, ...] = ()
    targets: Targets
    factors: tuple[ContributingFactor, ...] = Field(min_length=1, description="for the post-mortem")
