"""Whether a condition holds at a minute of a session."""

from __future__ import annotations

from collections.abc import Iterator

from aiir_lab.tabletop.case import Case, plan_of
from aiir_lab.tabletop.condition import Condition, FigureBound
from aiir_lab.tabletop.state import State

GRID_MIN = 5.0  # conditions are looked at every five minutes, however the clock is moved


def holds(condition: Condition, state: State, case: Case, minute: float) -> bool:
    """Whether a condition holds at a minute, by what had happened until then."""
    if condition.for_min:
        rest = condition.model_copy(update={"for_min": 0})
        first = minute - condition.for_min
        if first < 0:
            return False
        steps = int(condition.for_min // GRID_MIN)
        return all(holds(rest, state, case, first + GRID_MIN * step) for step in range(steps + 1)) and holds(
            rest, state, case, minute
        )
    return all(_parts(condition, state, case, minute))


def _parts(condition: Condition, state: State, case: Case, minute: float) -> Iterator[bool]:
    """Each part that the condition gives, one truth value each; cheap parts first."""
    c = condition
    if c.after_min is not None:
        yield minute >= c.after_min
    if c.acknowledged is not None:
        yield any(at <= minute for at in state.acknowledged.values()) is c.acknowledged
    if c.severity_at_least is not None:
        yield any(s.severity.is_at_least(c.severity_at_least) for s in state.severities if s.at_min <= minute)
    for role in c.escalated:
        yield any(told.role == role and told.at_min <= minute for told in state.told)
    for name in c.looked_at:
        yield any(look.name == name and look.at_min <= minute for look in state.looks)
    for name in c.kept:
        yield any(look.name == name and look.is_kept and look.at_min <= minute for look in state.looks)
    for name in c.decided:
        yield any(taken.name == name and taken.at_min <= minute for taken in state.decisions)
    for name in c.working:
        yield any(taken.name == name and taken.works_min <= minute for taken in state.decisions)
    posted = [update for update in state.updates if update.at_min <= minute]
    if c.updates_at_least is not None:
        yield len(posted) >= c.updates_at_least
    if c.update_stage is not None:
        yield any(update.stage == c.update_stage for update in posted)
    if c.minutes_without_update is not None:
        yield minute - (posted[-1].at_min if posted else 0.0) >= c.minutes_without_update
    for role in c.asked:
        yield any(said.to == role and said.at_min <= minute for said in state.said)
    for name in c.replied_to:
        yield state.acknowledged.get(name, float("inf")) <= minute
    for name in c.legal_decided:
        yield any(choice.name == name and choice.at_min <= minute for choice in state.legal)
    if c.noted is not None:
        yield any(note.at_min <= minute for note in state.notes) is c.noted
    if c.any:
        yield any(holds(part, state, case, minute) for part in c.any)
    for part in c.none_of:
        yield not holds(part, state, case, minute)
    if c.figure is not None:
        yield _reaches(case.figure(c.figure.name, plan_of(state), minute), c.figure)


def _reaches(value: float | str | None, bound: FigureBound) -> bool:
    if not isinstance(value, int | float):
        return False
    return (bound.at_least is None or value >= bound.at_least) and (
        bound.at_most is None or value <= bound.at_most
    )
