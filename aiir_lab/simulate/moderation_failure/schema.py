"""The tables that a responder of `moderation_failure` can query."""

from __future__ import annotations

from aiir_lab.simulate.columns import count, id_, rate, text, time
from aiir_lab.simulate.schema import Column, Table

SCHEMA = {
    "outputs": Table(
        "one output of the assistant, before the filter decides",
        {
            "output_id": id_("number of the output"),
            "generated_utc": time("when it was generated"),
            "topic": text("topic that was asked about"),
            "surface": text("app, search_box or shared_feed"),
            "account_id": id_("who asked"),
            "account_age_days": Column("int", "days", "age of the account at the start of the run"),
            "text": text("what the assistant would show; invented words"),
        },
        visible_from="generated_utc",
    ),
    "decisions": Table(
        "what the filter decided about an output",
        {
            "output_id": id_("number of the output"),
            "decided_utc": time("when"),
            "filter_version": text("version that decided"),
            "score": rate("the filter's estimate that it is harmful; blocked from 0.5"),
            "action": text("show, block, withhold (topic or mode) or limit (account)"),
        },
        visible_from="decided_utc",
    ),
    "views": Table(
        "how often a shown output had been seen when counting stopped",
        {
            "output_id": id_("number of the output"),
            "counted_utc": time("when it was removed, or a day and a half after it was generated"),
            "views": count("impressions until then"),
        },
        visible_from="counted_utc",
    ),
    "impressions": Table(
        "impressions of one hour and topic",
        {
            "hour_utc": time("start of the hour"),
            "topic": text("topic"),
            "impressions": count("times that outputs on this topic were seen"),
            "counted_utc": time("when the count was ready"),
        },
        visible_from="counted_utc",
    ),
    "reports": Table(
        "one report by a user",
        {
            "report_id": id_("number of the report"),
            "reported_utc": time("when it came in"),
            "output_id": id_("what was reported"),
            "reason": text("what the user ticked: harmful, wrong or other"),
        },
        visible_from="reported_utc",
    ),
    "reviews": Table(
        "one output that a moderator has looked at",
        {
            "review_id": id_("number of the review"),
            "reviewed_utc": time("when the moderator was done"),
            "output_id": id_("what was looked at"),
            "source": text("user_report, audit_of_blocked, audit_of_shown or topic_review"),
            "label": text("harmful or innocent; moderators err now and then"),
            "waited_hours": Column("float", "hours", "time in the queue"),
        },
        visible_from="reviewed_utc",
    ),
    "dashboard": Table(
        "the safety dashboard, as it stood each hour",
        {
            "shown_utc": time("when"),
            "outputs_24h": count("outputs of the last 24 hours"),
            "flag_rate_24h": rate("share of them that the filter blocked"),
            "precision_of_blocks_72h": rate("share of reviewed blocks that moderators confirmed, 72 hours"),
            "reports_24h": count("user reports of the last 24 hours"),
            "queue_length": count("outputs that wait for a moderator"),
        },
        visible_from="shown_utc",
    ),
    "alerts": Table(
        "one alert",
        {
            "alert_id": id_("number of the alert"),
            "fired_utc": time("when the rule fired"),
            "rule": text("name of the rule"),
            "value": Column("float", "", "what it measured: a rate (nightly) or a count (hourly)"),
            "threshold": Column("float", "", "what it fires above"),
            "route": text("mailbox or on-call page"),
            "acknowledged_utc": time("when somebody acted on it"),
        },
        visible_from="fired_utc",
    ),
    "filter_versions": Table(
        "one filter in the model registry",
        {
            "version": text("name of the version"),
            "live_utc": time("when it began to decide"),
            "why": text("what it was built for"),
            "snapshot_utc": time("date of the oldest training data in it"),
            "newest_data_utc": time("date of the newest training data in it"),
            "training_rows": count("texts that it was trained on"),
            "test_recall": rate("recall on the fixed test set, which is as old as the snapshot"),
            "test_precision": rate("precision on the same test set"),
        },
        visible_from="live_utc",
    ),
    "red_team_runs": Table(
        "one trick that the red team tried, and how it went",
        {
            "run_id": id_("number of the run"),
            "run_utc": time("when"),
            "trick": text("way of spelling listed terms"),
            "prompts": count("texts that were tried"),
            "passed_filter": count("texts that the filter of that day let through"),
            "ticket": text("ticket that came of it"),
        },
        visible_from="run_utc",
    ),
    "policy_terms": Table(
        "one term on the policy list, in its plain spelling",
        {"term_id": id_("number"), "term": text("the term"), "listed_utc": time("when it was listed")},
        visible_from="listed_utc",
    ),
    "deploys": Table(
        "one change to production",
        {
            "deploy_id": id_("number"),
            "at_utc": time("when"),
            "component": text("what was changed"),
            "version": text("to which version"),
            "note": text("the note of who deployed"),
        },
        visible_from="at_utc",
    ),
    "tickets": Table(
        "one ticket of the safety team",
        {
            "ticket_id": text("number"),
            "opened_utc": time("when"),
            "queue": text("team"),
            "status": text("as of the end of the run"),
            "text": text("what it says"),
        },
        visible_from="opened_utc",
    ),
    "messages": Table(
        "one message from inside or outside the company",
        {
            "message_id": id_("number"),
            "received_utc": time("when"),
            "sender": text("role of the sender"),
            "text": text("what it says"),
        },
        visible_from="received_utc",
    ),
}
