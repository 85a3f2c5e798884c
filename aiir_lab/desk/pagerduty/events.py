"""Events API v2: trigger, acknowledge and resolve by routing key and de-duplication key; change events."""

from __future__ import annotations

import uuid
from typing import Any

from aiir_lab.desk.fields import Many, Moment, Obj, Table, Text
from aiir_lab.desk.model import Alert, Change, Service
from aiir_lab.desk.plan import stable_id
from aiir_lab.desk.wire import Call, Refused, Reply, Routes

ROUTES = Routes()

SEVERITIES = {"critical": "SEV1", "error": "SEV2", "warning": "SEV3", "info": "SEV4"}

_LINKS = {
    "links": Many(Obj(needs={"href": Text()}, may={"text": Text()})),
    "images": Many(Obj(needs={"src": Text()}, may={"href": Text(), "alt": Text()})),
}
_KEY = Text(pattern="[0-9A-Za-z]{32}")
_PAYLOAD = Obj(
    needs={
        "summary": Text(longest=1024, shortest=1),
        "source": Text(shortest=1),
        "severity": Text(one_of=tuple(SEVERITIES)),
    },
    may={
        "timestamp": Moment(),
        "component": Text(),
        "group": Text(),
        "class": Text(),
        "custom_details": Table(),
    },
)
_EVENT = Obj(
    needs={"routing_key": _KEY, "event_action": Text(one_of=("trigger", "acknowledge", "resolve"))},
    may={"dedup_key": Text(longest=255), "client": Text(), "client_url": Text(), **_LINKS},
)
_CHANGE = Obj(
    needs={
        "routing_key": _KEY,
        "payload": Obj(
            needs={"summary": Text(longest=1024, shortest=1)},
            may={"timestamp": Moment(), "source": Text(), "custom_details": Table()},
        ),
    },
    may=_LINKS,
)


@ROUTES.add("POST", "/v2/enqueue")
def enqueue(call: Call) -> Reply:
    """Take one event; 202 even where it changes nothing."""
    event = call.json(_EVENT)
    action, key = event["event_action"], event.get("dedup_key")
    if action == "trigger":
        call.require(list(Obj(needs={"payload": _PAYLOAD}).problems(event, "")))
    elif not key:
        raise Refused(400, "Invalid event", [("dedup_key", f"is required to {action}")])
    elif "payload" in event:
        call.require(list(Obj().problems(event["payload"], "payload")))
    service = _service(call, event["routing_key"])
    if action == "trigger":
        key = key or uuid.uuid4().hex
        _trigger(call, service, key, event)
    else:
        # without an open page under this very routing key the event is dropped, as PagerDuty does
        alert = call.desk.store.first(Alert, parent=service.routing_key, key=key, is_open=True)
        actor = f"an event to {service.name}"
        if alert and action == "acknowledge":
            call.desk.paging.acknowledge(alert, actor=actor, channel="api")
        elif alert:
            call.desk.paging.resolve(alert, actor=actor, channel="api")
    return Reply(202, {"status": "success", "message": "Event processed", "dedup_key": key})


@ROUTES.add("POST", "/v2/change/enqueue")
def enqueue_change(call: Call) -> Reply:
    """Note a change, such as a new model version, beside the pages."""
    event = call.json(_CHANGE)
    service, payload = _service(call, event["routing_key"]), event["payload"]
    number = call.desk.store.next_number("change")
    call.desk.store.save(
        Change(
            id=stable_id("change", service.id, str(number), length=13),
            created_utc=call.desk.clock.now(),
            service_id=service.id,
            summary=payload["summary"],
            source=payload.get("source") or "",
            detail={"event": {name: value for name, value in event.items() if name != "routing_key"}},
        )
    )
    return Reply(202, {"status": "success", "message": "Change event processed"})


def _service(call: Call, routing_key: str) -> Service:
    service = call.desk.store.first(Service, key=routing_key)
    if service is None:
        raise Refused(400, "Invalid routing key", [("routing_key", "is not one of this account's")])
    return service


def _trigger(call: Call, service: Service, key: str, event: dict[str, Any]) -> None:
    payload = event["payload"]
    severity = SEVERITIES[payload["severity"]]
    call.desk.paging.open(
        vendor="pagerduty",
        scope=service.routing_key,
        dedup_key=key,
        title=payload["summary"],
        severity=severity,
        urgency="high" if severity in ("SEV1", "SEV2") else "low",
        service_id=service.id,
        actor=payload["source"],
        channel="api",
        detail={"event": {name: value for name, value in event.items() if name != "routing_key"}},
    )
