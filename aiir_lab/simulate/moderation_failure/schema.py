"""The tables that a responder of `moderation_failure` can query."""

from __future__ import annotations

from aiir_lab.simulate.schema import Column, Table


def _id(meaning: str) -> Column:
    return Column("int", "id", meaning)


def _time(meaning: str) -> Column:
    return Column("time", "UTC", meaning)


def _text(meaning: str) -> Column:
    return Column("str", "", meaning)


def _count(meaning: str) -> Column:
    return Column("int", "count", meaning)


def _rate(meaning: str) -> Column:
    return Column("float", "rate 0-1", meaning)


SCHEMA = {
    "outputs": Table(
        "one output of the assistant, before the filter decides",
        {
            "output_id": _id("number of the output"),
            "generated_utc": _time("when it was generated"),
            "topic": _text("topic that was asked about"),
            "surface": _text("app, search_box or shared_feed"),
            "account_id": _id("who asked"),
            "account_age_days": Column("int", "days", "age of the account at the start of the run"),
            "text": _text("what the assistant would show; invented words"),
        },
        visible_from="generated_utc",
    ),
    "decisions": Table(
        "what the filter decided about an output",
        {
            "output_id": _id("number of the output"),
            "decided_utc": _time("when"),
            "filter_version": _text("version that decided"),
            "score": _rate("the filter's estimate that it is harmful; blocked from 0.5"),
            "action": _text("show, block, withhold (topic or mode) or limit (account)"),
        },
        visible_from="decided_utc",
    ),
    "views": Table(
        "how often a shown output had been seen when counting stopped",
        {
            "output_id": _id("number of the output"),
            "counted_utc": _time("when it was removed, or a day and a half after it was generated"),
            "views": _count("impressions until then"),
        },
        visible_from="counted_utc",
    ),
    "impressions": Table(
        "impressions of one hour and topic",
        {
            "hour_utc": _time("start of the hour"),
            "topic": _text("topic"),
            "impressions": _count("times that outputs on this topic were seen"),
            "counted_utc": _time("when the count was ready"),
        },
        visible_from="counted_utc",
    ),
    "reports": Table(
        "one report by a user",
        {
            "report_id": _id("number of the report"),
            "reported_utc": _time("when it came in"),
            "output_id": _id("what was reported"),
            "reason": _text("what the user ticked: harmful, wrong or other"),
        },
        visible_from="reported_utc",
    ),
    "reviews": Table(
        "one output that a moderator has looked at",
        {
            "review_id": _id("number of the review"),
            "reviewed_utc": _time("when the moderator was done"),
            "output_id": _id("what was looked at"),
            "source": _text("user_report, audit_of_blocked, audit_of_shown or topic_review"),
            "label": _text("harmful or innocent; moderators err now and then"),
            "waited_hours": Column("float", "hours", "time in the queue"),
        },
        visible_from="reviewed_utc",
    ),
    "dashboard": Table(
        "the safety dashboard, as it stood each hour",
        {
            "shown_utc": _time("when"),
            "outputs_24h": _count("outputs of the last 24 hours"),
            "flag_rate_24h": _rate("share of them that the filter blocked"),
            "precision_of_blocks_72h": _rate("share of reviewed blocks that moderators confirmed, 72 hours"),
            "reports_24h": _count("user reports of the last 24 hours"),
            "queue_length": _count("outputs that wait for a moderator"),
        },
        visible_from="shown_utc",
    ),
    "alerts": Table(
        "one alert",
        {
            "alert_id": _id("number of the alert"),
            "fired_utc": _time("when the rule fired"),
            "rule": _text("name of the rule"),
            "value": Column("float", "", "what it measured: a rate (nightly) or a count (hourly)"),
            "threshold": Column("float", "", "what it fires above"),
            "route": _text("mailbox or on-call page"),
            "acknowledged_utc": _time("when somebody acted on it"),
        },
        visible_from="fired_utc",
    ),
    "filter_versions": Table(
        "one filter in the model registry",
        {
            "version": _text("name of the version"),
            "live_utc": _time("when it began to decide"),
            "why": _text("what it was built for"),
            "snapshot_utc": _time("date of the oldest training data in it"),
            "newest_data_utc": _time("date of the newest training data in it"),
            "training_rows": _count("texts that it was trained on"),
            "test_recall": _rate("recall on the fixed test set, which is as old as the snapshot"),
            "test_precision": _rate("precision on the same test set"),
        },
        visible_from="live_utc",
    ),
    "red_team_runs": Table(
        "one trick that the red team tried, and how it went",
        {
            "run_id": _id("number of the run"),
            "run_utc": _time("when"),
            "trick": _text("way of spelling listed terms"),
            "prompts": _count("texts that were tried"),
            "passed_filter": _count("texts that the filter of that day let through"),
            "ticket": _text("ticket that came of it"),
        },
        visible_from="run_utc",
    ),
    "policy_terms": Table(
        "one term on the policy list, in its plain spelling",
        {"term_id": _id("number"), "term": _text("the term"), "listed_utc": _time("when it was listed")},
        visible_from="listed_utc",
    ),
    "deploys": Table(
        "one change to production",
        {
            "deploy_id": _id("number"),
            "at_utc": _time("when"),
            "component": _text("what was changed"),
            "version": _text("to which version"),
            "note": _text("the note of who deployed"),
        },
        visible_from="at_utc",
    ),
    "tickets": Table(
        "one ticket of the safety team",
        {
            "ticket_id": _text("number"),
            "opened_utc": _time("when"),
            "queue": _text("team"),
            "status": _text("as of the end of the run"),
            "text": _text("what it says"),
        },
        visible_from="opened_utc",
    ),
    "messages": Table(
        "one message from inside or outside the company",
        {
            "message_id": _id("number"),
            "received_utc": _time("when"),
            "sender": _text("role of the sender"),
            "text": _text("what it says"),
        },
        visible_from="received_utc",
    ),
}
