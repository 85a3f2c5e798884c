from __future__ import annotations

import pytest

from aiir_lab.records import AiirError, Postmortem, Timeline
from aiir_lab.view import alt_text, draw_timeline
from aiir_lab.view.timeline import say_when


def markers(fig):
    return {trace.name: list(trace.text) for trace in fig.data}


def words(fig):
    return " ".join(annotation.text for annotation in fig.layout.annotations)


def test_each_kind_has_a_lane_and_each_event_its_number(pm):
    fig = draw_timeline(pm)
    assert markers(fig) == {
        "trigger": ["2"], "alert": ["3"], "detection": ["4"], "decision": ["1"], "mitigation": ["5"],
    }  # fmt: skip
    assert list(fig.layout.yaxis.ticktext) == ["Trigger", "Alert", "Detection", "Decision", "Mitigation"]


def test_the_claim_names_the_durations(pm):
    assert (
        draw_timeline(pm).layout.title.text == "<b>Detected 12 min after onset; mitigated 4 h after onset</b>"
    )
    assert draw_timeline(pm, title="Mine").layout.title.text == "<b>Mine</b>"


def test_clock_marks_are_lines_with_names(pm):
    fig = draw_timeline(pm)
    dashed = [shape for shape in fig.layout.shapes if shape.line.dash == "dash"]
    assert len(dashed) == 4
    assert "<b>detected, acknowledged</b>" in words(fig)


def test_a_day_is_drawn_as_a_bar(pm):
    bars = [shape for shape in draw_timeline(pm).layout.shapes if shape.line.width == 4]
    assert len(bars) == 1


def test_an_event_without_a_time_stands_below(pm):
    assert "6: Clients are told" in words(draw_timeline(pm))


def test_some_events_only_keep_their_numbers(pm):
    assert markers(draw_timeline(pm, only=[2, 5])) == {"trigger": ["2"], "mitigation": ["5"]}


def test_the_text_alternative_tells_every_event(pm):
    alt = alt_text(draw_timeline(pm))
    assert all(event.text in alt for event in pm.timeline.events)
    assert "UTC" in alt


@pytest.mark.parametrize(
    ("record", "note"),
    [
        (Timeline(), "no events yet"),
        (Postmortem(id="a", title="b"), "no events yet"),
        (Timeline(events=[{"precision": "unknown", "text": "Somebody noticed"}]), "Somebody noticed"),
    ],
)
def test_nothing_to_draw_is_said(record, note):
    fig = draw_timeline(record)
    assert note in words(fig)
    assert len(fig.data) == 0


def test_hostile_text_stays_text(hostile):
    fig = draw_timeline(hostile)
    assert "<script" not in words(fig)
    assert all("<script" not in text for trace in fig.data for text in trace.hovertext)


def test_silence_about_onset_is_claimed_once():
    timeline = Timeline(events=[{"at_utc": "2026-03-02T09:00Z", "text": "x", "marks": ["detected"]}])
    title = draw_timeline(timeline).layout.title.text
    assert title == "<b>No time of onset or mitigation is given</b>"


def test_coarse_times_are_said_to_be_coarse():
    timeline = Timeline(
        events=[
            {"at_utc": "2025-04-24T00:00Z", "precision": "day", "text": "a", "marks": ["onset"]},
            {"at_utc": "2025-04-27T00:00Z", "precision": "day", "text": "b", "marks": ["detected"]},
        ]
    )
    title = draw_timeline(timeline).layout.title.text
    assert (
        title == "<b>Detected 3 days after onset; no time of mitigation is given (times known to the day)</b>"
    )


def test_a_wrong_argument_is_explained():
    with pytest.raises(AiirError, match=r"load_postmortem"):
        draw_timeline("gitlab-2017")


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ({"at_utc": "2026-03-02T09:12:05Z", "precision": "second", "text": "x"}, "2026-03-02 09:12:05 UTC"),
        ({"at_utc": "2026-03-02T09:00Z", "precision": "hour", "text": "x"}, "2026-03-02 about 09:00 UTC"),
        ({"at_utc": "2026-03-02T00:00Z", "precision": "day", "text": "x"}, "2026-03-02"),
        ({"at_utc": "2026-01-01T00:00Z", "precision": "year", "text": "x"}, "2026"),
        ({"precision": "unknown", "text": "x", "when_text": "at night"}, "at night"),
        ({"precision": "unknown", "text": "x"}, "time unknown"),
    ],
)
def test_no_time_is_said_more_exactly_than_it_is_known(event, said):
    assert say_when(Timeline(events=[event]).events[0]) == said


def test_every_public_record_is_drawn_whole(public_record_path):
    record = Postmortem.from_file(public_record_path)
    fig = draw_timeline(record)
    timed = sum(event.at_utc is not None for event in record.timeline.events)
    assert sum(len(numbers) for numbers in markers(fig).values()) == timed
