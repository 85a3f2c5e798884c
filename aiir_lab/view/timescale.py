"""A time axis for incidents: minutes that matter beside months in which nothing happened.

An incident has a cluster of minutes or hours, and often a decision long before and a follow-up long after.
On a plain axis the cluster becomes a smear. Here long quiet gaps are folded, and every fold is drawn and
named, so that the reader knows that the axis is not even there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from aiir_lab.records.timeline import Precision, TimelineEvent

_LENGTH = {
    Precision.DAY: timedelta(days=1),
    Precision.MONTH: timedelta(days=30),
    Precision.YEAR: timedelta(days=365),
}
# A gap is folded when it takes more than this share of the axis and is many times the usual (median) gap;
# at most so many, or the axis says little.
_FOLD_SHARE = 0.45
_FOLD_TIMES = 6
_MAX_FOLDS = 5
_TICK_CHAR_SHARE = 0.011  # width of a character; ticks must not write over each other
_STEPS = (
    *(timedelta(minutes=count) for count in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720)),
    *(timedelta(days=count) for count in (1, 2, 3, 7, 14, 30, 91, 182, 365, 730, 1826, 3652)),
)
# What a folded gap keeps, as a share of the unfolded rest.
_KEPT_SHARE = 0.09


@dataclass(frozen=True)
class Fold:
    """A stretch of time left out of the axis."""

    start: datetime
    end: datetime
    gap: timedelta

    @property
    def label(self) -> str:
        """How much time lies in the gap, such as ``6 weeks``."""
        return say_span(self.gap)


@dataclass(frozen=True)
class Timescale:
    """The range of an axis, its folds, and where a time lies on it.

    ``clock_times`` are the times known to the hour or better: only near them a tick may show a time of day.
    """

    start: datetime
    end: datetime
    folds: tuple[Fold, ...] = ()
    clock_times: tuple[datetime, ...] = ()

    def place(self, at: datetime) -> float:
        """Share of the axis to the left of a time, 0 to 1."""
        shown = self._shown(self.start, self.end)
        at = min(max(at, self.start), self.end)
        return self._shown(self.start, at) / shown

    def clip(self, start: datetime, end: datetime) -> tuple[datetime, datetime]:
        """The part of a stretch of time that the axis shows, its ends outside the folds."""
        start, end = max(start, self.start), min(end, self.end)
        for fold in self.folds:
            if fold.start < start < fold.end:
                start = fold.end
            if fold.start < end < fold.end:
                end = fold.start
        return start, end

    def ticks(self, *, count: int = 8) -> list[tuple[datetime, str]]:
        """Round times on the shown parts, about ``count`` of them, with labels; the date where it changes."""
        shown = timedelta(seconds=self._shown(self.start, self.end))
        step = next((step for step in _STEPS if step * count >= shown), _STEPS[-1])
        cuts = [self.start, *(edge for fold in self.folds for edge in (fold.start, fold.end)), self.end]
        labels: list[tuple[datetime, str]] = []
        last: datetime | None = None
        used = 0.0
        for left, right in zip(cuts[::2], cuts[1::2], strict=True):
            has_clock = any(left <= at <= right for at in self.clock_times)
            step_here = step if has_clock else max(step, timedelta(days=1))
            round_times = [at for at in _round_times(left, right, step_here) if left <= at <= right]
            # a stretch between two folds may hold no round time; it still must say when it is
            for at in round_times or [left + (right - left) / 2]:
                by_clock = has_clock and step < timedelta(days=1)
                label = _say_tick(at, last, by_clock=by_clock)
                half = max(map(len, label.split("<br>"))) * _TICK_CHAR_SHARE / 2
                if last is None or self.place(at) - half > used:
                    labels.append((at, label))
                    last, used = at, self.place(at) + half
        return labels

    def _shown(self, start: datetime, end: datetime) -> float:
        hidden = sum(
            (max(min(end, fold.end) - max(start, fold.start), timedelta(0)) for fold in self.folds),
            timedelta(0),
        )
        return (end - start - hidden).total_seconds()


def span_of(event: TimelineEvent) -> tuple[datetime, datetime]:
    """First and last instant that an event's published time covers (they are equal for a clock time)."""
    assert event.at_utc is not None
    return event.at_utc, event.at_utc + _LENGTH.get(event.precision, timedelta(0))


