"""Versions, alerts, deploys and tickets: the words around the incident, written from what happened."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aiir_lab.simulate.clock import to_utc
from aiir_lab.simulate.fitting import remember
from aiir_lab.simulate.randomness import draw_by_key, draw_stream
from aiir_lab.simulate.vision_bias.market import DAY_S, END_S, HOUR_S, VisionStage
from aiir_lab.simulate.vision_bias.model import (
    DIVERSE,
    OLD,
    TRAINING_ROWS,
    answer,
    draw_golden,
    fit_version,
)
from aiir_lab.simulate.vision_bias.pictures import GOODS
from aiir_lab.simulate.vision_bias.pipeline import Played

VERSIONS = ("goods-7.4", "goods-8.0", "goods-8.1")


def list_versions(stage: VisionStage, done: Played) -> pd.DataFrame:
    """Build the `model_versions` table; accuracy is measured on the vendor's own, catalogue-like test set."""
    kinds = (OLD, done.first_kind, DIVERSE)
    notes = (
        "stable",
        "trained on twice as many pictures, most from catalogues",
        "trained on pictures that clients sent in",
    )
    live = (-90.0 * DAY_S, done.release_s, done.mended_s)
    rows = [
        (VERSIONS[i], live[i], TRAINING_ROWS[kinds[i]], _golden_accuracy(stage, kinds[i]), notes[i])
        for i in range(3)
        if live[i] < END_S
    ]
    frame = pd.DataFrame(rows, columns=["version", "live", "training_rows", "golden_accuracy", "note"])
    start = pd.Timestamp(stage.started_utc)
    frame["live_utc"] = [start + pd.Timedelta(seconds=round(s)) for s in frame.pop("live")]
    return frame


def _golden_accuracy(stage: VisionStage, kind: str) -> float:
    def measure() -> float:
        pictures, goods = draw_golden(stage)
        return float((answer(fit_version(stage, kind), pictures).label == goods).mean())

    return remember(stage, ("golden", kind), measure)


def list_alerts(stage: VisionStage, done: Played) -> pd.DataFrame:
    """Build the `alerts` table; a client's upload spike speaks up in every run."""
    rows = [("upload_volume", stage.market.bad_from_s + 3 * HOUR_S, np.nan, 3.0, 2.0)]
    rows += [
        (a.rule, a.fired_s, a.acts_s if a.acts_s < END_S else np.nan, a.value, a.limit)
        for a in done.alerts
        if a.fired_s < END_S
    ]
    frame = pd.DataFrame(rows, columns=["rule", "fired", "acted", "value", "threshold"])
    frame = frame.sort_values("fired", kind="stable", ignore_index=True)
    frame["alert_id"] = (frame["fired"] // 60).astype(int)
    for column in ("fired", "acted"):
        frame[f"{column}_utc"] = to_utc(stage.started_utc, frame.pop(column).to_numpy())
    return frame


def list_deploys(stage: VisionStage, done: Played) -> pd.DataFrame:
    """Build the `deploys` table: the release, what became of it, and innocent changes nearby."""
    market = stage.market
    rng = draw_stream(stage.setting.seed, stage.setting.world, "deploys")
    rows = [
        (
            market.release_s + float(rng.uniform(-30, 12)) * HOUR_S,
            "gateway",
            "uploads above 4 MB are accepted",
        ),
        (float(rng.uniform(1, 4)) * DAY_S, "billing", "new price list"),
        (market.release_s + float(rng.uniform(12, 60)) * HOUR_S, "thumbnails", "sharper small pictures"),
        (float(rng.uniform(14, 20)) * DAY_S, "console", "dark colours"),
    ]
    if np.isfinite(done.release_s):
        rows.append((done.release_s, "recogniser", f"{VERSIONS[1]} goes out"))
    elif done.is_held:
        rows.append((market.release_s, "recogniser", f"{VERSIONS[1]} is held: accuracy of a slice falls"))
    if done.stop_s < END_S and np.isfinite(done.release_s):
        rows.append((done.stop_s, "recogniser", f"back to {VERSIONS[0]}"))
    if done.mended_s < END_S:
        rows.append((done.mended_s, "recogniser", f"{VERSIONS[2]} goes out"))
    frame = pd.DataFrame(rows, columns=["second", "component", "note"])
    frame = frame.sort_values("second", kind="stable", ignore_index=True)
    frame["deploy_id"] = (frame["second"] // 60).astype(int)
    frame["at_utc"] = to_utc(stage.started_utc, frame.pop("second").to_numpy())
    return frame


def list_tickets(stage: VisionStage, done: Played) -> pd.DataFrame:
    """Build the `tickets` table: clients write about some of their sellers' appeals, late."""
    market, requests, setting = stage.market, stage.requests, stage.setting
    filed = np.flatnonzero(done.filed_s < END_S)
    luck = draw_by_key(setting.seed, setting.world, "ticket", keys=filed)
    rows = filed[luck < 0.12]
    at = done.filed_s[rows] + np.floor((6.0 + 30.0 * luck[luck < 0.12] / 0.12) * HOUR_S)
    words = (
        "A seller says that a {0} was taken for a {1}.",
        "Listing of a {0} is gone from search; the seller swears that the picture shows a {0}.",
        "Please look at a suppressed {0}.",
    )
    texts = [
        words[int(r) % 3].format(GOODS[int(requests.declared[r])], GOODS[int(done.label[r])]) for r in rows
    ]
    client = [market.client_names[c] for c in market.seller_client[requests.seller[rows]].tolist()]
    frame = pd.DataFrame({"second": at, "client": client, "text": texts, "row": rows})
    bad = market.client_names[market.bad_client]
    loud = [
        (
            market.bad_from_s + 9 * HOUR_S,
            bad,
            "Hundreds of our listings are gone since today. What did you break?",
            -1,
        ),
        (
            market.bad_from_s + 30 * HOUR_S,
            bad,
            "We find wrong categories in one upload file of ours. Still looking.",
            -2,
        ),
    ]
    frame = pd.concat([frame, pd.DataFrame(loud, columns=frame.columns)], ignore_index=True)
    frame = frame[frame["second"] < END_S].sort_values(["second", "row"], kind="stable", ignore_index=True)
    frame["ticket_id"] = 5_000 + 2 * frame.pop("row").astype(int)  # the same in every replay
    frame["opened_utc"] = to_utc(stage.started_utc, frame.pop("second").to_numpy())
    return frame
