"""What responders do with an alert; every one of these is answered 202 and looked up later."""

from __future__ import annotations

from typing import Any

from aiir_lab.desk.fields import Many, Moment, Obj, Text, parse_moment
from aiir_lab.desk.model import Alert, Person, Policy
from aiir_lab.desk.opsgenie import render
from aiir_lab.desk.opsgenie.alerts import (
    PRIORITIES,
    RECIPIENT,
    RECIPIENTS,
    alert_of,
    asynchronously,
    person_id,
)
from aiir_lab.desk.opsgenie.manners import answer
from aiir_lab.desk.wire import Call, Refused, Reply, Routes

ROUTES = Routes()

_ALERT = "/v2/alerts/{identifier}"


@ROUTES.add("POST", f"{_ALERT}/acknowledge")
def acknowledge(call: Call) -> Reply:
    """Somebody took it."""

    def work(alert: Alert, body: dict[str, Any], actor: str) -> str:
        call.desk.paging.acknowledge(alert, actor=actor, channel="api")
        return "Acknowledged alert"

    return asynchronously(call, "Acknowledge", work)


@ROUTES.add("POST", f"{_ALERT}/unacknowledge")
def unacknowledge(call: Call) -> Reply:
    """Back to climbing."""

    def work(alert: Alert, body: dict[str, Any], actor: str) -> str:
        if alert.status == "acknowledged":
            call.desk.paging.retrigger(alert, actor=actor, channel="api", reason="Unacknowledged")
        return "Unacknowledged alert"

    return asynchronously(call, "UnAcknowledge", work)


@ROUTES.add("POST", f"{_ALERT}/close")
def close(call: Call) -> Reply:
    """It is over."""

    def work(alert: Alert, body: dict[str, Any], actor: str) -> str:
        call.desk.paging.resolve(alert, actor=actor, channel="api")
        return "Closed alert"

    return asynchronously(call, "Close", work)


@ROUTES.add("POST", f"{_ALERT}/snooze")
def snooze(call: Call) -> Reply:
    """Quiet until ``endTime``."""

    def work(alert: Alert, body: dict[str, Any], actor: str) -> str:
        until = parse_moment(body["endTime"])
        assert until is not None
        if alert.status == "resolved":
            return "Alert is closed"
        call.desk.paging.snooze(alert, until_utc=until, actor=actor, channel="api")
        return "Snoozed alert"

    return asynchronously(call, "Snooze", work, needs={"endTime": Moment()})


@ROUTES.add("POST", f"{_ALERT}/escalate")
def escalate(call: Call) -> Reply:
    """To the next level at once, along the escalation that is named."""

    def work(alert: Alert, body: dict[str, Any], actor: str) -> str:
        named = body["escalation"].get("id") or body["escalation"].get("name", "")
        policy = call.desk.store.get(Policy, named) or call.desk.store.first(Policy, key=named)
        if policy is None:
            return f"Escalation [{named}] does not exist"
        call.desk.paging.escalate(alert, actor=actor, channel="api", policy=policy.id)
        return f"Escalated alert to the next level of {policy.name}"

    # the official client sends an escalation without the type that the schema wants
    shape = Obj(may={"type": Text(one_of=RECIPIENTS), "id": Text(shortest=1), "name": Text(shortest=1)})
    return asynchronously(call, "Escalate", work, needs={"escalation": shape})


@ROUTES.add("POST", f"{_ALERT}/assign")
def assign(call: Call) -> Reply:
    """Give it an owner."""

    def work(alert: Alert, body: dict[str, Any], actor: str) -> str:
        owner = body["owner"].get("username") or body["owner"].get("id") or ""
        alert.detail["owner"] = owner
        if call.desk.person_named(owner):
            alert.assigned = [person_id(call, owner)]
        call.desk.paging.log(alert, "assign", actor=actor, channel="api", text=f"Assigned to {owner}")
        return "Assigned alert"

    shape = Obj(may={"type": Text(one_of=RECIPIENTS), "id": Text(shortest=1), "username": Text(shortest=1)})
    return asynchronously(call, "Assign", work, needs={"owner": shape})


@ROUTES.add("POST", f"{_ALERT}/responders")
def add_responder(call: Call) -> Reply:
    """Ask one more."""

    def work(alert: Alert, body: dict[str, Any], actor: str) -> str:
        entry = body["responder"]
        name = person_id(call, entry.get("id") or entry.get("username") or entry.get("name") or "")
        known = alert.detail.setdefault("responders", [])
        if name not in [other["id"] for other in known]:
            known.append({"type": entry["type"], "id": name})
        if call.desk.store.get(Person, name):
            alert.assigned = list(dict.fromkeys([*alert.assigned, name]))
        call.desk.paging.log(
            alert, "responder_request", actor=actor, channel="api", text=f"Added responder {name}"
        )
        return "Added responder"

    return asynchronously(call, "AddResponder", work, needs={"responder": RECIPIENT})


