"""Term list, deploys, tickets and messages: the words around the incident, written from what happened."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aiir_lab.simulate.clock import to_utc
from aiir_lab.simulate.moderation_failure.filters import ModerationStage
from aiir_lab.simulate.moderation_failure.pipeline import END_S, Played
from aiir_lab.simulate.moderation_failure.registry import name_version
from aiir_lab.simulate.moderation_failure.traffic import DAY_S, VIEW_STEPS
from aiir_lab.simulate.randomness import draw_stream

# What the outside world notices: so many impressions of outputs that users reported as harmful.
PRESS_AT, REGULATOR_AT = 900.0, 2_400.0  # at lesson size
HOUR_S = 3600.0


def _at(stage: ModerationStage, second: float) -> pd.Timestamp:
    return pd.Timestamp(stage.started_utc) + pd.Timedelta(seconds=round(second))


def list_terms(stage: ModerationStage) -> pd.DataFrame:
    """Build the `policy_terms` table: people list terms sooner than the filter learns them."""
    scene = stage.scene
    order = np.argsort(-scene.term_age_days, kind="stable")
    return pd.DataFrame(
        {
            "term_id": 1 + np.arange(len(order)),
            "term": [scene.words[i] for i in scene.terms[order].tolist()],
            "listed_utc": [_at(stage, -float(a) * DAY_S) for a in scene.term_age_days[order]],
        }
    )


def list_deploys(stage: ModerationStage, done: Played) -> pd.DataFrame:
    """Build the `deploys` table: innocent releases about the onset, and each new filter."""
    scene = stage.scene
    rng = draw_stream(stage.setting.seed, stage.setting.world, "deploys")
    rows = [
        (
            scene.onset_s - float(rng.uniform(1, 20)) * HOUR_S,
            "assistant",
            "answers on current topics are longer",
        ),
        (scene.news_s + float(rng.uniform(0, 8)) * HOUR_S, "shared_feed", "more replicas for the surge"),
        (float(rng.uniform(1, 5)) * DAY_S, "report_form", "new wording of the reasons"),
        (float(rng.uniform(14, 20)) * DAY_S, "search_box", "faster suggestions"),
    ]
    frame = pd.DataFrame(rows, columns=["second", "component", "note"])
    frame["version"] = [
        f"{c}-{int(v)}" for c, v in zip(frame["component"], rng.integers(20, 90, 4), strict=True)
    ]
    filters = [
        (v.live_s, "content_filter", f"promoted after {v.reason}", name_version(i))
        for i, v in enumerate(done.versions)
        if 0 <= v.live_s < END_S
    ]
    more = pd.DataFrame(filters, columns=["second", "component", "note", "version"])
    frame = pd.concat([frame, more], ignore_index=True) if len(more) else frame
    frame = frame.sort_values("second", kind="stable", ignore_index=True)
    frame["deploy_id"] = (frame["second"] // 60).astype(int)  # the same in every replay
    frame["at_utc"] = to_utc(stage.started_utc, frame.pop("second").to_numpy())
    return frame


def list_tickets(stage: ModerationStage, done: Played) -> pd.DataFrame:
    """Build the `tickets` table: the debts that were known, and the work of the run."""
    rng = draw_stream(stage.setting.seed, stage.setting.world, "tickets")
    age = stage.snapshot_age_days * DAY_S
    rows = [
        (
            "SAF-198",
            -age + 30 * DAY_S,
            "ml",
            "open",
            "Retraining the filter is a set of hand-run steps; their author moved team. Needs an owner.",
        ),
        (
            "SAF-204",
            -age + 41 * DAY_S,
            "ml",
            "open",
            "Red team: odd spellings of listed terms pass the filter. Numbers in red_team_runs.",
        ),
        (
            "SAF-231",
            -age * 0.5,
            "red-team",
            "closed: not planned",
            "Monthly red-team exercise: no budget this half-year.",
        ),
        (
            "SAF-260",
            -float(rng.uniform(30, 90)) * DAY_S,
            "tooling",
            "open",
            "Nightly alert reaches a mailbox. Move to paging once the rule has fewer false alarms.",
        ),
        (
            "SAF-301",
            stage.scene.news_s + float(rng.uniform(3, 9)) * HOUR_S,
            "moderation",
            "closed",
            "The news brings many outputs and reports; most reports seem to be about opinions. Queue grows.",
        ),
        (
            "SAF-304",
            stage.scene.news_s + float(rng.uniform(6, 20)) * HOUR_S,
            "support",
            "closed",
            "Users complain that harmless answers about the news are blocked.",
        ),
    ]
    rows += [
        (f"SAF-{400 + int(a.answered_s // HOUR_S)}", a.answered_s, "on-call", "closed",
         f"Alert {a.rule}: value {a.value:.4g}, threshold {a.limit:.4g}. Asked for a new filter.")
        for a in done.alerts if a.answered_s < END_S
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["ticket_id", "second", "queue", "status", "text"])
    frame = frame.sort_values("second", kind="stable", ignore_index=True)
    frame["opened_utc"] = [_at(stage, s) for s in frame.pop("second")]
    return frame


def list_messages(stage: ModerationStage, done: Played) -> pd.DataFrame:
    """Build the `messages` table. Press and regulator write when enough reported views have added up."""
    scene = stage.scene
    rng = draw_stream(stage.setting.seed, stage.setting.world, "messages")
    topic = scene.topic_names[scene.hot_topic]
    rows = [
        (
            scene.news_s + 1.5 * HOUR_S,
            "press office",
            f"News about {topic} is breaking. Expect traffic.",
        ),
        (
            scene.news_s + float(rng.uniform(10, 30)) * HOUR_S,
            "sales",
            "Two customers ask whether answers will stay fast during the surge.",
        ),
    ]
    noticed = _noticed_at(stage, done)
    press = float(noticed(PRESS_AT * stage.scale) + rng.uniform(3, 9) * HOUR_S)
    regulator = float(noticed(REGULATOR_AT * stage.scale) + rng.uniform(12, 30) * HOUR_S)
    rows += [
        (
            press,
            "journalist",
            f"I have screenshots of your assistant's answers on {topic} that break your own policy. "
            "Since when, how many, and what do you do? I publish tonight.",
        ),
        (
            press + 2 * HOUR_S,
            "press office",
            "Who can give us numbers that hold? We need a line within the hour.",
        ),
        (
            regulator,
            "regulator",
            "Please state, in writing, when you became aware, how many people saw such content, "
            "and which measures are in place.",
        ),
    ]
    frame = pd.DataFrame([r for r in rows if r[0] < END_S], columns=["second", "sender", "text"])
    frame = frame.sort_values("second", kind="stable", ignore_index=True)
    frame["message_id"] = (frame["second"] // 60).astype(int)
    frame["received_utc"] = to_utc(stage.started_utc, frame.pop("second").to_numpy())
    return frame


def _noticed_at(stage: ModerationStage, done: Played):  # type: ignore[no-untyped-def]
    """Return the function from a number of noticed views to the second they are reached."""
    traffic = stage.traffic
    rows = np.flatnonzero(
        traffic.is_harmful
        & (done.action == 0)
        & np.isfinite(done.report_s)
        & (traffic.topic == stage.scene.hot_topic)
        & (traffic.second >= stage.scene.news_s)
    )
    at = traffic.view_s[rows].ravel()
    views = np.repeat(traffic.views[rows] / VIEW_STEPS, VIEW_STEPS) * (
        at < np.repeat(done.removed_s[rows], VIEW_STEPS)
    )
    order = np.argsort(at, kind="stable")
    total, at = views[order].cumsum(), at[order]

    def reached(amount: float) -> float:
        place = int(np.searchsorted(total, amount))
        return float(at[place]) if place < len(at) else np.inf

    return reached
