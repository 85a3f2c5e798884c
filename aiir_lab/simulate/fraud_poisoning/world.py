"""The world `fraud_poisoning`: slow label poisoning through a feedback channel."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from aiir_lab.simulate.clock import draw_start, sum_by_hour
from aiir_lab.simulate.company import draw_company
from aiir_lab.simulate.controls import Cost, Plan
from aiir_lab.simulate.fraud_poisoning.controls import CONTROLS, MINUTES_PER_REVIEW
from aiir_lab.simulate.fraud_poisoning.market import (
    CATEGORIES,
    DAY_S,
    DAYS,
    DEVICES,
    HISTORY_DAYS,
    draw_market,
)
from aiir_lab.simulate.fraud_poisoning.payments import draw_payments, name_cohort
from aiir_lab.simulate.fraud_poisoning.pipeline import FraudStage, Pipeline
from aiir_lab.simulate.fraud_poisoning.scale import GROWING, expand_day
from aiir_lab.simulate.fraud_poisoning.schema import SCHEMA
from aiir_lab.simulate.fraud_poisoning.stories import list_alerts, list_deploys, list_tickets
from aiir_lab.simulate.fraud_poisoning.tables import (
    first_id,
    list_batches,
    list_chargebacks,
    list_days,
    list_decisions,
    list_labels,
    list_merchants,
    list_models,
    list_payments,
    list_sources,
    view_feedback,
)
from aiir_lab.simulate.randomness import draw_stream
from aiir_lab.simulate.truth import Planted
from aiir_lab.simulate.world import Outcome, Setting, World, play_once


class FraudPoisoning(World):
    """A payment company's fraud model, retrained weekly on labels that a ring poisons."""

    name = "fraud_poisoning"
    title = "False 'legitimate' labels reach a fraud model through a feedback channel, a few more each day"
    unit = "usd"
    main_table = "transactions"
    sizes: ClassVar[Mapping[str, int]] = {"lesson": 60_000, "sample": 24_000}
    min_rows = 20_000
    max_rows = 600_000
    controls = CONTROLS
    main_factors = (
        "open_feedback_channel",
        "no_cohort_check",
        "evaluation_on_training_labels",
        "no_automatic_rollback",
        "unlimited_feedback",
    )
    schema = SCHEMA
    growing = GROWING
    fresh_per_day = 20_000

    def prepare(self, setting: Setting) -> FraudStage:
        """Draw the company, its payments and all that people may say about them."""
        market = draw_market(setting)
        history = round(setting.rows * HISTORY_DAYS / DAYS)
        before = draw_payments(
            setting, market, rows=history, day_from=-HISTORY_DAYS, day_to=0, shard="history"
        )
        during = draw_payments(setting, market, rows=setting.rows, day_from=0, day_to=DAYS)
        joined = type(during)(**{k: np.concatenate([getattr(before, k), v]) for k, v in vars(during).items()})
        cells, cell = np.unique(joined.features, axis=0, return_inverse=True)
        start = draw_start(draw_stream(setting.seed, self.name, "start"))
        return FraudStage(
            setting=setting,
            company=draw_company(draw_stream(setting.seed, self.name, "company"), "Pay"),
            started_utc=start,
            ended_utc=start + timedelta(days=DAYS),
            market=market,
            payments=joined,
            cells=cells,
            cell=cell.reshape(-1),
            first=history,
        )

    def play(self, stage: FraudStage, plan: Plan, *, incident: bool) -> Outcome:
        """Run the company's fourteen weeks; the loss is the fraud that it approves."""
        starts = {name: plan.hour_of(name, stage.started_utc) * 3600.0 for name in plan.since}
        pipeline = Pipeline(stage, starts, incident=incident)
        pipeline.play()
        p = stage.payments
        missed = pipeline.done.is_approved & p.is_fraud & (p.second >= 0)
        loss = sum_by_hour(
            stage.started_utc, stage.ended_utc, seconds=p.second[missed], amounts=p.amount_usd[missed]
        )
        return Outcome(loss, measure_costs(pipeline, plan), pipeline)

    def tables(self, stage: FraudStage, outcome: Outcome) -> dict[str, pd.DataFrame]:
        """Build every table but the view."""
        pipeline: Pipeline = outcome.state
        p = stage.payments
        ids = make_ids(stage)
        rows = np.arange(stage.first, len(p.second))
        labels = list_labels(pipeline, ids, rows)
        dashboard = list_days(pipeline, labels)
        return {
            "transactions": list_payments(stage, p, ids, rows),
            "decisions": list_decisions(pipeline, ids, rows),
            "labels": labels,
            "ingestion_batches": list_batches(pipeline, labels),
            "sources": list_sources(stage),
            "merchants": list_merchants(stage),
            "model_registry": list_models(pipeline),
            "dashboard": dashboard,
            "alerts": list_alerts(pipeline, dashboard),
            "tickets": list_tickets(pipeline),
            "deploys": list_deploys(pipeline),
            "chargebacks": list_chargebacks(pipeline, ids),
        }

    def views(self, tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
        """Aggregate the feedback by merchant."""
        return {"feedback_by_merchant": view_feedback(tables)}

    def expand(
        self, stage: FraudStage, outcome: Outcome, *, day: int, rows: int, first_id: int
    ) -> dict[str, pd.DataFrame]:
        """Draw more payments of one day, decided by the models of a play without controls."""
        return expand_day(stage, outcome.state, day=day, rows=rows, first_id=first_id)

    def plant(self, stage: FraudStage, outcome: Outcome) -> Planted:
        """Tell who poisoned what, and which frauds got through for it."""
        pipeline: Pipeline = outcome.state
        reference: Pipeline = play_once(self, stage, Plan(), incident=False).state
        p, attack, market = stage.payments, stage.market.attack, stage.market
        ids = make_ids(stage)
        let_through = p.is_fraud & pipeline.done.is_approved & ~reference.done.is_approved & (p.second >= 0)
        poisoned = p.is_poisoned & (p.second >= 0) & (p.poison_second < DAYS * DAY_S)
        sources = tuple(sorted(market.source_id[s] for s in attack.sources))
        return Planted(
            onset_utc=stage.started_utc + timedelta(seconds=attack.onset_s),
            mechanism=(
                f"A ring that holds the feedback keys of {', '.join(sources)} reports its own fraudulent "
                f"payments ({name_cohort(market)}) as legitimate, a growing share of them each day. The "
                "model is retrained weekly on these labels, forgets the pattern and approves it; approved "
                "payments that nobody speaks about count as legitimate, which speeds it up. The evaluation "
                "reads the same labels."
            ),
            affected={
                "labels": pd.Series(ids[poisoned] * 4 + 1),
                "decisions": pd.Series(ids[let_through]),
            },
            cohorts=(name_cohort(market),),
            details={
                "sources": sources,
                "category": CATEGORIES[attack.category],
                "device": DEVICES[attack.device],
                "amount_usd": (attack.low_usd, attack.high_usd),
                "ramp_days": round(attack.ramp_s / DAY_S, 2),
                "decoy_sources": tuple(sorted(market.source_id[s] for s in market.decoy_sources)),
                "decoy_category": CATEGORIES[market.sale_category],
                "atlas": ("AML.T0020", "AML.T0059", "AML.T0031"),
            },
        )


def make_ids(stage: FraudStage) -> NDArray[np.int64]:
    """Number all payments, history included."""
    return first_id(stage) + np.arange(len(stage.payments.second), dtype=np.int64)


def measure_costs(pipeline: Pipeline, plan: Plan) -> list[Cost]:
    """Count what the controls cost in this play, as far as it can be counted."""
    p, done = pipeline.pay, pipeline.done
    live = p.second >= 0
    turned_away = live & ~p.is_fraud & ~done.is_approved
    costs = [
        Cost("(all)", "honest payments declined", "decisions", float(turned_away.sum())),
        Cost("(all)", "honest payments declined", "usd", float(p.amount_usd[turned_away].sum())),
    ]
    honest = pipeline.feedback_fraud == p.is_fraud
    for name, mask in pipeline.unused.items():
        costs.append(Cost(name, "honest labels not used", "labels", float((mask & honest & live).sum())))
    at = pipeline.feedback_second
    refused = np.isfinite(at) & (at >= 0) & (at < DAYS * DAY_S) & ~done.feedback_in & honest & live
    frozen = refused & (at >= pipeline.start("freeze_feedback"))
    if "freeze_feedback" in plan:
        costs.append(Cost("freeze_feedback", "honest labels refused", "labels", float(frozen.sum())))
    if "rate_limit" in plan:
        costs.append(Cost("rate_limit", "honest labels refused", "labels", float((refused & ~frozen).sum())))
    if "cohort_check" in plan:
        poisoned = set(pipeline.fine_cohort[p.is_poisoned & (p.second >= 0)].tolist())
        false_alarms = len(pipeline.quarantined - poisoned)
        costs.append(Cost("cohort_check", "false alarms", "alarms", float(false_alarms)))
    if "golden_canary" in plan:
        held = sum(v.held_by == "golden_canary" for v in done.versions)
        costs.append(Cost("golden_canary", "models held back", "models", float(held)))
    if "human_review" in plan:
        reviewed = done.is_reviewed & live
        hours = float(reviewed.sum()) * MINUTES_PER_REVIEW / 60.0
        costs.append(Cost("human_review", "review time", "hours", hours))
        wrong = float((reviewed & turned_away).sum())
        costs.append(Cost("human_review", "honest payments declined by a person", "decisions", wrong))
    return costs
