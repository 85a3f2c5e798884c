"""Interview questions: whole, varied, balanced, each with a strong and a weak answer of its own."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import get_args

import pytest

from aiir_lab.catalog.interview import (
    Competency,
    Dimension,
    InterviewQuestion,
    Kind,
    Level,
    Role,
    StarPart,
    WorkedAnswer,
    interview_questions,
    labelled_answers,
    load_interview_question,
    load_interview_questions,
    shuffle_sentences,
)
from aiir_lab.records import NotFoundError, RecordError
from aiir_lab.review import review_language

ANSWER = {
    **{part.value: f"This is the {part.value}. It ends at 9.5 percent." for part in StarPart},
    "scores": dict.fromkeys(Dimension, 2),
    "comments": dict.fromkeys(Dimension, "Fine."),
}
QUESTIONS = interview_questions()


def _words(answer: WorkedAnswer) -> int:
    return len(answer.text().split())


def _total(answer: WorkedAnswer) -> int:
    return sum(answer.scores.values())


def test_ids_and_texts_differ_and_the_table_has_them_all() -> None:
    assert len({question.id for question in QUESTIONS}) == len(QUESTIONS)
    table = load_interview_questions()
    assert list(table.index) == [question.id for question in QUESTIONS]
    assert set(table["role"]) == set(Role)


def test_balance_across_level_and_competency() -> None:
    count = Counter((question.competency, question.level) for question in QUESTIONS)
    levels = get_args(Level)
    print(f"\n{'':16}" + "".join(f"{level:>14}" for level in levels) + f"{'all':>8}")
    for competency in Competency:
        row = [count[competency, level] for level in levels]
        print(f"{competency:16}" + "".join(f"{number:14}" for number in row) + f"{sum(row):8}")
    assert min(count[competency, level] for competency in Competency for level in levels) >= 2
    assert min(sum(count[competency, level] for level in levels) for competency in Competency) >= 8
    assert min(Counter(question.level for question in QUESTIONS)[level] for level in levels) >= 36
    assert len(QUESTIONS) >= 120


def test_each_kind_and_role_has_its_share() -> None:
    kinds = Counter(question.kind for question in QUESTIONS)
    roles = Counter(question.role for question in QUESTIONS)
    print(f"\n{dict(kinds)}\n{ {role.value: number for role, number in roles.items()} }")
    assert min(kinds[kind] for kind in get_args(Kind)) >= 0.15 * len(QUESTIONS)
    assert min(roles[role] for role in Role) >= 0.15 * len(QUESTIONS)


def test_no_two_questions_or_answers_say_the_same() -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer

    # bounds from reading the nearest pairs: up to here they ask for, or tell, different things
    texts = {
        "question": ([f"{q.question} {q.strategy}" for q in QUESTIONS], 0.35),
        "strong": ([q.worked_strong.text() for q in QUESTIONS], 0.32),
        "weak": ([q.worked_weak.text() for q in QUESTIONS], 0.32),
    }
    for name, (each, bound) in texts.items():
        vectors = TfidfVectorizer(stop_words="english", sublinear_tf=True).fit_transform(each)
        alike = (vectors @ vectors.T).toarray()
        worst, one, other = max((alike[i, j], i, j) for i, j in combinations(range(len(each)), 2))
        print(f"\n{name}: {worst:.2f} {QUESTIONS[one].id} / {QUESTIONS[other].id}")
        assert worst < bound, (name, QUESTIONS[one].id, QUESTIONS[other].id)


def test_spoken_length() -> None:
    strong = {question.id: _words(question.worked_strong) for question in QUESTIONS}
    weak = {question.id: _words(question.worked_weak) for question in QUESTIONS}
    assert not {id: words for id, words in strong.items() if not 140 <= words <= 270}, "one to two minutes"
    assert not {id: words for id, words in weak.items() if not 60 <= words <= 200}


def test_the_strong_answer_beats_the_weak_one_and_scores_vary() -> None:
    # by four points of 24 at least: many weak answers are of middling quality on purpose
    assert not [q.id for q in QUESTIONS if _total(q.worked_strong) < _total(q.worked_weak) + 4]
    assert not [q.id for q in QUESTIONS if min(q.worked_strong.scores.values()) < 2]
    weak = [q.worked_weak.scores for q in QUESTIONS]
    for dimension in Dimension:
        given = Counter(scores[dimension] for scores in weak)
        print(f"\n{dimension}: weak {dict(sorted(given.items()))}")
        assert len(given) >= 3, "weak answers are weak in different dimensions"
    assert len({tuple(scores[d] for d in Dimension) for scores in weak}) > len(weak) / 3


def test_strong_answers_are_blameless_and_in_the_first_person() -> None:
    for question in QUESTIONS:
        text = question.worked_strong.text()
        assert not review_language(text), question.id
        assert {"I", "my", "My", "me"} & set(text.split()), question.id


def test_our_own_words_are_blameless() -> None:
    for question in QUESTIONS:
        for text in (question.strategy, question.strong, *(ends["4"] for ends in question.rubric.values())):
            assert not review_language(text), (question.id, text)
        comments = (*question.worked_strong.comments.values(), *question.worked_weak.comments.values())
        assert not [text for text in comments if review_language(text)], question.id
        # a question to a candidate may ask who decides: there it asks for a role
        for text in (question.question, *question.follow_ups):
            found = [finding.kind for finding in review_language(text)]
            assert set(found) <= {"accusing_question"}, (question.id, text)


def test_follow_ups_go_on_asking() -> None:
    for question in QUESTIONS:
        assert all(text.rstrip()[-1] in "?." for text in question.follow_ups), question.id
    every = [text for question in QUESTIONS for text in question.follow_ups]
    assert len(set(every)) == len(every)


@pytest.mark.parametrize("id", ["biased-model-postmortem", "fragmented-communication"])
def test_the_two_questions_of_the_lesson_are_worked_in_full(id: str) -> None:
    question = load_interview_question(id)
    assert min(question.worked_strong.scores.values()) == 4
    assert min(question.worked_weak.scores.values()) == 1


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


@pytest.mark.parametrize(
    ("field", "value"), [("competency", "luck"), ("role", "manager"), ("level", "expert"), ("kind", "riddle")]
)
def test_a_word_outside_the_lists_is_refused(field: str, value: str) -> None:
    data = load_interview_question("missed-signal").to_dict()
    with pytest.raises(RecordError, match=field):
        InterviewQuestion.from_dict(data | {field: value})


def test_a_question_without_worked_answers_is_refused() -> None:
    data = load_interview_question("missed-signal").to_dict()
    del data["worked_weak"]
    with pytest.raises(RecordError, match="worked_weak"):
        InterviewQuestion.from_dict(data)


def test_a_rubric_without_both_ends_is_refused() -> None:
    data = load_interview_question("missed-signal").to_dict()
    data["rubric"]["tone"] = {"4": "calm"}
    with pytest.raises(RecordError, match="what earns 1 and 4"):
        InterviewQuestion.from_dict(data)


def test_an_unknown_id_names_the_nearest() -> None:
    with pytest.raises(NotFoundError, match="missed-signal"):
        load_interview_question("mised-signal")


def test_labelled_answers_belong_to_questions_and_vary() -> None:
    answers = labelled_answers()
    known = {question.id for question in QUESTIONS}
    assert len(answers) >= 150
    assert not {answer.question for answer in answers} - known
    assert len({answer.id for answer in answers}) == len({answer.text for answer in answers}) == len(answers)
    split: dict[str, set[str]] = {"dev": set(), "test": set()}
    for answer in answers:
        split[answer.split].add(answer.question)
    assert not split["dev"] & split["test"], "no question is in both splits"
    for dimension in Dimension:
        given = Counter(answer.scores[dimension] for answer in answers)
        print(f"\n{dimension}: {dict(sorted(given.items()))}")
        assert set(given) == {1, 2, 3, 4}
        assert max(given.values()) < 0.7 * len(answers)
    voices = Counter(answer.voice for answer in answers)
    print(f"\n{dict(voices)}")
    assert min(voices.values()) >= 0.08 * len(answers)
    assert len(voices) == 6
