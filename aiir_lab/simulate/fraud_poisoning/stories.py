"""What people and rules said meanwhile: alerts, tickets and changes, most of them about something else."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aiir_lab.simulate.clock import to_utc
from aiir_lab.simulate.fraud_poisoning.market import CATEGORIES, DAY_S, DAYS
from aiir_lab.simulate.fraud_poisoning.pipeline import Pipeline, name_version
from aiir_lab.simulate.randomness import draw_by_key, draw_stream

Row = tuple[float, str, str, str]
CHARGEBACK_SIGMAS = 3.5  # this week's chargebacks against the mean of the four weeks before


def list_alerts(pipeline: Pipeline, dashboard: pd.DataFrame) -> pd.DataFrame:
    """Build the `alerts` table from the company's own rules, plus what its controls reported."""
    stage, p = pipeline.stage, pipeline.pay
    found: list[Row] = []
    live = p.second >= 0
    daily = np.zeros((DAYS, len(CATEGORIES)))
    np.add.at(daily, ((p.second[live] // DAY_S).astype(np.int64), p.category[live]), 1.0)
    for day in range(14, DAYS):
        usual = daily[day - 14 : day].mean(axis=0)
        for c in np.flatnonzero(daily[day] > usual + 5.0 * np.sqrt(usual + 1.0)).tolist():
            text = f"{CATEGORIES[c]}: {daily[day, c]:.0f} payments, {usual[c]:.0f} are usual."
            found.append(((day + 1) * DAY_S, "volume_by_category", "notice", text))
    back = dashboard["chargebacks"].to_numpy(dtype=float)
    quiet_until = 0
    for day in range(35, DAYS):
        week, usual_week = back[day - 6 : day + 1].sum(), back[day - 34 : day - 6].sum() / 4.0
        if day >= quiet_until and week > usual_week + CHARGEBACK_SIGMAS * np.sqrt(usual_week + 1.0):
            text = f"{week:.0f} chargebacks in seven days, {usual_week:.0f} are usual."
            found.append(((day + 1) * DAY_S + 3600, "chargebacks_weekly", "page", text))
            quiet_until = day + 7
    for day in np.flatnonzero(~pipeline.done.batch_passed).tolist():
        text = "A feedback batch failed its check and is quarantined."
        found.append(((day + 1) * DAY_S, "batch_check", "notice", text))
    rng = draw_stream(stage.setting.seed, stage.setting.world, "infrastructure alerts")
    for at in np.sort(rng.uniform(0, DAYS * DAY_S, 6)).tolist():
        ms = int(rng.integers(420, 900))
        found.append((at, "scoring_latency", "notice", f"p95 of scoring is {ms} ms for five minutes."))
    for minutes in (18, 55):
        text = "Errors of the new app release are above 1 percent."
        found.append((stage.market.release_s + minutes * 60, "client_errors", "page", text))
    for at, control, what in pipeline.done.log:
        found.append((at + 60.0, control, "page", what))
    found = sorted((row for row in found if row[0] < DAYS * DAY_S), key=lambda row: (row[0], row[1], row[3]))
    return pd.DataFrame(
        {
            "alert_id": [f"A-{i + 1:03d}" for i in range(len(found))],
            "fired_utc": to_utc(stage.started_utc, np.array([row[0] for row in found])),
            "rule": [row[1] for row in found],
            "urgency": [row[2] for row in found],
            "text": [row[3] for row in found],
        }
    )


def list_tickets(pipeline: Pipeline) -> pd.DataFrame:
    """Build the `tickets` table: honest customers who were declined, merchants charged back, and the rest."""
    stage, p, done = pipeline.stage, pipeline.pay, pipeline.done
    seed, world = stage.setting.seed, stage.setting.world
    end = DAYS * DAY_S
    keys = np.arange(len(p.second))
    u = draw_by_key(seed, world, "ticket", keys=keys)
    wait = draw_by_key(seed, world, "ticket wait", keys=keys)
    declined = np.flatnonzero(~done.is_approved & ~p.is_fraud & (p.second >= 0) & (u < 0.15))
    charged = np.flatnonzero(
        done.is_approved & (p.chargeback_second >= 0) & (p.chargeback_second < end) & (u < 0.12)
    )
    rng = draw_stream(seed, world, "other tickets")
    rows: list[tuple[int, float, str, int, str, str]] = []
    for i in declined.tolist():
        text = f"My payment of {p.amount_usd[i]:.2f} USD was declined and I do not know why."
        at = p.second[i] + wait[i] * 8 * 3600
        rows.append((2 * i, at, "customer", int(p.merchant[i]), "declined", text))
    for i in charged.tolist():
        text = f"We were charged back {p.amount_usd[i]:.2f} USD for an order that you had approved."
        at = p.chargeback_second[i] + wait[i] * 2 * DAY_S
        rows.append((2 * i + 1, at, "merchant", int(p.merchant[i]), "chargeback", text))
    base = 2 * len(keys)
    release, sale = stage.market.release_s, stage.market.sale_from_s
    stories = [
        (14, release, 2.0, "customer", "app", "Since the update the app asks me to sign in twice."),
        (8, sale, 6.0, "merchant", "volume", "We run a sale. Please make sure that our payments go through."),
        (18, 0.0, float(DAYS), "partner", "api", "How do we send corrections through the feedback API?"),
        (18, 0.0, float(DAYS), "merchant", "payout", "When is our next payout?"),
    ]
    for count, begin, days, who, topic, text in stories:
        for at in np.sort(begin + rng.random(count) * days * DAY_S).tolist():
            rows.append((base, at, who, int(rng.integers(len(stage.market.merchant_id))), topic, text))
            base += 1
    rows = sorted((row for row in rows if 0 <= row[1] < end), key=lambda row: (row[1], row[0]))
    merchant = np.array([row[3] for row in rows])
    return pd.DataFrame(
        {
            "ticket_id": [20_000 + row[0] for row in rows],
            "opened_utc": to_utc(stage.started_utc, np.array([row[1] for row in rows])),
            "opened_by": [row[2] for row in rows],
            "merchant_id": stage.market.merchant_id[merchant],
            "topic": [row[4] for row in rows],
            "text": [row[5] for row in rows],
        }
    )


def list_deploys(pipeline: Pipeline) -> pd.DataFrame:
    """Build the `deploys` table: promotions and rollbacks of models, releases of apps and services."""
    stage = pipeline.stage
    rng = draw_stream(stage.setting.seed, stage.setting.world, "deploys")
    rows: list[tuple[float, str, str]] = []
    for at, version in pipeline.done.segments:
        what = "rules decide; the model is off" if version < 0 else f"{name_version(version)} decides"
        rows.append((max(at, 0.0), "fraud-model", what))
    release = int(rng.integers(40, 70))
    days = [d for d in range(5, DAYS, 14) if abs(d * DAY_S - stage.market.release_s) > 5 * DAY_S]
    times = [d * DAY_S + float(rng.uniform(8, 16)) * 3600 for d in days] + [stage.market.release_s]
    for place, at in enumerate(sorted(times)):
        rows.append((at, "mobile-app", f"release 5.{release + place}"))
    for component in ("ledger", "feedback-api", "scoring-service", "partner-portal"):
        for at in rng.uniform(0, DAYS * DAY_S, 2).tolist():
            rows.append((at, component, "dependencies renewed; no change of behaviour"))
    rows.sort()
    return pd.DataFrame(
        {
            "deploy_id": [f"D-{i + 1:03d}" for i in range(len(rows))],
            "deployed_utc": to_utc(stage.started_utc, np.array([row[0] for row in rows])),
            "component": [row[1] for row in rows],
            "change": [row[2] for row in rows],
        }
    )
