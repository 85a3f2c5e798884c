"""The controls that this vendor lacked, and the decisions that its responders can take."""

from __future__ import annotations

from aiir_lab.simulate.controls import Control

CONTROLS = (
    Control(
        "diverse_training_set",
        "Trains a release on pictures of every way of photographing that clients use.",
        "prevent",
        "pictures of small sellers to collect and label",
        removes="narrow_training_set",
    ),
    Control(
        "slice_check",
        "Before a release, compares its accuracy with the present one on each way of photographing; "
        "holds it back when one falls.",
        "prevent",
        "a labelled set for each slice to keep; a held release comes a week later",
        removes="no_slice_check",
    ),
    Control(
        "staged_rollout",
        "Gives a release to 5 % of requests for two days and to 25 % for three, and stops it when their "
        "overturned suppressions stand out.",
        "prevent",
        "a good release reaches everybody five days later",
        removes="release_to_all_at_once",
    ),
    Control(
        "auto_rollback",
        "Goes back when overturned suppressions of any region jump against the days before the release.",
        "mitigate",
        "needs appeals that are decided fast; may go back for nothing",
        removes="no_automatic_rollback",
    ),
    Control(
        "fast_appeals",
        "Decides an appeal within hours instead of days.",
        "mitigate",
        "more people at the appeals desk",
        removes="slow_appeals",
    ),
    Control(
        "human_review",
        "A person looks at suppressions with a confidence below 0.7, ten a day.",
        "mitigate",
        "three minutes of a reviewer for each",
        removes="no_human_review",
        latency_hours=1.5,
    ),
    Control(
        "confidence_floor",
        "Suppresses only from a confidence of 0.5.",
        "prevent",
        "listings in a wrong category stay up",
    ),
    Control(
        "rollback_model",
        "Goes back to the version before the release.",
        "mitigate",
        "what the release did better is lost; listings that are down stay down",
    ),
    Control(
        "relist_affected",
        "Decides again, with the version before, on all that the release has suppressed so far.",
        "mitigate",
        "listings in a wrong category may come back up",
    ),
    Control(
        "pause_suppression",
        "Lets every listing through.",
        "mitigate",
        "listings in a wrong category stay up",
    ),
)
MINUTES_PER_REVIEW = 3.0
MINUTES_PER_APPEAL = 12.0
