"""The question on the first fifteen minutes: the order of tasks, and who is overdue."""

from __future__ import annotations

from collections import Counter
from functools import partial

from pydantic import BaseModel, ConfigDict

from aiir_lab.catalog.practice import load_escalation_matrix
from aiir_lab.catalog.vignettes import load_vignette
from aiir_lab.grade.question import Criterion, Question
from aiir_lab.records import Role

TASKS = ("cause", "switch", "page", "update", "measure", "acknowledge", "snapshot", "alert")
DETECTED_MIN_AGO = 16
TOLD = (Role.ON_CALL, Role.COMMUNICATIONS_LEAD, Role.ML_ENGINEER)
"""The paging log of the vendor incident at 09:28, sixteen minutes after detection."""


class Fifteen(BaseModel):
    model_config = ConfigDict(extra="forbid")

    order: list[str] | None = None
    overdue: dict[Role, Role | None] | None = None


def _is_whole(answer: Fifteen) -> bool | str:
    given = answer.order or []
    unknown = [task for task in given if task not in TASKS]
    missing = [task for task in TASKS if task not in given]
    twice = sorted(task for task, count in Counter(given).items() if count > 1)
    named = (("Unknown", unknown), ("Missing", missing), ("Twice", twice))
    return " ".join(f"{label}: {', '.join(tasks)}." for label, tasks in named if tasks) or True


def _before(answer: Fifteen, *, first: str, then: str) -> bool | str:
    given = answer.order or []
    missing = [task for task in (first, then) if task not in given]
    if missing:
        return f"Not in your list: {', '.join(missing)}."
    return given.index(first) < given.index(then)


def _order(text: str, first: str, then: str, hint: str) -> Criterion:
    return Criterion(text, partial(_before, first=first, then=then), hint)


def _wanted_overdue() -> dict[Role, Role]:
    severity = load_vignette("vendor-model-update").severity
    due = load_escalation_matrix().due(severity, DETECTED_MIN_AGO)
    return {step.role: step.fallback for step in due if step.role not in TOLD}


def _finds_overdue(answer: Fifteen, *, leads: bool) -> bool:
    leader = load_escalation_matrix().leader(load_vignette("vendor-model-update").severity)
    wanted = [role for role in _wanted_overdue() if (role == leader) == leads]
    return all(role in (answer.overdue or {}) for role in wanted)


def _finds_nobody_else(answer: Fifteen) -> bool | str:
    given, wanted = answer.overdue or {}, _wanted_overdue()
    told = [role.value for role in given if role in TOLD]
    early = [role.value for role in given if role not in TOLD and role not in wanted]
    reasons = [f"Told already: {', '.join(told)}."] if told else []
    reasons += [f"Not due within {DETECTED_MIN_AGO} minutes: {', '.join(early)}."] if early else []
    if not any(role in given for role in wanted):
        reasons.append("No overdue role is named yet.")
    return " ".join(reasons) or True


def _finds_fallbacks(answer: Fifteen) -> bool:
    wanted = _wanted_overdue()
    named = {role: stand_in for role, stand_in in (answer.overdue or {}).items() if role in wanted}
    return bool(named) and all(wanted[role] == stand_in for role, stand_in in named.items())


FIFTEEN = Question(
    id="b01-fifteen",
    title="The first fifteen minutes",
    shape=Fifteen,
    expected="a dict with the keys order (a list of names) and overdue (a dict from role to stand-in)",
    criteria=(
        Criterion("Every task stands in the order once", _is_whole, "Use the eight names as they are."),
        _order(
            "You acknowledge before you measure",
            "acknowledge",
            "measure",
            "Until somebody has taken the page, it goes on to the next person.",
        ),
        _order(
            "You measure before you page the others",
            "measure",
            "page",
            "Whom the matrix calls depends on the level. A rough first figure is enough.",
        ),
        _order(
            "Colleagues hear of it before the public does",
            "alert",
            "update",
            "Support will be asked the minute the public post is out.",
        ),
        _order(
            "You save the evidence before you change the model",
            "snapshot",
            "switch",
            "Which of the two destroys what the other one needs?",
        ),
        _order(
            "You stop the harm before you look for the cause",
            "switch",
            "cause",
            "Mitigation needs no cause; every minute of search costs customers.",
        ),
        Criterion(
            "Overdue: the role that leads",
            partial(_finds_overdue, leads=True),
            "The level has a leader; when is that role due, and is it in the log?",
        ),
        Criterion(
            "Overdue: the other role that was not told",
            partial(_finds_overdue, leads=False),
            "escalation.due(level, minutes) lists everybody who must have been told by then.",
        ),
        Criterion(
            "Nobody else is called overdue",
            _finds_nobody_else,
            "Overdue means: due by now, and not in the log.",
        ),
        Criterion(
            "Each overdue role has its stand-in",
            _finds_fallbacks,
            "Each step of the matrix has a fallback.",
        ),
    ),
)
