"""Observable tables of `moderation_failure`: what was shown, said, counted and decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from aiir_lab.simulate.clock import to_utc
from aiir_lab.simulate.moderation_failure import stories
from aiir_lab.simulate.moderation_failure.filters import Filters, ModerationStage
from aiir_lab.simulate.moderation_failure.pipeline import ACTIONS, END_S, Played
from aiir_lab.simulate.moderation_failure.registry import list_red_team_runs, list_versions, name_version
from aiir_lab.simulate.moderation_failure.reviewing import SOURCES, Reviews
from aiir_lab.simulate.moderation_failure.traffic import HOURS, SURFACES, TOPICS, VIEW_STEPS
from aiir_lab.simulate.moderation_failure.words import SPELLINGS
from aiir_lab.simulate.randomness import draw_by_key, draw_stream

COUNT_AFTER_S = 36 * 3600.0


def name_text(names: Sequence[str], index: NDArray[Any]) -> NDArray[Any]:
    """Turn numbers into names."""
    found: NDArray[Any] = np.asarray(names, dtype=object)[index]
    return found


def output_ids(stage: ModerationStage) -> NDArray[np.int64]:
    """Number the outputs in order of time, from a number of the seed's own."""
    first = int(draw_stream(stage.setting.seed, stage.setting.world, "first id").integers(100_000, 900_000))
    return first + np.arange(len(stage.traffic.second), dtype=np.int64)


def list_tables(stage: ModerationStage, done: Played, filters: Filters) -> dict[str, pd.DataFrame]:
    """Build every observable table."""
    reviews = done.reviews
    assert reviews is not None  # decided before
    ids = output_ids(stage)
    views, impressions = _count_impressions(stage, done, ids)
    return {
        "outputs": _list_outputs(stage, ids, incident=filters.incident),
        "decisions": _list_decisions(stage, done, ids),
        "views": views,
        "impressions": impressions,
        "reports": _list_reports(stage, done, ids),
        "reviews": _list_reviews(stage, reviews, ids),
        "dashboard": _list_dashboard(stage, done, reviews),
        "alerts": _list_alerts(stage, done),
        "filter_versions": list_versions(stage, done, filters),
        "red_team_runs": list_red_team_runs(stage, filters),
        "policy_terms": stories.list_terms(stage),
        "deploys": stories.list_deploys(stage, done),
        "tickets": stories.list_tickets(stage, done),
        "messages": stories.list_messages(stage, done),
    }


def write_texts(stage: ModerationStage, *, incident: bool) -> list[str]:
    """Write the outputs out, one text each."""
    traffic = stage.traffic
    from aiir_lab.simulate.moderation_failure.words import spell

    forms = np.array([spell(w, s) for w in stage.scene.words for s in SPELLINGS] + [""], dtype=object)
    spelling = traffic.respelled if incident else traffic.spelling
    form = np.where(traffic.word >= 0, traffic.word * len(SPELLINGS) + spelling, len(forms) - 1)
    return [" ".join(row).rstrip() for row in forms[form].tolist()]


def _list_outputs(stage: ModerationStage, ids: NDArray[np.int64], *, incident: bool) -> pd.DataFrame:
    traffic, scene = stage.traffic, stage.scene
    return pd.DataFrame(
        {
            "output_id": ids,
            "generated_utc": to_utc(stage.started_utc, traffic.second),
            "topic": name_text(scene.topic_names, traffic.topic),
            "surface": name_text(SURFACES, traffic.surface),
            "account_id": scene.account_id[traffic.account],
            "account_age_days": scene.account_age_days[traffic.account],
            "text": write_texts(stage, incident=incident),
        }
    )


def _list_decisions(stage: ModerationStage, done: Played, ids: NDArray[np.int64]) -> pd.DataFrame:
    names = [name_version(i) for i in range(len(done.versions))]
    return pd.DataFrame(
        {
            "output_id": ids,
            "decided_utc": to_utc(stage.started_utc, stage.traffic.second),
            "filter_version": name_text(names, done.which),
            "score": done.score,
            "action": name_text(ACTIONS, done.action),
        }
    )


