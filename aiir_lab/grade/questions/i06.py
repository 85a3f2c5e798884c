"""Intermediate lesson 6: page, escalate, resolve. Answers are what the ops desk itself returns."""

from __future__ import annotations

import re
from functools import cache

from pydantic import AwareDatetime, BaseModel, ConfigDict

from aiir_lab.desk.plan import Plan, policy_name
from aiir_lab.grade.question import Criterion, Question
from aiir_lab.records import Severity

SEED = 10
CHARGEBACKS, RELEASE = "chargebacks_weekly", "client_errors"
LEVELS = {CHARGEBACKS: Severity.SEV2, RELEASE: Severity.SEV3}
"""What the lesson says about the two conditions that deserve a page."""


@cache
def alarm_texts() -> dict[tuple[str, str], tuple[str, ...]]:
    """(urgency, rule) -> texts of the alarms that fired in the lesson's world."""
    from aiir_lab.simulate import simulate

    alerts = simulate("fraud_poisoning", seed=SEED, size="sample").observe()["alerts"]
    grouped = alerts.groupby(["urgency", "rule"], observed=True)["text"]
    return {(str(urgency), str(rule)): tuple(texts) for (urgency, rule), texts in grouped}


class _Reference(BaseModel):
    summary: str = ""


class _Incident(BaseModel):
    """Of the fields that PagerDuty returns for an incident, those that are judged."""

    id: str
    title: str
    incident_key: str
    escalation_policy: _Reference = _Reference()


class _Entry(BaseModel):
    """One entry of PagerDuty's log of an incident."""

    type: str
    created_at: AwareDatetime
    summary: str | None = None
    agent: _Reference = _Reference()
    channel: _Reference = _Reference()

    @property
    def kind(self) -> str:
        return self.type.removesuffix("_log_entry").removesuffix("_log_entry_reference")


class _Handled(BaseModel):
    model_config = ConfigDict(extra="forbid")

    log: list[_Entry] | None = None
    time_to_acknowledge_min: float | None = None

    @property
    def entries(self) -> list[_Entry]:
        """Oldest first."""
        return sorted(self.log or [], key=lambda entry: entry.created_at)

    def first(self, kind: str) -> _Entry | None:
        return next((entry for entry in self.entries if entry.kind == kind), None)


class _Report(BaseModel):
    ack_time: int | None = None


class _Alert(BaseModel):
    """Of the fields that Jira Service Management returns for an alert, those that are judged."""

    message: str
    status: str
    acknowledged: bool
    count: int
    priority: str
    report: _Report | None = None


def _about(incidents: list[_Incident], rule: str) -> list[_Incident]:
    return [incident for incident in incidents if rule in incident.incident_key]


def _pages_each_condition(incidents: list[_Incident]) -> bool | str:
    missing = [rule for rule in LEVELS if not _about(incidents, rule)]
    return not missing or f"Nobody was paged about {', '.join(missing)}."


def _pages_once(incidents: list[_Incident]) -> bool | str:
    counts = {rule: len(_about(incidents, rule)) for rule in LEVELS}
    twice = [f"{rule} ({count})" for rule, count in counts.items() if count > 1]
    if not any(counts.values()):
        return "There is no page yet."
    return not twice or f"More than one open page: {', '.join(twice)}."


def _lets_people_sleep(incidents: list[_Incident]) -> bool | str:
    rules = [rule for urgency, rule in alarm_texts() if urgency == "notice"]
    woken = [rule for rule in rules if _about(incidents, rule)]
    if not _about(incidents, CHARGEBACKS) and not _about(incidents, RELEASE):
        return "There is no page yet."
    return not woken or f"Somebody was woken for {', '.join(woken)}."


def _titles_hold_the_measure(incidents: list[_Incident]) -> bool | str:
    for rule in LEVELS:
        figures = {figure for text in alarm_texts()["page", rule] for figure in re.findall(r"\d+", text)}
        for incident in _about(incidents, rule):
            if not figures & set(re.findall(r"\d+", incident.title)):
                return f"{incident.title!r} does not hold the figure of its alarm."
    return any(_about(incidents, rule) for rule in LEVELS)


def _policies_fit(incidents: list[_Incident]) -> bool | str:
    for rule, level in LEVELS.items():
        for incident in _about(incidents, rule):
            if incident.escalation_policy.summary != policy_name(level):
                return f"{rule} climbs by {incident.escalation_policy.summary!r}."
    return any(_about(incidents, rule) for rule in LEVELS)


@cache
def first_pages() -> dict[str, float]:
    """Person as the desk writes it -> minute of the first page at SEV2, stand-ins included."""
    plan = Plan()
    names = {person.id: person.name for person in plan.people()}
    policy = next(policy for policy in plan.policies() if policy.severity == Severity.SEV2)
    found: dict[str, float] = {}
    for rule in policy.rules:
        for target in rule.targets:
            found.setdefault(names[target], rule.after_min)
    return found


def _heard(person: str) -> Criterion:
    def holds(paged: dict[str, float | None]) -> bool | str:
        minute = paged.get(person)
        if minute is None:
            return f"Not in your answer: {person}."
        return abs(minute - first_pages()[person]) <= 0.1

    return Criterion(
        f"{person}: when the first page went out",
        holds,
        "Count from the first trigger to the first notify entry of this person, in minutes.",
    )


