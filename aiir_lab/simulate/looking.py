"""Look at one run at many times: what was visible at each, without cutting every table every time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import numpy as np
import pandas as pd

from aiir_lab.records.errors import AiirError, NotFoundError
from aiir_lab.simulate.controls import read_time
from aiir_lab.simulate.run import Run
from aiir_lab.simulate.schema import Table, conform, seen_by

# pandas 3 copies on write, so that a shallow copy is safe to hand out; pandas 2 needs a real one.
_COPY_DEEP = int(pd.__version__.split(".")[0]) < 3


class Looks:
    """The tables of one run, ready to be looked at as of any time.

    ``Looks(run).at(now)[name]`` equals ``run.observe(until=now)[name]``, but a table is cut only when
    it is asked for, and a table that is in the order of its visibility is cut without comparing its rows.

    Parameters
    ----------
    run : Run
        What to look at. Its tables are built once.

    Examples
    --------
    >>> from aiir_lab.simulate import simulate
    >>> run = simulate("fraud_poisoning", seed=7)
    >>> len(Looks(run).at(run.started_utc)["decisions"])
    0
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self._world = run._world
        self._schema = self._world.schema
        self._tables = {
            name: frame for name, frame in run.observe().items() if not self._schema[name].is_view
        }
        self._known_from: dict[str, pd.Series[pd.Timestamp]] = {}
        for name, frame in self._tables.items():
            column = self._schema[name].visible_from
            if column and frame[column].is_monotonic_increasing and frame[column].notna().all():
                self._known_from[name] = frame[column]

    def at(self, now: datetime | str) -> Look:
        """Return what was visible at a UTC time, as a mapping of table name to DataFrame."""
        when = read_time(now, parameter="now")
        if when is None:
            raise AiirError("now=None is no time. Expected a UTC datetime, for instance run.ended_utc.")
        return Look(self, when)

    def _cut(self, name: str, now: datetime) -> pd.DataFrame:
        table, frame = self._schema[name], self._tables[name]
        if name not in self._known_from:
            return seen_by(frame, table, now).copy(deep=_COPY_DEEP)
        rows = int(np.asarray(self._known_from[name].searchsorted(pd.Timestamp(now), side="right")))
        head = frame.iloc[:rows].copy(deep=_COPY_DEEP)
        return seen_by(head, _without_cut(table), now)


class Look(Mapping[str, pd.DataFrame]):
    """What was visible at one time: table name to DataFrame, each made when it is asked for first."""

    def __init__(self, looks: Looks, now_utc: datetime) -> None:
        self.now_utc = now_utc
        self._looks = looks
        self._made: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        schema = self._looks._schema
        if name not in schema:
            raise NotFoundError("table", name, list(schema))
        if name not in self._made:
            if schema[name].is_view:
                views = self._looks._world.views(self)
                self._made.update({view: conform(view, frame, schema[view]) for view, frame in views.items()})
            else:
                self._made[name] = self._looks._cut(name, self.now_utc)
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._looks._schema

    def __iter__(self) -> Iterator[str]:
        return iter(self._looks._schema)

    def __len__(self) -> int:
        return len(self._looks._schema)

    def __repr__(self) -> str:
        return f"<tables visible at {self.now_utc:%Y-%m-%d %H:%M} UTC: {', '.join(self)}>"


def _without_cut(table: Table) -> Table:
    """The same columns, rows already cut: only time stamps from the future are left to be hidden."""
    return Table(table.what, table.columns)
