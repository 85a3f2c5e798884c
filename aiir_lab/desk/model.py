"""What the desk keeps: one model of pages, status incidents and action items; vendors are views of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar


@dataclass(kw_only=True)
class Item:
    """One stored thing. A field whose name ends in ``_utc`` is a timezone-aware time."""

    kind: ClassVar[str] = ""
    id: str
    created_utc: datetime

    @property
    def parent(self) -> str:
        """What it belongs to, for looking up; empty where it stands alone."""
        return ""

    @property
    def key(self) -> str | None:
        """A second name. The store holds at most one *open* item per parent and key."""
        return None

    @property
    def is_open(self) -> bool:
        """Whether ``key`` is taken by this item."""
        return False

    @property
    def due_utc(self) -> datetime | None:
        """When the desk must look at it again by itself."""
        return None


@dataclass(kw_only=True)
class Person(Item):
    """Somebody who can be paged or assigned: the holder of a response role, never a named human."""

    kind = "person"
    name: str
    email: str
    role: str
    account_id: str

    @property
    def key(self) -> str | None:
        return self.email


@dataclass(kw_only=True)
class Rule:
    """One rule of a policy: who is paged once ``after_min`` passed without acknowledgement.

    ``levels`` are the levels of the matrix that it stands for; empty for a policy made by hand.
    """

    after_min: float
    targets: list[str]
    condition: str = "if-not-acked"
    levels: list[int] = field(default_factory=list)


@dataclass(kw_only=True)
class Policy(Item):
    """An escalation: PagerDuty calls it escalation policy, Opsgenie escalation."""

    kind = "policy"
    name: str
    rules: list[Rule]
    severity: str | None = None
    description: str = ""
    last_wait_min: float = 30
    loops: int = 0

    @property
    def key(self) -> str | None:
        return self.name


@dataclass(kw_only=True)
class Service(Item):
    """A technical service that pages are about."""

    kind = "service"
    name: str
    policy_id: str
    routing_key: str
    description: str = ""
    urgency: str = "severity_based"

    @property
    def key(self) -> str | None:
        return self.routing_key


@dataclass(kw_only=True)
class Alert(Item):
    """A page: a PagerDuty incident, or an Opsgenie / Jira Service Management alert."""

    kind = "alert"
    vendor: str
    number: int
    scope: str
    dedup_key: str
    title: str
    severity: str
    urgency: str
    status: str
    policy_id: str
    service_id: str
    updated_utc: datetime
    changed_utc: datetime
    climbing_since_utc: datetime
    level: int = 0
    count: int = 1
    assigned: list[str] = field(default_factory=list)
    acknowledged_by: str | None = None
    acknowledged_utc: datetime | None = None
    resolved_by: str | None = None
    resolved_utc: datetime | None = None
    snoozed_until_utc: datetime | None = None
    next_level_utc: datetime | None = None
    last_occurred_utc: datetime | None = None
    priority: str | None = None
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def parent(self) -> str:
        return self.scope

    @property
    def key(self) -> str | None:
        return self.dedup_key

    @property
    def is_open(self) -> bool:
        return self.status != "resolved"

    @property
    def due_utc(self) -> datetime | None:
        return self.next_level_utc if self.status == "triggered" else self.snoozed_until_utc


@dataclass(kw_only=True)
class Entry(Item):
    """One line of a page's log: triggered, notified, escalated, acknowledged, noted, resolved ..."""

    kind = "entry"
    alert_id: str
    action: str
    actor: str
    channel: str
    text: str
    level: int | None = None

    @property
    def parent(self) -> str:
        return self.alert_id

    @property
    def key(self) -> str | None:
        return self.action


@dataclass(kw_only=True)
class Change(Item):
    """A change somebody announced: a deployment, a new model version."""

    kind = "change"
    service_id: str
    summary: str
    source: str
    detail: dict[str, Any]


@dataclass(kw_only=True)
class Receipt(Item):
    """The answer to an asynchronous Opsgenie request; not there until ``ready_s`` (real time)."""

    kind = "receipt"
    alert_id: str
    alias: str
    action: str
    is_success: bool
    status: str
    integration: str
    ready_s: float


@dataclass(kw_only=True)
class Component(Item):
    """A part of the service as the public sees it."""

    kind = "component"
    name: str
    position: int
    updated_utc: datetime
    status: str = "operational"
    description: str | None = None
    showcase: bool = True
    only_show_if_degraded: bool = False
    group_id: str | None = None
    start_date: str | None = None


@dataclass(kw_only=True)
class StatusIncident(Item):
    """An incident or maintenance on the public status page."""

    kind = "status_incident"
    name: str
    status: str
    impact: str
    updated_utc: datetime
    started_utc: datetime
    impact_override: str | None = None
    monitoring_utc: datetime | None = None
    resolved_utc: datetime | None = None
    scheduled: bool = False
    component_ids: list[str] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    postmortem: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str | None:
        return "maintenance" if self.scheduled else "incident"


@dataclass(kw_only=True)
class StatusUpdate(Item):
    """One update of a status incident."""

    kind = "status_update"
    incident_id: str
    status: str
    body: str
    updated_utc: datetime
    display_utc: datetime
    affected: list[dict[str, str]] = field(default_factory=list)
    deliver_notifications: bool = True
    wants_twitter_update: bool = False

    @property
    def parent(self) -> str:
        return self.incident_id


@dataclass(kw_only=True)
class Subscriber(Item):
    """Somebody who asked for status updates (nothing is ever sent)."""

    kind = "subscriber"
    mode: str
    address: str
    component_ids: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class Issue(Item):
    """An action item as Jira holds it. Rich text is kept as an ADF document."""

    kind = "issue"
    issue_key: str
    number: int
    summary: str
    type_id: str
    status_id: str
    priority_id: str
    updated_utc: datetime
    reporter: str
    creator: str
    assignee: str | None = None
    due_date: str | None = None
    resolution: str | None = None
    resolved_utc: datetime | None = None
    description: dict[str, Any] | None = None
    labels: list[str] = field(default_factory=list)
    watchers: list[str] = field(default_factory=list)
    parent_issue: str | None = None

    @property
    def parent(self) -> str:
        return self.parent_issue or ""

    @property
    def key(self) -> str | None:
        return self.issue_key

    @property
    def is_open(self) -> bool:
        return True


@dataclass(kw_only=True)
class Comment(Item):
    """A comment on an issue, as an ADF document."""

    kind = "comment"
    issue_id: str
    author: str
    body: dict[str, Any]
    updated_utc: datetime

    @property
    def parent(self) -> str:
        return self.issue_id


@dataclass(kw_only=True)
class History(Item):
    """One entry of an issue's change log."""

    kind = "history"
    issue_id: str
    author: str
    changes: list[dict[str, Any]]

    @property
    def parent(self) -> str:
        return self.issue_id


@dataclass(kw_only=True)
class Link(Item):
    """A typed link between two issues."""

    kind = "link"
    type_id: str
    inward_id: str
    outward_id: str


@dataclass(kw_only=True)
class RemoteLink(Item):
    """A link from an issue to something outside Jira, such as the page it came from."""

    kind = "remote_link"
    issue_id: str
    global_id: str
    body: dict[str, Any]

    @property
    def parent(self) -> str:
        return self.issue_id

    @property
    def key(self) -> str | None:
        return self.global_id
