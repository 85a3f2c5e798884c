"""How the tasks of a playbook really go: one thing at a time for each role, nobody before they are there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from aiir_lab.records.escalation import Role
from aiir_lab.records.playbook import Playbook, PlaybookTask

OPENS, CLOSES = 9, 17
"""Office hours, UTC, Monday to Friday: the ones that the record promises."""


@dataclass(frozen=True)
class PlayedTask:
    """A task as it went.

    Parameters
    ----------
    task : PlaybookTask
    start_min, end_min : float
        Minutes after detection.
    decided_by : Role or None
        Who took the decision that it needs; None where it needs none, or nobody may take it.
    waited_for : str
        What held it up longest beyond its planned start; empty where nothing did.
    """

    task: PlaybookTask
    start_min: float
    end_min: float
    decided_by: Role | None
    waited_for: str

    @property
    def late_min(self) -> float:
        """Minutes by which it ends after its plan."""
        return self.end_min - self.task.by_min


def play(playbook: Playbook, detected_utc: datetime) -> tuple[PlayedTask, ...]:
    """Play all tasks: each waits for its prerequisites, its role, and whoever may decide.

    Returns
    -------
    tuple of PlayedTask
        In an order in which each stands after those that it depends on.
    """
    played: dict[str, PlayedTask] = {}
    is_free: dict[Role, float] = {}
    for task in playbook.ordered():
        waits = {"": float(task.from_min)}
        for name in task.depends_on:
            waits[f"task {name!r}"] = played[name].end_min
        waits[f"{task.role.value}, who is at another task"] = is_free.get(task.role, 0.0)
        start, reason = _latest(waits)
        there = _reachable(task.role, playbook, detected_utc, start)
        if there > start:
            start, reason = there, f"{task.role.value}, who answers in office hours"
        decider, at = _decider(task, playbook, detected_utc, start)
        if at > start and decider is not None:
            start, reason = at, f"{decider.value}, who decides and answers in office hours"
        end = start + task.by_min - task.from_min
        is_free[task.role] = end
        played[task.id] = PlayedTask(task, start, end, decider, reason)
    return tuple(played.values())


def _latest(waits: dict[str, float]) -> tuple[float, str]:
    # the plan comes first in the dict, so it wins a tie: what begins as planned has waited for nothing
    reason = max(waits, key=lambda name: waits[name])
    return waits[reason], reason


def _decider(
    task: PlaybookTask, playbook: Playbook, detected_utc: datetime, start_min: float
) -> tuple[Role | None, float]:
    """Who decides, the role before its stand-in, and when the earlier of both can."""
    if task.decision is None:
        return None, start_min
    right = playbook.decision(task.decision)
    roles = [role for role in (right.role, right.fallback) if role is not None]
    times = {role: _reachable(role, playbook, detected_utc, start_min) for role in roles}
    first = min(roles, key=lambda role: times[role])
    return first, times[first]


def _reachable(role: Role, playbook: Playbook, detected_utc: datetime, start_min: float) -> float:
    """The first minute from ``start_min`` on at which the role answers."""
    if role not in playbook.office_hours:
        return start_min
    at = detected_utc + timedelta(minutes=start_min)
    if at.weekday() < 5 and OPENS <= at.hour < CLOSES:
        return start_min
    opens = at.replace(hour=OPENS, minute=0, second=0, microsecond=0)
    while opens < at or opens.weekday() >= 5:
        opens += timedelta(days=1)
    return (opens - detected_utc).total_seconds() / 60
