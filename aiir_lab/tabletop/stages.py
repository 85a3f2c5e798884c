"""The stages of a response, and when each is done."""

from __future__ import annotations

from aiir_lab.records.communication import Stage
from aiir_lab.tabletop.case import Case
from aiir_lab.tabletop.duties import escalations_due, update_due
from aiir_lab.tabletop.state import State

STAGES = (
    "monitoring alert",
    "triage and severity",
    "escalation",
    "investigation",
    "containment",
    "communication",
    "legal clock",
    "recovery",
    "hot wash",
)


def stages_done(state: State, case: Case) -> dict[str, bool]:
    """Stage -> done, in order. An exercise without legal clocks has no such stage."""
    dues = escalations_due(state, case.matrix)
    next_update = update_due(state, case.matrix)
    contained = any(taken.works_min <= state.minute for taken in state.decisions)
    recovered = any(update.stage in (Stage.MONITORING, Stage.RESOLVED) for update in state.updates)
    done = {
        "monitoring alert": state.detected_min is not None,
        "triage and severity": state.severity is not None,
        "escalation": bool(dues) and all(due.told_min is not None for due in dues),
        "investigation": len({look.name for look in state.looks}) >= 2,
        "containment": contained,
        "communication": bool(state.updates) and (next_update is None or state.minute <= next_update),
        "legal clock": {card.name for card in case.exercise.legal_clocks}
        <= {choice.name for choice in state.legal},
        "recovery": contained and recovered,
        "hot wash": state.hot_wash is not None,
    }
    if not case.exercise.legal_clocks:
        del done["legal clock"]
    return done
