"""The checks that labels and models pass on their way, those the company had and those it lacked."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aiir_lab.simulate.fraud_poisoning.market import CATEGORIES, DAY_S, DEVICES, SOURCES
from aiir_lab.simulate.fraud_poisoning.model import DECLINE_AT

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

BATCH_SIGMAS = 4.0
EVAL_AUC_SLACK = 0.08
GOLDEN_RECALL_SLACK = 0.04  # over all
GOLDEN_COHORT_SLACK = 0.20  # in any cohort with enough frauds to tell
GOLDEN_COHORT_FRAUDS = 12
COHORT_SIGMAS = 3.5
COHORT_FLIPS = 6
CHARGEBACK_SIGMAS = 3.5
CHARGEBACK_COUNT = 7
COHORTS = len(CATEGORIES) * len(DEVICES)
AMOUNT_TIERS = np.array([60.0, 150.0, 300.0, 600.0])


def check_batches(day: Ints, says_fraud: Bools, days: int) -> tuple[Bools, Floats]:
    """Check each day's feedback batch against the two weeks before it.

    The share of "legitimate" must lie within four standard deviations of the trailing
    mean. A batch that fails is quarantined. Whoever moves slowly enough takes
    the mean along: that is the weakness.

    Returns
    -------
    passed : array of bool, one for each day
    legit_share : array of float64, one for each day
    """
    rows = np.bincount(day, minlength=days).astype(float)
    legit = np.bincount(day, weights=~says_fraud, minlength=days)
    share = np.divide(legit, rows, out=np.ones(days), where=rows > 0)
    passed = np.ones(days, dtype=bool)
    for d in range(7, days):
        before = slice(max(0, d - 14), d)
        mean = legit[before].sum() / max(rows[before].sum(), 1.0)
        spread = np.sqrt(max(mean * (1 - mean), 1e-4) / max(rows[d], 1.0))
        passed[d] = abs(share[d] - mean) <= BATCH_SIGMAS * spread
    return passed, share


def limit_rate(source: Ints, second: Floats, *, from_s: float) -> Bools:
    """Cap the feedback of a source in a day at 1.3 times its daily mean of the first three weeks.

    Returns which rows stay; what came first in the day stays.
    """
    keep = np.ones(len(second), dtype=bool)
    day = (second // DAY_S).astype(np.int64)
    early = (second >= 0) & (second < 21 * DAY_S)
    usual = np.bincount(source[early], minlength=SOURCES) / 21.0
    cap = np.maximum(np.ceil(usual * 1.3), 2.0)
    limited = np.flatnonzero(second >= from_s)
    order = limited[np.lexsort((second[limited], source[limited], day[limited]))]
    group = day[order] * SOURCES + source[order]
    starts = (
        np.flatnonzero(np.concatenate([[True], group[1:] != group[:-1]])) if len(group) else np.zeros(0, int)
    )
    place = np.arange(len(order)) - np.repeat(starts, np.diff(np.concatenate([starts, [len(order)]])))
    keep[order] = place < cap[source[order]]
    return keep


def cohort_of(category: Ints, device: Ints) -> Ints:
    """Number the category x device cohorts."""
    return category * len(DEVICES) + device


def find_flipped_cohorts(cohort: Ints, is_flip: Bools, is_recent: Bools) -> Bools:
    """Find cohorts where feedback turns suspicious payments legitimate more than it used to elsewhere.

    Parameters
    ----------
    cohort : array of int
        Cohort of each payment that was declined or called fraud by an analyst, and has feedback.
    is_flip : array of bool
        The feedback said legitimate.
    is_recent : array of bool
        Received in the last four weeks; the rest is the baseline of all cohorts.

    Returns
    -------
    array of bool
        One for each cohort number up to the largest.
    """
    size = int(cohort.max()) + 1 if len(cohort) else 0
    usual = (is_flip[~is_recent].sum() + 1.0) / ((~is_recent).sum() + 4.0)
    seen = np.bincount(cohort[is_recent], minlength=size).astype(float)
    flips = np.bincount(cohort[is_recent], weights=is_flip[is_recent], minlength=size)
    spread = np.sqrt(np.maximum(seen * usual * (1 - usual), 1e-9))
    found: Bools = (flips >= COHORT_FLIPS) & (flips - seen * usual > COHORT_SIGMAS * spread)
    return found


def passes_golden_set(candidate: Floats, active: Floats, is_fraud: Bools, cohort: Ints) -> bool:
    """Compare a candidate with the active model on the golden set, over all and by cohort."""
    new, old = candidate[is_fraud] >= DECLINE_AT, active[is_fraud] >= DECLINE_AT
    if new.mean() < old.mean() - GOLDEN_RECALL_SLACK:
        return False
    groups = cohort[is_fraud]
    frauds = np.bincount(groups, minlength=COHORTS)
    drop = np.bincount(groups, weights=old.astype(float) - new, minlength=COHORTS) / np.maximum(frauds, 1)
    return not bool(((frauds >= GOLDEN_COHORT_FRAUDS) & (drop > GOLDEN_COHORT_SLACK)).any())


def find_chargeback_spike(second: Floats, cohort: Ints, now_s: float) -> int:
    """Compare last week's chargebacks of each cohort with the three weeks that ended two weeks ago.

    Returns the cohort that stands out most, or -1.
    """
    recent = (second > now_s - 7 * DAY_S) & (second <= now_s)
    before = (second > now_s - 35 * DAY_S) & (second <= now_s - 14 * DAY_S)
    count = np.bincount(cohort[recent], minlength=COHORTS).astype(float)
    expected = np.bincount(cohort[before], minlength=COHORTS) / 3.0
    excess = (count - expected) / np.sqrt(expected + 1.0)
    excess[count < CHARGEBACK_COUNT] = 0.0
    worst = int(np.argmax(excess))
    return worst if excess[worst] > CHARGEBACK_SIGMAS else -1
