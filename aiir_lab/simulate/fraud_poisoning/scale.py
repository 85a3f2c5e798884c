"""More payments of one day, decided by the models of a play: for writing the world at any size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from aiir_lab.simulate.fraud_poisoning.market import DAY_S, DAYS
from aiir_lab.simulate.fraud_poisoning.model import DECLINE_AT, score_cells
from aiir_lab.simulate.fraud_poisoning.payments import FEATURE_SIZES, Payments, draw_payments
from aiir_lab.simulate.fraud_poisoning.pipeline import FraudStage, Pipeline, Played
from aiir_lab.simulate.fraud_poisoning.tables import (
    list_chargebacks,
    list_decisions,
    list_labels,
    list_payments,
)

GROWING = ("transactions", "decisions", "labels", "chargebacks")


@dataclass
class Piece:
    """Some payments of one day with what was decided and said about them."""

    stage: FraudStage
    pay: Payments
    done: Played
    feedback_second: NDArray[np.float64]
    feedback_fraud: NDArray[np.bool_]


def expand_day(
    stage: FraudStage, pipeline: Pipeline, *, day: int, rows: int, first_id: int
) -> dict[str, pd.DataFrame]:
    """Draw payments of one day; score them with the version that decided then. No control is at work."""
    p = draw_payments(
        stage.setting, stage.market, rows=rows, day_from=day, day_to=day + 1, shard=f"day {day}"
    )
    played = pipeline.done
    version = [number for start, number in played.segments if start <= day * DAY_S][-1]
    scores = _score_grid(stage, played.versions[version].key)[_place_in_grid(p.features)]
    approved = scores < DECLINE_AT
    looked = p.analyst_u < np.where(approved, 0.05, 0.75)
    at = np.where(p.is_poisoned, p.poison_second, p.feedback_second)
    received = np.isfinite(at) & (at < DAYS * DAY_S)
    taken = received.copy()
    taken[received] = played.batch_passed[(at[received] // DAY_S).astype(np.int64)]
    done = Played(
        scores=scores,
        is_approved=approved,
        is_reviewed=np.zeros(rows, dtype=bool),
        analyst_second=np.where(looked, p.second + p.analyst_lag_s, np.inf),
        feedback_in=taken,
        batch_passed=played.batch_passed,
        batch_share=played.batch_share,
        versions=played.versions,
        segments=played.segments,
    )
    made = Piece(stage, p, done, at, p.feedback_says_fraud & ~p.is_poisoned)
    ids = first_id + np.arange(rows, dtype=np.int64)
    every = np.arange(rows)
    return {
        "transactions": list_payments(stage, p, ids, every),
        "decisions": list_decisions(made, ids, every),
        "labels": list_labels(made, ids, every),
        "chargebacks": list_chargebacks(made, ids),
    }


def _score_grid(stage: FraudStage, key: str) -> NDArray[np.float64]:
    """Score every combination of features that there can be: a row then costs one look-up."""
    grid = np.indices(FEATURE_SIZES).reshape(len(FEATURE_SIZES), -1).T.astype(np.uint8)
    return score_cells(stage, key, grid)


def _place_in_grid(features: NDArray[np.uint8]) -> NDArray[np.int64]:
    columns = tuple(features[:, i].astype(np.int64) for i in range(features.shape[1]))
    return np.ravel_multi_index(columns, FEATURE_SIZES).astype(np.int64)
