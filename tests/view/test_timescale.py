from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiir_lab.records import Precision, TimelineEvent
from aiir_lab.view.timescale import fit_timescale, middle_of, say_span

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def at(**delta: float) -> TimelineEvent:
    return TimelineEvent(at_utc=START + timedelta(**delta), text="x")


def test_an_even_timeline_is_not_folded():
    assert fit_timescale([at(minutes=10 * step) for step in range(6)]).folds == ()


def test_a_long_quiet_gap_is_folded_and_named():
    scale = fit_timescale([at(), at(minutes=10), at(minutes=25), at(days=21)])
    assert [fold.label for fold in scale.folds] == ["21 days"]
    # what happened within the half hour now has room
    assert scale.place(START + timedelta(minutes=25)) > 0.7


def test_a_gap_that_is_not_much_longer_than_the_others_stays():
    assert fit_timescale([at(), at(minutes=10), at(minutes=40)]).folds == ()


def test_two_events_far_apart_are_the_whole_axis():
    assert fit_timescale([at(), at(days=300)]).folds == ()


def test_a_single_event_gets_an_axis():
    scale = fit_timescale([at()])
    assert scale.place(START) == pytest.approx(0.5)
    assert scale.ticks()


times = st.integers(0, 40 * 365 * 86_400).map(
    lambda second: datetime(1990, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
)
events = st.builds(
    lambda time, precision: TimelineEvent(at_utc=time, precision=precision, text="x"),
    times,
    st.sampled_from([precision for precision in Precision if precision is not Precision.UNKNOWN]),
)


@given(st.lists(events, min_size=1, max_size=12))
def test_no_marker_falls_into_a_fold_and_order_is_kept(sample):
    scale = fit_timescale(sample)
    middles = sorted(middle_of(event) for event in sample)
    for middle in middles:
        assert scale.start < middle < scale.end
        assert not any(fold.start < middle < fold.end for fold in scale.folds)
    places = [scale.place(middle) for middle in middles]
    assert places == sorted(places)
    assert 0 <= places[0] <= places[-1] <= 1


@given(st.lists(events, min_size=1, max_size=12))
def test_ticks_are_in_order_and_on_shown_parts(sample):
    scale = fit_timescale(sample)
    ticks = [time for time, _ in scale.ticks()]
    assert ticks == sorted(ticks)
    assert 1 <= len(ticks) <= 40
    assert not any(fold.start < tick < fold.end for fold in scale.folds for tick in ticks)


@given(times, times)
def test_clipping_leaves_no_end_inside_a_fold(one, other):
    scale = fit_timescale([at(), at(minutes=10), at(minutes=25), at(days=21)])
    start, end = scale.clip(*sorted((one, other)))
    assert not any(fold.start < edge < fold.end for fold in scale.folds for edge in (start, end))


def test_a_day_only_event_gets_no_time_of_day():
    days = [
        TimelineEvent(at_utc=datetime(2025, 4, day, tzinfo=UTC), precision="day", text="x")
        for day in (24, 25)
    ]
    assert all(":" not in label for _, label in fit_timescale(days).ticks())


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(minutes=45), "45 min"),
        (timedelta(minutes=210), "3.5 h"),
        (timedelta(hours=47), "47 h"),
        (timedelta(days=6), "6 days"),
        (timedelta(days=42), "6 weeks"),
        (timedelta(days=365 * 3), "3 years"),
    ],
)
def test_spans_in_words(span, words):
    assert say_span(span) == words
