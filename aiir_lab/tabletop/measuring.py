"""What a finished session amounts to in figures: harm, times, and which expected actions were done when."""

from __future__ import annotations

from dataclasses import replace

from aiir_lab.records.exercise import Decision, ExerciseHarm, ExpectedOutcome, Interval, PlannedDecision
from aiir_lab.records.severity import Severity
from aiir_lab.tabletop.case import Case, plan_of
from aiir_lab.tabletop.duties import TIGHT_MIN, update_due
from aiir_lab.tabletop.judging import GRID_MIN, holds
from aiir_lab.tabletop.plans import find_best_plan
from aiir_lab.tabletop.state import State, Taken

CONTAINS = 0.1  # a decision that alone avoids a tenth of what could be avoided counts as containment


def measure_harm(state: State, case: Case) -> ExerciseHarm:
    """Harm as played, without response, and under the best plan: the one found, or the players' own."""
    best = find_best_plan(case)
    own = case.harm(plan_of(state))
    steps, harm = best.steps, best.harm
    if own < harm:
        steps, harm = tuple((taken.name, taken.works_min) for taken in state.decisions), own
    return ExerciseHarm(
        unit=case.unit,
        amount=own,
        no_response=case.harm({}),
        best=harm,
        best_plan=tuple(PlannedDecision(name=name, at_min=works) for name, works in steps),
        plans_tried=best.plans_tried,
    )


def list_decisions(state: State, case: Case) -> tuple[Decision, ...]:
    """The decisions, each with the harm that it avoided within the plan."""
    titles = {card.name: card.title for card in case.exercise.decisions}
    played = case.harm(plan_of(state))
    return tuple(
        Decision(
            name=taken.name,
            title=titles[taken.name],
            at_utc=case.at(taken.at_min),
            at_min=taken.at_min,
            role=taken.role,
            rationale=taken.rationale or None,
            controls=taken.controls,
            effective_utc=case.at(taken.works_min),
            cost_min=taken.cost_min,
            harm_avoided=round(case.harm(plan_of(_without(state, taken))) - played, 2),
        )
        for taken in state.decisions
    )


def _without(state: State, taken: Taken) -> State:
    return replace(state, decisions=tuple(other for other in state.decisions if other is not taken))


def find_containment(state: State, case: Case, harm: ExerciseHarm) -> Taken | None:
    """The first decision that, once it works, alone avoids a tenth of the avoidable harm."""
    bar = CONTAINS * (harm.no_response - harm.best)
    if bar <= 0:
        return None
    for taken in sorted(state.decisions, key=lambda item: item.works_min):
        alone = case.harm(dict.fromkeys(taken.controls, taken.works_min))
        if harm.no_response - alone >= bar:
            return taken
    return None


def measure_times(state: State, contained: Taken | None) -> tuple[Interval, ...]:
    """The four times of a response, each naming its pair of marks."""
    alert = min((letter.at_min for letter in state.inbox if letter.is_alert), default=0.0)
    told = min((item.at_min for item in state.told), default=None)
    update = state.updates[0].at_min if state.updates else None
    ends = {
        "time_to_detect": ("alert acknowledged", state.detected_min),
        "time_to_escalate": ("first role told", told),
        "time_to_first_update": ("first status update", update),
        "time_to_contain": ("first decision that contains works", contained.works_min if contained else None),
    }
    return tuple(
        Interval(
            name=name,
            from_mark="first alert",
            to_mark=mark,
            minutes=None if at is None else round(at - alert, 2),
        )
        for name, (mark, at) in ends.items()
    )


def list_expected(state: State, case: Case) -> tuple[ExpectedOutcome, ...]:
    """Every expected action, and the first minute by which it was done."""
    end = state.finished_min if state.finished_min is not None else state.minute
    return tuple(
        ExpectedOutcome(
            name=action.id,
            what=action.what,
            objective=action.objective,
            by_min=action.by_min,
            is_critical=action.is_critical,
            done_min=_first_minute(state, case, action.when, end),
        )
        for action in case.facilitation.expected_actions
    )


def _first_minute(state: State, case: Case, when: object, end: float) -> float | None:
    from aiir_lab.tabletop.condition import Condition

    assert isinstance(when, Condition)
    moments = sorted({0.0, *_moments(state), *(GRID_MIN * step for step in range(int(end // GRID_MIN) + 1))})
    if when.figure is not None or when.any or when.none_of or when.for_min or when.after_min:
        return next((at for at in moments if at <= end and holds(when, state, case, at)), None)
    return next((at for at in sorted(_moments(state)) if holds(when, state, case, at)), None)


def _moments(state: State) -> set[float]:
    return {
        *state.acknowledged.values(),
        *(item.at_min for item in state.severities),
        *(item.at_min for item in state.told),
        *(item.at_min for item in state.looks),
        *(item.at_min for item in state.decisions),
        *(item.works_min for item in state.decisions),
        *(item.at_min for item in state.updates),
        *(item.at_min for item in state.said),
        *(item.at_min for item in state.notes),
        *(item.at_min for item in state.legal),
    }


def missed_updates(state: State, case: Case, expected: Severity) -> list[float]:
    """Minutes at which a status update was due and none had come since the one before."""
    end = state.finished_min if state.finished_min is not None else state.minute
    missed: list[float] = []
    for count in range(len(state.updates) + 1):
        before = replace(state, updates=state.updates[:count])
        due = update_due(before, case.matrix, severity=expected)
        until = state.updates[count].at_min if count < len(state.updates) else end
        every = case.matrix.update_every_min.get(state.severity or expected, int(TIGHT_MIN))
        opened = state.severities[0].at_min if state.severities else 0.0
        while due is not None and due < until:
            missed.append(due)
            # beat by beat in the first two hours, then once for each promise that was not kept
            due = due + every if due + every <= opened + TIGHT_MIN else None
    return missed
