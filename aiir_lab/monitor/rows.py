"""Rows to monitor, joined from the tables of a world: what a detector counts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aiir_lab.monitor.alarm import Tables


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


def shown_outputs(tables: Tables) -> pd.DataFrame:
    """Outputs of `moderation_failure` that were shown: when, topic, and whether a review found them harmful.

    Over all that was shown, not what was reviewed: in a surge the queue grows, and the mix in it changes.
    """
    reviews, frame = tables["reviews"], tables["outputs"].merge(tables["decisions"], on="output_id")
    found = reviews.loc[reviews["label"] == "harmful", "output_id"]
    shown = frame.loc[frame["action"] == "show", ["output_id", "generated_utc", "topic"]]
    return shown.assign(is_found_harmful=shown["output_id"].isin(found))


def appealed_requests(tables: Tables) -> pd.DataFrame:
    """Requests of `vision_bias` with their seller: `is_appealed`, and `is_overturned` on appeal."""
    decided, frame = tables["appeal_decisions"], tables["requests"].merge(tables["sellers"], on="seller_id")
    upheld = decided.loc[decided["outcome"] == "upheld", "request_id"]
    return frame.assign(
        is_appealed=frame["request_id"].isin(tables["appeals"]["request_id"]),
        is_overturned=frame["request_id"].isin(upheld),
    )


def audited_labels(tables: Tables) -> pd.DataFrame:
    """Pictures that a person labelled, in order of time: the version, and whether it said the same."""
    said = tables["predictions"][["request_id", "label", "model_version"]]
    frame = tables["audits"].merge(said, on="request_id", suffixes=("_true", "")).sort_values("labelled_utc")
    return pd.DataFrame(
        {"version": frame["model_version"], "is_right": frame["label"] == frame["label_true"]}
    )


def decided_applications(tables: Tables) -> pd.DataFrame:
    """Applications with `is_rejected`, and `is_corrected`: an appeal found a mistake in the record."""
    decided = tables["decisions"][["application_id", "decision"]]
    frame = tables["applications"].merge(decided, on="application_id")
    found = tables["appeal_decisions"].merge(
        tables["appeals"][["appeal_id", "application_id"]], on="appeal_id"
    )
    corrected = found.loc[found["upheld"].astype(bool), "application_id"]
    return frame.assign(
        is_rejected=frame["decision"] == "reject", is_corrected=frame["application_id"].isin(corrected)
    )


def shelf_days(tables: Tables) -> pd.DataFrame:
    """One shelf of one day: `is_far_off` where demand was 30 % from its forecast.

    What was sold before a shelf ran empty is scaled to the whole day.
    """
    opened = tables["stock"]["counted_utc"].min().floor("D")
    sold = tables["sales"][tables["sales"]["closed_utc"] > opened].reset_index(drop=True)
    planned, left = tables["forecasts"], tables["stock"]
    days = min(len(sold), len(planned), len(left))  # in one order; the last night may not be in all of them
    share = left["empty_after_rate"].to_numpy()[:days]
    forecast = np.maximum(planned["forecast_units"].to_numpy()[:days], 1e-9)
    ratio = sold["units_sold"].to_numpy()[:days] / share / forecast
    frame: pd.DataFrame = sold.iloc[:days]
    return frame.assign(is_far_off=np.abs(ratio - 1.0) > 0.3)


def refunds_by_document(tables: Tables) -> pd.DataFrame:
    """Refunds with the kind of the customer's document, and `is_without_order`: none was on file."""
    kind = tables["conversations"][["conversation_id", "document_kind"]]
    frame = tables["refunds"].merge(kind, on="conversation_id")
    frame = frame.merge(tables["orders_on_file"][["conversation_id", "has_order"]], on="conversation_id")
    return frame.assign(is_without_order=~frame["has_order"].astype(bool))
