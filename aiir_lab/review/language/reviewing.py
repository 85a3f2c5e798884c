"""Find sentences that put the cause on a person, role, team or company, and say what to write instead."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Sequence

from aiir_lab.records.errors import AiirError
from aiir_lab.review.finding import Finding
from aiir_lab.review.language.advice import advise
from aiir_lab.review.language.join import join, parse
from aiir_lab.review.language.judge import judge
from aiir_lab.review.language.numbers import shape, with_numbers
from aiir_lab.review.language.parse import Parse, tag
from aiir_lab.review.language.rules import KINDS, Ground
from aiir_lab.review.language.screening import ask
from aiir_lab.review.language.text import line_starts, mask, sentences
from aiir_lab.review.language.weights import AGAINST, THRESHOLD, weigh
from aiir_lab.review.linear import Linear

__all__ = ["KINDS", "review_language"]

Held = tuple[int, int, Ground]

# Sentences judged before are remembered within one call, up to this many; numbers make no difference.
_MEMORY = 16_384


def review_language(text: str, *, words: bool = True) -> list[Finding]:
    """Findings for sentences that accuse; an empty list means blameless.

    Systems, models and documents as subject, neutral and positive acts of people, technical terms,
    quoted or rejected accusations, "how" and "what" questions, local reasons and designs for the future
    are left alone. Code and block quotes in Markdown are not read.

    Parameters
    ----------
    text : str
        English prose or Markdown of any length.
    words : bool, default True
        Whether to weigh the words of sentences that no rule takes up. Without, every finding rests on a rule
        that one can argue with: so it is wherever points depend on it, and in what people say in meetings,
        interviews and status updates, for the weights come from reports.

    Returns
    -------
    list of Finding
        In the order of the text. ``kind`` is one of `KINDS`; ``rule`` names a line of the rule table
        (``data/rules_<kind>.txt``), which names its source, or is ``words`` where no rule holds and the
        sentence reads like labelled accusations; ``line`` counts from 1.

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
    return review_sentences(text, words)


def review_sentences(text: str, words: bool, fitted: tuple[Linear, ...] = ()) -> list[Finding]:
    masked = mask(text)
    lines = line_starts(text)
    seen: dict[tuple[str, bool], tuple[Parse, list[Held]] | None] = {}
    found: list[Finding] = []
    before: deque[str] = deque(maxlen=3)
    for start, end in sentences(masked):
        sentence = masked[start:end]
        # who "they" are is asked only where it is said
        key = shape(sentence), "they" in sentence.lower() and _only_things(before)
        if key in seen:
            judged = seen[key]
        else:
            if len(seen) >= _MEMORY:
                seen.clear()
            judged = seen[key] = _judge(*key, words, fitted)
        if judged is not None:
            found += _findings(sentence, start, *judged, lines)
        before.append(sentence)
    return found


def _judge(
    sentence: str, they_are_things: bool, words: bool, fitted: tuple[Linear, ...] = ()
) -> tuple[Parse, list[Held]] | None:
    """The items of a sentence with what holds in it; None where nothing does."""
    asked = ask(sentence)
    if not asked.anyone:
        return None
    spoken = tag(sentence)
    threshold = THRESHOLD
    if asked.rules:
        items = join(spoken)
        held, taken_up = judge(sentence, items, they_are_things=they_are_things)
        if held:
            return items, [*held]
        threshold = AGAINST if taken_up else THRESHOLD
    if not words:
        return None
    if they_are_things and all(word == "they" for word in _people(spoken)):
        return None
    weighed = weigh(spoken, threshold, fitted)
    return (spoken, [(0, len(spoken) - 1, weighed)]) if weighed else None


def _people(items: Parse) -> list[str]:
    return [word for word, tags in zip(items.words, items.tags, strict=True) if "P" in tags or "U" in tags]


def _findings(sentence: str, start: int, items: Parse, held: list[Held], lines: list[int]) -> list[Finding]:
    items = with_numbers(items, sentence)
    found = []
    for first, last, ground in held:
        begin, end = start + items.starts[first], start + items.ends[last]
        message, suggestion = advise(ground, items, first, last, sentence)
        line = bisect_right(lines, begin)
        found.append(Finding(begin, end, ground.kind, message, suggestion, line=line, rule=ground.id))
    return found


def _only_things(before: Sequence[str]) -> bool:
    """Whether a "they" after these sentences can only mean systems: the last that names more than a "they"
    names no person.
    """
    for sentence in reversed(before):
        if not ask(sentence).anyone:
            return bool(sentence)
        items = parse(sentence)
        people = {word for word, tags in zip(items.words, items.tags, strict=True) if "P" in tags}
        if people != {"they"}:
            return not people and any("S" in tags for tags in items.tags)
    return False
