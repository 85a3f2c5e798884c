"""Interview questions: whole, varied, and the two that everybody is asked are worked out."""

from __future__ import annotations

import pytest

from aiir_lab.catalog.interview import (
    Dimension,
    InterviewQuestion,
    StarPart,
    WorkedAnswer,
    interview_questions,
    load_interview_question,
    load_interview_questions,
    shuffle_sentences,
)
from aiir_lab.records import NotFoundError, RecordError

ANSWER = {
    **{part.value: f"This is the {part.value}. It ends at 9.5 percent." for part in StarPart},
    "scores": dict.fromkeys(Dimension, 2),
    "comments": dict.fromkeys(Dimension, "Fine."),
}


def test_at_least_eight_with_different_ids_and_texts() -> None:
    questions = interview_questions()
    assert len(questions) >= 8
    assert len({question.id for question in questions}) == len(questions)
    assert len({question.question for question in questions}) == len(questions)
    assert len({question.competency for question in questions}) >= 5
    assert list(load_interview_questions().index) == [question.id for question in questions]


@pytest.mark.parametrize("id", ["biased-model-postmortem", "fragmented-communication"])
def test_the_two_questions_of_the_lesson_have_a_worked_strong_answer(id: str) -> None:
    worked = load_interview_question(id).worked_strong
    assert worked is not None
    words = sum(len(getattr(worked, part.value).split()) for part in StarPart)
    assert 140 <= words <= 420, "one to three minutes at 140 words a minute"
    assert min(worked.scores.values()) == 4


def test_sentences_keep_their_part_and_decimals() -> None:
    sentences = WorkedAnswer.from_dict(ANSWER).sentences()
    assert len(sentences) == 10
    assert sentences[1] == (StarPart.SITUATION, "It ends at 9.5 percent.")


def test_shuffling_is_the_same_for_the_same_seed() -> None:
    answer = WorkedAnswer.from_dict(ANSWER)
    assert shuffle_sentences(answer, seed=4) == shuffle_sentences(answer, seed=4)
    assert shuffle_sentences(answer, seed=4) != answer.sentences()


@pytest.mark.parametrize(
    "change",
    [
        {"scores": {"tone": 4}},
        {"scores": dict.fromkeys(Dimension, 5)},
        {"comments": {"tone": "Fine."}},
        {"learning": "  "},
    ],
)
def test_an_answer_that_is_not_whole_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(RecordError):
        WorkedAnswer.from_dict(ANSWER | change)


def test_a_rubric_without_both_ends_is_refused() -> None:
    data = load_interview_question("missed-signal").to_dict()
    data["rubric"]["tone"] = {"4": "calm"}
    with pytest.raises(RecordError, match="what earns 1 and 4"):
        InterviewQuestion.from_dict(data)


def test_an_unknown_id_names_the_nearest() -> None:
    with pytest.raises(NotFoundError, match="missed-signal"):
        load_interview_question("mised-signal")
