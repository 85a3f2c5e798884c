"""The practice panel by its buttons, as a learner presses them, and as text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

import pytest

from aiir_lab.catalog.interview import load_interview_question
from aiir_lab.interview.history import History
from aiir_lab.widgets import PracticePanel, practise

STRONG = load_interview_question("fragmented-communication").worked_strong
assert STRONG is not None
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "history.jsonl")


@pytest.fixture
def panel(history: History) -> PracticePanel:
    times = iter(NOW + timedelta(seconds=20 * step) for step in range(1000))
    return practise(history=history, count=2, level="beginner", clock=lambda: next(times))


def test_write_judge_follow_up_next(panel: PracticePanel, history: History) -> None:
    first, second = panel.practice.questions
    assert escape(first.question) in panel.asked.value
    panel.writing.value = STRONG.text()
    panel.judge_button.click()
    assert "role='status'" in panel.said.value
    assert "of&nbsp;4" in panel.said.value
    assert panel.practice.follow_up is not None
    assert panel.writing.value == ""
    panel.writing.value = "I would ask <b>support</b> first."
    panel.judge_button.click()
    assert escape(second.question) in panel.asked.value
    assert [attempt.follow_up is None for attempt in history.attempts] == [True, False]


def test_an_empty_answer_is_not_judged(panel: PracticePanel, history: History) -> None:
    panel.judge_button.click()
    assert "Write an answer first" in panel.said.value
    assert history.attempts == ()


def test_spoken(panel: PracticePanel, history: History) -> None:
    panel.spoke_button.click()
    assert "You spoke for" in panel.rubric.value
    assert panel.scoring in panel.children
    for box in panel.own.values():
        box.value = 3
    panel.keep_button.click()
    (attempt,) = history.attempts
    assert attempt.mode == "spoken"
    assert attempt.seconds > 0
    assert panel.practice.follow_up is not None
    panel.spoke_button.click()
    assert panel.practice.current == panel.practice.questions[1]


def test_skip_to_the_end(panel: PracticePanel, history: History) -> None:
    panel.skip_button.click()
    panel.skip_button.click()
    assert "The session is over" in panel.asked.value
    assert "Nothing was scored" in panel.asked.value
    assert "over" in repr(panel)
    assert not history.path.exists()


def test_text_where_there_is_no_front_end(panel: PracticePanel) -> None:
    text = panel._repr_mimebundle_()["text/plain"]
    assert panel.practice.questions[0].question in text
    assert ".answer(" in text
    judged = panel.answer(STRONG)
    assert judged.score > 0.5
    assert "Follow-up" in repr(panel)
    assert panel.answer_follow_up("The analyst was careless.")


def test_nothing_due(history: History) -> None:
    assert "Nothing is due" in practise(history=history, due_only=True).asked.value


def test_hostile_text_stays_text(panel: PracticePanel) -> None:
    panel.writing.value = "<img src=x onerror=alert(1)> " + STRONG.text()
    panel.judge_button.click()
    assert "<img" not in panel.said.value
