"""An answer as it is judged: one text, and where the five parts of STAR-L stand in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiir_lab.catalog.interview import StarPart
from aiir_lab.records.errors import AiirError
from aiir_lab.review.phrasing import STOP_WORDS, words

MAX_ANSWER_CHARS = 12_000
"""Longest answer that is read, about fifteen minutes of speech; what follows is not judged."""

FEWEST_WORDS = 8
"""Below this an answer shows too little to be judged; every dimension then scores 1."""

# English prose holds about 40 % of these words, terse notes a quarter, another language hardly any.
_FEWEST_STOP_WORDS = 0.1
_FEWEST_WITHOUT_PUNCTUATION = 0.3

_NAMES = "|".join(StarPart)
_HEADING = re.compile(rf"(?im)^[ \t#*>-]*({_NAMES})\b[ \t*]*[:.\-–—]?[ \t*]*(?=\S|\n)")

# Sentences that address a judge instead of an interviewer. They earn nothing; the learner is told so.
_TO_THE_JUDGE = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b[^.!?\n]{0,40}\b(?:instructions?|prompts?|rules?|rubric)\b"
    r"|\b(?:give|award|assign|grant|output|return)\b[^.!?\n]{0,40}\b(?:full|maximum|max|top|highest|perfect|4)\b"
    r"[^.!?\n]{0,30}\b(?:marks?|scores?|points?|rating|dimensions?)\b"
    r"|\b(?:system prompt|you are (?:a|an|the) (?:grader|judge|assistant|language model))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Answer:
    """An answer as one text.

    Parameters
    ----------
    text : str
        The whole answer; spans of a judgement are offsets in it.
    spans : dict of StarPart to (int, int)
        Where each part stands; empty where the answer came without parts.
    notes : tuple of str
        What was left unread, and why the text may be no answer at all.
    is_readable : bool
        Whether there are English sentences to judge.
    """

    text: str
    spans: Mapping[StarPart, tuple[int, int]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    is_readable: bool = True

    @property
    def has_parts(self) -> bool:
        """Whether the five parts are told apart."""
        return bool(self.spans)

    @property
    def word_count(self) -> int:
        """Words and numbers in the whole answer."""
        return len(words(self.text))

    def part(self, part: StarPart) -> str:
        """The text of one part; the empty string where it is not told apart."""
        start, end = self.spans.get(part, (0, 0))
        return self.text[start:end]


def read_answer(value: Any) -> Answer:
    """Take an answer in any form that learners have it in.

    Parameters
    ----------
    value : str, mapping, or something with ``parts()``
        Text; text with the headings Situation, Task, Action, Result, Learning; a mapping from part to text;
        or an answer of five parts, such as :class:`~aiir_lab.interview.star.StarL` or a worked answer.

    Raises
    ------
    AiirError
        It is none of these, or a part has an unknown name or is no text.

    Examples
    --------
    >>> answer = read_answer({"situation": "One in three shoppers saw an empty box.", "task": None})
    >>> answer.part("situation")
    'One in three shoppers saw an empty box.'
    >>> read_answer("Situation: A box was empty.\\nTask: I was on call.").part("task")
    'I was on call.'
    """
    if hasattr(value, "parts"):
        value = value.parts()
    if isinstance(value, Mapping):
        text, spans = _join(value)
    elif isinstance(value, str):
        text, spans = value.replace("\r\n", "\n"), {}
    else:
        raise AiirError(
            f"An answer is text, or a dict from {', '.join(StarPart)} to text; got {type(value).__name__}. "
            'Write it as "..." or as {"situation": "...", ...}.'
        )
    notes = []
    if len(text) > MAX_ANSWER_CHARS:
        notes.append(f"Only the first {MAX_ANSWER_CHARS:,} of {len(text):,} characters were read.")
        text = text[:MAX_ANSWER_CHARS]
    if not spans:
        spans = _headings(text)
    spans = {part: (min(a, len(text)), min(b, len(text))) for part, (a, b) in spans.items()}
    problem = _why_unreadable(text)
    if problem:
        notes.append(problem)
    if found := _TO_THE_JUDGE.search(text):
        notes.append(
            f"{found.group()[:60]!r} speaks to a judge, not to an interviewer. It earns nothing here and "
            "would end an interview."
        )
    return Answer(text, spans, tuple(notes), not problem)


def _join(given: Mapping[Any, Any]) -> tuple[str, dict[StarPart, tuple[int, int]]]:
    unknown = [str(key) for key in given if key not in list(StarPart)]
    if unknown:
        raise AiirError(
            f"An answer has the parts {', '.join(StarPart)}; there is no part {', '.join(unknown)[:80]}. "
            "Check the spelling."
        )
    text, spans = "", {}
    for part in StarPart:
        value = given.get(part, given.get(part.value))
        if value is None:
            continue
        if not isinstance(value, str):
            raise AiirError(f'The {part} must be text, got {type(value).__name__}. Write it as "...".')
        value = value.replace("\r\n", "\n").strip()
        if value:
            text += "\n" if text else ""
            spans[part] = (len(text), len(text) + len(value))
            text += value
    return text, spans


def _headings(text: str) -> dict[StarPart, tuple[int, int]]:
    marks = list(_HEADING.finditer(text))
    names = [StarPart(mark.group(1).lower()) for mark in marks]
    # two parts at least, each once: one line that begins with "Action" is no set of headings
    if len(marks) < 2 or len(set(names)) != len(names):
        return {}
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return {name: (mark.end(), end) for name, mark, end in zip(names, marks, ends, strict=True)}


def _why_unreadable(text: str) -> str:
    found = words(text)
    if not text.strip():
        return "There is no answer yet."
    if len(found) < FEWEST_WORDS:
        return f"{len(found)} words are too few to judge; {FEWEST_WORDS} are the least."
    plain = sum(word in STOP_WORDS for word in found) / len(found)
    is_list = not re.search(r"[.,;:!?\n]", text)
    if plain < (_FEWEST_WITHOUT_PUNCTUATION if is_list else _FEWEST_STOP_WORDS):
        return "This does not read like English sentences, and only those can be judged here."
    if len(found) > 20 and len(set(found)) / len(found) < 0.2:
        return "The same words come again and again; there is too little to judge."
    return ""
