"""Monitors that are set up for the tables of a world, good ones and tempting ones."""

from __future__ import annotations

import pandas as pd

from aiir_lab.monitor.alarm import Monitor, Tables
from aiir_lab.monitor.canary import GoldenSet
from aiir_lab.monitor.change import ChangePoint
from aiir_lab.monitor.drift import PopulationDrift
from aiir_lab.monitor.rates import SliceRates
from aiir_lab.monitor.sources import SourceDisagreement
from aiir_lab.records.errors import NotFoundError

# A slow change is a sum of small ones: all days since the baseline count.
CUMULATIVE = float("inf")


def ready_monitors(scenario: str) -> dict[str, Monitor]:
    """Monitors that fit the tables of a world, to try as they are or to copy from.

    Parameters
    ----------
    scenario : str
        Name of the world.

    Returns
    -------
    dict of str to Monitor
        In the order from what most teams have to what the incident calls for.

    Raises
    ------
    NotFoundError
        When no monitors are set up for that world; write a function, or set the detectors up.

    Examples
    --------
    >>> list(ready_monitors("fraud_poisoning"))
    ['headline_auc', 'chargebacks', 'amount_drift', 'missed_by_cohort', 'golden_set', 'source_disagreement']
    """
    if scenario not in _READY:
        raise NotFoundError("set of ready monitors", scenario, list(_READY))
    return dict(_READY[scenario])


def missed_fraud(tables: Tables) -> pd.DataFrame:
    """Payments with `is_missed`: approved, and called fraud by an analyst or a chargeback since."""
    labels, paid, decided = tables["labels"], tables["transactions"], tables["decisions"]
    sure = labels["channel"].isin(["analyst", "chargeback"]) & (labels["label"] == "fraud")
    known = set(labels.loc[sure, "transaction_id"])
    approved = set(decided.loc[decided["action"] == "approve", "transaction_id"])
    return paid.assign(is_missed=paid["transaction_id"].isin(known & approved))


def golden_payments(tables: Tables) -> pd.DataFrame:
    """Payments that analysts call fraud: the version that decided, and whether it declined."""
    labels = tables["labels"]
    golden = labels.loc[(labels["channel"] == "analyst") & (labels["label"] == "fraud"), "transaction_id"]
    decided = tables["decisions"]
    mine = decided[decided["transaction_id"].isin(golden)]
    return pd.DataFrame({"version": mine["model_version"], "is_right": mine["action"] == "decline"})


def reviewed_outputs(tables: Tables) -> pd.DataFrame:
    """Shown outputs that a moderator reviewed: when, topic, and whether they were found harmful."""
    reviews = tables["reviews"].drop_duplicates("output_id")
    shown = tables["decisions"].loc[tables["decisions"]["action"] == "show", "output_id"]
    seen = reviews[reviews["output_id"].isin(shown)]
    topic = tables["outputs"].set_index("output_id")["topic"]
    return pd.DataFrame(
        {
            "reviewed_utc": seen["reviewed_utc"],
            "topic": topic.reindex(seen["output_id"]).to_numpy(),
            "is_harmful": (seen["label"] == "harmful").to_numpy(),
        }
    )


_READY: dict[str, dict[str, Monitor]] = {
    "fraud_poisoning": {
        "headline_auc": ChangePoint("dashboard", "eval_auc", direction="down", name="headline_auc"),
        "chargebacks": ChangePoint("dashboard", "chargebacks", direction="up", name="chargebacks"),
        "amount_drift": PopulationDrift("transactions", "amount_usd", "at_utc", name="amount_drift"),
        "missed_by_cohort": SliceRates(
            missed_fraud, ("category", "device"), "is_missed", "at_utc",
            window_days=CUMULATIVE, name="missed_by_cohort",
        ),
        "golden_set": GoldenSet(golden_payments),
        "source_disagreement": SourceDisagreement(),
    },
    "moderation_failure": {
        "flag_rate": ChangePoint("dashboard", "flag_rate_24h", baseline=96, name="flag_rate"),
        "reports": ChangePoint("dashboard", "reports_24h", direction="up", baseline=96, name="reports"),
        "topic_drift": PopulationDrift(
            "outputs", "topic", "generated_utc", baseline_days=5, window_days=1, name="topic_drift"
        ),
        "harmful_among_reviewed": SliceRates(
            reviewed_outputs, (), "is_harmful", "reviewed_utc",
            baseline_days=5, window_days=1, threshold=4, name="harmful_among_reviewed",
        ),
    },
}  # fmt: skip
