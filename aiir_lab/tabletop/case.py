"""One exercise on one living world: what can be seen at a minute, under the decisions taken so far."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from aiir_lab.catalog.practice import load_escalation_matrix, load_severity_matrix
from aiir_lab.records.escalation import EscalationMatrix
from aiir_lab.records.severity import SeverityDecision
from aiir_lab.simulate.looking import Look, Looks
from aiir_lab.simulate.randomness import draw_stream
from aiir_lab.simulate.replay import replay
from aiir_lab.simulate.run import Run, simulate
from aiir_lab.tabletop.exercise import Evidence, Figure
from aiir_lab.tabletop.loading import Loaded

if TYPE_CHECKING:
    from aiir_lab.tabletop.state import State

Plan = Mapping[str, float]
"""Control -> minute on the exercise clock from which it works."""

_KEPT_LOOKS = 4  # tables of so many plans stay in memory; an exercise goes through them one by one


class Case:
    """The world of a session. Replays under other plans share everything that no control can change."""

    def __init__(self, loaded: Loaded, *, seed: int, difficulty: str) -> None:
        self.exercise, self.facilitation, self.digest = loaded.exercise, loaded.facilitation, loaded.digest
        self.seed, self.difficulty = seed, difficulty
        self.matrix: EscalationMatrix = load_escalation_matrix()
        self._base = simulate(self.exercise.world, seed=seed, difficulty=difficulty, size=self.exercise.size)
        self._looks: OrderedDict[tuple[tuple[str, float], ...], Looks] = OrderedDict()
        self._harms: dict[tuple[tuple[str, float], ...], float] = {}

    @property
    def company(self) -> str:
        """Invented name of the company."""
        return self._base.company

    @property
    def unit(self) -> str:
        """Unit of the harm."""
        return self._base.harm.unit

    @cached_property
    def onset_utc(self) -> datetime:
        """When the incident was planted: for the facilitator and for the report after the end."""
        return self._base.reveal().onset_utc

    @property
    def cohorts(self) -> tuple[str, ...]:
        """The groups that bore the harm: for the report after the end."""
        return self._base.reveal().cohorts

    @cached_property
    def started_utc(self) -> datetime:
        """Minute 0 of the exercise, drawn after the onset so that it does not give the onset away."""
        low, high = self.facilitation.start.hours_after_onset[self.difficulty]  # type: ignore[index]
        rng = draw_stream(self.seed, self.exercise.id, "exercise_start")
        hours = float(rng.uniform(low, high))
        start = self.onset_utc + timedelta(hours=hours)
        latest = self._base.ended_utc - timedelta(minutes=self.exercise.minutes)
        return min(start, latest).replace(second=0, microsecond=0)

    def at(self, minute: float) -> datetime:
        """The UTC time of a minute on the exercise clock."""
        return self.started_utc + timedelta(minutes=minute)

    def run(self, plan: Plan) -> Run:
        """The world played again with the controls of a plan, each from its minute."""
        return replay(self._base, controls={name: self.at(minute) for name, minute in plan.items()})

    def harm(self, plan: Plan) -> float:
        """Harm to the end of the world under a plan, at least 0.

        Some controls also prevent losses of ordinary operation; that they have cost reviewers and time is
        not in the harm, so it is not credited either.
        """
        key = _key(plan)
        if key not in self._harms:
            self._harms[key] = max(self.run(plan).harm.amount, 0.0)
        return self._harms[key]

    def look(self, plan: Plan, minute: float) -> Look:
        """The tables of the world as they stood at a minute."""
        key = _key(plan)
        if key not in self._looks:
            self._looks[key] = Looks(self.run(plan))
            while len(self._looks) > _KEPT_LOOKS:
                self._looks.popitem(last=False)
        self._looks.move_to_end(key)
        return self._looks[key].at(self.at(minute))

    def visible_from(self, table: str) -> str:
        """The column that says when a row of a table appeared; empty for views."""
        return self._base._world.schema[table].visible_from

    def query(self, evidence: Evidence, plan: Plan, minute: float) -> pd.DataFrame:
        """What a piece of evidence shows at a minute."""
        frame = self.look(plan, minute)[evidence.table]
        return self._narrow(frame, evidence.table, evidence.where, evidence.last_hours, minute).reset_index(
            drop=True
        )

    def figure(self, name: str, plan: Plan, minute: float) -> float | str | None:
        """A figure of the exercise at a minute; ``None`` where the table has nothing to say yet."""
        figure = self.exercise.figures[name]
        frame = self.look(plan, minute)[figure.table]
        return _measure(self._narrow(frame, figure.table, figure.where, figure.last_hours, minute), figure)

    def say_figure(self, name: str, plan: Plan, minute: float) -> str:
        """A figure as text for a message."""
        value = self.figure(name, plan, minute)
        if value is None:
            return "no figure yet"
        return value if isinstance(value, str) else f"{value:,.{self.exercise.figures[name].decimals}f}"

    def severity(self, plan: Plan, minute: float) -> SeverityDecision:
        """What the severity matrix makes of the measures at a minute."""
        measures = {}
        for criterion, source in self.facilitation.severity_measures.items():
            value = self.figure(source, plan, minute) if isinstance(source, str) else source
            if isinstance(value, int | float):
                measures[criterion] = float(value)
        return load_severity_matrix().classify(measures)

    def _narrow(
        self,
        frame: pd.DataFrame,
        table: str,
        where: Mapping[str, object],
        last_hours: float | None,
        minute: float,
    ) -> pd.DataFrame:
        column = self.visible_from(table)
        if last_hours is not None and column:
            frame = frame.loc[frame[column] > self.at(minute) - timedelta(hours=last_hours)]
        for name, value in where.items():
            frame = frame.loc[frame[name] == value]
        return frame


def plan_of(state: State) -> dict[str, float]:
    """The plan that the decisions of a session amount to."""
    plan: dict[str, float] = {}
    for decision in state.decisions:
        for control in decision.controls:
            plan[control] = min(decision.works_min, plan.get(control, decision.works_min))
    return plan


def _key(plan: Plan) -> tuple[tuple[str, float], ...]:
    return tuple(sorted(plan.items()))


def _measure(frame: pd.DataFrame, figure: Figure) -> float | str | None:
    if figure.measure == "count":
        return float(len(frame))
    if frame.empty:
        return None
    if figure.measure == "share":
        hit = pd.Series(True, index=frame.index)
        for name, value in figure.equals.items():
            hit &= frame[name] == value
        return float(hit.mean())
    values = frame[str(figure.column)].dropna()
    if values.empty:
        return None
    if figure.measure == "top":
        counts = values.value_counts()
        return str(sorted(counts.index[counts == counts.max()].astype(str))[0])
    if figure.measure == "last":
        value = values.iloc[-1]
        return value if isinstance(value, str) else float(value)
    return float(getattr(values, figure.measure)())
