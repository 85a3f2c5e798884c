"""Who may decide what: roles on the exercise, roles that have been told, who may switch the model off."""

from __future__ import annotations

from aiir_lab.records.errors import AiirError, NotFoundError
from aiir_lab.records.escalation import Role
from aiir_lab.tabletop.case import Case
from aiir_lab.tabletop.exercise import DecisionCard
from aiir_lab.tabletop.state import State


def read_role(name: object, case: Case) -> Role:
    """A role of this exercise, or one that the escalation matrix names.

    Raises
    ------
    NotFoundError
        There is no such role here.
    """
    known = dict.fromkeys(card.role.value for card in case.exercise.roles)
    for step in case.matrix.steps:
        known |= dict.fromkeys((step.role.value, step.fallback.value))
    value = str(getattr(name, "value", name))
    if value not in known:
        raise NotFoundError("role", value, list(known))
    return Role(value)


def may_decide(card: DecisionCard, state: State, case: Case) -> tuple[Role, ...]:
    """Roles that could take this decision now."""
    present = [role for role in card.roles if _is_present(role, state)]
    if card.switches_off_model:
        allowed = case.matrix.may_switch_off(state.severity) if state.severity else ()
        present = [role for role in present if role in allowed]
    return tuple(present)


def why_not(card: DecisionCard, state: State, case: Case) -> str:
    """Why a decision cannot be taken now; empty where it can."""
    taken = state.decided_min(card.name)
    if taken is not None:
        return f"decided at minute {taken:g}"
    if may_decide(card, state, case):
        return ""
    if card.switches_off_model and state.severity is None:
        return "declare the severity first: who may switch the model off depends on it"
    if card.switches_off_model:
        allowed = [r.value for r in case.matrix.may_switch_off(state.severity or "") if r in card.roles]
        if not allowed:
            return f"nobody on this exercise may switch the model off at {state.severity}"
        return f"only {', '.join(allowed)} may switch the model off at {state.severity}; escalate first"
    return f"needs {' or '.join(role.value for role in card.roles)}; escalate to one of them first"


def acting_role(card: DecisionCard, state: State, case: Case, *, asked: object = None) -> Role:
    """The role that takes a decision.

    Raises
    ------
    AiirError
        Nobody who may take it has been told yet.
    """
    able = may_decide(card, state, case)
    if asked is not None:
        role = read_role(asked, case)
        if role not in able:
            reason = why_not(card, state, case) or f"{role.value} may not, {', '.join(able)} may"
            raise AiirError(f"decide: {card.name!r} cannot be decided by {role.value}: {reason}.")
        return role
    if not able:
        raise AiirError(f"decide: {card.name!r} cannot be decided now: {why_not(card, state, case)}.")
    return state.role if state.role in able else able[0]


def _is_present(role: Role, state: State) -> bool:
    return role in (state.role, Role.ON_CALL) or state.told_min(role) is not None
