"""The tables that a responder of `vision_bias` can query."""

from __future__ import annotations

from aiir_lab.simulate.schema import Column, Table


def _id(meaning: str) -> Column:
    return Column("int", "id", meaning)


def _time(meaning: str) -> Column:
    return Column("time", "UTC", meaning)


def _text(meaning: str) -> Column:
    return Column("str", "", meaning)


def _count(meaning: str) -> Column:
    return Column("int", "count", meaning)


def _rate(meaning: str) -> Column:
    return Column("float", "rate 0-1", meaning)


SCHEMA = {
    "requests": Table(
        "one listing sent for recognition",
        {
            "request_id": _id("number of the request"),
            "at_utc": _time("when it was sent"),
            "seller_id": _id("whose listing it is"),
            "declared": _text("category that the seller declares"),
        },
        visible_from="at_utc",
    ),
    "pictures": Table(
        "the picture of one request; look at it with read_pixels",
        {
            "request_id": _id("number of the request"),
            "at_utc": _time("when it was sent"),
            "pixels": _text("256 hexadecimal digits, 16 rows of 16 pixels, 0 black to f white"),
        },
        visible_from="at_utc",
    ),
    "predictions": Table(
        "what the API answered",
        {
            "request_id": _id("number of the request"),
            "predicted_utc": _time("when it answered"),
            "model_version": _text("version that answered"),
            "label": _text("what it takes the goods for"),
            "confidence": _rate("how sure it is"),
            "action": _text("list, suppress or review (suppressed until a person has looked)"),
        },
        visible_from="predicted_utc",
    ),
    "relistings": Table(
        "a suppressed listing that came back up",
        {
            "request_id": _id("number of the request"),
            "up_utc": _time("when it was up again"),
            "why": _text("listed again by the seller, appeal, review or decided again"),
        },
        visible_from="up_utc",
    ),
    "appeals": Table(
        "one appeal of a seller that has been filed",
        {
            "appeal_id": _id("number of the appeal"),
            "filed_utc": _time("when it was filed"),
            "request_id": _id("what it is about"),
        },
        visible_from="filed_utc",
    ),
    "appeal_decisions": Table(
        "one appeal that has been decided",
        {
            "appeal_id": _id("number of the appeal"),
            "decided_utc": _time("when it was decided"),
            "request_id": _id("what it is about"),
            "outcome": _text("upheld: the listing was right; rejected: it was not"),
        },
        visible_from="decided_utc",
    ),
    "audits": Table(
        "one request, drawn at random, that a person has labelled",
        {
            "request_id": _id("number of the request"),
            "labelled_utc": _time("when it was labelled"),
            "label": _text("what the person sees in the picture"),
        },
        visible_from="labelled_utc",
    ),
    "sellers": Table(
        "one seller",
        {
            "seller_id": _id("number of the seller"),
            "client": _text("client of the vendor on whose market the seller lists"),
            "region": _text("region of the seller"),
            "is_small": Column("bool", "", "fewer than ten listings a month when it signed up"),
        },
    ),
    "dashboard": Table(
        "the quality dashboard, as it stood each morning",
        {
            "shown_utc": _time("when"),
            "requests": _count("requests of the day before"),
            "suppression_rate": _rate("share of them that was suppressed"),
            "mean_confidence": _rate("mean confidence of the answers"),
            "appeals_filed": _count("appeals filed on the day before"),
            "appeals_upheld": _count("appeals upheld on the day before"),
        },
        visible_from="shown_utc",
    ),
    "model_versions": Table(
        "one version of the recogniser",
        {
            "version": _text("name of the version"),
            "live_utc": _time("when it went out"),
            "training_rows": _count("pictures that it was trained on"),
            "golden_accuracy": _rate("accuracy on the vendor's own test set"),
            "note": _text("the note of the release"),
        },
        visible_from="live_utc",
    ),
    "alerts": Table(
        "one alert or report that spoke up",
        {
            "alert_id": _id("number of the alert"),
            "fired_utc": _time("when it fired"),
            "rule": _text("name of the rule or report"),
            "value": Column("float", "count", "overturned suppressions that it counted"),
            "threshold": Column("float", "count", "what it fires above"),
            "acted_utc": _time("when something was done"),
        },
        visible_from="fired_utc",
    ),
    "deploys": Table(
        "one change to production",
        {
            "deploy_id": _id("number of the change"),
            "at_utc": _time("when"),
            "component": _text("what was changed"),
            "note": _text("the note of who deployed"),
        },
        visible_from="at_utc",
    ),
    "tickets": Table(
        "one ticket of the support desk",
        {
            "ticket_id": _id("number of the ticket"),
            "opened_utc": _time("when"),
            "client": _text("who wrote"),
            "text": _text("what it says"),
        },
        visible_from="opened_utc",
    ),
    "slices": Table(
        "appeals upheld by region and size of the seller",
        {
            "region": _text("region"),
            "is_small": Column("bool", "", "small sellers or others"),
            "requests": _count("requests so far"),
            "suppressed": _count("suppressed so far"),
            "upheld": _count("appeals upheld so far"),
            "upheld_rate": _rate("upheld appeals for each request"),
        },
        is_view=True,
    ),
}
