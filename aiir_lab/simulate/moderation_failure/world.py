"""The world `moderation_failure`: an outdated filter, a news event, new spellings and a late alert."""

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
from aiir_lab.simulate.moderation_failure import tables
from aiir_lab.simulate.moderation_failure.controls import CONTROLS, MINUTES_PER_REVIEW, RED_TEAM_HOURS
from aiir_lab.simulate.moderation_failure.filters import Filters, ModerationStage, draw_samples
from aiir_lab.simulate.moderation_failure.pipeline import END_S, YOUNG_DAYS, Pipeline, Played
from aiir_lab.simulate.moderation_failure.schema import SCHEMA
from aiir_lab.simulate.moderation_failure.traffic import (
    DAY_S,
    DAYS,
    VIEW_STEPS,
    Traffic,
    draw_scene,
    draw_traffic,
    find_trending,
)
from aiir_lab.simulate.moderation_failure.words import SPELLINGS, spell
from aiir_lab.simulate.randomness import draw_stream
from aiir_lab.simulate.truth import Planted
from aiir_lab.simulate.world import Outcome, Setting, World, play_once


class ModerationFailure(World):
    """A generative assistant whose content filter is outrun by new spellings of listed terms."""

    name = "moderation_failure"
    title = "New spellings pass an outdated content filter during a news event, and the alert comes late"
    unit = "harmful impressions"
    main_table = "outputs"
    sizes: ClassVar[Mapping[str, int]] = {"lesson": 24_000, "sample": 10_000}
    min_rows = 8_000
    max_rows = 200_000
    controls = CONTROLS
    main_factors = (
        "outdated_filter",
        "no_red_teaming",
        "delayed_alert",
        "nobody_may_switch_off",
        "no_topic_review",
    )
    schema = SCHEMA
    growing = ("outputs", "decisions", "views", "reports", "reviews")

    def prepare(self, setting: Setting) -> ModerationStage:
        """Draw the company, the news, the outputs and who would see and report them."""
        scene = draw_scene(setting)
        traffic = draw_traffic(setting, scene, rows=setting.rows)
        start = draw_start(draw_stream(setting.seed, self.name, "start"))
        age = float(draw_stream(setting.seed, self.name, "snapshot age").uniform(210, 420))
        return ModerationStage(
            setting=setting,
            company=draw_company(draw_stream(setting.seed, self.name, "company"), "Assist"),
            started_utc=start,
            ended_utc=start + timedelta(days=DAYS),
            scene=scene,
            traffic=traffic,
            is_trending=find_trending(scene, traffic.second, traffic.topic),
            day_rank=_rank_in_day(traffic, scene.account_age_days[traffic.account] < YOUNG_DAYS),
            snapshot_age_days=age,
            samples=draw_samples(setting, scene, age),
        )

    def play(self, stage: ModerationStage, plan: Plan, *, incident: bool) -> Outcome:
        """Run the three weeks; the loss is every view of a harmful output that was shown."""
        starts = {name: plan.hour_of(name, stage.started_utc) * 3600.0 for name in plan.since}
        done = Pipeline(stage, starts, incident=incident).play()
        traffic = stage.traffic
        harmful = np.flatnonzero(traffic.is_harmful & (done.action == 0))
        seen = count_views(traffic, done.removed_s, harmful)
        loss = sum_by_hour(
            stage.started_utc,
            stage.ended_utc,
            seconds=traffic.view_s[harmful].ravel(),
            amounts=seen.ravel(),
        )
        return Outcome(loss, _measure_costs(stage, starts, done), (done, incident))

    def tables(self, stage: ModerationStage, outcome: Outcome) -> dict[str, pd.DataFrame]:
        """Write down what responders could see."""
        done, incident = outcome.state
        return tables.list_tables(stage, done, Filters(stage, incident=incident))

    def plant(self, stage: ModerationStage, outcome: Outcome) -> Planted:
        """Tell the planted truth."""
        done, _ = outcome.state
        plain, _ = play_once(self, stage, Plan(), incident=False).state
        scene, traffic = stage.scene, stage.traffic
        moved = np.flatnonzero((traffic.respelled != traffic.spelling).any(axis=1))
        changed = np.nonzero(traffic.respelled != traffic.spelling)
        spellings = {
            spell(scene.words[w], SPELLINGS[s]): scene.words[w]
            for w, s in zip(traffic.word[changed].tolist(), traffic.respelled[changed].tolist(), strict=True)
        }
        names = [SPELLINGS[t] for t in scene.tricks]
        topic = scene.topic_names[scene.hot_topic]
        return Planted(
            stage.started_utc + timedelta(seconds=scene.onset_s),
            "A group that rides on a news event writes listed terms in new ways "
            f"({', '.join(names)}). The filter was trained {stage.snapshot_age_days:.0f} days before on "
            "plain spellings, nobody has tried such spellings since, and the alert counts too late and "
            "goes to a mailbox.",
            {"outputs": pd.Series(tables.output_ids(stage)[moved])},
            (f"topic={topic}",),
            {
                "tricks": tuple(names),
                "spellings": spellings,
                "red_team_tricks": tuple(SPELLINGS[t] for t in scene.red_team_tricks),
                "news_utc": stage.started_utc + timedelta(seconds=scene.news_s),
                "recall_on_respelled": _share(done.action[moved] != 0),
                "recall_had_they_been_plain": _share(plain.action[moved] != 0),
                "snapshot_age_days": round(stage.snapshot_age_days, 1),
            },
        )


