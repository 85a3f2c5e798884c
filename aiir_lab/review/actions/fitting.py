"""Fit the words' weights of :mod:`aiir_lab.review.actions.weights` to the labelled actions.

Run ``python -m aiir_lab.review.actions.fitting`` after any change of ``action_items.csv`` or
``action_strengths.csv`` under ``datasets/review``; with ``--check`` nothing is written, and the command fails
where the kept weights are not those of the data. ``--cross-validate`` prints how right each list is judged
by a model that was fitted without it. Only this module imports scikit-learn; judging does not.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import Counter
from collections.abc import Sequence
from math import sqrt
from pathlib import Path
from typing import Any

from aiir_lab.review.actions.weights import STRENGTHS, terms

MIN_ITEMS = 2
"""A term in fewer labelled actions than this is not kept: it could only remember one of them."""

INVERSE_PENALTY = 3.0
"""scikit-learn's ``C``; 2 to 5 made no difference in cross-validation."""

TOLERANCE = 0.02
"""How far two weights may lie apart and still count as the same: solvers differ in the last digits."""

KEPT = Path(__file__).with_name("weights.json")


FILES = ("action_items.csv", "action_strengths.csv")


def read_rows(folder: Path) -> list[dict[str, str]]:
    """The labelled actions of both files: `split`, `description` and `strength` of each are read."""
    rows = []
    for name in FILES:
        with folder.joinpath(name).open(encoding="utf-8", newline="") as file:
            rows += list(csv.DictReader(file))
    return rows


def fit(rows: Sequence[dict[str, str]]) -> dict[str, Any]:
    """Bias and weights of a multinomial logistic regression, as ``weights.json`` holds them."""
    import numpy as np
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    seen = [terms(row["description"]) for row in rows]
    counts = Counter(term for found in seen for term in found)
    vocabulary = sorted(term for term, count in counts.items() if count >= MIN_ITEMS)
    column = {term: place for place, term in enumerate(vocabulary)}
    row_of, column_of, value = [], [], []
    for place, found in enumerate(seen):
        known = [column[term] for term in found if term in column]
        row_of += [place] * len(known)
        column_of += known
        value += [1 / sqrt(len(known))] * len(known)
    matrix = csr_matrix((value, (row_of, column_of)), shape=(len(rows), len(vocabulary)))
    labels = np.array([STRENGTHS.index(row["strength"]) for row in rows])
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=5000, tol=1e-6).fit(matrix, labels)
    return {
        "bias": [round(float(bias), 3) for bias in model.intercept_],
        "terms": {
            term: [round(float(weight), 2) for weight in model.coef_[:, place]]
            for term, place in column.items()
        },
    }


def differences(kept: dict[str, Any], fitted: dict[str, Any]) -> list[str]:
    """Where two sets of weights differ by more than :data:`TOLERANCE`."""
    found = [
        f"{term}: {'kept' if term in kept['terms'] else 'fitted'} only"
        for term in sorted(kept["terms"].keys() ^ fitted["terms"].keys())
    ]
    pairs = [("bias", kept["bias"], fitted["bias"])]
    pairs += [
        (term, kept["terms"][term], fitted["terms"][term])
        for term in kept["terms"].keys() & fitted["terms"].keys()
    ]
    return found + [
        f"{term}: {old} kept, {new} fitted"
        for term, old, new in pairs
        if max(abs(a - b) for a, b in zip(old, new, strict=True)) > TOLERANCE
    ]


def cross_validate(rows: Sequence[dict[str, str]], *, folds: int = 5) -> dict[str, tuple[int, int, int, int]]:
    """Per list: items, and how many rules, words and both judge rightly; the words saw nothing of the list.

    The lists that were written as training data are the bulk of it; each is left out a fifth at a time.
    """
    from aiir_lab.review.actions import strength, weights
    from aiir_lab.review.actions.rules import judge_by_rules

    parts: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        name = row["split"]
        parts.setdefault(f"{name} {place % folds}" if name.startswith("train") else name, []).append(place)
    found: Counter[tuple[str, str]] = Counter()
    kept_weights = weights.weights
    try:
        for name, places in parts.items():
            out = set(places)
            fitted = fit([row for place, row in enumerate(rows) if place not in out])
            table = (tuple(fitted["bias"]), {term: tuple(w) for term, w in fitted["terms"].items()})
            weights.weights = lambda table=table: table  # type: ignore[assignment]
            for place in places:
                text, label = rows[place]["description"], rows[place]["strength"]
                key = name.split()[0]
                found[key, "items"] += 1
                found[key, "rules"] += judge_by_rules(text).strength == label
                scores = weights.weigh(text)
                found[key, "words"] += max(scores, key=scores.__getitem__) == label
                found[key, "both"] += strength.judge_strength(text).strength == label
    finally:
        weights.weights = kept_weights
    return {
        key: (found[key, "items"], found[key, "rules"], found[key, "words"], found[key, "both"])
        for key in dict.fromkeys(name.split()[0] for name in parts)
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run as ``python -m aiir_lab.review.actions.fitting [--check | --cross-validate]``; 0 if all is well."""
    parser = argparse.ArgumentParser(prog="python -m aiir_lab.review.actions.fitting", description=__doc__)
    parser.add_argument("data", nargs="?", type=Path, default=Path("datasets/review"))
    parser.add_argument("--check", action="store_true", help="only compare; fail where the weights differ")
    parser.add_argument("--cross-validate", action="store_true", help="print the accuracy on lists left out")
    options = parser.parse_args(arguments)
    rows = read_rows(options.data)
    if options.cross_validate:
        for name, (items, *right) in cross_validate(rows).items():
            rules, words, both = (f"{count / items:.3f}" for count in right)
            print(f"{name:12} {items:4} items: rules {rules}, words {words}, both {both}")
        return 0
    fitted = fit(rows)
    if options.check:
        wrong = differences(json.loads(KEPT.read_text(encoding="utf-8")), fitted)
        for line in wrong[:10]:
            print(line, file=sys.stderr)
        if wrong:
            print(
                "weights.json is not up to date: run python -m aiir_lab.review.actions.fitting",
                file=sys.stderr,
            )
        return int(bool(wrong))
    lines = (f"{json.dumps(term)}: {json.dumps(values)}" for term, values in fitted["terms"].items())
    KEPT.write_text(
        f'{{"bias": {json.dumps(fitted["bias"])},\n "terms": {{\n' + ",\n".join(lines) + "\n}}\n",
        encoding="utf-8",
    )
    print(f"{KEPT.name}: {len(fitted['terms'])} terms from {len(rows)} actions")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
