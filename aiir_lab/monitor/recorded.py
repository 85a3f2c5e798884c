"""Run a monitor over recorded tables: what a grader does whose truth must stay elsewhere."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace

import pandas as pd

from aiir_lab.monitor.alarm import Monitor
from aiir_lab.monitor.watching import watch_looks
from aiir_lab.simulate.looking import Looks
from aiir_lab.simulate.world import load_world


class RecordedLooks(Looks):
    """The tables of a run that is not at hand, ready to be looked at as of any time.

    Parameters
    ----------
    scenario : str
        Name of the world; its schema says what was visible when.
    started_utc, ended_utc : datetime
        The clock of the run.
    tables : dict of str to DataFrame
        Some of its tables, as ``run.observe()`` gave them; views are left out.
    """

    def __init__(
        self, scenario: str, started_utc: datetime, ended_utc: datetime, tables: dict[str, pd.DataFrame]
    ) -> None:
        world = load_world(scenario)
        self.run = SimpleNamespace(  # type: ignore[assignment]  # of a run, watching asks no more than this
            name=scenario, seed="(recorded)", started_utc=started_utc, ended_utc=ended_utc
        )
        self._world = world
        self._schema = {name: world.schema[name] for name in tables}
        self._tables = tables
        self._known_from = {}


def alarm_times(
    monitor: Monitor,
    *,
    scenario: str,
    started_utc: str,
    ended_utc: str,
    every_hours: float,
    **tables: pd.DataFrame,
) -> list[str]:
    """When a monitor raises an alarm on recorded tables; the call that a probe makes.

    Parameters
    ----------
    monitor : callable
        ``monitor(tables, now)``.
    scenario : str
    started_utc, ended_utc : str
        ISO times of the run's clock.
    every_hours : float
        How often it is asked.
    **tables : DataFrame
        The recorded tables by name.

    Returns
    -------
    list of str
        ISO times, UTC, in order; a condition that goes on is raised once a day.

    Raises
    ------
    AiirError
        The monitor breaks or answers something else than alarms.
    """
    looks = RecordedLooks(
        scenario, datetime.fromisoformat(started_utc), datetime.fromisoformat(ended_utc), tables
    )
    alarms = watch_looks(monitor, looks, every_hours=every_hours, rule=None, limit_s=120)
    return [alarm.at_utc.isoformat() for alarm in alarms if alarm.at_utc is not None]
