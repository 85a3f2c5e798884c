"""Write down what responders could see: payments, decisions, labels with lineage, registry, dashboard."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from aiir_lab.simulate.clock import to_utc
from aiir_lab.simulate.fraud_poisoning.market import CATEGORIES, DAY_S, DAYS, DEVICES
from aiir_lab.simulate.fraud_poisoning.model import measure_quality
from aiir_lab.simulate.fraud_poisoning.payments import Payments
from aiir_lab.simulate.fraud_poisoning.pipeline import (
    EVAL_S,
    RULES,
    FraudStage,
    Pipeline,
    Played,
    name_version,
)
from aiir_lab.simulate.randomness import draw_stream

END_S = float(DAYS * DAY_S)
CHANNELS = ("analyst", "partner_feedback", "reviewer", "chargeback")
DESKS = ("analyst-desk", "-", "review-desk", "chargeback-desk")


def first_id(stage: FraudStage) -> int:
    """Number of the first payment of the history; ids count up from there."""
    rng = draw_stream(stage.setting.seed, stage.setting.world, "first id")
    return int(rng.integers(1_000_000, 9_000_000))


def name_text(names: Sequence[str], index: NDArray[Any]) -> pd.Categorical:
    """Turn numbers into names; as categories, which cost one number a row when millions are written."""
    return pd.Categorical.from_codes(index.astype(np.int64), pd.Index(list(names), dtype=object))


class Decided(Protocol):
    """Payments with what was decided and said about them: a play, or a piece written at scale."""

    stage: FraudStage
    pay: Payments
    done: Played
    feedback_second: NDArray[np.float64]
    feedback_fraud: NDArray[np.bool_]


def list_payments(stage: FraudStage, p: Payments, ids: NDArray[np.int64], rows: Any) -> pd.DataFrame:
    """Build the `transactions` table."""
    return pd.DataFrame(
        {
            "transaction_id": ids[rows],
            "at_utc": to_utc(stage.started_utc, p.second[rows]),
            "merchant_id": stage.market.merchant_id[p.merchant[rows]],
            "category": name_text(CATEGORIES, p.category[rows]),
            "device": name_text(DEVICES, p.device[rows]),
            "amount_usd": p.amount_usd[rows],
            "card_age_days": p.card_age_days[rows],
            "is_country_match": p.is_country_match[rows],
            "velocity_1h": p.velocity[rows],
        }
    )


def list_decisions(pipeline: Decided, ids: NDArray[np.int64], rows: Any) -> pd.DataFrame:
    """Build the `decisions` table."""
    stage, p, done = pipeline.stage, pipeline.pay, pipeline.done
    starts = np.array([s for s, _ in done.segments])
    place = np.searchsorted(starts, p.second[rows], side="right") - 1
    version = np.array([v for _, v in done.segments])[np.maximum(place, 0)]
    names = [name_version(v) for v in [*range(len(done.versions)), RULES]]
    return pd.DataFrame(
        {
            "transaction_id": ids[rows],
            "decided_utc": to_utc(stage.started_utc, p.second[rows]),
            "model_version": name_text(names, np.where(version == RULES, len(names) - 1, version)),
            "score": done.scores[rows],
            "action": name_text(("decline", "approve"), done.is_approved[rows]),
            "is_reviewed": done.is_reviewed[rows],
        }
    )


def list_labels(pipeline: Decided, ids: NDArray[np.int64], rows: NDArray[np.int64]) -> pd.DataFrame:
    """Build the `labels` table: every word that came in during the run, with its channel and source.

    A label's number is made of its payment and channel, so that it is the same in every replay.
    """
    stage, p, done, market = pipeline.stage, pipeline.pay, pipeline.done, pipeline.stage.market
    charged = np.where(done.is_approved, p.chargeback_second, np.inf)
    reviewed = np.where(done.is_reviewed, p.second + 3600.0, np.inf)
    parts = []
    words = [
        (done.analyst_second, p.analyst_says_fraud),
        (pipeline.feedback_second, pipeline.feedback_fraud),
        (reviewed, p.reviewer_says_fraud),
        (charged, np.ones(len(charged), dtype=bool)),
    ]
    for kind, (when, says_fraud) in enumerate(words):
        here = rows[when[rows] < END_S]
        parts.append((np.full(len(here), kind), here, when[here], says_fraud[here]))
    code, row, at, fraud = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.lexsort((code, row, at))
    code, row, at, fraud = code[order], row[order], at[order], fraud[order]
    partner = code == 1
    source = np.where(partner, market.merchant_source[p.merchant[row]] + len(DESKS), code)
    day = (at // DAY_S).astype(np.int64)
    taken = ~partner | done.feedback_in[row]
    batches = [f"{c}-{d:03d}" for c in CHANNELS for d in range(DAYS)]
    return pd.DataFrame(
        {
            "label_id": ids[row] * 4 + code,
            "transaction_id": ids[row],
            "labelled_at_utc": to_utc(stage.started_utc, at),
            "channel": name_text(CHANNELS, code),
            "source_id": name_text([*DESKS, *market.source_id], source),
            "label": name_text(("legitimate", "fraud"), fraud),
            "batch_id": name_text(batches, code * DAYS + day),
            "status": name_text(("refused", "taken_in"), taken),
        }
    )


def checksum_labels(labels: pd.DataFrame) -> str:
    """Hash the labels of one batch: sha256 of the lines ``label_id,transaction_id,label``, by label_id."""
    rows = labels.sort_values("label_id", kind="stable")
    columns = (rows[c].tolist() for c in ("label_id", "transaction_id", "label"))
    text = "".join(f"{a},{b},{c}\n" for a, b, c in zip(*columns, strict=True))
    return hashlib.sha256(text.encode()).hexdigest()


def list_batches(pipeline: Pipeline, labels: pd.DataFrame) -> pd.DataFrame:
    """Build the `ingestion_batches` table: lineage, checksum and the check that each batch passed."""
    done = pipeline.done
    trained = np.array([v.trained_s for v in done.versions])
    rows = []
    for batch_id, batch in labels.groupby("batch_id", sort=False, observed=True):
        channel, _, day_text = str(batch_id).rpartition("-")
        closed = (int(day_text) + 1) * float(DAY_S)
        after = int(np.searchsorted(trained, closed))
        checked = channel == "partner_feedback"
        share = float((batch["label"] == "legitimate").mean())
        rows.append(
            {
                "batch_id": batch_id,
                "closed": closed,
                "channel": channel,
                "row_count": len(batch),
                "legitimate_share": share,
                "check": "share within 4 sigma of two weeks" if checked else "schema",
                "is_passed": bool(done.batch_passed[int(day_text)]) if checked else True,
                "sha256": checksum_labels(batch),
                "next_version": name_version(after) if after < len(trained) else "",
            }
        )
    frame = pd.DataFrame(rows).sort_values(["closed", "channel"], kind="stable", ignore_index=True)
    frame.insert(1, "closed_utc", to_utc(pipeline.stage.started_utc, frame["closed"].to_numpy()))
    return frame.drop(columns="closed")


def list_models(pipeline: Pipeline) -> pd.DataFrame:
    """Build the `model_registry` table, with the metrics as they were seen at training."""
    start, versions = pipeline.stage.started_utc, pipeline.done.versions
    trained = np.array([v.trained_s for v in versions])
    return pd.DataFrame(
        {
            "version": [name_version(v.number) for v in versions],
            "trained_utc": to_utc(start, trained),
            "window_from_utc": to_utc(start, np.array([v.window_from_s for v in versions])),
            "window_to_utc": to_utc(start, trained),
            "training_rows": [v.rows for v in versions],
            "status": [v.status for v in versions],
            "held_by": [v.held_by for v in versions],
            "eval_auc": [v.quality.auc for v in versions],
            "eval_recall": [v.quality.recall for v in versions],
            "eval_precision": [v.quality.precision for v in versions],
        }
    )


def list_days(pipeline: Pipeline, labels: pd.DataFrame) -> pd.DataFrame:
    """Build the `dashboard` table. Its evaluation reads the same label store as the training does."""
    stage, p, done = pipeline.stage, pipeline.pay, pipeline.done
    evaluated = np.flatnonzero(pipeline.is_eval)
    day = np.floor(p.second / DAY_S)
    live = day >= 0
    index = day[live].astype(np.int64)
    payments = np.bincount(index, minlength=DAYS)
    approved = np.bincount(index, weights=done.is_approved[live], minlength=DAYS)
    qualities = []
    for d in range(DAYS):
        now = (d + 1) * float(DAY_S)
        rows = evaluated[slice(*np.searchsorted(p.second[evaluated], [now - EVAL_S, now]).tolist())]
        label = pipeline.labels_at(now, rows, chargebacks=False)
        known = label >= 0
        qualities.append(measure_quality(done.scores[rows][known], label[known] == 1))
    feedback = labels[labels["channel"] == "partner_feedback"]
    fed_day = feedback["batch_id"].astype("object").str[-3:].astype(int).to_numpy()
    fed = np.bincount(fed_day, minlength=DAYS)
    legit = np.bincount(fed_day, weights=feedback["label"] == "legitimate", minlength=DAYS)
    back = done.is_approved & (p.chargeback_second >= 0) & (p.chargeback_second < END_S)
    back_day = (p.chargeback_second[back] // DAY_S).astype(np.int64)
    return pd.DataFrame(
        {
            "shown_utc": to_utc(stage.started_utc, (np.arange(DAYS) + 1) * float(DAY_S)),
            "payments": payments,
            "approval_rate": approved / np.maximum(payments, 1),
            "eval_auc": [q.auc for q in qualities],
            "eval_recall": [q.recall for q in qualities],
            "eval_precision": [q.precision for q in qualities],
            "feedback_rows": fed,
            "feedback_legitimate_share": np.divide(legit, fed, out=np.full(DAYS, np.nan), where=fed > 0),
            "chargebacks": np.bincount(back_day, minlength=DAYS),
            "chargebacks_usd": np.bincount(back_day, weights=p.amount_usd[back], minlength=DAYS),
        }
    )


def list_chargebacks(pipeline: Decided, ids: NDArray[np.int64]) -> pd.DataFrame:
    """Build the `chargebacks` table: what came in during the run, also of payments before it."""
    p = pipeline.pay
    at = p.chargeback_second
    rows = np.flatnonzero(pipeline.done.is_approved & (at >= 0) & (at < END_S))
    rows = rows[np.argsort(at[rows], kind="stable")]
    return pd.DataFrame(
        {
            "chargeback_id": ids[rows] * 4 + 3,
            "received_utc": to_utc(pipeline.stage.started_utc, at[rows]),
            "transaction_id": ids[rows],
            "merchant_id": pipeline.stage.market.merchant_id[p.merchant[rows]],
            "amount_usd": p.amount_usd[rows],
        }
    )


def list_sources(stage: FraudStage) -> pd.DataFrame:
    """Build the `sources` table."""
    market = stage.market
    since = np.where(np.isfinite(market.source_from_s), market.source_from_s, np.nan)
    served = np.bincount(market.merchant_source, minlength=len(market.source_id))
    frame = pd.DataFrame(
        {
            "source_id": market.source_id,
            "is_verified": market.source_verified,
            "merchants": served,
            "live_since_utc": to_utc(stage.started_utc, since),
        }
    )
    return frame.sort_values("source_id", ignore_index=True)


def list_merchants(stage: FraudStage) -> pd.DataFrame:
    """Build the `merchants` table."""
    market = stage.market
    frame = pd.DataFrame(
        {
            "merchant_id": market.merchant_id,
            "merchant": market.merchant_name,
            "category": name_text(CATEGORIES, market.merchant_category),
            "source_id": name_text(market.source_id, market.merchant_source),
        }
    )
    return frame.sort_values("merchant_id", ignore_index=True)


def view_feedback(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Aggregate feedback by merchant, against what analysts and chargebacks said of the same payments."""
    labels = tables["labels"]
    trusted = labels.loc[labels["channel"].isin(["analyst", "chargeback"]) & (labels["label"] == "fraud")]
    feedback = labels.loc[labels["channel"] == "partner_feedback"]
    at = tables["transactions"].set_index("transaction_id")["merchant_id"]
    legit = feedback["label"] == "legitimate"
    doubted = feedback["transaction_id"].isin(trusted["transaction_id"])
    counts = pd.DataFrame(
        {
            "merchant_id": at.reindex(feedback["transaction_id"]).to_numpy(),
            "feedback_rows": 1,
            "legitimate_rows": legit.to_numpy(dtype="int64"),
            "trusted_fraud_rows": doubted.to_numpy(dtype="int64"),
            "contradicted_rows": (legit & doubted).to_numpy(dtype="int64"),
        }
    )
    total = counts.groupby("merchant_id").sum()
    frame = tables["merchants"].join(total, on="merchant_id").fillna(dict.fromkeys(total.columns, 0))
    rows = frame["feedback_rows"].astype("float64")
    return frame.assign(legitimate_share=(frame["legitimate_rows"] / rows.where(rows > 0)))
