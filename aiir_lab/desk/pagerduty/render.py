"""The desk's items as PagerDuty writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from aiir_lab.desk.model import Alert, Change, Entry, Person, Policy, Service
from aiir_lab.desk.wire import Call, Refused

PRIORITIES = {name: f"PRIOR{name}" for name in ("P1", "P2", "P3", "P4", "P5")}
SEVERITY_OF_PRIORITY = {"P1": "SEV1", "P2": "SEV2", "P3": "SEV3", "P4": "SEV4", "P5": "SEV4"}
_EVENT_SEVERITY = {"SEV1": "critical", "SEV2": "error", "SEV3": "warning", "SEV4": "info"}
_DEEPEST_OFFSET = 10_000
_ENTRY_TYPES = {
    "repeat": "trigger",
    "status_update": "annotate",
    "responder_request": "annotate",
    "merge": "annotate",
}


def stamp(moment: datetime | None) -> str | None:
    """A time as PagerDuty writes it, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def reference(call: Call, kind: str, item_id: str, summary: str, *, path: str = "") -> dict[str, Any]:
    """A short reference to something else."""
    folder = path or {"escalation_policy": "escalation_policies"}.get(kind, f"{kind}s")
    return {
        "id": item_id,
        "type": f"{kind}_reference",
        "summary": summary,
        "self": f"{call.base_url}/{folder}/{item_id}",
        "html_url": f"{call.host_url}/board/",
    }


def paged(call: Call, name: str, found: list[Any]) -> dict[str, Any]:
    """One page of a list; refused beyond PagerDuty's 10,000 entries."""
    limit, offset = call.number("limit", 25, least=1), call.number("offset", 0)
    limit = min(limit, 100)
    if offset + limit > _DEEPEST_OFFSET:
        raise Refused(400, "Invalid paging", [("offset", f"plus limit must be at most {_DEEPEST_OFFSET}")])
    return {
        name: found[offset : offset + limit],
        "limit": limit,
        "offset": offset,
        "more": offset + limit < len(found),
        "total": len(found) if call.flag("total") else None,
    }


def user_reference(call: Call, person_id: str) -> dict[str, Any]:
    """A reference to a person, by id or e-mail; an integration where it is neither."""
    person = call.desk.person_named(person_id)
    if person is None:
        return reference(call, "service", call.desk.plan.services(["", ""])[0].id, person_id)
    return reference(call, "user", person.id, person.name)


def policy_reference(call: Call, policy_id: str) -> dict[str, Any]:
    """A reference to an escalation policy."""
    policy = call.desk.store.get(Policy, policy_id)
    return reference(call, "escalation_policy", policy_id, policy.name if policy else policy_id)


def service_reference(call: Call, service_id: str) -> dict[str, Any]:
    """A reference to a service."""
    service = call.desk.store.get(Service, service_id)
    return reference(call, "service", service_id, service.name if service else service_id)


def incident_reference(call: Call, alert: Alert) -> dict[str, Any]:
    """A reference to an incident."""
    link = reference(call, "incident", alert.id, f"[#{alert.number}] {alert.title}")
    return link | {"html_url": f"{call.host_url}/board/#{alert.id}"}


def priority(call: Call, name: str | None) -> dict[str, Any] | None:
    """A priority in full."""
    if name is None:
        return None
    link = reference(call, "priority", PRIORITIES[name], name, path="priorities")
    order = 67_108_864 * (6 - int(name[1]))
    return link | {
        "type": "priority",
        "name": name,
        "order": order,
        "description": f"Order of work {name[1]}",
    }


