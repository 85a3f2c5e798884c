"""One escalation matrix, rendered three ways: PagerDuty policy, Opsgenie escalation, due dates."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from aiir_lab.desk.model import Component, Person, Policy, Rule, Service
from aiir_lab.records.errors import NotFoundError

if TYPE_CHECKING:
    from aiir_lab.records.escalation import EscalationMatrix, EscalationStep

SEVERITIES = ("SEV1", "SEV2", "SEV3", "SEV4")
DUE_DAYS = {"SEV1": 7, "SEV2": 14, "SEV3": 30, "SEV4": 90}
"""Calendar days from closing the incident to the due date of its action items; a convention of this desk."""

LEARNER_EMAIL = "learner@desk.example"
PAGE_NAME = "Lantern AI status"
PROJECT_KEY = "AIR"
COMPONENTS = ("Predictions API", "Fraud scoring", "Recommendations", "Assistant", "Data intake")

_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Step:
    """One row of the matrix: at this severity, this role is paged after this many minutes."""

    severity: str
    level: int
    role: str
    within_min: int
    fallback: str
    leads: bool = False
    may_switch_off_model: bool = False


# The course's own matrix (datasets/practice/escalation_matrix.yaml; a test holds them equal) as plain rows:
# the desk has to be ready within a second, and loading records would cost a third of it.
_DEFAULT_TITLE = "Escalation of AI incidents"
_DEFAULT_UPDATES_MIN = {"SEV1": 20, "SEV2": 30, "SEV3": 120, "SEV4": 1440}
_DEFAULT_STEPS = (
    Step("SEV1", 1, "on_call", 0, "ml_engineer", may_switch_off_model=True),
    Step("SEV1", 2, "incident_commander", 5, "on_call", leads=True, may_switch_off_model=True),
    Step("SEV1", 3, "communications_lead", 5, "liaison"),
    Step("SEV1", 4, "ml_engineer", 10, "subject_expert"),
    Step("SEV1", 5, "security", 15, "subject_expert"),
    Step("SEV1", 6, "legal", 30, "executive"),
    Step("SEV1", 7, "executive", 30, "product", may_switch_off_model=True),
    Step("SEV2", 1, "on_call", 0, "ml_engineer", may_switch_off_model=True),
    Step("SEV2", 2, "incident_commander", 15, "on_call", leads=True, may_switch_off_model=True),
    Step("SEV2", 3, "ml_engineer", 15, "subject_expert"),
    Step("SEV2", 4, "communications_lead", 20, "customer_support"),
    Step("SEV2", 5, "product", 60, "executive"),
    Step("SEV3", 1, "on_call", 30, "ml_engineer", leads=True),
    Step("SEV3", 2, "ml_engineer", 120, "subject_expert"),
    Step("SEV3", 3, "product", 480, "ml_engineer", may_switch_off_model=True),
    Step("SEV4", 1, "on_call", 480, "ml_engineer", leads=True),
    Step("SEV4", 2, "product", 1440, "ml_engineer", may_switch_off_model=True),
)


def default_matrix() -> EscalationMatrix:
    """The matrix of a desk that was given none.

    Examples
    --------
    >>> [step.within_min for step in default_matrix().for_severity("SEV2")]
    [0, 15, 15, 20, 60]
    """
    from aiir_lab.records.escalation import EscalationMatrix

    steps = [asdict(step) for step in _DEFAULT_STEPS]
    content = {"title": _DEFAULT_TITLE, "update_every_min": _DEFAULT_UPDATES_MIN, "steps": steps}
    return EscalationMatrix.from_dict(content, where="the desk's own matrix")


def stable_id(*parts: str, length: int = 6) -> str:
    """An upper-case identifier that depends on nothing but ``parts`` (as PagerDuty's look)."""
    digest = hashlib.sha256("/".join(parts).encode()).digest()
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return "P" + "".join(alphabet[byte % 36] for byte in digest[:length])


class Plan:
    """The matrix as people, policies and due dates.

    Parameters
    ----------
    matrix : EscalationMatrix, optional
        Rows of severity, level, role, minutes, fallback; :func:`default_matrix` if none is given.
    due_days : dict of str to int, optional
        Days until an action item is due, by severity.
    """

    def __init__(
        self, matrix: EscalationMatrix | None = None, *, due_days: dict[str, int] | None = None
    ) -> None:
        self.title = matrix.title if matrix else _DEFAULT_TITLE
        self.steps = _DEFAULT_STEPS if matrix is None else tuple(_step(step) for step in matrix.steps)
        self.due_days = dict(DUE_DAYS if due_days is None else due_days)

    def for_severity(self, severity: str) -> list[Step]:
        """The steps at one severity, level by level."""
        found = [step for step in self.steps if step.severity == severity]
        return sorted(found, key=lambda step: step.level)

    def to_dict(self) -> dict[str, Any]:
        """The matrix as plain rows."""
        return {"title": self.title, "steps": [asdict(step) for step in self.steps]}

    def people(self) -> list[Person]:
        """The learner, then one holder for each role that the matrix names."""
        steps = [step for severity in SEVERITIES for step in self.for_severity(severity)]
        roles = dict.fromkeys([step.role for step in steps] + [step.fallback for step in steps])
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
        """One policy per severity.

        The matrix says by when a role must have heard; the first level is therefore paged at once, and levels
        with the same minute are paged together (no vendor can wait zero minutes between two rules). With each
        level go the stand-ins of those who were paged before and did not answer.
        """
        return [self._policy(severity) for severity in SEVERITIES]

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
                policy_id=policy_id("SEV2"),
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

    def _policy(self, severity: str) -> Policy:
        steps = self.for_severity(severity)
        minutes = sorted({step.within_min for step in steps})
        rules: list[Rule] = []
        before: list[Step] = []
        for number, minute in enumerate(minutes):
            group = [step for step in steps if step.within_min == minute]
            roles = [step.role for step in group] + [step.fallback for step in before]
            rules.append(
                Rule(
                    after_min=minute if number else 0,
                    targets=list(dict.fromkeys(person_id(role) for role in roles)),
                    levels=[step.level for step in group],
                )
            )
            before = group
        waits = [later.after_min - rule.after_min for rule, later in pairwise(rules)]
        return Policy(
            id=policy_id(severity),
            created_utc=_BEGINNING,
            name=policy_name(severity),
            description=f"{self.title}: {severity}",
            severity=severity,
            rules=rules,
            # PagerDuty wants a delay after the last level too: the same as before it
            last_wait_min=(waits[-1] if waits else 0) or 30,
        )


def _step(step: EscalationStep) -> Step:
    return Step(
        severity=step.severity.value,
        level=step.level,
        role=step.role.value,
        within_min=step.within_min,
        fallback=step.fallback.value,
        leads=step.leads,
        may_switch_off_model=step.may_switch_off_model,
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
