"""Practice over weeks by an injected clock: schedule, history, follow-ups, mock interview."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aiir_lab.catalog.interview import Dimension, interview_questions, load_interview_question
from aiir_lab.interview import History, MockInterview, Practice
from aiir_lab.interview.history import FILE, Attempt
from aiir_lab.interview.schedule import due_dates, plan_session, select
from aiir_lab.records import AiirError, NotFoundError

STRONG = load_interview_question("fragmented-communication").worked_strong
WEAK = load_interview_question("biased-model-postmortem").worked_weak
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / FILE)


def attempt(question: str, score: int, *, day: float = 0, **other: Any) -> Attempt:
    scores = dict.fromkeys((dimension.value for dimension in Dimension), score)
    return Attempt.from_dict(
        {"at_utc": START + timedelta(days=day), "question": question, "seconds": 90, "scores": scores} | other
    )


class TestSchedule:
    def test_a_better_answer_comes_back_later(self) -> None:
        days = {}
        for score in (1, 2, 3, 4):
            due = due_dates([attempt("missed-signal", score)])["missed-signal"]
            days[score] = (due.due_utc - START).days
        assert 1 <= days[1] <= days[2] < days[3] < days[4] <= 60

    def test_the_second_time_it_waits_longer(self) -> None:
        once = due_dates([attempt("missed-signal", 3)])["missed-signal"].due_utc - START
        twice = [attempt("missed-signal", 3), attempt("missed-signal", 3, day=once.days)]
        second = due_dates(twice)["missed-signal"].due_utc - twice[1].at_utc
        assert second > once

    def test_follow_ups_and_unscored_attempts_do_not_count(self) -> None:
        assert due_dates([attempt("missed-signal", 3, scores=None)]) == {}
        assert due_dates([attempt("missed-signal", 3, follow_up="And then?")]) == {}

    def test_due_comes_first_then_new_of_other_competencies(self) -> None:
        attempts = (attempt("missed-signal", 1), attempt("first-public-update", 4))
        now = START + timedelta(days=2)
        plan = plan_session(attempts, now_utc=now, count=6)
        assert plan[0].id == "missed-signal"
        assert "first-public-update" not in {question.id for question in plan}
        counts = Counter(question.competency for question in plan[1:])
        assert max(counts.values()) == 1
        only = plan_session(attempts, now_utc=now, count=6, due_only=True)
        assert [question.id for question in only] == ["missed-signal"]

    def test_the_same_seed_gives_the_same_plan(self) -> None:
        plans = [plan_session((), now_utc=START, count=8, seed=seed) for seed in (3, 3, 4)]
        assert plans[0] == plans[1] != plans[2]

    def test_a_question_that_left_the_bank_is_no_trouble(self) -> None:
        plan = plan_session((attempt("gone-forever", 1),), now_utc=START + timedelta(days=9), due_only=True)
        assert plan == []

    def test_choices(self) -> None:
        assert {question.level for question in select(level="beginner")} == {"beginner"}
        assert {str(q.competency) for q in select(competency="Communication")} == {"communication"}
        for wrong in ({"level": "expert"}, {"competency": "cooking"}, {"kind": "odd"}, {"role": "ceo"}):
            with pytest.raises(NotFoundError):
                select(**wrong)  # type: ignore[arg-type]


class TestPractice:
    def test_an_answer_is_judged_kept_and_followed_up(self, history: History, clock: Clock) -> None:
        practice = Practice(history=history, clock=clock, count=2)
        first = practice.current
        assert first is not None
        clock.forward(seconds=95)
        judged = practice.answer(STRONG)
        assert practice.follow_up in first.follow_ups
        clock.forward(seconds=30)
        findings = practice.answer_follow_up("The analyst was careless.")
        assert [finding.kind for finding in findings] == ["judgement"]
        assert practice.current == practice.questions[1]
        kept, follow_up = history.attempts
        assert (kept.question, kept.seconds, kept.scores) == (first.id, 95.0, judged.scores)
        assert (follow_up.seconds, follow_up.scores) == (30.0, None)
        assert follow_up.follow_up in first.follow_ups

    def test_another_follow_up_when_a_question_comes_back(self, history: History, clock: Clock) -> None:
        asked = []
        for _ in range(2):
            practice = Practice(
                history=history, clock=clock, count=1, competency="communication", due_only=bool(asked)
            )
            practice.answer(WEAK)
            asked.append(practice.follow_up)
            practice.answer_follow_up("I would ask the commander first.")
            clock.forward(days=30)
        assert asked[0] != asked[1]

    def test_spoken_answers_are_scored_by_the_learner(self, history: History, clock: Clock) -> None:
        practice = Practice(history=history, clock=clock, count=1)
        clock.forward(seconds=120)
        practice.spoke(dict.fromkeys(Dimension, 3))
        (kept,) = history.attempts
        assert (kept.mode, kept.seconds, kept.text, kept.scores) == ("spoken", 120.0, None, None)
        assert kept.score == pytest.approx(2 / 3)
        assert len(due_dates(history.attempts)) == 1

    @pytest.mark.parametrize("scores", [{}, dict.fromkeys(Dimension, 5), {"tone": 3}, {"style": 3}])
    def test_wrong_scores_keep_nothing(self, history: History, clock: Clock, scores: dict[str, int]) -> None:
        practice = Practice(history=history, clock=clock, count=1)
        with pytest.raises(AiirError, match="from 1 to 4"):
            practice.spoke(scores)
        assert history.attempts == ()

    def test_an_answer_that_cannot_be_read_is_kept_but_not_scheduled(
        self, history: History, clock: Clock
    ) -> None:
        practice = Practice(history=history, clock=clock, count=1)
        practice.answer("no idea")
        assert [one.text for one in history.attempts] == ["no idea"]
        assert practice.next_due() == {}

    def test_skipping_keeps_nothing(self, history: History, clock: Clock) -> None:
        practice = Practice(history=history, clock=clock, count=2)
        practice.skip()
        practice.skip()
        assert practice.current is None
        practice.skip()
        assert history.attempts == ()
        with pytest.raises(AiirError, match="over"):
            practice.answer("x")

    def test_calls_out_of_order(self, history: History, clock: Clock) -> None:
        practice = Practice(history=history, clock=clock, count=1)
        with pytest.raises(AiirError, match="no follow-up yet"):
            practice.answer_follow_up("x")
        practice.answer(STRONG)
        with pytest.raises(AiirError, match="follow-up is being asked"):
            practice.answer(STRONG)
        with pytest.raises(AiirError, match="at least 1"):
            Practice(history=history, count=0)

    def test_weeks_of_practice_as_a_table(self, history: History) -> None:
        for day, score in ((0, 1), (8, 2), (16, 4)):
            history.append(attempt("missed-signal", score, day=day))
        history.append(attempt("gone-forever", 2, day=17))
        frame = history.to_frame()
        assert list(frame["week"]) == ["2026-W10", "2026-W11", "2026-W12", "2026-W12"]
        assert list(frame["competency"]) == ["detection", "detection", "detection", ""]
        assert frame["score"].is_monotonic_increasing is False
        assert list(frame["tone"]) == [1, 2, 4, 2]

    def test_lines_that_are_no_attempts_are_named(self, history: History) -> None:
        history.append(attempt("missed-signal", 3))
        with history.path.open("a") as file:
            file.write('{"question": "x"}\n{"torn')
        assert len(history.attempts) == 1
        assert len(history.problems) == 2
        history.append(attempt("missed-signal", 4, day=1))
        assert len(history.attempts) == 2

    def test_the_history_lies_in_the_workspace(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / ".aiir").mkdir()
        (tmp_path / "beginner").mkdir()
        monkeypatch.chdir(tmp_path / "beginner")
        assert History().path == tmp_path / FILE


class TestMock:
    def test_half_an_hour(self, history: History, clock: Clock) -> None:
        mock = MockInterview(history=history, clock=clock, seed=2)
        assert len(mock.questions) == 6
        assert len({question.competency for question in mock.questions}) >= 5
        asked = []
        while (prompt := mock.prompt()) is not None:
            asked.append(prompt)
            clock.forward(minutes=2.5)
            mock.answer(STRONG if len(asked) % 4 == 1 else "I would ask the commander, because she decides.")
        assert len(asked) == 12
        report = mock.report()
        assert report.minutes == pytest.approx(30)
        assert len(report.exchanges) == 6
        assert {one.mock for one in history.attempts} == {mock.id}
        text = report.to_markdown()
        assert "6 of 6 questions" in text
        assert all(question.question in text for question in mock.questions)
        assert "The most to gain" in text

    def test_the_clock_ends_it(self, history: History, clock: Clock) -> None:
        mock = MockInterview(history=history, clock=clock, minutes=10)
        clock.forward(minutes=11)
        mock.answer(STRONG)
        assert mock.is_over
        assert mock.prompt() is None
        assert mock.minutes_left == 0
        (exchange,) = mock.report().exchanges
        assert exchange.is_late
        assert "after the time was up" in mock.report().to_markdown()

    def test_no_answer_at_all(self, history: History, clock: Clock) -> None:
        report = MockInterview(history=history, clock=clock).report()
        assert report.dimension_means() == {}
        assert "0 of 6" in report.to_markdown()
        assert "0 of 6" in report.to_html()

    def test_the_page_is_safe(self, history: History, clock: Clock) -> None:
        mock = MockInterview(history=history, clock=clock, minutes=5)
        mock.answer("<script>alert(1)</script> " + STRONG.text())  # type: ignore[union-attr]
        mock.answer("<img src=x onerror=alert(1)>")
        page = mock.report().to_html()
        assert page.startswith("<!doctype html>")
        assert "<script" not in page
        assert "<img" not in page

    def test_lengths(self, history: History) -> None:
        for minutes in (0, 4, 181):
            with pytest.raises(AiirError, match="5 to 180"):
                MockInterview(history=history, minutes=minutes)

    def test_a_small_bank_gives_a_shorter_interview(self, history: History, clock: Clock) -> None:
        mock = MockInterview(history=history, clock=clock, minutes=180)
        assert len(mock.questions) == min(36, len(interview_questions()))
