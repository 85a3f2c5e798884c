"""One escalation matrix, rendered three ways: PagerDuty policy, Opsgenie escalation, due dates."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from aiir_lab.desk.model import Component, Person, Policy, Rule, Service
from aiir_lab.records.errors import NotFoundError
from aiir_lab.records.escalation import EscalationMatrix, EscalationStep, Role
from aiir_lab.records.severity import Severity

DUE_DAYS = {"SEV1": 7, "SEV2": 14, "SEV3": 30, "SEV4": 90}
"""Calendar days from closing the incident to the due date of its action items; a convention of this desk."""

LEARNER_EMAIL = "learner@desk.example"
PAGE_NAME = "Lantern AI status"
PROJECT_KEY = "AIR"
COMPONENTS = ("Predictions API", "Fraud scoring", "Recommendations", "Assistant", "Data intake")

_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)

# severity: (role, minutes, fallback, leads, may switch the model off), level by level
_DEFAULT_STEPS: dict[Severity, list[tuple[Role, int, Role, bool, bool]]] = {
    Severity.SEV1: [
        (Role.ON_CALL, 0, Role.ML_ENGINEER, False, True),
        (Role.INCIDENT_COMMANDER, 5, Role.PRODUCT, True, True),
        (Role.LEGAL, 10, Role.EXECUTIVE, False, False),
        (Role.EXECUTIVE, 15, Role.PRODUCT, False, True),
    ],
    Severity.SEV2: [
        (Role.ON_CALL, 0, Role.ML_ENGINEER, False, True),
        (Role.INCIDENT_COMMANDER, 15, Role.PRODUCT, True, True),
        (Role.PRODUCT, 30, Role.EXECUTIVE, False, False),
    ],
    Severity.SEV3: [
        (Role.ON_CALL, 0, Role.ML_ENGINEER, True, False),
        (Role.ML_ENGINEER, 30, Role.PRODUCT, False, False),
    ],
    Severity.SEV4: [
        (Role.ON_CALL, 0, Role.ML_ENGINEER, True, False),
        (Role.PRODUCT, 480, Role.ML_ENGINEER, False, False),
    ],
}


def default_matrix() -> EscalationMatrix:
    """The matrix of a desk that was given none.

    Examples
    --------
    >>> [step.within_min for step in default_matrix().for_severity("SEV2")]
    [0, 15, 30]
    """
    steps = tuple(
        EscalationStep(
            severity=severity,
            level=level,
            role=role,
            within_min=within_min,
            fallback=fallback,
            leads=leads,
            may_switch_off_model=may_switch_off,
        )
        for severity, rows in _DEFAULT_STEPS.items()
        for level, (role, within_min, fallback, leads, may_switch_off) in enumerate(rows, start=1)
    )
    return EscalationMatrix(
        title="Escalation of AI incidents",
        update_every_min={Severity.SEV1: 30, Severity.SEV2: 60, Severity.SEV3: 240},
        steps=steps,
    )


def stable_id(*parts: str, length: int = 6) -> str:
    """An upper-case identifier that depends on nothing but ``parts`` (as PagerDuty's look)."""
    digest = hashlib.sha256("/".join(parts).encode()).digest()
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return "P" + "".join(alphabet[byte % 36] for byte in digest[:length])


class Plan:
    """The matrix as people, policies and due dates.

    Parameters
    ----------
    matrix : EscalationMatrix
        Rows of severity, level, role, minutes, fallback.
    due_days : dict of str to int, optional
        Days until an action item is due, by severity.
    """

    def __init__(self, matrix: EscalationMatrix, *, due_days: dict[str, int] | None = None) -> None:
        self.matrix = matrix
        self.due_days = dict(DUE_DAYS if due_days is None else due_days)

    def people(self) -> list[Person]:
        """The learner, then one holder for each role that the matrix names."""
        steps = [step for severity in Severity for step in self.matrix.for_severity(severity)]
        roles = dict.fromkeys([step.role.value for step in steps] + [step.fallback.value for step in steps])
        named = [(LEARNER_EMAIL, "Responder (you)", "responder")]
        named += [(email_of(role), title_of(role), role) for role in roles]
        return [
            Person(
                id=person_id(role),
                created_utc=_BEGINNING,
                name=name,
                email=email,
                role=role,
                account_id="712020:" + stable_id("account", role, length=20).lower(),
            )
            for email, name, role in named
        ]

    def policies(self) -> list[Policy]:
        """One policy per severity: a level pages its role, and the stand-in of the level before."""
        return [self._policy(severity) for severity in Severity]

    def services(self, routing_keys: list[str]) -> list[Service]:
        """The two services that a learner can page about."""
        named = [
            ("Model serving", "Answers requests with the model in production"),
            ("Data pipeline", "Collects, labels and delivers training data"),
        ]
        return [
            Service(
                id=stable_id("service", name),
                created_utc=_BEGINNING,
                name=name,
                description=description,
                policy_id=policy_id(Severity.SEV2),
                routing_key=routing_key,
            )
            for (name, description), routing_key in zip(named, routing_keys, strict=True)
        ]

    def components(self) -> list[Component]:
        """What the public status page shows."""
        return [
            Component(
                id=stable_id("component", name, length=11).lower(),
                created_utc=_BEGINNING,
                updated_utc=_BEGINNING,
                name=name,
                position=position,
            )
            for position, name in enumerate(COMPONENTS, start=1)
        ]

    def due_date(self, severity: str, *, closed: date) -> date:
        """When an action item of an incident of this severity is due."""
        if severity not in self.due_days:
            raise NotFoundError("severity", severity, list(self.due_days))
        return closed + timedelta(days=self.due_days[severity])

    def _policy(self, severity: Severity) -> Policy:
        steps = self.matrix.for_severity(severity)
        rules = []
        for step, before in zip(steps, (None, *steps), strict=False):
            roles = [step.role.value] + ([before.fallback.value] if before else [])
            targets = list(dict.fromkeys(person_id(role) for role in roles))
            rules.append(Rule(after_min=step.within_min, targets=targets))
        waits = [later.after_min - rule.after_min for rule, later in pairwise(rules)]
        return Policy(
            id=policy_id(severity),
            created_utc=_BEGINNING,
            name=policy_name(severity),
            description=f"{self.matrix.title}: {severity.value}",
            severity=severity.value,
            rules=rules,
            last_wait_min=max(waits[-1:] or [30], key=float) or 30,
        )


def policy_name(severity: str) -> str:
    """What the matrix's policy of one severity is called."""
    return f"AI incident {severity}"


def policy_id(severity: str) -> str:
    """The identifier of that policy."""
    return stable_id("policy", severity)


def person_id(role: str) -> str:
    """The identifier of a role's holder."""
    return stable_id("person", role)


def email_of(role: str) -> str:
    """The address of a role's holder, under a domain that nobody can own."""
    return f"{role.replace('_', '-')}@desk.example"


def title_of(role: str) -> str:
    """A role as people write it."""
    special = {"ml_engineer": "ML engineer", "on_call": "On-call responder"}
    return special.get(role, role.replace("_", " ").capitalize())
