"""A linear model over the words of an action: what labelled actions with the same words were judged to be.

The weights are fitted by :mod:`aiir_lab.review.actions.fitting` and kept in ``weights.json``; nothing but a
sum is computed here, so each verdict can name the words that made it.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from itertools import pairwise
from math import sqrt

from aiir_lab.review.phrasing import STOP_WORDS, stem, words

STRENGTHS = ("stronger", "intermediate", "weaker")

Weights = dict[str, tuple[float, float, float]]


def terms(description: str) -> dict[str, str]:
    """What the model looks at, each with the words it stands for: stems, pairs of them, and the first one.

    Examples
    --------
    >>> list(terms("Blocks 3 releases"))
    ['block', '#', 'release', 'block #', '# release', '^block']
    """
    spoken = words(description)
    stems = ["#" if word[0].isdigit() else stem(word) for word in spoken]
    found = dict(zip(stems, spoken, strict=True))
    pairs = zip(pairwise(stems), pairwise(spoken), strict=True)
    found |= {f"{a} {b}": f"{first} {second}" for (a, b), (first, second) in pairs}
    if stems:
        found["^" + stems[0]] = spoken[0]
    return found


@cache
def weights() -> tuple[tuple[float, ...], Weights]:
    """The bias of each strength and the weights of each term, in the order of :data:`STRENGTHS`."""
    text = resources.files("aiir_lab.review.actions").joinpath("weights.json").read_text(encoding="utf-8")
    kept = json.loads(text)
    return tuple(kept["bias"]), {term: tuple(values) for term, values in kept["terms"].items()}


def weigh(description: str) -> dict[str, float]:
    """The log odds of each strength, up to a common constant.

    Each known term counts once, over the root of their number: long items are not louder than short ones.
    """
    bias, table = weights()
    known = [table[term] for term in terms(description) if term in table]
    scale = 1 / sqrt(max(len(known), 1))
    return {
        strength: bias[place] + scale * sum(values[place] for values in known)
        for place, strength in enumerate(STRENGTHS)
    }


def weightiest(description: str, strength: str, *, count: int = 3) -> list[str]:
    """The words that speak most for a strength, against the mean of the three; none twice."""
    table = weights()[1]
    place = STRENGTHS.index(strength)
    found = {
        spoken: values[place] - sum(values) / len(values)
        for term, spoken in terms(description).items()
        if (values := table.get(term)) and spoken not in STOP_WORDS
    }
    best = sorted((spoken for spoken in found if found[spoken] > 0), key=lambda spoken: -found[spoken])
    kept: list[str] = []
    for spoken in best:
        if not any(spoken in other or other in spoken for other in kept):
            kept.append(spoken)
    return kept[:count]
