"""Try a monitor on many seeds: how late it is, how often it cries wolf, how much harm it avoids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from aiir_lab.monitor.alarm import Alarm, Monitor, name_of
from aiir_lab.monitor.ready import reference_policy
from aiir_lab.monitor.rule import AlertRule
from aiir_lab.monitor.watching import alarm_frame, watch_looks
from aiir_lab.records.errors import AiirError
from aiir_lab.simulate import Looks, Run, replay, simulate

_DTYPES = {
    "monitor": "str", "seed": "int64", "onset_utc": "datetime64[us, UTC]", "is_detected": "bool",
    "detected_utc": "datetime64[us, UTC]", "delay_hours": "float64", "is_coincidence": "bool",
    "false_alarms_before_onset": "int64", "weeks_before_onset": "float64",
    "false_alarms_clean": "int64", "weeks_clean": "float64", "false_alarms_per_week": "float64",
    "acted_utc": "datetime64[us, UTC]", "harm": "float64", "harm_with_response": "float64",
    "harm_avoided": "float64", "harm_avoided_share": "float64",
}  # fmt: skip


@dataclass(frozen=True)
class Evaluation:
    """How monitors did on many seeds of one world. Made by :func:`evaluate_monitor`.

    Attributes
    ----------
    scenario, unit : str
        The world, and the unit of its harm.
    response : tuple of str
        Controls that were turned on after a detection; empty: harm was not measured.
    response_delay_min : float
        Minutes from the alarm to the response.
    rows : DataFrame
        One row for each monitor and seed: monitor (str), seed (int64), onset_utc, is_detected (bool),
        detected_utc, delay_hours (float64; inf: never), is_coincidence (bool: the run
        without the incident had the same alarm at that time), false_alarms_before_onset (int64),
        weeks_before_onset, false_alarms_clean (int64), weeks_clean, false_alarms_per_week
        (float64, of the clean run), acted_utc, harm, harm_with_response, harm_avoided (float64, `unit`),
        harm_avoided_share (float64).
    alarms : DataFrame
        Every alarm: monitor, seed, is_clean (bool: of the run without the incident), at_utc, where,
        value, threshold, text.
    """

    scenario: str
    unit: str
    response: tuple[str, ...]
    response_delay_min: float
    rows: pd.DataFrame = field(repr=False)
    alarms: pd.DataFrame = field(repr=False)

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of `rows`."""
        return self.rows.copy()

    @property
    def summary(self) -> pd.DataFrame:
        """One row for each monitor: medians over the seeds, with the worst seed beside them.

        Returns
        -------
        DataFrame
            Index: monitor. seeds, detected, coincidences (int64), delay_hours_median (float64; a
            seed that was never detected counts as inf), false_alarms_per_week_median and _worst,
            harm_avoided_median (`unit`), harm_avoided_share_median and _worst (float64).
        """
        groups = self.rows.groupby("monitor", sort=False)
        return pd.DataFrame(
            {
                "seeds": groups.size(),
                "detected": groups["is_detected"].sum().astype("int64"),
                "coincidences": groups["is_coincidence"].sum().astype("int64"),
                # pandas takes inf for a number here, which is what "never" should be.
                "delay_hours_median": groups["delay_hours"].apply(_median),
                "false_alarms_per_week_median": groups["false_alarms_per_week"].median(),
                "false_alarms_per_week_worst": groups["false_alarms_per_week"].max(),
                "harm_avoided_median": groups["harm_avoided"].median(),
                "harm_avoided_share_median": groups["harm_avoided_share"].median(),
                "harm_avoided_share_worst": groups["harm_avoided_share"].min(),
            }
        )

    def _repr_html_(self) -> str:
        html: str = self.summary.round(3).to_html()
        return html


