"""The planted truth of a world: revealed after the investigation, never in an observable table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import pandas as pd

from aiir_lab.simulate.harm import Harm


@dataclass(frozen=True)
class Planted:
    """What a world knows about its own incident.

    Parameters
    ----------
    onset_utc : datetime
        When the mechanism began to work, UTC.
    mechanism : str
        What happened, two or three sentences.
    affected : mapping of str to Series
        Table name to the ids of the rows that the mechanism touched.
    cohorts : tuple of str
        The groups that bore the harm, as they are named in the tables,
        for instance ``"category=gift_cards, device=web"``.
    details : mapping
        What else a judge may ask for, for instance ``{"sources": ("src-07",)}``.
    """

    onset_utc: datetime
    mechanism: str
    affected: Mapping[str, pd.Series[Any]]
    cohorts: tuple[str, ...]
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class GroundTruth:
    """The planted truth of one run.

    Attributes
    ----------
    onset_utc : datetime
        When the mechanism began to work, UTC.
    mechanism : str
        What happened, in sentences.
    affected : mapping of str to Series
        Table name to the ids of the rows touched.
    cohorts : tuple of str
        The groups that bore the harm.
    harm : Harm
        True harm, with its series per hour.
    factors : mapping of str to str
        Contributing factor to the control that removes it.
    details : mapping
        Particulars of the world, for judges.
    interactions : DataFrame
        factor_a (str), factor_b (str), interaction_harm (float64, unit of the harm);
        measured on first use by replaying all subsets of the main factors.
    """

    onset_utc: datetime
    mechanism: str
    affected: Mapping[str, pd.Series[Any]]
    cohorts: tuple[str, ...]
    harm: Harm
    factors: Mapping[str, str]
    details: Mapping[str, Any]
    _measure_interactions: Callable[[], pd.DataFrame] = field(repr=False, compare=False)

    @cached_property
    def interactions(self) -> pd.DataFrame:
        """How much more two factors do together than the sum of each alone."""
        return self._measure_interactions()
