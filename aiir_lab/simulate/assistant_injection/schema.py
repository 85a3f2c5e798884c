"""The tables that a responder of `assistant_injection` can query."""

from __future__ import annotations

from aiir_lab.simulate.columns import DEPLOYS, TICKETS, id_, text, time, usd
from aiir_lab.simulate.schema import Column, Table

SCHEMA = {
    "conversations": Table(
        "one conversation with the assistant",
        {
            "conversation_id": id_("number of the conversation"),
            "started_utc": time("when it began"),
            "customer_id": id_("who wrote"),
            "document_kind": text("none, upload, product_review or order_note"),
        },
        visible_from="started_utc",
    ),
    "messages": Table(
        "one text that the assistant read",
        {
            "message_id": id_("number of the text"),
            "conversation_id": id_("number of the conversation"),
            "sent_utc": time("when"),
            "source": text("customer, or the kind of the document"),
            "text": text("invented words"),
        },
        visible_from="sent_utc",
    ),
    "tool_calls": Table(
        "one tool that the assistant chose",
        {
            "call_id": id_("number of the call, that of its conversation"),
            "called_utc": time("when"),
            "tool": text("answer, order_status, refund or send_records"),
            "confidence": Column("float", "rate 0-1", "how sure the classifier was"),
            "amount_usd": usd("argument of a refund; 0 for other tools"),
            "status": text("done, or refused and by what"),
        },
        visible_from="called_utc",
    ),
    "refunds": Table(
        "money paid back",
        {
            "refund_id": id_("number of the refund"),
            "paid_utc": time("when"),
            "conversation_id": id_("number of the conversation"),
            "customer_id": id_("who got it"),
            "amount_usd": usd("how much"),
        },
        visible_from="paid_utc",
    ),
    "orders_on_file": Table(
        "whether an order of the last sixty days was on file",
        {
            "conversation_id": id_("number of the conversation"),
            "checked_utc": time("when it was looked up"),
            "has_order": Column("bool", "", "whether there was one"),
        },
        visible_from="checked_utc",
    ),
    "dashboard": Table(
        "what the support team saw each night",
        {
            "night_utc": time("when it was computed"),
            "conversations": Column("int", "count", "of the day"),
            "refunds": Column("int", "count", "of the day"),
            "refunds_usd": usd("of the day"),
            "mean_confidence": Column("float", "rate 0-1", "of the day"),
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
        },
        visible_from="fired_utc",
    ),
    "deploys": DEPLOYS,
    "tickets": TICKETS,
}
