"""When a question comes back: spaced repetition by FSRS on the history of answers.

The schedule is never stored. It is computed from the history each time, so the two cannot disagree, and a
better scheduler may replace this one later. Source: Free Spaced Repetition Scheduler, package ``fsrs``.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aiir_lab.catalog.interview import Competency, InterviewQuestion, interview_questions
from aiir_lab.interview.history import Attempt
from aiir_lab.records.errors import NotFoundError

if TYPE_CHECKING:
    from fsrs import Card, Rating

LONGEST_DAYS = 60
"""Nobody prepares for an interview a year ahead; our own bound."""

# Score of an answer, 0 to 1, below which it counts as forgotten, hard, good. Our own cuts.
_AGAIN, _HARD, _GOOD = 0.35, 0.6, 0.85


@dataclass(frozen=True)
class Due:
    """When a question that was answered before comes back."""

    question: str
    due_utc: datetime
    score: float


def rate(score: float) -> Rating:
    """The FSRS rating of an answer's score.

    Examples
    --------
    >>> rate(0.2).name, rate(0.7).name
    ('Again', 'Good')
    """
    from fsrs import Rating

    if score < _AGAIN:
        return Rating.Again
    if score < _HARD:
        return Rating.Hard
    return Rating.Good if score < _GOOD else Rating.Easy


def due_dates(attempts: Iterable[Attempt]) -> dict[str, Due]:
    """When each question that was answered comes back, by its id."""
    from fsrs import Card, Scheduler

    # no steps of minutes: a story is not learned twice on one day; no fuzz: the same history, the same plan
    scheduler = Scheduler(
        learning_steps=(), relearning_steps=(), maximum_interval=LONGEST_DAYS, enable_fuzzing=False
    )
    cards: dict[str, Card] = {}
    scores: dict[str, float] = {}
    for number, attempt in enumerate(attempts):
        if attempt.score is None or attempt.follow_up is not None:
            continue
        at = attempt.at_utc.astimezone(UTC)
        card = cards.get(attempt.question) or Card(card_id=number, due=at)
        cards[attempt.question], _ = scheduler.review_card(card, rate(attempt.score), at)
        scores[attempt.question] = attempt.score
    return {id: Due(id, card.due, scores[id]) for id, card in cards.items()}


def select(
    *,
    level: str | None = None,
    competency: str | None = None,
    kind: str | None = None,
    role: str | None = None,
) -> list[InterviewQuestion]:
    """The questions of the bank that fit, in its order.

    Raises
    ------
    NotFoundError
        A level, competency, kind or role does not exist; the message names those that do.
    """
    chosen = list(interview_questions())
    for name, value in (("level", level), ("competency", competency), ("kind", kind), ("role", role)):
        if value is None:
            continue
        known = [str(item) for item in Competency] if name == "competency" else []
        known = sorted({*known, *(str(getattr(question, name)) for question in interview_questions())})
        wanted = str(value).strip().lower().replace(" ", "_").replace("-", "_")
        if wanted not in known:
            raise NotFoundError(name, value, known)
        chosen = [question for question in chosen if str(getattr(question, name)) == wanted]
    return chosen


def plan_session(
    attempts: tuple[Attempt, ...],
    *,
    now_utc: datetime,
    count: int = 5,
    due_only: bool = False,
    seed: int = 0,
    **choice: Any,
) -> list[InterviewQuestion]:
    """The questions to practise now: first what is due, then new ones where the least was practised.

    Parameters
    ----------
    attempts : tuple of Attempt
        The history.
    now_utc : datetime
    count : int, default 5
        How many questions at most.
    due_only : bool, default False
        Only what is due, nothing new.
    seed : int, default 0
        Decides the order among new questions of one competency.
    **choice
        ``level``, ``competency``, ``kind``, ``role``, as :func:`select` takes them.
    """
    fitting = {question.id: question for question in select(**choice)}
    dates = due_dates(attempts)
    waiting = sorted(
        (due for due in dates.values() if due.question in fitting and due.due_utc <= now_utc),
        key=lambda due: (due.due_utc, due.question),
    )
    chosen = [fitting[due.question] for due in waiting][:count]
    if due_only:
        return chosen
    practised = Counter(
        str(question.competency) for question in interview_questions() if question.id in dates
    )
    new = [question for id, question in fitting.items() if id not in dates]
    random.Random(seed).shuffle(new)
    while new and len(chosen) < count:
        best = min(new, key=lambda question: practised[str(question.competency)])
        new.remove(best)
        practised[str(best.competency)] += 1
        chosen.append(best)
    return chosen
