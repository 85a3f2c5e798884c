"""The Alert API: create with de-duplication by alias, then acknowledge, note, escalate, close."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Any

from aiir_lab.desk.fields import Many, Obj, Table, Text
from aiir_lab.desk.model import Alert, Policy, Receipt
from aiir_lab.desk.opsgenie import render
from aiir_lab.desk.opsgenie.manners import accept, answer
from aiir_lab.desk.opsgenie.query import parse_query
from aiir_lab.desk.plan import stable_id
from aiir_lab.desk.wire import MISSING, Call, Refused, Reply, Routes

ROUTES = Routes()

SCOPE = "opsgenie"
PRIORITIES = ("P1", "P2", "P3", "P4", "P5")
RECIPIENTS = ("all", "none", "user", "escalation", "schedule", "team", "group")
_ACTION = {"user": Text(longest=100), "note": Text(longest=25_000), "source": Text(longest=100)}
_RECIPIENT = {"id": Text(shortest=1), "name": Text(shortest=1), "username": Text(shortest=1)}
# the schema wants a type on every recipient, but the official client leaves it out of an escalation
RECIPIENT = Obj(needs={"type": Text(one_of=RECIPIENTS)}, may=_RECIPIENT)
_CREATE = Obj(
    needs={"message": Text(shortest=1, longest=130)},
    may={
        **_ACTION,
        "alias": Text(longest=512),
        "description": Text(longest=15_000),
        "responders": Many(RECIPIENT, most=50),
        "visibleTo": Many(RECIPIENT, most=50),
        "actions": Many(Text(longest=50), most=10),
        "tags": Many(Text(longest=50), most=20),
        "details": Table(Text(), longest=8_000),
        "entity": Text(longest=512),
        "priority": Text(one_of=PRIORITIES),
    },
)
_SORTS = (
    *("createdAt", "updatedAt", "tinyId", "alias", "message", "status", "acknowledged", "isSeen"),
    *("snoozed", "snoozedUntil", "count", "lastOccurredAt", "source", "owner"),
    *("integration.name", "integration.type"),
    *("report.ackTime", "report.closeTime", "report.acknowledgedBy", "report.closedBy"),
)


@ROUTES.add("POST", "/v2/alerts")
def create_alert(call: Call) -> Reply:
    """Open an alert, or count one more under the open alert of the same alias."""
    wanted = call.json(_CREATE)
    alias = wanted.get("alias") or str(uuid.uuid4())
    priority = wanted.get("priority", "P3")
    severity = render.SEVERITY_OF_PRIORITY[priority]
    responders = [entry | {"id": _recipient_id(call, entry)} for entry in wanted.get("responders", [])]
    policies = [entry["id"] for entry in responders if entry["type"] == "escalation"]
    kept = ("description", "actions", "tags", "details", "entity", "visibleTo")
    detail = {name: wanted[name] for name in kept if name in wanted}
    detail |= {"source": wanted.get("source", "API"), "responders": responders}
    policy = policies[0] if policies and call.desk.store.get(Policy, policies[0]) else None
    alert, _ = call.desk.paging.open(
        vendor="opsgenie",
        scope=SCOPE,
        dedup_key=alias,
        title=wanted["message"],
        severity=severity,
        urgency="high" if severity in ("SEV1", "SEV2") else "low",
        service_id=stable_id("service", "Model serving"),
        policy=policy,
        assigned=[entry["id"] for entry in responders if entry["type"] == "user"],
        priority=priority,
        actor=wanted.get("user") or "API",
        channel="api",
        detail=detail,
    )
    if wanted.get("note"):
        call.desk.paging.note(alert, actor=wanted.get("user") or "API", channel="api", text=wanted["note"])
    return accept(call, "Create", alert_id=alert.id, alias=alias, status="Created alert")


@ROUTES.add("GET", "/v2/alerts")
def list_alerts(call: Call) -> Reply:
    """Alerts that match a query, newest first unless asked otherwise."""
    limit, offset = call.number("limit", 20, least=1, most=100), call.number("offset", 0)
    name = (call.args("sort", one_of=_SORTS) or ["createdAt"])[0]
    order = (call.args("order", one_of=("asc", "desc")) or ["desc"])[0]
    found = [render.alert(call, alert) for alert in _matching(call)]
    found.sort(key=lambda alert: _sortable(alert, name), reverse=order == "desc")
    base = f"{call.base_url}/v2/alerts?limit={limit}&sort={name}&order={order}"
    last = (len(found) - 1) // limit * limit if found else 0
    paging = {"first": f"{base}&offset=0", "last": f"{base}&offset={last}"}
    if offset + limit < len(found):
        paging["next"] = f"{base}&offset={offset + limit}"
    if offset:
        paging["prev"] = f"{base}&offset={max(0, offset - limit)}"
    return answer(found[offset : offset + limit], paging=paging)


@ROUTES.add("GET", "/v2/alerts/count")
def count_alerts(call: Call) -> Reply:
    """How many alerts match a query."""
    return answer({"count": len(_matching(call))})


@ROUTES.add("GET", "/v2/alerts/requests/{requestId}")
def read_request(call: Call) -> Reply:
    """What became of an asynchronous request; 404 while it is under way."""
    receipt = call.desk.store.get(Receipt, call.path["requestId"])
    if receipt is None or receipt.ready_s > time.time():
        raise Refused(404, "Request not found. It might not be processed, yet.")
    return answer(render.receipt(receipt))


@ROUTES.add("GET", "/v2/alerts/{identifier}")
def read_alert(call: Call) -> Reply:
    """One alert by id, tiny id or alias."""
    return answer(render.alert(call, alert_of(call), is_full=True))


def alert_of(call: Call) -> Alert:
    """The alert that path and ``identifierType`` name; by alias the open one, else the newest."""
    kind = (call.args("identifierType", one_of=("id", "alias", "tiny")) or ["id"])[0]
    name = call.path["identifier"]
    if kind == "id":
        alert = call.desk.store.get(Alert, name)
    elif kind == "alias":
        store = call.desk.store
        alert = store.first(Alert, parent=SCOPE, key=name, is_open=True)
        alert = alert or store.first(Alert, parent=SCOPE, key=name, newest_first=True)
    else:
        alert = next(
            (item for item in call.desk.store.find(Alert, parent=SCOPE) if str(item.number) == name), None
        )
    if alert is None or alert.vendor != "opsgenie":
        raise Refused(404, "Alert does not exist")
    return alert


def asynchronously(
    call: Call,
    action: str,
    work: Callable[[Alert, dict[str, Any], str], str],
    *,
    needs: dict[str, Any] | None = None,
) -> Reply:
    """Check the body now, do the work, and leave the result to be asked for.

    An alert that does not exist is no error now: 202, and ``isSuccess`` false later.
    """
    may = _ACTION | {"type": Text()}
    shape = Obj(needs=needs or {}, may=may)
    is_bare = call.request.method == "DELETE" or (not needs and not call.raw.strip())
    body = {} if is_bare else call.json(shape)
    assert body is not MISSING
    try:
        alert = alert_of(call)
    except Refused as refused:
        if refused.status != 404:
            raise
        return accept(call, action, is_success=False, status=refused.message)
    actor = body.get("user") or call.arg("user") or "API"
    status = work(alert, body, actor)
    if body.get("note") and action != "AddNote":
        call.desk.paging.note(alert, actor=actor, channel="api", text=body["note"])
    return accept(call, action, alert_id=alert.id, alias=alert.dedup_key, status=status)


def _recipient_id(call: Call, entry: dict[str, Any]) -> str:
    name = entry.get("id") or entry.get("username") or entry.get("name")
    if name is None:
        raise Refused(422, "Recipient", [("responders", "need an id, a name or a username")])
    if entry["type"] == "escalation":
        policy = call.desk.store.get(Policy, name) or call.desk.store.first(Policy, key=name)
        return policy.id if policy else str(name)
    person = call.desk.person_named(name)
    return person.id if person else str(name)


def _matching(call: Call) -> list[Alert]:
    call.args("searchIdentifierType", one_of=("id", "name"))
    matches = parse_query(call.arg("query"))
    return [alert for alert in call.desk.store.find(Alert, parent=SCOPE) if matches(alert)]


def _sortable(alert: dict[str, Any], name: str) -> tuple[bool, Any]:
    value: Any = alert
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if name == "tinyId":
        value = int(value)
    return (value is not None, value if value is not None else 0)


def person_id(call: Call, name: str) -> str:
    """A person's id, by whatever name; the name itself where nobody is known by it."""
    person = call.desk.person_named(name)
    return person.id if person else name
