"""Change points: a small shift that lasts, in a series of numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from aiir_lab.monitor.alarm import Alarm, Tables
from aiir_lab.monitor.reading import Rows, check_one_of, check_positive, read_rows


@dataclass(frozen=True)
class ChangePoint:
    """Sums up small deviations of a series until they are too many to be chance.

    Parameters
    ----------
    rows : str or function of the tables
        One row for each point, in order of time, for instance ``"dashboard"``.
    column : str
        The number to follow.
    method : {"cusum", "page_hinkley"}, default "cusum"
        CUSUM compares with the mean of the baseline; Page-Hinkley with the mean so far,
        which follows a series that moves slowly on its own.
    direction : {"up", "down", "both"}, default "both"
        Which way is bad.
    slack : float, default 0.5
        Deviation, in standard deviations of the baseline, that each point may have for free.
    threshold : float, default 8
        Sum at which it alarms. Textbooks take 5 where mean and deviation are known; both are
        estimated from the baseline here, which makes chance alarms more frequent.
    baseline : int, default 21
        First points that give mean and standard deviation.

    Notes
    -----
    Page (1954), Continuous inspection schemes, Biometrika 41. Library detectors (river's ADWIN
    and KSWIN) come in by :class:`Streaming`.
    """

    rows: Rows
    column: str
    method: str = "cusum"
    direction: str = "both"
    slack: float = 0.5
    threshold: float = 8.0
    baseline: int = 21
    name: str = "change_point"

    def __post_init__(self) -> None:
        check_one_of(self.name, "method", self.method, ("cusum", "page_hinkley"))
        check_one_of(self.name, "direction", self.direction, ("up", "down", "both"))
        check_positive(self.name, threshold=self.threshold, baseline=self.baseline)

    def measure(self, tables: Tables, now: datetime) -> float:
        """Return the larger of the sums up and down at the last point; nan during the baseline."""
        values = read_rows(self.rows, tables, (self.column,), who=self.name)[self.column]
        series = values.dropna().to_numpy(dtype="float64")
        if len(series) <= self.baseline:
            return float("nan")
        sums = [
            (cusum if self.method == "cusum" else page_hinkley)(
                sign * series, baseline=self.baseline, slack=self.slack
            )[-1]
            for sign in {"up": (1.0,), "down": (-1.0,), "both": (1.0, -1.0)}[self.direction]
        ]
        return float(max(sums))

    def __call__(self, tables: Tables, now: datetime, /) -> list[Alarm]:
        """Raise an alarm when the sum is past the threshold."""
        value = self.measure(tables, now)
        if not value >= self.threshold:
            return []
        text = f"{self.column} has shifted: sum of deviations {value:.1f}"
        return [Alarm(text, where=f"series={self.column}", value=value, threshold=self.threshold)]


def cusum(series: NDArray[np.float64], *, baseline: int, slack: float = 0.5) -> NDArray[np.float64]:
    """One-sided CUSUM, upwards, in standard deviations of the first `baseline` points.

    Examples
    --------
    >>> cusum(np.array([0.0, 2.0, 1.0, 4.0, 4.0]), baseline=3).round(2).tolist()
    [0.0, 0.5, 0.0, 2.5, 5.0]
    """
    first = series[:baseline]
    spread = float(first.std(ddof=1)) or 1e-12
    steps = (series - first.mean()) / spread - slack
    total, out = 0.0, np.empty(len(series))
    for place, step in enumerate(steps.tolist()):
        total = max(0.0, total + step)
        out[place] = total
    return out


def page_hinkley(series: NDArray[np.float64], *, baseline: int, slack: float = 0.5) -> NDArray[np.float64]:
    """Page-Hinkley sum, upwards: like :func:`cusum`, against the mean of all points so far."""
    spread = float(series[:baseline].std(ddof=1)) or 1e-12
    mean = np.cumsum(series) / np.arange(1, len(series) + 1)
    total = np.cumsum((series - mean) / spread - slack)
    return np.asarray(total - np.minimum.accumulate(total))


@dataclass(frozen=True)
class Streaming:
    """Lets a detector of a library follow a series: river's ADWIN, KSWIN, PageHinkley and their like.

    Parameters
    ----------
    make : callable
        Makes a fresh detector, for instance ``lambda: river.drift.ADWIN(delta=0.002)``. It must have
        ``update(x)`` and, after it, a truth value ``drift_detected``.
    rows : str or function of the tables
        One row for each point, in order of time.
    column : str
        The number to follow.
    last : int, default 1
        Alarm when the drift was detected at one of the last so many points; as many as
        come between two looks.
    """

    make: Callable[[], Any]
    rows: Rows
    column: str
    last: int = 1
    name: str = "streaming"

    def __call__(self, tables: Tables, now: datetime, /) -> bool:
        """Feed all points so far to a fresh detector, so that each look is on its own."""
        values: pd.Series[float] = read_rows(self.rows, tables, (self.column,), who=self.name)[self.column]
        detector, found = self.make(), []
        for value in values.dropna().tolist():
            detector.update(value)
            found.append(bool(detector.drift_detected))
        return any(found[-self.last :])
