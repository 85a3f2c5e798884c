"""A linear model over the terms of a text: a table of weights in JSON, and a sum that can be explained.

The tables are made by :mod:`aiir_lab.review.fitting`; judging needs nothing but this module.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources.abc import Traversable
from math import sqrt
from pathlib import Path

from aiir_lab.review.phrasing import STOP_WORDS


@dataclass(frozen=True)
class Linear:
    """Weights of terms for each of a few classes.

    Parameters
    ----------
    classes : tuple of str
        What is told apart.
    bias : tuple of float
        One log odds per class.
    terms : dict of str to tuple of float
        For each known term its log odds per class.
    """

    classes: tuple[str, ...]
    bias: tuple[float, ...]
    terms: Mapping[str, tuple[float, ...]]

    @classmethod
    def read(cls, path: Path | Traversable) -> Linear:
        """The model kept in a JSON file."""
        return cls.from_json(path.read_text(encoding="utf-8"))

    @classmethod
    def from_json(cls, text: str) -> Linear:
        """The model from the text of its file."""
        kept = json.loads(text)
        terms = {term: tuple(values) for term, values in kept["terms"].items()}
        return cls(tuple(kept["classes"]), tuple(kept["bias"]), terms)

    def to_json(self) -> str:
        """One term on each line, so that a change of weights can be read as a difference."""
        lines = (f"{json.dumps(term, ensure_ascii=False)}: {json.dumps(w)}" for term, w in self.terms.items())
        head = f'{{"classes": {json.dumps(self.classes)},\n "bias": {json.dumps(self.bias)},\n "terms": {{\n'
        return head + ",\n".join(lines) + "\n}}\n"

    def scores(self, terms: Iterable[str]) -> dict[str, float]:
        """The log odds of each class, up to a common constant.

        Each known term counts once, over the root of their number: long texts are not louder than short ones.
        """
        known = [values for term in terms if (values := self.terms.get(term))]
        scale = 1 / sqrt(max(len(known), 1))
        sums = map(sum, zip(*known, strict=True)) if known else [0.0] * len(self.bias)
        columns = zip(self.classes, self.bias, sums, strict=True)
        return {name: bias + scale * total for name, bias, total in columns}

    def log_odds(self, terms: Iterable[str]) -> float:
        """How much more the second of two classes has than the first: :meth:`scores` in a hurry."""
        get = self._between.get
        known = [weight for term in terms if (weight := get(term)) is not None]
        return self.bias[1] - self.bias[0] + sum(known) / sqrt(max(len(known), 1))

    @cached_property
    def _between(self) -> dict[str, float]:
        return {term: second - first for term, (first, second) in self.terms.items()}

    def weightiest(self, terms: Mapping[str, str], name: str, *, count: int = 3) -> list[str]:
        """The words that speak most for a class, against the mean of all; none twice.

        Parameters
        ----------
        terms : mapping
            Each term with the words that it stands for.
        name : str
            The class.
        count : int, default 3
            At most so many.
        """
        place = self.classes.index(name)
        found: dict[str, float] = {}
        for term, spoken in terms.items():
            if (values := self.terms.get(term)) and spoken and spoken.lower() not in STOP_WORDS:
                found[spoken] = max(found.get(spoken, 0.0), values[place] - sum(values) / len(values))
        best = sorted((spoken for spoken in found if found[spoken] > 0), key=lambda spoken: -found[spoken])
        kept: list[str] = []
        for spoken in best:
            if not any(spoken in other or other in spoken for other in kept):
                kept.append(spoken)
        return kept[:count]
