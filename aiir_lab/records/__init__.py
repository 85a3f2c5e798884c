"""What every room speaks: severity, timeline, post-mortem, causes, actions, escalation, communication, RMF.

Records are frozen and validated, and they read and write YAML, JSON and Markdown without loss.
"""

from aiir_lab.records.actions import ActionItem, ActionKind, ActionStatus, Strength
from aiir_lab.records.base import Record
from aiir_lab.records.causes import Cause, CauseGraph, ContributingFactor, Strand
from aiir_lab.records.communication import Message, Stage, StatusUpdate
from aiir_lab.records.errors import AiirError, NotFoundError, RecordError
from aiir_lab.records.escalation import EscalationMatrix, EscalationStep, Role
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

__all__ = [
    "DURATIONS",
    "ActionItem",
    "ActionKind",
    "ActionStatus",
    "AiDetails",
    "AiirError",
    "Basis",
    "Cause",
    "CauseGraph",
    "ClockMark",
    "Confidence",
    "ContributingFactor",
    "Duration",
    "EscalationMatrix",
    "EscalationStep",
    "EventKind",
    "LegalClock",
    "Message",
    "NotFoundError",
    "Postmortem",
    "Precision",
    "Record",
    "RecordError",
    "RmfFunction",
    "RmfSubcategory",
    "Role",
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
    "check_rmf_id",
]
