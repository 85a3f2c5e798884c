"""Questions of advanced lesson 1: facilitate a blameless post-mortem."""

from __future__ import annotations

from functools import cache, partial
from typing import Literal

from pydantic import BaseModel, ConfigDict

from aiir_lab.grade.question import Criterion, Question
from aiir_lab.grade.questions._facilitating import Led, Lines
from aiir_lab.review.phrasing import stems
from aiir_lab.tabletop.meeting import (
    Meeting,
    load_meeting_script,
    load_rules,
    start_meeting,
)
from aiir_lab.tabletop.meeting.reading import Reading, read_words

MEETING, SEED = "moderation_failure", 7
"""The meeting of the lesson, and the seed of the one that is shown; the notebook says the same number."""

# --- what a sentence does

SENTENCES = {
    "a": "On-call, why did you not look into the mailbox?",
    "b": "If on-call had looked on Saturday, none of this would have happened.",
    "c": "Filter owner, what did you know about the training data at that time?",
    "d": "I think the filter was simply too old.",
    "e": "I agree with the director here.",
    "f": "Did the dashboard show it, yes or no?",
    "g": "What in the planning kept that ticket open?",
    "h": "So we can write down human error.",
}
"""The sentences of the first task; the notebook shows the same ones."""

_Effect = Literal[
    "opens", "accuses", "counterfactual", "human_error", "opinion", "takes_sides", "closes_answer"
]
_EFFECT_OF = {
    "accusing_question": "accuses",
    "blame": "accuses",
    "counterfactual": "counterfactual",
    "human_error": "human_error",
    "opinion": "opinion",
    "take_sides": "takes_sides",
    "closed_question": "closes_answer",
}


def _read(text: str) -> Reading:
    return read_words(text, load_meeting_script(MEETING), load_rules())


def effect_of(letter: str) -> str:
    """What the rules of the meeting make of a sentence."""
    kinds = _read(SENTENCES[letter]).kinds
    return next((_EFFECT_OF[kind] for kind in kinds if kind in _EFFECT_OF), "opens")


def _names_effects(answer: dict[str, str | None], *, letters: str) -> bool | str:
    wrong = [letter for letter in letters if answer.get(letter) != effect_of(letter)]
    return not wrong or f"Not yet: {', '.join(wrong)}."


# --- turn what others bring up

REMARKS = {
    "blame": "Director: A mail lay there for a day. We all know who was on call, so let us have the name.",
    "hindsight": "Legal: Anybody who reads those reports sees the odd spellings at once.",
    "fix": "PR: Let us buy something that undoes odd spellings, today, and be done with it.",
}
"""The remarks of the second task; the notebook shows the same ones."""

_ABOUT = {
    "blame": "mail mailbox alert rule page paging call reach notified route name",
    "hindsight": "reports spelling spellings queue read moderators look see",
    "fix": "fix buy spellings idea filter tool solution list board undo timeline",
}


class Turned(BaseModel):
    model_config = ConfigDict(extra="forbid")

    blame: str | None = None
    hindsight: str | None = None
    fix: str | None = None


def _turns(answer: Turned, *, kind: str) -> bool | str:
    text = getattr(answer, kind) or ""
    if not text.strip():
        return "Nothing is written."
    read, rules = _read(text), load_rules()
    if read.harmful:
        return f"It is read as {', '.join(rules.kind(k).what.lower() for k in read.harmful)}."
    wanted = rules.interruption(kind).answered_by
    if not set(wanted) & set(read.kinds):
        return f"It is read as {', '.join(rules.kind(k).what.lower() for k in read.kinds)}."
    if kind != "fix" and not read.asks:
        return "It stops the remark, and asks nothing: the meeting stands still."
    if not set(stems(text)) & set(stems(_ABOUT[kind])):
        return "It has no word of what the remark is about."
    return True


def _are_different(answer: Turned) -> bool | str:
    texts = [set(stems(text)) for text in (answer.blame, answer.hindsight, answer.fix) if text]
    if len(texts) < 3:
        return "Fewer than three are written."
    pairs = [(a, b) for place, a in enumerate(texts) for b in texts[place + 1 :]]
    return all(len(a & b) / max(len(a | b), 1) < 0.5 for a, b in pairs)


