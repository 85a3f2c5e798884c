"""Beginner lesson 5: an incident told on a status page. Answers are what the status page itself returns."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

from pydantic import AwareDatetime, BaseModel, Field

from aiir_lab.catalog.practice import load_escalation_matrix
from aiir_lab.grade.question import Criterion, Question
from aiir_lab.grade.questions._status_text import status_text_is_free
from aiir_lab.records import Severity, Stage

AFFECTED = "Fraud scoring"
DECLINED = "2,310"
"""Payments that were declined in error, as the last note of the lesson says."""

_GAP = timedelta(minutes=load_escalation_matrix().update_every_min[Severity.SEV2])
_SLACK = timedelta(minutes=1)  # posts take seconds, promises are written in whole minutes
_CLOCK = re.compile(r"\b([01]?\d|2[0-3])[:.]([0-5]\d)\b")


class _Component(BaseModel):
    name: str
    status: str


class _Post(BaseModel):
    status: str
    body: str | None = None
    created_at: AwareDatetime


class _Incident(BaseModel):
    """What Statuspage returns for an incident; of its many fields those that are judged."""

    name: str
    status: str
    components: list[_Component] = Field(default_factory=list)
    incident_updates: list[_Post] = Field(default_factory=list)

    @property
    def posts(self) -> list[_Post]:
        """Oldest first; Statuspage gives the newest first."""
        return sorted(self.incident_updates, key=lambda post: post.created_at)

    def last(self, stage: Stage) -> str:
        """The text of the last post of a stage."""
        return next((post.body or "" for post in reversed(self.posts) if post.status == stage), "")


def _promised(post: _Post) -> datetime | None:
    """The last clock time of a text, as the first moment after the post that shows it."""
    found = _CLOCK.findall(post.body or "")
    if not found:
        return None
    hour, minute = map(int, found[-1])
    at = post.created_at.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return at if at > post.created_at else at + timedelta(days=1)


def _names_what_is_affected(incident: _Incident) -> bool | str:
    names = [component.name for component in incident.components]
    if not names:
        return "The incident names no component."
    return names == [AFFECTED] or f"It names {', '.join(names)}."


def _state_fits(incident: _Incident) -> bool | str:
    states = [component.status for component in incident.components if component.name == AFFECTED]
    if not states or states[0] == "operational":
        return "The page still shows it as operational."
    return states[0] in ("degraded_performance", "partial_outage") or f"Now it says {states[0]}."


def _title_is_plain(incident: _Incident) -> bool | str:
    padded = f"{incident.name}: some customers are affected."  # a title alone is too short for the reviewer
    kinds = ("speculation", "blame", "jargon", "leaks_internal", "minimises")
    return status_text_is_free(padded, *kinds, stage=Stage.INVESTIGATING)


def _first_is_free_of(*kinds: str) -> Any:
    def holds(incident: _Incident) -> bool | str:
        first = incident.posts[0] if incident.posts else None
        return status_text_is_free((first and first.body) or "", *kinds, stage=Stage.INVESTIGATING)

    return holds


def _promises_in_time(incident: _Incident, *, stage: Stage) -> bool | str:
    post = next((post for post in incident.posts if post.status == stage), None)
    promised = post and _promised(post)
    if not post or not promised:
        return "The text names no clock time."
    return promised - post.created_at <= _GAP + _SLACK or f"It promises {promised:%H:%M}, which is too late."


def _is_next_stage(incident: _Incident, *, stage: Stage) -> bool | str:
    told = [post.status for post in incident.posts]
    order = list(Stage)
    if not told or told[-1] != stage:
        return f"The newest post says {told[-1] if told else 'nothing'}."
    if told != sorted(told, key=lambda status: order.index(Stage(status))):
        return f"The posts go {', '.join(told)}."
    missing = [earlier for earlier in order[: order.index(stage)] if earlier not in told]
    return not missing or f"Not told: {', '.join(missing)}."


def _is_kept(incident: _Incident, *, stage: Stage) -> bool | str:
    for post, later in pairwise(incident.posts):
        if later.status != stage:
            continue
        promised = _promised(post)
        if promised is None:
            return f"The post at {post.created_at:%H:%M} promised no time."
        return later.created_at <= promised + _SLACK or (
            f"At {post.created_at:%H:%M} you promised {promised:%H:%M}; it came at {later.created_at:%H:%M}."
        )
    return "No post of this stage follows another one."


def _reads_well(incident: _Incident, *, stage: Stage) -> bool | str:
    from aiir_lab.review.status import PROBLEM_KINDS

    text = incident.last(stage)
    return status_text_is_free(text, *PROBLEM_KINDS, stage=stage) if text else "There is no such post."


def _ends_operational(incident: _Incident) -> bool:
    states = {component.name: component.status for component in incident.components}
    return incident.status == Stage.RESOLVED and states.get(AFFECTED) == "operational"


def _says_what_remains(incident: _Incident) -> bool | str:
    text = incident.last(Stage.RESOLVED)
    if DECLINED not in text and DECLINED.replace(",", "") not in re.sub(
        r"(?<=\d)[ ,.\u202f](?=\d{3})", "", text
    ):
        return "How many payments it was in the end stands in the last note."
    return bool(re.search(r"charge|money|debit|pay(ing)? again|retr(y|ies)", text, re.I)) or (
        "Whoever was declined still wonders about their money."
    )


def _follow_up(stage: Stage) -> tuple[Criterion, ...]:
    """What every later post owes to the one before it."""
    return (
        Criterion(
            f"The incident is at the stage {stage.value}, and every stage before it was told",
            partial(_is_next_stage, stage=stage),
            "page_update_incident(clients.page_id, first['id'], {...}) adds a post.",
        ),
        Criterion(
            "It comes by the time that the post before it promised",
            partial(_is_kept, stage=stage),
            "Promise a time at which you will surely have posted again. To start over, run the lesson again "
            "from the first post.",
        ),
        Criterion(
            "The text reads well",
            partial(_reads_well, stage=stage),
            f"lab.review_status_update(text, stage='{stage.value}') says the same before you post.",
        ),
    )


_RETURNED = "the incident as clients.statuspage returns it"

QUESTIONS = (
    Question(
        id="b05-first",
        title="The first post",
        shape=_Incident,
        expected=_RETURNED,
        criteria=(
            Criterion(
                "The incident is on the page, in the stage that fits what is known",
                lambda incident: bool(incident.posts) and incident.posts[0].status == Stage.INVESTIGATING,
                "Nobody has confirmed a cause yet.",
            ),
            Criterion(
                "It names the one component that is affected",
                _names_what_is_affected,
                "component_ids takes the ids of what customers see failing, and of nothing else.",
            ),
            Criterion(
                "The state of that component fits the measure",
                _state_fits,
                "Five payments in six go through, so it is no major outage; and it is not well either.",
            ),
            Criterion(
                "The title says the symptom in the customers' words",
                _title_is_plain,
                "No cause, no system names: what do shops see?",
            ),
            Criterion(
                "The text says who is affected and what they notice",
                _first_is_free_of("no_impact"),
                "Begin with the symptom: who, what, since when.",
            ),
            Criterion(
                "Nothing in it will have to be taken back",
                _first_is_free_of("speculation", "blame", "overpromise", "minimises"),
                "The suspicion in the note is one person's guess.",
            ),
            Criterion(
                "It keeps internals in and is plain",
                _first_is_free_of("jargon", "leaks_internal"),
                "Names of models and versions tell customers nothing and attackers something.",
            ),
            Criterion(
                "It promises the next update in time",
                partial(_promises_in_time, stage=Stage.INVESTIGATING),
                "A clock time in UTC, within the longest gap that the matrix allows at SEV2.",
            ),
        ),
    ),
    *(
        Question(
            id=f"b05-{stage.value}",
            title=title,
            shape=_Incident,
            expected=_RETURNED,
            criteria=(
                *_follow_up(stage),
                Criterion(
                    "It promises the next update in time",
                    partial(_promises_in_time, stage=stage),
                    "A clock time in UTC, within the longest gap that the matrix allows at SEV2.",
                ),
            ),
        )
        for stage, title in (
            (Stage.IDENTIFIED, "The cause is confirmed"),
            (Stage.MONITORING, "The harm has stopped"),
        )
    ),
    Question(
        id="b05-resolved",
        title="The end",
        shape=_Incident,
        expected=_RETURNED,
        criteria=(
            *_follow_up(Stage.RESOLVED),
            Criterion(
                "The page shows the component as operational again",
                _ends_operational,
                "The last post changes the component too.",
            ),
            Criterion(
                "The last post says what remains for those who were hit",
                _says_what_remains,
                "How many were declined in error, and what became of their money?",
            ),
        ),
    ),
)
