"""What responders of `assistant_injection` could see, written from what happened."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from aiir_lab.simulate.assistant_injection.traffic import DAY_S, DAYS, KINDS, REFUND, TOOLS, ChatStage
from aiir_lab.simulate.clock import to_utc
from aiir_lab.simulate.randomness import draw_stream

REFUNDS_FACTOR = 3.0  # the old alert: refunds of a day against the first five days


def conversation_ids(stage: ChatStage) -> NDArray[np.int64]:
    """Number the conversations in order of time."""
    return 20_001 + np.arange(len(stage.second))


def _at(stage: ChatStage, second: Any) -> Any:
    seconds = np.round(np.asarray(second, dtype=float))
    return pd.Timestamp(stage.started_utc) + pd.to_timedelta(seconds, "s")


def list_tables(stage: ChatStage, done: Any) -> dict[str, pd.DataFrame]:
    """Build all tables."""
    ids, kinds = conversation_ids(stage), np.array(KINDS, dtype=object)[stage.kind]
    texts = stage.attacked if done.incident else stage.plain
    started, called = to_utc(stage.started_utc, stage.second), to_utc(stage.started_utc, stage.second + 5)
    with_document = np.flatnonzero(stage.kind > 0)
    paid = np.flatnonzero(done.is_paid)
    customer = 1_000 + stage.customer
    parts = [
        pd.DataFrame(
            {
                "message_id": 2 * ids[rows] + offset,
                "conversation_id": ids[rows],
                "sent_utc": started.iloc[rows].to_numpy(),
                "source": source,
                "text": [" ".join(stage.words[w] for w in row) for row in words[rows].tolist()],
            }
        )
        for rows, words, source, offset in (
            (np.arange(len(ids)), texts.message, "customer", 0),
            (with_document, texts.document, kinds[with_document], 1),
        )
    ]
    messages = pd.concat(parts).sort_values("message_id", ignore_index=True)
    messages["sent_utc"] = pd.to_datetime(messages["sent_utc"], utc=True)
    return {
        "conversations": pd.DataFrame(
            {"conversation_id": ids, "started_utc": started, "customer_id": customer, "document_kind": kinds}
        ),
        "messages": messages,
        "tool_calls": pd.DataFrame(
            {
                "call_id": ids,
                "called_utc": called,
                "tool": np.array(TOOLS, dtype=object)[done.tool],
                "confidence": done.sure,
                "amount_usd": np.where(done.tool == REFUND, stage.amount, 0.0),
                "status": done.status,
            }
        ),
        "refunds": pd.DataFrame(
            {
                "refund_id": 7_000_000 + ids[paid],
                "paid_utc": called.iloc[paid].to_numpy(),
                "conversation_id": ids[paid],
                "customer_id": customer[paid],
                "amount_usd": stage.amount[paid],
            }
        ).assign(paid_utc=lambda frame: pd.to_datetime(frame["paid_utc"], utc=True)),
        "orders_on_file": pd.DataFrame(
            {"conversation_id": ids, "checked_utc": called, "has_order": stage.has_order}
        ),
        **_list_nights(stage, done),
        "deploys": _list_deploys(stage),
        "tickets": _list_tickets(stage),
    }


def _list_nights(stage: ChatStage, done: Any) -> dict[str, pd.DataFrame]:
    day = (stage.second // DAY_S).astype(int)
    night = _at(stage, (np.arange(DAYS) + 1) * DAY_S - 60)
    count = np.bincount(day, minlength=DAYS)
    refunds = np.bincount(day[done.is_paid], minlength=DAYS)
    frame = pd.DataFrame(
        {
            "night_utc": night,
            "conversations": count,
            "refunds": refunds,
            "refunds_usd": np.bincount(day, weights=stage.amount * done.is_paid, minlength=DAYS),
            "mean_confidence": np.bincount(day, weights=done.sure, minlength=DAYS) / np.maximum(count, 1),
        }
    )
    usual = float(refunds[:5].mean())
    high = np.flatnonzero(refunds > REFUNDS_FACTOR * usual)
    slow = np.sort(draw_stream(stage.setting.seed, stage.setting.world, "slow").uniform(1, DAYS - 1, 4))
    rows = [(d * DAY_S, "answers_slow", 2.5, 2.0) for d in slow.tolist()]
    rows += [
        ((d + 1) * DAY_S - 30.0, "refunds_of_day", float(refunds[d]), REFUNDS_FACTOR * usual)
        for d in high.tolist()
    ]
    alerts = pd.DataFrame(sorted(rows), columns=["second", "rule", "value", "threshold"])
    alerts["alert_id"] = (alerts["second"] // 60).astype(int)
    alerts["fired_utc"] = _at(stage, alerts.pop("second"))
    return {"dashboard": frame, "alerts": alerts}


def _list_deploys(stage: ChatStage) -> pd.DataFrame:
    rng = draw_stream(stage.setting.seed, stage.setting.world, "deploys")
    rows = [
        (stage.promo_day * DAY_S, "shop", "promotion week: free returns"),
        (stage.onset_s + float(rng.uniform(-30, 20)) * 3600, "assistant", "friendlier greeting"),
        (float(rng.uniform(1, 5)) * DAY_S, "search", "faster product search"),
    ]
    frame = pd.DataFrame(sorted(rows), columns=["second", "component", "note"])
    frame["deploy_id"] = (frame["second"] // 60).astype(int)
    frame["at_utc"] = _at(stage, frame.pop("second"))
    return frame


def _list_tickets(stage: ChatStage) -> pd.DataFrame:
    rows = [
        (-90 * DAY_S, "security", "Customer documents and customer wishes reach the model as one text."),
        (-40 * DAY_S, "support", "Refunds under 400 USD need nobody since spring."),
        (stage.promo_day * DAY_S + 30_000, "support", "Many refunds; it is promotion week."),
        (stage.onset_s + 5 * DAY_S, "finance", "Refunds do not match returned parcels. Counting."),
    ]
    frame = pd.DataFrame(rows, columns=["second", "queue", "text"])
    frame["ticket_id"] = 50 + 3 * np.arange(len(frame))
    frame["opened_utc"] = _at(stage, frame.pop("second"))
    return frame
