from __future__ import annotations

import datetime as dt

import pytest

from aiir_lab.records import ClockMark, NotFoundError, RecordError, Timeline, TimelineEvent


def event(at: str | None, *marks: str, precision: str = "minute", text: str = "x") -> TimelineEvent:
    return TimelineEvent(at_utc=at, marks=marks, precision=precision if at else "unknown", text=text)


FULL = Timeline(
    events=(
        event("2026-03-02T09:00Z", "onset"),
        event("2026-03-02T09:10Z", "alerted"),
        event("2026-03-02T09:14Z", "detected", "acknowledged"),
        event("2026-03-02T10:00Z", "mitigated"),
        event("2026-03-02T13:30Z", "resolved"),
    )
)


def test_every_duration_counts_from_its_own_mark() -> None:
    found = {name: (d.minutes, d.pair) for name, d in FULL.metrics().items()}
    assert found == {
        "time_to_detect": (14.0, "onset -> detected"),
        "time_to_acknowledge": (4.0, "alerted -> acknowledged"),
        "time_to_mitigate": (60.0, "onset -> mitigated"),
        "time_to_resolve": (270.0, "onset -> resolved"),
    }


def test_silence_is_none_and_named() -> None:
    timeline = Timeline(events=(event("2026-03-02T09:00Z", "onset"), event(None, "detected")))
    duration = timeline.metrics()["time_to_detect"]
    assert duration.minutes is None
    assert duration.missing == (ClockMark.DETECTED,)
    assert timeline.detected_utc is None
    assert timeline.resolved_utc is None


def test_times_become_utc_also_past_midnight() -> None:
    assert event("2026-03-01T23:30-05:00").at_utc == dt.datetime(2026, 3, 2, 4, 30, tzinfo=dt.UTC)


def test_calendar_days_give_whole_days_with_honest_bounds() -> None:
    timeline = Timeline(
        events=(
            event("2025-04-24T00:00Z", "onset", precision="day"),
            event("2025-04-27T00:00Z", "detected", precision="day"),
        )
    )
    duration = timeline.metrics()["time_to_detect"]
    assert duration.minutes == 3 * 1440
    assert duration.low_min is not None
    assert duration.high_min is not None
    assert duration.low_min <= 2 * 1440 < 4 * 1440 <= duration.high_min


def test_a_day_and_a_clock_time_give_bounds_only() -> None:
    timeline = Timeline(
        events=(
            event("2025-07-07T00:00Z", "onset", precision="day"),
            event("2025-07-06T23:00Z", "detected"),
        )
    )
    duration = timeline.metrics()["time_to_detect"]
    assert duration.minutes is None
    assert duration.low_min == 0
    assert duration.precision == "day"


def test_order_conflicts_only_where_precision_allows_to_say_so() -> None:
    day = event("2026-03-02T00:00Z", precision="day")
    minute = event("2026-03-02T09:00Z")
    earlier = event("2026-03-02T08:00Z")
    assert Timeline(events=(minute, day, earlier)).order_conflicts() == [(0, 2)]


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        (
            "events:\n- text: x\n  at_utc: 2026-03-02T09:00\n",
            "line 3, events.0.at_utc",
            "a time with its zone",
        ),
        ("events:\n- text: x\n", "line 2, events.0", "precision 'unknown' exactly where at_utc is missing"),
        ("events:\n- text: ''\n  precision: unknown\n", "line 2, events.0.text", "some text"),
        ("events:\n- text: x\n  precision: soon\n", "line 3, events.0.precision", "'second', 'minute'"),
        (
            "events:\n- text: x\n  precision: unknown\n  colour: red\n",
            "line 4, events.0.colour",
            "no such field",
        ),
        ("events:\n- text: x\n  at_utc: 17\n", "line 3, events.0.at_utc", "a time such as"),
        ("events:\n- text: a: b\n", "line 2", "not YAML"),
        ("events: []\nevents: []\n", "line 2", "'events' stands twice"),
        ("[" * 5000, "", "not"),
        ("- " * 5000, "", "nested too deeply"),
        ("events: &x [*x]", "", "nested too deeply"),
    ],
)
def test_errors_name_file_line_field_expected_and_got(text: str, field: str, words: str) -> None:
    with pytest.raises(RecordError) as caught:
        Timeline.from_yaml(text, where="incident.yaml")
    message = str(caught.value)
    assert message.startswith("incident.yaml: 1 problem found.")
    assert field in message
    assert words in message


def test_a_mark_stands_once() -> None:
    with pytest.raises(ValueError, match="onset stands on several"):
        Timeline(events=(event("2026-03-02T09:00Z", "onset"), event("2026-03-02T09:01Z", "onset")))


def test_unknown_duration_names_the_known_ones() -> None:
    with pytest.raises(NotFoundError, match="time_to_detect"):
        FULL.duration("time_to_detec")


def test_frame_has_its_columns_even_when_empty() -> None:
    frame = Timeline().to_frame()
    assert list(frame.columns)[:3] == ["at_utc", "precision", "kind"]
    assert str(frame["at_utc"].dt.tz) == "UTC"
    assert FULL.to_frame()["marks"].tolist()[2] == "detected, acknowledged"
