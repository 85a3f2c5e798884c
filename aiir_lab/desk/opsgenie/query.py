"""Opsgenie's alert search: ``status:open AND priority:P1 AND NOT tag:drift``, or free text."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from aiir_lab.desk.model import Alert
from aiir_lab.desk.wire import Refused

_TERM = re.compile(
    r"""\s*(?P<not>NOT\s+)?(?:(?P<field>[A-Za-z.]+)\s*[:=]\s*)?(?P<value>"[^"]*"|[^\s"()]+)\s*""",
    re.IGNORECASE,
)
_FIELDS: dict[str, Callable[[Alert], Any]] = {
    "status": lambda alert: "closed" if alert.status == "resolved" else "open",
    "acknowledged": lambda alert: alert.acknowledged_utc is not None,
    "snoozed": lambda alert: alert.snoozed_until_utc is not None,
    "priority": lambda alert: alert.priority,
    "alias": lambda alert: alert.dedup_key,
    "tinyid": lambda alert: alert.number,
    "count": lambda alert: alert.count,
    "tag": lambda alert: alert.detail.get("tags", []),
    "source": lambda alert: alert.detail.get("source", ""),
    "entity": lambda alert: alert.detail.get("entity", ""),
    "owner": lambda alert: alert.detail.get("owner", ""),
}
_TEXTS: dict[str, Callable[[Alert], str]] = {
    "message": lambda alert: alert.title,
    "description": lambda alert: str(alert.detail.get("description", "")),
}


def parse_query(text: str) -> Callable[[Alert], bool]:
    """A test for alerts; refused with 422 where the query is not understood."""
    tests: list[Callable[[Alert], bool]] = []
    rest = text.strip()
    while rest:
        found = _TERM.match(rest)
        if not found or re.match(r"(?i)\s*(OR|AND)\b", rest):
            raise Refused(422, "Query is not valid", [("query", f"cannot be read from {rest[:40]!r} on")])
        tests.append(_term(found))
        rest = rest[found.end() :]
        if not rest:
            break
        joined = re.match(r"(?i)AND\s+(?=\S)", rest)
        if joined:
            rest = rest[joined.end() :]
        elif re.match(r"(?i)(OR|AND)\b", rest):
            raise Refused(422, "Query is not valid", [("query", "joins terms by AND only")])
    return lambda alert: all(test(alert) for test in tests)


def _term(found: re.Match[str]) -> Callable[[Alert], bool]:
    name, value = (found["field"] or "").casefold(), found["value"].strip('"').casefold()
    is_negated = bool(found["not"])
    name = {"tags": "tag"}.get(name, name)
    if name in _FIELDS:
        read = _FIELDS[name]

        def test(alert: Alert) -> bool:
            held = read(alert)
            values = held if isinstance(held, list) else [held]
            return value in [str(entry).casefold() for entry in values]

    elif name in _TEXTS or not name:
        texts = [_TEXTS[name]] if name else list(_TEXTS.values())

        def test(alert: Alert) -> bool:
            return any(value in read(alert).casefold() for read in texts)

    else:
        known = ", ".join([*_FIELDS, *_TEXTS])
        raise Refused(422, "Query is not valid", [("query", f"knows no field {name!r}; known: {known}")])
    return lambda alert: test(alert) != is_negated
