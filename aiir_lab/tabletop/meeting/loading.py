"""Meetings from their files, held against the world that they speak about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from aiir_lab.catalog.course_files import course_path
from aiir_lab.records.base import Lines, parse_yaml, read_text
from aiir_lab.records.errors import NotFoundError, RecordError
from aiir_lab.simulate.world import list_worlds, load_world
from aiir_lab.tabletop.meeting.figures import placeholders, time_column
from aiir_lab.tabletop.meeting.reading import read_words
from aiir_lab.tabletop.meeting.rules import MeetingRules, load_rules
from aiir_lab.tabletop.meeting.script import Figure, MeetingScript

_Place = tuple[str | int, ...]


def list_meetings() -> list[str]:
    """Names of the meetings that the course has."""
    folder = course_path("datasets", "meetings")
    return sorted(path.stem for path in folder.glob("*.yaml") if path.stem != "rules")


def load_meeting_script(meeting: str | Path) -> MeetingScript:
    """Load and check a meeting.

    Parameters
    ----------
    meeting : str or Path
        A name of `list_meetings()`, or the path of a YAML file.

    Raises
    ------
    NotFoundError
        There is no meeting with this name.
    RecordError
        The file is not a sound meeting; each problem with its line and field.

    Examples
    --------
    >>> load_meeting_script("moderation_failure").minutes
    60.0
    """
    path = Path(meeting)
    if path.suffix.lower() not in (".yaml", ".yml"):
        if str(meeting) not in list_meetings():
            raise NotFoundError("meeting", meeting, list_meetings())
        path = course_path("datasets", "meetings", f"{meeting}.yaml")
    return _read(read_text(path), str(path))


def parse_meeting_script(text: str, *, where: str = "meeting") -> MeetingScript:
    """Read and check a meeting whose YAML is at hand.

    Raises
    ------
    RecordError
        The text is no sound meeting; each problem with its line and field.
    """
    return _read(text, where)


@lru_cache(maxsize=16)
def _read(text: str, where: str) -> MeetingScript:
    data, lines = parse_yaml(text, where=where)
    script = MeetingScript.from_dict(data, where=where, lines=lines)
    problems = [_say(place, problem, lines) for place, problem in _find_problems(script)]
    if problems:
        raise RecordError(list(dict.fromkeys(problems)), where=where)
    return script


def _say(place: _Place, problem: str, lines: Lines) -> str:
    line = next((lines[place[:n]] for n in range(len(place), -1, -1) if place[:n] in lines), None)
    return f"{f'line {line}, ' if line else ''}{'.'.join(map(str, place))}: {problem}"


def _find_problems(script: MeetingScript) -> Iterator[tuple[_Place, str]]:
    rules = load_rules()
    if script.world not in list_worlds():
        yield ("world",), f"expected one of {', '.join(list_worlds())}, got {script.world!r}"
        return
    yield from _figure_problems(script)
    yield from _people_problems(script)
    people = [person.id for person in script.participants]
    facts = [fact.id for fact in script.facts]
    for number, fact in enumerate(script.facts):
        here: _Place = ("facts", number)
        for name in fact.after:
            if name not in facts or facts.index(name) >= number:
                yield (*here, "after"), f"expected facts that stand above this one, got {name!r}"
        for place, holder in enumerate(fact.holders):
            yield from _among(holder.who, people, (*here, "holders", place, "who"))
            yield from _text_problems(holder.says, script, (*here, "holders", place, "says"))
            if holder.as_of:
                yield from _among(holder.as_of, list(script.figures), (*here, "holders", place, "as_of"))
        yield from _question_problems(script, number, rules)
    kinds = [row.kind for row in rules.interruptions]
    for number, item in enumerate(script.interruptions):
        here = ("interruptions", number)
        yield from _among(item.kind, kinds, (*here, "kind"))
        yield from _among(item.who, people, (*here, "who"))
        yield from _among(item.about, people, (*here, "about"))
        if item.after_fact:
            yield from _among(item.after_fact, facts, (*here, "after_fact"))
        yield from _text_problems(item.says, script, (*here, "says"))
        if item.kind in kinds:
            read = read_words(item.replies[0], script, rules)
            wanted = rules.interruption(item.kind).answered_by
            if read.harmful or not set(wanted) & set(read.kinds):
                yield (
                    (*here, "replies", 0),
                    f"expected a reply read as {' or '.join(wanted)}, it is read as {', '.join(read.kinds)}",
                )
    for name in ("situation", "document"):
        for number, text in enumerate(getattr(script, name)):
            yield from _text_problems(text, script, (name, number))


def _question_problems(
    script: MeetingScript, number: int, rules: MeetingRules
) -> Iterator[tuple[_Place, str]]:
    """A fact that its own question does not open could never come out."""
    fact = script.facts[number]
    read = read_words(fact.question, script, rules)
    place = ("facts", number, "question")
    holders = [holder.who for holder in fact.holders]
    if read.harmful or not read.asks:
        yield place, f"expected an open question (how, what), it is read as {', '.join(read.kinds)}"
    if read.to not in holders:
        yield place, f"expected it to address one of {', '.join(holders)} by name, it addresses {read.to}"
    if fact.id not in read.topics:
        yield place, f"expected at least one of its topics in it: {', '.join(fact.topics)}"


def _figure_problems(script: MeetingScript) -> Iterator[tuple[_Place, str]]:
    schema = load_world(script.world).schema
    seen: list[str] = []
    for name, figure in script.figures.items():
        here: _Place = ("figures", name)
        for other in figure.names:
            if other not in seen:
                yield here, f"expected figures that stand above this one, got {other!r}"
        seen.append(name)
        if figure.table is None:
            continue
        if figure.table not in schema:
            yield (*here, "table"), f"expected one of {', '.join(schema)}, got {figure.table!r}"
            continue
        columns = list(schema[figure.table].columns)
        for column in [c for c in (figure.column, figure.by, *figure.where) if c]:
            yield from _among(column, columns, here)
        if _needs_time(figure) and set(filter(None, (figure.column, figure.by))) <= set(columns):
            column = time_column(script.world, figure)
            if not column or schema[figure.table].columns[column].dtype != "time":
                yield here, "expected 'by' with a time column, to know what is first, last, after or before"


def _needs_time(figure: Figure) -> bool:
    return bool(figure.after or figure.before or figure.take in ("first", "last") or figure.by)


def _people_problems(script: MeetingScript) -> Iterator[tuple[_Place, str]]:
    names = [alias for person in script.participants for alias in person.aliases]
    for number, person in enumerate(script.participants):
        for alias in person.aliases:
            if alias != alias.lower():
                yield ("participants", number, "aliases"), f"expected lower case, got {alias!r}"
            if names.count(alias) > 1:
                yield ("participants", number, "aliases"), f"{alias!r} stands for two people"
    for what, ids in (
        ("participants", [p.id for p in script.participants]),
        ("facts", [f.id for f in script.facts]),
        ("interruptions", [i.id for i in script.interruptions]),
    ):
        for id in {id for id in ids if ids.count(id) > 1}:
            yield (what, ids.index(id)), f"{id!r} stands twice"


def _text_problems(text: str, script: MeetingScript, place: _Place) -> Iterator[tuple[_Place, str]]:
    try:
        names = placeholders(text)
    except ValueError as error:
        yield place, f"expected figures in braces, such as {{news}} ({error})"
        return
    for name in names:
        if name != "company":
            yield from _among(name, list(script.figures), place)
    # figures come from the run; a date or a share typed by hand would be wrong for every other seed
    typed = re.search(r"\b\d{1,2}:\d\d\b|\b\d+(?:\.\d+)? ?%|\b20\d\d\b", re.sub(r"\{[^}]*\}", "", text))
    if typed:
        yield (
            place,
            f"expected a figure in braces instead of {typed.group()!r}, which other seeds do not share",
        )


def _among(value: str, known: list[str], place: _Place) -> Iterator[tuple[_Place, str]]:
    if value not in known:
        yield place, str(NotFoundError("such name", value, known))
