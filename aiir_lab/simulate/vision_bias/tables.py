"""Observable tables of `vision_bias`: what was sent, answered, appealed and counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from aiir_lab.simulate.clock import to_utc
from aiir_lab.simulate.randomness import draw_by_key, draw_stream
from aiir_lab.simulate.vision_bias import stories
from aiir_lab.simulate.vision_bias.market import DAY_S, DAYS, END_S, HOUR_S, REGIONS, VisionStage
from aiir_lab.simulate.vision_bias.pictures import GOODS, write_pixels
from aiir_lab.simulate.vision_bias.pipeline import Played

AUDIT_SHARE = 0.03
WHY_UP = ("listed again by the seller", "appeal", "review", "decided again")


def name_text(names: Sequence[str], index: NDArray[Any]) -> NDArray[Any]:
    """Turn numbers into names."""
    found: NDArray[Any] = np.asarray(names, dtype=object)[index]
    return found


def request_ids(stage: VisionStage) -> NDArray[np.int64]:
    """Number the requests in order of time, from a number of the seed's own."""
    first = int(draw_stream(stage.setting.seed, stage.setting.world, "first id").integers(100_000, 900_000))
    return first + np.arange(len(stage.requests.second), dtype=np.int64)


def list_tables(stage: VisionStage, done: Played) -> dict[str, pd.DataFrame]:
    """Build every observable table but the view."""
    ids, requests, market = request_ids(stage), stage.requests, stage.market
    at = to_utc(stage.started_utc, requests.second)
    action = np.where(done.is_reviewed, 2, done.is_suppressed.astype(int))
    sellers = pd.DataFrame(
        {
            "seller_id": market.seller_id,
            "client": name_text(market.client_names, market.seller_client),
            "region": name_text(REGIONS, market.seller_region),
            "is_small": market.seller_is_small,
        }
    )
    return {
        "requests": pd.DataFrame(
            {
                "request_id": ids,
                "at_utc": at,
                "seller_id": market.seller_id[requests.seller],
                "declared": name_text(GOODS, requests.declared),
            }
        ),
        "pictures": pd.DataFrame(
            {"request_id": ids, "at_utc": at, "pixels": [write_pixels(p) for p in requests.pictures]}
        ),
        "predictions": pd.DataFrame(
            {
                "request_id": ids,
                "predicted_utc": at,
                "model_version": name_text(stories.VERSIONS, done.kind),
                "label": name_text(GOODS, done.label),
                "confidence": done.confidence,
                "action": name_text(("list", "suppress", "review"), action),
            }
        ),
        "relistings": _list_relistings(stage, done, ids),
        **_list_appeals(stage, done, ids),
        "audits": _list_audits(stage, ids),
        "sellers": sellers.sort_values("seller_id", ignore_index=True),
        "dashboard": _list_dashboard(stage, done),
        "model_versions": stories.list_versions(stage, done),
        "alerts": stories.list_alerts(stage, done),
        "deploys": stories.list_deploys(stage, done),
        "tickets": stories.list_tickets(stage, done),
    }


def _list_relistings(stage: VisionStage, done: Played, ids: NDArray[np.int64]) -> pd.DataFrame:
    rows = np.flatnonzero(done.up_again_s < END_S)
    rows = rows[np.argsort(done.up_again_s[rows], kind="stable")]
    return pd.DataFrame(
        {
            "request_id": ids[rows],
            "up_utc": to_utc(stage.started_utc, done.up_again_s[rows]),
            "why": name_text(WHY_UP, done.why_up[rows]),
        }
    )


def _list_appeals(stage: VisionStage, done: Played, ids: NDArray[np.int64]) -> dict[str, pd.DataFrame]:
    filed = np.flatnonzero(done.filed_s < END_S)
    filed = filed[np.argsort(done.filed_s[filed], kind="stable")]
    decided = np.flatnonzero(done.decided_s < END_S)
    decided = decided[np.argsort(done.decided_s[decided], kind="stable")]
    return {
        "appeals": pd.DataFrame(
            {
                "appeal_id": ids[filed] * 2 + 1,  # the same in every replay
                "filed_utc": to_utc(stage.started_utc, done.filed_s[filed]),
                "request_id": ids[filed],
            }
        ),
        "appeal_decisions": pd.DataFrame(
            {
                "appeal_id": ids[decided] * 2 + 1,
                "decided_utc": to_utc(stage.started_utc, done.decided_s[decided]),
                "request_id": ids[decided],
                "outcome": name_text(("rejected", "upheld"), done.is_upheld[decided].astype(int)),
            }
        ),
    }


def _list_audits(stage: VisionStage, ids: NDArray[np.int64]) -> pd.DataFrame:
    """Build the `audits` table: people label three in a hundred requests, two days later."""
    requests, setting = stage.requests, stage.setting
    every = np.arange(len(ids))
    luck = draw_by_key(setting.seed, setting.world, "audit", keys=every)
    at = np.floor(requests.second + (36.0 + 24.0 * luck / AUDIT_SHARE) * HOUR_S)
    rows = np.flatnonzero((luck < AUDIT_SHARE) & (at < END_S))
    rows = rows[np.argsort(at[rows], kind="stable")]
    errs = draw_by_key(setting.seed, setting.world, "audit error", keys=rows)
    label = np.where(errs < 0.02, (requests.goods[rows] + 1) % len(GOODS), requests.goods[rows])
    return pd.DataFrame(
        {
            "request_id": ids[rows],
            "labelled_utc": to_utc(stage.started_utc, at[rows]),
            "label": name_text(GOODS, label),
        }
    )


def _list_dashboard(stage: VisionStage, done: Played) -> pd.DataFrame:
    """Build what everybody looks at: over all clients, with no slice."""
    second = stage.requests.second
    day = np.minimum((second // DAY_S).astype(np.int64), DAYS - 1)
    count = np.bincount(day, minlength=DAYS)

    def by_day(times: NDArray[np.float64]) -> NDArray[np.int64]:
        inside = times[times < END_S]
        return np.bincount((inside // DAY_S).astype(np.int64), minlength=DAYS)

    return pd.DataFrame(
        {
            "shown_utc": to_utc(stage.started_utc, (np.arange(DAYS) + 1.0) * DAY_S),
            "requests": count,
            "suppression_rate": np.bincount(day, weights=done.is_suppressed, minlength=DAYS)
            / np.maximum(count, 1),
            "mean_confidence": np.bincount(day, weights=done.confidence, minlength=DAYS)
            / np.maximum(count, 1),
            "appeals_filed": by_day(done.filed_s),
            "appeals_upheld": by_day(done.decided_s[done.is_upheld]),
        }
    )


def view_slices(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Count suppressions and upheld appeals by region and size of the seller."""
    frame = (
        tables["requests"]
        .merge(tables["predictions"], on="request_id")
        .merge(tables["sellers"], on="seller_id")
    )
    decided = tables["appeal_decisions"]
    upheld = decided.loc[decided["outcome"] == "upheld", "request_id"]
    frame = frame.assign(
        requests=1,
        suppressed=(frame["action"] != "list").astype("int64"),
        upheld=frame["request_id"].isin(upheld).astype("int64"),
    )
    counts = frame.groupby(["region", "is_small"])[["requests", "suppressed", "upheld"]].sum().reset_index()
    return counts.assign(upheld_rate=counts["upheld"] / counts["requests"])
