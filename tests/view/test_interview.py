"""Figures of practice: what they show is what the history holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aiir_lab.catalog.interview import Dimension
from aiir_lab.interview.history import Attempt, History
from aiir_lab.view import alt_text, draw_progress, draw_strengths

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def attempt(question: str, score: int, *, day: int, mock: str | None = None, **scores: int) -> Attempt:
    every = dict.fromkeys((dimension.value for dimension in Dimension), score) | scores
    return Attempt.from_dict(
        {
            "at_utc": START + timedelta(days=day),
            "question": question,
            "seconds": 60,
            "scores": every,
            "mock": mock,
        }
    )


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "history.jsonl")


def test_nothing_practised_yet(history: History) -> None:
    for figure in (draw_strengths(history), draw_progress(history)):
        assert len(figure.data) == 0
        assert "lab.practise()" in alt_text(figure)


def test_only_the_latest_answer_to_a_question_counts(history: History) -> None:
    history.append(attempt("missed-signal", 1, day=0))
    history.append(attempt("missed-signal", 4, day=7, result=2))
    history.append(attempt("gone-forever", 1, day=8))
    figure = draw_strengths(history)
    assert figure.layout.title.text.startswith("<b>The most to gain is in result: 2.0")
    assert {note.text for note in figure.layout.annotations} == {"4.0", "2.0"}
    assert "Not practised yet" in alt_text(figure)
    assert "triage" in alt_text(figure)


def test_weeks(history: History) -> None:
    for day, score in ((0, 1), (1, 3), (8, 2), (15, 4)):
        history.append(attempt("missed-signal", score, day=day))
    history.append(attempt("first-public-update", 4, day=16, mock="mock-1"))
    figure = draw_progress(history)
    assert "from 2.0 to 4.0" in figure.layout.title.text
    line = next(trace for trace in figure.data if trace.name == "median of the week")
    assert list(line.y) == [2.0, 2.0, 4.0]
    assert [len(trace.x) for trace in figure.data] == [4, 1, 3]
    assert {trace.marker.symbol for trace in figure.data[:2]} == {"circle", "diamond"}


def test_one_week(history: History) -> None:
    history.append(attempt("missed-signal", 3, day=0))
    assert "The median is 3.0 of 4, over 1 answer</b>" in draw_progress(history).layout.title.text
