"""The timeline of an incident: timed facts with their source, five clock marks, and durations.

A published source is often silent or vague about time. Three rules keep that visible: an event
carries the precision of its time, a clock mark is ``None`` where no event bears it, and a duration is
``None`` where one of its two marks is.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Self

from pydantic import Field, model_validator

from aiir_lab.records.base import Line, Record, Text, UtcDatetime

if TYPE_CHECKING:
    import pandas as pd


class Precision(StrEnum):
    """How exact the time of an event is. ``unknown`` goes with no time at all."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"

    @property
    def is_clock_time(self) -> bool:
        """Whether a time of day is known, so that minutes can be computed."""
        return self in (Precision.SECOND, Precision.MINUTE, Precision.HOUR)


class EventKind(StrEnum):
    """What an event is about."""

    TRIGGER = "trigger"
    SIGNAL = "signal"
    ALERT = "alert"
    DETECTION = "detection"
    DECISION = "decision"
    ESCALATION = "escalation"
    COMMUNICATION = "communication"
    MITIGATION = "mitigation"
    RESOLUTION = "resolution"
    FOLLOWUP = "followup"
    OTHER = "other"


class Confidence(StrEnum):
    """How close the source of an event stands to those who were there."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    DERIVED = "derived"
    UNSURE = "unsure"


class Basis(StrEnum):
    """How a published fact was read: the publisher's own words in some form, or somebody else's."""

    PRIMARY_TEXT = "primary_text"
    PRIMARY_QUOTED = "primary_quoted"
    PRIMARY_TRANSLATED = "primary_translated"
    PRIMARY_EXCERPT = "primary_excerpt"
    GIT_HISTORY = "git_history"
    SECONDARY = "secondary"


class ClockMark(StrEnum):
    """The five clock marks, and the alert from which acknowledgement is counted."""

    ONSET = "onset"
    ALERTED = "alerted"
    DETECTED = "detected"
    ACKNOWLEDGED = "acknowledged"
    MITIGATED = "mitigated"
    RESOLVED = "resolved"


# How far the true time may lie from at_utc. Days and longer are calendar dates in an unstated zone:
# a date begins 14 hours before it does in UTC at the earliest and ends 12 hours after at the latest.
_SPREAD: dict[Precision, tuple[timedelta, timedelta]] = {
    Precision.SECOND: (timedelta(0), timedelta(seconds=1)),
    Precision.MINUTE: (timedelta(0), timedelta(minutes=1)),
    Precision.HOUR: (timedelta(minutes=30), timedelta(minutes=60)),
    Precision.DAY: (timedelta(hours=14), timedelta(days=1, hours=12)),
    Precision.MONTH: (timedelta(hours=14), timedelta(days=31, hours=12)),
    Precision.YEAR: (timedelta(hours=14), timedelta(days=366, hours=12)),
}


class TimelineEvent(Record):
    """A timed fact with its source and confidence.

    ``at_utc`` of an event known to the day, month or year is the first instant of it in UTC.
    ``when_text`` keeps the time as its source puts it.
    """

    at_utc: UtcDatetime | None = None
    precision: Precision = Precision.MINUTE
    text: Text
    kind: EventKind = EventKind.OTHER
    marks: tuple[ClockMark, ...] = ()
    when_text: Line | None = None
    actor: Line | None = Field(
        default=None, description="role, team or system; never a person's name in blame"
    )
    sources: tuple[Line, ...] = Field(
        default=(), description="keys of the post-mortem's sources, or addresses"
    )
    confidence: Confidence = Confidence.PRIMARY
    basis: Basis | None = Field(default=None, description="how a published fact was read")
    note: Text | None = None
    line: int | None = Field(default=None, ge=1, description="line of the document it was read from")

    @model_validator(mode="after")
    def _time_and_precision_agree(self) -> Self:
        if (self.at_utc is None) != (self.precision is Precision.UNKNOWN):
            raise ValueError("precision 'unknown' exactly where at_utc is missing")
        if len(set(self.marks)) != len(self.marks):
            raise ValueError("each clock mark once")
        return self

    def bounds(self) -> tuple[datetime, datetime] | None:
        """The earliest and the latest UTC time at which this can have been; ``None`` if unknown."""
        if self.at_utc is None:
            return None
        before, after = _SPREAD[self.precision]
        return self.at_utc - before, self.at_utc + after


class Duration(Record):
    """Minutes between two clock marks; ``None`` where the source is silent about one of them.

    ``low_min`` and ``high_min`` are the bounds that the precision of the two times allows. ``minutes`` is
    given between two clock times, or between two calendar days (then in whole days); for any other pair
    a single figure would pretend to know more than the source says, and only the bounds are given.
    """

    name: Line
    from_mark: ClockMark
    to_mark: ClockMark
    minutes: float | None = None
    low_min: float | None = None
    high_min: float | None = None
    precision: Precision = Precision.UNKNOWN
    missing: tuple[ClockMark, ...] = ()

    @property
    def pair(self) -> str:
        """The pair it comes from, such as ``onset -> detected``."""
        return f"{self.from_mark} -> {self.to_mark}"


DURATIONS: dict[str, tuple[ClockMark, ClockMark]] = {
    "time_to_detect": (ClockMark.ONSET, ClockMark.DETECTED),
    "time_to_acknowledge": (ClockMark.ALERTED, ClockMark.ACKNOWLEDGED),
    "time_to_mitigate": (ClockMark.ONSET, ClockMark.MITIGATED),
    "time_to_resolve": (ClockMark.ONSET, ClockMark.RESOLVED),
}
"""Every duration of the kit and the pair of marks it is counted between."""


class Timeline(Record):
    """Timeline events, and the clock marks that they bear."""

    events: tuple[TimelineEvent, ...] = ()

    @model_validator(mode="after")
    def _one_event_per_mark(self) -> Self:
        marks = [mark for event in self.events for mark in event.marks]
        twice = sorted({mark.value for mark in marks if marks.count(mark) > 1})
        if twice:
            raise ValueError(f"each clock mark on one event, but {', '.join(twice)} stands on several")
        return self

    def marked(self, mark: ClockMark | str) -> TimelineEvent | None:
        """The event that bears a clock mark, if any."""
        return next((event for event in self.events if mark in event.marks), None)

    def _at(self, mark: ClockMark) -> datetime | None:
        event = self.marked(mark)
        return event.at_utc if event else None

    @property
    def onset_utc(self) -> datetime | None:
        """When harm, or the first wrong decision, began."""
        return self._at(ClockMark.ONSET)

    @property
    def alerted_utc(self) -> datetime | None:
        """When the first rule fired or the first page went out."""
        return self._at(ClockMark.ALERTED)

    @property
    def detected_utc(self) -> datetime | None:
        """When a responder recognised it."""
        return self._at(ClockMark.DETECTED)

    @property
    def acknowledged_utc(self) -> datetime | None:
        """When a responder took it on."""
        return self._at(ClockMark.ACKNOWLEDGED)

    @property
    def mitigated_utc(self) -> datetime | None:
        """When harm stopped."""
        return self._at(ClockMark.MITIGATED)

    @property
    def resolved_utc(self) -> datetime | None:
        """When the conditions behind it were fixed."""
        return self._at(ClockMark.RESOLVED)

    def duration(self, name: str) -> Duration:
        """One duration by its name in :data:`DURATIONS`."""
        from aiir_lab.records.errors import NotFoundError

        if name not in DURATIONS:
            raise NotFoundError("duration", name, list(DURATIONS))
        start_mark, end_mark = DURATIONS[name]
        start, end = self.marked(start_mark), self.marked(end_mark)
        missing = tuple(
            mark
            for mark, event in ((start_mark, start), (end_mark, end))
            if event is None or event.at_utc is None
        )
        if start is None or end is None or start.at_utc is None or end.at_utc is None:
            return Duration(name=name, from_mark=start_mark, to_mark=end_mark, missing=missing)
        (start_low, start_high), (end_low, end_high) = start.bounds(), end.bounds()  # type: ignore[misc]
        order = list(Precision)
        both_clock = start.precision.is_clock_time and end.precision.is_clock_time
        both_days = start.precision is end.precision is Precision.DAY
        return Duration(
            name=name,
            from_mark=start_mark,
            to_mark=end_mark,
            minutes=_minutes(end.at_utc - start.at_utc) if both_clock or both_days else None,
            low_min=_minutes(max(end_low - start_high, timedelta(0))),
            high_min=_minutes(end_high - start_low),
            precision=max(start.precision, end.precision, key=order.index),
        )

    def metrics(self) -> dict[str, Duration]:
        """Every duration in minutes, each naming its pair of clock marks.

        Returns
        -------
        dict of str to Duration
            ``time_to_detect``, ``time_to_acknowledge``, ``time_to_mitigate``, ``time_to_resolve``.

        Examples
        --------
        >>> timeline = Timeline(events=[
        ...     {"at_utc": "2026-03-02T09:00Z", "text": "First wrong label", "marks": ["onset"]},
        ...     {"at_utc": "2026-03-02T09:12Z", "text": "On-call sees it", "marks": ["detected"]}])
        >>> timeline.metrics()["time_to_detect"].minutes
        12.0
        >>> timeline.metrics()["time_to_mitigate"].minutes is None
        True
        """
        return {name: self.duration(name) for name in DURATIONS}

    def order_conflicts(self) -> list[tuple[int, int]]:
        """Pairs of positions where an event surely came before the one listed ahead of it."""
        conflicts = []
        for later in range(1, len(self.events)):
            bounds = self.events[later].bounds()
            if bounds is None:
                continue
            for earlier in range(later):
                other = self.events[earlier].bounds()
                if other is not None and bounds[1] <= other[0]:
                    conflicts.append((earlier, later))
        return conflicts

    def to_frame(self) -> pd.DataFrame:
        """The events as a table.

        Returns
        -------
        DataFrame
            ``at_utc`` (datetime64, UTC; NaT where unknown), ``precision``, ``kind``, ``text``, ``actor``,
            ``marks`` (comma-separated), ``when_text``, ``sources`` (comma-separated), ``confidence`` (str).
        """
        import pandas as pd

        columns = [
            "at_utc",
            "precision",
            "kind",
            "text",
            "actor",
            "marks",
            "when_text",
            "sources",
            "confidence",
        ]
        rows = [
            {
                "at_utc": event.at_utc,
                "precision": event.precision.value,
                "kind": event.kind.value,
                "text": event.text,
                "actor": event.actor,
                "marks": ", ".join(mark.value for mark in event.marks),
                "when_text": event.when_text,
                "sources": ", ".join(event.sources),
                "confidence": event.confidence.value,
            }
            for event in self.events
        ]
        frame = pd.DataFrame(rows, columns=columns)
        frame["at_utc"] = pd.to_datetime(frame["at_utc"], utc=True)
        return frame


def _minutes(span: timedelta) -> float:
    return span.total_seconds() / 60
