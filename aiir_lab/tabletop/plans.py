"""The best plan that could have been reached: found by search over replays of the exercise's decisions."""

from __future__ import annotations

from dataclasses import dataclass

from aiir_lab.records.escalation import Role
from aiir_lab.tabletop.acting import COST_MIN
from aiir_lab.tabletop.case import Case
from aiir_lab.tabletop.exercise import DecisionCard

MAX_PLANS = 45  # replays of one search; eight decisions need about thirty
_FOUND: dict[tuple[str, int, str], BestPlan] = {}


@dataclass(frozen=True)
class BestPlan:
    """Decisions in order, each with the minute from which it works, and the harm under them."""

    steps: tuple[tuple[str, float], ...]
    harm: float
    plans_tried: int


def find_best_plan(case: Case) -> BestPlan:
    """Search the plans that a team could reach, each decision as early as its role and its minutes allow.

    The search is greedy: it adds the decision that lowers the harm most, until none does, and also tries all
    decisions together. It is the best plan found, not a proof that none is better. Found once per case.
    """
    key = (case.digest, case.seed, case.difficulty)
    if key not in _FOUND:
        _FOUND[key] = _search(case)
    return _FOUND[key]


def _search(case: Case) -> BestPlan:
    cards = {card.name: card for card in case.exercise.decisions}
    best: tuple[str, ...] = ()
    best_harm, tried = case.harm({}), 1
    while len(best) < len(cards) and best_harm > 0:
        options = [(*best, name) for name in cards if name not in best]
        options = [option for option in options if reach(option, case) is not None][: MAX_PLANS - tried]
        harms = [(case.harm(controls_of(option, case)), option) for option in options]
        tried += len(harms)
        if not harms or min(harms)[0] >= best_harm:
            break
        best_harm, best = min(harms)
    everything = tuple(name for name in cards if reach((name,), case) is not None)
    harm = case.harm(controls_of(everything, case))
    if harm < best_harm:
        best_harm, best = harm, everything
    return BestPlan(tuple(reach(best, case) or ()), best_harm, tried + 1)


def reach(names: tuple[str, ...], case: Case) -> list[tuple[str, float]] | None:
    """Each decision with the earliest minute at which it can work, taken in this order.

    The alert is acknowledged and the severity declared first; a role that must decide is told when it is
    needed. ``None`` where one of them can be taken by nobody.
    """
    cards = {card.name: card for card in case.exercise.decisions}
    minute = COST_MIN["acknowledge"] + COST_MIN["declare_severity"]
    told = {Role.ON_CALL}
    steps = []
    for name in names:
        roles = _able(cards[name], case)
        if not roles:
            return None
        if not told & set(roles):
            minute += COST_MIN["escalate"]
            told.add(roles[0])
        minute += cards[name].cost_min
        steps.append((name, minute + cards[name].delay_min))
    return steps


def controls_of(names: tuple[str, ...], case: Case) -> dict[str, float]:
    """The plan of controls that decisions taken in this order, as early as possible, amount to."""
    cards = {card.name: card for card in case.exercise.decisions}
    plan: dict[str, float] = {}
    for name, works in reach(names, case) or ():
        for control in cards[name].controls:
            plan[control] = min(works, plan.get(control, works))
    return plan


def _able(card: DecisionCard, case: Case) -> list[Role]:
    absent = {script.role for script in case.facilitation.scripts if script.is_absent}
    roles = [role for role in card.roles if role not in absent]
    if card.switches_off_model:
        allowed = case.matrix.may_switch_off(case.severity({}, 0.0).severity)
        roles = [role for role in roles if role in allowed]
    return roles
