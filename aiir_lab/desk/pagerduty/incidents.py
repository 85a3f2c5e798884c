"""REST incidents: list, create, read, change; their notes, alerts and log."""

from __future__ import annotations

import uuid
from typing import Any

from aiir_lab.desk.fields import Anything, Many, Maybe, Moment, Obj, Text, Whole, parse_moment
from aiir_lab.desk.model import Alert, Entry, Person, Policy, Service
from aiir_lab.desk.pagerduty import render
from aiir_lab.desk.pagerduty.manners import requester
from aiir_lab.desk.wire import Call, Refused, Reply, Routes

ROUTES = Routes()

STATUSES = ("triggered", "acknowledged", "resolved")
URGENCIES = ("high", "low")
_INCLUDES = (
    *("acknowledgers", "agents", "assignees", "conference_bridge", "custom_fields", "escalation_policies"),
    *("first_trigger_log_entries", "priorities", "services", "teams", "users"),
)
_BRIDGE = Obj(may={"conference_number": Text(), "conference_url": Text()})


def ref(kind: str) -> Obj:
    """A reference to something of this kind."""
    return Obj(needs={"id": Text(shortest=1)}, may={"type": Text(one_of=(f"{kind}_reference", kind))})


_TYPED = {"type": Text(one_of=("incident", "incident_reference"))}
_PRIORITY = Maybe(ref("priority"))
_ASSIGNMENTS = Many(Obj(needs={"assignee": ref("user")}))
_COMMON = {
    "urgency": Text(one_of=URGENCIES),
    "priority": _PRIORITY,
    "assignments": _ASSIGNMENTS,
    "escalation_policy": ref("escalation_policy"),
    "conference_bridge": _BRIDGE,
    "incident_type": Obj(may={"name": Text()}),
}
_NEW = Obj(
    needs={
        "type": Text(one_of=("incident",)),
        "title": Text(shortest=1, longest=1024),
        "service": ref("service"),
    },
    may={
        **_COMMON,
        "incident_key": Text(longest=255),
        "body": Obj(may={"type": Text(), "details": Anything()}),
    },
)
_CHANGE_FIELDS = {
    **_COMMON,
    "status": Text(one_of=STATUSES),
    "title": Text(shortest=1, longest=1024),
    "resolution": Text(),
    "escalation_level": Whole(least=1),
    "service": ref("service"),
}
_CHANGED = Obj(needs=_TYPED, may=_CHANGE_FIELDS)
_CHANGED_IN_LIST = Obj(needs={**_TYPED, "id": Text(shortest=1)}, may=_CHANGE_FIELDS)


@ROUTES.add("GET", "/incidents")
def list_incidents(call: Call) -> Reply:
    """Incidents, newest last, by status, urgency, service, user, key and time."""
    statuses = call.args("statuses", one_of=STATUSES)
    urgencies = call.args("urgencies", one_of=URGENCIES)
    services, users = call.args("service_ids"), call.args("user_ids")
    call.args("date_range", one_of=("all",))
    call.args("include", one_of=_INCLUDES)
    since, until = moment(call, "since"), moment(call, "until")
    found = [
        alert
        for alert in call.desk.store.find(Alert)
        if alert.vendor == "pagerduty"
        and (not statuses or alert.status in statuses)
        and (not urgencies or alert.urgency in urgencies)
        and (not services or alert.service_id in services)
        and (not users or set(users) & set(alert.assigned))
        and ("incident_key" not in call.query or alert.dedup_key == call.arg("incident_key"))
        and (since is None or alert.created_utc >= since)
        and (until is None or alert.created_utc < until)
    ]
    for order in reversed(call.arg("sort_by").split(",")):
        name, _, direction = order.partition(":")
        keys = {"created_at": "created_utc", "incident_number": "number", "urgency": "urgency"}
        if name in keys:
            found.sort(key=lambda alert: getattr(alert, keys[name]), reverse=direction == "desc")
    page = render.paged(call, "incidents", found)
    page["incidents"] = [render.incident(call, alert) for alert in page["incidents"]]
    return Reply(200, page)


