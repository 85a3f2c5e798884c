"""The timeline of a document: which lines are entries, and when each was in UTC.

The document's own word counts first (at the entry, in the table's header, in the heading, anywhere in the
text), then what the caller says. Where neither says which zone or which day, the time stays unknown and a
question is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from aiir_lab.records import Confidence, Precision, TimelineEvent
from aiir_lab.review.reading.actions import is_action_section
from aiir_lab.review.reading.blocks import TIMELINE, Block
from aiir_lab.review.reading.times import Stamp, find_stamps, nearest_day, to_utc
from aiir_lab.review.reading.zones import ZONE, Zone, read_zone, summer_doubt

_OTHER = re.compile(
    r"(?i)\b(lesson|glossary|reference|appendix|attendee|recommend|approval|changelog|revision|supporting)"
)
_TIME_COLUMN = re.compile(r"(?i)^(date\s?/?\s?time|time|when|timestamp|date|at|hour|utc|zeit)\b|\btime\b")
_TEXT_COLUMN = re.compile(
    r"(?i)\b(event|description|what|action|detail|note|happen|activity|summary|message|entry)"
)
_ACTOR_COLUMN = re.compile(r"(?i)\b(who|actor|owner|person|team|by|role|source)\b")
_ZONE_NOTE = re.compile(
    r"(?i)(?:\btimes?(?:stamps?)?\b[^.\n]{0,40}?\s(?:(?:in|are|is|use|given|zone:?|the|local)\s+)*"
    r"|\btime ?zone\s*[:=]\s*)"
    rf"[(\[]?(?P<zone>{ZONE})"
    r"|\btimes?\b[^.\n]{0,20}?\blocal\b[ ,(:]*(?P<city>(?-i:[A-Z][a-z]+(?: [A-Z][a-z]+)?))\b"
)
# "Date: 2026-03-03 (Europe/Berlin)": whoever names a zone beside the day means the times of that day
_DATE_ZONE = re.compile(
    r"(?i)^\W*(?:(?:incident |outage )?(?:date|day|when)|date of (?:the )?(?:incident|outage))\W*:[^\n]*?"
    rf"\d\s*[,(\[–-]\s*(?P<zone>{ZONE})\s*(?:time)?\s*[)\]]?[\s.*_]*$"
)
_HEADING_ZONE = re.compile(
    r"[(\[,–-]\s*(?:all\s)?(?:times?\s)?(?:are\s)?(?:in\s)?"
    rf"(?P<zone>{ZONE})\s*(?:time)?\s*[)\]]?\s*$|^(?P<alone>{ZONE})$"
)
_WEEKDAYS = ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")
_WEEKDAY = re.compile(rf"(?i)\b(?<!last )({'|'.join(_WEEKDAYS)})day\b")
_NEXT_DAY = re.compile(r"(?i)\b(next|following) (day|morning)\b|\+1\s?d")
_LEAD = re.compile(r"^[\s*_`\[(~•–—>-]*$")
_TAIL = re.compile(r"^(?:\s*[)\]`*_]+)*[\s:;,|.–—→>=-]*")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\"'(])")


# "What happened: At 02:00 the job ..." tells a story; other labels ("Start: 02:00") are read as fields
_STORY_LABEL = re.compile(r"(?i)^(?:what happened|chronology|timeline|summary|description)\s*:\s*")
# what may stand before the day that opens a sentence: "Also on", "The next day, on"
_OPENS = re.compile(r"(?i)^(?:[\w ,]{0,20}\bon )?$")


@dataclass
class Entry:
    """One line of the timeline before its time is resolved."""

    text: str
    line: int
    stamps: list[Stamp]
    zone: Zone | None
    day_hint: date | None = None
    actor: str | None = None
    more: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Question:
    """Something that the document leaves open, for the one who wrote it."""

    kind: str
    line: int
    message: str
    suggestion: str


def read_entries(blocks: list[Block]) -> list[Entry]:
    """The entries of the timeline sections; where there are none, the sentences that name a time of day."""
    inside = [block for block in blocks if _is_in_timeline(block)]
    entries = list(_entries(inside))
    if entries:
        return entries
    rows = [
        block
        for block in blocks
        if block.kind == "row" and _time_column(block) is not None and not _is_other(block)
    ]
    elsewhere = list(_entries(rows)) or list(_entries(block for block in blocks if not _is_other(block)))
    return elsewhere or list(_narrative(block for block in blocks if not _is_other(block)))


def document_zone(blocks: Iterable[Block]) -> tuple[Zone | None, int]:
    """The zone that the document states for all its times, and the line that says so."""
    for block in blocks:
        note = _ZONE_NOTE.search(block.text) or _DATE_ZONE.search(block.text)
        zone = read_zone(next(filter(None, note.groups()))) if note else None
        if zone:
            return zone, block.line
    return None, 0


def only_zone(blocks: Iterable[Block]) -> Zone | None:
    """The zone that stands beside times of the document, where it is always the same one."""
    stamps = (stamp for block in blocks for stamp in find_stamps(block.text))
    named = {stamp.zone.text.upper(): stamp.zone for stamp in stamps if stamp.zone}
    return next(iter(named.values())) if len(named) == 1 else None


def _is_in_timeline(block: Block) -> bool:
    return any(TIMELINE.search(section) for section in block.sections) and block.kind != "heading"


def _is_other(block: Block) -> bool:
    is_plan = is_action_section(block)
    return block.kind == "heading" or is_plan or any(_OTHER.search(section) for section in block.sections)


def _section_zone(block: Block) -> Zone | None:
    for section in reversed(block.sections):
        found = _HEADING_ZONE.search(section)
        zone = read_zone(found["zone"] or found["alone"]) if found else None
        if zone:
            return zone
    return None


def _section_day(block: Block) -> date | None:
    for section in reversed(block.sections):
        for stamp in find_stamps(section):
            if (day := stamp.date(None)) is not None:
                return day
    return None


def _entries(blocks: Iterable[Block]) -> Iterator[Entry]:
    current: Entry | None = None
    pending_day: date | None = None
    is_unclear = False  # under "01-10-2024" no day is guessed
    for block in blocks:
        if block.kind == "row":
            entry = _row_entry(block)
            if entry:
                yield from [current] if current else []
                current = None
                yield entry
            continue
        stamps = find_stamps(block.text)
        lead = stamps[0] if stamps and _LEAD.match(block.text[: stamps[0].start]) else None
        if lead is not None and lead.clock is None and _is_heading(block.text[lead.end :]):
            pending_day = lead.date(None) or pending_day  # a line that is a date heads the lines below it
            is_unclear = lead.is_unclear
            continue
        if lead is not None:
            yield from [current] if current else []
            rest, used = _after_lead(block.text, stamps)
            if is_unclear and not used[0].has_date:
                used[0] = replace(used[0], is_unclear=True)
            current = Entry(rest, block.line, used, _section_zone(block), pending_day or _section_day(block))
        elif current is not None and block.kind == "item" and block.text:
            current.more.append(block.text)
        elif current is not None and block.kind == "text" and not (current.text or current.more):
            current.more.append(block.text)  # the time stands on a line of its own, its words below
    if current:
        yield current


def _is_heading(rest: str) -> bool:
    """Whether nothing follows a date but a note on the zone: then it heads the lines below it."""
    return not _ZONE_NOTE.sub("", rest).strip(" :*_-–—()[]").removeprefix("all").strip()


def _after_lead(text: str, stamps: list[Stamp]) -> tuple[str, list[Stamp]]:
    """The words after the leading time, to which a range (09:12 - 09:20) and a second zone belong."""
    used, end = [stamps[0]], stamps[0].end
    for stamp in stamps[1:]:
        if re.match(r"^[\s)\]]*(?:[-–—/(,|→]|to|until)?[\s(\[]*$", text[end : stamp.start]):
            used.append(stamp)
            end = stamp.end
        else:
            break
    tail = text[end:]
    zone = re.match(rf"^\s*[-–—]?\s*[(\[](?P<zone>{ZONE})[)\]]", tail)
    if zone and used[0].zone is None and (known := read_zone(zone["zone"])):
        used[0] = Stamp(**{**used[0].__dict__, "zone": known})
        tail = tail[zone.end() :]
    return _TAIL.sub("", tail, count=1).strip(), used


def _time_column(block: Block) -> int | None:
    columns = [number for number, name in enumerate(block.header) if _TIME_COLUMN.search(name.strip())]
    in_utc = [number for number in columns if "UTC" in block.header[number].upper()]
    with_clock = [
        number
        for number in columns
        if "date" not in block.header[number].lower() or "time" in block.header[number].lower()
    ]
    chosen = in_utc or with_clock or columns
    return chosen[0] if chosen else None


def _row_entry(block: Block) -> Entry | None:
    column = _time_column(block)
    if column is None:
        column = next((number for number, cell in enumerate(block.cells) if _is_all_stamp(cell)), None)
    if column is None or column >= len(block.cells):
        return None
    stamps = find_stamps(block.cells[column])
    if not stamps:
        return None
    days = [
        stamp.date(None)
        for number, cell in enumerate(block.cells)
        if number != column and _is_all_stamp(cell)
        for stamp in find_stamps(cell)
    ]
    texts = [
        number for number, name in enumerate(block.header) if number != column and _TEXT_COLUMN.search(name)
    ]
    others = [
        number
        for number, cell in enumerate(block.cells)
        if number != column and cell and not _is_all_stamp(cell)
    ]
    chosen = [number for number in texts if number < len(block.cells) and block.cells[number]] or others
    if not chosen:
        return None
    actors = [
        block.cells[number]
        for number, name in enumerate(block.header)
        if number < len(block.cells) and number not in chosen[:1] and _ACTOR_COLUMN.search(name)
    ]
    header_zone = re.search(ZONE, block.header[column])
    zone = read_zone(header_zone[0]) if header_zone else None
    day = next((day for day in days if day), None) or _section_day(block)
    return Entry(
        " ".join(block.cells[chosen[0]].split()),
        block.line,
        stamps,
        zone or _section_zone(block),
        day,
        next((a for a in actors if a), None),
    )


def _is_all_stamp(cell: str) -> bool:
    stamps = find_stamps(cell)
    return bool(stamps) and not re.search(r"[A-Za-z]{3}", cell[: stamps[0].start] + cell[stamps[-1].end :])


def _narrative(blocks: Iterable[Block]) -> Iterator[Entry]:
    for block in blocks:
        if block.kind == "row":
            continue
        opening: Stamp | None = None  # "On 2 March ...": the first time after it is of that day
        for sentence in _SENTENCE.split(_STORY_LABEL.sub("", block.text)):
            found = find_stamps(sentence)
            if found and found[0].clock is None and _OPENS.match(sentence[: found[0].start]):
                opening = found[0]
            stamps = [stamp for stamp in found if stamp.clock is not None]
            if stamps and not re.match(r"^[\w /()-]{2,30}:\s", sentence):
                for stamp, clause in _clauses(sentence, stamps):
                    if opening is not None and not stamp.has_date:
                        stamp = _on_day(stamp, opening)
                    opening = None
                    yield Entry(clause, block.line, [stamp], _section_zone(block), _section_day(block))


def _on_day(stamp: Stamp, day: Stamp) -> Stamp:
    return replace(stamp, year=day.year, month=day.month, day=day.day, is_unclear=day.is_unclear)


def _clauses(sentence: str, stamps: list[Stamp]) -> Iterator[tuple[Stamp, str]]:
    """The part of a sentence that belongs to each of its times; a range counts as one time."""
    kept = [stamps[0]]
    for stamp in stamps[1:]:
        if not re.match(r"(?i)^\s*(?:-|–|—|to|and|until)\s*$", sentence[kept[-1].end : stamp.start]):
            kept.append(stamp)
    is_leading = kept[0].start <= 15
    cuts = [stamp.start for stamp in kept[1:]] if is_leading else [stamp.end for stamp in kept[:-1]]
    bounds = [0, *cuts, len(sentence)]
    for number, stamp in enumerate(kept):
        clause = sentence[bounds[number] : bounds[number + 1]].strip(" ,;")
        yield stamp, re.sub(r"(?i)(?:^(?:and|then|but)\s+|[\s,]+(?:and|then|at)$)", "", clause)


def resolve(
    entries: list[Entry],
    *,
    zone: Zone | None,
    only: Zone | None,
    day: date | None,
    ask: Callable[[Question], None],
) -> list[TimelineEvent]:
    """Give every entry its UTC time, or none and a question.

    ``zone`` holds for entries without one; failing that ``only``, the one zone that the document names
    at all, is taken with a question.
    """
    events: list[TimelineEvent] = []
    local: datetime | None = None  # the entry before, in its own zone
    last_utc: datetime | None = None
    no_zone, no_day, carried = [], [], []
    for entry in entries:
        stamp = entry.stamps[0]
        text = " ".join([entry.text, *entry.more]).strip() or stamp.text
        own_zone = _zone_of(entry) or zone
        if own_zone is None and only is not None:
            own_zone = only
            carried.append(entry)
        if last_utc is not None and own_zone is not None:
            local = last_utc.astimezone(own_zone.info).replace(tzinfo=None)
        own_day = _day_of(entry, stamp, day=day, local=local)
        at_utc, precision = None, Precision.UNKNOWN
        if stamp.is_unclear:
            ask(_unclear(entry, stamp))
        elif own_day is None:
            no_day.append(entry)
        elif stamp.clock is None:
            at_utc, precision = datetime(own_day.year, own_day.month, own_day.day, tzinfo=UTC), Precision.DAY
        elif own_zone is None:
            no_zone.append(entry)
            local = datetime.combine(own_day, stamp.clock)
        else:
            at_utc, doubt = to_utc(own_day, stamp.clock, own_zone.info, after=last_utc)
            precision = stamp.precision
            for remark in filter(None, (doubt, own_zone.doubt, summer_doubt(own_zone, own_day.month))):
                ask(Question("doubtful_time", entry.line, remark, "Write the time in UTC."))
            local, last_utc = datetime.combine(own_day, stamp.clock), at_utc
        events.append(
            TimelineEvent(
                at_utc=at_utc,
                precision=precision,
                text=text,
                when_text=" ".join(text_of(entry).split()) or None,
                actor=entry.actor,
                confidence=Confidence.PRIMARY if at_utc else Confidence.UNSURE,
                line=entry.line,
            )
        )
    if only and carried:
        remark = f"Times without a zone were read in {only.text}, the only zone that the document names."
        ask(
            Question("carried_zone", carried[0].line, remark, "Write 'all times UTC' once, and times in UTC.")
        )
    _ask_once(
        no_zone,
        "no_time_zone",
        "does not say in which time zone its times are",
        "Write 'all times UTC', or pass timezone=...",
        ask,
    )
    _ask_once(
        no_day,
        "no_date",
        "gives times without a date",
        "Write the date at the first entry, or pass date=...",
        ask,
    )
    return events


def _zone_of(entry: Entry) -> Zone | None:
    return next((stamp.zone for stamp in entry.stamps if stamp.zone), None) or entry.zone


def text_of(entry: Entry) -> str:
    """The time of an entry as it was written."""
    return " ".join(stamp.text for stamp in entry.stamps[:2])


def _day_of(entry: Entry, stamp: Stamp, *, day: date | None, local: datetime | None) -> date | None:
    year = local.year if local else day.year if day else None
    if stamp.has_date:
        found = stamp.date(year)
        if found and local and stamp.year is None and (local.date() - found).days > 300:
            found = stamp.date(local.year + 1)  # December, then January
        return found
    shift = timedelta(days=1 if stamp.is_next_day else 0)
    base = local.date() if local else entry.day_hint or day
    if base and (weekday := _weekday_beside(entry, stamp)) is not None:
        return base + timedelta(days=(weekday - base.weekday()) % 7)
    if entry.day_hint and (local is None or entry.day_hint > local.date()):
        return entry.day_hint + shift
    if local is not None and stamp.clock is not None:
        if _NEXT_DAY.search(entry.text[:40]):
            return local.date() + timedelta(days=1)
        return nearest_day(stamp.clock, after=local) + (shift if stamp.clock.hour else timedelta(0))
    start = entry.day_hint or day
    return start + shift if start else None


def _weekday_beside(entry: Entry, stamp: Stamp) -> int | None:
    """The day of the week, from 0, that stands beside the time: "on Thursday at 4pm"."""
    place = max(entry.text.find(stamp.text), 0)
    found = _WEEKDAY.search(entry.text[max(0, place - 25) : place + len(stamp.text) + 15])
    return _WEEKDAYS.index(found[1].lower()) if found else None


def _unclear(entry: Entry, stamp: Stamp) -> Question:
    return Question(
        "unclear_date",
        entry.line,
        f"In {stamp.text!r} day and month cannot be told apart."
        if stamp.has_date
        else f"It is not clear to which day {stamp.text!r} belongs.",
        "Write the date as 2026-03-02.",
    )


def _ask_once(
    entries: list[Entry], kind: str, what: str, remedy: str, ask: Callable[[Question], None]
) -> None:
    if entries:
        count = "1 entry has" if len(entries) == 1 else f"{len(entries)} entries have"
        ask(Question(kind, entries[0].line, f"The document {what}; {count} no UTC time.", remedy))
