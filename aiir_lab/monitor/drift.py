"""Population drift: does what comes in still look like what used to come in?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from aiir_lab.monitor.alarm import Alarm, Tables
from aiir_lab.monitor.reading import Rows, check_one_of, check_positive, read_rows, split_window


@dataclass(frozen=True)
class PopulationDrift:
    """Compares the last days of one column with its first days.

    Parameters
    ----------
    rows : str or function of the tables
        Where the column is.
    column, time : str
        The column to compare (numbers or words), and the time of a row.
    method : {"psi", "ks"}, default "psi"
        Population stability index, or the two-sample Kolmogorov-Smirnov statistic.
    threshold : float, default 0.25
        Alarm from this value on. For PSI 0.1 is a small and 0.25 a large shift.
    baseline_days, window_days : float, default 14 and 7
        How many first days are the reference, how many last days are compared.
    min_rows : int, default 200
        Silent below; a PSI of pure chance is about (bins - 1) * (1/n + 1/m).

    Notes
    -----
    PSI and its two limits: Siddiqi (2006), Credit Risk Scorecards. A shift of the population says
    neither that the model is wrong nor that it is right: see what the evaluation makes of it.
    """

    rows: Rows
    column: str
    time: str
    method: str = "psi"
    threshold: float = 0.25
    baseline_days: float = 14.0
    window_days: float = 7.0
    min_rows: int = 200
    name: str = "population_drift"

    def __post_init__(self) -> None:
        check_one_of(self.name, "method", self.method, ("psi", "ks"))
        check_positive(
            self.name,
            threshold=self.threshold,
            baseline_days=self.baseline_days,
            window_days=self.window_days,
            min_rows=self.min_rows,
        )

    def measure(self, tables: Tables, now: datetime) -> float:
        """Return the statistic now; nan while there is too little to compare."""
        frame = read_rows(self.rows, tables, (self.column, self.time), who=self.name)
        cut = split_window(
            frame, self.time, now, baseline_days=self.baseline_days, window_days=self.window_days
        )
        if cut is None or min(len(part) for part in cut) < self.min_rows:
            return float("nan")
        before, after = (part[self.column].dropna() for part in cut)
        if self.method == "psi":
            return measure_psi(before, after)
        from scipy.stats import ks_2samp

        return float(ks_2samp(before.astype("float64"), after.astype("float64")).statistic)

    def __call__(self, tables: Tables, now: datetime, /) -> list[Alarm]:
        """Raise an alarm when the population has shifted."""
        value = self.measure(tables, now)
        if not value >= self.threshold:
            return []
        text = (
            f"{self.column}: {self.method.upper()} {value:.2f} against the first {self.baseline_days:g} days"
        )
        return [Alarm(text, where=f"column={self.column}", value=value, threshold=self.threshold)]


def measure_psi(before: pd.Series, after: pd.Series, *, bins: int = 10) -> float:
    """Population stability index of two samples of one column.

    Parameters
    ----------
    before, after : Series
        Numbers (cut at the deciles of `before`) or words (one bin for each).
    bins : int, default 10
        Bins for numbers.

    Returns
    -------
    float
        0 (same) and up. Half a row is added to each bin, so that an empty one stays finite.

    Examples
    --------
    >>> measure_psi(pd.Series(["a", "b"] * 50), pd.Series(["a", "b"] * 50))
    0.0
    """
    if pd.api.types.is_numeric_dtype(before) and not pd.api.types.is_bool_dtype(before):
        edges = np.unique(np.quantile(before, np.linspace(0, 1, bins + 1)[1:-1]))
        p, q = (
            np.bincount(np.searchsorted(edges, part, side="right"), minlength=len(edges) + 1).astype(float)
            for part in (before, after)
        )
    else:
        words = sorted(set(before) | set(after), key=str)
        p, q = (part.value_counts().reindex(words, fill_value=0).to_numpy(float) for part in (before, after))
    p, q = (p + 0.5) / (p + 0.5).sum(), (q + 0.5) / (q + 0.5).sum()
    return float(((q - p) * np.log(q / p)).sum())