def evaluate_monitor(
    monitor: Monitor | Mapping[str, Monitor],
    *,
    scenario: str = "fraud_poisoning",
    seeds: Iterable[int] = range(20),
    difficulty: str = "normal",
    size: str | int = "lesson",
    every_hours: float = 24.0,
    rule: AlertRule | None = None,
    response: str | Sequence[str] | None = "auto",
    response_delay_min: float = 30.0,
    limit_s: float = 300.0,
) -> Evaluation:
    """Try a monitor, ours or yours, on many seeds of an incident world.

    For each seed the world is played twice: with the incident, and the same world without
    it. What the monitor raises in the second is a false alarm; its first alarm after the onset in
    the first is the detection. From then, plus the delays, the response is in place, and
    the world is replayed: the harm avoided is what the simulation does.

    Parameters
    ----------
    monitor : callable, or mapping of name to callable
        ``monitor(tables, now)`` returning True or False, an Alarm or a list of Alarms; see
        :class:`Monitor`. Several are tried on the same runs, which costs one simulation.
    scenario : str, default "fraud_poisoning"
        Name of the world.
    seeds : iterable of int, default range(20)
    difficulty, size
        As for ``simulate``. ``size="sample"`` is quicker, with less to see.
    every_hours : float, default 24
        How often the monitor is asked.
    rule : AlertRule, default None
        When an alarm is raised; its `routing_delay_min` comes before `response_delay_min`.
        None: at once, and again after a day while it holds.
    response : str, list of str or None, default "auto"
        Controls that are turned on after the detection. "auto": those of the world's
        :func:`reference_policy`. None: harm is not measured (nan).
    response_delay_min : float, default 30
        Minutes from the alarm's arrival to the response taking effect.
    limit_s : float, default 300
        Seconds that a monitor may take for one run.

    Returns
    -------
    Evaluation

    Raises
    ------
    AiirError
        When the monitor breaks, is too slow or answers something else (named, with the time), or a
        parameter is out of range.
    NotFoundError
        When there is no such world or control.

    Notes
    -----
    False alarms are taken to be looked into and closed without a response: they cost attention, and
    that is why they are counted. An alarm after the onset that the clean run raises at the same time
    is a detection by luck, marked `is_coincidence`.

    Examples
    --------
    >>> done = evaluate_monitor(lambda tables, now: False, seeds=[7], size="sample", response=None)
    >>> int(done.summary["detected"].iloc[0])
    0
    """
    monitors = _read_monitors(monitor)
    numbers = _read_seeds(seeds)
    if not isinstance(response_delay_min, int | float) or not 0 <= response_delay_min < float("inf"):
        raise AiirError(
            f"response_delay_min={response_delay_min!r} is out of range. Range: 0 and up; nearest valid: 0."
        )
    rows: list[dict[str, object]] = []
    alarms: list[pd.DataFrame] = []
    controls: tuple[str, ...] = ()
    unit = ""
    for seed in numbers:
        run = simulate(scenario, seed=seed, difficulty=difficulty, size=size)
        controls, unit = _read_response(run, response), run.harm.unit
        looks, clean = Looks(run), Looks(run.without_incident())
        for name, one in monitors.items():
            seen, quiet = (
                watch_looks(one, side, every_hours=every_hours, rule=rule, limit_s=limit_s)
                for side in (looks, clean)
            )
            rows.append(
                {
                    "monitor": name,
                    "seed": seed,
                    **_measure(run, seen, quiet, controls, _delay_of(rule, response_delay_min)),
                }
            )
            for is_clean, raised in ((False, seen), (True, quiet)):
                frame = alarm_frame(raised)
                frame.insert(0, "monitor", name)
                frame.insert(1, "seed", seed)
                frame.insert(2, "is_clean", is_clean)
                alarms.append(frame)
    told = [frame for frame in alarms if len(frame)] or alarms[:1]
    return Evaluation(
        scenario, unit, controls, float(response_delay_min),
        pd.DataFrame(rows, columns=list(_DTYPES)).astype(_DTYPES),
        pd.concat(told, ignore_index=True),
    )  # fmt: skip


def _measure(
    run: Run, seen: Sequence[Alarm], quiet: Sequence[Alarm], controls: tuple[str, ...], delay: timedelta
) -> dict[str, object]:
    """One row: what a monitor did on one seed."""
    onset = run.reveal().onset_utc
    times = [alarm.at_utc for alarm in seen if alarm.at_utc is not None]
    detected = next((at for at in times if at >= onset), None)
    weeks = (run.ended_utc - run.started_utc) / timedelta(weeks=1)
    row: dict[str, object] = {
        "onset_utc": onset,
        "is_detected": detected is not None,
        "detected_utc": detected,
        "delay_hours": (detected - onset) / timedelta(hours=1) if detected else np.inf,
        "is_coincidence": detected is not None and any(alarm.at_utc == detected for alarm in quiet),
        "false_alarms_before_onset": sum(at < onset for at in times),
        "weeks_before_onset": (onset - run.started_utc) / timedelta(weeks=1),
        "false_alarms_clean": len(quiet),
        "weeks_clean": weeks,
        "false_alarms_per_week": len(quiet) / weeks,
        "acted_utc": detected + delay if detected and controls else None,
        "harm": run.harm.amount,
    }
    return row | _measure_response(run, controls, detected + delay if detected else None)


def _measure_response(run: Run, controls: tuple[str, ...], at: datetime | None) -> dict[str, float]:
    """Replay with the response from `at` on; never detected: nothing is avoided."""
    if not controls:
        return dict.fromkeys(("harm_with_response", "harm_avoided", "harm_avoided_share"), np.nan)
    before = run.harm.amount
    after = replay(run, controls=controls, at=at).harm.amount if at is not None else before
    share = (before - after) / before if before > 0 else np.nan
    return {"harm_with_response": after, "harm_avoided": before - after, "harm_avoided_share": share}


def _read_monitors(monitor: Monitor | Mapping[str, Monitor]) -> dict[str, Monitor]:
    if isinstance(monitor, Mapping):
        if not monitor:
            raise AiirError("monitor is an empty mapping. Expected a function, or {'name': function, ...}.")
        return {str(name): one for name, one in monitor.items()}
    return {name_of(monitor): monitor}


def _read_seeds(seeds: Iterable[int]) -> list[int]:
    if isinstance(seeds, int | np.integer):
        raise AiirError(f"seeds={seeds} is one number. Expected a list: seeds=[{seeds}], or range({seeds}).")
    numbers = list(seeds)
    if not numbers or len(set(numbers)) != len(numbers):
        got = "no seed" if not numbers else "a seed twice"
        raise AiirError(f"seeds holds {got}. Expected different whole numbers, for instance range(20).")
    return numbers


def _read_response(run: Run, response: str | Sequence[str] | None) -> tuple[str, ...]:
    if response is None:
        return ()
    if response == "auto":
        return reference_policy(run.name).response
    names = (response,) if isinstance(response, str) else tuple(response)
    for name in names:
        run.control(name)
    return names


def _delay_of(rule: AlertRule | None, response_delay_min: float) -> timedelta:
    return timedelta(minutes=response_delay_min + (rule.routing_delay_min if rule else 0.0))


def _median(values: pd.Series[float]) -> float:
    """Median where inf is a value: between two, the upper one, so that inf and a number do not make nan."""
    ordered = np.sort(values.to_numpy(dtype="float64"))
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return float(high if np.isinf(high) else (low + high) / 2)
