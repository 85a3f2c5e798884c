"""The words of an action, weighed: what labelled actions with the same words were judged to be.

The weights are fitted by :mod:`aiir_lab.review.actions.fitting` and kept in ``weights.json``.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from itertools import pairwise

from aiir_lab.review.linear import Linear
from aiir_lab.review.phrasing import stem, words

STRENGTHS = ("stronger", "intermediate", "weaker")


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
def model() -> Linear:
    """The weights of each term for each strength."""
    return Linear.read(resources.files("aiir_lab.review.actions").joinpath("weights.json"))
