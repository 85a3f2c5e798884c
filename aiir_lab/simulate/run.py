"""Play an incident world and look at it: what responders saw, and what was true."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import pandas as pd

from aiir_lab.records.errors import AiirError, NotFoundError
from aiir_lab.simulate import schema as schemas
from aiir_lab.simulate.controls import Control, Plan, read_controls, read_time
from aiir_lab.simulate.harm import Harm, measure_harm
from aiir_lab.simulate.truth import GroundTruth
from aiir_lab.simulate.world import Outcome, Setting, World, load_world, play_once, read_setting


class Run:
    """One play of an incident world. Made by :func:`simulate` and :func:`replay`.

    Attributes
    ----------
    name, seed, difficulty, rows
        What was asked for; `rows` counts the world's main table.
    company : str
        Invented name of the company it happens to.
    started_utc, ended_utc : datetime
        The clock of the run, UTC.
    controls : tuple of str
        Names of the controls this world knows.
    active_controls : mapping of str to datetime or None
        Those in place here, and since when (None: from the start).
    columns : DataFrame
        table, column, dtype, unit, meaning: the documentation of ``observe()``.
    """

    def __init__(self, world: World, stage: Any, plan: Plan, *, incident: bool = True) -> None:
        self._world = world
        self._stage = stage
        self._plan = plan
        self._incident = incident
        self._cache: dict[str, Any] = {}

    def __repr__(self) -> str:
        active = ", ".join(self._plan.since) or "no controls"
        active = active if self._incident else f"{active}; no incident"
        return (
            f"<Run {self.name} seed={self.seed} difficulty={self.difficulty} rows={self.rows:,} ({active})>"
        )

    @property
    def setting(self) -> Setting:
        """What was asked for."""
        setting: Setting = self._stage.setting
        return setting

    @property
    def name(self) -> str:
        """Name of the world."""
        return self._world.name

    @property
    def title(self) -> str:
        """The world in one line."""
        return self._world.title

    @property
    def seed(self) -> int:
        """The seed it was drawn with."""
        return self.setting.seed

    @property
    def difficulty(self) -> str:
        """``"easy"``, ``"normal"`` or ``"hard"``."""
        return self.setting.difficulty

    @property
    def rows(self) -> int:
        """Rows of the main table that were asked for."""
        return self.setting.rows

    @property
    def company(self) -> str:
        """Invented name of the company."""
        company: str = self._stage.company
        return company

    @property
    def started_utc(self) -> datetime:
        """Start of the run's clock."""
        started: datetime = self._stage.started_utc
        return started

    @property
    def ended_utc(self) -> datetime:
        """End of the run's clock."""
        ended: datetime = self._stage.ended_utc
        return ended

    @property
    def controls(self) -> tuple[str, ...]:
        """Names of the controls this world knows."""
        return self._world.control_names

    @property
    def active_controls(self) -> Mapping[str, datetime | None]:
        """Controls in place here, and since when."""
        return dict(self._plan.since)

    @property
    def factors(self) -> Mapping[str, str]:
        """Contributing factor to the control that removes it."""
        return self._world.factors

    @property
    def main_factors(self) -> tuple[str, ...]:
        """The factors that :func:`attribute` takes by default."""
        return self._world.main_factors

    @property
    def columns(self) -> pd.DataFrame:
        """Every column of every table: table, column, dtype, unit, meaning."""
        return schemas.describe(self._world.schema)

    def control(self, name: str) -> Control:
        """Look up what a control does and costs.

        Raises
        ------
        NotFoundError
            When this world has no such control.
        """
        for control in self._world.controls:
            if control.name == name:
                return control
        raise NotFoundError("control", name, list(self.controls))

    def observe(self, *, until: object = None) -> dict[str, pd.DataFrame]:
        """Return the tables that a responder could query.

        Parameters
        ----------
        until : datetime or str, default None
            UTC time of the look: later rows are not there yet. None: at the end of the run.

        Returns
        -------
        dict of str to DataFrame
            Documented in ``run.columns``. The frames are copies.
        """
        if "tables" not in self._cache:
            made = self._world.tables(self._stage, self._outcome)
            self._cache["tables"] = {
                name: schemas.conform(name, made[name], table)
                for name, table in self._world.schema.items()
                if not table.is_view
            }
        tables: dict[str, pd.DataFrame] = self._cache["tables"]
        seen_at = read_time(until, parameter="until")
        if seen_at is None:
            seen = {name: frame.copy() for name, frame in tables.items()}
        else:
            schema = self._world.schema
            seen = {name: schemas.seen_by(frame, schema[name], seen_at) for name, frame in tables.items()}
        for name, view in self._world.views(seen).items():
            seen[name] = schemas.conform(name, view, self._world.schema[name])
        return {name: seen[name] for name in self._world.schema}

    def without_incident(self) -> Run:
        """Return the same world, same randomness and controls, without the mechanism of the incident.

        What a monitor raises there is a false alarm. The decoys are in it; `reveal()` has nothing to tell.
        """
        return Run(self._world, self._stage, self._plan, incident=False)

    def reveal(self) -> GroundTruth:
        """Return the planted truth.

        Raises
        ------
        AiirError
            When this is a run without the incident.
        """
        if not self._incident:
            raise AiirError(f"{self!r} has no incident, so there is no truth to reveal. Ask the run with it.")
        if "truth" not in self._cache:
            planted = self._world.plant(self._stage, self._outcome)
            self._cache["truth"] = GroundTruth(
                onset_utc=planted.onset_utc,
                mechanism=planted.mechanism,
                affected=planted.affected,
                cohorts=planted.cohorts,
                harm=self.harm,
                factors=self.factors,
                details=planted.details,
                _measure_interactions=self._measure_interactions,
            )
        truth: GroundTruth = self._cache["truth"]
        return truth

    @property
    def harm(self) -> Harm:
        """Loss beyond the same world with no incident and no controls."""
        if "harm" not in self._cache:
            reference = self._play(Plan(), incident=False).loss_per_hour
            self._cache["harm"] = measure_harm(self._outcome.loss_per_hour, reference, self._world.unit)
        harm: Harm = self._cache["harm"]
        return harm

    @property
    def costs(self) -> pd.DataFrame:
        """What the active controls were measured to cost: control, what, unit (str), amount (float64)."""
        rows = [(c.control, c.what, c.unit, round(float(c.amount), 4)) for c in self._outcome.costs]
        return pd.DataFrame(rows, columns=["control", "what", "unit", "amount"])

    def digest(self) -> str:
        """Return the sha256 of all observable tables: equal runs have equal digests."""
        total = hashlib.sha256()
        for name, frame in self.observe().items():
            plain = frame.copy()
            for column in plain.columns:
                # Text of a time differs between pandas versions; its count of microseconds does not.
                if isinstance(plain[column].dtype, pd.DatetimeTZDtype):
                    plain[column] = plain[column].astype("int64")
            total.update(name.encode())
            total.update(plain.to_csv(index=False, lineterminator="\n").encode())
        return total.hexdigest()

    @property
    def _outcome(self) -> Outcome:
        return self._play(self._plan, incident=self._incident)

    def _play(self, plan: Plan, *, incident: bool) -> Outcome:
        """Play once for each plan: replays of one run share stage, models and outcomes."""
        return play_once(self._world, self._stage, plan, incident=incident)

    def _measure_interactions(self) -> pd.DataFrame:
        from aiir_lab.simulate.attribution import measure_interactions

        return measure_interactions(self)


