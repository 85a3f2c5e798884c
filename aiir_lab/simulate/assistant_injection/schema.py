"""The tables that a responder of `assistant_injection` can query."""

from __future__ import annotations

from aiir_lab.simulate.schema import Column, Table


def _id(meaning: str) -> Column:
    return Column("int", "id", meaning)


def _time(meaning: str) -> Column:
    return Column("time", "UTC", meaning)


def _text(meaning: str) -> Column:
    return Column("str", "", meaning)


def _usd(meaning: str) -> Column:
    return Column("float", "USD", meaning, decimals=2)


SCHEMA = {
    "conversations": Table(
        "one conversation with the assistant",
        {
            "conversation_id": _id("number of the conversation"),
            "started_utc": _time("when it began"),
            "customer_id": _id("who wrote"),
            "document_kind": _text("none, upload, product_review or order_note"),
        },
        visible_from="started_utc",
    ),
    "messages": Table(
        "one text that the assistant read",
        {
            "message_id": _id("number of the text"),
            "conversation_id": _id("number of the conversation"),
            "sent_utc": _time("when"),
            "source": _text("customer, or the kind of the document"),
            "text": _text("invented words"),
        },
        visible_from="sent_utc",
    ),
    "tool_calls": Table(
        "one tool that the assistant chose",
        {
            "call_id": _id("number of the call, that of its conversation"),
            "called_utc": _time("when"),
            "tool": _text("answer, order_status, refund or send_records"),
            "confidence": Column("float", "rate 0-1", "how sure the classifier was"),
            "amount_usd": _usd("argument of a refund; 0 for other tools"),
            "status": _text("done, or refused and by what"),
        },
        visible_from="called_utc",
    ),
    "refunds": Table(
        "money paid back",
        {
            "refund_id": _id("number of the refund"),
            "paid_utc": _time("when"),
            "conversation_id": _id("number of the conversation"),
            "customer_id": _id("who got it"),
            "amount_usd": _usd("how much"),
        },
        visible_from="paid_utc",
    ),
    "orders_on_file": Table(
        "whether an order of the last sixty days was on file",
        {
            "conversation_id": _id("number of the conversation"),
            "checked_utc": _time("when it was looked up"),
            "has_order": Column("bool", "", "whether there was one"),
        },
        visible_from="checked_utc",
    ),
    "dashboard": Table(
        "what the support team saw each night",
        {
            "night_utc": _time("when it was computed"),
            "conversations": Column("int", "count", "of the day"),
            "refunds": Column("int", "count", "of the day"),
            "refunds_usd": _usd("of the day"),
            "mean_confidence": Column("float", "rate 0-1", "of the day"),
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
        },
        visible_from="fired_utc",
    ),
    "deploys": Table(
        "what was changed in production",
        {
            "deploy_id": _id("number of the change"),
            "at_utc": _time("when"),
            "component": _text("what"),
            "note": _text("what the team wrote"),
        },
        visible_from="at_utc",
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
