"""What cannot be read without a guess: several incidents in one file, and times that could be years."""

from __future__ import annotations

import re
from collections.abc import Callable

from aiir_lab.review.reading.blocks import TIMELINE, Block
from aiir_lab.review.reading.timeline import Question
from aiir_lab.review.reading.times import find_stamps

_INCIDENT = re.compile(r"(?i)\b(?:incident|outage|post-?mortem|disruption|sev[- ]?\d)\b")

_BARE = re.compile(
    r"(?i)\b(?:between|from)\s(?P<first>(?:[01]\d|2[0-3])[0-5]\d)\s(?:and|to|until)\s"
    r"(?P<second>(?:[01]\d|2[0-3])[0-5]\d)(?![\d:])"
)
# "14:??", "??:??" or the "HH:MM" of a template: a time that nobody filled in
_OPEN_CLOCK = re.compile(
    r"(?i)(?<![\w:])(?:(?:[01]?\d|2[0-3]):(?:\?{1,2}|x{1,2}|_{1,2}|mm)|\?{1,2}:\?{1,2}|hh:mm|xx:xx)"
)
# both within this span: more likely years
_YEARS = range(1990, 2036)


def ask_about_bare_times(blocks: list[Block], *, ask: Callable[[Question], None]) -> None:
    """Ask about "between 1900 and 2100" without a zone, which is not read as times."""
    for block in blocks:
        for match in _BARE.finditer(block.text):
            are_years = int(match["first"]) in _YEARS and int(match["second"]) in _YEARS
            if not are_years and not any(
                stamp.start >= match.start("first") for stamp in find_stamps(block.text)
            ):
                ask(
                    Question(
                        "unclear_time",
                        block.line,
                        f"{match[0]!r} may be times of day; they were not read.",
                        "Write them as 19:00 UTC.",
                    )
                )


def ask_about_open_clocks(blocks: list[Block], *, ask: Callable[[Question], None]) -> None:
    """Ask about entries whose time of day is left open, such as "14:??"; at most their day was read."""
    found = [
        (block.line, match[0])
        for block in blocks
        if block.kind != "heading"
        for words in (block.cells or (block.text,))
        if (match := _OPEN_CLOCK.search(words)) and _is_lead(words[: match.start()])
    ]
    if found:
        line, written = found[0]
        where = ", ".join(str(number) for number in dict.fromkeys(number for number, _ in found))
        ask(
            Question(
                "unclear_time",
                line,
                f"{written!r} is no time of day; at most the day was read (line {where}).",
                "Fill in the time, write 'about 14:30 UTC', or delete the line of the template.",
            )
        )


def _is_lead(words: str) -> bool:
    """Whether nothing but a date stands there."""
    for stamp in reversed(find_stamps(words)):
        words = words[: stamp.start] + words[stamp.end :]
    return not re.search(r"\w", words)


def first_incident(blocks: list[Block], *, ask: Callable[[Question], None]) -> list[Block]:
    """The blocks of the first incident, with what stands before it; all of them where there is one incident.

    Two incidents are told by headings of one level that each hold a timeline of their own, or that each name
    an incident and a day. Their timelines are never mixed: the others stay unread, and a question names them.
    """
    for level in sorted({block.level for block in blocks if block.kind == "heading"}):
        starts = [
            number
            for number, block in enumerate(blocks)
            if block.kind == "heading" and block.level == level and _is_incident(blocks, number)
        ]
        if len(starts) > 1:
            others = [blocks[number] for number in starts[1:]]
            named = "; ".join(f"{block.text[:60]!r} (line {block.line})" for block in others[:5])
            ask(
                Question(
                    "several_incidents",
                    others[0].line,
                    f"The file holds {len(starts)} incidents; only the first was read. Left unread: {named}.",
                    "Put each incident into a file of its own.",
                )
            )
            end = next(
                (
                    number
                    for number in range(starts[0] + 1, len(blocks))
                    if blocks[number].kind == "heading" and blocks[number].level <= level
                ),
                len(blocks),
            )
            return blocks[:end]
    return blocks


def _is_incident(blocks: list[Block], at: int) -> bool:
    """Whether the heading at `at` opens an incident of its own."""
    heading = blocks[at]
    if TIMELINE.search(heading.text):
        return False
    has_timeline = False
    for block in blocks[at + 1 :]:
        if block.kind == "heading" and block.level <= heading.level:
            break
        has_timeline |= block.kind == "heading" and TIMELINE.search(block.text) is not None
    is_dated = any(stamp.has_date for stamp in find_stamps(heading.text))
    return has_timeline or (is_dated and _INCIDENT.search(heading.text) is not None)
