"""Canary: does the newest version do worse than the earlier ones on labels that nobody could poison?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from aiir_lab.monitor.alarm import Alarm, Tables
from aiir_lab.monitor.reading import Rows, check_positive, read_rows


@dataclass(frozen=True)
class GoldenSet:
    """Compares each model version with the first one on rows with a trusted label.

    Parameters
    ----------
    rows : str or function of the tables
        One row for each trusted label: which version decided, and whether it was right.
    version, is_right : str
        Its columns; `is_right` holds truth values.
    time : str, default ""
        Order of the rows; empty: as they come. Says which versions are recent.
    reference : int, default 3
        So many first versions, pooled, are what later ones are compared with.
    recent : int, default 2
        So many last versions, pooled, are compared: one version of a week has few rows.
    threshold : float, default 3
        Standard errors of the difference.
    min_rows : int, default 20
        Silent while either side has fewer.

    Notes
    -----
    Two-proportion z test, one-sided. A golden set is only gold while its labels come from elsewhere
    than the training labels do.
    """

    rows: Rows
    version: str = "version"
    is_right: str = "is_right"
    time: str = ""
    reference: int = 3
    recent: int = 2
    threshold: float = 3.0
    min_rows: int = 20
    name: str = "golden_set"

    def __post_init__(self) -> None:
        check_positive(
            self.name, threshold=self.threshold, reference=self.reference, recent=self.recent,
            min_rows=self.min_rows,
        )  # fmt: skip

    def measure(self, tables: Tables, now: datetime) -> tuple[float, str]:
        """Return the deviation (standard errors that the recent versions are worse) and what was compared."""
        columns = [self.version, self.is_right, *([self.time] if self.time else [])]
        frame = read_rows(self.rows, tables, columns, who=self.name)
        if self.time:
            frame = frame.sort_values(self.time, kind="stable")
        names = list(pd.unique(frame[self.version].astype(object)))
        if len(names) <= self.reference:
            return float("nan"), ""
        first = names[: self.reference]
        last = names[max(self.reference, len(names) - self.recent) :]
        before, after = (
            frame.loc[frame[self.version].isin(group), self.is_right].astype("float64")
            for group in (first, last)
        )
        n, m = len(before), len(after)
        if min(n, m) < self.min_rows:
            return float("nan"), ""
        pooled = (before.sum() + after.sum() + 1) / (n + m + 2)
        error = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
        what = (
            f"{', '.join(map(str, last))}: {after.mean():.0%} right of {m} trusted rows; "
            f"{', '.join(map(str, first))}: {before.mean():.0%} of {n}"
        )
        return float((before.mean() - after.mean()) / error), what

    def __call__(self, tables: Tables, now: datetime, /) -> list[Alarm]:
        """Raise an alarm when the newest versions do worse."""
        value, what = self.measure(tables, now)
        if not value >= self.threshold:
            return []
        return [Alarm(what, where="newest versions", value=value, threshold=self.threshold)]
