"""The rungs of the action hierarchy, and the observations about a clause that several rules share."""

from __future__ import annotations

import re
from typing import NamedTuple

from aiir_lab.review.actions.words import ENFORCES, INTERMEDIATE_THINGS, PEOPLE, STRONG_THINGS, WEAK_THINGS

ORDER = {"weaker": 0, "intermediate": 1, "stronger": 2}


class Rung(NamedTuple):
    """A rung of the hierarchy and the observation that put the action there."""

    strength: str
    reason: str
    sure: bool = True


def ends_with(pattern: str, phrase: str) -> bool:
    return re.search(rf"(?:^|[\s\"'-])(?:{pattern})[\"']?$", phrase) is not None


def mentions(pattern: str, text: str) -> bool:
    return re.search(rf"\b(?:{pattern})\b", text) is not None


def rung_of_thing(thing: str) -> str | None:
    """The rung of a noun phrase by its head; longer, technical heads are tried first."""
    thing = re.sub(r"\s*\([^)]*\)?\s*$", "", thing).strip()
    for pattern, strength in (
        (STRONG_THINGS, "stronger"),
        (WEAK_THINGS, "weaker"),
        (INTERMEDIATE_THINGS, "intermediate"),
    ):
        if ends_with(pattern, thing):
            return strength
    return None


def is_enforced(text: str) -> bool:
    return mentions(ENFORCES, text) or mentions(
        r"fail(?:s|ing)? (?:the )?(?:build|pipeline|ci|merge|release|closed)|by construction|impossible", text
    )


def is_automatic(text: str) -> bool:
    return mentions(
        (
            r"auto|automatic|automatically|automated|auto-\w+|by itself|without (?:a )?human"
            r"|on its own|unattended"
        ),
        text,
    )


def names_people(thing: str) -> bool:
    return mentions(PEOPLE, thing)
