"""The tables that a responder of `vision_bias` can query."""

from __future__ import annotations

from aiir_lab.simulate.columns import count, id_, rate, text, time
from aiir_lab.simulate.schema import Column, Table

SCHEMA = {
    "requests": Table(
        "one listing sent for recognition",
        {
            "request_id": id_("number of the request"),
            "at_utc": time("when it was sent"),
            "seller_id": id_("whose listing it is"),
            "declared": text("category that the seller declares"),
        },
        visible_from="at_utc",
    ),
    "pictures": Table(
        "the picture of one request; look at it with read_pixels",
        {
            "request_id": id_("number of the request"),
            "at_utc": time("when it was sent"),
            "pixels": text("256 hexadecimal digits, 16 rows of 16 pixels, 0 black to f white"),
        },
        visible_from="at_utc",
    ),
    "predictions": Table(
        "what the API answered",
        {
            "request_id": id_("number of the request"),
            "predicted_utc": time("when it answered"),
            "model_version": text("version that answered"),
            "label": text("what it takes the goods for"),
            "confidence": rate("how sure it is"),
            "action": text("list, suppress or review (suppressed until a person has looked)"),
        },
        visible_from="predicted_utc",
    ),
    "relistings": Table(
        "a suppressed listing that came back up",
        {
            "request_id": id_("number of the request"),
            "up_utc": time("when it was up again"),
            "why": text("listed again by the seller, appeal, review or decided again"),
        },
        visible_from="up_utc",
    ),
    "appeals": Table(
        "one appeal of a seller that has been filed",
        {
            "appeal_id": id_("number of the appeal"),
            "filed_utc": time("when it was filed"),
            "request_id": id_("what it is about"),
        },
        visible_from="filed_utc",
    ),
    "appeal_decisions": Table(
        "one appeal that has been decided",
        {
            "appeal_id": id_("number of the appeal"),
            "decided_utc": time("when it was decided"),
            "request_id": id_("what it is about"),
            "outcome": text("upheld: the listing was right; rejected: it was not"),
        },
        visible_from="decided_utc",
    ),
    "audits": Table(
        "one request, drawn at random, that a person has labelled",
        {
            "request_id": id_("number of the request"),
            "labelled_utc": time("when it was labelled"),
            "label": text("what the person sees in the picture"),
        },
        visible_from="labelled_utc",
    ),
    "sellers": Table(
        "one seller",
        {
            "seller_id": id_("number of the seller"),
            "client": text("client of the vendor on whose market the seller lists"),
            "region": text("region of the seller"),
            "is_small": Column("bool", "", "fewer than ten listings a month when it signed up"),
        },
    ),
    "dashboard": Table(
        "the quality dashboard, as it stood each morning",
        {
            "shown_utc": time("when"),
            "requests": count("requests of the day before"),
            "suppression_rate": rate("share of them that was suppressed"),
            "mean_confidence": rate("mean confidence of the answers"),
            "appeals_filed": count("appeals filed on the day before"),
            "appeals_upheld": count("appeals upheld on the day before"),
        },
        visible_from="shown_utc",
    ),
    "model_versions": Table(
        "one version of the recogniser",
        {
            "version": text("name of the version"),
            "live_utc": time("when it went out"),
            "training_rows": count("pictures that it was trained on"),
            "golden_accuracy": rate("accuracy on the vendor's own test set"),
            "note": text("the note of the release"),
        },
        visible_from="live_utc",
    ),
    "alerts": Table(
        "one alert or report that spoke up",
        {
            "alert_id": id_("number of the alert"),
            "fired_utc": time("when it fired"),
            "rule": text("name of the rule or report"),
            "value": Column("float", "count", "overturned suppressions that it counted"),
            "threshold": Column("float", "count", "what it fires above"),
            "acted_utc": time("when something was done"),
        },
        visible_from="fired_utc",
    ),
    "deploys": Table(
        "one change to production",
        {
            "deploy_id": id_("number of the change"),
            "at_utc": time("when"),
            "component": text("what was changed"),
            "note": text("the note of who deployed"),
        },
        visible_from="at_utc",
    ),
    "tickets": Table(
        "one ticket of the support desk",
        {
            "ticket_id": id_("number of the ticket"),
            "opened_utc": time("when"),
            "client": text("who wrote"),
            "text": text("what it says"),
        },
        visible_from="opened_utc",
    ),
    "slices": Table(
        "appeals upheld by region and size of the seller",
        {
            "region": text("region"),
            "is_small": Column("bool", "", "small sellers or others"),
            "requests": count("requests so far"),
            "suppressed": count("suppressed so far"),
            "upheld": count("appeals upheld so far"),
            "upheld_rate": rate("upheld appeals for each request"),
        },
        is_view=True,
    ),
}
