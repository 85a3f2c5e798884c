"""The tables that a responder of `demand_drift` can query."""

from __future__ import annotations

from aiir_lab.simulate.columns import DEPLOYS, TICKETS, id_, text, time, usd
from aiir_lab.simulate.schema import Column, Table


def _units(meaning: str) -> Column:
    return Column("float", "units", meaning)


SCHEMA = {
    "sales": Table(
        "what one store sold of one product group on one day, also in the 16 weeks before the run",
        {
            "sale_id": id_("number of the row"),
            "closed_utc": time("when the store closed"),
            "store_id": id_("which store"),
            "region": text("region of the store"),
            "product_group": text("what was sold"),
            "units_sold": Column("int", "units", "units sold"),
            "is_promotion": Column("bool", "", "whether the group was on promotion there"),
        },
        visible_from="closed_utc",
    ),
    "forecasts": Table(
        "one forecast for one store, product group and day of the run",
        {
            "forecast_id": id_("number of the forecast"),
            "made_utc": time("when it was made, the evening before"),
            "for_day_utc": time("start of the day it is for", planned=True),
            "store_id": id_("which store"),
            "product_group": text("what is forecast"),
            "model_version": text("version in charge"),
            "forecast_units": _units("what the model said"),
            "challenger_units": _units("the mean of the last three same weekdays, times promotion"),
        },
        visible_from="made_utc",
    ),
    "orders": Table(
        "what was ordered for a day",
        {
            "order_id": id_("number of the order, that of its forecast"),
            "ordered_utc": time("when"),
            "source": text("model, challenger or override"),
            "factor": Column("float", "ratio", "factor of the planners on the forecast"),
            "margin_rate": Column("float", "ratio", "added to be safe"),
            "units_ordered": Column("int", "units", "units delivered before opening"),
        },
        visible_from="ordered_utc",
    ),
    "stock": Table(
        "what the shelf looked like at closing",
        {
            "stock_id": id_("number of the count, that of its forecast"),
            "counted_utc": time("when"),
            "units_wasted": Column("int", "units", "units thrown away"),
            "waste_usd": usd("what they had cost"),
            "empty_after_rate": Column(
                "float", "rate 0-1", "share of opening hours until the shelf was empty; 1: not empty early"
            ),
            "ran_out": Column("bool", "", "the shelf was empty before closing; who left is not counted"),
        },
        visible_from="counted_utc",
    ),
    "dashboard": Table(
        "what the weekly review saw: all stores together, each night",
        {
            "night_utc": time("when it was computed"),
            "error_rate": Column("float", "ratio", "sum of absolute errors by sum of forecasts, seven days"),
            "bias_rate": Column("float", "ratio", "sold minus forecast by forecast, seven days"),
            "waste_usd": usd("waste of the day"),
            "availability_rate": Column("float", "rate 0-1", "shelves not empty at closing"),
            "units_sold": Column("int", "units", "sold on the day"),
        },
        visible_from="night_utc",
    ),
    "alerts": Table(
        "one alert that fired",
        {
            "alert_id": id_("number of the alert"),
            "fired_utc": time("when"),
            "rule": text("which rule"),
            "scope": text("what it was about"),
            "value": Column("float", "", "what was measured"),
            "threshold": Column("float", "", "limit of the rule"),
            "acknowledged_utc": time("when somebody answered"),
        },
        visible_from="fired_utc",
    ),
    "model_registry": Table(
        "one version of the forecaster",
        {
            "model_version": text("its name"),
            "live_utc": time("since when it forecasts"),
            "why": text("quarterly, weekly or asked for"),
            "trained_from_utc": time("first day it learned from"),
            "trained_to_utc": time("end of what it learned from"),
            "test_error_rate": Column("float", "ratio", "error on its last training fortnight, all stores"),
        },
        visible_from="live_utc",
    ),
    "promotions": Table(
        "the calendar of promotions",
        {
            "promotion_id": id_("number of the promotion"),
            "starts_utc": time("first day", planned=True),
            "ends_utc": time("end of the last day", planned=True),
            "region": text("where"),
            "product_group": text("what"),
        },
    ),
    "prices": Table(
        "what a unit costs and brings",
        {
            "product_group": text("what"),
            "cost_usd": usd("paid to the supplier for a unit"),
            "price_usd": usd("paid by the customer for a unit"),
        },
    ),
    "deploys": DEPLOYS,
    "tickets": TICKETS,
}
