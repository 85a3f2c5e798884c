"""The facilitator's view of a session: what comes next, what is hoped for, and the truth."""

from __future__ import annotations

from dataclasses import dataclass

from aiir_lab.records.exercise import ExpectedOutcome
from aiir_lab.tabletop.measuring import list_expected
from aiir_lab.tabletop.session import Session


@dataclass(frozen=True)
class PendingInject:
    """An inject that has not reached the players yet."""

    id: str
    at_min: float | None
    condition: str
    sender: str
    text: str
    expects: str


@dataclass(frozen=True)
class FacilitatorView:
    """What players must not see. Keep it on another screen."""

    truth: str
    onset: str
    mechanism: str
    next_injects: tuple[PendingInject, ...]
    expected: tuple[ExpectedOutcome, ...]
    harm_if_it_stays: str


def facilitate(session: Session) -> FacilitatorView:
    """Look behind the scenes of a session: next injects, expected actions so far, hidden truth, harm as it
    stands if nothing more is decided.

    Examples
    --------
    >>> from aiir_lab.tabletop import start_exercise
    >>> view = facilitate(start_exercise("fraud_poisoning", seed=7))
    >>> len(view.next_injects) > 3
    True
    """
    from aiir_lab.tabletop.case import plan_of

    case, state = session._case, session._state
    pending = [
        PendingInject(
            id=inject.id,
            at_min=inject.at_min,
            condition="" if inject.when is None else str(inject.when.to_dict()),
            sender=inject.sender,
            text=inject.text,
            expects=inject.expects or "",
        )
        for inject in case.facilitation.event_list
        if inject.id not in state.fired and case.difficulty in inject.levels
    ]
    pending.sort(key=lambda item: (item.at_min is None, item.at_min or 0.0))
    return FacilitatorView(
        truth=case.facilitation.truth,
        onset=f"{case.onset_utc:%Y-%m-%d %H:%M} UTC",
        mechanism=case._base.reveal().mechanism,
        next_injects=tuple(pending),
        expected=list_expected(state, case),
        harm_if_it_stays=f"{case.harm(plan_of(state)):,.0f} {case.unit}",
    )
