"""``read_postmortem``: a post-mortem as people write it, as a record that says where everything came from.

Nothing is guessed in silence. What the document does not say is ``None``, and ``questions`` asks for it.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import Field

from aiir_lab.records import AiirError, ClockMark, Postmortem, RecordError, Timeline, TimelineEvent
from aiir_lab.records.base import Line, parse_yaml, read_text
from aiir_lab.review.finding import Finding
from aiir_lab.review.reading.actions import is_action_section, read_actions
from aiir_lab.review.reading.blocks import CLOCK_FIRST, TIMELINE, Block, read_blocks, split_front_matter
from aiir_lab.review.reading.doubts import ask_about_bare_times, ask_about_open_clocks, first_incident
from aiir_lab.review.reading.fields import (
    Named,
    paragraphs,
    read_date,
    read_factors,
    read_named,
    read_points,
    read_prose,
    read_severity,
    read_title,
    section_of,
    value_of,
)
from aiir_lab.review.reading.marks import label_of, place_marks
from aiir_lab.review.reading.timeline import (
    Entry,
    Question,
    document_zone,
    only_zone,
    read_entries,
    resolve,
)
from aiir_lab.review.reading.times import find_stamps
from aiir_lab.review.reading.zones import Zone, require_zone

MAX_BYTES = 5 * 2**20

# word processors put these in place of a hyphen and a blank; one character each, so that places stay
_LOOKALIKES = str.maketrans("\u2010\u2011\u2012\u00a0\u202f\u2007", "---   ")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")


class ReadPostmortem(Postmortem):
    """A post-mortem with the places where its fields stand and the questions that it leaves open.

    ``lines`` maps a field (``severity``, ``timeline``, ``trigger`` ...) to its line, from 1; events, factors
    and action items carry their own. ``document`` is the text as read.
    """

    path: Line | None = None
    lines: dict[str, int] = Field(default_factory=dict)
    questions: tuple[Finding, ...] = ()
    document: str = Field(default="", repr=False)


def read_postmortem(
    source: str | Path, *, timezone: str | None = None, date: date | str | None = None
) -> ReadPostmortem:
    """Read a post-mortem from Markdown, JSON or YAML.

    Parameters
    ----------
    source : str or Path
        A path, or the text itself (text has a line break or is no name of a document).
    timezone : str, optional
        The zone of times for which the document names none: ``"Europe/Warsaw"``, ``"UTC"``, ``"+02:00"``.
    date : date or str, optional
        The day of the first time for which the document names none: ``"2026-03-02"``.

    Returns
    -------
    ReadPostmortem
        Times are UTC. A time whose zone or day is unknown has ``at_utc`` None and keeps ``when_text``.

    Raises
    ------
    AiirError
        The file cannot be read, is empty, is no record (JSON, YAML), or a parameter is malformed.

    Examples
    --------
    >>> pm = read_postmortem('''# Wrong labels, 2026-03-02
    ... ## Timeline (UTC)
    ... - 09:00 Errors begin after the release
    ... - 09:12 On-call acknowledges the page
    ... ''')
    >>> pm.timeline.metrics()["time_to_detect"].minutes
    12.0
    """
    text, path = _load(source)
    zone = require_zone(timezone) if timezone is not None else None
    day = _require_date(date) if date is not None else None
    ending = path.suffix.lower() if path else ""
    where = str(path) if path else "text"
    if ending == ".json" or (not ending and text.lstrip().startswith("{")):
        return _from_data(_parse_json(text, where), text, where=where, path=path, zone=zone, day=day)
    if ending in (".yaml", ".yml") or (not ending and _looks_like_yaml(text)):
        data, _ = parse_yaml(text, where=where)
        return _from_data(data, text, where=where, path=path, zone=zone, day=day)
    return _from_markdown(text, path=path, zone=zone, day=day)


def _looks_like_yaml(text: str) -> bool:
    front, _ = split_front_matter(text)
    is_markdown = bool(front) or re.search(r"(?m)^#{1,3} \S", text) is not None
    return not is_markdown and re.match(r"\A(?:---\s*\n)?(?:id|title):\s", text) is not None


def _load(source: str | Path) -> tuple[str, Path | None]:
    is_path = isinstance(source, Path) or (
        "\n" not in source
        and re.fullmatch(r".{1,250}\.(?:md|markdown|txt|json|ya?ml)", source.strip()) is not None
    )
    if is_path:
        path = Path(source)
        if path.is_file() and path.stat().st_size > MAX_BYTES:
            raise AiirError(f"{path} is larger than {MAX_BYTES // 2**20} MiB; that is no post-mortem.")
        text = read_text(path)
    else:
        path, text = None, str(source)
    text = text.translate(_LOOKALIKES)
    text = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if not text.strip():
        raise AiirError(f"{path or 'The text'} is empty. Give a post-mortem in Markdown, JSON or YAML.")
    return text, path


def _require_date(value: date | str) -> date:
    from datetime import date as day

    try:
        return value if isinstance(value, day) else day.fromisoformat(value)
    except (ValueError, TypeError):
        raise AiirError(f"date: expected a day such as '2026-03-02', got {value!r}.") from None


def _parse_json(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RecordError([f"not JSON: {error}"], where=where) from None


# Keys that people use in JSON and YAML for the fields of a record.
_ALIASES = {
    "events": "timeline", "incident_timeline": "timeline", "name": "title", "actions": "action_items",
    "follow_ups": "action_items", "root_causes": "contributing_factors", "root_cause": "contributing_factors",
    "causes": "contributing_factors", "factors": "contributing_factors", "lessons_learned": "went_badly",
    "description": "summary", "sev": "severity",
}  # fmt: skip


def _from_data(
    data: Any, text: str, *, where: str, path: Path | None, zone: Zone | None, day: date | None
) -> ReadPostmortem:
    if not isinstance(data, dict):
        raise RecordError(
            [f"expected fields such as title and timeline, got {type(data).__name__}"], where=where
        )
    try:
        record = Postmortem.from_dict(data, where=where)
        return ReadPostmortem(**dict(record), path=str(path) if path else None, document=text)
    except RecordError as error:
        if "id" in data and "title" in data:
            raise error  # meant as our own record: say what is wrong with it
    # another shape: written out as Markdown, it is read by the same rules as any document
    found = _from_markdown(_as_markdown(data), path=path, zone=zone, day=day)
    return found.model_copy(update={"document": text, "lines": {}})


def _as_markdown(data: dict[str, Any]) -> str:
    named = {_ALIASES.get(str(key).lower(), str(key).lower()): value for key, value in data.items()}
    parts = [f"# {named.pop('title', 'Untitled incident')}"]
    parts += [f"{key}: {value}" for key, value in named.items() if isinstance(value, str | int | float)]
    for key, value in named.items():
        if isinstance(value, list | dict):
            rows = value.get("events", [value]) if isinstance(value, dict) else value
            parts.append(f"## {key.replace('_', ' ')}\n\n" + "\n".join(f"- {_as_line(row)}" for row in rows))
    return "\n\n".join(parts)


def _as_line(row: Any) -> str:
    if not isinstance(row, dict):
        return " ".join(str(row).split())
    words = {
        str(key).lower(): " ".join(str(value).split()) for key, value in row.items() if value is not None
    }
    at = next(
        (words.pop(key) for key in ("at_utc", "at", "time", "timestamp", "when", "date") if key in words), ""
    )
    if at and "at_utc" in {str(key).lower() for key in row} and not re.search(r"Z|UTC|[+-]\d\d:?\d\d$", at):
        at += " UTC"
    text = next(
        (
            words.pop(key)
            for key in ("text", "description", "event", "action", "summary", "what", "title")
            if key in words
        ),
        "",
    )
    rest = ", ".join(f"{key}: {value}" for key, value in words.items())
    return " - ".join(part for part in (at, text, rest) if part)


def _from_markdown(text: str, *, path: Path | None, zone: Zone | None, day: date | None) -> ReadPostmortem:
    front, body = split_front_matter(text)
    if re.search(r"(?m)^id:\s", front):
        with suppress(RecordError):  # our own Markdown comes back whole; edited beyond that, it is a document
            record = Postmortem.from_markdown(text)
            return ReadPostmortem(**dict(record), path=str(path) if path else None, document=text)
    questions: list[Question] = []
    lines: dict[str, int] = {}
    blocks = first_incident(read_blocks(body), ask=questions.append)
    ask_about_bare_times(blocks, ask=questions.append)
    ask_about_open_clocks(blocks, ask=questions.append)
    named = [*_front_matter(front), *read_named(blocks)]

    def note(field: str, found: tuple[Any, int] | None) -> Any:
        if found is None:
            return None
        lines[field] = found[1]
        return found[0]

    title = note("title", read_title(blocks, named)) or (path.stem if path else "Untitled incident")
    severity, line, remark = read_severity(blocks, named)
    if line:
        lines["severity"] = line
    if remark:
        questions.append(Question("severity", line, remark, "Write SEV1, SEV2, SEV3 or SEV4."))
    when = note("date", read_date(blocks, named))
    fields = _sections(blocks, lines)
    timeline = _timeline(blocks, named, zone=zone, day=day or when, ask=questions.append)
    if timeline.events:
        lines["timeline"] = min(event.line for event in timeline.events if event.line)
    year = when.year if when else day.year if day else _only_year(blocks)
    actions = read_actions((block for block in blocks if is_action_section(block)), year=year)
    if actions and actions[0].line:
        lines["action_items"] = actions[0].line
    return ReadPostmortem(
        id=_slug(path.stem if path else title),
        title=title,
        severity=severity,
        date=when or day,
        timeline=timeline,
        action_items=tuple(actions),
        lines=lines,
        questions=tuple(_as_finding(question, text) for question in sorted(questions, key=lambda q: q.line)),
        document=text,
        path=str(path) if path else None,
        **fields,
        **_people(named, lines),
    )


def _only_year(blocks: list[Block]) -> int | None:
    """The year of a document whose dates cannot be told apart any further."""
    years = {stamp.year for block in blocks for stamp in find_stamps(block.text) if stamp.year}
    return years.pop() if len(years) == 1 else None


def _front_matter(text: str) -> list[Named]:
    try:
        data, lines = parse_yaml(text, where="front matter")
    except RecordError:
        return []  # a template's front matter may hold anything; the document below still counts
    if not isinstance(data, dict):
        return []
    return [
        Named(str(key), str(value), lines.get((str(key),), 0) + 1)
        for key, value in data.items()
        if isinstance(value, str | int | float)
    ]


def _people(named: list[Named], lines: dict[str, int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field, names in {
        "owner": ("owner", "incident owner", "postmortem owner", "post-mortem owner", "incident commander"),
        "status": ("status", "state"),
        "organisation": ("organisation", "organization", "company"),
    }.items():
        if given := value_of(named, *names):
            found[field], lines[field] = given.value, given.line
    if given := value_of(named, "authors", "author", "written by"):
        found["authors"] = tuple(filter(None, (name.strip() for name in re.split(r",|;| and ", given.value))))
        lines["authors"] = given.line
    return found


_SHORT = re.compile(r"(?i)^tl;?\s?dr\W*")
# names of fields: as they are called here, and by what they answer
_FIELD_OF = {name: name for name in ("summary", "impact", "detection", "trigger", "resolution")} | {
    "contributing_factor": "contributing_factors",
    "what_happened": "summary",
    "detected_by": "detection",
    "reported_by": "detection",
    "how_detected": "detection",
    "fixed_by": "resolution",
    "resolved_by": "resolution",
    "triggered_by": "trigger",
}


def _sections(blocks: list[Block], lines: dict[str, int]) -> dict[str, Any]:
    by_field: dict[str, list[Block]] = defaultdict(list)
    for block in blocks:
        is_elsewhere = is_action_section(block) or any(TIMELINE.search(name) for name in block.sections[-1:])
        field = None if is_elsewhere or block.kind == "heading" else section_of(block)
        if field:
            by_field[field].append(block)
            lines.setdefault(field, block.line)
    if "summary" not in by_field and (opening := _opening(blocks)):
        by_field["summary"] = opening
        lines.setdefault("summary", opening[0].line)
    for name in read_named(blocks):
        field = name.name.lower().replace(" ", "_").replace("root_cause", "contributing_factors").rstrip("s")
        target = _FIELD_OF.get(field)
        if target and target not in by_field:
            by_field[target].append(Block("text", name.value, name.line))
            lines.setdefault(target, name.line)
    found: dict[str, Any] = {}
    for field, content in by_field.items():
        if field == "contributing_factors":
            found[field] = tuple(read_factors(content))
        elif field in ("impact", "went_well", "went_badly", "got_lucky"):
            found[field] = read_points(content)
        else:
            found[field] = read_prose(content)
    return found


def _opening(blocks: list[Block]) -> list[Block]:
    """Paragraphs before the first heading below the title: they sum up, whatever they are called."""
    headings = [number for number, block in enumerate(blocks) if block.kind == "heading"]
    is_titled = bool(headings) and headings[0] == 0
    if len(headings) < 1 + is_titled:
        return []
    above = [block for block in blocks[: headings[is_titled]] if block.kind == "text"]
    return [
        replace(block, text=_SHORT.sub("", block.text))
        for block in paragraphs(above)
        if len(block.text) >= 60 and not CLOCK_FIRST.match(block.text) and not list(read_named([block]))
    ]


def _timeline(
    blocks: list[Block], named: list[Named], *, zone: Zone | None, day: date | None, ask: Any
) -> Timeline:
    stated, _ = document_zone(blocks)
    entries = read_entries(blocks)
    only = only_zone(blocks)
    events = resolve(entries, zone=stated or zone, only=only, day=day, ask=ask)
    events += _labelled(named, entries, zone=stated or zone or only, day=day, ask=ask)
    events = _merge_labelled(events)
    return Timeline(events=tuple(place_marks(events)))


def _labelled(
    named: list[Named], entries: list[Entry], *, zone: Zone | None, day: date | None, ask: Any
) -> list[TimelineEvent]:
    """Marks that fields outside the timeline name, such as ``Detected: 2026-03-02 09:12 UTC``."""
    inside = {entry.line for entry in entries}
    found: dict[ClockMark, TimelineEvent] = {}
    for item in named:
        mark = label_of(item.name)
        stamps = [stamp for stamp in find_stamps(item.value) if stamp.clock is not None]
        if mark is None or mark in found or item.line in inside or not stamps or stamps[0].start > 3:
            continue
        entry = Entry(f"{item.name}: {item.value}", item.line, stamps[:1], None)
        event = resolve([entry], zone=zone, only=None, day=day, ask=ask)[0]
        if event.at_utc is not None:
            found[mark] = event.model_copy(update={"marks": (mark,)})
    return list(found.values())


def _merge_labelled(events: list[TimelineEvent]) -> list[TimelineEvent]:
    """Give a labelled mark to the entry of the same minute, if there is one."""
    entries = [event for event in events if not event.marks]
    for labelled in (event for event in events if event.marks):
        twin = next(
            (n for n, event in enumerate(entries) if event.at_utc and event.at_utc == labelled.at_utc), None
        )
        if twin is None:
            after = next(
                (
                    n
                    for n, event in enumerate(entries)
                    if event.at_utc and labelled.at_utc and event.at_utc > labelled.at_utc
                ),
                len(entries),
            )
            entries.insert(after, labelled)
        else:
            marks = (*entries[twin].marks, *labelled.marks)
            entries[twin] = entries[twin].model_copy(update={"marks": marks})
    return entries


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:80].strip("-") or "incident"


def _as_finding(question: Question, text: str) -> Finding:
    starts = [0]
    for row in text.split("\n"):
        starts.append(starts[-1] + len(row) + 1)
    index = min(max(question.line, 1), len(starts) - 1)
    start, end = starts[index - 1], min(starts[index] - 1, len(text))
    return Finding(
        start,
        max(start, end),
        question.kind,
        question.message,
        question.suggestion,
        line=question.line or None,
    )
