"""Three weeks of the vendor: recognise, suppress, hear appeals, notice, go back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aiir_lab.simulate.fitting import remember
from aiir_lab.simulate.randomness import draw_by_key
from aiir_lab.simulate.vision_bias.market import DAY_S, DAYS, END_S, HOUR_S, REGIONS, VisionStage
from aiir_lab.simulate.vision_bias.model import DIVERSE, NARROW, OLD, ask, slice_accuracy

FLOOR, HIGH_FLOOR, REVIEW_BELOW = 0.25, 0.5, 0.7
REVIEWS_PER_DAY = 10  # at lesson size
REVIEW_S = 1.5 * HOUR_S
SLOW_APPEAL_H, FAST_APPEAL_H = (48.0, 96.0), (2.0, 8.0)
DESK_ERROR = 0.03
STAYS_DOWN_S = 7.0 * DAY_S  # without an appeal, a seller lists again after a week
RETRY_S = 7.0 * DAY_S  # a release that was held or taken back comes again, mended
SLICE_SLACK = 0.10
STAGES = ((0.0, 0.05), (2.0, 0.25), (5.0, 1.0))  # days since the release, share of requests
ROLLBACK_SIGMAS, ROLLBACK_COUNT = 4.0, 5
CANARY_SIGMAS, CANARY_COUNT = 4.0, 4
REPORT_RATIO = 1.5  # of the weekly quality report
INVESTIGATE_S = 2.0 * DAY_S


@dataclass(frozen=True)
class Alert:
    """What set a rollback off."""

    rule: str
    fired_s: float
    acts_s: float
    value: float
    limit: float


@dataclass
class Played:
    """What came of one play, one entry for each request unless said otherwise."""

    release_s: float  # when the release went out; infinity when it was held
    stop_s: float  # when it was taken back
    mended_s: float  # when the mended release went out
    is_held: bool
    first_kind: str  # which of the versions was released
    alerts: list[Alert]
    kind: NDArray[np.int64]  # 0 old, 1 the release, 2 the mended release
    label: NDArray[np.int64]
    confidence: NDArray[np.float64]
    is_suppressed: NDArray[np.bool_]
    is_reviewed: NDArray[np.bool_]
    filed_s: NDArray[np.float64]
    decided_s: NDArray[np.float64]
    is_upheld: NDArray[np.bool_]
    up_again_s: NDArray[np.float64]
    why_up: NDArray[np.int64]  # 0 listed again by the seller, 1 appeal, 2 review, 3 decided again


class Pipeline:
    """Plays the vendor once under a plan."""

    def __init__(self, stage: VisionStage, starts_s: Mapping[str, float], *, incident: bool) -> None:
        self.stage = stage
        self.starts_s = starts_s
        self.incident = incident

    def _from(self, control: str) -> float:
        return self.starts_s.get(control, np.inf)

    def play(self) -> Played:
        """Decide the run to its end, find the first thing that takes the release back, decide again."""
        planned = self.stage.market.release_s
        is_diverse = not self.incident or self._from("diverse_training_set") <= planned - 2 * DAY_S
        kind = DIVERSE if is_diverse else NARROW
        is_held = self._from("slice_check") <= planned and self._fails_slices(kind)
        by_hand = self._from("rollback_model")
        release = np.inf if is_held or by_hand <= planned else planned
        mended = planned + RETRY_S if is_held else np.inf
        done = self._decide(release, by_hand, mended, kind, is_held)
        alert = self._find_alert(done)
        if alert is not None and alert.acts_s < min(by_hand, END_S):
            done = self._decide(release, alert.acts_s, alert.acts_s + RETRY_S, kind, is_held)
        if alert is not None and alert.fired_s < min(by_hand, END_S):
            done.alerts.append(alert)
        return done

    def _fails_slices(self, kind: str) -> bool:
        def accuracy(which: str) -> NDArray[np.float64]:
            return remember(self.stage, ("slices", which), lambda: slice_accuracy(self.stage, which))

        return bool((accuracy(kind) < accuracy(OLD) - SLICE_SLACK).any())

    def _versions(self, release: float, stop: float, mended: float) -> NDArray[np.int64]:
        """Say which version decides each request: 0 old, 1 the release, 2 the mended release."""
        second, bucket = self.stage.requests.second, self.stage.requests.bucket
        share = np.ones(len(second))
        if self._from("staged_rollout") <= release < np.inf:
            steps = np.array([release + day * DAY_S for day, _ in STAGES])
            place = np.searchsorted(steps, second, side="right") - 1
            share = np.array([part for _, part in STAGES])[np.maximum(place, 0)]
        kind = np.where((second >= release) & (second < stop) & (bucket < share), 1, 0)
        return np.where(second >= mended, 2, kind)

    def _decide(self, release: float, stop: float, mended: float, kind: str, is_held: bool) -> Played:
        stage, requests = self.stage, self.stage.requests
        second, n = requests.second, len(requests.second)
        seed, world = stage.setting.seed, stage.setting.world
        which = self._versions(release, stop, mended)
        label, confidence = np.zeros(n, dtype=np.int64), np.zeros(n)
        for code, name in enumerate((OLD, kind, DIVERSE)):
            here = which == code
            if here.any():
                said = ask(stage, name)
                label[here], confidence[here] = said.label[here], said.confidence[here]
        floor = np.where(second >= self._from("confidence_floor"), HIGH_FLOOR, FLOOR)
        down = (
            (label != requests.declared) & (confidence >= floor) & (second < self._from("pause_suppression"))
        )

        every = np.arange(n)
        rightly = requests.declared != requests.goods
        errs = draw_by_key(seed, world, "desk error", keys=every) < DESK_ERROR
        doubtful = np.flatnonzero(down & (confidence < REVIEW_BELOW) & (second >= self._from("human_review")))
        day = (second[doubtful] // DAY_S).astype(np.int64)
        place = np.arange(len(day)) - np.searchsorted(day, day)  # in the order of the day
        looked = doubtful[place < round(REVIEWS_PER_DAY * stage.scale)]
        reviewed = np.zeros(n, dtype=bool)
        reviewed[looked] = True
        lifted = reviewed & (rightly == errs)

        filed = np.where(down & ~lifted, second + requests.files_after_s, np.inf)
        luck = draw_by_key(seed, world, "appeal wait", keys=every)
        slow, fast = (low + (high - low) * luck for low, high in (SLOW_APPEAL_H, FAST_APPEAL_H))
        wait = np.where(filed >= self._from("fast_appeals"), fast, slow)
        decided = np.floor(filed + wait * HOUR_S)
        upheld = np.isfinite(decided) & (rightly == errs)

        up = second + STAYS_DOWN_S
        why = np.zeros(n, dtype=np.int64)
        again = self._from("relist_affected")
        old = ask(stage, OLD)
        better = (
            (which == 1) & (second < again) & ((old.label == requests.declared) | (old.confidence < FLOOR))
        )
        paths = (
            (1, np.where(upheld, decided, np.inf)),
            (2, np.where(lifted, second + REVIEW_S, np.inf)),
            (3, np.where(better, again, np.inf)),
        )
        for code, at in paths:
            sooner = at < up
            up, why = np.where(sooner, at, up), np.where(sooner, code, why)
        # Who is back up has nothing to appeal against.
        moot = filed > np.where(why == 1, np.inf, up)
        filed, decided, upheld = (
            np.where(moot, np.inf, filed),
            np.where(moot, np.inf, decided),
            upheld & ~moot,
        )
        return Played(
            release, stop, mended, is_held, kind, [], which, label, confidence, down, reviewed,
            filed, decided, upheld, np.where(down, up, np.inf), why,
        )  # fmt: skip

    def _find_alert(self, done: Played) -> Alert | None:
        """Find what takes the release back first: a rule, or the weekly report and two days of work."""
        if not np.isfinite(done.release_s):
            return None
        requests, release = self.stage.requests, done.release_s
        won = done.is_upheld & (done.decided_s < END_S)
        when, row = done.decided_s[won], np.flatnonzero(won)
        order = np.argsort(when, kind="stable")
        when, row = when[order], row[order]
        region = self.stage.market.seller_region[requests.seller[row]]
        found = [self._weekly_report(when, release)]
        if self._from("auto_rollback") < END_S:
            found.append(_watch_regions(when, region, release, self._from("auto_rollback")))
        if self._from("staged_rollout") <= release:
            found.append(_watch_canary(when, done.kind[row] == 1, requests.second[row], release))
        known = [a for a in found if a is not None]
        return min(known, key=lambda a: a.acts_s) if known else None

    def _weekly_report(self, when: NDArray[np.float64], release: float) -> Alert | None:
        """Every Monday at ten, over all clients: overturned suppressions against the first week."""
        usual = float(np.searchsorted(when, 7 * DAY_S))
        limit = max(REPORT_RATIO * usual, 6.0)
        for d in range(14, DAYS + 1, 7):
            fired = d * DAY_S + 10 * HOUR_S
            count = float(np.searchsorted(when, d * DAY_S) - np.searchsorted(when, (d - 7) * DAY_S))
            if fired > release and count > limit:
                return Alert("weekly_quality_report", fired, fired + INVESTIGATE_S, count, limit)
        return None


def _watch_regions(
    when: NDArray[np.float64], region: NDArray[np.int64], release: float, from_s: float
) -> Alert | None:
    """Each morning, three days of overturned suppressions of each region against those before the release."""
    before = np.bincount(region[when < release], minlength=len(REGIONS)) / (release / DAY_S) * 3.0
    limit = np.maximum(before + ROLLBACK_SIGMAS * np.sqrt(before + 0.5), ROLLBACK_COUNT)
    for d in range(DAYS):
        at = d * DAY_S + 6 * HOUR_S
        if at <= max(release, from_s - DAY_S) or at < from_s:
            continue
        count = np.bincount(region[(when > at - 3 * DAY_S) & (when <= at)], minlength=len(REGIONS))
        if (count > limit).any():
            worst = int(np.argmax(count - limit))
            return Alert("overturned_by_region", at, at + 600.0, float(count[worst]), float(limit[worst]))
    return None


def _watch_canary(
    when: NDArray[np.float64], is_canary: NDArray[np.bool_], asked: NDArray[np.float64], release: float
) -> Alert | None:
    """Each morning until all have the release: overturned suppressions of its share against the rest."""
    for d in range(DAYS):
        at = d * DAY_S + 6 * HOUR_S
        if not release < at < release + STAGES[-1][0] * DAY_S:
            continue
        share = 0.05 if at < release + STAGES[1][0] * DAY_S else 0.25
        known = (when <= at) & (asked >= release)
        mine, rest = int((known & is_canary).sum()), int((known & ~is_canary).sum())
        expected = (rest / (1 - share) + 0.5) * share
        limit = max(expected + CANARY_SIGMAS * np.sqrt(expected), CANARY_COUNT)
        if mine > limit:
            return Alert("canary_overturned", at, at + 600.0, float(mine), float(limit))
    return None
