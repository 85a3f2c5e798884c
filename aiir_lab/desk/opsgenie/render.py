"""The desk's items as Opsgenie writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from aiir_lab.desk.model import Alert, Entry, Person, Policy, Receipt
from aiir_lab.desk.opsgenie.manners import INTEGRATION_ID
from aiir_lab.desk.wire import Call

SEVERITY_OF_PRIORITY = {"P1": "SEV1", "P2": "SEV2", "P3": "SEV3", "P4": "SEV4", "P5": "SEV4"}


def stamp(moment: datetime | None) -> str | None:
    """A time as Opsgenie writes it, to the millisecond."""
    return (
        moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment else None
    )


def _between_ms(start: datetime, end: datetime | None) -> int | None:
    return int((end - start).total_seconds() * 1000) if end else None


def alert(call: Call, found: Alert, *, is_full: bool = False) -> dict[str, Any]:
    """An alert; ``is_full`` adds what lists leave out."""
    detail = found.detail
    report = {
        "ackTime": _between_ms(found.created_utc, found.acknowledged_utc),
        "acknowledgedBy": found.acknowledged_by,
        "closeTime": _between_ms(found.created_utc, found.resolved_utc),
        "closedBy": found.resolved_by,
    }
    body: dict[str, Any] = {
        "id": found.id,
        "tinyId": str(found.number),
        "alias": found.dedup_key,
        "message": found.title,
        "status": "closed" if found.status == "resolved" else "open",
        "acknowledged": found.acknowledged_utc is not None,
        "isSeen": found.acknowledged_utc is not None,
        "tags": detail.get("tags", []),
        "snoozed": found.snoozed_until_utc is not None,
        "count": found.count,
        "lastOccurredAt": stamp(found.last_occurred_utc),
        "createdAt": stamp(found.created_utc),
        "updatedAt": stamp(found.updated_utc),
        "source": detail.get("source", ""),
        "owner": detail.get("owner", ""),
        "ownerTeamId": "",
        "priority": found.priority,
        "responders": responders(call, found),
        "integration": {"id": INTEGRATION_ID, "name": "Default API", "type": "API"},
        "report": {name: value for name, value in report.items() if value is not None},
    }
    if found.snoozed_until_utc:
        body["snoozedUntil"] = stamp(found.snoozed_until_utc)
    if is_full:
        body |= {
            "actions": detail.get("actions", []),
            "entity": detail.get("entity", ""),
            "description": detail.get("description", ""),
            "details": detail.get("details", {}),
        }
    return body


_RESPONDERS = ("user", "team", "escalation", "schedule")


def responders(call: Call, found: Alert) -> list[dict[str, str]]:
    """The escalation that the alert follows, then what was asked for by hand."""
    # "all", "none" and "group" may be asked for, but are no responders in what Opsgenie returns
    asked = [entry for entry in found.detail.get("responders", []) if entry["type"] in _RESPONDERS]
    return [{"type": "escalation", "id": found.policy_id}] + [
        {"type": entry["type"], "id": entry["id"]} for entry in asked if entry["id"] != found.policy_id
    ]


def line(entry: Entry) -> dict[str, Any]:
    """A line of an alert's log."""
    return {
        "log": entry.text,
        "type": "alertRecipient" if entry.action == "notify" else "system",
        "owner": entry.actor,
        "createdAt": stamp(entry.created_utc),
        "offset": f"{int(entry.created_utc.timestamp() * 1000)}_{entry.id}",
    }


def note(entry: Entry) -> dict[str, Any]:
    """A note on an alert."""
    shown = line(entry)
    return {"note": shown.pop("log"), **{name: shown[name] for name in ("owner", "createdAt", "offset")}}


def recipient(found: Alert, person: Person, entry: Entry) -> dict[str, Any]:
    """Somebody who was told."""
    state = "action" if found.acknowledged_by in (person.email, person.id) else "notactive"
    return {
        "user": {"id": person.id, "username": person.email},
        "state": state,
        "method": "Mobile",
        "createdAt": stamp(entry.created_utc),
        "updatedAt": stamp(entry.created_utc),
    }


def receipt(found: Receipt) -> dict[str, Any]:
    """What became of an asynchronous request."""
    return {
        "isSuccess": found.is_success,
        "action": found.action,
        "processedAt": stamp(datetime.fromtimestamp(found.ready_s, UTC)),
        "integrationId": found.integration,
        "status": found.status,
        "alertId": found.alert_id,
        "alias": found.alias,
    }


def escalation(call: Call, policy: Policy) -> dict[str, Any]:
    """A policy as an Opsgenie escalation: one rule per level and person, delays from the start."""
    rules = [
        {
            "condition": rule.condition,
            "notifyType": "default",
            "delay": {"timeAmount": int(rule.after_min), "timeUnit": "minutes"},
            "recipient": {"type": "user", "id": person, "username": _email(call, person)},
        }
        for rule in policy.rules
        for person in rule.targets
    ]
    return {
        "id": policy.id,
        "name": policy.name,
        "description": policy.description,
        "ownerTeam": {"id": "", "name": ""},
        "rules": rules,
        "repeat": {
            "waitInterval": 0,
            "count": policy.loops,
            "resetRecipientStates": False,
            "closeAlertAfterAll": False,
        },
    }


def _email(call: Call, person_id: str) -> str:
    person = call.desk.store.get(Person, person_id)
    return person.email if person else ""
