"""Questions of beginner lesson 4: first interview practice."""

from __future__ import annotations

import re
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from aiir_lab.catalog.interview import (
    Dimension,
    StarPart,
    WorkedAnswer,
    interview_questions,
    load_interview_question,
    shuffle_sentences,
)
from aiir_lab.grade.question import Criterion, Question

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

# --- score two answers


_Score = Annotated[int, Field(ge=1, le=4)]


class Scores(BaseModel):
    model_config = ConfigDict(extra="forbid")

    first: dict[Dimension, _Score | None] | None = None
    second: dict[Dimension, _Score | None] | None = None


def worked_pair() -> tuple[WorkedAnswer, WorkedAnswer]:
    """The first and the second answer that the lesson shows."""
    question = load_interview_question("biased-model-postmortem")
    assert question.worked_weak is not None
    assert question.worked_strong is not None
    return question.worked_weak, question.worked_strong


def _scores_alike(answer: Scores, *, dimension: Dimension) -> bool | str:
    off = []
    given = (answer.first or {}, answer.second or {})
    for name, scores, worked in zip(("first", "second"), given, worked_pair(), strict=True):
        score = scores.get(dimension)
        if score is None:
            off.append(f"No score for the {name} answer.")
        elif abs(score - worked.scores[dimension]) > 1:
            side = "higher" if score > worked.scores[dimension] else "lower"
            off.append(f"For the {name} answer you are 2 or more {side} than we are.")
    return " ".join(off) or True


# --- a draft of one's own


class Draft(BaseModel):
    model_config = ConfigDict(extra="forbid")

    question: str | None = None
    basis: Literal["own", "course", "public"] | None = None
    situation: str | None = None
    task: str | None = None
    action: str | None = None
    result: str | None = None
    learning: str | None = None

    def part(self, part: StarPart) -> str:
        return getattr(self, part.value) or ""

    def whole(self) -> str:
        return "\n".join(self.part(part) for part in StarPart)


def _answers_a_question(draft: Draft) -> bool | str:
    known = [question.id for question in interview_questions()]
    if draft.question not in known:
        return f"{draft.question!r} is no question of the table."
    return draft.basis is not None or "The basis is missing: own, course or public."


def _has_all_parts(draft: Draft) -> bool | str:
    short = [part.value for part in StarPart if len(draft.part(part).split()) < 8]
    return not short or f"Fewer than 8 words: {', '.join(short)}."


def _fits_time(draft: Draft) -> bool | str:
    from aiir_lab.interview.speaking import LONGEST_S, SHORTEST_S, WORDS_PER_MIN, spoken_s

    seconds = spoken_s(draft.whole())
    return (
        SHORTEST_S <= seconds <= LONGEST_S
        or f"Yours takes about {seconds:.0f} s at {WORDS_PER_MIN} words a minute."
    )


def _has_no(draft: Draft, *, part: StarPart, kinds: frozenset[str]) -> bool | str:
    """Whether the judge of stories says none of these about a part."""
    from aiir_lab.interview.star_rules import judge_part

    found = [
        finding for finding in judge_part(part, draft.part(part)) if finding.kind in kinds | {"empty_part"}
    ]
    return not found or found[0].message


def _decides(draft: Draft) -> bool | str:
    """Something unknown, or something given up: either shows that there was a choice."""
    unknown = _has_no(draft, part=StarPart.ACTION, kinds=frozenset({"nothing_unknown"}))
    given_up = _has_no(draft, part=StarPart.ACTION, kinds=frozenset({"nothing_given_up"}))
    return unknown is True or given_up is True or unknown


def _is_mine(draft: Draft) -> bool | str:
    mine = len(re.findall(r"\b(?:I|I'd|I've|my)\b", draft.action or ""))
    ours = len(re.findall(r"\b(?:we|our|they)\b", draft.action or "", re.IGNORECASE))
    return (
        mine >= 2 and mine > ours
    ) or f'"I" or "my" stands there {mine} times, "we", "our" or "they" {ours}.'


