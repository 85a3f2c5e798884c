"""Fit the words' weights of :mod:`aiir_lab.review.actions.weights` to the labelled actions.

Run ``python -m aiir_lab.review.actions.fitting`` after any change of ``action_items.csv`` or
``action_strengths.csv`` under ``datasets/review``; with ``--check`` nothing is written, and the command fails
where the kept weights are not those of the data. ``--cross-validate`` prints how right each list is judged
by a model that was fitted without it.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from aiir_lab.review import fitting
from aiir_lab.review.actions.rules import judge_by_rules
from aiir_lab.review.actions.strength import judge_strength
from aiir_lab.review.actions.weights import STRENGTHS, terms
from aiir_lab.review.linear import Linear

INVERSE_PENALTY = 3.0
"""scikit-learn's ``C``; 2 to 5 made no difference in cross-validation."""

KEPT = Path(__file__).with_name("weights.json")

FILES = ("action_items.csv", "action_strengths.csv")


def read_rows(folder: Path) -> list[dict[str, str]]:
    """The labelled actions of both files: `split`, `description` and `strength` of each are read."""
    rows = []
    for name in FILES:
        with folder.joinpath(name).open(encoding="utf-8", newline="") as file:
            rows += list(csv.DictReader(file))
    return rows


def fit(rows: Sequence[dict[str, str]]) -> Linear:
    """Weights of the terms of labelled actions for each strength."""
    seen = [terms(row["description"]) for row in rows]
    return fitting.fit(seen, [row["strength"] for row in rows], STRENGTHS, inverse_penalty=INVERSE_PENALTY)


def cross_validate(rows: Sequence[dict[str, str]], *, folds: int = 5) -> dict[str, tuple[int, int, int, int]]:
    """Per list: items, and how many rules, words and both judge rightly; the words saw nothing of the list.

    The lists that were written as training data are the bulk of it; each is left out a fifth at a time.
    """
    parts: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        name = row["split"]
        parts.setdefault(f"{name} {place % folds}" if name.startswith("train") else name, []).append(place)
    found: Counter[tuple[str, str]] = Counter()
    for name, places in parts.items():
        out = set(places)
        fitted = fit([row for place, row in enumerate(rows) if place not in out])
        for place in places:
            text, label = rows[place]["description"], rows[place]["strength"]
            key = name.split()[0]
            found[key, "items"] += 1
            found[key, "rules"] += judge_by_rules(text).strength == label
            scores = fitted.scores(terms(text))
            found[key, "words"] += max(scores, key=scores.__getitem__) == label
            found[key, "both"] += judge_strength(text, fitted).strength == label
    return {
        key: (found[key, "items"], found[key, "rules"], found[key, "words"], found[key, "both"])
        for key in dict.fromkeys(name.split()[0] for name in parts)
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run as ``python -m aiir_lab.review.actions.fitting [--check | --cross-validate]``; 0 if all is well."""
    command = "python -m aiir_lab.review.actions.fitting"
    options = fitting.read_options(command, __doc__, arguments)
    rows = read_rows(options.data)
    if options.cross_validate:
        for name, (items, *right) in cross_validate(rows).items():
            rules, words, both = (f"{count / items:.3f}" for count in right)
            print(f"{name:12} {items:4} items: rules {rules}, words {words}, both {both}")
        return 0
    return fitting.keep({KEPT: fit(rows)}, check=options.check, command=command)


if __name__ == "__main__":
    raise SystemExit(main())
