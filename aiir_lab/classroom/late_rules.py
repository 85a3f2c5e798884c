"""What a lesson's due date and lateness cost: ``late.yaml`` of a course folder, and nothing else.

::

    timezone: Europe/Warsaw
    rule: {loss: 10%, per: day, grace: 15 minutes, most: 50%}
    lessons:
      beginner-01_severity_and_first_update: {due: 2026-03-02 23:59}
      beginner-02_anatomy_of_a_postmortem: {due: 2026-03-09, rule: {loss: 2 points, per: day}}
    extensions:
      ana: {beginner-01_severity_and_first_update: 2 days}
"""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, PlainSerializer

from aiir_lab.records.base import Record
from aiir_lab.records.errors import RecordError

FILE = "late.yaml"
_UNITS = {unit: timedelta(**{f"{unit}s": 1}) for unit in ("minute", "hour", "day", "week")}
_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(minute|hour|day|week)s?")
_LOSS = re.compile(r"(\d+(?:\.\d+)?)\s*(%|points?)")


def _span(value: object) -> object:
    if isinstance(value, timedelta):
        return value
    found = _SPAN.fullmatch(str(value).strip())
    if not found:
        raise ValueError("a time span such as 15 minutes, 36 hours or 2 days")
    return float(found[1]) * _UNITS[found[2]]


def _loss(value: object) -> object:
    found = _LOSS.fullmatch(str(value).strip())
    if not found or (found[2] == "%" and float(found[1]) > 100):
        raise ValueError("a loss such as 10% (of the points earned) or 2 points")
    return f"{float(found[1]):g} {'%' if found[2] == '%' else 'points'}"


def _moment(value: object) -> object:
    # a day alone means its end
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time(23, 59, 59))
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value.strip()):
        return f"{value.strip()}T23:59:59"
    return value.strip() if isinstance(value, str) else value


def _zone(value: object) -> object:
    try:
        return ZoneInfo(str(value)).key
    except (KeyError, OSError, ValueError):  # no such zone, or no name of one
        raise ValueError("a time zone such as Europe/Warsaw or UTC") from None


Span = Annotated[timedelta, BeforeValidator(_span), PlainSerializer(str)]
Loss = Annotated[str, BeforeValidator(_loss)]


class Rule(Record):
    """What lateness costs: ``loss`` for each started ``per``, once ``grace`` is over, at most ``most``.

    A percentage is of the points that were earned. After ``closes_after`` nothing is left.
    """

    loss: Loss
    per: Literal["hour", "day", "week"] = "day"
    grace: Span = timedelta()
    most: Loss = "100 %"
    closes_after: Span | None = None

    def penalty(self, score: float, late: timedelta) -> float:
        """The points lost, 0 to ``score``.

        Parameters
        ----------
        score : float
            The points earned.
        late : timedelta
            Since the due date, extensions considered.

        Examples
        --------
        >>> Rule(loss="10%", most="50%").penalty(20, timedelta(days=1, hours=1))
        4.0
        """
        if late <= max(self.grace, timedelta()):
            return 0.0
        if self.closes_after is not None and late > self.closes_after:
            return score
        started = math.ceil(late / _UNITS[self.per])
        lost = min(started * _points(self.loss, score), _points(self.most, score))
        return round(min(max(lost, 0.0), score), 6)


class Due(Record):
    """When a lesson is due, and where lateness costs something else than in the others, what."""

    due: Annotated[datetime, BeforeValidator(_moment)]
    rule: Rule | None = None


class LateRules(Record):
    """The due dates, rules and extensions of a course."""

    timezone: Annotated[str, BeforeValidator(_zone)] = "UTC"
    rule: Rule
    lessons: dict[str, Due] = Field(default_factory=dict)
    extensions: dict[str, dict[str, Span]] = Field(default_factory=dict)

    @classmethod
    def of(cls, course: Path) -> LateRules | None:
        """The rules of a course folder; ``None`` where it has no ``late.yaml``.

        Raises
        ------
        RecordError
            The file is not as it should be; the message names line and field.
        """
        path = course / FILE
        if not path.is_file():
            return None
        return _read(path, path.stat().st_mtime_ns)

    def rule_of(self, lesson: str) -> Rule:
        """The rule of a lesson."""
        due = self.lessons.get(lesson)
        return (due.rule if due else None) or self.rule

    def due_utc(self, lesson: str) -> datetime:
        """The due date of a lesson in UTC."""
        due = self.lessons[lesson].due
        local = due if due.tzinfo else due.replace(tzinfo=ZoneInfo(self.timezone))
        return local.astimezone(UTC)

    def extension(self, student: str, lesson: str) -> timedelta | None:
        """What a student has been given beyond the due date."""
        return self.extensions.get(student, {}).get(lesson)


@lru_cache(maxsize=8)
def _read(path: Path, _: int) -> LateRules:
    # asked for each late submission; the second argument makes a changed file be read again
    rules = LateRules.from_file(path)
    problems = [
        f"extensions.{student}: {lesson!r} has no due date under lessons"
        for student, given in rules.extensions.items()
        for lesson in given
        if lesson not in rules.lessons
    ]
    if problems:
        raise RecordError(problems, where=str(path))
    return rules


def _points(loss: str, score: float) -> float:
    number, unit = loss.split()
    return float(number) * (score / 100 if unit == "%" else 1.0)


def to_naive_utc(moment: datetime) -> Any:
    """As nbgrader's gradebook keeps times."""
    return moment.astimezone(UTC).replace(tzinfo=None)