def _action_is_longest(draft: Draft) -> bool | str:
    lengths = {part: len(draft.part(part).split()) for part in StarPart}
    if lengths[StarPart.ACTION] < 8:
        return "There is too little of it."
    longest = max(lengths, key=lambda part: lengths[part])
    return lengths[StarPart.ACTION] == lengths[longest] or f"The longest part is the {longest.value}."


def _is_blameless(draft: Draft) -> bool | str:
    from aiir_lab.review import review_language

    if len(draft.whole().split()) < 40:
        return "There is too little text to judge."
    text = draft.whole()
    found = [f"{text[finding.start : finding.end]!r}" for finding in review_language(text)]
    return not found or f"Look at {', '.join(found[:3])}."


# --- self-assessment


class Assessment(BaseModel):
    model_config = ConfigDict(extra="forbid")

    scores: dict[Dimension, _Score | None] | None = None
    weakest: Dimension | None = None
    change: str | None = None


def _is_scored(answer: Assessment) -> bool | str:
    missing = [dimension.value for dimension in Dimension if not (answer.scores or {}).get(dimension)]
    return not missing or f"No score yet: {', '.join(missing)}."


def _names_weakest(answer: Assessment) -> bool:
    scores: dict[Any, int] = {name: score for name, score in (answer.scores or {}).items() if score}
    return bool(scores) and scores.get(answer.weakest) == min(scores.values())


def _names_change(answer: Assessment) -> bool:
    words = (answer.change or "").lower().split()
    return len(words) >= 10 and any(part.value in " ".join(words) for part in StarPart)


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
    Question(
        id="b04-score",
        title="Two answers, scored",
        shape=Scores,
        expected="a dict with the keys first and second, each a dict from dimension to a score from 1 to 4",
        criteria=tuple(
            Criterion(
                f"{dimension.value.capitalize()}: within one point of our score",
                partial(_scores_alike, dimension=dimension),
                f"Read both answers again beside the row {dimension.value} of the rubric.",
            )
            for dimension in Dimension
        ),
    ),
    Question(
        id="b04-draft",
        title="An answer of your own",
        shape=Draft,
        expected="a dict with the keys question, basis, situation, task, action, result, learning",
        criteria=(
            Criterion(
                "It answers a question of the table and says where the story comes from",
                _answers_a_question,
                "question is an id of the table; basis says whether you lived it or only studied it.",
            ),
            Criterion(
                "All five parts are there", _has_all_parts, "One or two whole sentences for each part."
            ),
            Criterion(
                "Spoken aloud it takes one to three minutes",
                _fits_time,
                "That is 140 to 420 words. Read it aloud with a clock.",
            ),
            Criterion(
                "The action is yours",
                _is_mine,
                "Write what you decided and did, in the first person. Name others where they did it.",
            ),
            Criterion(
                "The action has the most room",
                _action_is_longest,
                "Shorten the rest, or tell how you came to your decision.",
            ),
            Criterion(
                "The action shows a decision under uncertainty",
                _decides,
                "What did you not know yet, and what did you give up by choosing?",
            ),
            Criterion(
                "The result is measured",
                partial(_has_no, part=StarPart.RESULT, kinds=frozenset({"not_measured"})),
                "Minutes, people, money or a rate, best before and after.",
            ),
            Criterion(
                "The learning changes the system or the response plan",
                partial(
                    _has_no,
                    part=StarPart.LEARNING,
                    kinds=frozenset({"no_structural_change", "only_care", "only_a_detail"}),
                ),
                "What is different today for somebody who was not there?",
            ),
            Criterion(
                "The tone is blameless",
                _is_blameless,
                "Write what made the step look right at the time, instead of who took it.",
            ),
        ),
    ),
    Question(
        id="b04-self",
        title="Your own score",
        shape=Assessment,
        expected="a dict with the keys scores (six dimensions from 1 to 4), weakest and change",
        criteria=(
            Criterion("Every dimension has a score", _is_scored, "Use the six rows of the rubric."),
            Criterion(
                "The weakest one follows from your scores",
                _names_weakest,
                "Name a dimension that has your lowest score.",
            ),
            Criterion(
                "You say what to rewrite",
                _names_change,
                "Name the part, such as the result, and what it will say: ten words or more.",
            ),
        ),
    ),
)
