"""The figure of safety over a meeting."""

from __future__ import annotations

from aiir_lab import alt_text, draw_meeting, start_meeting


def test_one_line_for_each_person_and_marks_where_it_turned() -> None:
    meeting = start_meeting("moderation_failure", seed=7)
    meeting.say("Filter owner, why did you let it get so old?")
    result = meeting.result()
    figure = draw_meeting(result)
    names = [trace.name for trace in figure.data]
    assert names == [*result.safety.columns, "turned", "closed"]
    lines = figure.data[: len(result.safety.columns)]
    # never by colour alone
    assert len({(line.line.dash, line.marker.symbol) for line in lines}) == len(lines)
    assert list(lines[0].y) == list(result.safety["Filter owner"])
    assert list(figure.data[-1].x) == [0.0]
    assert "Filter owner fell by" in alt_text(figure)
    assert "0 of 18 facts" in alt_text(figure)
    assert "Director from 62 to" in alt_text(figure)


def test_before_the_first_move() -> None:
    figure = draw_meeting(start_meeting("moderation_failure", seed=7).result(), title="Nothing yet")
    assert list(figure.data[0].x) == [0.0]
    assert "Nothing yet" in alt_text(figure)
