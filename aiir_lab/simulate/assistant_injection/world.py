"""The world `assistant_injection`: orders hidden in documents make a support assistant pay refunds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from aiir_lab.simulate.assistant_injection import tables
from aiir_lab.simulate.assistant_injection.controls import (
    APPROVAL_MIN,
    APPROVAL_USD,
    CONTROLS,
    DISCLOSURE_USD,
    LIMIT_USD,
)
from aiir_lab.simulate.assistant_injection.model import flag_documents, pick_tools
from aiir_lab.simulate.assistant_injection.schema import SCHEMA
from aiir_lab.simulate.assistant_injection.traffic import (
    DAY_S,
    DAYS,
    KINDS,
    RECORDS,
    REFUND,
    ChatStage,
    draw_stage,
)
from aiir_lab.simulate.clock import draw_start, sum_by_hour
from aiir_lab.simulate.company import draw_company
from aiir_lab.simulate.controls import Cost, Plan
from aiir_lab.simulate.randomness import draw_stream
from aiir_lab.simulate.truth import Planted
from aiir_lab.simulate.world import Outcome, Setting, World


@dataclass
class Played:
    """What came of one play, one entry for each conversation."""

    tool: NDArray[np.int64]
    sure: NDArray[np.float64]
    status: NDArray[np.object_]
    is_paid: NDArray[np.bool_]
    is_sent: NDArray[np.bool_]  # records left the shop
    incident: bool


class AssistantInjection(World):
    """A shop's assistant that cannot tell a customer's wish from an order in a document."""

    name = "assistant_injection"
    title = "A support assistant obeys orders hidden in customer documents: it pays refunds and sends records"
    unit = "usd"
    main_table = "conversations"
    sizes: ClassVar[Mapping[str, int]] = {"lesson": 12_000, "sample": 5_000}
    min_rows = 3_000
    max_rows = 200_000
    controls = CONTROLS
    main_factors = ("mixed_context", "open_tools", "no_approval", "no_filter", "no_limit")
    schema = SCHEMA
    growing = ("conversations", "messages", "tool_calls", "refunds", "orders_on_file")

    def prepare(self, setting: Setting) -> ChatStage:
        """Draw the shop, its conversations and what the attacker tries."""
        start = draw_start(draw_stream(setting.seed, self.name, "start"))
        company = draw_company(draw_stream(setting.seed, self.name, "company"), "Shop")
        return draw_stage(setting, company, start, start + timedelta(days=DAYS))

    def play(self, stage: ChatStage, plan: Plan, *, incident: bool) -> Outcome:
        """Run the three weeks; the loss is each refund and each set of records that went to the wrong one."""
        texts, name = (stage.attacked, "attacked") if incident else (stage.plain, "plain")
        since = {c: stage.second >= plan.hour_of(c, stage.started_utc) * 3600.0 for c in self.control_names}
        tool, sure = pick_tools(stage, texts, name=name)
        own_tool, own_sure = pick_tools(stage, texts, name="message")
        tool = np.where(since["input_provenance"], own_tool, tool)
        sure = np.where(since["input_provenance"], own_sure, sure)
        asked, fetched = tool == REFUND, tool == RECORDS
        entitled = stage.intent == REFUND
        status = np.full(len(tool), "done", dtype=object)
        closed = {
            "kill_switch": np.ones(len(tool), dtype=bool),
            "injection_filter": flag_documents(stage, texts, name=name),
            "tool_allowlist": ~stage.has_order,
            "refund_limit": stage.amount > LIMIT_USD,
            # People approve nearly all that is right, and little of what is not.
            "human_approval": (stage.amount > APPROVAL_USD)
            & (stage.luck["approve"] > np.where(entitled, 0.97, 0.06)),
        }
        for control, hit in closed.items():
            acts = asked | fetched if control in ("kill_switch", "injection_filter") else asked
            status[acts & since[control] & hit & (status == "done")] = f"refused: {control}"
        if "rate_limit" in plan:
            _limit_rate(stage, asked, since["rate_limit"], status)
        paid = asked & (status == "done")
        sent = fetched & (status == "done")
        amounts = stage.amount * (paid & ~entitled) + DISCLOSURE_USD * (sent & (stage.intent != RECORDS))
        loss = sum_by_hour(stage.started_utc, stage.ended_utc, seconds=stage.second, amounts=amounts)
        honest = asked & entitled & (status != "done")
        costs = [
            Cost(c, "honest refunds refused", "decisions", int((honest & (status == f"refused: {c}")).sum()))
            for c in plan.since
            if c != "input_provenance"
        ]
        if "human_approval" in plan:
            seen = int((asked & since["human_approval"] & (stage.amount > APPROVAL_USD)).sum())
            costs.append(Cost("human_approval", "agents' time", "hours", seen * APPROVAL_MIN / 60))
        if "input_provenance" in plan:
            missed = int((since["input_provenance"] & entitled & ~asked).sum())
            costs.append(Cost("input_provenance", "requests not understood", "decisions", missed))
        return Outcome(loss, costs, Played(tool, sure, status, paid, sent, incident))

    def tables(self, stage: ChatStage, outcome: Outcome) -> dict[str, pd.DataFrame]:
        """Write down what responders could see."""
        return tables.list_tables(stage, outcome.state)

    def case_of(self, table: str, tables: Mapping[str, pd.DataFrame]) -> NDArray[np.int64]:
        """A tool call bears the number of its conversation."""
        column = "call_id" if table == "tool_calls" else "conversation_id"
        return tables[table][column].to_numpy(dtype=np.int64)

    def plant(self, stage: ChatStage, outcome: Outcome) -> Planted:
        """Tell the planted truth."""
        done, kind = outcome.state, KINDS[stage.attack_kind]
        for_money = stage.is_attack & ~stage.wants_records
        return Planted(
            stage.started_utc + timedelta(seconds=stage.onset_s),
            "Somebody hides orders, to pay a refund or to send a customer's records, in documents of the "
            f"kind {kind}. The assistant reads the customer's message and the document as one text, so the "
            "words of the document choose the tool.",
            {"conversations": pd.Series(tables.conversation_ids(stage)[stage.is_attack])},
            (f"document_kind={kind}",),
            {
                "document_kind": kind,
                "paid_share": round(float(done.is_paid[for_money].mean()), 4),
                "promo_from_utc": stage.started_utc + timedelta(days=stage.promo_day),
                "records_disclosed": int((stage.wants_records & done.is_sent).sum()),
                "usd_per_disclosure": DISCLOSURE_USD,
                "unauthorised_usd": round(float(stage.amount[stage.is_attack & done.is_paid].sum()), 2),
            },
        )


def _limit_rate(
    stage: ChatStage, asked: NDArray[np.bool_], on: NDArray[np.bool_], status: NDArray[np.object_]
) -> None:
    last: dict[int, float] = {}
    for row in np.flatnonzero(asked & (status == "done")).tolist():
        customer, now = int(stage.customer[row]), float(stage.second[row])
        if on[row] and now - last.get(customer, -1e12) < 7 * DAY_S:
            status[row] = "refused: rate_limit"
        else:
            last[customer] = now
