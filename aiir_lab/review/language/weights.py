"""The words of a sentence, weighed: how far it reads like labelled accusations, and like which kind of them.

Asked where no rule holds and the sentence names somebody; the weights are fitted by
:mod:`aiir_lab.review.language.fitting` and kept in ``accuses.json`` and ``kinds.json`` under ``data``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise

from aiir_lab.review.language.parse import Parse
from aiir_lab.review.language.rules import KINDS, Ground
from aiir_lab.review.linear import Linear
from aiir_lab.review.phrasing import stem

CLASSES = ("harmless", "accuses")

THRESHOLD = 0.8
"""Log odds from which a sentence accuses; chosen on lists that the weights were fitted without."""

AGAINST = 1.5
"""The same where the grammar took the sentence up and found it harmless."""

MIN_WORDS = 6
"""Shorter sentences are left to the rules: a word or two would decide alone."""


@dataclass(frozen=True)
class Words(Ground):
    """The words that weigh most, where no rule holds."""

    words: tuple[str, ...]


def terms(items: Parse) -> list[str]:
    """What the models look at: the words, pairs of them, pairs of tags; in this order, none left out.

    Names and unknown capitals are one word, and so are all numbers. Words are stemmed; a slash begins tags.

    Examples
    --------
    >>> from aiir_lab.review.language.parse import tag
    >>> terms(tag("Ana skipped it"))[:5]
    ['_name', 'skip', 'it', '^ _name', '_name skip']
    """
    end = _end(items)
    words = ["^", *map(_word, items.words[:end], items.tags), "$"]
    tags = ["^", *map(_tag, items.words[:end], items.tags), "$"]
    return [
        *words[1:-1],
        *(f"{a} {b}" for a, b in pairwise(words)),
        *(f"/{a} {b}" for a, b in pairwise(tags)),
    ]


def _end(items: Parse) -> int:
    """Where the last full stop stands: a line of a list or a table has none, and says as much."""
    return len(items) - 1 if len(items) and items.words[-1] == "." else len(items)


def _spoken(items: Parse) -> list[str]:
    """The words that each of the terms stands for."""
    said = ["", *(word if word[0].isalnum() else "" for word in items.words[: _end(items)]), ""]
    beside = [" ".join(pair).strip() for pair in pairwise(said)]
    return [*said[1:-1], *beside, *beside]


@lru_cache(maxsize=50_000)
def _word(word: str, tags: str) -> str:
    if "N" in tags or "U" in tags:
        return "_name"
    if "O" in tags:
        return "_quoted"
    return "#" if word[0].isdigit() else stem(word)


@lru_cache(maxsize=50_000)
def _tag(word: str, tags: str) -> str:
    if "P" in tags or "U" in tags:
        return "P"
    return tags or ("?" if word[0].isalnum() else word)


@cache
def models() -> tuple[Linear, Linear]:
    """Whether a sentence accuses, and with which kind."""
    data = resources.files("aiir_lab.review.language").joinpath("data")
    return Linear.read(data / "accuses.json"), Linear.read(data / "kinds.json")


def weigh(items: Parse, threshold: float = THRESHOLD, fitted: tuple[Linear, ...] = ()) -> Words | None:
    """What the words of a sentence make of it; None where they are harmless.

    `fitted` are other models than those that are kept; cross-validation asks with such.
    """
    if sum(word[0].isalnum() for word in items.words) < MIN_WORDS:
        return None
    accuses, kinds = fitted or models()
    seen = terms(items)
    if accuses.log_odds(set(seen)) < threshold:
        return None
    by_kind = kinds.scores(set(seen))
    named = accuses.weightiest(dict(zip(seen, _spoken(items), strict=True)), "accuses")
    return Words("words", max(KINDS, key=by_kind.__getitem__), "labelled", tuple(named))
