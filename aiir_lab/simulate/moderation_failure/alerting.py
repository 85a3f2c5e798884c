"""Who is told, and when: a nightly sum that goes to a mailbox, or an hourly count that pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from aiir_lab.simulate.moderation_failure.filters import ModerationStage
from aiir_lab.simulate.moderation_failure.traffic import DAY_S, DAYS, HOURS
from aiir_lab.simulate.randomness import draw_by_key

if TYPE_CHECKING:
    from aiir_lab.simulate.moderation_failure.pipeline import Played

SLOW, FAST = "nightly_confirmed_rate", "hourly_confirmed_count"
QUIET_S = 60 * 3600.0  # after a response the same rule stays silent
BASE_DAYS = 5  # the usual rate is that of the first days
SLOW_RATIO = 2.0
FAST_SIGMAS = 4.0
MAILBOX_HOUR = 9  # of the next workday


@dataclass(frozen=True)
class Alert:
    """One alert that fired, and when somebody began to act on it."""

    rule: str
    fired_s: float
    answered_s: float
    value: float
    limit: float


def find_alert(stage: ModerationStage, done: Played, *, after_s: float, fast_from_s: float) -> Alert | None:
    """Find the alert that is answered first, later than the last response.

    Two rules read the same thing, outputs that were shown and that a moderator then
    called harmful. The nightly rule divides a day's count by all outputs shown: a
    surge of innocent outputs dilutes it; it goes to a mailbox that is read on workdays
    at nine. The hourly rule counts the last six hours and pages.
    """
    confirmed = confirmed_at(done)
    silent = {a.rule: a.answered_s + QUIET_S for a in done.alerts}
    slow = _find_slow(stage, done, confirmed, max(after_s, silent.get(SLOW, 0.0)))
    fast = _find_fast(stage, confirmed, max(after_s, silent.get(FAST, 0.0), fast_from_s))
    found = [a for a in (slow, fast) if a is not None]
    return min(found, key=lambda a: a.answered_s) if found else None


def confirmed_at(done: Played) -> NDArray[np.float64]:
    """When a shown output was confirmed to be harmful, one time for each output, in order."""
    reviews = done.reviews
    assert reviews is not None  # decided before
    hit = reviews.says_harmful & (reviews.source != 1)
    _, first = np.unique(reviews.row[hit], return_index=True)
    times: NDArray[np.float64] = np.sort(reviews.done_s[hit][first])
    return times


def _find_slow(
    stage: ModerationStage, done: Played, confirmed: NDArray[np.float64], from_s: float
) -> Alert | None:
    shown = np.bincount((stage.traffic.second[done.action == 0] // DAY_S).astype(int), minlength=DAYS).astype(
        float
    )
    day = (confirmed[confirmed < DAYS * DAY_S] // DAY_S).astype(int)
    count = np.bincount(day, minlength=DAYS)
    usual = count[:BASE_DAYS].sum() / shown[:BASE_DAYS].sum()
    # Two days together: a single day holds too few to tell.
    rate = (count + np.roll(count, 1)) / np.maximum(shown + np.roll(shown, 1), 1.0)
    limit = SLOW_RATIO * usual
    for d in range(BASE_DAYS, DAYS):
        fired = (d + 1) * DAY_S + 6 * 3600.0
        if fired >= from_s and rate[d] > limit:
            return Alert(SLOW, fired, _read_mailbox(fired), float(rate[d]), float(limit))
    return None


def _find_fast(stage: ModerationStage, confirmed: NDArray[np.float64], from_s: float) -> Alert | None:
    if not np.isfinite(from_s):
        return None
    hour = np.arange(BASE_DAYS * 24, HOURS) + 1.0
    count = np.searchsorted(confirmed, hour * 3600) - np.searchsorted(confirmed, (hour - 6) * 3600)
    usual = np.searchsorted(confirmed, BASE_DAYS * DAY_S) / (BASE_DAYS * 4.0)
    limit = max(usual + FAST_SIGMAS * np.sqrt(usual + 0.5), 4.0)
    hits = np.flatnonzero((count > limit) & (hour * 3600 >= from_s))
    if not len(hits):
        return None
    fired = float(hour[hits[0]] * 3600 + 60)
    setting = stage.setting
    wait = draw_by_key(setting.seed, setting.world, "page answered", keys=np.array([int(hour[hits[0]])]))
    return Alert(FAST, fired, fired + 300 + round(1200 * float(wait[0])), float(count[hits[0]]), limit)


def _read_mailbox(fired_s: float) -> float:
    """Next workday at nine, after the day the mail came in has passed; the run starts on a Monday."""
    day = int(fired_s // DAY_S) + 1
    while day % 7 >= 5:
        day += 1
    return day * DAY_S + MAILBOX_HOUR * 3600.0
