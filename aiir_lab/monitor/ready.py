"""Monitors that are set up for the tables of a world, good ones and tempting ones."""

from __future__ import annotations

from dataclasses import dataclass

from aiir_lab.monitor.alarm import Monitor
from aiir_lab.monitor.canary import GoldenSet
from aiir_lab.monitor.change import ChangePoint
from aiir_lab.monitor.combine import all_of
from aiir_lab.monitor.drift import PopulationDrift
from aiir_lab.monitor.rates import SliceRates
from aiir_lab.monitor.rows import (
    appealed_requests,
    audited_labels,
    decided_applications,
    golden_payments,
    missed_fraud,
    refunds_by_document,
    reviewed_outputs,
    shelf_days,
    shown_outputs,
)
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


@dataclass(frozen=True)
class ReferencePolicy:
    """What a well prepared team would have had: one monitor, and what is done when it alarms.

    Attributes
    ----------
    name : str
        Of the monitor among `ready_monitors`.
    monitor : Monitor
    response : tuple of str
        Controls that are turned on after the alarm.
    """

    name: str
    monitor: Monitor
    response: tuple[str, ...]


def reference_policy(scenario: str) -> ReferencePolicy:
    """The monitor and the response to compare your own with.

    Parameters
    ----------
    scenario : str
        Name of the world.

    Raises
    ------
    NotFoundError
        When there is none for that world.

    Examples
    --------
    >>> policy = reference_policy("credit_bias")
    >>> policy.name, policy.response
    ('rejected_by_slice', ('rollback_feed',))
    """
    if scenario not in _REFERENCE:
        raise NotFoundError("reference policy", scenario, list(_REFERENCE))
    name, response = _REFERENCE[scenario]
    return ReferencePolicy(name, _READY[scenario][name], response)


_REFERENCE: dict[str, tuple[str, tuple[str, ...]]] = {
    "fraud_poisoning": ("source_disagreement", ("rollback_model",)),
    "vision_bias": ("appealed_by_slice", ("rollback_model", "relist_affected")),
    "credit_bias": ("rejected_by_slice", ("rollback_feed",)),
    "moderation_failure": ("harmful_both_ways", ("safe_mode",)),
    "demand_drift": ("far_off_by_cell", ("manual_override",)),
    "assistant_injection": ("refunds_without_order", ("kill_switch",)),
}

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
        # More reports in a surge mean more reviews; a worse mix in one day's queue can be chance. Both
        # together are neither.
        "harmful_both_ways": all_of(
            SliceRates(
                shown_outputs, (), "is_found_harmful", "generated_utc",
                baseline_days=5, window_days=5, threshold=2.5, min_rows=20, name="harmful_among_shown",
            ),
            SliceRates(
                reviewed_outputs, (), "is_harmful", "reviewed_utc",
                baseline_days=5, window_days=1, threshold=1.5, min_rows=10, name="harmful_among_reviewed",
            ),
        ),
    },
    "vision_bias": {
        "suppression_rate": ChangePoint(
            "dashboard", "suppression_rate", direction="up", baseline=6, name="suppression_rate"
        ),
        "confidence": ChangePoint(
            "dashboard", "mean_confidence", direction="down", baseline=6, name="confidence"
        ),
        "audits": GoldenSet(audited_labels, reference=1, recent=1, name="audits"),
        "appealed_by_slice": SliceRates(
            appealed_requests, ("region", "is_small"), "is_appealed", "at_utc",
            baseline_days=6, window_days=CUMULATIVE, threshold=3.5, name="appealed_by_slice",
        ),
        "overturned_by_slice": SliceRates(
            appealed_requests, ("region", "is_small"), "is_overturned", "at_utc",
            baseline_days=6, window_days=CUMULATIVE, threshold=4, name="overturned_by_slice",
        ),
    },
    "credit_bias": {
        "approval_rate": ChangePoint("dashboard", "approval_rate", direction="down", name="approval_rate"),
        "score_drift": PopulationDrift(
            "decisions", "score", "decided_utc", baseline_days=21, name="score_drift"
        ),
        "file_drift": PopulationDrift(
            "applications", "accounts_in_file", "received_utc", baseline_days=21, name="file_drift"
        ),
        "corrected_by_housing": SliceRates(
            decided_applications, ("housing",), "is_corrected", "received_utc",
            window_days=CUMULATIVE, name="corrected_by_housing",
        ),
        "rejected_by_slice": SliceRates(
            decided_applications, ("postcode", "housing"), "is_rejected", "received_utc",
            window_days=7, name="rejected_by_slice",
        ),
    },
    "demand_drift": {
        "error_rate": ChangePoint("dashboard", "error_rate", direction="up", baseline=13, name="error_rate"),
        "availability": ChangePoint(
            "dashboard", "availability_rate", direction="down", baseline=13, name="availability"
        ),
        "sales_drift": PopulationDrift(
            "sales", "units_sold", "closed_utc", baseline_days=28, name="sales_drift"
        ),
        "far_off": SliceRates(
            shelf_days, (), "is_far_off", "closed_utc", baseline_days=12, window_days=4, name="far_off"
        ),
        "far_off_by_cell": SliceRates(
            shelf_days, ("region", "product_group"), "is_far_off", "closed_utc",
            baseline_days=12, window_days=4, min_rows=12, name="far_off_by_cell",
        ),
    },
    "assistant_injection": {
        "refunds": ChangePoint("dashboard", "refunds", direction="up", baseline=6, name="refunds"),
        "confidence": ChangePoint(
            "dashboard", "mean_confidence", direction="down", baseline=6, name="confidence"
        ),
        "document_drift": PopulationDrift(
            "conversations", "document_kind", "started_utc",
            baseline_days=6, window_days=3, name="document_drift",
        ),
        "refunds_without_order": SliceRates(
            refunds_by_document, ("document_kind",), "is_without_order", "paid_utc",
            baseline_days=6, window_days=3, threshold=4, min_rows=8, name="refunds_without_order",
        ),
    },
}  # fmt: skip
