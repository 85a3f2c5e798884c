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
from aiir_lab.grade.questions._fifteen import FIFTEEN
from aiir_lab.grade.questions._status_text import status_text_is_free
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
    rule = " Unsure means the higher level." if is_unsure else " The worst one decides."
    return Criterion(
        f"The level of {vignette.id}",
        partial(_has_level, vignette=vignette),
        f"Measured: {names}.{rule}",
        points=0.5,
    )


# --- who leads, who may switch the model off


class Authority(BaseModel):
    model_config = ConfigDict(extra="forbid")

    leader: Role | None = None
    may_switch_off: list[Role] | None = None


def _names_leader(answer: dict[Severity, Authority], *, severity: Severity) -> bool:
    given = answer.get(severity, Authority())
    return given.leader == load_escalation_matrix().leader(severity)


def _names_switch(answer: dict[Severity, Authority], *, severity: Severity) -> bool | str:
    given = answer.get(severity, Authority()).may_switch_off
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


# --- the internal alert

ALERTED = datetime.fromisoformat("2026-03-02T09:16:00+00:00")
POSTED = datetime.fromisoformat("2026-03-02T09:20:00+00:00")
ONSET = datetime.fromisoformat("2026-03-02T09:05:00+00:00")


class Alert(BaseModel):
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


def _alert_impact(alert: Alert) -> bool | str:
    if not alert.impact or len(alert.impact.split()) < 4:
        return "One sentence is needed."
    return bool(_FIGURE.search(alert.impact)) or "It holds no measured figure of this vignette."


def _alert_doing(alert: Alert) -> bool | str:
    text = alert.doing or ""
    if len(text.split()) < 3 or not _DOING.search(text):
        return False
    found = _CAUSE_WORDS.search(text)
    return f"{found.group()!r} claims a cause." if found else True


# --- the public status update


class Update(BaseModel):
    model_config = ConfigDict(extra="forbid")

    stage: Stage | None = None
    text: str | None = None
    next_update_utc: UtcDatetime | None = None


def _free(update: Update, *kinds: str) -> bool | str:
    return status_text_is_free(update.text or "", *kinds, stage=update.stage or Stage.INVESTIGATING)


def _free_of(*kinds: str) -> Callable[[Update], bool | str]:
    return lambda update: _free(update, *kinds)


def _promises_next(update: Update) -> bool | str:
    in_time = _within(update.next_update_utc, start=POSTED, severity=Severity.SEV1)
    return _free(update, "no_next_update") if in_time is True else in_time


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
        shape=dict[Severity, Authority],
        expected="a dict such as {'SEV3': {'leader': 'product', 'may_switch_off': ['legal']}}",
        criteria=tuple(criterion for severity in Severity for criterion in _authority_criteria(severity)),
    ),
    Question(
        id="b01-alert",
        title="The internal alert",
        shape=Alert,
        expected="a dict with the keys severity, since_utc, impact, lead, doing, next_update_utc, "
        "and times such as '2026-03-02T09:00Z'",
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
        shape=Update,
        expected="a dict with the keys stage, text, next_update_utc, and a time such as '2026-03-02T09:00Z'",
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
    FIFTEEN,
)