@ROUTES.add("POST", "/incidents")
def create_incident(call: Call) -> Reply:
    """Page somebody by hand."""
    person = requester(call)
    assert person is not None
    wanted = call.json(Obj(needs={"incident": _NEW}))["incident"]
    service = call.desk.store.get(Service, wanted["service"]["id"])
    if service is None:
        raise Refused(400, "Service Not Found", [("incident.service", "is not a service of this account")])
    scope, key = f"rest:{service.id}", wanted.get("incident_key") or ""
    in_use = [service.routing_key, scope] if key else []
    if any(call.desk.store.first(Alert, parent=place, key=key, is_open=True) for place in in_use):
        message = "Open incident already exists with this incident key"
        raise Refused(400, message, [("incident.incident_key", "is already used by an open incident")])
    priority = _priority_name(wanted.get("priority"))
    urgency = wanted.get("urgency") or "high"
    severity = render.SEVERITY_OF_PRIORITY.get(priority or "", "SEV2" if urgency == "high" else "SEV4")
    policy = wanted.get("escalation_policy", {}).get("id")
    alert, _ = call.desk.paging.open(
        vendor="pagerduty",
        scope=scope,
        dedup_key=key or uuid.uuid4().hex,
        title=wanted["title"],
        severity=severity,
        urgency=urgency,
        service_id=service.id,
        policy=_policy_id(call, policy) if policy else None,
        assigned=_people(call, wanted.get("assignments", [])),
        priority=priority,
        actor=person.email,
        channel="website",
        detail=_details(wanted),
    )
    return Reply(201, {"incident": render.incident(call, alert)})


@ROUTES.add("GET", "/incidents/{id}")
def read_incident(call: Call) -> Reply:
    """One incident by id or number."""
    call.args("include", one_of=_INCLUDES)
    return Reply(200, {"incident": render.incident(call, incident_of(call))})


@ROUTES.add("PUT", "/incidents/{id}")
def change_incident(call: Call) -> Reply:
    """Acknowledge, resolve, reopen, reassign, escalate, rename."""
    alert = incident_of(call)
    person = requester(call)
    assert person is not None
    _apply(call, alert, call.json(Obj(needs={"incident": _CHANGED}))["incident"], person)
    return Reply(200, {"incident": render.incident(call, alert)})


@ROUTES.add("PUT", "/incidents")
def change_incidents(call: Call) -> Reply:
    """The same for up to 250 at once: all or none."""
    person = requester(call)
    assert person is not None
    wanted = call.json(Obj(needs={"incidents": Many(_CHANGED_IN_LIST, most=250)}))["incidents"]
    alerts = []
    for change in wanted:
        alert = call.desk.store.get(Alert, change["id"])
        if alert is None or alert.vendor != "pagerduty":
            raise Refused(400, "Incident Not Found", [(f"incident {change['id']}", "does not exist")])
        _apply(call, alert, change, person)
        alerts.append(render.incident(call, alert))
    return Reply(200, render.paged(call, "incidents", alerts))


@ROUTES.add("GET", "/incidents/{id}/notes")
def list_notes(call: Call) -> Reply:
    """Notes, newest first."""
    notes = call.desk.paging.entries(incident_of(call), action="annotate")
    return Reply(200, {"notes": [render.note(call, entry) for entry in reversed(notes)]})


@ROUTES.add("POST", "/incidents/{id}/notes")
def add_note(call: Call) -> Reply:
    """A note; PagerDuty answers 200, not 201."""
    alert = incident_of(call)
    person = requester(call)
    assert person is not None
    shape = Obj(needs={"note": Obj(needs={"content": Text(shortest=1, longest=25_000)})})
    text = call.json(shape)["note"]["content"]
    entry = call.desk.paging.note(alert, actor=person.email, channel="note", text=text)
    return Reply(200, {"note": render.note(call, entry)})


@ROUTES.add("GET", "/incidents/{id}/log_entries")
def list_log_entries(call: Call) -> Reply:
    """The incident's log, newest first."""
    alert = incident_of(call)
    page = render.paged(call, "log_entries", _between(call, call.desk.paging.entries(alert)))
    page["log_entries"] = [render.log_entry(call, entry, alert) for entry in page["log_entries"]]
    return Reply(200, page)


