"""The controls that this company lacked, and the decisions that its responders can take."""

from __future__ import annotations

from aiir_lab.simulate.controls import Control

CONTROLS = (
    Control(
        "filter_refresh",
        "Retrains the filter twice a week on reviewed outputs, and within hours when on-call asks.",
        "prevent",
        "a training pipeline with an owner; one check of the new filter each time",
        removes="outdated_filter",
    ),
    Control(
        "red_team_set",
        "Puts the spellings that a red team tries every month into the training set.",
        "prevent",
        "red-team hours every month; covers only the tricks that the team thinks of",
        removes="no_red_teaming",
        references=("AML.M0003",),
    ),
    Control(
        "alert_routing",
        "Checks confirmed reports every hour over the last six and pages on-call, instead of a nightly sum "
        "that goes to a mailbox.",
        "detect",
        "pages at night, some of them for nothing",
        removes="delayed_alert",
    ),
    Control(
        "on_call_switch",
        "Lets on-call withhold the trending topic for a day without asking.",
        "mitigate",
        "innocent outputs on that topic are withheld too",
        removes="nobody_may_switch_off",
    ),
    Control(
        "human_review",
        "A person looks at each output on a trending topic that passes forty views.",
        "mitigate",
        "a second shift of reviewers while a topic trends",
        removes="no_topic_review",
    ),
    Control(
        "spelling_normaliser",
        "Undoes digits for letters, doubled letters and dots before the filter reads.",
        "prevent",
        "innocent names come to look like listed terms; other tricks pass",
        removes="no_normaliser",
        references=("AML.M0010",),
    ),
    Control(
        "rate_limit",
        "An account younger than two weeks gets at most three published outputs a day.",
        "prevent",
        "eager new users are cut off",
    ),
    Control(
        "safe_mode",
        "Withholds every output on a topic that trends.",
        "mitigate",
        "the product is silent on what everybody asks about",
    ),
    Control(
        "rollback_model",
        "Goes back to the filter before the present one until the next one is promoted.",
        "mitigate",
        "the older filter knows even fewer terms",
    ),
)
MINUTES_PER_REVIEW = 1.5
RED_TEAM_HOURS = 16.0  # a month
