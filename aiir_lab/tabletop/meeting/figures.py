"""Times, numbers and words that participants quote, read from the tables as they stood at a moment."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

import pandas as pd

from aiir_lab.simulate import Run, simulate
from aiir_lab.simulate.world import load_world
from aiir_lab.tabletop.meeting.script import Figure, MeetingScript

_SECONDS = {"minutes": 60.0, "hours": 3600.0, "days": 86400.0}


class Figures:
    """The figures of one meeting in one run.

    Parameters
    ----------
    script : MeetingScript
    run : Run
        A run of the script's world.
    """

    def __init__(self, script: MeetingScript, run: Run) -> None:
        self._script = script
        self._run = run
        self._tables: dict[datetime | None, dict[str, pd.DataFrame]] = {}
        self._values: dict[tuple[str, datetime | None], Any] = {}

    def value(self, name: str, *, as_of: str | None = None) -> Any:
        """One figure as it could be read at the moment ``as_of`` (a figure itself; None: the end of the run).

        Returns
        -------
        object
            A time, number or text; None where the run holds no such row by then.
        """
        moment = self.value(as_of) if as_of else None
        if as_of and moment is None:
            return None
        return self._read(name, moment)

    def fill(self, text: str, *, as_of: str | None = None) -> str | None:
        """The text with its figures put in; None where one of them does not exist in this run."""
        words: dict[str, str] = {"company": self._run.company}
        for name in placeholders(text):
            if name == "company":
                continue
            value = self.value(name, as_of=as_of)
            if value is None:
                return None
            words[name] = show(value, self._script.figures[name])
        return text.format_map(words)

    def _read(self, name: str, moment: datetime | None) -> Any:
        key = (name, moment)
        if key not in self._values:
            self._values[key] = self._work_out(self._script.figures[name], moment)
        return self._values[key]

    def _work_out(self, figure: Figure, moment: datetime | None) -> Any:
        if figure.start and figure.end and figure.unit:
            start, end = self._read(figure.start, moment), self._read(figure.end, moment)
            if start is None or end is None:
                return None
            return (end - start).total_seconds() / _SECONDS[figure.unit]
        rows = self._rows(figure, moment)
        if rows is None:
            return None
        if figure.take == "count":
            return len(rows)
        values = rows[figure.column].dropna()
        if values.empty:
            return None
        match figure.take:
            case "first":
                value = values.iloc[0]
            case "last":
                value = values.iloc[-1]
            case "most":
                value = values.value_counts(sort=True).sort_index(kind="stable").idxmax()
            case _:
                value = getattr(values, str(figure.take))()
        return value.to_pydatetime() if isinstance(value, pd.Timestamp) else _plain(value)

    def _rows(self, figure: Figure, moment: datetime | None) -> pd.DataFrame | None:
        assert figure.table is not None  # checked by the record
        if moment not in self._tables:
            self._tables[moment] = self._run.observe(until=moment)
        rows = self._tables[moment][figure.table]
        for column, wanted in figure.where.items():
            rows = rows[rows[column] == wanted]
        order = time_column(self._script.world, figure)
        if order:
            rows = rows.dropna(subset=[order]).sort_values(order, kind="stable")
        for bound in (figure.after, figure.before):
            # bounds are moments of the story, not something that the speaker has to know
            limit = self._read(bound, None) if bound else None
            if bound and limit is None:
                return None
            if bound:
                rows = rows[rows[order] > limit] if bound == figure.after else rows[rows[order] <= limit]
        return rows


def time_column(world: str, figure: Figure) -> str:
    """The column that orders rows: ``by``, a time that is taken, or when rows became visible."""
    table = load_world(world).schema[str(figure.table)]
    if figure.by:
        return figure.by
    if figure.column and table.columns[figure.column].dtype == "time":
        return figure.column
    return table.visible_from


def placeholders(text: str) -> list[str]:
    """The names in braces.

    Examples
    --------
    >>> placeholders("Fired on {alert}, answered {answered}.")
    ['alert', 'answered']
    """
    from string import Formatter

    return [name for _, name, _, _ in Formatter().parse(text) if name is not None]


def show(value: Any, figure: Figure) -> str:
    """A figure in words, as a colleague would say it."""
    if isinstance(value, datetime):
        day = f"{value:%a} {value.day} {value:%b %Y}"
        return day if figure.show == "date" else f"{day}, {value:%H:%M} UTC"
    if figure.unit:
        return _say_span(float(value), figure.unit)
    if figure.show == "percent":
        return f"{100 * value:.1f} %" if abs(value) < 0.1 else f"{100 * value:.0f} %"
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() else f"{value:,.1f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _say_span(value: float, unit: str) -> str:
    if unit == "hours" and value < 2:
        return f"{value * 60:.0f} minutes"
    return f"{value:,.0f} {unit}"


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


@lru_cache(maxsize=8)
def run_of(world: str, seed: int, size: str | int) -> Run:
    """The run that a meeting is about; looked up again by every replay of the meeting."""
    return simulate(world, seed=seed, size=size)