def count_views(
    traffic: Traffic, removed_s: NDArray[np.float64], rows: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Count views of outputs in each of their portions, (rows, VIEW_STEPS), until removed or the end."""
    upto = np.floor(np.arange(VIEW_STEPS + 1) * traffic.views[rows, None] / VIEW_STEPS)
    at = traffic.view_s[rows]
    counted: NDArray[np.float64] = np.diff(upto, axis=1) * (at < np.minimum(removed_s[rows], END_S)[:, None])
    return counted


def _share(hit: NDArray[np.bool_]) -> float:
    return round(float(hit.mean()), 4) if len(hit) else 0.0


def _rank_in_day(traffic: Traffic, is_young: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Number the outputs of each young account within a day from 1; 0 for older accounts."""
    key = pd.Series(traffic.account * DAYS + (traffic.second // DAY_S).astype(np.int64))
    rank: NDArray[np.int64] = np.where(is_young, key.groupby(key).cumcount().to_numpy() + 1, 0)
    return rank


def _measure_costs(stage: ModerationStage, starts: Mapping[str, float], done: Played) -> list[Cost]:
    traffic, reviews = stage.traffic, done.reviews
    assert reviews is not None  # decided before
    innocent = ~traffic.is_harmful
    topic = np.zeros(len(innocent), dtype=bool)
    for from_s, to_s in done.withheld:
        topic |= (traffic.second >= from_s) & (traffic.second < to_s)
    withheld = innocent & (done.action == 2)
    shift = int((reviews.source == 3).sum())
    builds = sum(
        v.reason in ("regular", "first refresh", "on call") and v.live_s < END_S for v in done.versions
    )
    # An alert before the onset was for nothing; one after it may be, too, but is not counted.
    pages = [a for a in done.alerts if a.rule == "hourly_confirmed_count"]
    false_pages = sum(a.fired_s < stage.scene.onset_s for a in pages)
    red_team_from = starts.get("red_team_set", 0.0)
    wrongly = int((innocent & (done.action == 1)).sum())
    costs: dict[str, list[tuple[str, str, float]]] = {
        "filter_refresh": [("filters built", "builds", builds)],
        "red_team_set": [
            ("red-team work", "hours", RED_TEAM_HOURS * max(0.0, END_S - red_team_from) / (28 * DAY_S))
        ],
        "alert_routing": [("pages", "alarms", len(pages)), ("pages before the onset", "alarms", false_pages)],
        "on_call_switch": [("innocent outputs withheld", "decisions", int((withheld & topic).sum()))],
        "human_review": [("review time", "hours", shift * MINUTES_PER_REVIEW / 60.0)],
        "rate_limit": [("innocent outputs cut off", "decisions", int((innocent & (done.action == 3)).sum()))],
        "safe_mode": [("innocent outputs withheld", "decisions", int(withheld.sum()))],
    }
    measured = [Cost(name, *cost) for name in starts if name in costs for cost in costs[name]]
    return [*measured, Cost("(none)", "innocent outputs blocked", "decisions", wrongly)]
