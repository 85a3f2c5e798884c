"""The tables that a responder of `credit_bias` can query."""

from __future__ import annotations

from aiir_lab.simulate.columns import TICKETS, flag, id_, rate, text, time
from aiir_lab.simulate.schema import Column, Table

SCHEMA = {
    "applications": Table(
        "one application for a loan, with the fields as they were scored",
        {
            "application_id": id_("number of the application"),
            "received_utc": time("when; decided within the minute"),
            "postcode": text("area where the applicant lives"),
            "housing": text("owns, rents_house or rents_flat"),
            "income_usd": Column("float", "USD", "monthly income", decimals=0),
            "debt_ratio": rate("debt service by income"),
            "late_payments": Column("int", "count", "late payments on file"),
            "months_at_address": Column("float", "months", "from the bureau", decimals=1),
            "accounts_in_file": Column("float", "count", "credit lines in the bureau's file", decimals=1),
        },
        visible_from="received_utc",
    ),
    "decisions": Table(
        "what was decided about an application",
        {
            "application_id": id_("number of the application"),
            "decided_utc": time("when"),
            "model_version": text("version that scored"),
            "score": rate("chance of repayment, as the model says"),
            "cutoff": rate("score from which a loan is given, set every night"),
            "decision": text("approve or reject"),
            "how": text("auto, audit (approved at random) or reviewed"),
        },
        visible_from="decided_utc",
    ),
    "appeals": Table(
        "an applicant asked to look again",
        {
            "appeal_id": id_("number of the appeal"),
            "received_utc": time("when it came"),
            "application_id": id_("what it is about"),
            "declared_group": text("A or B, as declared in the voluntary form; missing where not"),
        },
        visible_from="received_utc",
    ),
    "appeal_decisions": Table(
        "what the appeals desk found in the applicant's papers",
        {
            "appeal_id": id_("number of the appeal"),
            "decided_utc": time("when"),
            "upheld": flag("the loan was given after all"),
            "corrected_field": text("which field was wrong by the papers; missing where none"),
        },
        visible_from="decided_utc",
    ),
    "audit_outcomes": Table(
        "first instalments of loans that were approved at random, known 45 days later",
        {
            "application_id": id_("number of the application"),
            "known_utc": time("when"),
            "paid_first_instalments": flag("an early sign of repayment, right nine times of ten"),
            "declared_group": text("A or B, as declared in the audit's form; missing where not"),
        },
        visible_from="known_utc",
    ),
    "dashboard": Table(
        "what the weekly risk meeting saw, one row for each night",
        {
            "night_utc": time("when it was computed"),
            "applications": Column("int", "count", "of the last seven days"),
            "approval_rate": rate("of the last seven days, by score"),
            "mean_score": rate("of the last seven days"),
            "cutoff": rate("for the next day"),
        },
        visible_from="night_utc",
    ),
    "alerts": Table(
        "one alert that fired",
        {
            "alert_id": id_("number of the alert"),
            "fired_utc": time("when"),
            "rule": text("which rule"),
            "value": Column("float", "", "what was measured"),
            "threshold": Column("float", "", "limit of the rule"),
            "acknowledged_utc": time("when somebody answered"),
        },
        visible_from="fired_utc",
    ),
    "feed_changes": Table(
        "changes of data that the score reads",
        {
            "change_id": text("number of the change"),
            "at_utc": time("from when"),
            "source": text("which feed"),
            "fields": text("which fields it fills"),
            "note": text("what the data team wrote"),
        },
        visible_from="at_utc",
    ),
    "model_registry": Table(
        "one version of the score",
        {
            "model_version": text("its name"),
            "live_utc": time("since when it decides"),
            "training_rows": Column("int", "count", "applications it learned from"),
            "test_auc_rate": rate("area under the ROC curve on old applications, all groups"),
        },
        visible_from="live_utc",
    ),
    "duties": Table(
        "what law and contract ask of the lender, as its counsel listed it",
        {
            "duty": text("what is to be done"),
            "basis": text("where it stands"),
            "counted_from": text("what starts the clock"),
            "within_days": Column("int", "days", "calendar days; 0: at once"),
            "note": text("what counsel added"),
        },
    ),
    "complaints": Table(
        "letters that must be answered",
        {
            "complaint_id": id_("number of the letter"),
            "received_utc": time("when"),
            "sender": text("who wrote"),
            "text": text("what it says"),
            "due_utc": time("when the answer is due", planned=True),
        },
        visible_from="received_utc",
    ),
    "tickets": TICKETS,
}
