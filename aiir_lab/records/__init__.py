"""What every room speaks: severity, timeline, post-mortem, causes, actions, escalation, communication, RMF.

Records are frozen and validated, and they read and write YAML, JSON and Markdown without loss.
Each name loads its module on first use: whoever only needs an error does not wait for pydantic.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aiir_lab.records.actions import ActionItem, ActionKind, ActionStatus, Strength
    from aiir_lab.records.atlas import ATLAS_NAMES, ATLAS_VERSION, check_atlas_id
    from aiir_lab.records.base import Record
    from aiir_lab.records.briefing import Briefing
    from aiir_lab.records.causes import Cause, CauseGraph, ContributingFactor, Strand
    from aiir_lab.records.communication import Message, Stage, StatusUpdate
    from aiir_lab.records.errors import AiirError, NotFoundError, RecordError
    from aiir_lab.records.escalation import EscalationMatrix, EscalationStep, Role
    from aiir_lab.records.exercise import (
        AfterAction,
        Decision,
        Escalation,
        EvidenceLook,
        ExerciseHarm,
        ExpectedOutcome,
        Interval,
        ObjectiveRating,
        PlannedDecision,
        Rating,
        Remark,
        Score,
        SentMessage,
        SentUpdate,
    )
    from aiir_lab.records.playbook import (
        Playbook,
        PlaybookDecision,
        PlaybookTask,
        UpdateCadence,
    )
    from aiir_lab.records.postmortem import AiDetails, LegalClock, Postmortem, Source, SourceKind
    from aiir_lab.records.rmf import RmfFunction, RmfSubcategory, check_rmf_id
    from aiir_lab.records.severity import Severity, SeverityCriterion, SeverityDecision, SeverityMatrix
    from aiir_lab.records.timeline import (
        DURATIONS,
        Basis,
        ClockMark,
        Confidence,
        Duration,
        EventKind,
        Precision,
        Timeline,
        TimelineEvent,
    )

_HOMES = {
    "actions": (
        "ActionItem",
        "ActionKind",
        "ActionStatus",
        "Strength",
    ),
    "base": ("Record",),
    "briefing": ("Briefing",),
    "causes": (
        "Cause",
        "CauseGraph",
        "ContributingFactor",
        "Strand",
    ),
    "communication": (
        "Message",
        "Stage",
        "StatusUpdate",
    ),
    "errors": (
        "AiirError",
        "NotFoundError",
        "RecordError",
    ),
    "escalation": (
        "EscalationMatrix",
        "EscalationStep",
        "Role",
    ),
    "exercise": (
        "AfterAction",
        "Decision",
        "Escalation",
        "EvidenceLook",
        "ExerciseHarm",
        "ExpectedOutcome",
        "Interval",
        "ObjectiveRating",
        "PlannedDecision",
        "Rating",
        "Remark",
        "Score",
        "SentMessage",
        "SentUpdate",
    ),
    "playbook": (
        "Playbook",
        "PlaybookDecision",
        "PlaybookTask",
        "UpdateCadence",
    ),
    "postmortem": (
        "AiDetails",
        "LegalClock",
        "Postmortem",
        "Source",
        "SourceKind",
    ),
    "atlas": (
        "ATLAS_NAMES",
        "ATLAS_VERSION",
        "check_atlas_id",
    ),
    "rmf": (
        "RmfFunction",
        "RmfSubcategory",
        "check_rmf_id",
    ),
    "severity": (
        "Severity",
        "SeverityCriterion",
        "SeverityDecision",
        "SeverityMatrix",
    ),
    "timeline": (
        "DURATIONS",
        "Basis",
        "ClockMark",
        "Confidence",
        "Duration",
        "EventKind",
        "Precision",
        "Timeline",
        "TimelineEvent",
    ),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "ATLAS_NAMES",
    "ATLAS_VERSION",
    "DURATIONS",
    "ActionItem",
    "ActionKind",
    "ActionStatus",
    "AfterAction",
    "AiDetails",
    "AiirError",
    "Basis",
    "Briefing",
    "Cause",
    "CauseGraph",
    "ClockMark",
    "Confidence",
    "ContributingFactor",
    "Decision",
    "Duration",
    "Escalation",
    "EscalationMatrix",
    "EscalationStep",
    "EventKind",
    "EvidenceLook",
    "ExerciseHarm",
    "ExpectedOutcome",
    "Interval",
    "LegalClock",
    "Message",
    "NotFoundError",
    "ObjectiveRating",
    "PlannedDecision",
    "Playbook",
    "PlaybookDecision",
    "PlaybookTask",
    "Postmortem",
    "Precision",
    "Rating",
    "Record",
    "RecordError",
    "Remark",
    "RmfFunction",
    "RmfSubcategory",
    "Role",
    "Score",
    "SentMessage",
    "SentUpdate",
    "Severity",
    "SeverityCriterion",
    "SeverityDecision",
    "SeverityMatrix",
    "Source",
    "SourceKind",
    "Stage",
    "StatusUpdate",
    "Strand",
    "Strength",
    "Timeline",
    "TimelineEvent",
    "UpdateCadence",
    "check_atlas_id",
    "check_rmf_id",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
