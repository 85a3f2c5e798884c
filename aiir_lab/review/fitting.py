"""Fit a :class:`aiir_lab.review.linear.Linear` to labelled texts; only this module imports scikit-learn."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Collection, Sequence
from math import sqrt
from pathlib import Path

from aiir_lab.review.linear import Linear

MIN_ITEMS = 2
"""A term in fewer labelled texts than this is not kept: it could only remember one of them."""

TOLERANCE = 0.02
"""How far two weights may lie apart and still count as the same: solvers differ in the last digits."""


def fit(
    seen: Sequence[Collection[str]], labels: Sequence[str], classes: Sequence[str], *, inverse_penalty: float
) -> Linear:
    """A logistic regression of labels on terms.

    Parameters
    ----------
    seen : sequence of collections of str
        The terms of each text.
    labels : sequence of str
        The class of each text.
    classes : sequence of str
        All classes, in the order of the weights.
    inverse_penalty : float
        scikit-learn's ``C``.

    Returns
    -------
    Linear
        Rounded to two digits, three for the bias. Of two classes each gets half of the log odds.
    """
    import numpy as np
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    counts = Counter(term for found in seen for term in found)
    vocabulary = sorted(term for term, count in counts.items() if count >= MIN_ITEMS)
    column = {term: place for place, term in enumerate(vocabulary)}
    row_of, column_of, value = [], [], []
    for place, found in enumerate(seen):
        known = [column[term] for term in found if term in column]
        row_of += [place] * len(known)
        column_of += known
        value += [1 / sqrt(max(len(known), 1))] * len(known)
    matrix = csr_matrix((value, (row_of, column_of)), shape=(len(seen), len(vocabulary)))
    numbers = np.array([classes.index(label) for label in labels])
    # newton-cg needs a tenth of the time that lbfgs takes on such a table
    model = LogisticRegression(C=inverse_penalty, solver="newton-cg", tol=1e-6).fit(matrix, numbers)
    bias, weights = model.intercept_, model.coef_
    if len(classes) == 2:
        bias, weights = np.r_[-bias, bias] / 2, np.r_[-weights, weights] / 2
    return Linear(
        tuple(classes),
        tuple(round(float(one), 3) for one in bias),
        {term: tuple(round(float(w), 2) for w in weights[:, place]) for term, place in column.items()},
    )


def read_options(command: str, about: str | None, arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command line that all fittings share: ``[DATA] [--check | --cross-validate]``."""
    parser = argparse.ArgumentParser(prog=command, description=about)
    parser.add_argument("data", nargs="?", type=Path, default=Path("datasets/review"))
    parser.add_argument("--check", action="store_true", help="only compare; fail where the weights differ")
    parser.add_argument("--cross-validate", action="store_true", help="print what is said of lists left out")
    return parser.parse_args(arguments)


def differences(kept: Linear, fitted: Linear) -> list[str]:
    """Where two models differ by more than :data:`TOLERANCE`."""
    found = [
        f"{term}: {'kept' if term in kept.terms else 'fitted'} only"
        for term in sorted(kept.terms.keys() ^ fitted.terms.keys())
    ]
    pairs = [("bias", kept.bias, fitted.bias)]
    pairs += [
        (term, kept.terms[term], fitted.terms[term]) for term in kept.terms.keys() & fitted.terms.keys()
    ]
    return found + [
        f"{term}: {old} kept, {new} fitted"
        for term, old, new in pairs
        if max(abs(a - b) for a, b in zip(old, new, strict=True)) > TOLERANCE
    ]


def keep(models: dict[Path, Linear], *, check: bool, command: str) -> int:
    """Write the models to their files, or with `check` compare them; the exit code.

    Parameters
    ----------
    models : dict
        File to the model that was fitted for it.
    check : bool
        Write nothing; 1 where a kept file is not what was fitted.
    command : str
        What makes the files, for the message.
    """
    for path, fitted in models.items():
        if not check:
            path.write_text(fitted.to_json(), encoding="utf-8")
            print(f"{path.name}: {len(fitted.terms)} terms")
        elif wrong := differences(Linear.read(path), fitted):
            print(*wrong[:10], f"{path.name} is not up to date: run {command}", sep="\n", file=sys.stderr)
            return 1
    return 0
