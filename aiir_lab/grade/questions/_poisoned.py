"""The truth about the poisoned model of intermediate lesson 2, computed from its run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import pandas as pd

WORLD, SEED = "fraud_poisoning", 21
DECIDED_AFTER = timedelta(days=77)
OPTIONS: dict[str, tuple[str, ...]] = {
    "freeze": ("freeze_feedback",),
    "rollback": ("rollback_model",),
    "both": ("freeze_feedback", "rollback_model"),
    "rules": ("kill_switch",),
}
"""What can be decided at ``DECIDED_AFTER`` the start of the run: name -> controls."""


@dataclass(frozen=True)
class Truth:
    """What is true of one run, planted or counted from its tables."""

    sources: frozenset[str]
    category: str
    device: str
    low_usd: float
    high_usd: float
    onset_utc: datetime
    harm_usd: float
    declined: dict[str, float]  # version -> share of the payments of the pattern that it declined
    known_missed: int
    known_missed_usd: float
    clean: tuple[str, ...]  # versions trained before the onset, oldest first
    batches_passed: int
    most_legitimate: str
    auc_change: float


@cache
def truth(seed: int = SEED) -> Truth:
    """The truth of the lesson's run; the only place that looks behind the curtain."""
    from aiir_lab.simulate import simulate

    run = simulate(WORLD, seed=seed)
    tables, planted = run.observe(), run.reveal()
    details = planted.details
    low, high = details["amount_usd"]
    paid = tables["transactions"].merge(tables["decisions"], on="transaction_id")
    pattern = paid[
        (paid["category"] == details["category"])
        & (paid["device"] == details["device"])
        & paid["amount_usd"].between(low, high)
    ]
    labels = tables["labels"]
    trusted = labels[labels["channel"].isin(["analyst", "chargeback"]) & (labels["label"] == "fraud")]
    missed = pattern[
        (pattern["action"] == "approve")
        & (pattern["at_utc"] >= planted.onset_utc)
        & pattern["transaction_id"].isin(trusted["transaction_id"])
    ]
    models, shown = tables["model_registry"], tables["dashboard"]
    batches = tables["ingestion_batches"].query("channel == 'partner_feedback'")
    by_source = (
        tables["feedback_by_merchant"].groupby("source_id")[["legitimate_rows", "feedback_rows"]].sum()
    )
    return Truth(
        sources=frozenset(details["sources"]),
        category=details["category"],
        device=details["device"],
        low_usd=low,
        high_usd=high,
        onset_utc=planted.onset_utc,
        harm_usd=run.harm.amount,
        declined=_shares(pattern),
        known_missed=len(missed),
        known_missed_usd=float(missed["amount_usd"].sum()),
        clean=tuple(models.loc[models["trained_utc"] <= planted.onset_utc, "version"]),
        batches_passed=int(batches["is_passed"].sum()),
        most_legitimate=str((by_source["legitimate_rows"] / by_source["feedback_rows"]).idxmax()),
        auc_change=float(shown["eval_auc"].iloc[-14:].mean() - shown["eval_auc"].iloc[:14].mean()),
    )


def _shares(pattern: pd.DataFrame) -> dict[str, float]:
    declined = pattern["action"].eq("decline").groupby(pattern["model_version"].astype(str)).mean()
    return {str(version): float(share) for version, share in declined.items()}


@cache
def harms(seed: int = SEED) -> dict[str, float]:
    """Option -> harm in dollars with its controls from the moment of the decision."""
    from aiir_lab.simulate import replay, simulate

    run = simulate(WORLD, seed=seed)
    at = run.started_utc + DECIDED_AFTER
    return {name: replay(run, controls=list(names), at=at).harm.amount for name, names in OPTIONS.items()}


def version_number(version: str) -> int:
    return int(version.removeprefix("v"))


def first_blind(seed: int = SEED) -> str:
    """The first version that declined less than half of the pattern."""
    shares = truth(seed).declined
    return next(v for v in sorted(shares, key=version_number) if shares[v] < 0.5)
