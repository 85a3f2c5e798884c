"""Where a playbook breaks: rules that look at the plan, at how it went, and at what the world knows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from aiir_lab.catalog import load_escalation_matrix, load_legal_rules
from aiir_lab.records.playbook import Playbook
from aiir_lab.review.finding import Finding
from aiir_lab.review.playbook.schedule import PlayedTask

BREAK_KINDS = (
    "nobody_may_switch_off",
    "nobody_stands_in",
    "decider_not_reached",
    "prerequisite_later",
    "role_overloaded",
    "evidence_not_kept",
    "unknown_control",
    "update_gap",
    "clock_unanswered",
    "clock_missed",
)


def find_breaks(
    playbook: Playbook, played: Sequence[PlayedTask], controls: Sequence[str], clocks: Sequence[str]
) -> tuple[Finding, ...]:
    """All breaks, those that decide about harm first.

    Parameters
    ----------
    playbook : Playbook
    played : sequence of PlayedTask
        How it went.
    controls : sequence of str
        Controls that the world knows.
    clocks : sequence of str
        Ids of the legal clocks that counsel takes to run.
    """
    return (
        *_decisions(playbook, played),
        *_order(playbook),
        *_overload(playbook),
        *_evidence(played, controls),
        *_controls(playbook, controls),
        *_updates(playbook, played),
        *_clocks(played, clocks),
    )


def _break(kind: str, field: str, message: str, suggestion: str) -> Finding:
    return Finding(0, 0, kind, message, suggestion, rule=f"playbook.{kind}", field=field)


def _decisions(playbook: Playbook, played: Sequence[PlayedTask]) -> list[Finding]:
    found = []
    if not playbook.may_switch_off():
        found.append(
            _break(
                "nobody_may_switch_off",
                "decisions",
                "No decision says who may switch the model off (NIST AI RMF MANAGE 2.4).",
                "Add one with switches_model_off: true, a role that is awake, and a stand-in.",
            )
        )
    for right in playbook.decisions:
        if right.fallback is None:
            found.append(
                _break(
                    "nobody_stands_in",
                    right.id,
                    f"When {right.role.value} does not answer, nobody may take the decision {right.id!r}.",
                    "Name a fallback.",
                )
            )
    for item in played:
        if "who decides" in item.waited_for:
            found.append(
                _break(
                    "decider_not_reached",
                    item.task.id,
                    f"The decision {item.task.decision!r} waits until {item.start_min / 60:.1f} hours "
                    "after detection, when somebody who may take it is at work.",
                    "Give it to a role on call, or let one stand in.",
                )
            )
    return found


def _order(playbook: Playbook) -> list[Finding]:
    return [
        _break(
            "prerequisite_later",
            task.id,
            f"It is planned from minute {task.from_min}, but {name!r}, which it needs, ends at minute "
            f"{playbook.task(name).by_min}.",
            "Start it later, do the prerequisite earlier, or drop the dependency.",
        )
        for task in playbook.tasks
        for name in task.depends_on
        if playbook.task(name).by_min > task.from_min
    ]


def _overload(playbook: Playbook) -> list[Finding]:
    return [
        _break(
            "role_overloaded",
            second.id,
            f"{first.role.value} is planned at two tasks at once: {first.id!r} (minutes {first.from_min} to "
            f"{first.by_min}) and {second.id!r} ({second.from_min} to {second.by_min}).",
            "Give one of them to another role, or move it.",
        )
        for first, second in combinations(playbook.ordered(), 2)
        if first.role == second.role and first.from_min < second.by_min and second.from_min < first.by_min
    ]


def _evidence(played: Sequence[PlayedTask], controls: Sequence[str]) -> list[Finding]:
    kept = [item.end_min for item in played if item.task.keeps_evidence]
    changes = [item for item in played if set(item.task.controls) & set(controls)]
    if not changes:
        return []
    first = min(changes, key=lambda item: item.start_min)
    if kept and min(kept) <= first.start_min:
        return []
    missing = f"before evidence is kept at minute {min(kept):.0f}" if kept else "and no task keeps evidence"
    return [
        _break(
            "evidence_not_kept",
            first.task.id,
            f"It changes the system at minute {first.start_min:.0f}, {missing}.",
            "Save model, data and logs first; EU AI Act Art. 73(6) asks for it where Article 73 applies.",
        )
    ]


def _controls(playbook: Playbook, controls: Sequence[str]) -> list[Finding]:
    return [
        _break(
            "unknown_control",
            task.id,
            f"This system has none of {', '.join(map(repr, task.controls))}, so the task changes nothing.",
            f"Add what it has: {', '.join(controls)}.",
        )
        for task in playbook.tasks
        if task.controls and not set(task.controls) & set(controls)
    ]


def _updates(playbook: Playbook, played: Sequence[PlayedTask]) -> list[Finding]:
    allowed = load_escalation_matrix().update_every_min[playbook.severity]
    plan, found = playbook.updates, []
    told = [item.end_min for item in played if item.task.is_update]
    if plan is None or not told:
        return [
            _break(
                "update_gap",
                "updates",
                "No task tells people outside what is known." if plan else "No pace of updates is set.",
                f"At {playbook.severity} the matrix asks for one every {allowed} minutes.",
            )
        ]
    if plan.every_min > allowed:
        found.append(
            _break(
                "update_gap",
                "updates.every_min",
                f"Updates come every {plan.every_min} minutes; the matrix allows {allowed}.",
                "Shorten the pace, or change the matrix with those who signed it.",
            )
        )
    latest = min(plan.first_by_min, allowed)
    if min(told) > latest:
        found.append(
            _break(
                "update_gap",
                "updates.first_by_min",
                f"The first update is out at minute {min(told):.0f}; it is due by minute {latest}.",
                "Do it earlier, and before anything that its role also has to do.",
            )
        )
    return found


def _clocks(played: Sequence[PlayedTask], clocks: Sequence[str]) -> list[Finding]:
    answered = {item.task.answers_clock: item for item in reversed(played) if item.task.answers_clock}
    found = []
    for id in clocks:
        rule = load_legal_rules().rule(id)
        if id not in answered:
            found.append(
                _break(
                    "clock_unanswered",
                    id,
                    f"{rule.law}, {rule.article}: {rule.within_hours} hours, and no task answers it.",
                    "Add a task for legal with answers_clock; whether the clock runs, counsel decides.",
                )
            )
            continue
        before = answered.get(rule.starts)
        start = before.end_min if before else 0.0
        item, due = answered[id], start + 60 * rule.within_hours
        if item.end_min > due:
            found.append(
                _break(
                    "clock_missed",
                    id,
                    f"{rule.law}, {rule.article}: due {due / 60:.0f} hours after detection, and "
                    f"{item.task.id!r} is done after {item.end_min / 60:.0f}.",
                    "Start it earlier; an incomplete first report may be allowed.",
                )
            )
    return found
