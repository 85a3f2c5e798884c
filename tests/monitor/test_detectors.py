"""Each detector on small frames: what it must see, what it must not, and the borderline."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from aiir_lab.monitor import (
    Alarm,
    ChangePoint,
    FairnessSlices,
    GoldenSet,
    PopulationDrift,
    SliceRates,
    SourceDisagreement,
    Streaming,
    all_of,
    any_of,
    measure_psi,
)
from aiir_lab.monitor.change import cusum, page_hinkley
from aiir_lab.records.errors import AiirError, NotFoundError

START = datetime(2026, 3, 2, tzinfo=UTC)
NOW = START + timedelta(days=40)


def spread_over_days(n: int, *, days: float = 40.0) -> pd.DatetimeIndex:
    return pd.DatetimeIndex([START + timedelta(days=days * (i + 0.5) / n) for i in range(n)])


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def test_psi_is_zero_for_the_same_and_known_for_a_plain_shift():
    same = pd.Series(["a"] * 50 + ["b"] * 50)
    assert measure_psi(same, same) == 0.0
    moved = pd.Series(["a"] * 90_000 + ["b"] * 10_000)
    before = pd.Series(["a"] * 50_000 + ["b"] * 50_000)
    by_hand = 0.4 * np.log(0.9 / 0.5) - 0.4 * np.log(0.1 / 0.5)
    assert measure_psi(before, moved) == pytest.approx(by_hand, abs=1e-3)


@pytest.mark.parametrize("method", ["psi", "ks"])
def test_drift_sees_a_shift_of_amounts_and_not_their_noise(rng, method):
    n = 8_000
    calm = pd.DataFrame({"at": spread_over_days(n), "amount": rng.lognormal(3, 1, n)})
    moved = calm.assign(amount=calm["amount"].where(calm["at"] < NOW - timedelta(days=7), calm["amount"] * 3))
    watcher = PopulationDrift("t", "amount", "at", method=method)
    assert watcher({"t": calm}, NOW) == []
    assert [alarm.where for alarm in watcher({"t": moved}, NOW)] == ["column=amount"]
    assert np.isnan(watcher.measure({"t": moved.iloc[:200]}, START + timedelta(days=10)))


def make_slices(rng, *, bad: float, n: int = 12_000) -> pd.DataFrame:
    frame = pd.DataFrame({"at": spread_over_days(n), "shop": rng.choice(list("pqrst"), n)})
    late = frame["at"] >= NOW - timedelta(days=14)
    return frame.assign(hit=rng.random(n) < np.where((frame["shop"] == "q") & late, bad, 0.02))


def test_one_slice_is_named_while_the_total_stands_still(rng):
    watcher = SliceRates("t", ["shop"], "hit", "at")
    assert [a.where for a in watcher({"t": make_slices(rng, bad=0.08)}, NOW)] == ["shop=q"]
    assert watcher({"t": make_slices(rng, bad=0.02)}, NOW) == []
    total = SliceRates("t", [], "hit", "at")
    assert total({"t": make_slices(rng, bad=0.04)}, NOW) == []
    assert watcher({"t": make_slices(rng, bad=0.08).iloc[:0]}, NOW) == []


def test_a_slice_without_a_hit_so_far_does_not_alarm_at_its_first(rng):
    frame = make_slices(rng, bad=0.02)
    quiet = frame["shop"] == "s"
    frame.loc[quiet, "hit"] = False
    frame.loc[frame.index[quiet][-1], "hit"] = True
    assert SliceRates("t", ["shop"], "hit", "at", threshold=3)({"t": frame}, NOW) == []


def test_down_is_the_other_way(rng):
    frame = make_slices(rng, bad=0.0)
    frame["fine"] = ~frame["hit"]
    frame.loc[(frame["shop"] == "q") & (frame["at"] >= NOW - timedelta(days=14)), "fine"] = False
    assert SliceRates("t", ["shop"], "fine", "at")({"t": frame}, NOW) == []
    assert len(SliceRates("t", ["shop"], "fine", "at", direction="down")({"t": frame}, NOW)) == 1


def make_labels(rng, *, lies: float) -> pd.DataFrame:
    """Five partners comment on 60 fraudulent payments each; an analyst knows them all."""
    rows = []
    for place in range(5):
        for item in range(60):
            key = place * 1_000 + item
            rows.append((key, "desk", "analyst", "fraud"))
            wrong = rng.random() < (lies if place == 3 else 0.05)
            rows.append((key, f"partner-{place}", "partner_feedback", "legitimate" if wrong else "fraud"))
    return pd.DataFrame(rows, columns=["transaction_id", "source_id", "channel", "label"])


def test_the_source_that_contradicts_trusted_labels_is_named(rng):
    watcher = SourceDisagreement()
    assert [a.where for a in watcher({"labels": make_labels(rng, lies=0.4)}, NOW)] == ["source_id=partner-3"]
    assert watcher({"labels": make_labels(rng, lies=0.05)}, NOW) == []
    assert watcher({"labels": make_labels(rng, lies=0.4).iloc[:0]}, NOW) == []


def test_cusum_sees_a_small_lasting_shift_that_no_single_point_shows(rng):
    series = rng.normal(0, 1, 60)
    series[30:] += 1.2
    assert np.abs(series).max() < 4
    table = {"t": pd.DataFrame({"value": series})}
    calm = {"t": pd.DataFrame({"value": series[:30]})}
    for method in ("cusum", "page_hinkley"):
        assert len(ChangePoint("t", "value", method=method)(table, NOW)) == 1
        assert ChangePoint("t", "value", method=method)(calm, NOW) == []
        assert ChangePoint("t", "value", method=method, direction="down")(table, NOW) == []


def test_page_hinkley_is_the_textbook_sum():
    series = np.array([1.0, 2.0, 4.0, 3.0, 9.0])
    spread, mean, total, lowest, by_hand = series[:3].std(ddof=1), 0.0, 0.0, np.inf, []
    for place, x in enumerate(series):
        mean += (x - mean) / (place + 1)
        total += (x - mean) / spread - 0.1
        lowest = min(lowest, total)
        by_hand.append(total - lowest)
    assert page_hinkley(series, baseline=3, slack=0.1) == pytest.approx(by_hand)
    assert cusum(series, baseline=3, slack=0.0)[-1] > cusum(series, baseline=3, slack=0.5)[-1]


class TwoInARow:
    """Stands for a detector of a library: drift after two points above one."""

    def __init__(self):
        self.count, self.drift_detected = 0, False

    def update(self, x):
        self.count = self.count + 1 if x > 1 else 0
        self.drift_detected = self.count >= 2


def test_a_detector_of_a_library_follows_a_series():
    watcher = Streaming(TwoInARow, "t", "value")
    assert watcher({"t": pd.DataFrame({"value": [0.0, 2.0, 2.0]})}, NOW) is True
    assert watcher({"t": pd.DataFrame({"value": [2.0, 2.0, 0.0]})}, NOW) is False
    assert Streaming(TwoInARow, "t", "value", last=2)({"t": pd.DataFrame({"value": [2.0, 2.0, 0.0]})}, NOW)


def test_river_detectors_fit_in(rng):
    drift = pytest.importorskip("river.drift", reason="river is optional: uv pip install river")
    series = pd.DataFrame({"value": np.r_[rng.normal(0, 1, 300), rng.normal(4, 1, 100)]})
    watcher = Streaming(drift.ADWIN, "t", "value", last=100)
    assert watcher({"t": series}, NOW)
    assert not watcher({"t": series.iloc[:300]}, NOW)


def test_the_newest_version_is_held_against_the_first_ones(rng):
    def rows(late: float):
        version = np.repeat(["v1", "v2", "v3", "v4", "v5"], 60)
        return pd.DataFrame({"version": version, "is_right": np.tile(np.arange(60) < 54, 5)}).assign(
            is_right=lambda f: f["is_right"] & ~(f["version"].isin(["v4", "v5"]) & (rng.random(300) < late))
        )

    assert len(GoldenSet("t")({"t": rows(0.4)}, NOW)) == 1
    assert GoldenSet("t")({"t": rows(0.0)}, NOW) == []
    assert GoldenSet("t")({"t": rows(0.4).iloc[:180]}, NOW) == [], "three versions: nothing newer to compare"


@pytest.mark.parametrize(("rate", "fires"), [(0.60, False), (0.50, False), (0.40, True)])
def test_four_fifths(rate, fires):
    n = 1_000
    frame = pd.DataFrame(
        {
            "at": [NOW - timedelta(days=1)] * (2 * n),
            "group": ["a"] * n + ["b"] * n,
            "is_granted": [i < 600 for i in range(n)] + [i < rate * n for i in range(n)],
        }
    )
    found = FairnessSlices("t", "group", "is_granted", "at")({"t": frame}, NOW)
    assert [a.where for a in found] == (["group=b"] if fires else [])


def test_a_small_group_does_not_alarm_by_chance():
    frame = pd.DataFrame(
        {
            "at": [NOW] * 1_060,
            "group": ["a"] * 1_000 + ["b"] * 60,
            "is_granted": [i < 600 for i in range(1_000)] + [i < 27 for i in range(60)],
        }
    )
    watcher = FairnessSlices("t", "group", "is_granted", "at")
    assert watcher.measure({"t": frame}, NOW).loc["b", "shortfall"] == pytest.approx(0.25)
    assert watcher({"t": frame}, NOW) == []


def test_monitors_are_put_together():
    yes, no = (lambda tables, now: Alarm(where="x")), (lambda tables, now: False)
    assert len(any_of(yes, no)({}, NOW)) == 1
    assert all_of(yes, no)({}, NOW) == []
    assert len(all_of(yes, yes)({}, NOW)) == 2
    with pytest.raises(AiirError, match="cannot be called"):
        any_of(yes, 3)


def test_mistakes_in_settings_are_named():
    with pytest.raises(NotFoundError, match="psi"):
        PopulationDrift("t", "amount", "at", method="psy")
    with pytest.raises(AiirError, match="threshold=0"):
        SourceDisagreement(threshold=0)
    with pytest.raises(NotFoundError, match="labels"):
        SourceDisagreement(rows="lables")({"labels": pd.DataFrame()}, NOW)
    with pytest.raises(NotFoundError, match="amount_usd"):
        PopulationDrift("t", "amount", "at_utc")({"t": pd.DataFrame({"amount_usd": [], "at_utc": []})}, NOW)
