"""The controls that this lender lacked, and the decisions that its responders can take."""

from __future__ import annotations

from aiir_lab.simulate.controls import Control

CONTROLS = (
    Control(
        "slice_parity_check",
        "Scores the applications of a week with both feeds before the new one is released, and holds it "
        "where a slice of postcode and housing moves; later it does so every Monday.",
        "prevent",
        "a week of two feeds; small slices raise false findings",
        removes="no_slice_check",
        latency_hours=168.0,
    ),
    Control(
        "data_contract",
        "Compares each day's share of empty fields by postcode and housing with what was agreed, and "
        "fills them with the usual value of the slice where it broke.",
        "prevent",
        "usual values replace some true ones",
        removes="no_feed_contract",
    ),
    Control(
        "human_review",
        "A person asks rejected applicants near the cutoff for papers and scores them again.",
        "mitigate",
        "reviewers' hours; twelve cases a day at lesson size; three days of waiting",
        removes="no_human_review",
        latency_hours=72.0,
    ),
    Control(
        "monitor_by_group",
        "Compares upheld appeals by declared group every Monday and pages; the feed is then switched back.",
        "detect",
        "few appeals: it takes weeks, and may page for nothing",
        removes="no_group_monitor",
    ),
    Control(
        "fixed_cutoff",
        "Holds the cutoff instead of moving it to the target approval rate, so that the old alert on the "
        "approval rate can see a change.",
        "detect",
        "the approval rate moves with whoever applies",
        removes="cutoff_follows_target",
    ),
    Control(
        "rollback_feed",
        "Goes back to the old bureau feed.",
        "mitigate",
        "the old feed is paid for twice",
        removes="new_feed",
    ),
    Control(
        "rollback_model",
        "Goes back to the model before the present one.",
        "mitigate",
        "the older model reads the same field",
    ),
)
