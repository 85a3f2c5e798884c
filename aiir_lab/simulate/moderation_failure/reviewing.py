"""The people: who reports, what moderators get to see, and how long it waits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aiir_lab.simulate.moderation_failure.filters import ModerationStage
from aiir_lab.simulate.moderation_failure.traffic import DAY_S, VIEW_STEPS
from aiir_lab.simulate.randomness import draw_by_key

SOURCES = ("user_report", "audit_of_blocked", "audit_of_shown", "topic_review")
REVIEW_ERROR = 0.03
AUDIT_BLOCKED = 0.15
AUDIT_SHOWN = 0.012
VIRAL_VIEWS = 40
DESK_PER_DAY = 105.0  # reviews that the moderators get through, at lesson size
SHIFT_PER_DAY = 180.0  # the second shift of the control `human_review`
REPORT_HARMFUL, REPORT_INNOCENT = 0.012, 0.0006  # chance that one view ends in a report


@dataclass(frozen=True)
class Reviews:
    """What was looked at, in the order it was finished."""

    row: NDArray[np.int64]
    source: NDArray[np.int64]
    entered_s: NDArray[np.float64]
    done_s: NDArray[np.float64]
    says_harmful: NDArray[np.bool_]


def serve(entered_s: NDArray[np.float64], seconds_each: float) -> NDArray[np.float64]:
    """Finish times of a queue with one server, first come first served; `entered_s` is sorted.

    The next is done one service time after the later of its arrival and the one before.
    """
    place = np.arange(len(entered_s))
    ready = np.maximum.accumulate(entered_s - seconds_each * place)
    done: NDArray[np.float64] = np.floor(seconds_each * (place + 1) + ready)
    return done


def reported_at(stage: ModerationStage) -> NDArray[np.float64]:
    """Say when each output would be reported, were it shown and left there; infinity for never."""
    traffic, scene = stage.traffic, stage.scene
    brigaded = (traffic.topic == scene.hot_topic) & (traffic.second >= scene.news_s)
    per_view = np.where(
        traffic.is_harmful, REPORT_HARMFUL, REPORT_INNOCENT * np.where(brigaded, scene.brigading, 1.0)
    )
    # Eight in ten at most: many views of one output come from the same circle.
    is_reported = traffic.report_luck < 0.8 * -np.expm1(-per_view * traffic.views)
    step = np.minimum((traffic.report_after * VIEW_STEPS).astype(int), VIEW_STEPS - 1)
    when = traffic.view_s[np.arange(len(step)), step] + 600.0
    return np.where(is_reported, when, np.inf)


def review(
    stage: ModerationStage, is_shown: NDArray[np.bool_], is_blocked: NDArray[np.bool_], *, shift_from_s: float
) -> tuple[Reviews, NDArray[np.float64], NDArray[np.float64]]:
    """Run the two queues.

    Returns
    -------
    reviews : Reviews
    removed_s : array of float64, one for each output; infinity where it stayed
    report_s : array of float64, when each output was reported; infinity for never
    """
    seed, world = stage.setting.seed, stage.setting.world
    traffic, n = stage.traffic, len(stage.traffic.second)
    every = np.arange(n)
    audit = draw_by_key(seed, world, "audit", keys=every)
    wrong = draw_by_key(seed, world, "review error", keys=every) < REVIEW_ERROR
    says_harmful = traffic.is_harmful ^ wrong
    removed = np.full(n, np.inf)

    step = np.searchsorted(np.arange(1, VIEW_STEPS + 1) / VIEW_STEPS, VIRAL_VIEWS / traffic.views)
    goes_viral = is_shown & stage.is_trending & (traffic.views >= VIRAL_VIEWS)
    at = traffic.view_s[every, np.minimum(step, VIEW_STEPS - 1)]
    shift = np.flatnonzero(goes_viral & (at >= shift_from_s))
    shift = shift[np.argsort(at[shift], kind="stable")]
    shift_done = serve(at[shift], DAY_S / (SHIFT_PER_DAY * stage.scale)) + 60.0
    gone = says_harmful[shift]
    removed[shift[gone]] = shift_done[gone]

    report_s = np.where(is_shown, reported_at(stage), np.inf)
    report_s[report_s > removed] = np.inf
    reports = np.flatnonzero(np.isfinite(report_s))
    blocked = np.flatnonzero(is_blocked & (audit < AUDIT_BLOCKED))
    shown = np.flatnonzero(is_shown & (audit < AUDIT_SHOWN) & ~np.isfinite(report_s))
    row = np.concatenate([reports, blocked, shown])
    source = np.repeat([0, 1, 2], [len(reports), len(blocked), len(shown)])
    entered = np.concatenate([report_s[reports], traffic.second[blocked] + 900, traffic.second[shown] + 3600])
    order = np.lexsort((row, entered))
    row, source, entered = row[order], source[order], entered[order]
    done = serve(entered, DAY_S / (DESK_PER_DAY * stage.scale))
    gone = says_harmful[row] & (source != 1)
    removed[row[gone]] = np.minimum(removed[row[gone]], done[gone])

    row, source = np.concatenate([row, shift]), np.concatenate([source, np.full(len(shift), 3)])
    entered, done = np.concatenate([entered, at[shift]]), np.concatenate([done, shift_done])
    order = np.lexsort((source, row, done))
    row = row[order]
    return Reviews(row, source[order], entered[order], done[order], says_harmful[row]), removed, report_s