def _count_impressions(
    stage: ModerationStage, done: Played, ids: NDArray[np.int64]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    traffic = stage.traffic
    shown = np.flatnonzero(done.action == 0)
    upto = np.floor(np.arange(VIEW_STEPS + 1) * traffic.views[shown, None] / VIEW_STEPS)
    counted = np.minimum(traffic.second[shown] + COUNT_AFTER_S, done.removed_s[shown])
    portions, at = np.diff(upto, axis=1), traffic.view_s[shown]
    seen = portions * (at < np.minimum(counted, END_S)[:, None])
    views = pd.DataFrame(
        {
            "output_id": ids[shown],
            "counted_utc": to_utc(stage.started_utc, counted),
            "views": seen.sum(axis=1),
        }
    )
    live = portions * (at < np.minimum(done.removed_s[shown], END_S)[:, None])
    cell = (at // 3600).astype(np.int64) * TOPICS + traffic.topic[shown, None]
    inside = live.ravel() > 0
    total = np.bincount(cell.ravel()[inside], weights=live.ravel()[inside], minlength=HOURS * TOPICS)
    hour = np.repeat(np.arange(HOURS) * 3600.0, TOPICS)
    impressions = pd.DataFrame(
        {
            "hour_utc": to_utc(stage.started_utc, hour),
            "topic": name_text(stage.scene.topic_names, np.tile(np.arange(TOPICS), HOURS)),
            "impressions": total[: HOURS * TOPICS],
            "counted_utc": to_utc(stage.started_utc, hour + 3600.0),
        }
    )
    return views, impressions


def _list_reports(stage: ModerationStage, done: Played, ids: NDArray[np.int64]) -> pd.DataFrame:
    rows = np.flatnonzero(done.report_s < END_S)
    rows = rows[np.argsort(done.report_s[rows], kind="stable")]
    luck = draw_by_key(stage.setting.seed, stage.setting.world, "report reason", keys=rows)
    harmful = luck < np.where(stage.traffic.is_harmful[rows], 0.75, 0.45)
    reason = np.where(harmful, 0, np.where(luck < 0.9, 1, 2))
    return pd.DataFrame(
        {
            "report_id": ids[rows] * 2 + 1,
            "reported_utc": to_utc(stage.started_utc, done.report_s[rows]),
            "output_id": ids[rows],
            "reason": name_text(("harmful", "wrong", "other"), reason),
        }
    )


def _list_reviews(stage: ModerationStage, reviews: Reviews, ids: NDArray[np.int64]) -> pd.DataFrame:
    ready = reviews.done_s < END_S
    row, source = reviews.row[ready], reviews.source[ready]
    return pd.DataFrame(
        {
            "review_id": ids[row] * 4 + source,
            "reviewed_utc": to_utc(stage.started_utc, reviews.done_s[ready]),
            "output_id": ids[row],
            "source": name_text(SOURCES, source),
            "label": name_text(("innocent", "harmful"), reviews.says_harmful[ready].astype(int)),
            "waited_hours": (reviews.done_s[ready] - reviews.entered_s[ready]) / 3600.0,
        }
    )


def _list_dashboard(stage: ModerationStage, done: Played, reviews: Reviews) -> pd.DataFrame:
    """Build what everybody looks at. Only blocked outputs are audited for precision: a miss never shows."""
    at = (np.arange(HOURS) + 1) * 3600.0

    def count(times: NDArray[np.float64], hours: float) -> NDArray[np.int64]:
        ordered = np.sort(times)
        found: NDArray[np.int64] = np.searchsorted(ordered, at) - np.searchsorted(ordered, at - hours * 3600)
        return found

    second = stage.traffic.second
    outputs, blocks = count(second, 24), count(second[done.action == 1], 24)
    audited = reviews.source == 1
    checked = count(reviews.done_s[audited], 72)
    confirmed = count(reviews.done_s[audited & reviews.says_harmful], 72)
    forever = END_S * 2 / 3600.0
    return pd.DataFrame(
        {
            "shown_utc": to_utc(stage.started_utc, at),
            "outputs_24h": outputs,
            "flag_rate_24h": blocks / np.maximum(outputs, 1),
            "precision_of_blocks_72h": np.where(checked > 0, confirmed / np.maximum(checked, 1), np.nan),
            "reports_24h": count(done.report_s[np.isfinite(done.report_s)], 24),
            "queue_length": count(reviews.entered_s, forever) - count(reviews.done_s, forever),
        }
    )


def _list_alerts(stage: ModerationStage, done: Played) -> pd.DataFrame:
    alerts = sorted((a for a in done.alerts if a.fired_s < END_S), key=lambda a: a.fired_s)
    fired = np.array([a.fired_s for a in alerts])
    answered = np.array([a.answered_s if a.answered_s < END_S else np.nan for a in alerts])
    return pd.DataFrame(
        {
            "alert_id": [int(a.fired_s // 60) * 2 + a.rule.startswith("hourly") for a in alerts],
            "fired_utc": to_utc(stage.started_utc, fired),
            "rule": [a.rule for a in alerts],
            "value": [a.value for a in alerts],
            "threshold": [a.limit for a in alerts],
            "route": ["on-call page" if a.rule.startswith("hourly") else "mailbox" for a in alerts],
            "acknowledged_utc": to_utc(stage.started_utc, answered),
        }
    )
