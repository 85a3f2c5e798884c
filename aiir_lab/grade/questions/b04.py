"""Questions of beginner lesson 4: first interview practice."""

from __future__ import annotations

from functools import partial

from aiir_lab.catalog.interview import StarPart, WorkedAnswer, load_interview_question, shuffle_sentences
from aiir_lab.grade.question import Criterion, Question
from aiir_lab.grade.questions._story import draft_question, score_question, self_question

SEED = 4
"""Decides the order of the shuffled sentences; the notebook says the same number."""

# --- which sentence belongs to which part


def _numbers(part: StarPart) -> list[int]:
    answer = load_interview_question("fragmented-communication").worked_strong
    sentences = shuffle_sentences(answer, seed=SEED) if answer else ()
    return [number for number, (belongs, _) in enumerate(sentences, start=1) if belongs == part]


def _finds_part(answer: dict[StarPart, list[int] | None], *, part: StarPart) -> bool | str:
    given, wanted = set(answer.get(part) or []), set(_numbers(part))
    if not given:
        return "No sentence is named."
    return given == wanted or f"{len(given & wanted)} belong here, {len(given - wanted)} do not."


_PART_HINTS = {
    StarPart.SITUATION: "What was the case before the speaker did anything?",
    StarPart.TASK: "Which sentence says what the speaker was responsible for?",
    StarPart.ACTION: "Which ones tell what the speaker did or decided during the response?",
    StarPart.RESULT: "Which ones measure how the response came out?",
    StarPart.LEARNING: "Which ones are about the time after the incident?",
}


def worked_pair() -> tuple[WorkedAnswer, WorkedAnswer]:
    """The first and the second answer that the lesson shows."""
    question = load_interview_question("biased-model-postmortem")
    assert question.worked_weak is not None
    assert question.worked_strong is not None
    return question.worked_weak, question.worked_strong


QUESTIONS = (
    Question(
        id="b04-parts",
        title="The five parts of an answer",
        shape=dict[StarPart, list[int] | None],
        expected="a dict from part to sentence numbers, such as {'task': [7]}",
        criteria=tuple(
            Criterion(
                f"The sentences of the {part.value}", partial(_finds_part, part=part), _PART_HINTS[part]
            )
            for part in StarPart
        ),
    ),
    score_question("b04-score", pair=worked_pair()),
    draft_question("b04-draft"),
    self_question("b04-self"),
)
