"""The world `vision_bias`: a release that has not seen how some sellers take their photographs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from aiir_lab.simulate.clock import draw_start, hour_index
from aiir_lab.simulate.company import draw_company
from aiir_lab.simulate.controls import Cost, Plan
from aiir_lab.simulate.randomness import draw_stream
from aiir_lab.simulate.truth import Planted
from aiir_lab.simulate.vision_bias import tables
from aiir_lab.simulate.vision_bias.controls import CONTROLS, MINUTES_PER_APPEAL, MINUTES_PER_REVIEW
from aiir_lab.simulate.vision_bias.market import (
    DAYS,
    END_S,
    HOUR_S,
    REGIONS,
    VisionStage,
    draw_market,
    draw_requests,
)
from aiir_lab.simulate.vision_bias.model import DIVERSE, NARROW, SLICE_ROWS, ask
from aiir_lab.simulate.vision_bias.pictures import SETTINGS
from aiir_lab.simulate.vision_bias.pipeline import Pipeline, Played
from aiir_lab.simulate.vision_bias.schema import SCHEMA
from aiir_lab.simulate.world import Outcome, Setting, World


class VisionBias(World):
    """A cloud vendor's image recognition, whose release fails on one way of taking photographs."""

    name = "vision_bias"
    title = "A release of an image API mislabels goods in one kind of picture and hides sellers' listings"
    unit = "wrongly suppressed listing-hours"
    main_table = "requests"
    sizes: ClassVar[Mapping[str, int]] = {"lesson": 9_000, "sample": 4_000}
    min_rows = 3_000
    max_rows = 100_000
    controls = CONTROLS
    main_factors = (
        "narrow_training_set",
        "no_slice_check",
        "release_to_all_at_once",
        "no_automatic_rollback",
        "slow_appeals",
        "no_human_review",
    )
    schema = SCHEMA
    growing = (
        "requests", "pictures", "predictions", "relistings", "appeals", "appeal_decisions", "audits",
    )  # fmt: skip

    def prepare(self, setting: Setting) -> VisionStage:
        """Draw the clients, their sellers and every listing with its picture."""
        market = draw_market(setting)
        start = draw_start(draw_stream(setting.seed, self.name, "start"))
        return VisionStage(
            setting=setting,
            company=draw_company(draw_stream(setting.seed, self.name, "company"), "Vision"),
            started_utc=start,
            ended_utc=start + timedelta(days=DAYS),
            market=market,
            requests=draw_requests(setting, market, rows=setting.rows),
        )

    def play(self, stage: VisionStage, plan: Plan, *, incident: bool) -> Outcome:
        """Run the three weeks; the loss is the time that rightly declared listings are down."""
        starts = {name: plan.hour_of(name, stage.started_utc) * HOUR_S for name in plan.since}
        done = Pipeline(stage, starts, incident=incident).play()
        wrong = done.is_suppressed & (stage.requests.declared == stage.requests.goods)
        hours = spread_hours(stage.requests.second[wrong], done.up_again_s[wrong])
        index = hour_index(stage.started_utc, stage.ended_utc)
        loss: pd.Series[float] = pd.Series(hours, index=index, name="loss", dtype="float64")
        return Outcome(loss, _measure_costs(stage, starts, done), done)

    def tables(self, stage: VisionStage, outcome: Outcome) -> dict[str, pd.DataFrame]:
        """Write down what responders could see."""
        return tables.list_tables(stage, outcome.state)

    def views(self, tables_seen: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
        """Compute the view by slice."""
        return {"slices": tables.view_slices(tables_seen)}

    def plant(self, stage: VisionStage, outcome: Outcome) -> Planted:
        """Tell the planted truth."""
        market, requests = stage.market, stage.requests
        done: Played = outcome.state
        narrow, diverse = ask(stage, NARROW), ask(stage, DIVERSE)
        group = requests.setting == market.group
        # What the release gets wrong, and a release trained on all ways of photographing would not.
        affected = (
            (done.kind == 1)
            & (done.first_kind == NARROW)
            & done.is_suppressed
            & (requests.declared == requests.goods)
            & (diverse.label == requests.goods)
        )
        planned = requests.second >= market.release_s
        way, region = SETTINGS[market.group], REGIONS[market.region]
        return Planted(
            stage.started_utc + timedelta(seconds=market.release_s),
            "The release was trained on more pictures, but on none that shows goods the way many small "
            f"sellers of {region} photograph them ({way}). It takes those goods for others, and the "
            "listings are suppressed because picture and declared category do not match. The test set holds "
            "almost none of these pictures, so accuracy over all does not fall.",
            {"requests": pd.Series(tables.request_ids(stage)[affected])},
            (f"picture={way}", f"region={region}, seller=small"),
            {
                "picture": way,
                "region": region,
                "accuracy_on_group_release": round(float((narrow.label == requests.goods)[group].mean()), 4),
                "accuracy_on_group_diverse": round(float((diverse.label == requests.goods)[group].mean()), 4),
                "accuracy_all_release": round(float((narrow.label == requests.goods)[planned].mean()), 4),
                "settings": pd.Series(
                    np.asarray(SETTINGS, dtype=object)[requests.setting], index=tables.request_ids(stage)
                ),
                "bad_upload_client": market.client_names[market.bad_client],
            },
        )


def spread_hours(from_s: NDArray[np.float64], to_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Spread intervals over the hours of the run: how many listing-hours fall in each.

    Examples
    --------
    >>> spread_hours(np.array([1800.0]), np.array([5400.0]))[:3].tolist()
    [0.5, 0.5, 0.0]
    """
    hours = int(END_S // HOUR_S)
    ends = np.minimum(to_s, END_S)
    total = np.zeros(hours)
    first, last = (from_s // HOUR_S).astype(int), (ends // HOUR_S).astype(int)
    # Whole hours by a running count, the two ends by their parts.
    change = np.zeros(hours + 1)
    np.add.at(change, first, 1.0)
    np.add.at(change, np.minimum(last, hours), -1.0)
    total += change.cumsum()[:hours]
    np.add.at(total, first, -(from_s - first * HOUR_S) / HOUR_S)
    inside = last < hours
    np.add.at(total, last[inside], (ends - last * HOUR_S)[inside] / HOUR_S)
    return np.round(total, 9)


def _measure_costs(stage: VisionStage, starts: Mapping[str, float], done: Played) -> list[Cost]:
    requests = stage.requests
    rightly = requests.declared != requests.goods
    up = int((rightly & ~done.is_suppressed).sum())
    back_up = int((rightly & (done.why_up == 3) & done.is_suppressed).sum())
    late = (END_S - stage.market.release_s) / HOUR_S
    appeals = int((done.decided_s < END_S).sum())
    extra = 4 / 3  # to decide the same appeals in hours, the desk stands idle a third of the time
    costs: dict[str, list[tuple[str, str, float]]] = {
        "diverse_training_set": [("pictures to collect and label", "labels", 900)],
        "slice_check": [
            ("slice set to label", "labels", SLICE_ROWS * len(SETTINGS)),
            ("delay of the release", "hours", min(7 * 24.0, late) if done.is_held else 0.0),
        ],
        "staged_rollout": [("delay of the release", "hours", min(5 * 24.0, late))],
        "auto_rollback": [
            ("rollbacks", "alarms", sum(a.rule == "overturned_by_region" for a in done.alerts))
        ],
        "fast_appeals": [("appeals desk", "hours", appeals * MINUTES_PER_APPEAL / 60 * extra)],
        "human_review": [("review time", "hours", int(done.is_reviewed.sum()) * MINUTES_PER_REVIEW / 60)],
        "relist_affected": [("wrong listings back up", "listings", back_up)],
    }
    measured = [Cost(name, *cost) for name in starts if name in costs for cost in costs[name]]
    return [*measured, Cost("(none)", "wrong listings left up", "listings", up)]
