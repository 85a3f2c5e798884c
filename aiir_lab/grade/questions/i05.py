"""Intermediate lesson 5: an answer drawn from a run of one's own."""

from __future__ import annotations

from aiir_lab.catalog.interview import LabelledAnswer, labelled_answers
from aiir_lab.grade.questions._story import score_question, self_question, true_story_question

SCORED = "pin-or-float"
"""The question whose two labelled answers are scored."""


def labelled_pair() -> tuple[LabelledAnswer, LabelledAnswer]:
    """The first and the second answer that the lesson shows."""
    first, second = (answer for answer in labelled_answers() if answer.question == SCORED)
    return first, second


QUESTIONS = (
    score_question("i05-score", pair=labelled_pair()),
    true_story_question("i05-story"),
    self_question("i05-self"),
)
