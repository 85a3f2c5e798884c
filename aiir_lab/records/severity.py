"""Severity: four levels, and a matrix that derives the level from measured impact."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from aiir_lab.records.base import Line, Record, Slug


class Severity(StrEnum):
    """Impact of an incident; SEV1 is worst. Priority (the order of work) is another thing."""

    SEV1 = "SEV1"
    SEV2 = "SEV2"
    SEV3 = "SEV3"
    SEV4 = "SEV4"

    @property
    def rank(self) -> int:
        """1 for SEV1 to 4 for SEV4."""
        return int(self.value[-1])

    def is_at_least(self, other: Severity) -> bool:
        """Whether this level is as bad as ``other`` or worse."""
        return self.rank <= other.rank

    @classmethod
    def worst(cls, levels: list[Severity]) -> Severity:
        """The worst of several levels; SEV4 where there is none."""
        return min(levels, key=lambda level: level.rank, default=cls.SEV4)


class SeverityCriterion(Record):
    """One measurable dimension of impact, with the bounds from which each level holds.

    ``sev1``, ``sev2`` and ``sev3`` are the lowest measure that earns that level, in ``unit``; ``None``
    says that this dimension alone never earns the level. Any smaller measure is SEV4.
    """

    name: Slug
    question: Line = Field(description="what to measure, as a question")
    unit: Line
    sev1: float | None = None
    sev2: float | None = None
    sev3: float | None = None

    @model_validator(mode="after")
    def _descending(self) -> Self:
        bounds = [bound for bound in (self.sev1, self.sev2, self.sev3) if bound is not None]
        if not bounds:
            raise ValueError("a bound for at least one of sev1, sev2, sev3")
        if bounds != sorted(bounds, reverse=True) or len(set(bounds)) != len(bounds):
            raise ValueError("sev1 > sev2 > sev3")
        return self

    def level(self, measure: float) -> Severity:
        """The level that this measure earns on its own."""
        if self.sev1 is not None and measure >= self.sev1:
            return Severity.SEV1
        if self.sev2 is not None and measure >= self.sev2:
            return Severity.SEV2
        if self.sev3 is not None and measure >= self.sev3:
            return Severity.SEV3
        return Severity.SEV4


class SeverityDecision(Record):
    """A level with the criteria that decided it."""

    severity: Severity
    decided_by: tuple[str, ...] = ()
    not_measured: tuple[str, ...] = ()


class SeverityMatrix(Record):
    """The criteria of an organisation; the worst one decides.

    Taking the worst follows the practice of assuming the higher level when unsure
    (PagerDuty incident response documentation, https://github.com/PagerDuty/incident-response-docs).
    """

    title: Line
    criteria: tuple[SeverityCriterion, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _unique(self) -> Self:
        names = [criterion.name for criterion in self.criteria]
        if len(set(names)) != len(names):
            raise ValueError("criteria with different names")
        return self

    def classify(self, measures: dict[str, float]) -> SeverityDecision:
        """Derive the level from measures by criterion name.

        Raises
        ------
        NotFoundError
            A measure names no criterion of this matrix.

        Examples
        --------
        >>> matrix = SeverityMatrix(title="Small", criteria=[
        ...     {"name": "users", "question": "How many?", "unit": "%", "sev1": 25, "sev2": 5, "sev3": 1}])
        >>> matrix.classify({"users": 7}).severity
        <Severity.SEV2: 'SEV2'>
        """
        from aiir_lab.records.errors import NotFoundError

        known = {criterion.name: criterion for criterion in self.criteria}
        for name in measures:
            if name not in known:
                raise NotFoundError("severity criterion", name, list(known))
        levels = {name: known[name].level(measure) for name, measure in measures.items()}
        worst = Severity.worst(list(levels.values()))
        return SeverityDecision(
            severity=worst,
            decided_by=tuple(name for name, level in levels.items() if level == worst != Severity.SEV4),
            not_measured=tuple(name for name in known if name not in measures),
        )
