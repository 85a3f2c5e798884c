"""What is said during an incident: public status updates, and messages between parties."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from aiir_lab.records.base import Line, Record, Text, UtcDatetime


class Stage(StrEnum):
    """State of a public incident, in the words that status pages use."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"


class StatusUpdate(Record):
    """One public post: what customers notice, since when, what is being done, when the next post comes."""

    stage: Stage
    text: Text
    posted_utc: UtcDatetime | None = None
    next_update_utc: UtcDatetime | None = None
    audience: Line = "public"
    components: tuple[Line, ...] = ()

    @model_validator(mode="after")
    def _next_after_this(self) -> Self:
        if self.posted_utc and self.next_update_utc and self.next_update_utc <= self.posted_utc:
            raise ValueError("next_update_utc later than posted_utc")
        return self


class Message(Record):
    """Who told whom, through which channel, when: one arrow of the communication flow."""

    sender: Line
    to: Line
    channel: Line
    text: Text
    at_utc: UtcDatetime | None = None
    when_text: Line | None = Field(default=None, description="the time as published, where it is not exact")
    sources: tuple[Line, ...] = ()
