"""A cheap question asked before the grammar: could this sentence accuse anybody at all?

It looks at bare words, each judged once and remembered, and errs on the side of yes: whatever joining words
may add (a phrase, a "nobody", a genitive) counts as there.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from aiir_lab.review.language.join import JOINED
from aiir_lab.review.language.parse import NAMED_MARKS, TOKEN, tagged_word
from aiir_lab.review.language.rules import screen
from aiir_lab.review.language.words import lexicon, sections

# Without a person or a verdict in it, no sentence accuses.
_NEEDED = frozenset("PAUGJMXKe")
# Words that make a "nobody" of a person ("none of the reviewers", "not one of them").
_DENYING = frozenset({"none", "neither", "not", "no"})


class Asked(NamedTuple):
    """What bare words say about a sentence."""

    anyone: bool  # it names a person or a verdict
    rules: bool  # and some rule finds all its words and tags


def ask(sentence: str) -> Asked:
    """Whether the sentence names anyone, and whether some rule may hold.

    Examples
    --------
    >>> ask("The nightly batch was read at noon.").anyone, ask("The reviewer missed it.").rules
    (False, True)
    """
    tokens = TOKEN.findall(sentence)
    if not tokens:
        return Asked(False, False)
    one = screen()
    present = one.present_at_start | _bits(tokens[0], True)
    for token in set(tokens[1:]):
        present |= _bits(token, False)
    if present >> (one.planes * one.count) == 0:
        return Asked(False, False)
    return Asked(True, one.complete(present) != 0)


@lru_cache(maxsize=50_000)
def _bits(token: str, initial: bool) -> int:
    """What a bare word can fill in the rules; the topmost bit says that a person or a verdict is there."""
    one = screen()
    needed = 1 << (one.planes * one.count)
    if not (token[0].isalnum() or token[0] in "@_"):
        tags = "g" if token in "'’" else ""
        # a face or a clapping hand may be all it takes
        return one.fills(NAMED_MARKS.get(token, token), tags) | (0 if token.isascii() else needed)
    filled = 0
    for at_start in (False, True):
        low, letters, further = tagged_word(token[:60], at_start)
        filled |= one.fills(low, letters)
        for extra in further:
            filled |= one.fills(extra, lexicon().get(extra, "")) | _joining().get(extra, 0)
            if extra in _DENYING:
                filled |= one.fills(extra, "PZz")
        filled |= _joining().get(low, 0)
        if low in _DENYING:
            filled |= one.fills(low, "PZz")
        if low in sections()["company_tails"]:
            filled |= one.fills(low, "PT")
    low, letters, _ = tagged_word(token[:60], initial)
    is_needed = not _NEEDED.isdisjoint(letters) or low in sections()["openers"]
    return filled | needed if is_needed else filled


@cache
def _joining() -> dict[str, int]:
    """For the first word of each fixed phrase, what the phrase as a whole fills."""
    found: dict[str, int] = {}
    for words, tags in JOINED.items():
        filled = screen().fills("_".join(words), "PR" if tags == "R" else tags)
        found[words[0]] = found.get(words[0], 0) | filled
    return found
