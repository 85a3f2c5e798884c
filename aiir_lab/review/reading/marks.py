"""Which timeline entries bear the clock marks.

A document that labels a mark (``Detected: 14:50 UTC``) decides. Otherwise the words of the entries do, by
the patterns in ``marks.toml``; where no entry says it, the mark stays open.
"""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

from aiir_lab.records import ClockMark, TimelineEvent

_WORDS = tomllib.loads(files("aiir_lab.review.reading").joinpath("marks.toml").read_text(encoding="utf-8"))
_LABELS = {mark: re.compile(rf"(?i)^(?:{'|'.join(_WORDS[mark]['labels'])})$") for mark in ClockMark}


def _patterns(kind: str) -> dict[ClockMark, re.Pattern[str]]:
    listed = {mark: _WORDS[mark].get(kind) for mark in ClockMark}
    return {
        mark: re.compile("|".join(f"(?:{sign})" for sign in signs), re.IGNORECASE)
        for mark, signs in listed.items()
        if signs
    }


_SIGNS, _WEAK_SIGNS = _patterns("signs"), _patterns("weak")
# A sentence that says that something did NOT happen bears no mark.
_NEGATION = re.compile(
    r"(?i)\b(no|not|never|without|un(?:noticed|detected|acknowledged|resolved)|didn't|failed to|nobody|no one"
    r"|should|before|until|partial(?:ly)?|in progress|begins? to|started? to|attempt\w*|will)\b"
)


# "detects new nodes as healthy", "confirmed that the problem was solved": what is found is the recovery
_RECOVERED = re.compile(r"(?i)\b(healthy|recover\w*|restored|solved|resolved|fixed|working (?:as|again))\b")


# "discovered the true cause": the harm was known before
_CAUSE = re.compile(r"(?i)^\w+ (?:\w+ ){0,4}cause\b")


# "further errors are discovered": the incident was known by then
_FURTHER = re.compile(r"(?i)\b(?:further|additional|another|second|more(?! than))\b")


# "end users alerted us" is how people detected it; no monitor fired
_BY_PEOPLE = re.compile(
    r"(?i)\b(?:users?|customers?|clients?|merchants?|partners?|patients?|people|support)\b"
    r"(?: \w+){0,2} alert(?:s|ed)\b"
)


def label_of(name: str) -> ClockMark | None:
    """The mark that a field's name stands for, such as ``Time detected``."""
    plain = " ".join(re.sub(r"[*_`:()]|\b(utc|gmt)\b", " ", name, flags=re.IGNORECASE).split())
    return next((mark for mark, pattern in _LABELS.items() if pattern.match(plain)), None)


def shows(mark: ClockMark, text: str, *, weakly: bool = False) -> bool:
    """Whether the words of an entry show this mark."""
    pattern = (_WEAK_SIGNS if weakly else _SIGNS).get(mark)
    found = pattern.search(text) if pattern else None
    if not found:
        return False
    if mark is ClockMark.DETECTED and _RECOVERED.search(text[found.start() :]):
        return False
    if mark is ClockMark.DETECTED and _CAUSE.match(text[found.start() :]):
        return False
    if mark is ClockMark.DETECTED and _FURTHER.search(text[max(0, found.start() - 60) : found.end()]):
        return False
    if mark is ClockMark.ALERTED and _BY_PEOPLE.search(text[: found.end()]):
        return False
    window = text[max(0, found.start() - 25) : found.end()]
    return not _NEGATION.search(window)


def place_marks(events: list[TimelineEvent]) -> list[TimelineEvent]:
    """Give each mark to the entry that shows it first; ``resolved`` to the one that shows it last.

    Marks that entries bear already stay. An entry can bear several.
    """
    marks: dict[int, list[ClockMark]] = {number: list(event.marks) for number, event in enumerate(events)}
    taken = {mark for found in marks.values() for mark in found}
    timed = sorted(
        (number for number, event in enumerate(events) if event.at_utc is not None),
        key=lambda number: (events[number].at_utc, number),
    ) or list(range(len(events)))
    for mark in ClockMark:
        if mark in taken:
            continue
        order = list(reversed(timed)) if mark is ClockMark.RESOLVED else timed
        onset = next((n for n, found in marks.items() if ClockMark.ONSET in found), None)
        # what came before the onset is about something else
        order = (
            [n for n in order if onset is None or timed.index(n) >= timed.index(onset)]
            if onset in timed
            else order
        )
        chosen = next(
            (n for weakly in (False, True) for n in order if shows(mark, events[n].text, weakly=weakly)), None
        )
        if chosen is not None:
            marks[chosen].append(mark)
    _detection_follows_acknowledgement(events, marks)
    return [event.model_copy(update={"marks": tuple(marks[number])}) for number, event in enumerate(events)]


def _detection_follows_acknowledgement(
    events: list[TimelineEvent], marks: dict[int, list[ClockMark]]
) -> None:
    # Whoever acknowledges a page has recognised that something is wrong: where nothing says more, that is
    # when a responder detected it.
    placed = {mark: number for number, found in marks.items() for mark in found}
    if ClockMark.DETECTED not in placed and ClockMark.ACKNOWLEDGED in placed:
        marks[placed[ClockMark.ACKNOWLEDGED]].insert(0, ClockMark.DETECTED)