def incident(call: Call, alert: Alert) -> dict[str, Any]:
    """An incident in full."""
    is_open = alert.status != "resolved"
    merged = len(alert.detail.get("merged", [])) + 1
    acknowledgements = []
    if alert.status == "acknowledged":
        acknowledger = user_reference(call, alert.acknowledged_by or "")
        acknowledgements = [{"at": stamp(alert.acknowledged_utc), "acknowledger": acknowledger}]
    last_by = alert.resolved_by or alert.acknowledged_by
    body = incident_reference(call, alert) | {
        "type": "incident",
        "incident_number": alert.number,
        "title": alert.title,
        "description": alert.title,
        "created_at": stamp(alert.created_utc),
        "updated_at": stamp(alert.updated_utc),
        "status": alert.status,
        "incident_key": alert.dedup_key,
        "service": service_reference(call, alert.service_id),
        "assignments": [
            {"at": stamp(alert.changed_utc), "assignee": user_reference(call, person)}
            for person in alert.assigned
        ],
        "assigned_via": "escalation_policy",
        "last_status_change_at": stamp(alert.changed_utc),
        "last_status_change_by": (
            user_reference(call, last_by) if last_by else service_reference(call, alert.service_id)
        ),
        "resolved_at": stamp(alert.resolved_utc),
        "alert_counts": {
            "all": merged,
            "triggered": merged if is_open else 0,
            "resolved": 0 if is_open else merged,
        },
        "is_mergeable": is_open,
        "escalation_policy": policy_reference(call, alert.policy_id),
        "teams": [],
        "impacted_services": [service_reference(call, alert.service_id)],
        "pending_actions": _pending(alert),
        "acknowledgements": acknowledgements,
        "incidents_responders": [],
        "responder_requests": alert.detail.get("responder_requests", []),
        "subscriber_requests": [],
        "priority": priority(call, alert.priority),
        "incident_type": {"name": alert.detail.get("incident_type", "incident_default")},
        "resolve_reason": None,
        "urgency": alert.urgency,
    }
    for name in ("conference_bridge", "body"):
        if name in alert.detail:
            body[name] = alert.detail[name]
    return body


def _pending(alert: Alert) -> list[dict[str, Any]]:
    pending = []
    if alert.next_level_utc:
        pending.append({"type": "escalate", "at": stamp(alert.next_level_utc)})
    if alert.snoozed_until_utc:
        pending.append({"type": "unacknowledge", "at": stamp(alert.snoozed_until_utc)})
    return pending


def alert(call: Call, found: Alert, *, incident_of: Alert) -> dict[str, Any]:
    """The alert under an incident: what the event said."""
    event = found.detail.get("event", {})
    payload = event.get("payload", {})
    alert_id = alert_id_of(found)
    first = call.desk.paging.entries(found)[0]
    return {
        "id": alert_id,
        "type": "alert",
        "summary": found.title,
        "self": f"{call.base_url}/incidents/{incident_of.id}/alerts/{alert_id}",
        "html_url": f"{call.host_url}/board/#{incident_of.id}",
        "created_at": stamp(found.created_utc),
        "status": "resolved" if found.status == "resolved" else "triggered",
        "alert_key": found.dedup_key,
        "service": service_reference(call, found.service_id),
        "first_trigger_log_entry": reference(
            call, "trigger_log_entry", first.id, first.text, path="log_entries"
        ),
        "incident": incident_reference(call, incident_of),
        "suppressed": False,
        "severity": payload.get("severity", _EVENT_SEVERITY[found.severity]),
        "integration": reference(call, "events_api_v2_inbound_integration", "PINTEGR", "Events API v2"),
        "body": {
            "type": "alert_body",
            "contexts": [
                {"type": "link", "href": link["href"], "text": link.get("text", "")}
                for link in event.get("links", [])
            ],
            "details": payload,
        },
    }


def alert_id_of(found: Alert) -> str:
    """PagerDuty gives the alert an identifier of its own."""
    return "A" + found.id[1:]


def log_entry(call: Call, entry: Entry, found: Alert) -> dict[str, Any]:
    """A line of an incident's log."""
    kind = _ENTRY_TYPES.get(entry.action, entry.action)
    who = call.desk.person_named(entry.actor)
    channel: dict[str, Any] = {"type": entry.channel, "summary": entry.text}
    if kind == "annotate":
        channel = {"type": "note", "summary": entry.text, "content": entry.text}
    line: dict[str, Any] = {
        "id": entry.id,
        "type": f"{kind}_log_entry",
        "summary": entry.text,
        "self": f"{call.base_url}/log_entries/{entry.id}",
        "html_url": f"{call.host_url}/board/#{found.id}",
        "created_at": stamp(entry.created_utc),
        "agent": (
            reference(call, "user", who.id, who.name) if who else service_reference(call, found.service_id)
        ),
        "channel": channel,
        "service": service_reference(call, found.service_id),
        "incident": incident_reference(call, found),
        "teams": [],
        "contexts": [],
        "event_details": {"description": entry.text},
    }
    if kind == "notify" and who:
        line["user"] = reference(call, "user", who.id, who.name)
    if kind == "escalate":
        line["assignees"] = [user_reference(call, person) for person in found.assigned]
    return line


