"""Conditions on the state of a session: they trigger injects and recognise expected actions."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from aiir_lab.records.base import Record, Slug
from aiir_lab.records.communication import Stage
from aiir_lab.records.escalation import Role
from aiir_lab.records.severity import Severity


class FigureBound(Record):
    """A figure of the exercise, and the bound that it must reach."""

    name: Slug
    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise ValueError("at_least or at_most")
        return self


class Condition(Record):
    """All the parts that are given must hold at the same minute.

    A list means each of its items; ``any`` and ``none_of`` combine conditions. ``for_min`` asks that the rest
    has held for so many minutes already.
    """

    after_min: float | None = Field(default=None, ge=0)
    acknowledged: bool | None = None
    severity_at_least: Severity | None = None
    escalated: tuple[Role, ...] = ()
    looked_at: tuple[Slug, ...] = ()
    kept: tuple[Slug, ...] = ()
    decided: tuple[Slug, ...] = ()
    working: tuple[Slug, ...] = Field(default=(), description="decisions whose controls work")
    updates_at_least: int | None = Field(default=None, ge=1)
    update_stage: Stage | None = None
    minutes_without_update: float | None = Field(default=None, gt=0)
    asked: tuple[Role, ...] = Field(default=(), description="roles that were sent a message")
    replied_to: tuple[Slug, ...] = Field(default=(), description="injects that were acknowledged or answered")
    legal_decided: tuple[Slug, ...] = ()
    noted: bool | None = Field(default=None, description="a note or hypothesis was written")
    figure: FigureBound | None = None
    any: tuple[Condition, ...] = ()
    none_of: tuple[Condition, ...] = ()
    for_min: float = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set - {"for_min"}:
            raise ValueError("at least one condition")
        return self


Condition.model_rebuild()
