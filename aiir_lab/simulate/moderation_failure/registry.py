"""The model registry and the red team's old findings, measured with the filters themselves."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aiir_lab.simulate.fitting import remember
from aiir_lab.simulate.moderation_failure import model
from aiir_lab.simulate.moderation_failure.filters import Filters, ModerationStage, Recipe
from aiir_lab.simulate.moderation_failure.pipeline import END_S, Played
from aiir_lab.simulate.moderation_failure.traffic import DAY_S, TOPICS, draw_texts
from aiir_lab.simulate.moderation_failure.words import SPELLINGS
from aiir_lab.simulate.randomness import draw_stream

TEST_ROWS = 800
RED_TEAM_PROMPTS = 60
WHY = {
    "first": "in place at the start",
    "rollback": "rollback",
    "regular": "regular refresh",
    "first refresh": "first refresh",
    "red team": "red-team set added",
    "on call": "asked for by on-call",
    "by hand": "built by hand after an alert",
}


def name_version(number: int) -> str:
    """Name the filters of a run in the order they went live."""
    return f"filter-{4 + number}"


def list_versions(stage: ModerationStage, done: Played, filters: Filters) -> pd.DataFrame:
    """Build the `filter_versions` table. The test set is as old as the snapshot, so all look well on it."""
    rows = []
    for number, version in enumerate(done.versions):
        if version.live_s >= END_S:
            continue
        recall, precision = _test(stage, filters, version.recipe)
        fresh = {"recent", "red_team"} & set(version.recipe.parts)
        newest = version.live_s if len(version.recipe.rows) else -8.0 * DAY_S if fresh else None
        old = -(stage.snapshot_age_days + (150 if "older" in version.recipe.parts else 0)) * DAY_S
        rows.append(
            {
                "version": name_version(number),
                "live": version.live_s
                if np.isfinite(version.live_s)
                else (-6.0 if fresh else old / DAY_S + 20) * DAY_S,
                "why": WHY[version.reason],
                "snapshot": old,
                "newest": old if newest is None else newest,
                "training_rows": sum(len(stage.samples[p].label) for p in version.recipe.parts)
                + len(version.recipe.rows),
                "test_recall": recall,
                "test_precision": precision,
            }
        )
    frame = pd.DataFrame(rows)
    for column in ("live", "snapshot", "newest"):
        name = {"newest": "newest_data_utc"}.get(column, f"{column}_utc")
        frame[name] = [_before(stage, s) for s in frame.pop(column)]
    return frame


def _before(stage: ModerationStage, second: float) -> pd.Timestamp:
    """Turn seconds into UTC, also before the start (to_utc takes negative for "not yet")."""
    return pd.Timestamp(stage.started_utc) + pd.Timedelta(seconds=round(second))


def _test(stage: ModerationStage, filters: Filters, recipe: Recipe) -> tuple[float, float]:
    grams, label = remember(stage, ("test set",), lambda: _draw_test(stage, filters))
    said = model.score(filters.fitted(recipe), grams) >= model.BLOCK_AT
    return float(said[label].mean()), float(label[said].mean())


def _draw_test(stage: ModerationStage, filters: Filters) -> tuple[object, np.ndarray]:
    rng = draw_stream(stage.setting.seed, stage.setting.world, "test set")
    label = rng.random(TEST_ROWS) < 0.3
    known = stage.scene.terms[stage.scene.term_age_days > stage.snapshot_age_days]
    word, spelling = draw_texts(
        rng,
        stage.scene,
        topic=rng.integers(0, TOPICS, TEST_ROWS),
        is_harmful=label,
        is_news=np.zeros(TEST_ROWS, dtype=bool),
        terms=known,
    )
    return filters.grams(word, spelling), label


def list_red_team_runs(stage: ModerationStage, filters: Filters) -> pd.DataFrame:
    """Build the `red_team_runs` table: half of the tricks were tried once, before the filter was trained."""
    rng = draw_stream(stage.setting.seed, stage.setting.world, "red team runs")
    first = Recipe(("snapshot",), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool))
    filter_then = filters.fitted(first)
    tried = sorted(rng.permutation(stage.scene.red_team_tricks)[:3].tolist())
    known = stage.scene.terms[stage.scene.term_age_days > stage.snapshot_age_days]
    rows = []
    for place, trick in enumerate(tried):
        n = RED_TEAM_PROMPTS
        word, spelling = draw_texts(
            rng,
            stage.scene,
            topic=rng.integers(0, TOPICS, n),
            is_harmful=np.ones(n, dtype=bool),
            is_news=np.zeros(n, dtype=bool),
            terms=known,
        )
        spelling = np.where(np.isin(word, stage.scene.terms), trick, spelling)
        passed = model.score(filter_then, filters.grams(word, spelling)) < model.BLOCK_AT
        at = (-stage.snapshot_age_days + 40 + place * 3) * DAY_S
        rows.append(
            (31 + place, _before(stage, at), SPELLINGS[trick], n, int(passed.sum()), f"SAF-{204 + place}")
        )
    return pd.DataFrame(rows, columns=["run_id", "run_utc", "trick", "prompts", "passed_filter", "ticket"])
