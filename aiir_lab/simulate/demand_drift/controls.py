"""The controls that this retailer lacked, and the decisions that its responders can take."""

from __future__ import annotations

from aiir_lab.simulate.controls import Control

CONTROLS = (
    Control(
        "drift_alert",
        "Compares sold with forecast units by region and product group every morning and pages; "
        "on-call then asks for a new model.",
        "detect",
        "pages for groups that only had an odd week",
        removes="no_group_monitor",
    ),
    Control(
        "frequent_retraining",
        "Retrains every Monday on the last six weeks, and within three days when on-call asks.",
        "prevent",
        "a pipeline with an owner; models learned from fewer days",
        removes="quarterly_retraining",
    ),
    Control(
        "shadow_model",
        "Lets a simple challenger forecast beside the model and take over where it was clearly better.",
        "prevent",
        "a second forecast to run; sometimes it wins by luck",
        removes="no_challenger",
    ),
    Control(
        "manual_override",
        "Lets planners scale the forecast of a region and product group that was paged or complained about.",
        "mitigate",
        "planner time every day; factors that outlive their reason",
        removes="planners_locked_out",
    ),
    Control(
        "safety_stock",
        "Doubles and more the order margin where shelves ran out on a third of the days.",
        "mitigate",
        "more waste where running out was chance",
        removes="thin_margin",
    ),
    Control(
        "rollback_model",
        "Goes back to the model before the present one.",
        "mitigate",
        "the older model has seen even fewer of the recent weeks",
    ),
)
