"""The clock of a world: seconds since its start inside, UTC at the edge."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_FIRST_MONDAY = datetime(2025, 1, 6, tzinfo=UTC)


def draw_start(rng: np.random.Generator) -> datetime:
    """Draw a Monday, 00:00 UTC, in 2025 or the first half of 2026: where a world's clock begins."""
    return _FIRST_MONDAY + timedelta(weeks=int(rng.integers(0, 75)))


def hour_index(started_utc: datetime, ended_utc: datetime) -> pd.DatetimeIndex:
    """List the start of every hour of a run, UTC."""
    return pd.date_range(started_utc, ended_utc, freq="h", inclusive="left", name="hour_utc")


def sum_by_hour(
    started_utc: datetime,
    ended_utc: datetime,
    *,
    seconds: NDArray[Any],
    amounts: NDArray[Any],
) -> pd.Series[float]:
    """Add amounts up by hour.

    Parameters
    ----------
    seconds : array
        When, in seconds since `started_utc`; what lies outside the run is left out.
    amounts : array
        How much, in the world's unit; same length.

    Examples
    --------
    >>> start = datetime(2026, 3, 2, tzinfo=UTC)
    >>> sum_by_hour(start, start + timedelta(hours=2), seconds=np.array([10, 3700, 3800]),
    ...             amounts=np.array([1.0, 2.0, 3.0])).tolist()
    [1.0, 5.0]
    """
    index = hour_index(started_utc, ended_utc)
    hour = np.asarray(seconds, dtype=np.int64) // 3600
    inside = (hour >= 0) & (hour < len(index))
    total = np.bincount(hour[inside], weights=np.asarray(amounts, dtype=float)[inside], minlength=len(index))
    return pd.Series(total, index=index, name="loss", dtype="float64")


def to_utc(started_utc: datetime, seconds: NDArray[Any]) -> pd.Series[pd.Timestamp]:
    """Turn seconds since the start into a column of UTC times; NaN or negative means "not yet"."""
    values = np.asarray(seconds, dtype=float)
    known = np.isfinite(values) & (values >= 0)
    micro = np.where(known, np.round(np.where(known, values, 0.0)), 0).astype(np.int64) * 1_000_000
    start = np.datetime64(started_utc.replace(tzinfo=None), "us")
    stamps = start + micro.astype("timedelta64[us]")
    stamps[~known] = np.datetime64("NaT")
    column: pd.Series[pd.Timestamp] = pd.Series(stamps).dt.tz_localize("UTC")
    return column


def seconds_of(started_utc: datetime, at_utc: datetime) -> float:
    """Seconds from the start of a run to a time."""
    return (at_utc - started_utc).total_seconds()
