"""Advanced lesson 6: an answer drawn from a root-cause plan of one's own."""

from __future__ import annotations

from aiir_lab.catalog.interview import LabelledAnswer, labelled_answers
from aiir_lab.grade.questions._story import score_question, self_question, true_story_question

SCORED = "restating-the-number"
"""The question whose two labelled answers by the first author are scored."""


def labelled_pair() -> tuple[LabelledAnswer, LabelledAnswer]:
    """The first and the second answer that the lesson shows."""
    first, second = (
        answer for answer in labelled_answers() if answer.question == SCORED and answer.author == "first"
    )
    return first, second


QUESTIONS = (
    score_question("a06-score", pair=labelled_pair()),
    true_story_question("a06-story"),
    self_question("a06-self"),
)
