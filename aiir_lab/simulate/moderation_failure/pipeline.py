"""Three weeks of the company: filter, publish, report, review, notice, respond, retrain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from aiir_lab.simulate.moderation_failure.alerting import Alert, find_alert
from aiir_lab.simulate.moderation_failure.filters import Filters, ModerationStage, Recipe
from aiir_lab.simulate.moderation_failure.model import BLOCK_AT
from aiir_lab.simulate.moderation_failure.reviewing import Reviews, review
from aiir_lab.simulate.moderation_failure.traffic import DAY_S, DAYS

ACTIONS = ("show", "block", "withhold", "limit")
HAND_BUILD_S = 48 * 3600.0  # the old training pipeline has no owner; a build by hand takes two days
# The first build has seen few examples of what is new; each later one has seen more.
REFRESH_BUILDS_S = (3 * 3600.0, 12 * 3600.0, 24 * 3600.0)
SWITCH_FOR_S = 24 * 3600.0  # what on-call may do alone
RED_TEAM_BUILD_S = 24 * 3600.0
SWITCH_S = 600.0
YOUNG_DAYS, YOUNG_PER_DAY = 14, 3
END_S = float(DAYS * DAY_S)
REFRESH_S = tuple(d * DAY_S / 2 + 3 * 3600.0 for d in range(7, 2 * DAYS, 7))  # every three and a half days


@dataclass(frozen=True)
class Version:
    """One filter: what it learned from and since when it decides."""

    recipe: Recipe
    live_s: float
    reason: str


@dataclass
class Played:
    """What came of one play, one entry for each output unless said otherwise."""

    versions: list[Version]
    alerts: list[Alert]
    withheld: list[tuple[float, float]]  # spans in which on-call withheld the trending topic
    which: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))  # version
    score: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    action: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    removed_s: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    report_s: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    reviews: Reviews | None = None


class Pipeline:
    """Plays the company once under a plan.

    The run is decided to its end under what is known so far. The first thing that
    changes the filter (a weekly retraining, a response to an alert) is then added, and
    all is decided again: what lies before it cannot change, so each pass settles the
    run up to there.
    """

    def __init__(self, stage: ModerationStage, starts_s: Mapping[str, float], *, incident: bool) -> None:
        self.stage = stage
        self.filters = Filters(stage, incident=incident)
        self.starts_s = starts_s

    def _from(self, control: str) -> float:
        return self.starts_s.get(control, np.inf)

    def play(self) -> Played:
        """Run the three weeks."""
        refresh, red_team = self._from("filter_refresh"), self._from("red_team_set")
        first = ["snapshot"]
        first += ["recent"] if refresh <= 0 else []
        first += ["red_team"] if red_team <= 0 else []
        versions = [Version(_recipe(first), -np.inf, "first")]
        if np.isfinite(self._from("rollback_model")):
            versions.append(Version(_recipe(["older"]), self._from("rollback_model"), "rollback"))
        # Each build: when its labels are taken, when it goes live, why.
        agenda = [(t, t, "regular") for t in REFRESH_S if t >= refresh]
        agenda += [(t, t, "first refresh") for t in [refresh + REFRESH_BUILDS_S[0]] if 0 < refresh < END_S]
        agenda += [(t, t, "red team") for t in [red_team + RED_TEAM_BUILD_S] if 0 < red_team < END_S]
        done = self._decide(Played(versions, [], []))
        now = 0.0
        while True:
            alert = find_alert(self.stage, done, after_s=now, fast_from_s=self._from("alert_routing"))
            planned = min((build for build in agenda if build[0] > now), default=(np.inf, np.inf, ""))
            if min(planned[0], alert.answered_s if alert else np.inf) >= END_S:
                break
            if alert and alert.answered_s <= planned[0]:
                now = alert.answered_s
                agenda += self._respond(done, alert)
            else:
                now = planned[0]
                self._train(done, *planned)
            done = self._decide(Played(done.versions, done.alerts, done.withheld))
        if alert and alert.fired_s < END_S:  # nobody has read it before the end
            done.alerts.append(alert)
        return done

    def _respond(self, done: Played, alert: Alert) -> list[tuple[float, float, str]]:
        """Answer an alert: plan new filters as fast as the pipeline allows; use the switch, if permitted."""
        at = alert.answered_s
        done.alerts.append(alert)
        if self._from("filter_refresh") <= at:
            builds = [(at + wait, at + wait, "on call") for wait in REFRESH_BUILDS_S]
        else:  # labels are collected for half of the time; then the build by hand takes its course
            builds = [(at + HAND_BUILD_S / 2, at + HAND_BUILD_S, "by hand")]
        if self._from("on_call_switch") <= at:
            done.withheld.append((at + SWITCH_S, at + SWITCH_FOR_S))
        return builds

    def _train(self, done: Played, taken_s: float, live_s: float, reason: str) -> None:
        """Train on the samples of the day and on what had been reviewed by `taken_s`."""
        reviews = done.reviews
        assert reviews is not None  # decided before
        known = reviews.done_s <= taken_s
        row, last = np.unique(reviews.row[known][::-1], return_index=True)
        labels = reviews.says_harmful[known][::-1][last]
        parts = ["snapshot"]
        parts += ["recent"] if self._from("filter_refresh") <= live_s else []
        parts += ["red_team"] if self._from("red_team_set") <= live_s else []
        done.versions.append(Version(Recipe(tuple(parts), row, labels), live_s, reason))
        done.versions.sort(key=lambda v: v.live_s)

    def _decide(self, done: Played) -> Played:
        """Decide every output under the versions and switches known so far."""
        traffic, stage = self.stage.traffic, self.stage
        second = traffic.second
        starts = np.array([v.live_s for v in done.versions])
        done.which = np.searchsorted(starts, second, side="right") - 1
        normalised = second >= self._from("spelling_normaliser")
        done.score = np.zeros(len(second))
        for number in np.unique(done.which).tolist():
            for flag in (False, True):
                here = (done.which == number) & (normalised == flag)
                if here.any():
                    recipe = done.versions[number].recipe
                    done.score[here] = self.filters.scores(recipe, normalised=flag)[here]
        done.action = np.where(done.score >= BLOCK_AT, 1, 0)
        limited = (second >= self._from("rate_limit")) & (stage.day_rank > YOUNG_PER_DAY)
        done.action[limited & (done.action == 0)] = 3
        silent = stage.is_trending & (second >= self._from("safe_mode"))
        for from_s, to_s in done.withheld:
            silent |= stage.is_trending & (second >= from_s) & (second < to_s)
        done.action[silent] = 2
        done.reviews, done.removed_s, done.report_s = review(
            stage, done.action == 0, done.action == 1, shift_from_s=self._from("human_review")
        )
        return done


def _recipe(parts: list[str]) -> Recipe:
    return Recipe(tuple(parts), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool))
