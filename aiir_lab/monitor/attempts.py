"""A learner's own attempts at a monitor, kept as JSON lines beside the notebook: a leaderboard of one."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from aiir_lab.monitor.evaluation import Evaluation
from aiir_lab.records.journal import Journal

_COLUMNS = (
    "kept_utc",
    "name",
    "scenario",
    "seeds",
    "false_alarms_per_week",
    "delay_hours",
    "harm_avoided_share",
)


def keep_attempt(evaluation: Evaluation, *, path: str | Path, now: datetime | None = None) -> pd.DataFrame:
    """Add an evaluation to the attempts in a file; return them all, the best first.

    Parameters
    ----------
    evaluation : Evaluation
        From :func:`evaluate_monitor`; each of its monitors is one attempt.
    path : str or Path
        JSON lines; made where missing.
    now : datetime, optional
        When it was kept, UTC.
    """
    kept = (now or datetime.now(UTC)).isoformat(timespec="seconds")
    lines = []
    for name, row in evaluation.summary.iterrows():
        delay = float(row["delay_hours_median"])
        lines.append(
            {
                "kept_utc": kept,
                "name": str(name),
                "scenario": evaluation.scenario,
                "seeds": int(row["seeds"]),
                "false_alarms_per_week": round(float(row["false_alarms_per_week_median"]), 3),
                "delay_hours": round(delay, 2) if math.isfinite(delay) else None,
                "harm_avoided_share": round(float(row["harm_avoided_share_median"]), 4),
            }
        )
    journal = Journal(Path(path))
    for line in lines:
        journal.append(line)
    return read_attempts(path)


def read_attempts(path: str | Path, *, alarm_budget: float = math.inf) -> pd.DataFrame:
    """The attempts in a file, those within the budget first, then by the share of harm avoided.

    Parameters
    ----------
    path : str or Path
        A missing file holds no attempts; a line that is damaged is left out.
    alarm_budget : float, default infinity
        False alarms per week that are bearable.

    Returns
    -------
    DataFrame
        kept_utc, name, scenario (str), seeds (int64), false_alarms_per_week, delay_hours (float64; NaN:
        never), harm_avoided_share (float64), is_within_budget (bool).
    """
    rows = []
    for content in Journal(Path(path)).read()[0]:
        if all(name in content for name in _COLUMNS):
            rows.append({name: content[name] for name in _COLUMNS})
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    frame["delay_hours"] = frame["delay_hours"].astype("float64")
    frame["is_within_budget"] = frame["false_alarms_per_week"].astype("float64") <= alarm_budget
    order = ["is_within_budget", "harm_avoided_share"]
    return frame.sort_values(order, ascending=False, kind="stable", ignore_index=True)
