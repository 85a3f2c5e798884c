"""Put monitors together: any of them, or all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aiir_lab.monitor.alarm import Alarm, Monitor, Tables, name_of, read_answer
from aiir_lab.records.errors import AiirError


@dataclass(frozen=True)
class Combined:
    """Several monitors as one. Made by :func:`any_of` and :func:`all_of`."""

    monitors: tuple[Monitor, ...]
    needs_all: bool
    name: str

    def __call__(self, tables: Tables, now: datetime, /) -> list[Alarm]:
        """Ask each one; without an alarm of every one, `all_of` reports nothing."""
        answers = []
        for monitor in self.monitors:
            try:
                answers.append(read_answer(monitor(tables, now)))
            except AiirError as problem:
                raise AiirError(f"{name_of(monitor)} {problem}") from problem
        if self.needs_all and not all(answers):
            return []
        return [alarm for answer in answers for alarm in answer]


def any_of(*monitors: Monitor) -> Combined:
    """One monitor that reports what any of these reports.

    Examples
    --------
    >>> any_of(lambda tables, now: False, lambda tables, now: True)({}, None)
    [Alarm(text='', where='', value=nan, threshold=nan, at_utc=None)]
    """
    return Combined(_check(monitors), False, " or ".join(map(name_of, monitors)))


def all_of(*monitors: Monitor) -> Combined:
    """One monitor that reports only when each of these reports something at the same time.

    Examples
    --------
    >>> all_of(lambda tables, now: False, lambda tables, now: True)({}, None)
    []
    """
    return Combined(_check(monitors), True, " and ".join(map(name_of, monitors)))


def _check(monitors: tuple[Monitor, ...]) -> tuple[Monitor, ...]:
    wrong = [type(one).__name__ for one in monitors if not callable(one)]
    if wrong or not monitors:
        got = f"{', '.join(wrong)}, which cannot be called" if wrong else "no monitor"
        raise AiirError(f"any_of and all_of take monitors one after another; got {got}.")
    return monitors
