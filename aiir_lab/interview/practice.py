"""A practice session: due questions one by one, timed, spoken or written, each followed up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiir_lab.catalog.interview import Dimension, InterviewQuestion
from aiir_lab.interview.history import Attempt, History, open_history
from aiir_lab.interview.judging import Judgement, judge_answer
from aiir_lab.interview.schedule import Due, due_dates, plan_session
from aiir_lab.records.errors import AiirError

Clock = Callable[[], datetime]


def now_utc() -> datetime:
    """The time of this machine."""
    return datetime.now(UTC)


class Practice:
    """A session of practice questions.

    The session shows one question at a time. Each answer is kept in the history before it is judged aloud, so
    a crash costs nothing but the sentence being written.

    Parameters
    ----------
    history : History, str or Path, optional
        Where attempts are kept; by default ``interview_history.jsonl`` in the workspace.
    level, competency, kind, role : str, optional
        Only questions of these.
    count : int, default 5
        How many questions at most.
    due_only : bool, default False
        Only questions that are due by the schedule, no new ones.
    clock : callable, optional
        Returns the current time, with its zone; by default the clock of this machine.
    seed : int, default 0
        Decides the order among new questions.

    Attributes
    ----------
    questions : tuple of InterviewQuestion
        The questions of this session.
    current : InterviewQuestion or None
        The one being asked; ``None`` when the session is over.

    Examples
    --------
    >>> import tempfile
    >>> practice = Practice(history=Path(tempfile.mkdtemp()) / "h.jsonl", competency="communication", count=1)
    >>> judged = practice.answer("I posted what shoppers saw, although I did not know the cause yet.")
    >>> practice.follow_up == practice.questions[0].follow_ups[0], len(practice.history.attempts)
    (True, 1)
    """

    def __init__(
        self,
        *,
        history: History | str | Path | None = None,
        level: str | None = None,
        competency: str | None = None,
        kind: str | None = None,
        role: str | None = None,
        count: int = 5,
        due_only: bool = False,
        clock: Clock = now_utc,
        seed: int = 0,
    ) -> None:
        if count < 1:
            raise AiirError(f"A session has at least 1 question, got count={count}.")
        self.history = open_history(history)
        self.clock = clock
        self.questions = tuple(
            plan_session(
                self.history.attempts,
                now_utc=clock(),
                count=count,
                due_only=due_only,
                seed=seed,
                level=level,
                competency=competency,
                kind=kind,
                role=role,
            )
        )
        self.judgements: dict[str, Judgement] = {}
        self._position = 0
        self._follow_up: str | None = None
        self._shown_at = clock()

    @property
    def current(self) -> InterviewQuestion | None:
        """The question being asked; ``None`` when the session is over."""
        return self.questions[self._position] if self._position < len(self.questions) else None

    @property
    def follow_up(self) -> str | None:
        """The follow-up being asked, after an answer; ``None`` before it."""
        return self._follow_up

    @property
    def elapsed_s(self) -> float:
        """Seconds since the question or the follow-up was shown."""
        return max(0.0, (self.clock() - self._shown_at).total_seconds())

    def restart_timer(self) -> None:
        """Count the time from now on."""
        self._shown_at = self.clock()

    def answer(self, answer: Any, *, mode: str = "written", seconds: float | None = None) -> Judgement:
        """Judge and keep an answer to the current question; its follow-up is asked next.

        Parameters
        ----------
        answer : str, mapping or StarL
            As :func:`~aiir_lab.interview.judging.judge_answer` takes it.
        mode : {"written", "spoken"}, default "written"
            How it was given.
        seconds : float, optional
            How long it took; by default the time since the question was shown.
        """
        question = self._asked()
        judged = judge_answer(question, answer)
        self._keep(
            mode=mode,
            seconds=seconds,
            text=judged.answer.text,
            # an answer that could not be read is no evidence of anything
            scores=judged.scores if judged.answer.is_readable else None,
        )
        self.judgements[question.id] = judged
        self._ask_on(question)
        return judged

    def spoke(self, own_scores: Mapping[Any, int], *, seconds: float | None = None) -> None:
        """Keep an answer that was spoken and scored by the learner, with the rubric of the question.

        Parameters
        ----------
        own_scores : mapping
            A score from 1 to 4 for each dimension.
        seconds : float, optional
            How long it took; by default the time since the question was shown.
        """
        question = self._asked()
        wrong = {
            str(name): score
            for name, score in own_scores.items()
            if name not in list(Dimension) or score not in (1, 2, 3, 4)
        }
        missing = [dimension.value for dimension in Dimension if dimension not in own_scores]
        if wrong or missing:
            raise AiirError(
                f"A score from 1 to 4 for each of {', '.join(Dimension)}; "
                f"missing: {', '.join(missing) or 'none'}; not right: {wrong or 'none'}."
            )
        self._keep(mode="spoken", seconds=seconds, own_scores=dict(own_scores))
        self._ask_on(question)

    def answer_follow_up(
        self, text: str | None, *, mode: str = "written", seconds: float | None = None
    ) -> list[Any]:
        """Keep the answer to the follow-up and go on to the next question.

        Returns
        -------
        list of Finding
            Blame language in the answer. Whether it answers what was asked, a person has to judge.
        """
        from aiir_lab.review.language import review_language

        if self._follow_up is None:
            raise AiirError("There is no follow-up yet. Answer the question first.")
        if text and text.strip():
            self._keep(mode=mode, seconds=seconds, text=text, follow_up=self._follow_up)
        self.skip()
        return review_language(text, words=False) if text else []

    def skip(self) -> None:
        """Leave the current question or follow-up and go on to the next question; nothing is kept."""
        if self.current is not None:
            self._position += 1
        self._follow_up = None
        self.restart_timer()

    def next_due(self) -> dict[str, Due]:
        """When each question that was answered comes back."""
        return due_dates(self.history.attempts)

    def _asked(self) -> InterviewQuestion:
        question = self.current
        if question is None:
            raise AiirError("The session is over. Start another one.")
        if self._follow_up is not None:
            raise AiirError(
                "The follow-up is being asked: answer_follow_up(...), or skip() to the next question."
            )
        return question

    def _ask_on(self, question: InterviewQuestion) -> None:
        # one that was not asked before, so that a question that comes back goes on differently
        asked = {attempt.follow_up for attempt in self.history.attempts if attempt.question == question.id}
        fresh = [follow_up for follow_up in question.follow_ups if follow_up not in asked]
        self._follow_up = (fresh or list(question.follow_ups))[0]
        self.restart_timer()

    def _keep(self, *, seconds: float | None, **what: Any) -> None:
        question = self.current
        assert question is not None
        attempt = {
            "at_utc": self.clock(),
            "question": question.id,
            "seconds": round(self.elapsed_s if seconds is None else seconds, 1),
            **{name: value for name, value in what.items() if value is not None},
        }
        self.history.append(Attempt.from_dict(attempt, where="attempt"))