def _nobody_else(paged: dict[str, float | None]) -> bool | str:
    if len(paged) < len(first_pages()):
        return "Somebody is missing."
    unknown = sorted(set(paged) - set(first_pages()))
    return not unknown or f"Not paged by then: {', '.join(unknown)}."


def _stops_the_climb(handled: _Handled) -> bool | str:
    acknowledged = handled.first("acknowledge")
    if acknowledged is None:
        return "Nobody acknowledged it."
    later = [entry for entry in handled.entries if entry.created_at > acknowledged.created_at]
    if any(entry.kind in ("notify", "escalate") for entry in later):
        return "People were paged after it was acknowledged."
    return any(entry.kind == "notify" for entry in handled.entries)


def _notes_evidence(handled: _Handled) -> bool | str:
    note, end = handled.first("annotate"), handled.first("resolve")
    if note is None:
        return "There is no note."
    if not re.search(r"\d", note.summary or ""):
        return "The note holds no figure."
    return end is None or note.created_at <= end.created_at or "The note came after the end."


def _resolves_last(handled: _Handled) -> bool | str:
    kinds = [entry.kind for entry in handled.entries]
    if "resolve" not in kinds:
        return "It is still open."
    acknowledged, end = handled.first("acknowledge"), handled.first("resolve")
    return bool(acknowledged and end and acknowledged.created_at < end.created_at) or (
        "Let the clock run between acknowledging and resolving, as work does."
    )


def _minutes_fit(handled: _Handled) -> bool | str:
    acknowledged, trigger = handled.first("acknowledge"), handled.first("trigger")
    given = handled.time_to_acknowledge_min
    if acknowledged is None or trigger is None or given is None:
        return "There is no such duration in your answer."
    minutes = (acknowledged.created_at - trigger.created_at).total_seconds() / 60
    return (
        abs(given - minutes) <= 0.1 or "It starts with the first trigger and ends with the acknowledgement."
    )


def _reaches_sev2(alert: _Alert) -> bool | str:
    return alert.priority == "P2" or f"Now it is {alert.priority}."


QUESTIONS: tuple[Question, ...] = (
    Question(
        id="i06-page",
        title="One page for each condition",
        shape=list[_Incident],
        expected="the list of incidents as clients.pagerduty returns it",
        criteria=(
            Criterion(
                "Each condition that deserves a page has one",
                _pages_each_condition,
                "urgency says which alarms deserve one; the rule's name belongs into the key.",
            ),
            Criterion(
                "An alarm that repeats itself wakes nobody twice",
                _pages_once,
                "Which part of your key changes between two alarms of one condition?",
            ),
            Criterion("Nobody is woken for a notice", _lets_people_sleep, "Send those that cannot wait."),
            Criterion(
                "The title holds the measure, so that a phone's lock screen is enough to begin",
                _titles_hold_the_measure,
                "The alarm's own text has the figure.",
            ),
            Criterion(
                "Each climbs at its own level",
                _policies_fit,
                "On this desk the severity 'error' climbs as SEV2, 'warning' as SEV3.",
            ),
        ),
    ),
    Question(
        id="i06-climb",
        title="Who has heard, and when",
        shape=dict[str, float | None],
        expected="a dict from role as the desk writes it to minutes, such as {'On-call responder': 0}",
        criteria=(
            *(_heard(person) for person in first_pages()),
            Criterion(
                "Nobody else",
                _nobody_else,
                "The agent of a notify entry is the person who was paged.",
            ),
        ),
    ),
    Question(
        id="i06-close",
        title="Acknowledge, note, resolve",
        shape=_Handled,
        expected="a dict with the keys log (PagerDuty's log entries) and time_to_acknowledge_min",
        criteria=(
            Criterion(
                "Acknowledging stops the climb",
                _stops_the_climb,
                "PUT the status 'acknowledged', then let the clock run on.",
            ),
            Criterion(
                "A note holds a measure before the end",
                _notes_evidence,
                "Whoever reads the log in a month needs figures, not 'fixed'.",
            ),
            Criterion(
                "It is resolved, and later than it was acknowledged", _resolves_last, "Resolve by the key."
            ),
            Criterion(
                "time_to_acknowledge is counted from the alert",
                _minutes_fit,
                "Acknowledged minus the first trigger, in minutes.",
            ),
        ),
    ),
    Question(
        id="i06-successor",
        title="The same alert in Jira Service Management",
        shape=_Alert,
        expected="the alert's fields: clients.jsm.get_alert(id).data.to_dict()",
        criteria=(
            Criterion(
                "Two deliveries make one alert",
                lambda alert: alert.count == 2 or f"Its count is {alert.count}.",
                "Send the same alias twice while the alert is open.",
            ),
            Criterion("Its priority fits SEV2", _reaches_sev2, "P1 to P5; this desk takes P2 as SEV2."),
            Criterion(
                "It was acknowledged some minutes after it came",
                lambda alert: alert.acknowledged and bool(alert.report and alert.report.ack_time),
                "Let the desk's clock run before you acknowledge; report.ack_time is in milliseconds.",
            ),
            Criterion(
                "It is closed",
                lambda alert: alert.status == "closed",
                "Opsgenie's word for resolved is close.",
            ),
        ),
    ),
)
