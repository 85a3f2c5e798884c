"""What responders of `demand_drift` could see, written from what happened."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from aiir_lab.simulate.demand_drift.forecaster import Forecaster, predict
from aiir_lab.simulate.demand_drift.market import DAYS, GROUPS, HISTORY, REGIONS, RUN, RetailStage
from aiir_lab.simulate.demand_drift.pipeline import LOOK_DAYS, ORDER_HOUR, UNMET_UPTO, Played
from aiir_lab.simulate.randomness import draw_by_key, draw_stream

CLOSING_H, COUNTED_H, NIGHT_H = 21, 22, 23


def sale_ids(series: int) -> NDArray[np.int64]:
    """Number the rows of `sales`, (DAYS, series), in order of time."""
    return 1 + np.arange(DAYS * series).reshape(DAYS, series)


def at_hours(stage: RetailStage, hours: Any) -> Any:
    """Turn hours since the start of the run, also negative ones, into UTC."""
    return pd.Timestamp(stage.started_utc) + pd.to_timedelta(np.round(np.asarray(hours, float) * 3600), "s")


def name_version(number: int) -> str:
    """Name the forecasters in the order they were built."""
    return f"demand-{11 + number}"


def list_tables(stage: RetailStage, done: Played) -> dict[str, pd.DataFrame]:
    """Build all tables."""
    market, n = stage.market, done.sold.shape[1]
    sold = np.concatenate([market.plain[:HISTORY], done.sold])
    known = sold * 1.0
    known[HISTORY:] *= np.minimum(1.0 / done.open_share, UNMET_UPTO)
    groups, regions = np.array(GROUPS, dtype=object), np.array(REGIONS, dtype=object)
    day = np.repeat(np.arange(DAYS) - HISTORY, n)
    run_day, store = np.repeat(np.arange(RUN), n), np.tile(market.store, RUN)
    group = np.tile(market.group, RUN)
    number = 1 + np.arange(RUN * n)
    versions = np.array([name_version(i) for i in range(len(done.versions))], dtype=object)
    source = np.where(done.is_challenger, "challenger", np.where(done.factor != 1.0, "override", "model"))
    ordered = at_hours(stage, np.maximum(run_day * 24 - 24 + ORDER_HOUR, 0))
    return {
        "sales": pd.DataFrame(
            {
                "sale_id": sale_ids(n).ravel(),
                "closed_utc": at_hours(stage, day * 24 + CLOSING_H),
                "store_id": np.tile(market.store, DAYS) + 1,
                "region": np.tile(regions[market.region], DAYS),
                "product_group": np.tile(groups[market.group], DAYS),
                "units_sold": sold.ravel(),
                "is_promotion": market.is_promotion.ravel(),
            }
        ),
        "forecasts": pd.DataFrame(
            {
                "forecast_id": number,
                "made_utc": ordered,
                "for_day_utc": at_hours(stage, run_day * 24),
                "store_id": store + 1,
                "product_group": groups[group],
                "model_version": np.repeat(versions[done.version], n),
                "forecast_units": done.forecast.ravel(),
                "challenger_units": done.challenger.ravel(),
            }
        ),
        "orders": pd.DataFrame(
            {
                "order_id": number,
                "ordered_utc": ordered,
                "source": source.ravel().astype(object),
                "factor": done.factor.ravel(),
                "margin_rate": done.margin.ravel(),
                "units_ordered": done.stock.ravel(),
            }
        ),
        "stock": pd.DataFrame(
            {
                "stock_id": number,
                "counted_utc": at_hours(stage, run_day * 24 + COUNTED_H),
                "units_wasted": (done.stock - done.sold).ravel(),
                "waste_usd": ((done.stock - done.sold) * market.cost_usd[market.group]).ravel(),
                "empty_after_rate": done.open_share.ravel(),
                "ran_out": done.ran_out.ravel(),
            }
        ),
        "dashboard": _list_dashboard(stage, done),
        "alerts": _list_alerts(stage, done),
        "model_registry": _list_versions(stage, done, known),
        "promotions": pd.DataFrame(
            {
                "promotion_id": 1 + np.arange(len(market.promotions)),
                "starts_utc": at_hours(stage, [24 * (p[2] - HISTORY) for p in market.promotions]),
                "ends_utc": at_hours(stage, [24 * (p[2] + p[3] - HISTORY) for p in market.promotions]),
                "region": [REGIONS[p[0]] for p in market.promotions],
                "product_group": [GROUPS[p[1]] for p in market.promotions],
            }
        ),
        "prices": pd.DataFrame(
            {"product_group": GROUPS, "cost_usd": market.cost_usd, "price_usd": market.price_usd}
        ),
        "deploys": _list_deploys(stage, done),
        "tickets": _list_tickets(stage, done),
    }


def _list_dashboard(stage: RetailStage, done: Played) -> pd.DataFrame:
    market = stage.market
    rows = []
    for day in range(RUN):
        past = slice(max(day - LOOK_DAYS + 1, 0), day + 1)
        forecast, sold = done.forecast[past].sum(), done.sold[past]
        rows.append(
            {
                "night_utc": at_hours(stage, day * 24 + NIGHT_H),
                "error_rate": np.abs(sold - done.forecast[past]).sum() / forecast,
                "bias_rate": (sold.sum() - forecast) / forecast,
                "waste_usd": ((done.stock - done.sold)[day] * market.cost_usd[market.group]).sum(),
                "availability_rate": 1.0 - done.ran_out[day].mean(),
                "units_sold": done.sold[day].sum(),
            }
        )
    return pd.DataFrame(rows)


def _list_alerts(stage: RetailStage, done: Played) -> pd.DataFrame:
    """List the pages; late trucks fire an old rule now and then, whatever the model does."""
    rng = draw_stream(stage.setting.seed, stage.setting.world, "late trucks")
    late = np.sort(rng.uniform(24, RUN * 24 - 24, 6))
    rows = [
        (h, "late_delivery", f"region={REGIONS[int(r)]}", float(m), 45.0, h + 0.4)
        for h, r, m in zip(late, rng.integers(0, 5, 6), rng.integers(46, 140, 6), strict=True)
    ]
    for a in done.alerts:
        region, group = divmod(a.cell, len(GROUPS))
        scope = f"region={REGIONS[region]}, product_group={GROUPS[group]}" if a.cell >= 0 else "all"
        rows.append((a.day * 24 + 7.0, a.rule, scope, a.value, a.limit, a.answered_h))
    columns = ["fired", "rule", "scope", "value", "threshold", "acknowledged"]
    frame = pd.DataFrame(rows, columns=columns).sort_values("fired", kind="stable", ignore_index=True)
    frame["alert_id"] = (frame["fired"] * 60).astype(int) * 10 + frame.groupby("fired").cumcount()
    frame["fired_utc"] = at_hours(stage, frame.pop("fired"))
    frame["acknowledged_utc"] = at_hours(stage, frame.pop("acknowledged"))
    return frame


def _test(stage: RetailStage, version: Forecaster, sold: NDArray[np.float64]) -> float:
    days = range(version.last_day - 14, version.last_day)
    said = np.stack([predict(version, stage.market, sold, day) for day in days])
    return float(np.abs(sold[days.start : days.stop] - said).sum() / said.sum())


def _list_versions(stage: RetailStage, done: Played, sold: NDArray[np.float64]) -> pd.DataFrame:
    rows = [
        {
            "model_version": name_version(number),
            "live_utc": at_hours(stage, 24 * since),
            "why": why,
            "trained_from_utc": at_hours(stage, 24 * (version.first_day - HISTORY)),
            "trained_to_utc": at_hours(stage, 24 * (version.last_day - HISTORY)),
            "test_error_rate": _test(stage, version, sold),
        }
        for number, (version, since, why) in enumerate(done.versions)
    ]
    return pd.DataFrame(rows)


def _list_deploys(stage: RetailStage, done: Played) -> pd.DataFrame:
    market, rng = stage.market, draw_stream(stage.setting.seed, stage.setting.world, "deploys")
    near = 24 * market.onset_day + float(rng.uniform(-60, 40))
    rows = [
        (near, "order_portal", "order screen shows units in boxes; amounts unchanged"),
        (float(rng.uniform(2, 12)) * 24, "till_feed", "tills send every hour"),
        (float(rng.uniform(30, 50)) * 24, "route_planner", "new depot hours"),
    ]
    rows += [
        (24.0 * since, "forecaster", f"{name_version(i)} in charge ({why})")
        for i, (_, since, why) in enumerate(done.versions)
        if since >= 0
    ]
    frame = pd.DataFrame(rows, columns=["hour", "component", "note"])
    frame = frame.sort_values("hour", kind="stable", ignore_index=True)
    frame["deploy_id"] = (frame["hour"] * 60).astype(int)
    frame["at_utc"] = at_hours(stage, frame.pop("hour"))
    return frame


def _list_tickets(stage: RetailStage, done: Played) -> pd.DataFrame:
    """List complaints of store managers, about any shelf, and the debts that were known before."""
    market, n = stage.market, done.sold.shape[1]
    day, series = np.nonzero(done.complained)
    keys = day * n + series
    luck = draw_by_key(stage.setting.seed, stage.setting.world, "ticket hour", keys=keys)
    rows = [
        (
            d * 24 + 22 + 10 * u,
            "store support",
            f"Store {market.store[s] + 1}: {GROUPS[market.group[s]]} "
            + ("sold out before closing." if done.ran_out[d, s] else "left over, much of it thrown away."),
            int(k) + 1000,
        )
        for d, s, u, k in zip(day.tolist(), series.tolist(), luck.tolist(), keys.tolist(), strict=True)
    ]
    rows += [
        (-24.0 * 60, "ml", "Retraining is a quarterly, hand-run job. Ask for an owner and a schedule.", 101),
        (
            -24.0 * 41,
            "ml",
            "Error is watched over all stores only. By region it would page often.",
            102,
        ),
        (-24.0 * 20, "planning", "Since the new order tool planners cannot correct a forecast. Wanted?", 103),
    ]
    frame = pd.DataFrame(rows, columns=["hour", "queue", "text", "ticket_id"])
    frame = frame.sort_values("hour", kind="stable", ignore_index=True)
    frame["opened_utc"] = at_hours(stage, frame.pop("hour"))
    return frame
