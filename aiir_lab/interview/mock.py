"""A mock interview: half an hour by the clock, several competencies, a report at the end."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import mean
from typing import Any

from aiir_lab.catalog.interview import Dimension, InterviewQuestion
from aiir_lab.interview.history import Attempt, History, open_history
from aiir_lab.interview.judging import Judgement, judge_answer
from aiir_lab.interview.practice import Clock, now_utc
from aiir_lab.interview.schedule import select
from aiir_lab.records.errors import AiirError
from aiir_lab.review.finding import Finding
from aiir_lab.review.language import review_language

MINUTES_EACH = 5.0
"""Three minutes for an answer and two for its follow-up; our own choice."""

_KINDS = ("behavioural", "scenario", "technical", "leadership")


@dataclass(frozen=True)
class Exchange:
    """One question of a mock interview, what was answered, and how it was judged."""

    question: InterviewQuestion
    judgement: Judgement
    seconds: float
    is_late: bool = False
    follow_up: str | None = None
    follow_up_text: str | None = None
    follow_up_findings: tuple[Finding, ...] = ()


class MockInterview:
    """A mock interview.

    Parameters
    ----------
    minutes : float, default 30
        How long it takes; a question each five minutes.
    level : str, optional
        Only questions of this level.
    history : History, str or Path, optional
        Where the answers are kept too.
    clock : callable, optional
        Returns the current time, with its zone.
    seed : int, default 0
        Another seed, other questions.

    Notes
    -----
    Call :meth:`prompt` for what is asked, :meth:`answer` with what is said, until :attr:`is_over`; then
    :meth:`report`. An answer that was begun in time counts, and says how late it ended.
    """

    def __init__(
        self,
        *,
        minutes: float = 30,
        level: str | None = None,
        history: History | str | Path | None = None,
        clock: Clock = now_utc,
        seed: int = 0,
    ) -> None:
        if not 5 <= minutes <= 180:
            raise AiirError(f"A mock interview takes 5 to 180 minutes, got {minutes:g}.")
        self.minutes = minutes
        self.history = open_history(history)
        self.clock = clock
        self.questions = _choose(select(level=level), count=int(minutes // MINUTES_EACH), seed=seed)
        self.started_utc = clock()
        self.ends_utc = self.started_utc + timedelta(minutes=minutes)
        self.id = f"mock-{self.started_utc:%Y%m%dt%H%M%S}"
        self.exchanges: list[Exchange] = []
        self._position = 0
        self._pending: Exchange | None = None
        self._shown_at = self.started_utc

    @property
    def is_over(self) -> bool:
        """Whether the time is up or every question was asked."""
        is_done = self._position >= len(self.questions) and self._pending is None
        return is_done or self.clock() >= self.ends_utc

    @property
    def minutes_left(self) -> float:
        """Minutes until the end; never below zero."""
        return max(0.0, (self.ends_utc - self.clock()).total_seconds() / 60)

    def prompt(self) -> str | None:
        """What the interviewer asks now; ``None`` when it is over."""
        if self.is_over:
            return None
        if self._pending is not None:
            return self._pending.follow_up
        return self.questions[self._position].question

    def answer(self, text: Any, *, mode: str = "written") -> None:
        """Take the answer to what :meth:`prompt` asked. Nothing is judged aloud before the report."""
        if self._position >= len(self.questions) and self._pending is None:
            raise AiirError("The interview is over. See report().")
        now = self.clock()
        seconds = max(0.0, (now - self._shown_at).total_seconds())
        late = now > self.ends_utc
        if self._pending is None:
            question = self.questions[self._position]
            judged = judge_answer(question, text)
            readable = judged.answer.is_readable
            self._keep(question, seconds, mode, judged.answer.text, judged.scores if readable else None, late)
            self._position += 1
            self._pending = Exchange(question, judged, seconds, late, follow_up=question.follow_ups[0])
        else:
            done, said = self._pending, str(text or "")
            findings = tuple(review_language(said, words=False))
            self.exchanges.append(
                Exchange(
                    done.question, done.judgement, done.seconds, done.is_late, done.follow_up, said, findings
                )
            )
            if said.strip():
                self._keep(done.question, seconds, mode, said, None, late, follow_up=done.follow_up)
            self._pending = None
        self._shown_at = self.clock()

    def skip(self) -> None:
        """Leave what is asked unanswered and go on; the time runs on."""
        if self._pending is not None:
            self.answer("")
        elif self._position < len(self.questions):
            self._position += 1
            self._shown_at = self.clock()

    def report(self) -> MockReport:
        """What the answers given so far show."""
        pending = [self._pending] if self._pending else []
        return MockReport(
            id=self.id,
            started_utc=self.started_utc,
            minutes=min(self.minutes, (self.clock() - self.started_utc).total_seconds() / 60),
            planned=len(self.questions),
            exchanges=(*self.exchanges, *pending),
        )

    def _keep(
        self,
        question: InterviewQuestion,
        seconds: float,
        mode: str,
        text: str,
        scores: dict[Dimension, int] | None,
        late: bool,
        follow_up: str | None = None,
    ) -> None:
        attempt = {
            "at_utc": self.clock(),
            "question": question.id,
            "mode": mode,
            "seconds": round(seconds, 1),
            "text": text,
            "scores": scores,
            "follow_up": follow_up,
            "mock": self.id,
            "is_late": late,
        }
        self.history.append(Attempt.from_dict(attempt, where="attempt"))


@dataclass(frozen=True)
class MockReport:
    """What a mock interview showed.

    Parameters
    ----------
    id : str
        Its name in the history.
    started_utc : datetime
    minutes : float
        How long it took.
    planned : int
        How many questions there would have been time for.
    exchanges : tuple of Exchange
        What was asked and answered.
    """

    id: str
    started_utc: datetime
    minutes: float
    planned: int
    exchanges: tuple[Exchange, ...]

    def dimension_means(self) -> dict[Dimension, float]:
        """The mean score of each dimension, 1 to 4; empty where nothing was answered."""
        if not self.exchanges:
            return {}
        return {
            dimension: mean(exchange.judgement.scores[dimension] for exchange in self.exchanges)
            for dimension in Dimension
        }

    def competency_means(self) -> dict[str, float]:
        """The mean score of each competency that was asked, 0 to 1, the lowest first."""
        scores: dict[str, list[float]] = defaultdict(list)
        for exchange in self.exchanges:
            scores[str(exchange.question.competency)].append(exchange.judgement.score)
        return dict(sorted(((name, mean(found)) for name, found in scores.items()), key=lambda pair: pair[1]))

    def to_markdown(self) -> str:
        """The report as Markdown."""
        from aiir_lab.interview.report import mock_markdown

        return mock_markdown(self)

    def to_html(self) -> str:
        """The report as one page that stands alone."""
        from aiir_lab.interview.report import mock_page

        return mock_page(self)

    def _repr_markdown_(self) -> str:
        return self.to_markdown()


def _choose(fitting: list[InterviewQuestion], *, count: int, seed: int) -> tuple[InterviewQuestion, ...]:
    """Questions in the order of kinds, each of another competency as long as there is one."""
    pool = list(fitting)
    random.Random(seed).shuffle(pool)
    chosen: list[InterviewQuestion] = []
    while pool and len(chosen) < count:
        kind = _KINDS[len(chosen) % len(_KINDS)]
        used = {question.competency for question in chosen}
        best = min(pool, key=lambda question: (question.competency in used, question.kind != kind))
        pool.remove(best)
        chosen.append(best)
    return tuple(chosen)
