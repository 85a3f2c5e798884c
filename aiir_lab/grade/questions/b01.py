"""Questions of beginner lesson 1: severity and the first update."""

from __future__ import annotations

from aiir_lab.grade.question import Criterion, Question
from aiir_lab.records import Role, Severity

QUESTIONS = (
    Question(
        id="b01-leader",
        title="Who leads",
        shape=dict[Severity, Role | None],
        expected="a dict from severity to role, such as {'SEV1': 'incident_commander'}",
        criteria=(
            Criterion(
                "SEV1 is led by the incident commander",
                lambda answer: answer.get("SEV1") == "incident_commander",
                "Look up matrix.leader.",
            ),
        ),
    ),
)
