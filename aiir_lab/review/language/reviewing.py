"""Find sentences that put the cause on a person, role, team or company, and say what to write instead."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from aiir_lab.records.errors import AiirError
from aiir_lab.review.finding import Finding
from aiir_lab.review.language.advice import advise
from aiir_lab.review.language.join import parse
from aiir_lab.review.language.judge import judge
from aiir_lab.review.language.parse import Parse, may_accuse
from aiir_lab.review.language.rules import KINDS
from aiir_lab.review.language.text import line_starts, mask, sentences

__all__ = ["KINDS", "review_language"]

# Sentences judged before are remembered within one call, up to this many.
_MEMORY = 4096


class _Remark(NamedTuple):
    start: int
    end: int
    kind: str
    rule: str
    message: str
    suggestion: str


class _Judged(NamedTuple):
    remarks: list[_Remark]
    only_things: bool


def review_language(text: str) -> list[Finding]:
    """Findings for sentences that accuse; an empty list means blameless.

    Systems, models and documents as subject, neutral and positive acts of people, technical terms,
    quoted or rejected accusations, "how" and "what" questions, local reasons and designs for the future
    are left alone. Code and block quotes in Markdown are not read.

    Parameters
    ----------
    text : str
        English prose or Markdown of any length.

    Returns
    -------
    list of Finding
        In the order of the text. ``kind`` is one of `KINDS`; ``rule`` names a line of the rule table
        (``data/rules_<kind>.txt``), which names its source; ``line`` counts from 1.

    Raises
    ------
    AiirError
        `text` is not a string.

    Examples
    --------
    >>> [f.kind for f in review_language("The on-call failed to check the dashboard.")]
    ['failed_to']
    >>> review_language("The validator failed to run, and the gate had no timeout.")
    []
    """
    if not isinstance(text, str):
        raise AiirError(
            f"review_language reads a str; got {type(text).__name__}. Read the file as text first."
        )
    masked = mask(text)
    lines = line_starts(text)
    seen: dict[tuple[str, bool], _Judged] = {}
    found: list[Finding] = []
    after_things = False
    for start, end in sentences(masked):
        sentence = masked[start:end]
        judged = seen.get((sentence, after_things))
        if judged is None:
            judged = _judge(sentence, they_are_things=after_things)
            if len(seen) >= _MEMORY:
                seen.clear()
            seen[sentence, after_things] = judged
        for remark in judged.remarks:
            first, last = start + remark.start, start + remark.end
            line = bisect_right(lines, first)
            found.append(
                Finding(
                    first, last, remark.kind, remark.message, remark.suggestion, line=line, rule=remark.rule
                )
            )
        after_things = judged.only_things
    return found


def _judge(sentence: str, *, they_are_things: bool) -> _Judged:
    if not may_accuse(sentence):
        return _Judged([], True)
    items = parse(sentence)
    remarks = [
        _Remark(
            items.starts[first],
            items.ends[last],
            rule.kind,
            rule.id,
            *advise(rule, items, first, last, sentence),
        )
        for first, last, rule in judge(sentence, items, they_are_things=they_are_things)
    ]
    return _Judged(remarks, _only_things(items))


def _only_things(items: Parse) -> bool:
    """Whether a "they" in the next sentence can only mean systems: this one names no person."""
    letters = "".join(items.tags)
    return "S" in letters and "P" not in letters