@ROUTES.add("GET", "/log_entries")
def list_all_log_entries(call: Call) -> Reply:
    """The log of all incidents, newest first."""
    alerts = {alert.id: alert for alert in call.desk.store.find(Alert) if alert.vendor == "pagerduty"}
    entries = [entry for entry in call.desk.store.find(Entry) if entry.alert_id in alerts]
    page = render.paged(call, "log_entries", _between(call, entries))
    page["log_entries"] = [
        render.log_entry(call, entry, alerts[entry.alert_id]) for entry in page["log_entries"]
    ]
    return Reply(200, page)


def incident_of(call: Call) -> Alert:
    """The incident that the path names, by id or number."""
    name = call.path["id"]
    alert = call.desk.store.get(Alert, name)
    if alert is None and name.isdecimal():
        same = [item for item in call.desk.store.find(Alert) if item.vendor == "pagerduty"]
        alert = next((item for item in same if str(item.number) == name), None)
    if alert is None or alert.vendor != "pagerduty":
        raise Refused(404, "Not Found")
    return alert


def moment(call: Call, name: str) -> Any:
    """A time from the query, or None."""
    text = call.arg(name)
    if not text:
        return None
    call.require(list(Moment().problems(text, name)))
    return parse_moment(text)


def _between(call: Call, entries: list[Entry]) -> list[Entry]:
    since, until = moment(call, "since"), moment(call, "until")
    call.args("include", one_of=("incidents", "services", "channels", "teams"))
    call.flag("is_overview")
    kept = [
        entry
        for entry in entries
        if (since is None or entry.created_utc >= since) and (until is None or entry.created_utc < until)
    ]
    return sorted(kept, key=lambda entry: entry.created_utc)[::-1]


def _apply(call: Call, alert: Alert, wanted: dict[str, Any], person: Person) -> None:
    paging, actor = call.desk.paging, person.email
    status = wanted.get("status")
    people = _people(call, wanted.get("assignments", []))
    policy = wanted.get("escalation_policy", {}).get("id")
    alert.title = wanted.get("title", alert.title)
    alert.urgency = wanted.get("urgency", alert.urgency)
    if "priority" in wanted:
        alert.priority = _priority_name(wanted["priority"])
        alert.severity = render.SEVERITY_OF_PRIORITY.get(alert.priority or "", alert.severity)
    alert.detail |= _details(wanted)
    paging.log(
        alert, "annotate" if "title" in wanted else "edit", actor=actor, channel="website", text="Changed"
    )
    if people:
        alert.assigned = people
        paging.log(alert, "assign", actor=actor, channel="website", text=f"Assigned by {person.name}")
    if policy or "escalation_level" in wanted:
        level = wanted.get("escalation_level", 1)
        policy = _policy_id(call, policy) if policy else None
        paging.escalate(alert, actor=actor, channel="website", policy=policy, level=int(level))
    if status == "acknowledged":
        if alert.status == "resolved":
            paging.retrigger(alert, actor=actor, channel="website", reason="Reopened")
        paging.acknowledge(alert, actor=actor, channel="website")
    elif status == "resolved":
        paging.resolve(alert, actor=actor, channel="website", note=wanted.get("resolution", ""))
    elif status == "triggered" and alert.status != "triggered":
        paging.retrigger(alert, actor=actor, channel="website", reason="Reopened")


def _details(wanted: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {name: wanted[name] for name in ("body", "conference_bridge") if name in wanted}
    if "name" in wanted.get("incident_type", {}):
        kept["incident_type"] = wanted["incident_type"]["name"]
    return kept


def _people(call: Call, assignments: list[dict[str, Any]]) -> list[str]:
    people = [entry["assignee"]["id"] for entry in assignments]
    for person in people:
        if call.desk.store.get(Person, person) is None:
            raise Refused(400, "Assignee Not Found", [("incident.assignments", f"{person} is not a user")])
    return people


def _policy_id(call: Call, policy: str) -> str:
    if call.desk.store.get(Policy, policy) is None:
        raise Refused(
            400, "Policy Not Found", [("incident.escalation_policy", "is not a policy of this account")]
        )
    return policy


def _priority_name(wanted: dict[str, Any] | None) -> str | None:
    if not wanted:
        return None
    for name, priority_id in render.PRIORITIES.items():
        if wanted["id"] == priority_id:
            return name
    raise Refused(400, "Priority Not Found", [("incident.priority", "is not a priority of this account")])
