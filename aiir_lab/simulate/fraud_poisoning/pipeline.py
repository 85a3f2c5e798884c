"""One play: decide, collect labels, retrain, check, promote; week after week."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aiir_lab.simulate.fitting import remember
from aiir_lab.simulate.fraud_poisoning import gates
from aiir_lab.simulate.fraud_poisoning.market import DAY_S, DAYS, HISTORY_DAYS, Market
from aiir_lab.simulate.fraud_poisoning.model import (
    DECLINE_AT,
    REVIEW_AT,
    Quality,
    decline_by_rules,
    fit_model,
    measure_quality,
    score_cells,
)
from aiir_lab.simulate.fraud_poisoning.payments import Payments
from aiir_lab.simulate.world import Stage

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

WEEK_S = 7 * DAY_S
WINDOW_S = HISTORY_DAYS * DAY_S  # labels older than four weeks leave the training set
PRESUMED_S = 5 * DAY_S  # an approved payment nobody spoke about counts as legitimate after five days
EVAL_SHARE = 0.2
EVAL_S = 28 * DAY_S
RULES = -1  # in place of a version while the kill switch is on


def name_version(number: int) -> str:
    """Name a version as the registry does."""
    return "rules" if number == RULES else f"v{number + 1}"


@dataclass
class FraudStage(Stage):
    """The company and its payments, history first."""

    market: Market = field(repr=False, default=None)  # type: ignore[assignment]
    payments: Payments = field(repr=False, default=None)  # type: ignore[assignment]
    cells: NDArray[np.uint8] = field(repr=False, default_factory=lambda: np.zeros((0, 6), dtype=np.uint8))
    cell: Ints = field(repr=False, default_factory=lambda: np.zeros(0, dtype=np.int64))  # row of `cells`
    first: int = 0  # the first payment of the run; what is before belongs to the history


@dataclass(frozen=True)
class Version:
    """One row of the model registry."""

    number: int
    key: str
    trained_s: float
    window_from_s: float
    rows: int
    status: str  # "promoted" or "held"
    held_by: str
    quality: Quality


@dataclass
class Played:
    """What a play leaves: arrays over all payments, and the log of what the pipeline did."""

    scores: Floats
    is_approved: Bools
    is_reviewed: Bools  # by a person, before the decision
    analyst_second: Floats  # inf: no analyst looked
    feedback_in: Bools  # the feedback was taken in
    batch_passed: Bools
    batch_share: Floats
    versions: list[Version]
    segments: list[tuple[float, int]]  # from when which version (or RULES) decided
    log: list[tuple[float, str, str]] = field(default_factory=list)  # second, control, what


class Pipeline:
    """The company at work under a plan; made anew for each play."""

    def __init__(self, stage: FraudStage, starts: dict[str, float], *, incident: bool) -> None:
        self.stage, self.pay, self.starts = stage, stage.payments, starts
        p, n = self.pay, len(self.pay.second)
        # One copy for all plays of a run: attribution keeps 33 of them.
        self.source, self.cohort, self.fine_cohort = remember(stage, ("groups",), self._group)
        self.feedback_second, self.feedback_fraud = remember(
            stage, ("feedback", incident), lambda: self._hear(incident)
        )
        self.is_eval = p.split_u < EVAL_SHARE
        feedback_in, passed, share = self._take_in()
        self.done = Played(
            scores=np.zeros(n),
            is_approved=np.ones(n, dtype=bool),
            is_reviewed=np.zeros(n, dtype=bool),
            analyst_second=np.full(n, np.inf),
            feedback_in=feedback_in,
            batch_passed=passed,
            batch_share=share,
            versions=[],
            segments=[],
        )
        self.pinned = False
        self.quarantined: set[int] = set()
        self.unused: dict[str, Bools] = {}  # control -> feedback that it kept out of training

    def _group(self) -> tuple[Ints, Ints, Ints]:
        p = self.pay
        cohort = gates.cohort_of(p.category, p.device)
        tier = np.searchsorted(gates.AMOUNT_TIERS, p.amount_usd, side="right")
        fine = cohort * (len(gates.AMOUNT_TIERS) + 1) + tier
        return self.stage.market.merchant_source[p.merchant], cohort, fine

    def _hear(self, incident: bool) -> tuple[Floats, Bools]:
        p = self.pay
        if not incident:
            return p.feedback_second, p.feedback_says_fraud
        at = np.where(p.is_poisoned, p.poison_second, p.feedback_second)
        return at, p.feedback_says_fraud & ~p.is_poisoned

    def start(self, control: str) -> float:
        """Second from which a control works; infinity when it never does."""
        return self.starts.get(control, np.inf)

    def play(self) -> None:
        """Live through the history and the run's weeks."""
        history = slice(0, self.stage.first)
        # Before the registry begins there was a model too: it was trained on a settled year.
        p = self.pay
        key = self._fit(np.arange(self.stage.first), p.is_fraud[history])
        self._decide(history, key)
        self._train(0.0)
        for week in range(DAYS // 7):
            begin = week * WEEK_S
            self._switch(begin, begin + WEEK_S)
            cuts = [begin, *(s for s, _ in self.done.segments if begin < s < begin + WEEK_S), begin + WEEK_S]
            for left, right in pairwise(cuts):
                rows = slice(*np.searchsorted(self.pay.second, [left, right]).tolist())
                self._decide(rows, self._key_of(self._active(left)))
            if week < DAYS // 7 - 1:
                self._train(begin + WEEK_S)

    def _active(self, second: float) -> int:
        return [version for start, version in self.done.segments if start <= second][-1]

    def _take_in(self) -> tuple[Bools, Bools, Floats]:
        """Decide which feedback enters the label store; it depends on no decision of the model."""
        at, taken = self.feedback_second, np.isfinite(self.feedback_second)
        taken &= at < min(self.start("freeze_feedback"), float(DAYS * DAY_S))
        if np.isfinite(self.start("rate_limit")):
            rows = np.flatnonzero(taken & (at >= 0))
            kept = gates.limit_rate(self.source[rows], at[rows], from_s=self.start("rate_limit"))
            taken[rows[~kept]] = False
        rows = np.flatnonzero(taken & (at >= 0))
        day = (at[rows] // DAY_S).astype(np.int64)
        passed, share = gates.check_batches(day, self.feedback_fraud[rows], DAYS)
        taken[rows[~passed[day]]] = False
        return taken, passed, share

    def _switch(self, begin: float, end: float) -> None:
        """Change the deciding version inside a week: rollbacks and the kill switch."""
        done, p = self.done, self.pay
        asked = [(max(self.start(c), 0.0), c) for c in ("rollback_model", "kill_switch")]
        moves = [(at, control) for at, control in asked if begin <= at < end]
        if self.start("auto_rollback") < end:
            moves += [(begin + d * DAY_S + 6 * 3600.0, "auto_rollback") for d in range(7)]
        arrived = p.chargeback_second[done.is_approved]
        cohort = self.cohort[done.is_approved]
        for at, control in sorted(moves):
            if control == "kill_switch":
                self._activate(at, RULES)
                done.log.append((at, control, "The model is off; plain rules decide."))
            elif control == "rollback_model":
                self._roll_back(at, control, self._last_known_good(at))
            elif at >= self.start(control) and self._may_roll_back(at):
                worst = gates.find_chargeback_spike(arrived, cohort, at)
                if worst >= 0:
                    # The payments now charged back were approved some weeks ago: go back behind them.
                    self._roll_back(at, control, self._active(max(at - 35 * DAY_S, 0.0)))

    def _may_roll_back(self, at: float) -> bool:
        return at >= 35 * DAY_S and not self.pinned and self._active(at) != RULES

    def _activate(self, at: float, version: int) -> None:
        self.done.segments.append((at, version))

    def _roll_back(self, at: float, control: str, version: int) -> None:
        self.pinned = True
        if version != self._active(at):
            self._activate(at, version)
        self.done.log.append((at, control, f"Decisions go back to v{version + 1}; promotions are held."))

    def _last_known_good(self, at: float) -> int:
        """Judge each promoted version on what analysts and chargebacks have said in the last four weeks."""
        done, p = self.done, self.pay
        rows = np.flatnonzero((p.second > at - WINDOW_S) & (p.second <= at))
        charged = done.is_approved[rows] & (p.chargeback_second[rows] <= at)
        looked = done.analyst_second[rows] <= at
        fraud = charged | (looked & p.analyst_says_fraud[rows])
        best, chosen = -1.0, 0
        for version in done.versions:
            if version.status != "promoted" or version.trained_s > at:
                continue
            scores = self._score(version.key, rows)
            caught = float((scores[fraud] >= DECLINE_AT).mean()) if fraud.any() else 0.0
            if caught >= best + 0.01:  # of equals the older one stays: it has seen less of what is doubted
                best, chosen = caught, version.number
        return chosen

    def _fit(self, rows: Ints, is_fraud: Bools) -> str:
        return fit_model(self.stage, self.stage.cells, self.stage.cell[rows], is_fraud)

    def _score(self, key: str, rows: Any) -> Floats:
        scores: Floats = score_cells(self.stage, key, self.stage.cells)[self.stage.cell[rows]]
        return scores

    def _key_of(self, version: int) -> str:
        return "" if version == RULES else self.done.versions[version].key

    def _decide(self, rows: slice, key: str) -> None:
        """Score and decide payments; ask analysts and reviewers. No key: plain rules decide."""
        done, p = self.done, self.pay
        if key:
            scores = self._score(key, rows)
        else:
            by_rule = decline_by_rules(
                p.card_age_days[rows], p.is_country_match[rows], p.velocity[rows], p.amount_usd[rows]
            )
            scores = by_rule.astype(float)
        declined = scores >= DECLINE_AT
        late = p.second[rows] >= self.start("human_review")
        reviewed = late & (scores >= REVIEW_AT) & ~declined
        declined |= reviewed & p.reviewer_says_fraud[rows]
        done.scores[rows] = scores
        done.is_approved[rows], done.is_reviewed[rows] = ~declined, reviewed
        looked = p.analyst_u[rows] < np.where(declined, 0.75, 0.05)
        done.analyst_second[rows] = np.where(looked, p.second[rows] + p.analyst_lag_s[rows], np.inf)

    def labels_at(
        self, now: float, rows: Any, *, usable: Bools | None = None, chargebacks: bool = True
    ) -> Ints:
        """Resolve the labels of payments at a time: the latest word wins. -1: nothing known.

        The evaluation leaves chargebacks out: finance books them elsewhere, and weeks late.
        """
        done, p = self.done, self.pay
        second, approved = p.second[rows], done.is_approved[rows]
        label = np.where(approved & (now - second >= PRESUMED_S), 0, -1)
        analyst = done.analyst_second[rows]
        heard = analyst <= now
        label = np.where(heard, p.analyst_says_fraud[rows], label)
        reviewed = done.is_reviewed[rows]
        label = np.where(reviewed, p.reviewer_says_fraud[rows], label)
        at = self.feedback_second[rows]
        said = done.feedback_in[rows] & (at <= now) & ~(heard & (analyst > at))
        if usable is not None:
            said &= usable
        label = np.where(said, self.feedback_fraud[rows], label)
        charged = approved & (p.chargeback_second[rows] <= now)
        return np.where(charged & chargebacks, 1, label).astype(np.int64)

    def _usable_feedback(self, now: float, rows: Any) -> Bools:
        """Which feedback may be trained on: provenance and the cohorts' history have a say."""
        done, p = self.done, self.pay
        usable = np.ones(len(p.second[rows]), dtype=bool)
        analyst = (done.analyst_second[rows] <= now) & p.analyst_says_fraud[rows]
        if self.start("provenance_gate") <= now:
            # To clear a payment, a source nobody verified needs somebody who is not paid by the payment.
            heard = done.analyst_second[rows] <= now
            agrees = heard & (p.analyst_says_fraud[rows] == self.feedback_fraud[rows])
            verified = self.stage.market.source_verified[self.source[rows]]
            admitted = verified | agrees | self.feedback_fraud[rows]
            self._note_unused("provenance_gate", rows, ~admitted, now)
            usable &= admitted
        if self.start("cohort_check") <= now:
            at = self.feedback_second
            asked = done.feedback_in & (at <= now) & (at >= 0)
            asked &= ~done.is_approved | ((done.analyst_second <= now) & p.analyst_says_fraud)
            found = gates.find_flipped_cohorts(
                self.fine_cohort[asked], ~self.feedback_fraud[asked], at[asked] > now - WINDOW_S
            )
            for cohort in np.flatnonzero(found).tolist():
                if cohort not in self.quarantined:
                    self.quarantined.add(cohort)
                    done.log.append((now, "cohort_check", f"Feedback of cohort {cohort} is quarantined."))
            held = np.isin(self.fine_cohort[rows], sorted(self.quarantined))
            admitted = ~held | (analyst & self.feedback_fraud[rows])
            self._note_unused("cohort_check", rows, ~admitted, now)
            usable &= admitted
        return usable

    def _note_unused(self, control: str, rows: Any, kept_out: Bools, now: float) -> None:
        mask = self.unused.setdefault(control, np.zeros(len(self.pay.second), dtype=bool))
        mask[rows] |= kept_out & self.done.feedback_in[rows] & (self.feedback_second[rows] <= now)

    def _train(self, now: float) -> None:
        """Train a candidate on the last four weeks and promote it if the gates let it pass."""
        p, done = self.pay, self.done
        rows = slice(*np.searchsorted(p.second, [now - WINDOW_S, now]).tolist())
        label = self.labels_at(now, rows, usable=self._usable_feedback(now, rows))
        train = (label >= 0) & ~self.is_eval[rows]
        key = self._fit(np.flatnonzero(train) + rows.start, label[train] == 1)
        label = self.labels_at(now, rows, chargebacks=False)
        judged = (label >= 0) & self.is_eval[rows] & (p.second[rows] >= now - EVAL_S)
        scores = self._score(key, rows)
        quality = measure_quality(scores[judged], label[judged] == 1)
        held_by = "" if now == 0 else self._hold(now, key, quality, rows, judged, label)
        number = len(done.versions)
        status = "held" if held_by else "promoted"
        done.versions.append(
            Version(number, key, now, now - WINDOW_S, int(train.sum()), status, held_by, quality)
        )
        if not held_by:
            self._activate(now, number)

    def _hold(self, now: float, key: str, quality: Quality, rows: slice, judged: Bools, label: Ints) -> str:
        """Name the gate that holds a candidate back, or nothing."""
        p, active = self.pay, self._active(now)
        if self.pinned or active == RULES:
            return "rollback" if self.pinned else "kill_switch"
        current = self.done.versions[active].key
        before = self._score(current, rows)
        if quality.auc < measure_quality(before[judged], label[judged] == 1).auc - gates.EVAL_AUC_SLACK:
            return "eval_auc"
        if self.start("golden_canary") <= now:
            golden = slice(0, self.stage.first)
            new, old = (self._score(k, golden) for k in (key, current))
            if not gates.passes_golden_set(new, old, p.is_fraud[golden], self.cohort[golden]):
                self.done.log.append((now, "golden_canary", "The candidate misses frauds of the golden set."))
                return "golden_canary"
        return ""
