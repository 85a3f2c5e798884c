"""Twelve weeks of the lender, day by day: feed, score, cutoff, appeal, notice, respond."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from aiir_lab.simulate.credit_bias.applicants import AREAS, DAY_S, DAYS, HOUSING, CreditStage
from aiir_lab.simulate.credit_bias.scoring import score
from aiir_lab.simulate.fitting import fingerprint

LESSON_ROWS = 24_000
CUTOFF_DAYS = 7
RATE_LIMIT, RATE_DAYS = 0.035, 21  # of the old alert on the approval rate
INVESTIGATE_S = 3.0 * DAY_S  # from the answer to a page until the feed is switched back
PARITY_MOVE, PARITY_ROWS = 0.06, 25
EMPTY_SHARE, EMPTY_ROWS, CONTRACT_DAYS = 0.35, 6, 3
REVIEW_BAND, REVIEWS_A_DAY, REVIEW_MIN = 0.15, 12, 25.0
GROUP_DAYS, GROUP_Z = 14, 3.0
SLICES = AREAS * len(HOUSING)
# How an application was decided.
AUTO, AUDIT, REVIEWED = 0, 1, 2


@dataclass(frozen=True)
class Alert:
    """One page."""

    rule: str
    fired_s: float
    answered_s: float
    value: float
    limit: float


@dataclass
class Played:
    """What came of one play; arrays have one entry for each application."""

    fields: NDArray[np.float64]  # as scored
    feed: NDArray[np.int64]  # 0 old, 1 new
    is_filled: NDArray[np.bool_]
    version: NDArray[np.int64]
    score: NDArray[np.float64]
    true_score: NDArray[np.float64]  # what papers would give
    cutoff: NDArray[np.float64]
    is_approved: NDArray[np.bool_]
    how: NDArray[np.int64]
    appealed_s: NDArray[np.float64]  # NaN: no appeal
    decided_s: NDArray[np.float64]
    is_upheld: NDArray[np.bool_]
    is_data_wrong: NDArray[np.bool_]  # the papers showed other bureau fields
    alerts: list[Alert] = field(default_factory=list)
    reviewed: int = 0
    held_from_s: float = np.inf  # since when the old feed is back


class Pipeline:
    """Plays the lender once. A day is decided with what was known at its start."""

    def __init__(self, stage: CreditStage, starts_s: Mapping[str, float], *, incident: bool) -> None:
        self.stage, self.starts_s = stage, starts_s
        self.new = stage.new_fields if incident else stage.people.fields
        n = len(stage.second)
        self.day = (stage.second // DAY_S).astype(np.int64)
        self.slices = stage.people.area * len(HOUSING) + stage.people.housing
        self.by_day = [np.flatnonzero(self.day == d) for d in range(DAYS)]
        key = fingerprint(self.new)
        self.scores = {
            (v, f): score(stage, v, f if f == "old" else key, stage.people.fields if f == "old" else self.new)
            for v in (0, 1)
            for f in ("old", "new")
        }
        self.back_s = starts_s.get("rollback_feed", np.inf)
        self.quiet_until = -1.0
        self.done = Played(
            stage.people.fields.copy(), np.zeros(n, np.int64), np.zeros(n, bool), np.zeros(n, np.int64),
            np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n, bool), np.zeros(n, np.int64),
            np.full(n, np.nan), np.full(n, np.nan), np.zeros(n, bool), np.zeros(n, bool),
        )  # fmt: skip

    def since(self, control: str) -> float:
        """Second from which a control works; infinity when it never does."""
        return self.starts_s.get(control, np.inf)

    def play(self) -> Played:
        """Run the twelve weeks."""
        self._check_release()
        for day in range(DAYS):
            if day % 7 == 0 and day > 0:
                self._check_slices(day)
                self._check_groups(day)
            self._check_rate(day)
            self._decide(day)
        self.done.held_from_s = self.back_s
        return self.done

    def _check_release(self) -> None:
        """Score the week before the release with both feeds, if the check is there in time."""
        release = self.stage.scene.onset_s
        if self.since("slice_parity_check") > release - 7 * DAY_S:
            return
        week = (self.stage.second >= release - 7 * DAY_S) & (self.stage.second < release)
        if self._slices_moved(np.flatnonzero(week)):
            self.back_s = min(self.back_s, release)

    def _check_slices(self, day: int) -> None:
        """Do the same every Monday on the week before, once the new feed is in use."""
        now = day * DAY_S
        if self.since("slice_parity_check") > now or self.stage.scene.onset_s > now:
            return
        week = np.concatenate(self.by_day[day - 7 : day])
        if self._slices_moved(week[self.done.feed[week] == 1]):
            self.back_s = min(self.back_s, now + INVESTIGATE_S)

    def _slices_moved(self, rows: NDArray[np.int64]) -> bool:
        moved = self.scores[1, "new"][rows] - self.scores[1, "old"][rows]
        count = np.bincount(self.slices[rows], minlength=SLICES)
        mean = np.bincount(self.slices[rows], weights=moved, minlength=SLICES) / np.maximum(count, 1)
        enough = count >= PARITY_ROWS * self.stage.setting.rows / LESSON_ROWS
        return bool((enough & (np.abs(mean) > PARITY_MOVE)).any())

    def _check_groups(self, day: int) -> None:
        """Compare the share of upheld appeals between the declared groups."""
        now, done = day * DAY_S, self.done
        if self.since("monitor_by_group") > now:
            return
        known = (done.decided_s < now) & (done.decided_s >= now - GROUP_DAYS * DAY_S)
        known &= self.stage.noise["declares"] < 0.7
        one = known & self.stage.people.in_group
        two = known & ~self.stage.people.in_group
        a, b = int(one.sum()), int(two.sum())
        if min(a, b) < 8:
            return
        p = float(done.is_upheld[known].mean())
        gap = float(done.is_upheld[one].mean() - done.is_upheld[two].mean())
        z = abs(gap) / max(np.sqrt(p * (1 - p) * (1 / a + 1 / b)), 1e-9)
        if z > GROUP_Z:
            self._page("upheld_appeals_by_group", now + 9 * 3600.0, round(z, 4), GROUP_Z)

    def _check_rate(self, day: int) -> None:
        """Watch the approval rate of three weeks against the target: the alert that was always there."""
        if day < RATE_DAYS:
            return
        week = np.concatenate(self.by_day[day - RATE_DAYS : day])
        rate = float((self.done.score[week] >= self.done.cutoff[week]).mean())
        # Binomial noise of small lenders would page all the time.
        limit = max(RATE_LIMIT, 3.0 * np.sqrt(0.24 / len(week)))
        if abs(rate - self.stage.scene.target_rate) > limit:
            self._page("approval_rate", day * DAY_S + 8 * 3600.0, rate, self.stage.scene.target_rate - limit)

    def _page(self, rule: str, at_s: float, value: float, limit: float) -> None:
        if at_s < self.quiet_until:
            return
        self.quiet_until = at_s + 7 * DAY_S
        place = int(at_s // DAY_S)
        answered = at_s + 3600.0 * (1 + 10 * float(self.stage.noise["answer"][place]))
        self.done.alerts.append(Alert(rule, at_s, answered, value, limit))
        if self.stage.scene.onset_s <= answered:  # before it, there is nothing to switch back
            self.back_s = min(self.back_s, answered + INVESTIGATE_S)

    def _decide(self, day: int) -> None:
        stage, done, rows = self.stage, self.done, self.by_day[day]
        second = stage.second[rows]
        newer = second >= stage.scene.newer_model_s
        done.version[rows] = np.where(newer & (second < self.since("rollback_model")), 1, 0)
        done.feed[rows] = (second >= stage.scene.onset_s) & (second < self.back_s)
        done.fields[rows] = np.where((done.feed[rows] == 1)[:, None], self.new[rows], done.fields[rows])
        version = done.version[rows] == 1
        old, new = (
            np.where(version, self.scores[1, feed][rows], self.scores[0, feed][rows])
            for feed in ("old", "new")
        )
        done.true_score[rows] = old
        done.score[rows] = np.where(done.feed[rows] == 1, new, old)
        self._fill(day, rows)
        done.cutoff[rows] = self._cutoff(day)
        wins = done.score[rows] >= done.cutoff[rows]
        audit = stage.noise["audit"][rows] < 0.02
        done.how[rows] = np.where(audit, AUDIT, AUTO)
        done.is_approved[rows] = wins | audit
        self._review(day, rows)
        self._appeal(rows)

    def _cutoff(self, day: int) -> float:
        """Move the cutoff every night so that the last week would have met the target rate."""
        hold = self.since("fixed_cutoff")
        if hold <= day * DAY_S:
            day = int(np.ceil(hold / DAY_S))
        rate = self.stage.scene.target_rate
        if day < CUTOFF_DAYS:
            past = score(self.stage, 0, "training", self.stage.old.fields)
        else:
            past = self.done.score[np.concatenate(self.by_day[day - CUTOFF_DAYS : day])]
        return round(float(np.quantile(past, 1 - rate)), 4)

    def _fill(self, day: int, rows: NDArray[np.int64]) -> None:
        """Put the usual value of the slice where the contract on empty fields was broken."""
        stage, done = self.stage, self.done
        since = self.since("data_contract")
        if since > day * DAY_S or day < CONTRACT_DAYS:
            return
        past = np.concatenate(self.by_day[day - CONTRACT_DAYS : day])
        raw = np.where(done.feed[past] == 1, self.new[past, 4], stage.people.fields[past, 4]) == 0
        count = np.bincount(self.slices[past], weights=raw, minlength=SLICES)
        share = count / np.maximum(np.bincount(self.slices[past], minlength=SLICES), 1)
        need = max(EMPTY_ROWS * stage.setting.rows / LESSON_ROWS, 3)
        broken = (share > EMPTY_SHARE) & (count >= need)
        mine = rows[broken[self.slices[rows]] & (done.fields[rows, 4] == 0)]
        if not len(mine):
            return
        old = stage.old.area * len(HOUSING) + stage.old.housing
        for s in np.unique(self.slices[mine]).tolist():
            here = mine[self.slices[mine] == s]
            done.fields[here, 3:5] = np.median(stage.old.fields[old == s][:, 3:5], axis=0)
        done.is_filled[mine] = True
        for version in (0, 1):
            these = mine[done.version[mine] == version]
            if len(these):
                key = f"filled {fingerprint(these, done.fields[these])}"
                done.score[these] = score(stage, version, key, done.fields[these])

    def _review(self, day: int, rows: NDArray[np.int64]) -> None:
        done = self.done
        if self.since("human_review") > day * DAY_S:
            return
        below = done.cutoff[rows] - done.score[rows]
        near = rows[~done.is_approved[rows] & (below <= REVIEW_BAND)]
        near = near[np.argsort(done.cutoff[near] - done.score[near], kind="stable")]
        capacity = max(round(REVIEWS_A_DAY * self.stage.setting.rows / LESSON_ROWS), 2)
        # Every third in the band, not the nearest only: the far end of it is where wrong records lie.
        chosen = near[:: max(len(near) // capacity, 1)][:capacity]
        done.reviewed += len(chosen)
        fine = chosen[done.true_score[chosen] >= done.cutoff[chosen]]
        done.is_approved[fine] = True
        done.how[fine] = REVIEWED

    def _appeal(self, rows: NDArray[np.int64]) -> None:
        """Let some of the rejected appeal; the desk asks for papers and scores again."""
        stage, done = self.stage, self.done
        noise = stage.noise
        wrong = (done.fields[rows] != stage.people.fields[rows]).any(axis=1)
        # People who are told "no file found" know better.
        appeals = ~done.is_approved[rows] & (noise["appeals"][rows] < np.where(wrong, 0.2, 0.08))
        mine, is_wrong = rows[appeals], wrong[appeals]
        done.appealed_s[mine] = stage.second[mine] + (1 + 6 * noise["appeal_wait"][mine]) * DAY_S
        done.decided_s[mine] = done.appealed_s[mine] + (1 + 5 * noise["desk_wait"][mine]) * DAY_S
        done.is_data_wrong[mine] = is_wrong
        done.is_upheld[mine] = (done.true_score[mine] >= done.cutoff[mine]) | (noise["desk"][mine] < 0.1)
