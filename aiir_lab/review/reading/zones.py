"""Time zones as people write them in post-mortems."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from aiir_lab.records import AiirError

# Abbreviations with one meaning in practice, as minutes from UTC.
_FIXED = {
    "UTC": 0, "GMT": 0, "Z": 0, "ZULU": 0, "WET": 0,
    "PST": -480, "PDT": -420, "MST": -420, "MDT": -360, "CST": -360, "CDT": -300, "EST": -300, "EDT": -240,
    "AKST": -540, "AKDT": -480, "HST": -600, "BRT": -180,
    "WEST": 60, "CET": 60, "CEST": 120, "EET": 120, "EEST": 180, "MSK": 180, "SAST": 120,
    "JST": 540, "KST": 540, "SGT": 480, "HKT": 480, "AEST": 600, "AEDT": 660, "ACST": 570, "AWST": 480,
    "NZST": 720, "NZDT": 780,
}  # fmt: skip
# Abbreviations with several meanings: the usual one, and what it is read as, for the question to the author.
_AMBIGUOUS = {"BST": (60, "British Summer Time"), "IST": (330, "India Standard Time")}
# Names that follow the clock change of a region.
_REGIONS = {
    "PT": "America/Los_Angeles", "PACIFIC": "America/Los_Angeles",
    "MT": "America/Denver", "MOUNTAIN": "America/Denver",
    "CT": "America/Chicago", "CENTRAL": "America/Chicago",
    "ET": "America/New_York", "EASTERN": "America/New_York",
}  # fmt: skip
_US_PAIRS = {"PST": "PDT", "MST": "MDT", "CST": "CDT", "EST": "EDT"}

_CONTINENTS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")

_NAMES = "|".join(sorted([*_FIXED, *_AMBIGUOUS], key=len, reverse=True))
ZONE = (
    r"(?-i:(?:UTC|GMT)\s?[+\-−]\s?\d{1,2}(?::?\d{2})?"  # UTC+2, GMT-05:00
    r"|[+\-−]\d{2}:?\d{2}(?!\d)"  # +02:00
    rf"|(?:{_NAMES}|PT|MT|CT|ET|utc|gmt)(?![A-Za-z])"
    r"|(?:US[ /])?(?:Pacific|Mountain|Central|Eastern)(?:\s(?:Standard|Daylight))?\s[Tt]ime"
    r"|[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_]+)?"
    r"|[A-Z][a-z]+(?: [A-Z][a-z]+)? time\b|(?<=\()[A-Z][a-z]+(?: [A-Z][a-z]+)?(?=\)))"  # Paris time, (Paris)
)
"""A regular expression for a zone, as part of a larger one."""


@dataclass(frozen=True)
class Zone:
    """A zone with the remark that it deserves, if any."""

    text: str
    info: tzinfo
    doubt: str = ""


def read_zone(text: str) -> Zone | None:
    """The zone that a text names; ``None`` where it names none that is known."""
    word = " ".join(text.replace("−", "-").split())
    upper = word.upper()
    if offset := re.fullmatch(r"(?:UTC|GMT)?\s?([+-])\s?(\d{1,2})(?::?(\d{2}))?", upper):
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        if minutes > 14 * 60:
            return None
        return Zone(word, timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes)))
    if upper in _FIXED:
        return Zone(word, UTC if _FIXED[upper] == 0 else timezone(timedelta(minutes=_FIXED[upper]), upper))
    if upper in _AMBIGUOUS:
        minutes, meaning = _AMBIGUOUS[upper]
        doubt = f"{upper} has several meanings; it was read as {meaning}."
        return Zone(word, timezone(timedelta(minutes=minutes), upper), doubt)
    first = re.sub(r"^US[ /]", "", upper).split(" ")[0]
    if first in _REGIONS and (upper == first or "TIME" in upper):
        return Zone(word, ZoneInfo(_REGIONS[first]))
    return _iana(word) or _city(re.sub(r"(?i)\s+time$", "", word))


@cache
def _cities() -> dict[str, str]:
    """The zones that are named after a city, by its name; a name that two zones share names neither."""
    zones = [name for name in available_timezones() if name.split("/")[0] in _CONTINENTS]
    named: dict[str, list[str]] = defaultdict(list)
    for zone in zones:
        named[zone.rpartition("/")[2].replace("_", " ").lower()].append(zone)
    return {city: found[0] for city, found in named.items() if len(found) == 1}


def _city(word: str) -> Zone | None:
    zone = _cities().get(word.lower())
    return Zone(word, ZoneInfo(zone)) if zone else None


@cache
def _iana(word: str) -> Zone | None:
    if not re.fullmatch(r"[A-Za-z]+(?:[/_+-][A-Za-z0-9_+-]+)*", word):
        return None
    try:
        return Zone(word, ZoneInfo(word))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def require_zone(text: str) -> Zone:
    """The zone that a caller names.

    Raises
    ------
    AiirError
        The name is no zone.
    """
    zone = read_zone(text)
    if zone is None:
        raise AiirError(
            f"timezone: expected a name such as 'Europe/Warsaw', 'UTC' or '+02:00', got {text!r}. "
            "The names are those of the IANA time zone database."
        )
    return zone


def summer_doubt(zone: Zone, month: int) -> str:
    """A remark where a standard-time abbreviation stands in summer: the writer may mean local time."""
    word = zone.text.upper()
    if word in _US_PAIRS and 4 <= month <= 10:
        return f"{word} stands in a month of daylight time; it was read literally, not as {_US_PAIRS[word]}."
    return ""