def note(call: Call, entry: Entry) -> dict[str, Any]:
    """A note on an incident."""
    return {
        "id": entry.id,
        "user": user_reference(call, entry.actor),
        "channel": {"summary": "The PagerDuty website or APIs"},
        "content": entry.text,
        "created_at": stamp(entry.created_utc),
        "updated_at": stamp(entry.created_utc),
    }


def user(call: Call, person: Person) -> dict[str, Any]:
    """A user in full."""
    return reference(call, "user", person.id, person.name) | {
        "type": "user",
        "name": person.name,
        "email": person.email,
        "time_zone": "Etc/UTC",
        "color": "teal",
        "role": "user",
        "avatar_url": f"{call.host_url}/board/static/person.svg",
        "description": "",
        "invitation_sent": False,
        "job_title": person.role.replace("_", " "),
        "teams": [],
        "contact_methods": [],
        "notification_rules": [],
    }


def policy(call: Call, found: Policy) -> dict[str, Any]:
    """An escalation policy in full: delays are from level to level."""
    ends = [rule.after_min for rule in found.rules[1:]]
    ends.append(found.rules[-1].after_min + found.last_wait_min)
    rules = [
        {
            "id": f"{found.id}{level}",
            "escalation_delay_in_minutes": int(end - rule.after_min),
            "targets": [user_reference(call, person) for person in rule.targets],
        }
        for level, (rule, end) in enumerate(zip(found.rules, ends, strict=True), start=1)
    ]
    services = [item for item in call.desk.store.find(Service) if item.policy_id == found.id]
    return reference(call, "escalation_policy", found.id, found.name) | {
        "type": "escalation_policy",
        "name": found.name,
        "description": found.description,
        "num_loops": found.loops,
        "on_call_handoff_notifications": "if_has_services",
        "escalation_rules": rules,
        "services": [reference(call, "service", item.id, item.name) for item in services],
        "teams": [],
    }


def service(call: Call, found: Service) -> dict[str, Any]:
    """A service in full; its state follows its open incidents."""
    pages = [page for page in call.desk.store.find(Alert, is_open=True) if page.service_id == found.id]
    state = "active"
    if pages:
        state = "critical" if any(page.status == "triggered" for page in pages) else "warning"
    every = [page for page in call.desk.store.find(Alert) if page.service_id == found.id]
    return reference(call, "service", found.id, found.name) | {
        "type": "service",
        "name": found.name,
        "description": found.description,
        "auto_resolve_timeout": None,
        "acknowledgement_timeout": None,
        "created_at": stamp(found.created_utc),
        "status": state,
        "last_incident_timestamp": stamp(every[-1].created_utc) if every else None,
        "escalation_policy": policy_reference(call, found.policy_id),
        "teams": [],
        "integrations": [
            reference(
                call,
                "events_api_v2_inbound_integration",
                f"{found.id}I",
                "Events API v2",
                path="integrations",
            )
        ],
        "incident_urgency_rule": {"type": "constant", "urgency": found.urgency},
        "scheduled_actions": [],
        "addons": [],
        "alert_creation": "create_alerts_and_incidents",
    }


def change_event(call: Call, change: Change) -> dict[str, Any]:
    """A change event."""
    event = change.detail["event"]
    return reference(call, "change_event", change.id, change.summary) | {
        "type": "change_event",
        "timestamp": stamp(change.created_utc),
        "services": [service_reference(call, change.service_id)],
        "source": change.source,
        "links": event.get("links", []),
        "images": event.get("images", []),
        "custom_details": event["payload"].get("custom_details") or {},
    }
