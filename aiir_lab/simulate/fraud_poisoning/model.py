"""The fraud model: really trained, shared between replays, scored week by week."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aiir_lab.simulate.fitting import fingerprint, in_one_thread, remember
from aiir_lab.simulate.world import Stage

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

DECLINE_AT = 0.3  # a payment that scores this or more is declined
REVIEW_AT = 0.10  # with human review, from here to DECLINE_AT a person looks


def fit_model(stage: Stage, cells: NDArray[np.uint8], cell: Ints, is_fraud: Bools) -> str:
    """Train on labelled payments; return the key under which the model is kept.

    Parameters
    ----------
    cells : array of uint8, shape (cells, features)
        Every combination of binned features that occurs.
    cell : array of int
        The combination of each payment to train on.
    is_fraud : array of bool
        Its label.
    """
    # Payments that look alike to the model are one row with a weight: the same fit in half the time.
    count = np.bincount(cell * 2 + is_fraud, minlength=2 * len(cells))
    key = fingerprint(count)

    def make() -> Any:
        from sklearn.ensemble import HistGradientBoostingClassifier

        rows = np.flatnonzero(count)
        model = HistGradientBoostingClassifier(
            max_iter=24, learning_rate=0.2, max_leaf_nodes=16, min_samples_leaf=8, l2_regularization=2.0,
            early_stopping=False, random_state=0,
        )  # fmt: skip
        return in_one_thread(
            lambda: model.fit(cells[rows // 2], rows % 2 == 1, sample_weight=count[rows].astype(float))
        )

    remember(stage, ("model", key), make)
    return key


def score_cells(stage: Stage, key: str, cells: NDArray[np.uint8]) -> Floats:
    """Probability of fraud of every combination of features, once for all replays.

    Rounded to 4 decimals *before* anybody compares it with a threshold.
    """

    def make() -> Floats:
        model = stage.memo[("model", key)]
        scores: Floats = in_one_thread(lambda: model.predict_proba(cells))[:, 1].round(4)
        return scores

    return remember(stage, ("scores", key, len(cells)), make)


@dataclass(frozen=True)
class Quality:
    """Headline figures of a model on labelled payments; NaN where there is nothing to count."""

    auc: float
    recall: float
    precision: float
    rows: int


def measure_quality(scores: Floats, is_fraud: Bools) -> Quality:
    """Area under the ROC curve (by ranks), recall and precision at the decline threshold."""
    positives, rows = int(is_fraud.sum()), len(is_fraud)
    negatives = rows - positives
    declined = scores >= DECLINE_AT
    caught = int((declined & is_fraud).sum())
    auc = float("nan")
    if positives and negatives:
        _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
        rank = np.cumsum(counts) - (counts - 1) / 2.0  # ties share their mean rank
        auc = (rank[inverse][is_fraud].sum() - positives * (positives + 1) / 2) / (positives * negatives)
    return Quality(
        auc=round(float(auc), 4),
        recall=round(caught / positives, 4) if positives else float("nan"),
        precision=round(caught / int(declined.sum()), 4) if declined.any() else float("nan"),
        rows=rows,
    )


def decline_by_rules(card_age_days: Any, is_match: Bools, velocity: Any, amount_usd: Floats) -> Bools:
    """Decide without a model (the kill switch): points of a plain scorecard, declined from three on."""
    points = (
        2 * (card_age_days < 30).astype(int)
        + 2 * (~is_match).astype(int)
        + (velocity >= 2).astype(int)
        + (amount_usd >= 250).astype(int)
    )
    declined: Bools = points >= 3
    return declined
