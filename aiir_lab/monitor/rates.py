"""Rates by slice: a total can stand still while one slice goes wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from aiir_lab.monitor.alarm import Alarm, Tables
from aiir_lab.monitor.reading import Rows, check_one_of, check_positive, name_slice, read_rows, split_window


@dataclass(frozen=True)
class SliceRates:
    """Compares how often something is true in each slice with the first days of the same slice.

    Parameters
    ----------
    rows : str or function of the tables
        One row for each thing counted.
    by : list of str
        The columns that make a slice; empty: one slice, everything.
    hit : str
        A column of truth values.
    time : str
        The time of a row.
    direction : {"up", "down"}, default "up"
        Which way is bad.
    threshold : float, default 5
        Standard deviations of the expected count. With many slices keep it high: at
        3, one in 740 looks is an alarm by chance, for each slice.
    baseline_days, window_days : float, default 21 and 14
        First days that are usual, last days that are looked at. With `window_days=inf`
        all days after the baseline count: cumulative, which finds what grows slowly.
    min_rows : int, default 30
        A slice with fewer in the window or in the baseline is silent.

    Notes
    -----
    ``(hits - expected) / sqrt(expected * (1 + n / m) + 1)``, for n rows now and m before: the Poisson
    deviation, with the uncertainty of the baseline in it. `expected` is shrunk by one hit
    towards the rate of all slices, so that a slice that had none does not alarm at its first.
    """

    rows: Rows
    by: Sequence[str]
    hit: str
    time: str
    direction: str = "up"
    threshold: float = 5.0
    baseline_days: float = 21.0
    window_days: float = 14.0
    min_rows: int = 30
    name: str = "slice_rates"

    def __post_init__(self) -> None:
        check_one_of(self.name, "direction", self.direction, ("up", "down"))
        check_positive(
            self.name,
            threshold=self.threshold,
            baseline_days=self.baseline_days,
            window_days=self.window_days,
            min_rows=self.min_rows,
        )

    def measure(self, tables: Tables, now: datetime) -> pd.DataFrame:
        """Return one row for each slice.

        Returns
        -------
        DataFrame
            Index: the slice by name. hits, rows (int64) of the window, expected and deviation (float64).
        """
        by = list(self.by)
        frame = read_rows(self.rows, tables, [*by, self.hit, self.time], who=self.name)
        # All that is after the baseline, when the window has no start.
        elapsed = (now - frame[self.time].min()).total_seconds() / 86_400 if len(frame) else 0.0
        window = max(min(self.window_days, elapsed - self.baseline_days), 1e-9)
        cut = split_window(frame, self.time, now, baseline_days=self.baseline_days, window_days=window)
        columns = ["hits", "rows", "expected", "deviation"]
        if cut is None or cut[0].empty or (np.isfinite(self.window_days) and window < self.window_days - 0.1):
            return pd.DataFrame(columns=columns, dtype="float64")
        before, after = (self._count(part, by) for part in cut)
        both = after.join(before.add_suffix("_before"), how="inner")
        both = both[(both["rows"] >= self.min_rows) & (both["rows_before"] >= self.min_rows)]
        ratio = both["rows"] / both["rows_before"]
        # A slice without a hit so far is not one where none can come: one hit at the overall rate is added.
        hits, rows = both["hits_before"].sum(), both["rows_before"].sum()
        usual = max(float(hits), 0.5) / max(float(rows), 1.0)
        expected = (both["hits_before"] + 1) / (both["rows_before"] + 1 / usual) * both["rows"]
        sign = 1.0 if self.direction == "up" else -1.0
        deviation = sign * (both["hits"] - expected) / np.sqrt(expected * (1 + ratio) + 1)
        return both.assign(expected=expected, deviation=deviation)[columns]

    def __call__(self, tables: Tables, now: datetime, /) -> list[Alarm]:
        """Raise an alarm for each slice out of line."""
        seen = self.measure(tables, now)
        out = seen[seen["deviation"] >= self.threshold].sort_values("deviation", ascending=False)
        return [
            Alarm(
                f"{slice_}: {row['hits']:.0f} of {row['rows']:.0f} {self.hit}, usual {row['expected']:.1f}",
                where=str(slice_),
                value=float(row["deviation"]),
                threshold=self.threshold,
            )
            for slice_, row in out.iterrows()
        ]

    def _count(self, frame: pd.DataFrame, by: list[str]) -> pd.DataFrame:
        hit = frame[self.hit].astype("int64")
        if not by:
            return pd.DataFrame({"hits": [hit.sum()], "rows": [len(hit)]}, index=pd.Index(["all"]))
        counted = hit.groupby([frame[column] for column in by], observed=True).agg(["sum", "size"])
        counted.index = pd.Index([name_slice(by, value) for value in counted.index], name="slice")
        return counted.set_axis(["hits", "rows"], axis=1)


@dataclass(frozen=True)
class FairnessSlices:
    """Compares a rate between groups at the same time: selection, or errors among those who deserved better.

    Parameters
    ----------
    rows : str or function of the tables
        One row for each decision. For equal opportunity give only rows whose outcome was good.
    group : str
        The column of the protected group.
    good : str
        A column of truth values: the favourable decision.
    time : str
        The time of a row.
    threshold : float, default 0.2
        Alarm when the worst group's rate is at least this share below the best group's.
    min_deviation : float, default 3
        And the gap must be this many standard errors, so that small groups do not alarm by chance.
    window_days : float, default 28
        Last days that are looked at.
    min_rows : int, default 50
        Smaller groups are left out.

    Notes
    -----
    0.2 is the four-fifths rule of the Uniform Guidelines on Employee Selection Procedures
    (29 CFR 1607.4 D, 1978). It is a screen: it neither proves nor rules out discrimination.
    """

    rows: Rows
    group: str
    good: str
    time: str
    threshold: float = 0.2
    min_deviation: float = 3.0
    window_days: float = 28.0
    min_rows: int = 50
    name: str = "fairness_slices"

    def __post_init__(self) -> None:
        check_positive(
            self.name, threshold=self.threshold, window_days=self.window_days, min_rows=self.min_rows
        )

    def measure(self, tables: Tables, now: datetime) -> pd.DataFrame:
        """Return group (index), rows (int64), rate, shortfall against the best, deviation (float64)."""
        frame = read_rows(self.rows, tables, (self.group, self.good, self.time), who=self.name)
        recent = frame[frame[self.time] >= pd.Timestamp(now) - pd.Timedelta(days=self.window_days)]
        good = recent[self.good].astype("float64").groupby(recent[self.group], observed=True)
        seen = good.agg(["size", "mean"]).set_axis(["rows", "rate"], axis=1)
        seen = seen[seen["rows"] >= self.min_rows]
        if len(seen) < 2 or not seen["rate"].max() > 0:
            return seen.iloc[:0].assign(shortfall=0.0, deviation=0.0)
        best = seen.sort_values("rate", kind="stable").iloc[-1]
        pooled = (seen["rate"] * seen["rows"] + best["rate"] * best["rows"]) / (seen["rows"] + best["rows"])
        error = np.sqrt((pooled * (1 - pooled)).clip(lower=1e-9) * (1 / seen["rows"] + 1 / best["rows"]))
        gap = best["rate"] - seen["rate"]
        return seen.assign(shortfall=gap / best["rate"], deviation=gap / error)

    def __call__(self, tables: Tables, now: datetime, /) -> list[Alarm]:
        """Raise an alarm for each group that falls short."""
        seen = self.measure(tables, now)
        out = seen[(seen["shortfall"] >= self.threshold) & (seen["deviation"] >= self.min_deviation)]
        return [
            Alarm(
                f"{self.good} for {group}: {row['rate']:.0%}, {row['shortfall']:.0%} below the best group",
                where=f"{self.group}={group}",
                value=float(row["shortfall"]),
                threshold=self.threshold,
            )
            for group, row in out.iterrows()
        ]
