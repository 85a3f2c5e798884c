"""The world `demand_drift`: the world changes for one region and product group, and the average hides it."""

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
from aiir_lab.simulate.demand_drift import tables
from aiir_lab.simulate.demand_drift.controls import CONTROLS
from aiir_lab.simulate.demand_drift.market import (
    GROUPS,
    HISTORY,
    REGIONS,
    ROWS_PER_STORE,
    RUN,
    Market,
    RetailStage,
    draw_market,
)
from aiir_lab.simulate.demand_drift.pipeline import MARGIN, Pipeline, Played
from aiir_lab.simulate.demand_drift.schema import SCHEMA
from aiir_lab.simulate.randomness import draw_stream
from aiir_lab.simulate.truth import Planted
from aiir_lab.simulate.world import Outcome, Setting, World

OPENING_H, CLOSING_H = 7, 21
PLANNER_MIN = 20.0  # a day for each cell that is overridden


class DemandDrift(World):
    """A retailer of fresh goods whose forecaster learned a world that is no longer there."""

    name = "demand_drift"
    title = "A demand forecaster is overtaken by a change in the world that the overall error hides"
    unit = "usd"
    main_table = "sales"
    sizes: ClassVar[Mapping[str, int]] = {"lesson": 40 * ROWS_PER_STORE, "sample": 20 * ROWS_PER_STORE}
    min_rows = 10 * ROWS_PER_STORE
    max_rows = 400 * ROWS_PER_STORE
    controls = CONTROLS
    main_factors = (
        "no_group_monitor",
        "quarterly_retraining",
        "no_challenger",
        "planners_locked_out",
        "thin_margin",
    )
    schema = SCHEMA
    growing = ("sales", "forecasts", "orders", "stock")
    grown_ids = ("store_id",)  # a copy is another store: else its sales would not add up to the forecast

    def prepare(self, setting: Setting) -> RetailStage:
        """Draw the company, its stores, and what people want with and without the shift."""
        start = draw_start(draw_stream(setting.seed, self.name, "start"))
        return RetailStage(
            setting=setting,
            company=draw_company(draw_stream(setting.seed, self.name, "company"), "Fresh"),
            started_utc=start,
            ended_utc=start + timedelta(days=RUN),
            market=draw_market(setting),
        )

    def play(self, stage: RetailStage, plan: Plan, *, incident: bool) -> Outcome:
        """Run the eight weeks; the loss is what is thrown away, and the margin of what was not there."""
        starts = {name: plan.hour_of(name, stage.started_utc) for name in plan.since}
        done = Pipeline(stage, starts, incident=incident).play()
        waste, lost = price_day(stage.market, done)
        closing = (np.arange(RUN) * 24 + CLOSING_H) * 3600.0
        loss = sum_by_hour(
            stage.started_utc, stage.ended_utc, seconds=closing, amounts=(waste + lost).sum(axis=1)
        )
        return Outcome(loss, _measure_costs(stage, starts, done), done)

    def tables(self, stage: RetailStage, outcome: Outcome) -> dict[str, pd.DataFrame]:
        """Write down what responders could see."""
        return tables.list_tables(stage, outcome.state)

    def case_of(self, table: str, tables: Mapping[str, pd.DataFrame]) -> NDArray[np.int64]:
        """Forecast, order and stock of a shelf have one number; its sale has the same after the history."""
        number = tables[table].iloc[:, 0].to_numpy(dtype=np.int64)
        history = 0 if table == "sales" else tables["forecasts"]["store_id"].nunique() * HISTORY * len(GROUPS)
        return number + history

    def plant(self, stage: RetailStage, outcome: Outcome) -> Planted:
        """Tell the planted truth."""
        market, done = stage.market, outcome.state
        hot = market.cell == market.hot_cell
        touched = np.zeros((HISTORY + RUN, len(hot)), dtype=bool)
        touched[HISTORY + market.onset_day :, hot] = True
        onset = stage.started_utc + timedelta(days=market.onset_day, hours=OPENING_H)
        region, group = REGIONS[market.hot_region], GROUPS[market.hot_group]
        waste, lost = price_day(market, done)
        after = slice(market.onset_day, RUN)
        return Planted(
            onset,
            f"In the region {region} {market.cause}: level and weekly pattern of {group} changed. The "
            "model was trained before and leans on what each store used to sell; the dashboard adds all "
            "regions and groups up, so that the error of one of thirty hardly moves it.",
            {"sales": pd.Series(tables.sale_ids(len(hot))[touched])},
            (f"region={region}, product_group={group}",),
            {
                "region": region,
                "product_group": group,
                "cause": market.cause,
                "level_ratio": round(
                    float(market.shifted[-14:, hot].sum() / market.plain[-14:, hot].sum()), 4
                ),
                "waste_usd": round(float(waste[after][:, hot].sum()), 2),
                "lost_sales_usd": round(float(lost[after][:, hot].sum()), 2),
                "promotion_decoy": GROUPS[
                    next(g for r, g, d, n in market.promotions if n == 10 and r == market.hot_region)
                ],
                "newer_model_live_utc": stage.started_utc + timedelta(days=market.newer_day),
            },
        )


def price_day(market: Market, done: Played) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Price what was thrown away and what people did not find, USD, (RUN, series)."""
    cost = market.cost_usd[market.group]
    margin = market.price_usd[market.group] - cost
    return (done.stock - done.sold) * cost, (done.wanted - done.sold) * margin


def _measure_costs(stage: RetailStage, starts: Mapping[str, float], done: Played) -> list[Cost]:
    pages = [a for a in done.alerts if a.cell >= 0]
    elsewhere = [a for a in pages if a.cell != stage.market.hot_cell or a.day < stage.market.onset_day]
    overridden = len(np.unique(np.argwhere(done.factor != 1.0)[:, 0] * 100 + stage.market.cell[
        np.argwhere(done.factor != 1.0)[:, 1]
    ]))  # fmt: skip
    wide = (done.margin > MARGIN) & (done.stock > done.sold)
    waste, _ = price_day(stage.market, done)
    fits = sum(why == "weekly" for _, _, why in done.versions)
    costs: dict[str, list[tuple[str, str, float]]] = {
        "drift_alert": [
            ("pages", "alarms", len(pages)),
            ("pages elsewhere or before the onset", "alarms", len(elsewhere)),
        ],
        "frequent_retraining": [("models trained", "builds", fits)],
        "shadow_model": [("forecasts taken from the challenger", "decisions", int(done.is_challenger.sum()))],
        "manual_override": [("planner time", "hours", overridden * PLANNER_MIN / 60.0)],
        "safety_stock": [("waste under the wider margin", "usd", float(waste[wide].sum()))],
    }
    return [Cost(name, *cost) for name in starts if name in costs for cost in costs[name]]