def simulate(
    name: str,
    *,
    seed: int = 0,
    difficulty: str = "normal",
    size: str | int = "lesson",
    controls: Iterable[str] | Mapping[str, object] = (),
) -> Run:
    """Play an incident world.

    Parameters
    ----------
    name : str
        One of ``list_worlds()``, for instance ``"fraud_poisoning"``.
    seed : int, default 0
        0 to 2**63 - 1. The same seed gives the same bytes on every machine; another
        seed gives another company, onset, source and size.
    difficulty : {"easy", "normal", "hard"}, default "normal"
        How slowly it grows and how much else is going on.
    size : str or int, default "lesson"
        ``"lesson"``, ``"sample"``, or rows of the main table.
    controls : list of str, or mapping of str to datetime, default none
        Controls in place from the start, or each from its UTC time.

    Returns
    -------
    Run

    Raises
    ------
    NotFoundError
        When the world, difficulty, size or a control has no such name.
    AiirError
        When a number is out of range; the message names the nearest valid value.

    Examples
    --------
    >>> run = simulate("fraud_poisoning", seed=7)
    >>> "transactions" in run.observe()
    True
    """
    world = load_world(name)
    setting = read_setting(world, seed=seed, difficulty=difficulty, size=size)
    plan = Plan(read_controls(controls, world.control_names))
    return Run(world, world.prepare(setting), plan)
