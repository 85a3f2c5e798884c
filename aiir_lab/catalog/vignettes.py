"""Vignettes: short invented failures of AI systems, with what was measured about each."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, model_validator

from aiir_lab.catalog.course_files import course_path
from aiir_lab.catalog.practice import load_severity_matrix
from aiir_lab.records.base import Line, Record, Slug
from aiir_lab.records.errors import NotFoundError
from aiir_lab.records.severity import Severity

if TYPE_CHECKING:
    import pandas as pd


class Measure(Record):
    """What is known about one criterion of the severity matrix: a low and a high estimate in its unit."""

    criterion: Slug
    low: float = Field(ge=0)
    high: float = Field(ge=0)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low > self.high:
            raise ValueError("a low estimate that is not above the high one")
        return self


class Vignette(Record):
    """A short failure of an AI system. It holds measures; the matrix derives the severity from them."""

    id: Slug
    title: Line
    domain: Line
    kind: Literal["incident", "near_miss", "hazard"]
    text: Line
    measures: tuple[Measure, ...] = Field(min_length=1)

    @property
    def severity(self) -> Severity:
        """The level by the course's matrix; an uncertain measure counts with its high estimate."""
        return self._level("high")

    @property
    def severity_if_low(self) -> Severity:
        """The level if every low estimate were the right one."""
        return self._level("low")

    def _level(self, bound: Literal["low", "high"]) -> Severity:
        measures = {measure.criterion: getattr(measure, bound) for measure in self.measures}
        return load_severity_matrix().classify(measures).severity


class _Vignettes(Record):
    vignettes: tuple[Vignette, ...]

    @model_validator(mode="after")
    def _unique(self) -> Self:
        ids = [vignette.id for vignette in self.vignettes]
        if len(set(ids)) != len(ids):
            raise ValueError("vignettes with different ids")
        return self


@cache
def vignettes() -> tuple[Vignette, ...]:
    """All vignettes in the order of their file."""
    return _Vignettes.from_file(course_path("datasets", "vignettes", "vignettes.yaml")).vignettes


def load_vignette(id: str) -> Vignette:
    """Load one vignette.

    Raises
    ------
    NotFoundError
        There is no such vignette; the message names the nearest ids.

    Examples
    --------
    >>> load_vignette("gnome-carousel").domain
    'recommender'
    """
    known = {vignette.id: vignette for vignette in vignettes()}
    if id not in known:
        raise NotFoundError("vignette", id, list(known))
    return known[id]


def load_vignettes() -> pd.DataFrame:
    """All vignettes, one row each.

    Returns
    -------
    DataFrame
        Index ``id`` (str); ``title``, ``domain``, ``kind`` (incident, near_miss or hazard), ``text`` (str).

    Examples
    --------
    >>> load_vignettes().loc["gnome-carousel", "domain"]
    'recommender'
    """
    import pandas as pd

    rows = [vignette.model_dump(exclude={"measures"}) for vignette in vignettes()]
    return pd.DataFrame(rows).set_index("id")


def load_vignette_measures() -> pd.DataFrame:
    """What was measured about the vignettes, one row per vignette and criterion.

    Returns
    -------
    DataFrame
        ``id`` (str, vignette); ``criterion`` (str, row of the severity matrix); ``low``, ``high`` (float,
        estimates in that criterion's unit, the same where the figure is certain); ``unit`` (str).

    Examples
    --------
    >>> table = load_vignette_measures()
    >>> bool((table["low"] <= table["high"]).all())
    True
    """
    import pandas as pd

    units = {criterion.name: criterion.unit for criterion in load_severity_matrix().criteria}
    rows = [
        {"id": vignette.id, **measure.model_dump(), "unit": units[measure.criterion]}
        for vignette in vignettes()
        for measure in vignette.measures
    ]
    return pd.DataFrame(rows)
