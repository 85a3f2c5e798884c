"""The blameless written review of an incident, with the fields that AI incidents need.

The fields follow the Google SRE workbook (https://sre.google/workbook/postmortem-culture/) and the
PagerDuty post-mortem guide (https://github.com/PagerDuty/postmortem-docs); the AI fields are our own.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from aiir_lab.records.actions import ActionItem
from aiir_lab.records.atlas import AtlasId
from aiir_lab.records.base import Line, Record, Slug, Text, UtcDatetime
from aiir_lab.records.causes import CauseGraph, ContributingFactor
from aiir_lab.records.communication import Message
from aiir_lab.records.rmf import RmfFunction, RmfId
from aiir_lab.records.severity import Severity
from aiir_lab.records.timeline import Timeline


def _check_address(address: str) -> str:
    if not address.startswith(("https://", "http://")):
        raise ValueError("an address that starts with https://")
    return address


Url = Annotated[Line, AfterValidator(_check_address)]


class SourceKind(StrEnum):
    """Who speaks: the organisation itself, an official body, or somebody about them."""

    PRIMARY = "primary"
    OFFICIAL = "official"
    SECONDARY = "secondary"


class Source(Record):
    """Where a fact comes from. Events and factors name it by its key."""

    key: Line
    title: Line
    publisher: Line
    url: Url | None = None
    kind: SourceKind = SourceKind.PRIMARY


class LegalClock(Record):
    """One statutory or contractual deadline that an incident started."""

    rule: Line
    started_utc: UtcDatetime | None = None
    due_utc: UtcDatetime | None = None
    done_utc: UtcDatetime | None = None
    note: Text | None = None


class AiDetails(Record):
    """What a post-mortem of an AI system should say beyond the usual fields."""

    models: tuple[Line, ...] = Field(default=(), description="model versions involved")
    data: tuple[Line, ...] = Field(default=(), description="data and feature versions involved")
    first_affected_batch: Line | None = None
    decisions_affected: Text | None = Field(default=None, description="how many, and which")
    cohorts: tuple[Line, ...] = Field(default=(), description="groups on whom the harm fell")
    rollback_target: Line | None = None
    retraining_contaminated: bool | None = None
    human_oversight: Text | None = Field(default=None, description="who could see and stop it at the time")
    rmf_functions: tuple[RmfFunction, ...] = ()
    rmf_ids: tuple[RmfId, ...] = ()
    rmf_reason: Text | None = None
    atlas_ids: tuple[AtlasId, ...] = ()
    legal_clocks: tuple[LegalClock, ...] = ()


class Postmortem(Record):
    """A post-mortem. Only ``id`` and ``title`` are required: what is missing is for the reviewer to say."""

    id: Slug
    title: Line
    organisation: Line | None = None
    date: dt.date | None = Field(default=None, description="first day of the incident, as published")
    severity: Severity | None = None
    severity_reason: Text | None = None
    status: Line | None = None
    owner: Line | None = None
    authors: tuple[Line, ...] = ()
    reviewers: tuple[Line, ...] = ()
    summary: Text | None = None
    impact: tuple[Text, ...] = Field(default=(), description="measured consequences, one each")
    detection: Text | None = None
    trigger: Text | None = None
    resolution: Text | None = None
    timeline: Timeline = Timeline()
    contributing_factors: tuple[ContributingFactor, ...] = ()
    cause_graph: CauseGraph | None = None
    messages: tuple[Message, ...] = Field(default=(), description="the communication flow")
    action_items: tuple[ActionItem, ...] = ()
    went_well: tuple[Text, ...] = ()
    went_badly: tuple[Text, ...] = ()
    got_lucky: tuple[Text, ...] = ()
    ai: AiDetails | None = None
    gaps: tuple[Text, ...] = Field(default=(), description="what the published account leaves out")
    contradictions: tuple[Text, ...] = Field(default=(), description="where sources disagree")
    glossary: dict[str, Text] = Field(default_factory=dict)
    sources: tuple[Source, ...] = ()

    @model_validator(mode="after")
    def _sources_exist(self) -> Self:
        keys = [source.key for source in self.sources]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise ValueError(f"sources with different keys, but {', '.join(twice)} stands twice")
        if not keys:
            return self
        parts = {
            "timeline.events": self.timeline.events,
            "contributing_factors": self.contributing_factors,
            "messages": self.messages,
            "action_items": self.action_items,
        }
        for name, items in parts.items():
            for number, item in enumerate(items):
                for key in item.sources:  # type: ignore[attr-defined]
                    if key not in keys and "://" not in key:
                        raise ValueError(
                            f"sources among {', '.join(keys)}, but {name}.{number} names {key!r}"
                        )
        return self

    def source(self, key: str) -> Source:
        """The source with this key."""
        from aiir_lab.records.errors import NotFoundError

        for source in self.sources:
            if source.key == key:
                return source
        raise NotFoundError("source", key, [source.key for source in self.sources])
