"""Does an answer speak of what was asked? Told by the rare words that it shares with each question.

Of the bank's own worked answers, 1 in 80 is doubted here; of answers put to another question drawn at random,
3 in 4 (81 questions, measured when this was written). So a doubt is worth a look, and no doubt proves
nothing.
"""

from __future__ import annotations

import math
from collections import Counter
from functools import cache

from aiir_lab.catalog.interview import InterviewQuestion, interview_questions
from aiir_lab.review.phrasing import stems

# An answer that is nearer to more than this share of the other questions is doubted.
_NEARER = 0.25


def doubt_topic(question: InterviewQuestion, text: str) -> str:
    """Why an answer may not be one to this question; the empty string where nothing speaks for that.

    Examples
    --------
    >>> from aiir_lab.catalog.interview import load_interview_question
    >>> question = load_interview_question("fragmented-communication")
    >>> doubt_topic(question, question.strategy)
    ''
    """
    said = set(stems(text))
    words, rarity = _bank()
    if question.id not in words:
        return ""
    nearness = {
        id: sum(rarity[stem] ** 2 for stem in said & own) / math.sqrt(sum(rarity[stem] ** 2 for stem in own))
        for id, own in words.items()
    }
    nearer = sorted(
        (id for id in nearness if nearness[id] > nearness[question.id]), key=lambda id: -nearness[id]
    )
    if nearness[question.id] == 0:
        return (
            "Whether it answers this question: the two share no word that matters. Ask somebody to read both."
        )
    if len(nearer) <= _NEARER * len(nearness):
        return ""
    return (
        "Whether it answers this question: by its words it is nearer to others, such as "
        f"{nearer[0]!r}. Say in the first sentence how the story answers what was asked."
    )


@cache
def _bank() -> tuple[dict[str, frozenset[str]], dict[str, float]]:
    """The stems of everything that is written about each question, and how rare each stem is."""
    words = {question.id: _about(question) for question in interview_questions()}
    counts = Counter(stem for own in words.values() for stem in own)
    rarity = {stem: math.log((1 + len(words)) / (1 + count)) for stem, count in counts.items()}
    return words, rarity


def _about(question: InterviewQuestion) -> frozenset[str]:
    ends = [text for pair in question.rubric.values() for text in pair.values()]
    parts = (
        question.question,
        question.strategy,
        question.strong,
        question.weak,
        *question.follow_ups,
        *ends,
    )
    return frozenset(stems(" ".join(parts)))
