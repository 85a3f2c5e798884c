"""What every incident world must provide, and where the worlds are found."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import Any, ClassVar, SupportsIndex

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from aiir_lab.records.errors import AiirError, NotFoundError
from aiir_lab.simulate.controls import Control, Cost, Plan
from aiir_lab.simulate.schema import Table
from aiir_lab.simulate.truth import Planted

# Import strings, not classes: a world and its libraries load when it is asked for.
WORLDS: dict[str, str] = {
    "fraud_poisoning": "aiir_lab.simulate.fraud_poisoning:FraudPoisoning",
    "vision_bias": "aiir_lab.simulate.vision_bias:VisionBias",
    "credit_bias": "aiir_lab.simulate.credit_bias:CreditBias",
    "moderation_failure": "aiir_lab.simulate.moderation_failure:ModerationFailure",
    "demand_drift": "aiir_lab.simulate.demand_drift:DemandDrift",
    "assistant_injection": "aiir_lab.simulate.assistant_injection:AssistantInjection",
}
DIFFICULTIES = ("easy", "normal", "hard")


@dataclass(frozen=True)
class Setting:
    """What a learner asked for: which world, seed, difficulty and how many rows of the main table."""

    world: str
    seed: int
    difficulty: str
    rows: int


@dataclass
class Stage:
    """All that is drawn before any control plays a part. Worlds subclass it.

    Parameters
    ----------
    setting : Setting
    company : str
        Invented name of the company.
    started_utc, ended_utc : datetime
        The clock of the run; replays share it.
    memo : dict
        What replays of this run share: model fits, feature matrices, anything that
        is a pure function of its key.
    """

    setting: Setting
    company: str
    started_utc: datetime
    ended_utc: datetime
    memo: dict[Any, Any] = field(default_factory=dict, repr=False)


@dataclass
class Outcome:
    """What came of one play of a world.

    Parameters
    ----------
    loss_per_hour : Series of float64
        Loss in the world's unit, one value for each hour from start to end; index UTC.
        The loss of ordinary operation is in it: the base subtracts the reference world.
    costs : list of Cost
        What the controls were measured to cost.
    state : Any
        Whatever ``tables`` and ``plant`` need. Build no frames here: attribution
        plays a world 32 times and looks only at the loss.
    """

    loss_per_hour: pd.Series[float]
    costs: list[Cost] = field(default_factory=list)
    state: Any = None


class World(ABC):
    """An incident that can be played again with other controls.

    A world is three pure functions. ``prepare`` draws everything exogenous once.
    ``play`` runs the company's pipeline on it under a plan of controls, with or
    without the incident. ``tables`` writes down what responders could have seen.
    See ``aiir_lab/simulate/README.md`` for the smallest one.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    unit: ClassVar[str]
    main_table: ClassVar[str]
    sizes: ClassVar[Mapping[str, int]]  # must hold "lesson" (under 3 s) and "sample" (under 3 MB)
    min_rows: ClassVar[int]
    max_rows: ClassVar[int]  # of one play; `write_tables` goes beyond it in chunks
    controls: ClassVar[tuple[Control, ...]]
    main_factors: ClassVar[tuple[str, ...]]  # what `attribute` takes by default, at most six
    schema: ClassVar[Mapping[str, Table]]
    growing: ClassVar[tuple[str, ...]] = ()  # tables that can be written at any size, the main one first
    grown_ids: ClassVar[tuple[str, ...]] = ()  # numbers in them that are another's in every copy of a case
    fresh_per_day: ClassVar[int] = 0  # cases that `expand` draws for a day; 0: those of the play are copied

    @abstractmethod
    def prepare(self, setting: Setting) -> Any:
        """Draw all that no control can change. Returns a Stage of the world's own class."""

    @abstractmethod
    def play(self, stage: Any, plan: Plan, *, incident: bool) -> Outcome:
        """Run the world under a plan; `incident=False` is the same world without the mechanism.

        Must be a pure function of its arguments (``stage.memo`` may cache), and
        must draw by purpose (see randomness.py), so that plans are comparable.
        """

    @abstractmethod
    def tables(self, stage: Any, outcome: Outcome) -> dict[str, pd.DataFrame]:
        """Build every table of ``schema`` that is not a view. Nothing of the truth may be in them."""

    def views(self, tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
        """Compute the views from observable tables as they stood at some time. Default: none."""
        return {}

    @abstractmethod
    def plant(self, stage: Any, outcome: Outcome) -> Planted:
        """Tell the planted truth."""

    def case_of(self, table: str, tables: Mapping[str, pd.DataFrame]) -> NDArray[np.int64]:
        """Number of the main table's row that each row of a growing table follows from.

        Default: the number stands in a column of the same name. A world whose tables are linked otherwise
        says how.
        """
        column = next(iter(self.schema[self.main_table].columns))
        return tables[table][column].to_numpy(dtype=np.int64)

    def expand(
        self, stage: Any, outcome: Outcome, *, day: int, rows: int, first_id: int
    ) -> dict[str, pd.DataFrame]:
        """Draw `rows` new cases of one day with the `growing` tables, decided by the models of `outcome`.

        For writing at any size (see write.py); a world with `fresh_per_day` must provide it.
        Every day is drawn on its own, by purpose.

        Parameters
        ----------
        day : int
            Day of the run, from 0.
        rows : int
            Rows of the main table, at most `fresh_per_day`.
        first_id : int
            Number of the first of them; ids must not repeat between days.
        """
        raise AiirError(f"{self.name} draws no new cases: those of a play are copied (fresh_per_day is 0).")

    @property
    def control_names(self) -> tuple[str, ...]:
        """Names of the controls this world knows."""
        return tuple(c.name for c in self.controls)

    @property
    def factors(self) -> dict[str, str]:
        """Contributing factor to the control that removes it."""
        return {c.removes: c.name for c in self.controls if c.removes}


def play_once(world: World, stage: Stage, plan: Plan, *, incident: bool) -> Outcome:
    """Play a plan, or return what came of it before: all replays of a run share their stage.

    A world's `plant` may ask it for the reference, ``play_once(self, stage, Plan(), incident=False)``.
    """
    key = ("outcome", plan.key(), incident)
    if key not in stage.memo:
        stage.memo[key] = world.play(stage, plan, incident=incident)
    outcome: Outcome = stage.memo[key]
    return outcome


def list_worlds() -> tuple[str, ...]:
    """Names of the incident worlds."""
    return tuple(WORLDS)


def load_world(name: str) -> World:
    """Find a world by name.

    Raises
    ------
    NotFoundError
        When there is none of that name; the message names the nearest.
    """
    if name not in WORLDS:
        raise NotFoundError("incident world", name, list(WORLDS))
    module, _, attribute = WORLDS[name].partition(":")
    world: World = getattr(import_module(module), attribute)()
    return world


def read_setting(world: World, *, seed: object, difficulty: object, size: object) -> Setting:
    """Check what was asked for.

    Raises
    ------
    AiirError
        Naming the parameter, its range and the nearest valid value.
    """
    if isinstance(seed, bool) or not isinstance(seed, SupportsIndex):
        raise AiirError(
            f"seed={seed!r} is not a whole number. Range: 0 to {2**63 - 1}; nearest valid: seed=0."
        )
    number = int(seed)
    if not 0 <= number < 2**63:
        nearest = 0 if number < 0 else 2**63 - 1
        raise AiirError(f"seed={number} is out of range 0 to {2**63 - 1}; nearest valid: seed={nearest}.")
    if difficulty not in DIFFICULTIES:
        raise NotFoundError("difficulty", difficulty, list(DIFFICULTIES))
    return Setting(world.name, number, str(difficulty), read_rows(world, size))


def read_rows(world: World, size: object) -> int:
    """Turn a size, by name or in rows of the main table, into rows.

    Raises
    ------
    AiirError
        When it is neither a size of this world nor a number in its range.
    """
    if isinstance(size, str):
        if size not in world.sizes:
            raise NotFoundError("size", size, list(world.sizes))
        return world.sizes[size]
    if isinstance(size, bool) or not isinstance(size, SupportsIndex):
        raise AiirError(
            f"size={size!r} is neither a name ({', '.join(world.sizes)}) nor a whole number of rows. "
            f"Nearest valid: size='lesson' ({world.sizes['lesson']:,} rows)."
        )
    rows = int(size)
    if not world.min_rows <= rows <= world.max_rows:
        nearest = min(max(rows, world.min_rows), world.max_rows)
        raise AiirError(
            f"size={rows} is out of range for {world.name}: {world.min_rows} to {world.max_rows} rows of "
            f"{world.main_table!r}; nearest valid: size={nearest}. To write more rows than that to disk, "
            "use `aiir simulate` or write_tables."
        )
    return rows
