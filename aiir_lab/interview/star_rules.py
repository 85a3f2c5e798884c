"""What each part of a STAR-L story must show, and how a story is balanced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from aiir_lab.catalog.interview import StarPart
from aiir_lab.interview.answer import Answer, read_answer
from aiir_lab.interview.signs import Span, find_signs, load_signs
from aiir_lab.interview.speaking import LONGEST_S, SHORTEST_S, say_duration, spoken_s
from aiir_lab.review.finding import Finding
from aiir_lab.review.language import review_language
from aiir_lab.review.phrasing import sentences, words

FEWEST_WORDS = 8
"""A part of fewer words is a note, not a part."""

# A change to one figure or one line; good to have, but the next incident will need another figure.
_DETAIL = re.compile(
    r"\b(?:threshold|parameter|value|setting|timeout|typo|wording|label|column|query|regex|cron|line of code|"
    r"hot ?fix|patch(?:ed)?|fixed (?:the|a)|corrected (?:the|a)|raised the|lowered the|tuned)\b",
    re.IGNORECASE,
)
_BROADER = re.compile(
    r"\b(?:plans?|runbooks?|playbooks?|roles?|rota|gates?|templates?|polic(?:y|ies)|process|drill\w*|exercises?|"
    r"owner|reviews?|checklists?|automat\w+|roll ?backs?|blocks?|blocked|channel|matrix|agreement|contract|"
    r"every (?:model|release|team|incident)|by group|registry|sign-?off|canary)\b",
    re.IGNORECASE,
)

# part -> signs that it must show, each with the kind of remark where it does not
_MUST_SHOW: dict[StarPart, dict[str, str]] = {
    StarPart.SITUATION: {
        "context.affected": "nobody_affected",
        "context.how_much": "no_size",
        "context.since_when": "no_time",
    },
    StarPart.TASK: {"ownership.my_task": "no_task_of_mine"},
    StarPart.ACTION: {
        "ownership.i_act": "not_my_action",
        "ownership.my_share": "more_we_than_i",
        "decisions.choice": "no_choice",
        "decisions.unknown": "nothing_unknown",
        "decisions.given_up": "nothing_given_up",
    },
    StarPart.RESULT: {"result.figure": "not_measured", "result.before_after": "no_before_after"},
    StarPart.LEARNING: {"learning.structure": "no_structural_change"},
}
_NAMES = {
    "nobody_affected": "It is not said who was affected.",
    "no_size": "It is not said how much: there is no figure.",
    "no_time": "It is not said since when, or for how long.",
    "no_task_of_mine": "It is not said what was yours to do.",
    "not_my_action": "It does not tell what you did yourself.",
    "more_we_than_i": 'It says "we" or "they" at least as often as "I".',
    "no_choice": "No choice of yours is named.",
    "nothing_unknown": "Nothing was unknown, so there was nothing to decide.",
    "nothing_given_up": "The choice cost nothing, so it was none.",
    "not_measured": "The result is not measured.",
    "no_before_after": "The figure has nothing beside it: no before, or no after.",
    "no_structural_change": "Nothing changes in the response plan or the system.",
}


def judge_part(part: StarPart, text: str) -> Iterator[Finding]:
    """The remarks about one part."""
    if len(words(text)) < FEWEST_WORDS:
        from aiir_lab.interview.star import GUIDANCE

        message = "This part is empty." if not text else "This part is a note, not yet a part."
        yield Finding(0, 0, "empty_part", message, GUIDANCE[part], field=part.value)
        return
    found = find_signs(read_answer({part: text}))
    signs = {sign.id: sign for sign in load_signs()}
    for name, kind in _MUST_SHOW[part].items():
        enough = 2 if name == "ownership.i_act" else 1
        if len(found[name]) < enough:
            yield Finding(0, 0, kind, _NAMES[kind], signs[name].advice, field=part.value)
    if part is StarPart.TASK and len(sentences(text)) > 3:
        yield Finding(
            0, 0, "long_task", "The task takes more than three sentences.", "Say it in one.", field=part
        )
    if part is StarPart.LEARNING:
        yield from _learning(text, found)
    for finding in review_language(text, words=False):
        yield replace(finding, field=part.value)


def _learning(text: str, found: dict[str, list[Span]]) -> Iterator[Finding]:
    if found["learning.only_care"] and not found["learning.holds_itself"]:
        start, end = found["learning.only_care"][0]
        advice = "Ask what would have caught it on a day when nobody was careful."
        message = "Care, training and reminders wear off."
        yield Finding(start, end, "only_care", message, advice, field="learning")
    detail = _DETAIL.search(text)
    if detail and found["learning.structure"] and not _BROADER.search(text):
        message = "This mends one detail; the next incident will need another one."
        advice = "Say what finds or stops the next one too: a line of the response plan, a role, a gate."
        yield Finding(*detail.span(), "only_a_detail", message, advice, field="learning")


def judge_whole(answer: Answer) -> Iterator[Finding]:
    """Length of the story, and whether the action has the most room."""
    seconds = {part: spoken_s(answer.part(part)) for part in StarPart}
    total = sum(seconds.values())
    if total < SHORTEST_S:
        message = f"Spoken it takes {say_duration(total)}; under a minute nobody sees you decide."
        yield Finding(0, 0, "too_short", message, "Give the action more room.")
    if total > LONGEST_S:
        message = f"Spoken it takes {say_duration(total)}; over three minutes nobody listens."
        yield Finding(0, 0, "too_long", message, "Cut the situation first.")
    longest = max(seconds, key=lambda part: seconds[part])
    if seconds[longest] > seconds[StarPart.ACTION]:
        message = f"The {longest} takes more time than the action."
        yield Finding(0, 0, "unbalanced", message, "Shorten it, or tell how you came to your decision.")
