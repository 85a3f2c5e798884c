"""What all detectors share: which rows they read, which are recent, and who is out of line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

import pandas as pd

from aiir_lab.monitor.alarm import Tables
from aiir_lab.records.errors import AiirError, NotFoundError

Rows = str | Callable[[Tables], pd.DataFrame]
"""The name of a table, or a function that makes a frame of the tables (a join, a filter)."""

T = TypeVar("T")


def read_rows(rows: Rows, tables: Tables, columns: Sequence[str], *, who: str) -> pd.DataFrame:
    """Get the rows of a detector and check that it has its columns.

    Raises
    ------
    NotFoundError
        When a table or column is not there; the message names the nearest.
    """
    if callable(rows):
        frame = rows(tables)
    elif rows in tables:
        frame = tables[rows]
    else:
        raise NotFoundError(f"table for {who}", rows, list(tables))
    for column in columns:
        if column not in frame.columns:
            raise NotFoundError(f"column for {who}", column, [str(c) for c in frame.columns])
    return frame


def split_window(
    frame: pd.DataFrame, time: str, now: datetime, *, baseline_days: float, window_days: float
) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """Cut rows into the first `baseline_days` and the last `window_days`; None while they would overlap."""
    if frame.empty:
        return None
    at = frame[time]
    first = at.min()
    until, since = first + timedelta(days=baseline_days), now - timedelta(days=window_days)
    # A tenth of a day of grace: the first row comes a little after the start of the clock.
    if since < until - timedelta(days=0.1):
        return None
    return frame[at < until], frame[at >= since]


def name_slice(columns: Sequence[str], value: object) -> str:
    """Name a slice as tables and alarms do: ``"category=gift_cards, device=ios"``."""
    values = value if isinstance(value, tuple) else (value,)
    return ", ".join(f"{column}={one}" for column, one in zip(columns, values, strict=True))


def check_positive(who: str, **values: float | None) -> None:
    """Hold settings to be above zero.

    Raises
    ------
    AiirError
        Naming the setting.
    """
    for name, value in values.items():
        if value is not None and (not isinstance(value, int | float) or not value > 0):
            raise AiirError(f"{who}: {name}={value!r} is out of range. Expected a number above 0.")


def check_one_of(who: str, name: str, value: T, allowed: Sequence[T]) -> None:
    """Hold a setting to a list of words."""
    if value not in allowed:
        raise NotFoundError(f"{who} {name}", value, [str(one) for one in allowed])
