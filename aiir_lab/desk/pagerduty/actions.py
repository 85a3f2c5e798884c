"""What else responders do with an incident: alerts, snooze, status updates, more responders, merge."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from aiir_lab.desk.fields import Many, Obj, Text, Whole
from aiir_lab.desk.model import Alert
from aiir_lab.desk.pagerduty import render
from aiir_lab.desk.pagerduty.incidents import incident_of, ref
from aiir_lab.desk.pagerduty.manners import requester
from aiir_lab.desk.wire import Call, Refused, Reply, Routes

ROUTES = Routes()

_ALERT_STATUSES = ("triggered", "resolved")
_SORTS = [name + way for name in ("created_at", "resolved_at") for way in ("", ":asc", ":desc")]


@ROUTES.add("GET", "/incidents/{id}/alerts")
def list_alerts(call: Call) -> Reply:
    """The alerts that an incident stands for: its own and those merged into it."""
    incident = incident_of(call)
    statuses = call.args("statuses", one_of=_ALERT_STATUSES)
    call.args("include", one_of=("services", "first_trigger_log_entries", "incidents"))
    order = [name for value in call.args("sort_by") for name in value.split(",")]
    if wrong := [name for name in order if name not in _SORTS]:
        raise Refused(400, "Invalid query parameter", [("sort_by", f"cannot be {wrong[0]}")])
    alerts = [render.alert(call, found, incident_of=incident) for found in _alerts(call, incident)]
    if statuses:
        alerts = [alert for alert in alerts if alert["status"] in statuses]
    for name in reversed(order):
        alerts.sort(key=lambda alert: alert["created_at"], reverse=name.endswith(":desc"))
    if "alert_key" in call.query:
        alerts = [alert for alert in alerts if alert["alert_key"] == call.arg("alert_key")]
    return Reply(200, render.paged(call, "alerts", alerts))


@ROUTES.add("GET", "/incidents/{id}/alerts/{alert_id}")
def read_alert(call: Call) -> Reply:
    """One alert of an incident."""
    incident = incident_of(call)
    found = _alert(call, incident, call.path["alert_id"], status=404)
    return Reply(200, {"alert": render.alert(call, found, incident_of=incident)})


@ROUTES.add("PUT", "/incidents/{id}/alerts")
def change_alerts(call: Call) -> Reply:
    """Resolve alerts; an incident without open alerts is resolved with them."""
    incident = incident_of(call)
    person = requester(call)
    assert person is not None
    change = Obj(
        needs={"id": Text(shortest=1)},
        may={"type": Text(), "status": Text(one_of=_ALERT_STATUSES), "incident": ref("incident")},
    )
    changed = []
    for wanted in call.json(Obj(needs={"alerts": Many(change, most=1000)}))["alerts"]:
        found = _alert(call, incident, wanted["id"], status=400)
        if wanted.get("status") == "resolved":
            call.desk.paging.resolve(found, actor=person.email, channel="website")
        changed.append(render.alert(call, found, incident_of=incident))
    return Reply(200, render.paged(call, "alerts", changed))


@ROUTES.add("POST", "/incidents/{id}/snooze")
def snooze(call: Call) -> Reply:
    """Acknowledge for a number of seconds."""
    incident = incident_of(call)
    person = requester(call)
    assert person is not None
    duration_s = call.json(Obj(needs={"duration": Whole(least=1, most=604_800)}))["duration"]
    if incident.status == "resolved":
        raise Refused(400, "Incident Already Resolved", [("incident", "is resolved")])
    until = call.desk.clock.now() + timedelta(seconds=duration_s)
    call.desk.paging.snooze(incident, until_utc=until, actor=person.email, channel="website")
    return Reply(201, {"incident": render.incident(call, incident)})


@ROUTES.add("POST", "/incidents/{id}/status_updates")
def add_status_update(call: Call) -> Reply:
    """A status update for stakeholders inside the organisation."""
    incident = incident_of(call)
    person = requester(call)
    assert person is not None
    shape = Obj(needs={"message": Text(shortest=1)}, may={"subject": Text(), "html_message": Text()})
    update = call.json(shape)
    entry = call.desk.paging.log(
        incident, "status_update", actor=person.email, channel="website", text=update["message"]
    )
    body: dict[str, Any] = {
        "id": entry.id,
        "message": entry.text,
        "created_at": render.stamp(entry.created_utc),
        "sender": render.reference(call, "user", person.id, person.name),
    }
    body |= {name: update[name] for name in ("subject", "html_message") if name in update}
    return Reply(200, {"status_update": body})


@ROUTES.add("POST", "/incidents/{id}/responder_requests")
def request_responders(call: Call) -> Reply:
    """Ask more people to join."""
    incident = incident_of(call)
    target = Obj(
        needs={"responder_request_target": Obj(needs={"id": Text(shortest=1)}, may={"type": Text()})},
    )
    plain = Obj(may={"id": Text(shortest=1), "type": Text(), "summary": Text()})
    shape = Obj(
        needs={
            "requester_id": Text(shortest=1),
            "message": Text(),
            "responder_request_targets": Many(plain),
        }
    )
    wanted = call.json(shape)
    requester_of = call.desk.person_named(wanted["requester_id"])
    if requester_of is None:
        raise Refused(400, "Requester User Not Found", code=1008)
    targets = []
    for entry in wanted["responder_request_targets"]:
        if "responder_request_target" in entry:  # the form that PagerDuty's own page sends
            call.require(list(target.problems(entry, "responder_request_targets")))
            entry = entry["responder_request_target"]
        person = call.desk.person_named(entry.get("id", ""))
        if person is None:
            problem = ("responder_request_targets", f"{entry.get('id')} is not a user")
            raise Refused(400, "Responder Not Found", [problem])
        targets.append({"type": "user", "id": person.id, "summary": person.name, "incident_responders": []})
        incident.assigned = list(dict.fromkeys([*incident.assigned, person.id]))
    text = wanted["message"] or "Please join"
    entry = call.desk.paging.log(
        incident, "responder_request", actor=requester_of.email, channel="website", text=text
    )
    body = {
        "incident": render.incident_reference(call, incident),
        "requester": render.reference(call, "user", requester_of.id, requester_of.name),
        "requested_at": render.stamp(entry.created_utc),
        "message": text,
        "responder_request_targets": targets,
    }
    return Reply(200, {"responder_request": body})


@ROUTES.add("PUT", "/incidents/{id}/merge")
def merge(call: Call) -> Reply:
    """Several incidents turn out to be one: the sources are resolved into this one."""
    incident = incident_of(call)
    person = requester(call)
    assert person is not None
    wanted = call.json(Obj(needs={"source_incidents": Many(ref("incident"), most=100)}))["source_incidents"]
    for source in wanted:
        other = call.desk.store.get(Alert, source["id"])
        if other is None or other.vendor != "pagerduty" or other.id == incident.id:
            raise Refused(
                400, "Incident Not Found", [("source_incidents", f"{source['id']} cannot be merged")]
            )
        call.desk.paging.resolve(other, actor=person.email, channel="website")
        moved = [other.id, *other.detail.pop("merged", [])]
        incident.detail["merged"] = list(dict.fromkeys([*incident.detail.get("merged", []), *moved]))
        text = f"Merged #{other.number} into #{incident.number}"
        call.desk.paging.log(other, "merge", actor=person.email, channel="website", text=text)
        call.desk.paging.log(incident, "merge", actor=person.email, channel="website", text=text)
    return Reply(200, {"incident": render.incident_reference(call, incident)})


def _alerts(call: Call, incident: Alert) -> list[Alert]:
    merged = [call.desk.store.get(Alert, item) for item in incident.detail.get("merged", [])]
    return [incident, *(alert for alert in merged if alert)]


def _alert(call: Call, incident: Alert, alert_id: str, *, status: int) -> Alert:
    for found in _alerts(call, incident):
        if render.alert_id_of(found) == alert_id:
            return found
    raise Refused(status, "Not Found", [("alert", f"{alert_id} is not an alert of this incident")])
