"""The rules of a meeting as data: kinds of move, what each does to people, and its source."""

from __future__ import annotations

import re
from functools import cache, cached_property
from typing import TYPE_CHECKING, Self

from pydantic import Field, field_validator, model_validator

from aiir_lab.catalog.course_files import course_path
from aiir_lab.records.base import Line, Record, Slug
from aiir_lab.records.errors import NotFoundError

if TYPE_CHECKING:
    import pandas as pd

LOW, HIGH = 1.0, 7.0
"""The scale of one item, after reversed items are turned round."""


class Item(Record):
    """One statement by which psychological safety is measured."""

    number: int = Field(ge=1)
    text: Line
    is_reversed: bool = Field(description="agreeing with it means less safety")


class Kind(Record):
    """One kind of move: what it does to the person asked and to the room."""

    id: Slug
    what: Line
    helps: bool = False
    harms: bool = False
    asks: bool = Field(default=False, description="whether it can open a fact")
    items: tuple[int, ...] = ()
    asked: float = Field(default=0.0, description="change of each item for the person addressed")
    room: float = Field(default=0.0, description="change of each item for everybody else")
    minutes: float = Field(default=0.0, ge=0, description="more than an ordinary move takes")
    source: Line
    instead: str = ""


class InterruptionKind(Record):
    """One kind of thing that people bring up, and what it does where nobody turns it."""

    kind: Slug
    what: Line
    answered_by: tuple[Slug, ...]
    items: tuple[int, ...]
    target: float
    room: float
    minutes: float = Field(ge=0)
    source: Line


class Pattern(Record):
    """One way to recognise a kind in the words of a sentence."""

    id: Slug
    kind: Slug
    words: str
    question: bool = Field(default=False, description="wants a question or an invitation to speak")

    @field_validator("words")
    @classmethod
    def _compiles(cls, words: str) -> str:
        try:
            re.compile(words)
        except re.error as error:
            raise ValueError(f"a regular expression ({error})") from None
        return words

    def fits(self, sentence: str, *, is_question: bool) -> str:
        """The words of a lower-case sentence that fit; empty where none do."""
        if self.question and not is_question:
            return ""
        match = _compile(self.words).search(sentence)
        return match.group().strip() if match else ""


@cache
def _compile(words: str) -> re.Pattern[str]:
    return re.compile(words)


class Clock(Record):
    """What a move costs, minutes."""

    turn: float = Field(gt=0)
    answer: float = Field(ge=0)
    words_per_min: float = Field(gt=0)


class MeetingRules(Record):
    """Everything that decides how a meeting goes, as it stands in ``datasets/meetings/rules.yaml``."""

    sources: dict[Slug, Line]
    items: tuple[Item, ...]
    clock: Clock
    wear: float = Field(ge=0, le=1)
    room_needs: float = Field(ge=0)
    same_words: float = Field(gt=0, le=1)
    same_words_limit: int = Field(ge=1)
    topics_limit: int = Field(ge=1)
    beforehand_limit: int = Field(ge=0)
    kinds: tuple[Kind, ...]
    interruptions: tuple[InterruptionKind, ...]
    patterns: tuple[Pattern, ...]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        known, numbers = {kind.id for kind in self.kinds}, {item.number for item in self.items}
        used = {p.kind for p in self.patterns} | {k for i in self.interruptions for k in i.answered_by}
        rows: list[Kind | InterruptionKind] = [*self.kinds, *self.interruptions]
        if used - known:
            raise ValueError(f"kinds that are listed; there is no {', '.join(sorted(used - known))}")
        if any(set(row.items) - numbers for row in rows):
            raise ValueError(f"items from {min(numbers)} to {max(numbers)}")
        if any(row.source not in self.sources for row in rows):
            raise ValueError(f"sources among {', '.join(self.sources)}")
        return self

    @cached_property
    def by_id(self) -> dict[str, Kind]:
        """Kind by its id."""
        return {kind.id: kind for kind in self.kinds}

    def kind(self, id: str) -> Kind:
        """Look a kind of move up.

        Raises
        ------
        NotFoundError
            There is no such kind.
        """
        if id not in self.by_id:
            raise NotFoundError("kind of move", id, list(self.by_id))
        return self.by_id[id]

    def interruption(self, kind: str) -> InterruptionKind:
        """Look a kind of interruption up."""
        for row in self.interruptions:
            if row.kind == kind:
                return row
        raise NotFoundError("kind of interruption", kind, [row.kind for row in self.interruptions])

    def to_frame(self) -> pd.DataFrame:
        """The rules as one readable table.

        Returns
        -------
        DataFrame
            Index ``rule`` (str). ``what`` (str); ``effect`` (str: helps, harms, neither, interruption);
            ``items`` (str, numbers of the items that change); ``asked``, ``room`` (float, change of each
            of these items on its scale from 1 to 7, for the person addressed or meant, and for everybody
            else); ``minutes`` (float, beyond an ordinary move); ``turned_by`` (str, what answers an
            interruption); ``source`` (str).
        """
        import pandas as pd

        rows = [
            {
                "rule": kind.id,
                "what": kind.what,
                "effect": "helps" if kind.helps else "harms" if kind.harms else "neither",
                "items": _join(kind.items),
                "asked": kind.asked,
                "room": kind.room,
                "minutes": kind.minutes,
                "turned_by": "",
                "source": self.sources[kind.source],
            }
            for kind in self.kinds
        ] + [
            {
                "rule": f"left: {row.kind}",
                "what": f"{row.what}, and is not turned",
                "effect": "interruption",
                "items": _join(row.items),
                "asked": row.target,
                "room": row.room,
                "minutes": row.minutes,
                "turned_by": ", ".join(row.answered_by),
                "source": self.sources[row.source],
            }
            for row in self.interruptions
        ]
        return pd.DataFrame(rows).set_index("rule")


def _join(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers))


@cache
def load_rules() -> MeetingRules:
    """The rules that every meeting of the course goes by.

    Examples
    --------
    >>> load_rules().kind("accusing_question").harms
    True
    """
    return MeetingRules.from_file(course_path("datasets", "meetings", "rules.yaml"))
