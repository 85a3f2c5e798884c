"""What a monitor is and what it may answer."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

import numpy as np
import pandas as pd

from aiir_lab.records.errors import AiirError

Tables = Mapping[str, pd.DataFrame]
"""What could be queried at one time: table name to DataFrame."""


@dataclass(frozen=True)
class Alarm:
    """One thing that a monitor wants somebody to look at.

    Parameters
    ----------
    text : str, default ""
        What is wrong, for who gets it.
    where : str, default ""
        The slice it is about, for instance ``"source_id=partner-182"``. Rules count
        how long an alarm holds, and its cooldown, for each `where` on its own.
    value, threshold : float, default nan
        The statistic, and what it was compared with.
    at_utc : datetime, default None
        When it was raised; whoever runs the monitor fills it in.
    """

    text: str = ""
    where: str = ""
    value: float = math.nan
    threshold: float = math.nan
    at_utc: datetime | None = None


@runtime_checkable
class Monitor(Protocol):
    """Anything that can be called with the tables visible so far and the time.

    A plain function is enough::

        def too_many_chargebacks(tables, now):
            last_week = tables["chargebacks"]["received_utc"] > now - timedelta(days=7)
            return last_week.sum() > 60

    Returns True or False, one Alarm, or a list of them (empty: nothing to report).
    """

    def __call__(self, tables: Tables, now: datetime, /) -> bool | Alarm | Sequence[Alarm]:
        """Say whether something is wrong at `now`."""


def name_of(monitor: object) -> str:
    """How a monitor is called in tables and messages."""
    name = getattr(monitor, "name", "") or getattr(monitor, "__name__", "")
    return str(name) if name else type(monitor).__name__


def read_answer(answer: Any) -> list[Alarm]:
    """Turn what a monitor returned into alarms.

    Raises
    ------
    AiirError
        When it is neither a truth value, an Alarm nor a list of Alarms.
    """
    if isinstance(answer, bool | np.bool_):
        return [Alarm()] if answer else []
    if isinstance(answer, Alarm):
        return [answer]
    if isinstance(answer, list | tuple) and all(isinstance(item, Alarm) for item in answer):
        return list(answer)
    expected = "Expected True or False, an Alarm, or a list of Alarms."
    if answer is None:
        raise AiirError(f"returned None. {expected} A function without `return` gives None.")
    shown = repr(answer) if isinstance(answer, int | float | str | np.number) else type(answer).__name__
    if isinstance(answer, int | float | np.number):
        raise AiirError(f"returned the number {shown}. {expected} Compare the number with a threshold.")
    raise AiirError(f"returned {shown}. {expected}")
