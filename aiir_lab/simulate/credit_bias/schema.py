"""The tables that a responder of `credit_bias` can query."""

from __future__ import annotations

from aiir_lab.simulate.schema import Column, Table


def _id(meaning: str) -> Column:
    return Column("int", "id", meaning)


def _time(meaning: str, *, planned: bool = False) -> Column:
    return Column("time", "UTC", meaning, planned=planned)


def _text(meaning: str) -> Column:
    return Column("str", "", meaning)


def _rate(meaning: str) -> Column:
    return Column("float", "rate 0-1", meaning)


def _flag(meaning: str) -> Column:
    return Column("bool", "", meaning)


SCHEMA = {
    "applications": Table(
        "one application for a loan, with the fields as they were scored",
        {
            "application_id": _id("number of the application"),
            "received_utc": _time("when; decided within the minute"),
            "postcode": _text("area where the applicant lives"),
            "housing": _text("owns, rents_house or rents_flat"),
            "income_usd": Column("float", "USD", "monthly income", decimals=0),
            "debt_ratio": _rate("debt service by income"),
            "late_payments": Column("int", "count", "late payments on file"),
            "months_at_address": Column("float", "months", "from the bureau", decimals=1),
            "accounts_in_file": Column("float", "count", "credit lines in the bureau's file", decimals=1),
        },
        visible_from="received_utc",
    ),
    "decisions": Table(
        "what was decided about an application",
        {
            "application_id": _id("number of the application"),
            "decided_utc": _time("when"),
            "model_version": _text("version that scored"),
            "score": _rate("chance of repayment, as the model says"),
            "cutoff": _rate("score from which a loan is given, set every night"),
            "decision": _text("approve or reject"),
            "how": _text("auto, audit (approved at random) or reviewed"),
        },
        visible_from="decided_utc",
    ),
    "appeals": Table(
        "an applicant asked to look again",
        {
            "appeal_id": _id("number of the appeal"),
            "received_utc": _time("when it came"),
            "application_id": _id("what it is about"),
            "declared_group": _text("A or B, as declared in the voluntary form; missing where not"),
        },
        visible_from="received_utc",
    ),
    "appeal_decisions": Table(
        "what the appeals desk found in the applicant's papers",
        {
            "appeal_id": _id("number of the appeal"),
            "decided_utc": _time("when"),
            "upheld": _flag("the loan was given after all"),
            "corrected_field": _text("which field was wrong by the papers; missing where none"),
        },
        visible_from="decided_utc",
    ),
    "audit_outcomes": Table(
        "first instalments of loans that were approved at random, known 45 days later",
        {
            "application_id": _id("number of the application"),
            "known_utc": _time("when"),
            "paid_first_instalments": _flag("an early sign of repayment, right nine times of ten"),
            "declared_group": _text("A or B, as declared in the audit's form; missing where not"),
        },
        visible_from="known_utc",
    ),
    "dashboard": Table(
        "what the weekly risk meeting saw, one row for each night",
        {
            "night_utc": _time("when it was computed"),
            "applications": Column("int", "count", "of the last seven days"),
            "approval_rate": _rate("of the last seven days, by score"),
            "mean_score": _rate("of the last seven days"),
            "cutoff": _rate("for the next day"),
        },
        visible_from="night_utc",
    ),
    "alerts": Table(
        "one alert that fired",
        {
            "alert_id": _id("number of the alert"),
            "fired_utc": _time("when"),
            "rule": _text("which rule"),
            "value": Column("float", "", "what was measured"),
            "threshold": Column("float", "", "limit of the rule"),
            "acknowledged_utc": _time("when somebody answered"),
        },
        visible_from="fired_utc",
    ),
    "feed_changes": Table(
        "changes of data that the score reads",
        {
            "change_id": _text("number of the change"),
            "at_utc": _time("from when"),
            "source": _text("which feed"),
            "fields": _text("which fields it fills"),
            "note": _text("what the data team wrote"),
        },
        visible_from="at_utc",
    ),
    "model_registry": Table(
        "one version of the score",
        {
            "model_version": _text("its name"),
            "live_utc": _time("since when it decides"),
            "training_rows": Column("int", "count", "applications it learned from"),
            "test_auc_rate": _rate("area under the ROC curve on old applications, all groups"),
        },
        visible_from="live_utc",
    ),
    "duties": Table(
        "what law and contract ask of the lender, as its counsel listed it",
        {
            "duty": _text("what is to be done"),
            "basis": _text("where it stands"),
            "counted_from": _text("what starts the clock"),
            "within_days": Column("int", "days", "calendar days; 0: at once"),
            "note": _text("what counsel added"),
        },
    ),
    "complaints": Table(
        "letters that must be answered",
        {
            "complaint_id": _id("number of the letter"),
            "received_utc": _time("when"),
            "sender": _text("who wrote"),
            "text": _text("what it says"),
            "due_utc": _time("when the answer is due", planned=True),
        },
        visible_from="received_utc",
    ),
    "tickets": Table(
        "what people in the company wrote",
        {
            "ticket_id": _id("number of the ticket"),
            "opened_utc": _time("when"),
            "queue": _text("who gets it"),
            "text": _text("what it says"),
        },
        visible_from="opened_utc",
    ),
}
