"""The course's worked practice: one severity matrix and one escalation matrix for AI incidents.

Which bounds come from published practice and which are our own proposal stands in the card,
``datasets/practice/README.md``.
"""

from __future__ import annotations

from functools import cache

from aiir_lab.catalog.course_files import course_path
from aiir_lab.records.escalation import EscalationMatrix
from aiir_lab.records.severity import SeverityMatrix


@cache
def load_severity_matrix() -> SeverityMatrix:
    """Load the measurable severity matrix for AI incidents.

    Returns
    -------
    SeverityMatrix
        The worst criterion decides.

    Examples
    --------
    >>> load_severity_matrix().classify({"users_affected": 30}).severity
    <Severity.SEV1: 'SEV1'>
    """
    return SeverityMatrix.from_file(course_path("datasets", "practice", "severity_matrix.yaml"))


@cache
def load_escalation_matrix() -> EscalationMatrix:
    """Load the escalation matrix: who is told, how soon, who stands in, who may switch the model off.

    Returns
    -------
    EscalationMatrix
        Minutes are counted from detection.

    Examples
    --------
    >>> load_escalation_matrix().leader("SEV1")
    <Role.INCIDENT_COMMANDER: 'incident_commander'>
    """
    return EscalationMatrix.from_file(course_path("datasets", "practice", "escalation_matrix.yaml"))