@ROUTES.add("POST", f"{_ALERT}/tags")
def add_tags(call: Call) -> Reply:
    """Add tags, up to 20 in all."""

    def work(alert: Alert, body: dict[str, Any], actor: str) -> str:
        tags = list(dict.fromkeys([*alert.detail.get("tags", []), *body["tags"]]))
        alert.detail["tags"] = tags[:20]
        call.desk.paging.log(alert, "tag", actor=actor, channel="api", text=f"Tags: {', '.join(tags[:20])}")
        return "Added tags"

    return asynchronously(call, "AddTags", work, needs={"tags": Many(Text(longest=50), most=20)})


@ROUTES.add("DELETE", f"{_ALERT}/tags")
def remove_tags(call: Call) -> Reply:
    """Take tags away."""
    if "tags" not in call.query:
        raise Refused(422, "Missing tags", [("tags", "is required")])
    gone = {tag for value in call.args("tags") for tag in value.split(",")}

    def work(alert: Alert, body: dict[str, Any], actor: str) -> str:
        alert.detail["tags"] = [tag for tag in alert.detail.get("tags", []) if tag not in gone]
        call.desk.paging.log(alert, "tag", actor=actor, channel="api", text="Removed tags")
        return "Removed tags"

    return asynchronously(call, "RemoveTags", work)


@ROUTES.add("POST", f"{_ALERT}/notes")
def add_note(call: Call) -> Reply:
    """Write down what was seen or done."""

    def work(alert: Alert, body: dict[str, Any], actor: str) -> str:
        call.desk.paging.note(alert, actor=actor, channel="api", text=body["note"])
        return "Added note"

    return asynchronously(call, "AddNote", work, needs={"note": Text(shortest=1, longest=25_000)})


@ROUTES.add("PUT", f"{_ALERT}/priority")
def change_priority(call: Call) -> Reply:
    """Change the order of work; the severity follows."""

    def work(alert: Alert, body: dict[str, Any], actor: str) -> str:
        alert.priority = body["priority"]
        alert.severity = render.SEVERITY_OF_PRIORITY[body["priority"]]
        call.desk.paging.log(alert, "edit", actor=actor, channel="api", text=f"Priority {alert.priority}")
        return "Updated priority"

    return asynchronously(call, "UpdatePriority", work, needs={"priority": Text(one_of=PRIORITIES)})


@ROUTES.add("DELETE", _ALERT)
def delete(call: Call) -> Reply:
    """Take the alert out altogether."""

    def work(alert: Alert, body: dict[str, Any], actor: str) -> str:
        call.desk.store.delete(alert)
        return "Deleted alert"

    return asynchronously(call, "Delete", work)


@ROUTES.add("GET", f"{_ALERT}/notes")
def list_notes(call: Call) -> Reply:
    """Notes of an alert."""
    entries = call.desk.paging.entries(alert_of(call), action="annotate")
    return _lines(call, [render.note(entry) for entry in entries], "notes")


@ROUTES.add("GET", f"{_ALERT}/logs")
def list_logs(call: Call) -> Reply:
    """The log of an alert."""
    entries = sorted(call.desk.paging.entries(alert_of(call)), key=lambda entry: entry.created_utc)
    return _lines(call, [render.line(entry) for entry in entries], "logs")


@ROUTES.add("GET", f"{_ALERT}/recipients")
def list_recipients(call: Call) -> Reply:
    """Who was told."""
    alert = alert_of(call)
    told = {entry.actor: entry for entry in call.desk.paging.entries(alert, action="notify")}
    people = [(call.desk.store.get(Person, name), entry) for name, entry in told.items()]
    return answer([render.recipient(alert, person, entry) for person, entry in people if person])


def _lines(call: Call, lines: list[dict[str, Any]], name: str) -> Reply:
    limit = call.number("limit", 20, least=1, most=100)
    order = (call.args("order", one_of=("asc", "desc")) or ["desc"])[0]
    forward = (call.args("direction", one_of=("next", "prev")) or ["next"])[0] == "next"
    if (order == "desc") == forward:
        lines = lines[::-1]
    offset = call.arg("offset")
    places = [line["offset"] for line in lines]
    start = places.index(offset) + 1 if offset in places else 0
    shown = lines[start : start + limit]
    base = f"{call.base_url}/v2/alerts/{call.path['identifier']}/{name}?order={order}&limit={limit}"
    paging = {"first": base}
    if start + limit < len(lines):
        paging["next"] = f"{base}&offset={shown[-1]['offset']}"
    return answer(shown, paging=paging)
