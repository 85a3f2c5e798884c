"""Measures of how two statements hang together, weighed: does one repeat the other, does it lead away?

Each question is a logistic regression over the labelled chains. Its weights stand in ``weights.json``, by
measure, so that a verdict can be traced; :mod:`aiir_lab.review.whys.fitting` fits them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

from aiir_lab.review.whys.depth import depth_of
from aiir_lab.review.whys.words import concepts, fields, plain

REPEATS, LEAVES = "repeats", "leaves"

Weights = Mapping[str, Mapping[str, float]]


def likeness(own: str, earlier: Sequence[str], thin: frozenset[str]) -> tuple[int, dict[str, float]] | None:
    """The earlier statement (0 = the problem) that is most alike, and measures of it, each about 0 to 1.

    None where nothing can be compared. `thin` are concepts that make no link by themselves.
    """
    listed = concepts(own)
    mine = set(listed)
    before = {plain(concept) for statement in earlier for concept in concepts(statement)}
    best: tuple[float, int, dict[str, float]] | None = None
    for index, statement in enumerate(earlier):
        said = concepts(statement)
        other = set(said)
        if not mine or not other:
            continue
        shared, whole = mine & other, mine | other
        near = sum(any(fields([c]) & fields([x]) for x in other - mine) for c in mine - other)
        bare, told = {plain(c) for c in mine}, {plain(c) for c in other}
        found = {
            "shared": len(shared) / len(whole),
            "of_the_answer": len(shared) / len(mine),
            "of_the_statement": len(shared) / len(other),
            "shared_or_near": (len(shared) + 0.5 * near) / len(whole),
            "shared_denied_or_not": len(bare & told) / len(bare | told),
            "same_subject": float(listed[0] == said[0]),
            "of_the_problem": float(index == 0),
            "of_the_last": float(index == len(earlier) - 1),
            "telling": min(len(shared - thin), 3) / 3,
            "new": min(len(bare - before), 5) / 5,
        }
        alike = found["shared_or_near"] + found["of_the_answer"] + found["of_the_statement"]
        if best is None or alike > best[0]:
            best = (alike, index, found)
    if best is None:
        return None
    depth = depth_of(own)
    ends = {"system": depth.scores["system"] / 3, "person": depth.scores["person"] / 3}
    return best[1], best[2] | ends


@cache
def kept() -> Weights:
    """The weights by question and measure; ``bias`` beside them."""
    source = resources.files("aiir_lab.review.whys").joinpath("weights.json")
    return dict(json.loads(source.read_text(encoding="utf-8")))


def log_odds(question: str, found: Mapping[str, float], weights: Weights | None = None) -> float:
    """How strongly the measures say so; `weights` are other ones than those that are kept."""
    by_measure = (weights or kept())[question]
    return by_measure["bias"] + sum(by_measure[name] * value for name, value in found.items())
