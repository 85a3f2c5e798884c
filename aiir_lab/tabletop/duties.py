"""What the escalation matrix asks of a session: who is due when, and when the next update is due."""

from __future__ import annotations

from dataclasses import dataclass

from aiir_lab.records.communication import Stage
from aiir_lab.records.escalation import EscalationMatrix, Role
from aiir_lab.records.severity import Severity
from aiir_lab.tabletop.state import State

# The matrix's rhythm holds for two hours; afterwards, and once the spread is contained, the time that the
# last update promised counts (PagerDuty's incident response guide), but never more than a day.
TIGHT_MIN = 120.0
LONGEST_PROMISE_MIN = 1440.0


@dataclass(frozen=True)
class Due:
    """A role that must hear of it, its deadline, and when it, or its fallback, was told."""

    role: Role
    fallback: Role
    due_min: float
    told_min: float | None
    told: Role | None


def escalations_due(state: State, matrix: EscalationMatrix, *, severity: Severity | None = None) -> list[Due]:
    """The escalations that the declared severities ask for, in order of their deadline.

    Minutes count from detection for the severity declared first, and from the declaration for a later one.
    ``severity`` stands in where none was declared.
    """
    bases: list[tuple[Severity, float]] = []
    for number, declared in enumerate(state.severities):
        first = state.detected_min if state.detected_min is not None else declared.at_min
        bases.append((declared.severity, first if number == 0 else declared.at_min))
    if not bases and severity is not None:
        bases.append((severity, state.detected_min or 0.0))
    deadlines: dict[Role, tuple[float, Role]] = {}
    for level, base in bases:
        for step in matrix.for_severity(level):
            due = base + step.within_min
            if step.role not in deadlines or due < deadlines[step.role][0]:
                deadlines[step.role] = (due, step.fallback)
    dues = []
    for role, (due, fallback) in deadlines.items():
        told_role, told_min = _told(state, role, fallback)
        dues.append(Due(role, fallback, due, told_min, told_role))
    return sorted(dues, key=lambda item: (item.due_min, item.role.value))


def _told(state: State, role: Role, fallback: Role) -> tuple[Role | None, float | None]:
    if role is Role.ON_CALL:
        return role, state.detected_min  # the players start as on-call: detection tells them
    known = [(minute, who) for who in (role, fallback) if (minute := state.told_min(who)) is not None]
    minute, who = min(known, default=(None, None))
    return who, minute


def update_due(state: State, matrix: EscalationMatrix, *, severity: Severity | None = None) -> float | None:
    """The minute by which the next status update is due; ``None`` before a severity and after resolution."""
    level = state.severity or severity
    if level is None:
        return None
    every = float(matrix.update_every_min.get(level, LONGEST_PROMISE_MIN))
    if not state.updates:
        base = state.severities[0].at_min if state.severities else (state.detected_min or 0.0)
        return base + every
    last = state.updates[-1]
    if last.stage == Stage.RESOLVED:
        return None
    opened = state.severities[0].at_min if state.severities else state.updates[0].at_min
    contained = any(taken.works_min <= last.at_min for taken in state.decisions)
    if last.next_min is not None and (last.at_min - opened >= TIGHT_MIN or contained):
        return min(last.next_min, last.at_min + LONGEST_PROMISE_MIN)
    return min(last.at_min + every, last.next_min or float("inf"))