def middle_of(event: TimelineEvent) -> datetime:
    """Where an event's marker stands: in the middle of the time that it may have been."""
    start, end = span_of(event)
    return start + (end - start) / 2


def fit_timescale(events: Sequence[TimelineEvent]) -> Timescale:
    """The axis for events that all have a time; at least one.

    What counts is where the markers stand. The bar of a day or a year may be cut by a fold, or a single
    event known to the year would squeeze an incident of an hour into one point.
    """
    stops = sorted({middle_of(event) for event in events})
    gaps = [(right - left, left, right) for left, right in pairwise(stops)]
    rest = stops[-1] - stops[0]
    chosen: list[tuple[timedelta, datetime, datetime]] = []
    usual = sorted(gap[0] for gap in gaps)[(len(gaps) - 1) // 2] if gaps else timedelta(0)
    for gap in sorted(gaps, reverse=True)[:_MAX_FOLDS]:
        if gap[0] <= _FOLD_SHARE * rest or gap[0] <= _FOLD_TIMES * usual or gap[0] >= rest:
            break
        chosen.append(gap)
        rest -= gap[0]
    kept = rest * _KEPT_SHARE
    folds = tuple(
        Fold(start=left + kept / 2, end=right - kept / 2, gap=right - left)
        for _, left, right in sorted(chosen, key=lambda cut: cut[1])
    )
    coarse = all(not event.precision.is_clock_time for event in events)
    margin = max(rest * _KEPT_SHARE / 2, timedelta(hours=12) if coarse else timedelta(minutes=1))
    clock = tuple(sorted(middle_of(event) for event in events if event.precision.is_clock_time))
    return Timescale(start=stops[0] - margin, end=stops[-1] + margin, folds=folds, clock_times=clock)


def _round_times(left: datetime, right: datetime, step: timedelta) -> list[datetime]:
    midnight = left.replace(hour=0, minute=0, second=0, microsecond=0)
    if step < timedelta(days=28):
        count = int((right - midnight) / step) + 1
        return [midnight + number * step for number in range(count)]
    months = max(round(step / timedelta(days=30.44)), 1)
    first = midnight.replace(day=1)
    count = int((right - first) / timedelta(days=28)) // months + 1
    starts = (first.month - 1 + number * months for number in range(count + 1))
    return [first.replace(year=first.year + start // 12, month=start % 12 + 1) for start in starts]


def _say_tick(at: datetime, last: datetime | None, *, by_clock: bool) -> str:
    if by_clock:
        is_new_day = last is None or last.date() != at.date()
        return f"{at:%H:%M}" + (f"<br>{at.day} {at:%b %Y}" if is_new_day else "")
    is_new_year = last is None or last.year != at.year
    return f"{at.day} {at:%b}" + (f"<br>{at:%Y}" if is_new_year else "")


def say_span(span: timedelta) -> str:
    """A length of time in words: ``45 min``, ``3.5 h``, ``6 days``, ``2 years``."""
    minutes = span.total_seconds() / 60
    for unit, size, until in (
        ("min", 1, 120),
        ("h", 60, 48),
        ("days", 1440, 21),
        ("weeks", 1440 * 7, 10),
        ("months", 1440 * 30.44, 24),
        ("years", 1440 * 365.25, float("inf")),
    ):
        number = minutes / size
        if number < until:
            return f"{number:.1f}".removesuffix(".0") + f" {unit}" if number < 24 else f"{number:.0f} {unit}"
    raise AssertionError("unreachable: the last unit has no upper bound")
