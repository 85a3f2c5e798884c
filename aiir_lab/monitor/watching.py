"""Run a monitor over a run, step by step, on what was visible at each step."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from aiir_lab.monitor.alarm import Alarm, Monitor, Tables, name_of, read_answer
from aiir_lab.monitor.rule import AlertRule, apply_rule
from aiir_lab.records.errors import AiirError
from aiir_lab.simulate import Looks, Run

STEPS_LIMIT = 20_000


def watch(
    monitor: Monitor,
    run: Run,
    *,
    every_hours: float = 24.0,
    rule: AlertRule | None = None,
    limit_s: float = 300.0,
) -> list[Alarm]:
    """Run a monitor over one run and return the alarms that it raises.

    Parameters
    ----------
    monitor : callable
        ``monitor(tables, now)``; see :class:`Monitor`. An object that keeps a memory is
        copied first, so that one run does not know of another.
    run : Run
        From ``simulate``, ``replay`` or ``run.without_incident()``.
    every_hours : float, default 24
        How often it is asked; the first time one interval after the start.
    rule : AlertRule, default None
        When an alarm is raised. None: at once, and again after a day while it holds.
    limit_s : float, default 300
        Seconds that all steps together may take, checked after each step.

    Returns
    -------
    list of Alarm
        In order of time, with `at_utc`.

    Raises
    ------
    AiirError
        When the monitor breaks, is too slow, or answers something else than alarms;
        the message names the monitor and the time.

    Examples
    --------
    >>> from aiir_lab.simulate import simulate
    >>> run = simulate("fraud_poisoning", seed=7)
    >>> len(watch(lambda tables, now: True, run, every_hours=24 * 7))
    14
    """
    return watch_looks(monitor, Looks(run), every_hours=every_hours, rule=rule, limit_s=limit_s)


def watch_looks(
    monitor: Monitor, looks: Looks, *, every_hours: float, rule: AlertRule | None, limit_s: float
) -> list[Alarm]:
    """Like :func:`watch`, on tables that several monitors share."""
    run = looks.run
    times = list_steps(run, every_hours)
    if not callable(monitor):
        raise AiirError(
            f"monitor is {type(monitor).__name__}, which cannot be called. Expected a function: "
            "def monitor(tables, now): return True or False."
        )
    own, spent, steps = copy.deepcopy(monitor), 0.0, []
    for now in times:
        began = time.perf_counter()
        steps.append((now, ask(own, looks.at(now), now, run)))
        spent += time.perf_counter() - began
        if spent > limit_s:
            raise AiirError(
                f"Monitor {name_of(monitor)!r} is too slow: {len(steps)} of {len(times)} steps took "
                f"{spent:.1f} s, the limit is {limit_s:g} s (it stood at {now:%Y-%m-%d %H:%M} UTC). "
                "Look at fewer rows, ask less often (every_hours=...), or raise limit_s."
            )
    return apply_rule(rule or AlertRule(), steps)


def ask(monitor: Monitor, tables: Tables, now: datetime, run: Run) -> list[Alarm]:
    """Ask a monitor once; whatever goes wrong inside it is told with its name and the time.

    Raises
    ------
    AiirError
        When it breaks or answers something else than alarms.
    """
    place = f"at {now:%Y-%m-%d %H:%M} UTC ({run.name}, seed {run.seed})"
    try:
        answer: Any = monitor(tables, now)
    except Exception as problem:
        raise AiirError(
            f"Monitor {name_of(monitor)!r} broke {place}: {type(problem).__name__}: {problem}"
            f"{_line_of(problem)}. It is called as monitor(tables, now) with the tables "
            f"{', '.join(tables)}; early ones may be empty. Mend it and run again."
        ) from problem
    try:
        return read_answer(answer)
    except AiirError as problem:
        raise AiirError(f"Monitor {name_of(monitor)!r} {place} {problem}") from None


def list_steps(run: Run, every_hours: float) -> list[datetime]:
    """The times at which a monitor is asked.

    Raises
    ------
    AiirError
        When the interval is out of range; the message names the nearest valid one.
    """
    hours = (run.ended_utc - run.started_utc).total_seconds() / 3600.0
    lowest = hours / STEPS_LIMIT
    ok = isinstance(every_hours, int | float) and not isinstance(every_hours, bool)
    if not ok or not lowest <= every_hours <= hours:
        nearest = lowest if ok and every_hours < lowest else hours if ok else 24.0
        raise AiirError(
            f"every_hours={every_hours!r} is out of range {lowest:g} to {hours:g} for {run.name}; "
            f"nearest valid: every_hours={nearest:g}."
        )
    step, count = timedelta(hours=every_hours), int(hours / every_hours + 1e-9)
    return [run.started_utc + step * (place + 1) for place in range(count)]


def alarm_frame(alarms: Sequence[Alarm]) -> pd.DataFrame:
    """List alarms.

    Returns
    -------
    DataFrame
        at_utc (datetime64[us, UTC]), where (str), value, threshold (float64), text (str).
    """
    rows = [(a.at_utc, a.where, a.value, a.threshold, a.text) for a in alarms]
    frame = pd.DataFrame(rows, columns=["at_utc", "where", "value", "threshold", "text"])
    return frame.astype({"at_utc": "datetime64[us, UTC]", "value": "float64", "threshold": "float64"})


def _line_of(problem: BaseException) -> str:
    """The line of the monitor's own code, where the traceback goes through it."""
    places = list(_walk(problem))
    return f" (line {places[1]} of it)" if len(places) > 1 else ""


def _walk(problem: BaseException) -> Iterator[int]:
    trace = problem.__traceback__
    while trace is not None:
        yield trace.tb_lineno
        trace = trace.tb_next
