"""A playbook: who does what in which hour when an incident of one kind happens, and who may decide it.

Times are minutes after detection. A playbook is strategy for a kind of incident; the exact keystrokes belong
in a runbook. That roles, hand-overs and the person who may switch a system off are written down before they
are needed follows NIST AI RMF GOVERN 2.1, MANAGE 2.3 and MANAGE 2.4.
"""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from aiir_lab.records.base import Line, Record, Slug, Text
from aiir_lab.records.errors import NotFoundError
from aiir_lab.records.escalation import Role
from aiir_lab.records.severity import Severity

LATEST_MIN = 90 * 1440
"""No task of a response starts later than this; a regulator's final report is due after a month."""


class PlaybookDecision(Record):
    """A right to decide: which decision, whose it is, who stands in."""

    id: Slug
    what: Line
    role: Role
    fallback: Role | None = Field(default=None, description="who decides when the role does not answer")
    switches_model_off: bool = Field(default=False, description="NIST AI RMF MANAGE 2.4")

    @model_validator(mode="after")
    def _other_fallback(self) -> Self:
        if self.fallback == self.role:
            raise ValueError("a fallback other than the role itself")
        return self


class PlaybookTask(Record):
    """One step: a role begins it ``from_min`` after detection and is done ``by_min``."""

    id: Slug
    role: Role
    from_min: int = Field(ge=0, le=LATEST_MIN, description="minutes after detected_utc")
    by_min: int = Field(ge=1, le=LATEST_MIN, description="minutes after detected_utc")
    what: Line
    depends_on: tuple[Slug, ...] = ()
    hand_over_to: Role | None = None
    template: Text | None = Field(default=None, description="the words to start from")
    decision: Slug | None = Field(default=None, description="the right to decide that it needs")
    controls: tuple[Slug, ...] = Field(
        default=(), description="controls it puts in place, whichever of them the system has"
    )
    keeps_evidence: bool = Field(default=False, description="saves models, data and logs before a change")
    is_update: bool = Field(default=False, description="tells people outside the response what is known")
    answers_clock: Slug | None = Field(default=None, description="the legal clock that it stops")

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.by_min <= self.from_min:
            raise ValueError(f"a by_min after from_min ({self.from_min})")
        if self.id in self.depends_on:
            raise ValueError("tasks other than itself in depends_on")
        return self


class UpdateCadence(Record):
    """How often people outside the response hear something, from detection until it is over."""

    role: Role
    first_by_min: int = Field(ge=1, le=1440, description="minutes after detected_utc")
    every_min: int = Field(ge=1, le=10_080, description="minutes from one update to the next")
    approved_by: Role = Role.INCIDENT_COMMANDER


class Playbook(Record):
    """Who does what in which hour, for one kind of incident.

    Reading checks that the parts belong together: names are unique, every task it depends on and every
    decision it needs exists, nothing waits in a circle. Whether it *holds* is found out by exercising it.

    Examples
    --------
    >>> playbook = Playbook(id="mini", title="Mini", incident_kind="moderation", severity="SEV1", tasks=[
    ...     {"id": "snapshot", "role": "on_call", "from_min": 0, "by_min": 10, "what": "Save the logs"}])
    >>> playbook.task("snapshot").role
    <Role.ON_CALL: 'on_call'>
    """

    id: Slug
    title: Line
    incident_kind: Line
    severity: Severity = Field(description="the level it is written for")
    purpose: Text | None = None
    office_hours: tuple[Role, ...] = Field(
        default=(), description="roles that answer only Monday to Friday, 09:00 to 17:00 UTC"
    )
    legal_clocks: tuple[Slug, ...] = Field(
        default=(), description="clocks that counsel is asked about at once; see lab.legal_clocks()"
    )
    updates: UpdateCadence | None = None
    decisions: tuple[PlaybookDecision, ...] = Field(default=(), max_length=200)
    tasks: tuple[PlaybookTask, ...] = Field(min_length=1, max_length=200)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        for kind, ids in (
            ("task", [task.id for task in self.tasks]),
            ("decision", [decision.id for decision in self.decisions]),
        ):
            twice = sorted({id for id in ids if ids.count(id) > 1})
            if twice:
                raise ValueError(f"each {kind} id once, but {', '.join(map(repr, twice))} stands twice")
        for task in self.tasks:
            try:
                for name in task.depends_on:
                    self.task(name)
                if task.decision is not None:
                    self.decision(task.decision)
            except NotFoundError as error:
                raise ValueError(f"names that exist in task {task.id!r}. {error}") from None
        self.ordered()
        return self

    def task(self, id: str) -> PlaybookTask:
        """Look a task up by its id."""
        for task in self.tasks:
            if task.id == id:
                return task
        raise NotFoundError("task in this playbook", id, [task.id for task in self.tasks])

    def decision(self, id: str) -> PlaybookDecision:
        """Look a right to decide up by its id."""
        for decision in self.decisions:
            if decision.id == id:
                return decision
        raise NotFoundError("decision in this playbook", id, [item.id for item in self.decisions])

    def may_switch_off(self) -> tuple[Role, ...]:
        """Who may switch the model off, stand-ins included; empty where nobody was named."""
        held = [item for item in self.decisions if item.switches_model_off]
        roles = [role for item in held for role in (item.role, item.fallback) if role is not None]
        return tuple(dict.fromkeys(roles))

    def ordered(self) -> tuple[PlaybookTask, ...]:
        """The tasks, each after those that it depends on; otherwise by their planned start."""
        waiting = sorted(self.tasks, key=lambda task: (task.from_min, task.by_min, task.id))
        done: list[PlaybookTask] = []
        while waiting:
            ids = {task.id for task in done}
            ready = next((task for task in waiting if set(task.depends_on) <= ids), None)
            if ready is None:
                circle = ", ".join(repr(task.id) for task in waiting)
                raise ValueError(f"tasks that can start, but these wait for one another: {circle}")
            waiting.remove(ready)
            done.append(ready)
        return tuple(done)