# --- why something stayed hidden


class Diagnosis(BaseModel):
    model_config = ConfigDict(extra="forbid")

    move: int | None = None
    rule: str | None = None
    hidden: list[str] | None = None


@cache
def _shown() -> Meeting:
    meeting = start_meeting(MEETING, seed=SEED)
    for text in meeting.script.example:
        meeting.say(text)
    return meeting


def worst_move() -> tuple[int, str]:
    """The move and rule that cost the filter owner most in the meeting that is shown."""
    changes = _shown().result().changes
    row = changes[changes["who"] == "Filter owner"].sort_values("points", kind="stable").iloc[0]
    return int(row["turn"]), str(row["rule"])


def asked_in_vain() -> set[str]:
    """The facts that were asked for by a fitting question and stayed hidden."""
    facts = _shown().result().facts
    return set(facts.index[facts["why_hidden"].str.contains("did not feel safe enough")])


def _names_hidden(answer: Diagnosis) -> bool | str:
    given, wanted = set(answer.hidden or []), asked_in_vain()
    if not given:
        return "No fact is named."
    return (
        given == wanted
        or f"{len(given & wanted)} of {len(wanted)} are there, {len(given - wanted)} too many."
    )


LED = Led(lambda: load_meeting_script(MEETING))

QUESTIONS = (
    Question(
        id="a01-sentences",
        title="What a sentence does in the room",
        shape=dict[Literal["a", "b", "c", "d", "e", "f", "g", "h"], _Effect | None],
        expected='a dict such as {"a": "accuses", "b": "opens"}, with the words of the table',
        criteria=tuple(
            Criterion(
                f"What {letters[0]} and {letters[1]} do",
                partial(_names_effects, letters=letters),
                hint,
            )
            for letters, hint in (
                ("ac", "Whom does the sentence ask about: a person's reasons, or what there was to see?"),
                ("bg", "One of them tells a past that did not happen."),
                ("df", "Who has just given an opinion, and which question can be answered with one word?"),
                ("eh", "One picks a side, the other ends the search."),
            )
        ),
    ),
    Question(
        id="a01-diagnose",
        title="Which move closed whom",
        shape=Diagnosis,
        expected='a dict {"move": 1, "rule": "...", "hidden": ["..."]}',
        criteria=(
            Criterion(
                "The move that cost the filter owner most, and its rule",
                lambda answer: (answer.move, answer.rule) == worst_move(),
                "Look at `shown.result().changes`: the smallest points of the filter owner.",
                points=2,
            ),
            Criterion(
                "Every fact that was asked for well, and too late",
                _names_hidden,
                "Look at `why_hidden`: asked, but not safe enough. Give their ids, no others.",
                points=2,
            ),
        ),
    ),
    Question(
        id="a01-turn",
        title="Turn three remarks",
        shape=Turned,
        expected='a dict {"blame": "...", "hindsight": "...", "fix": "..."} with what you would say',
        criteria=(
            Criterion(
                "The blame becomes a question about conditions",
                lambda answer: _turns(answer, kind="blame"),
                "Ask what in the process or the tools made this likely, for anybody.",
                points=2,
            ),
            Criterion(
                "The hindsight goes forward in time again",
                lambda answer: _turns(answer, kind="hindsight"),
                "Ask what was in front of them, or known, at that time.",
                points=2,
            ),
            Criterion(
                "The fix is parked, not judged",
                lambda answer: _turns(answer, kind="fix"),
                "Park it where all can see it, and go back to the timeline.",
                points=2,
            ),
            Criterion("Each fits its remark", _are_different, "One formula for everything is heard as one."),
        ),
    ),
    Question(
        id="a01-meeting",
        title="Your meeting",
        shape=Lines,
        expected="meeting.transcript: a list, head first, with at least one move",
        criteria=LED.criteria(),
    ),
)
