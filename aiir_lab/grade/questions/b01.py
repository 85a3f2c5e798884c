"""Questions of beginner lesson 1: severity and the first update."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from pydantic import BaseModel, ConfigDict

from aiir_lab.catalog.practice import load_escalation_matrix
from aiir_lab.catalog.vignettes import Vignette, load_vignette, vignettes
from aiir_lab.grade.question import Criterion, Question
from aiir_lab.records import Role, Severity, Stage
from aiir_lab.records.base import UtcDatetime

# --- severity of every vignette


def _has_level(answer: dict[str, Severity | None], *, vignette: Vignette) -> bool | str:
    level = answer.get(vignette.id)
    if level == vignette.severity:
        return True
    if level is None:
        return "It has no level yet."
    if level == vignette.severity_if_low:
        return f"{level} follows from the low estimate."
    return f"Your answer is {level}."


def _severity_criterion(vignette: Vignette) -> Criterion:
    names = ", ".join(measure.criterion for measure in vignette.measures)
    is_unsure = any(measure.low != measure.high for measure in vignette.measures)
    rule = " Unsure means the higher level." if is_unsure else " The worst measure decides."
    return Criterion(
        f"{vignette.id} is classified",
        partial(_has_level, vignette=vignette),
        f"Compare {names} with their bounds in the matrix.{rule}",
        points=0.5,
    )


# --- who leads, who may switch the model off


class _Authority(BaseModel):
    model_config = ConfigDict(extra="forbid")

    leader: Role | None = None
    may_switch_off: list[Role] | None = None


def _names_leader(answer: dict[Severity, _Authority], *, severity: Severity) -> bool:
    given = answer.get(severity, _Authority())
    return given.leader == load_escalation_matrix().leader(severity)


def _names_switch(answer: dict[Severity, _Authority], *, severity: Severity) -> bool | str:
    given = answer.get(severity, _Authority()).may_switch_off
    wanted = load_escalation_matrix().may_switch_off(severity)
    if given is None:
        return "Nobody is named yet."
    if set(given) == set(wanted):
        return True
    return (
        f"{len(set(given) & set(wanted))} of {len(wanted)} named, {len(set(given) - set(wanted))} too many."
    )


def _authority_criteria(severity: Severity) -> tuple[Criterion, Criterion]:
    return (
        Criterion(
            f"{severity}: the role that leads",
            partial(_names_leader, severity=severity),
            f'Look for the one step of {severity} whose column "leads" is true.',
            points=0.5,
        ),
        Criterion(
            f"{severity}: who may switch the model off",
            partial(_names_switch, severity=severity),
            f'List every role of {severity} whose column "may_switch_off_model" is true.',
            points=0.5,
        ),
    )


# --- the first fifteen minutes: order of tasks, and who is overdue

TASKS = ("cause", "switch", "page", "update", "measure", "acknowledge", "snapshot", "alert")
DETECTED_MIN_AGO = 16
TOLD = (Role.ON_CALL, Role.COMMUNICATIONS_LEAD, Role.ML_ENGINEER)
"""The paging log of the vendor incident at 09:28, sixteen minutes after detection."""


class _Fifteen(BaseModel):
    model_config = ConfigDict(extra="forbid")

    order: list[str] | None = None
    overdue: dict[Role, Role | None] | None = None


def _is_whole(answer: _Fifteen) -> bool | str:
    given = answer.order or []
    unknown = [task for task in given if task not in TASKS]
    missing = [task for task in TASKS if task not in given]
    twice = sorted({task for task in given if given.count(task) > 1})
    named = (("Unknown", unknown), ("Missing", missing), ("Twice", twice))
    return " ".join(f"{label}: {', '.join(tasks)}." for label, tasks in named if tasks) or True


def _before(answer: _Fifteen, *, first: str, then: str) -> bool | str:
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


def _finds_overdue(answer: _Fifteen, *, leads: bool) -> bool:
    leader = load_escalation_matrix().leader(load_vignette("vendor-model-update").severity)
    wanted = [role for role in _wanted_overdue() if (role == leader) == leads]
    return all(role in (answer.overdue or {}) for role in wanted)


def _finds_nobody_else(answer: _Fifteen) -> bool | str:
    given, wanted = answer.overdue or {}, _wanted_overdue()
    told = [role.value for role in given if role in TOLD]
    early = [role.value for role in given if role not in TOLD and role not in wanted]
    reasons = [f"Told already: {', '.join(told)}."] if told else []
    reasons += [f"Not due within {DETECTED_MIN_AGO} minutes: {', '.join(early)}."] if early else []
    if not any(role in given for role in wanted):
        reasons.append("No overdue role is named yet.")
    return " ".join(reasons) or True


def _finds_fallbacks(answer: _Fifteen) -> bool:
    wanted = _wanted_overdue()
    named = {role: stand_in for role, stand_in in (answer.overdue or {}).items() if role in wanted}
    return bool(named) and all(wanted[role] == stand_in for role, stand_in in named.items())


# --- the internal alert

ALERTED = datetime.fromisoformat("2026-03-02T09:16:00+00:00")
POSTED = datetime.fromisoformat("2026-03-02T09:20:00+00:00")
ONSET = datetime.fromisoformat("2026-03-02T09:05:00+00:00")


class _Alert(BaseModel):
    model_config = ConfigDict(extra="forbid")

    severity: Severity | None = None
    since_utc: UtcDatetime | None = None
    impact: str | None = None
    lead: Role | None = None
    doing: str | None = None
    next_update_utc: UtcDatetime | None = None


_FIGURE = re.compile(r"\b31\b|\b1[,. ]?800\b|\b1\.8\s?k\b", re.IGNORECASE)
_DOING = re.compile(
    r"\b(?:\w{3,}ing|(?:we|i|on.call)\s+\w+|switch|roll|revert|save|stop|call|page|compare|test)\b",
    re.IGNORECASE,
)
_CAUSE_WORDS = re.compile(
    r"\b(?:because|caused by|due to|root cause|their mistake|careless)\b", re.IGNORECASE
)


def _within(moment: datetime | None, *, start: datetime, severity: Severity) -> bool | str:
    if moment is None:
        return "No time is given."
    limit = load_escalation_matrix().update_every_min[severity]
    if moment <= start:
        return f"{moment:%H:%M} is not after {start:%H:%M}, when this is sent."
    return moment <= start + timedelta(minutes=limit) or f"{moment:%Y-%m-%d %H:%M} is later than promised."


def _alert_impact(alert: _Alert) -> bool | str:
    if not alert.impact or len(alert.impact.split()) < 4:
        return "One sentence is needed."
    return bool(_FIGURE.search(alert.impact)) or "It holds no measured figure of this vignette."


def _alert_doing(alert: _Alert) -> bool | str:
    text = alert.doing or ""
    if len(text.split()) < 3 or not _DOING.search(text):
        return False
    found = _CAUSE_WORDS.search(text)
    return f"{found.group()!r} claims a cause." if found else True


# --- the public status update


class _Update(BaseModel):
    model_config = ConfigDict(extra="forbid")

    stage: Stage | None = None
    text: str | None = None
    next_update_utc: UtcDatetime | None = None


def _problems(update: _Update, *kinds: str) -> bool | str:
    """Whether a text of some length has none of these problems; else what is wrong."""
    from aiir_lab.grade.questions._status_words import find_problems

    text = update.text or ""
    if len(text.split()) < 8:
        return "The text is too short to judge."
    problems = find_problems(text)
    found = [problems[kind] for kind in kinds if kind in problems]
    return not found or " ".join(found)


def _free_of(*kinds: str) -> Callable[[_Update], bool | str]:
    return lambda update: _problems(update, *kinds)


def _promises_next(update: _Update) -> bool | str:
    in_time = _within(update.next_update_utc, start=POSTED, severity=Severity.SEV1)
    return _problems(update, "no_next_update") if in_time is True else in_time


QUESTIONS = (
    Question(
        id="b01-severity",
        title="Severity of sixteen vignettes",
        shape=dict[str, Severity | None],
        expected="a dict from vignette id to level, such as {'gnome-carousel': 'SEV3'}",
        criteria=tuple(_severity_criterion(vignette) for vignette in vignettes()),
    ),
    Question(
        id="b01-leader",
        title="Who leads",
        shape=dict[Severity, _Authority],
        expected="a dict such as {'SEV3': {'leader': 'product', 'may_switch_off': ['legal']}}",
        criteria=tuple(criterion for severity in Severity for criterion in _authority_criteria(severity)),
    ),
    Question(
        id="b01-alert",
        title="The internal alert",
        shape=_Alert,
        expected="a dict with the keys severity, since_utc, impact, lead, doing, next_update_utc",
        criteria=(
            Criterion(
                "It names the level",
                lambda alert: alert.severity == load_vignette("vendor-model-update").severity,
                "Which level did the matrix give this vignette?",
            ),
            Criterion(
                "It says since when, in UTC",
                lambda alert: alert.since_utc == ONSET,
                "The vignette says when the answers changed; that is earlier than the detection at 09:12.",
            ),
            Criterion("Its impact holds a measured figure", _alert_impact, "Use a measure from the table."),
            Criterion(
                "It names who leads",
                lambda alert: alert.lead == load_escalation_matrix().leader(Severity.SEV1),
                "Whom does the escalation matrix let lead at this level?",
            ),
            Criterion(
                "It says what is being done now, without a cause",
                _alert_doing,
                'One action in words such as "We are switching to ...".',
            ),
            Criterion(
                "It promises the next update in time",
                lambda alert: _within(alert.next_update_utc, start=ALERTED, severity=Severity.SEV1),
                "escalation.update_every_min holds the longest gap of each level.",
            ),
        ),
    ),
    Question(
        id="b01-update",
        title="The first public update",
        shape=_Update,
        expected="a dict with the keys stage, text, next_update_utc",
        criteria=(
            Criterion(
                "The stage fits what is known",
                lambda update: update.stage == Stage.INVESTIGATING,
                "At 09:20 nobody has confirmed a cause. Which of the four stages says that?",
            ),
            Criterion(
                "It says who is affected and what they notice",
                _free_of("no_impact"),
                "Write what a customer sees on the screen, and how many see it.",
            ),
            Criterion(
                "It says when the next update comes",
                _promises_next,
                "Promise a clock time within the gap of this level, in the text and in next_update_utc.",
            ),
            Criterion(
                "It does not guess at a cause",
                _free_of("speculation"),
                "Leave out why it happens until that is confirmed.",
            ),
            Criterion(
                "It points at nobody and keeps internals in",
                _free_of("blame", "leaks_internal"),
                "No person, team or vendor, no names of systems.",
            ),
            Criterion(
                "It is plain, promises nothing it cannot keep, and does not play it down",
                _free_of("jargon", "overpromise", "minimises"),
                "Would a customer who never saw your office understand and believe every word?",
            ),
        ),
    ),
    Question(
        id="b01-fifteen",
        title="The first fifteen minutes",
        shape=_Fifteen,
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
    ),
)
