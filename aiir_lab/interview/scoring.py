"""From signs to scores: a sum of weights and three cuts, so that every score can be taken apart.

The weights stand as plain numbers in ``weights.json``; ``python -m aiir_lab.interview.fitting`` makes them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from aiir_lab.catalog.interview import Dimension
from aiir_lab.interview.signs import Sign, Span, load_signs

LOWEST, HIGHEST = 1, 4


@dataclass(frozen=True)
class Weights:
    """What a dimension starts from, what each sign adds when it shows fully, and where 2, 3 and 4 begin."""

    base: float
    signs: Mapping[str, float]
    cuts: tuple[float, ...] = (1.5, 2.5, 3.5)


@dataclass(frozen=True)
class Point:
    """One sign in one answer: where it was found, what it earned, and what it could have earned.

    ``earned`` and ``worth`` are parts of the sum; for what costs, both are negative or zero.
    """

    sign: Sign
    spans: tuple[Span, ...]
    earned: float
    worth: float

    @property
    def is_found(self) -> bool:
        """Whether it shows in the answer."""
        return bool(self.spans)

    @property
    def missing(self) -> float:
        """What the sum would gain if this were mended."""
        return -self.earned if self.sign.costs else self.worth - self.earned


@dataclass(frozen=True)
class DimensionScore:
    """The score of one dimension and how it comes about.

    Parameters
    ----------
    dimension : Dimension
    score : int
        1 to 4: one more than the cuts that `raw` reaches; 1 where nothing was found at all.
    raw : float
        What the dimension starts from plus all that was earned.
    cuts : tuple of float
        From where on `raw` earns 2, 3 and 4.
    points : tuple of Point
        Every sign of the dimension, found or not.
    """

    dimension: Dimension
    score: int
    raw: float
    points: tuple[Point, ...]
    cuts: tuple[float, ...] = ()


@cache
def load_weights() -> dict[Dimension, Weights]:
    """The weights of all dimensions."""
    data = json.loads(files("aiir_lab.interview").joinpath("weights.json").read_text(encoding="utf-8"))
    return {
        Dimension(name): Weights(row["base"], row["signs"], tuple(row["cuts"]))
        for name, row in data["dimensions"].items()
    }


def score_signs(
    found: Mapping[str, list[Span]],
    *,
    word_count: int,
    weights: Mapping[Dimension, Weights] | None = None,
) -> dict[Dimension, DimensionScore]:
    """Score every dimension from the signs that were found.

    Parameters
    ----------
    found : mapping of str to list of (int, int)
        Sign -> where it stands, as :func:`~aiir_lab.interview.signs.find_signs` returns it.
    word_count : int
        Words of the answer; some signs count by their share in it.
    weights : mapping, optional
        Other weights than the fitted ones.
    """
    weights = weights or load_weights()
    scores = {}
    for dimension in Dimension:
        own = weights[dimension]
        points = []
        for sign in load_signs():
            if sign.counts_in(dimension):
                spans = tuple(found.get(sign.id, ()))
                worth = own.signs[sign.id]
                points.append(Point(sign, spans, worth * sign.strength(spans, word_count=word_count), worth))
        raw = own.base + sum(point.earned for point in points)
        score = LOWEST + sum(raw >= cut for cut in own.cuts)
        # a tone without any sign is blameless; elsewhere nothing of its own is nothing
        own_finds = [p for p in points if p.is_found and not p.sign.costs and not p.sign.also]
        if dimension is not Dimension.TONE and not own_finds:
            score = LOWEST
        scores[dimension] = DimensionScore(dimension, score, raw, tuple(points), own.cuts)
    return scores


def lowest_scores() -> dict[Dimension, DimensionScore]:
    """The scores of an answer in which there is nothing to judge."""
    return {dimension: DimensionScore(dimension, LOWEST, float(LOWEST), ()) for dimension in Dimension}
