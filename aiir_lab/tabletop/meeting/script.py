"""A meeting as its author writes it: people, what each knows, what they bring up by themselves."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from aiir_lab.records.base import Line, Record, Slug, Text
from aiir_lab.records.causes import Strand
from aiir_lab.records.errors import NotFoundError


class Figure(Record):
    """One time, number or word that is read from the tables of the run.

    Either ``table`` with ``take`` (and ``column`` unless it is ``count``), or ``from`` and ``to``: the time
    between two other figures.
    """

    table: Slug | None = None
    column: Line | None = None
    where: dict[Line, str | int | float | bool] = Field(default_factory=dict)
    take: Literal["first", "last", "count", "sum", "max", "min", "median", "most"] | None = None
    by: Line | None = Field(default=None, description="time column that orders and bounds the rows")
    after: Slug | None = Field(default=None, description="figure: only rows later than it")
    before: Slug | None = Field(default=None, description="figure: only rows up to it")
    start: Slug | None = Field(default=None, alias="from")
    end: Slug | None = Field(default=None, alias="to")
    unit: Literal["minutes", "hours", "days"] | None = None
    show: Literal["time", "date", "percent"] | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        is_span = self.start is not None or self.end is not None
        if is_span and (self.table or self.take or not (self.start and self.end and self.unit)):
            raise ValueError("either table and take, or from, to and unit")
        if not is_span and not (self.table and self.take and (self.column or self.take == "count")):
            raise ValueError("table, take and column (no column for count), or from, to and unit")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The other figures that it needs."""
        return tuple(name for name in (self.after, self.before, self.start, self.end) if name)


class Participant(Record):
    """Somebody at the table, and how they speak when they tell nothing new."""

    id: Slug
    name: Line
    aliases: tuple[Line, ...] = Field(min_length=1, description="how one addresses them, lower case")
    voice: Literal["quiet", "normal", "loud"] = "normal"
    start: float = Field(ge=0, le=100, description="psychological safety when they come in, 0 to 100")
    plain: tuple[Line, ...] = Field(min_length=1, description="said when there is nothing to add")
    guarded: tuple[Line, ...] = Field(min_length=1, description="said when it does not feel safe")
    defensive: tuple[Line, ...] = Field(min_length=1, description="said to blame")


class Holder(Record):
    """Somebody who knows a fact, and what it takes for them to tell it."""

    who: Slug
    needs: float = Field(ge=0, le=100, description="safety from which they tell it, 0 to 100")
    as_of: Slug | None = Field(
        default=None, description="figure: the moment whose tables they speak from; None: the end of the run"
    )
    is_first: bool = Field(default=False, description="they tell it when asked for their story in general")
    says: Text


class Fact(Record):
    """One thing that happened or was so; the meeting is there to bring it to light."""

    id: Slug
    title: Line
    strand: Strand
    in_document: bool = Field(default=False, description="the draft that everybody has says it")
    after: tuple[Slug, ...] = Field(default=(), description="facts that must have come out before")
    topics: tuple[Line, ...] = Field(min_length=1, description="words of a question that lead to it")
    question: Line = Field(description="a question that opens it")
    tempting: Line = Field(description="a worse way to ask")
    holders: tuple[Holder, ...] = Field(min_length=1)


class Interruption(Record):
    """Something that somebody brings up by themselves."""

    id: Slug
    kind: Slug
    at_min: float | None = Field(default=None, ge=0, description="minute from which it comes up")
    after_fact: Slug | None = Field(default=None, description="fact after which it comes up")
    who: Slug
    about: Slug
    says: Line
    replies: tuple[Line, ...] = Field(min_length=2, description="the first is the best one")
    better: Line

    @model_validator(mode="after")
    def _has_one_trigger(self) -> Self:
        if (self.at_min is None) == (self.after_fact is None):
            raise ValueError("one of at_min and after_fact")
        return self


class MeetingScript(Record):
    """A whole meeting, as it stands in ``datasets/meetings/<id>.yaml``."""

    id: Slug
    title: Line
    world: Slug
    size: Line | int = "sample"
    minutes: float = Field(default=60.0, gt=0, le=240)
    situation: tuple[Text, ...] = Field(
        min_length=1, description="a part whose figures a run lacks is left out"
    )
    document: tuple[Line, ...] = Field(default=(), description="the draft timeline that everybody has")
    figures: dict[Slug, Figure]
    participants: tuple[Participant, ...] = Field(min_length=2)
    facts: tuple[Fact, ...] = Field(min_length=1)
    interruptions: tuple[Interruption, ...] = ()
    example: tuple[Line, ...] = Field(default=(), description="moves of a meeting led badly, to learn from")
    general: tuple[Line, ...] = Field(default=(), description="choices that are always there")

    def participant(self, id: str) -> Participant:
        """Look a participant up."""
        for person in self.participants:
            if person.id == id:
                return person
        raise NotFoundError("participant", id, [person.id for person in self.participants])

    def fact(self, id: str) -> Fact:
        """Look a fact up."""
        for fact in self.facts:
            if fact.id == id:
                return fact
        raise NotFoundError("fact", id, [fact.id for fact in self.facts])
