"""The tables that a responder of `demand_drift` can query."""

from __future__ import annotations

from aiir_lab.simulate.schema import Column, Table


def _id(meaning: str) -> Column:
    return Column("int", "id", meaning)


def _time(meaning: str, *, planned: bool = False) -> Column:
    return Column("time", "UTC", meaning, planned=planned)


def _text(meaning: str) -> Column:
    return Column("str", "", meaning)


def _units(meaning: str) -> Column:
    return Column("float", "units", meaning)


def _usd(meaning: str) -> Column:
    return Column("float", "USD", meaning, decimals=2)


SCHEMA = {
    "sales": Table(
        "what one store sold of one product group on one day, also in the 16 weeks before the run",
        {
            "sale_id": _id("number of the row"),
            "closed_utc": _time("when the store closed"),
            "store_id": _id("which store"),
            "region": _text("region of the store"),
            "product_group": _text("what was sold"),
            "units_sold": Column("int", "units", "units sold"),
            "is_promotion": Column("bool", "", "whether the group was on promotion there"),
        },
        visible_from="closed_utc",
    ),
    "forecasts": Table(
        "one forecast for one store, product group and day of the run",
        {
            "forecast_id": _id("number of the forecast"),
            "made_utc": _time("when it was made, the evening before"),
            "for_day_utc": _time("start of the day it is for", planned=True),
            "store_id": _id("which store"),
            "product_group": _text("what is forecast"),
            "model_version": _text("version in charge"),
            "forecast_units": _units("what the model said"),
            "challenger_units": _units("the mean of the last three same weekdays, times promotion"),
        },
        visible_from="made_utc",
    ),
    "orders": Table(
        "what was ordered for a day",
        {
            "order_id": _id("number of the order, that of its forecast"),
            "ordered_utc": _time("when"),
            "source": _text("model, challenger or override"),
            "factor": Column("float", "ratio", "factor of the planners on the forecast"),
            "margin_rate": Column("float", "ratio", "added to be safe"),
            "units_ordered": Column("int", "units", "units delivered before opening"),
        },
        visible_from="ordered_utc",
    ),
    "stock": Table(
        "what the shelf looked like at closing",
        {
            "stock_id": _id("number of the count, that of its forecast"),
            "counted_utc": _time("when"),
            "units_wasted": Column("int", "units", "units thrown away"),
            "waste_usd": _usd("what they had cost"),
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
            "night_utc": _time("when it was computed"),
            "error_rate": Column("float", "ratio", "sum of absolute errors by sum of forecasts, seven days"),
            "bias_rate": Column("float", "ratio", "sold minus forecast by forecast, seven days"),
            "waste_usd": _usd("waste of the day"),
            "availability_rate": Column("float", "rate 0-1", "shelves not empty at closing"),
            "units_sold": Column("int", "units", "sold on the day"),
        },
        visible_from="night_utc",
    ),
    "alerts": Table(
        "one alert that fired",
        {
            "alert_id": _id("number of the alert"),
            "fired_utc": _time("when"),
            "rule": _text("which rule"),
            "scope": _text("what it was about"),
            "value": Column("float", "", "what was measured"),
            "threshold": Column("float", "", "limit of the rule"),
            "acknowledged_utc": _time("when somebody answered"),
        },
        visible_from="fired_utc",
    ),
    "model_registry": Table(
        "one version of the forecaster",
        {
            "model_version": _text("its name"),
            "live_utc": _time("since when it forecasts"),
            "why": _text("quarterly, weekly or asked for"),
            "trained_from_utc": _time("first day it learned from"),
            "trained_to_utc": _time("end of what it learned from"),
            "test_error_rate": Column("float", "ratio", "error on its last training fortnight, all stores"),
        },
        visible_from="live_utc",
    ),
    "promotions": Table(
        "the calendar of promotions",
        {
            "promotion_id": _id("number of the promotion"),
            "starts_utc": _time("first day", planned=True),
            "ends_utc": _time("end of the last day", planned=True),
            "region": _text("where"),
            "product_group": _text("what"),
        },
    ),
    "prices": Table(
        "what a unit costs and brings",
        {
            "product_group": _text("what"),
            "cost_usd": _usd("paid to the supplier for a unit"),
            "price_usd": _usd("paid by the customer for a unit"),
        },
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
