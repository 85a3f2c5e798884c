"""What a request may hold, said once per field; every problem is reported with the field's place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Problem = tuple[str, str]
"""Where (``incident.title``) and what (``must be a string``)."""


class Shape:
    """A check of one value."""

    def problems(self, value: Any, at: str) -> Iterator[Problem]:
        """Everything wrong with ``value``; nothing where it is sound."""
        yield from ()


class Anything(Shape):
    """Any JSON value."""


@dataclass(frozen=True)
class Text(Shape):
    """A string; its length in characters."""

    longest: int | None = None
    shortest: int = 0
    one_of: tuple[str, ...] = ()
    pattern: str = ""

    def problems(self, value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield at, "must be a string"
        elif self.one_of and value not in self.one_of:
            yield at, f"must be one of {', '.join(self.one_of)}"
        elif self.longest is not None and len(value) > self.longest:
            yield at, f"must have at most {self.longest} characters"
        elif self.shortest and len(value.strip()) < self.shortest:
            yield (
                at,
                "must not be empty"
                if self.shortest == 1
                else f"must have at least {self.shortest} characters",
            )
        elif self.pattern and not re.fullmatch(self.pattern, value):
            yield at, f"must look like {self.pattern}"
        elif _is_lone_surrogate(value):
            yield at, "must be valid Unicode"


@dataclass(frozen=True)
class Moment(Shape):
    """A date and time in ISO 8601."""

    def problems(self, value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, str) or parse_moment(value) is None:
            yield at, "must be an ISO 8601 date and time"


class Flag(Shape):
    """True or false."""

    def problems(self, value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, bool):
            yield at, "must be true or false"


@dataclass(frozen=True)
class Whole(Shape):
    """A whole number."""

    least: int | None = None
    most: int | None = None

    def problems(self, value: Any, at: str) -> Iterator[Problem]:
        is_whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        if isinstance(value, bool) or not is_whole:
            yield at, "must be a whole number"
        elif self.least is not None and value < self.least:
            yield at, f"must be at least {self.least}"
        elif self.most is not None and value > self.most:
            yield at, f"must be at most {self.most}"


@dataclass(frozen=True)
class Many(Shape):
    """A list."""

    each: Shape
    most: int | None = None
    fewest: int = 0

    def problems(self, value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield at, "must be a list"
            return
        if self.most is not None and len(value) > self.most:
            yield at, f"must have at most {self.most} entries"
        if len(value) < self.fewest:
            yield at, f"must have at least {self.fewest} entries"
        for index, entry in enumerate(value):
            yield from self.each.problems(entry, f"{at}[{index}]")


@dataclass(frozen=True)
class Table(Shape):
    """An object whose keys are free."""

    each: Shape = field(default_factory=Anything)
    longest: int | None = None

    def problems(self, value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield at, "must be an object"
            return
        if (
            self.longest is not None
            and sum(len(str(k)) + len(str(v)) for k, v in value.items()) > self.longest
        ):
            yield at, f"must have at most {self.longest} characters"
        for name, entry in value.items():
            yield from self.each.problems(entry, f"{at}.{name}" if at else name)


@dataclass(frozen=True)
class Obj(Shape):
    """An object with known fields; unknown ones are let through unless ``closed``."""

    needs: Mapping[str, Shape] = field(default_factory=dict)
    may: Mapping[str, Shape] = field(default_factory=dict)
    closed: bool = False

    def problems(self, value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield at or "body", "must be an object"
            return
        for name, shape in self.needs.items():
            place = f"{at}.{name}" if at else name
            if name not in value:
                yield place, "is required"
            else:
                yield from shape.problems(value[name], place)
        for name, shape in self.may.items():
            if name in value:
                yield from shape.problems(value[name], f"{at}.{name}" if at else name)
        if self.closed:
            for name in value.keys() - self.needs.keys() - self.may.keys():
                yield f"{at}.{name}" if at else name, "is not a known field"


@dataclass(frozen=True)
class Maybe(Shape):
    """The shape, or null."""

    shape: Shape

    def problems(self, value: Any, at: str) -> Iterator[Problem]:
        if value is not None:
            yield from self.shape.problems(value, at)


@dataclass(frozen=True)
class Either(Shape):
    """Any of several shapes; the problems of the last one are told."""

    shapes: tuple[Shape, ...]

    def problems(self, value: Any, at: str) -> Iterator[Problem]:
        found: list[Problem] = []
        for shape in self.shapes:
            found = list(shape.problems(value, at))
            if not found:
                return
        yield from found


def parse_moment(text: str) -> datetime | None:
    """An ISO 8601 time, in UTC where it names no zone; None if it is not one."""
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _is_lone_surrogate(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)
