"""Questions on interview answers that all levels ask: score two answers, tell a story, score yourself."""

from __future__ import annotations

import re
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from aiir_lab.catalog.interview import Dimension, StarPart, interview_questions
from aiir_lab.grade.question import Criterion, Question

# --- score two answers

_Score = Annotated[int, Field(ge=1, le=4)]


class Scores(BaseModel):
    model_config = ConfigDict(extra="forbid")

    first: dict[Dimension, _Score | None] | None = None
    second: dict[Dimension, _Score | None] | None = None


def scores_alike(answer: Scores, *, dimension: Dimension, pair: tuple[Any, Any]) -> bool | str:
    off = []
    given = (answer.first or {}, answer.second or {})
    for name, scores, ours in zip(("first", "second"), given, pair, strict=True):
        score = scores.get(dimension)
        if score is None:
            off.append(f"No score for the {name} answer.")
        elif abs(score - ours.scores[dimension]) > 1:
            side = "higher" if score > ours.scores[dimension] else "lower"
            off.append(f"For the {name} answer you are 2 or more {side} than we are.")
    return " ".join(off) or True


def score_question(id: str, *, pair: tuple[Any, Any]) -> Question:
    """Score two answers; a criterion holds within one point of our scores of both."""
    return Question(
        id=id,
        title="Two answers, scored",
        shape=Scores,
        expected="a dict with the keys first and second, each a dict from dimension to a score from 1 to 4",
        criteria=tuple(
            Criterion(
                f"{dimension.value.capitalize()}: within one point of our score",
                partial(scores_alike, dimension=dimension, pair=pair),
                f"Read both answers again beside the row {dimension.value} of the rubric.",
            )
            for dimension in Dimension
        ),
    )


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
    found = [f"{text[finding.start : finding.end]!r}" for finding in review_language(text, words=False)]
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


DRAFT_CRITERIA = (
    Criterion(
        "It answers a question of the table and says where the story comes from",
        _answers_a_question,
        "question is an id of the table; basis says whether you lived it or only studied it.",
    ),
    Criterion("All five parts are there", _has_all_parts, "One or two whole sentences for each part."),
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
)
"""What every story in five parts owes its listener."""


def draft_question(id: str) -> Question:
    """A story of one's own, judged by its parts."""
    return Question(
        id=id,
        title="An answer of your own",
        shape=Draft,
        expected="a dict with the keys question, basis, situation, task, action, result, learning",
        criteria=DRAFT_CRITERIA,
    )


class TrueStory(Draft):
    """A story, and what the record that it was drafted from says."""

    record: str | None = None


_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


def _figures(text: str) -> set[str]:
    return {found.replace(",", "") for found in _FIGURE.findall(text) if len(found) > 1}


def _keeps_to_the_record(story: TrueStory) -> bool | str:
    if not (story.record or "").strip():
        return "The record is missing: lab.story_from(...).text()."
    told = _figures(f"{story.action or ''} {story.result or ''}")
    known = told & _figures(story.record or "")
    return len(known) >= 2 or f"Of its figures {len(known)} are in the record."


def _says_where_it_happened(story: TrueStory) -> bool | str:
    if not story.situation:
        return "There is no situation."
    return bool(re.search(r"\b(exercis|simulat|tabletop|replay)", story.situation, re.IGNORECASE))


def true_story_question(id: str) -> Question:
    """A story drafted from the learner's own record, judged by its parts and by its truth."""
    return Question(
        id=id,
        title="A true story of your own",
        shape=TrueStory,
        expected="a dict with the keys of a draft, and record",
        criteria=(
            *DRAFT_CRITERIA,
            Criterion(
                "Its figures are those of the record",
                _keeps_to_the_record,
                "At least two figures of action and result stand in your own record. Round nothing away.",
            ),
            Criterion(
                "The situation says that it was an exercise",
                _says_where_it_happened,
                "Nobody minds an exercise. Everybody minds finding out later.",
            ),
        ),
    )


def self_question(id: str) -> Question:
    """One's own score, and what to rewrite."""
    return Question(
        id=id,
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
    )
