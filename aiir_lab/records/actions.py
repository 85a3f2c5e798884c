"""Action items: what is to be done, by whom, until when, and how one will know."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field

from aiir_lab.records.base import Line, Record, Slug, Text


class Strength(StrEnum):
    """How much an action can change, by the action hierarchy of the VA National Center for Patient Safety."""

    STRONGER = "stronger"
    INTERMEDIATE = "intermediate"
    WEAKER = "weaker"


class ActionKind(StrEnum):
    """What an action is for."""

    PREVENT = "prevent"
    DETECT = "detect"
    MITIGATE = "mitigate"
    PROCESS = "process"


class ActionStatus(StrEnum):
    """Where an action stands."""

    PROPOSED = "proposed"
    OPEN = "open"
    DONE = "done"
    REJECTED = "rejected"


def _date_if_it_is_one(value: object) -> object:
    # "next sprint" is what people write; the reviewer, not the record, objects to it
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            return value
    return value


class ActionItem(Record):
    """One action. Incomplete ones are allowed on purpose: reviewing them is the lesson.

    Examples
    --------
    >>> ActionItem(description="Block promotion when the golden set regresses", due="2026-04-01").due
    datetime.date(2026, 4, 1)
    """

    description: Text
    owner: Line | None = Field(default=None, description="one named person or role")
    due: Annotated[date | Line | None, BeforeValidator(_date_if_it_is_one)] = None
    success_metric: Text | None = None
    kind: ActionKind | None = None
    factor: Line | None = Field(default=None, description="the contributing factor it addresses")
    control: Slug | None = Field(
        default=None, description="the control of an incident world it puts in place"
    )
    strength: Strength | None = None
    ticket: Line | None = None
    status: ActionStatus | None = None
    sources: tuple[Line, ...] = ()
    line: int | None = Field(default=None, ge=1, description="line of the document it was read from")
