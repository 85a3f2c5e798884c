"""The controls that this company lacked, and the decisions that its responders can take."""

from __future__ import annotations

from aiir_lab.simulate.controls import Control

CONTROLS = (
    Control(
        "provenance_gate",
        "A partner whose identity nobody verified can report fraud, but its word clears a payment "
        "for training only where an analyst agrees.",
        "prevent",
        "labels of honest unverified partners are not used",
        removes="open_feedback_channel",
        references=("AML.M0025", "AML.M0007"),
    ),
    Control(
        "cohort_check",
        "Counts, cumulatively and for each cohort, how often feedback overturns a suspicion; quarantines "
        "the feedback of a cohort that turns over.",
        "prevent",
        "labels of quarantined cohorts are lost; false alarms",
        removes="no_cohort_check",
        references=("AML.M0007",),
    ),
    Control(
        "golden_canary",
        "Holds back a model that catches less than the active one on a golden set labelled independently.",
        "prevent",
        "a golden set to label and renew; good models are sometimes held back",
        removes="evaluation_on_training_labels",
        references=("AML.M0008",),
    ),
    Control(
        "auto_rollback",
        "Goes back to an earlier model when the chargebacks of a cohort jump, and holds promotions.",
        "mitigate",
        "chargebacks come weeks late; promotions are held until somebody looks",
        removes="no_automatic_rollback",
    ),
    Control(
        "rate_limit",
        "Takes in no more feedback from a partner in a day than 1.3 times what it used to send.",
        "prevent",
        "feedback of honest partners is cut on busy days",
        removes="unlimited_feedback",
    ),
    Control(
        "human_review",
        "A person looks at payments scored just below the decline threshold, before they are approved.",
        "mitigate",
        "four minutes of a reviewer for each payment; those payments wait",
        removes="no_human_review",
        latency_hours=1.0,
    ),
    Control(
        "freeze_feedback",
        "Stops taking in feedback; what is in the training window stays until it ages out.",
        "mitigate",
        "honest corrections are lost too",
    ),
    Control(
        "rollback_model",
        "Goes back to the version that does best on analysts' labels and chargebacks, and holds promotions.",
        "mitigate",
        "the older model knows nothing of fraud that is new",
    ),
    Control(
        "kill_switch",
        "Turns the model off; plain rules decide.",
        "mitigate",
        "rules decline more honest payments and miss more fraud",
    ),
)
MINUTES_PER_REVIEW = 4.0
