"""The truth about the poisoned model of intermediate lesson 2, computed from its run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, cached_property
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from aiir_lab.simulate import Run

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
def _played() -> Run:
    from aiir_lab.simulate import simulate

    return simulate(WORLD, seed=SEED)


@cache
def truth() -> Truth:
    """The truth of the lesson's run."""
    return truth_of(_played())


def truth_of(run: Run) -> Truth:
    """The truth of a run; the only place that looks behind the curtain."""
    tables, planted = run.observe(), run.reveal()
    details = planted.details
    low, high = details["amount_usd"]
    pattern = _of_pattern(
        tables["transactions"].merge(tables["decisions"], on="transaction_id"),
        details["category"],
        details["device"],
        low,
        high,
    )
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


def _of_pattern(
    payments: pd.DataFrame, category: str, device: str, low_usd: float, high_usd: float
) -> pd.DataFrame:
    is_kind = (payments["category"] == category) & (payments["device"] == device)
    return payments[is_kind & payments["amount_usd"].between(low_usd, high_usd)]


def payments_of_pattern(run: Run, truth: Truth) -> list[int]:
    """The ids of all payments of the pattern, honest ones included, in order."""
    found = _of_pattern(
        run.observe()["transactions"], truth.category, truth.device, truth.low_usd, truth.high_usd
    )
    return sorted(map(int, found["transaction_id"]))


def contradicted_by_source(run: Run) -> dict[str, int]:
    """Partner -> how many of its labels an analyst or a chargeback contradicts."""
    rows = run.observe()["feedback_by_merchant"].groupby("source_id")["contradicted_rows"].sum()
    return {str(partner): int(count) for partner, count in rows.items()}


def _shares(pattern: pd.DataFrame) -> dict[str, float]:
    declined = pattern["action"].eq("decline").groupby(pattern["model_version"].astype(str)).mean()
    return {str(version): float(share) for version, share in declined.items()}


@cache
def harms() -> dict[str, float]:
    """Option -> harm in dollars with its controls from the moment of the decision, in the lesson's run."""
    return harms_of(_played())


def harms_of(run: Run) -> dict[str, float]:
    """The same of a run."""
    from aiir_lab.simulate import replay

    at = run.started_utc + DECIDED_AFTER
    return {name: replay(run, controls=list(names), at=at).harm.amount for name, names in OPTIONS.items()}


def version_number(version: str) -> int:
    return int(version.removeprefix("v"))


class Case:
    """What the answers are judged against: the lesson's incident, played when it is first needed."""

    harm_tolerance = 0.01
    """The harm that an option leaves is measured by a replay, so it is exact."""

    share_tolerance = 0.1
    """Of the shares that a version declined."""

    count_tolerance = 0.12
    """Of the victims that are known, and their loss."""

    @cached_property
    def truth(self) -> Truth:
        return truth()

    @cached_property
    def harms(self) -> dict[str, float]:
        return harms()

    @property
    def first_blind(self) -> str:
        """The first version that declined less than half of the pattern."""
        shares = self.truth.declined
        return next(v for v in sorted(shares, key=version_number) if shares[v] < 0.5)
