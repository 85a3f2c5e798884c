"""The pattern tables of :mod:`aiir_lab.review.status`, read once from ``words.toml``."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from aiir_lab.review.phrasing import word_set

_PLACES_AND_BRANDS = word_set(
    """north south east west new united saudi latin central great hong los san santa sri costa puerto
    czech middle far european american apple google microsoft amazon help status customer support
    service data social live single sign black cyber good dear thank our the this next final all
    some most many since between until please monday tuesday wednesday thursday friday saturday
    sunday january february march april may june july august september october november december
    mobile web credit open text voice search image early late first last no if when after before in
    on at we you it they"""
)
_NOT_A_SURNAME = word_set(
    """center centre cloud pay store america europe states kingdom zealand kong africa asia team
    support arabia republic east west utc gmt cet est pst platform app service services status page
    portal api assistant islands storage payments search maps mail drive connect business checkout
    bank login sync coast angeles francisco york delhi friday monday rica rico lanka time"""
)


@dataclass(frozen=True, slots=True)
class Tables:
    """Compiled patterns, one field per use."""

    guess: re.Pattern[str]
    plain_guess: re.Pattern[str]
    cause: re.Pattern[str]
    uncertain_impact: re.Pattern[str]
    blame: re.Pattern[str]
    party_acts: re.Pattern[str]
    customers: re.Pattern[str]
    staff: re.Pattern[str]
    minimises: re.Pattern[str]
    overpromise: re.Pattern[str]
    jargon: re.Pattern[str]
    leaks: re.Pattern[str]
    person: re.Pattern[str]
    named_act: re.Pattern[str]
    customer: re.Pattern[str]
    company: re.Pattern[str]
    next_update: re.Pattern[str]
    soon: re.Pattern[str]
    who: re.Pattern[str]
    thing: re.Pattern[str]
    symptom: re.Pattern[str]
    back: re.Pattern[str]
    generic: frozenset[str]
    service_talk: frozenset[str]


def _any(patterns: list[str], *, words: bool = True, case: bool = False) -> re.Pattern[str]:
    joined = "|".join(f"(?:{pattern})" for pattern in patterns)
    return re.compile(rf"(?<![\w-])(?:{joined})(?![\w-])" if words else joined, 0 if case else re.IGNORECASE)


@cache
def tables() -> Tables:
    """The compiled tables."""
    source = resources.files("aiir_lab.review.status").joinpath("words.toml").read_text(encoding="utf-8")
    data: dict[str, Any] = tomllib.loads(source)
    guess = data["speculation"]["guess"]
    leaks, impact = data["leaks_internal"], data["impact"]
    return Tables(
        guess=_any(guess[2:]),
        plain_guess=_any(guess[:2]),
        cause=_any([data["speculation"]["cause"]]),
        uncertain_impact=_any([data["speculation"]["impact"]]),
        blame=_any(data["blame"]["patterns"]),
        party_acts=_any(
            [
                f"{data['blame']['party']}(?:{data['blame']['acted']}|{data['blame']['late']})",
                data["blame"]["fault"],
                data["blame"]["punished"],
            ]
        ),
        customers=_any(
            [
                (
                    "customers?|users?|sellers?|merchants?|accounts?|members?|posts?|drivers?|people"
                    "|shoppers?|applicants?|clients?|viewers?"
                )
            ]
        ),
        staff=_any(
            [
                (
                    "engineers?|developers?|operators?|teams?|staff|moderators?|vendors?|providers?"
                    "|colleagues?|admins?|analysts?|employees?"
                )
            ]
        ),
        minimises=_any(data["minimises"]["patterns"]),
        overpromise=_any(data["overpromise"]["patterns"]),
        jargon=_any(data["jargon"]["patterns"]),
        leaks=_any(leaks["patterns"], words=False, case=True),
        person=re.compile(leaks["person"]),
        named_act=re.compile(leaks["named_act"]),
        customer=re.compile(leaks["customer"]),
        company=re.compile(leaks["company"]),
        next_update=_any(data["next_update"]["patterns"]),
        soon=_any([data["next_update"]["soon"]]),
        who=_any([impact["who"]]),
        thing=_any([impact["thing"]]),
        symptom=_any([impact["symptom"]]),
        back=_any([impact["back"]]),
        generic=frozenset(impact["generic"].split()),
        service_talk=frozenset(impact["service_talk"].split()),
    )


def is_a_name(words: str) -> bool:
    """Whether capital words look like a person's name rather than a place, a brand or a page."""
    parts = words.split()
    return parts[0].lower() not in _PLACES_AND_BRANDS and parts[-1].lower() not in _NOT_A_SURNAME
