"""The escalation matrix: who is told, how soon, who stands in, who may switch the model off."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from aiir_lab.records.base import Line, Record
from aiir_lab.records.errors import NotFoundError
from aiir_lab.records.severity import Severity


class Role(StrEnum):
    """Response roles. One person may hold several; each has exactly one holder at a time."""

    INCIDENT_COMMANDER = "incident_commander"
    SCRIBE = "scribe"
    COMMUNICATIONS_LEAD = "communications_lead"
    LIAISON = "liaison"
    SUBJECT_EXPERT = "subject_expert"
    ON_CALL = "on_call"
    ML_ENGINEER = "ml_engineer"
    SECURITY = "security"
    PRODUCT = "product"
    LEGAL = "legal"
    CUSTOMER_SUPPORT = "customer_support"
    EXECUTIVE = "executive"


class EscalationStep(Record):
    """One row: at this severity, this role hears of it within this many minutes of detection."""

    severity: Severity
    level: int = Field(ge=1, le=9, description="1 is told first")
    role: Role
    within_min: int = Field(
        ge=0, le=10_080, description="minutes after detected_utc, without acknowledgement"
    )
    fallback: Role = Field(description="who is told when this role does not answer")
    leads: bool = Field(default=False, description="this role leads the response at this severity")
    may_switch_off_model: bool = Field(default=False, description="NIST AI RMF MANAGE 2.4")

    @model_validator(mode="after")
    def _other_fallback(self) -> Self:
        if self.fallback == self.role:
            raise ValueError("a fallback other than the role itself")
        return self


class EscalationMatrix(Record):
    """Rows of severity -> level -> role -> minutes.

    Functional escalation brings skill, hierarchical escalation brings authority; both are rows here.
    """

    title: Line
    update_every_min: dict[Severity, int] = Field(
        default_factory=dict, description="minutes between status updates at each severity"
    )
    steps: tuple[EscalationStep, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        for severity in Severity:
            steps = self.for_severity(severity)
            if not steps:
                raise ValueError(f"at least one step for {severity}")
            if [step.level for step in steps] != list(range(1, len(steps) + 1)):
                raise ValueError(f"levels 1, 2, 3 ... without gaps for {severity}")
            if [step.within_min for step in steps] != sorted(step.within_min for step in steps):
                raise ValueError(f"minutes that do not fall from level to level for {severity}")
            if sum(step.leads for step in steps) != 1:
                raise ValueError(f"exactly one role that leads at {severity}")
        return self

    def for_severity(self, severity: Severity | str) -> tuple[EscalationStep, ...]:
        """The steps at one severity, level by level."""
        steps = [step for step in self.steps if step.severity == severity]
        return tuple(sorted(steps, key=lambda step: step.level))

    def leader(self, severity: Severity | str) -> Role:
        """Who leads the response at this severity."""
        return self._one(severity, "leads")

    def may_switch_off(self, severity: Severity | str) -> tuple[Role, ...]:
        """Who may switch the model off at this severity; empty where nobody was named."""
        return tuple(step.role for step in self.for_severity(severity) if step.may_switch_off_model)

    def due(self, severity: Severity | str, minutes: float) -> tuple[EscalationStep, ...]:
        """The steps that must have been told once ``minutes`` have passed since detection."""
        return tuple(step for step in self.for_severity(severity) if step.within_min <= minutes)

    def _one(self, severity: Severity | str, flag: str) -> Role:
        for step in self.for_severity(severity):
            if getattr(step, flag):
                return step.role
        raise NotFoundError("severity", severity, [level.value for level in Severity])
