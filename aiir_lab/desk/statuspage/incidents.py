"""Statuspage incidents: posted, updated until resolved, explained in a post-mortem."""

from __future__ import annotations

import secrets
from typing import Any

from aiir_lab.desk.fields import Flag, Many, Maybe, Moment, Obj, Table, Text, parse_moment
from aiir_lab.desk.model import Component, StatusIncident, StatusUpdate
from aiir_lab.desk.statuspage import render
from aiir_lab.desk.wire import Call, Refused, Reply, Routes

ROUTES = Routes()

PAGE = "/v1/pages/{page_id}"
_INCIDENT = f"{PAGE}/incidents/{{incident_id}}"
_OPTIONS = (
    *("scheduled_remind_prior", "scheduled_auto_in_progress", "scheduled_auto_completed"),
    *("auto_transition_to_maintenance_state", "auto_transition_to_operational_state"),
    *("auto_transition_deliver_notifications_at_start", "auto_transition_deliver_notifications_at_end"),
)
_SILENT = (
    *("deliver_notifications", "backfilled", "scheduled_auto_transition", "auto_tweet_on_creation"),
    *("auto_tweet_at_beginning", "auto_tweet_on_completion", "auto_tweet_one_hour_before"),
)
_FIELDS = {
    "name": Text(shortest=1, longest=255),
    "status": Text(one_of=render.INCIDENT_STATUSES + render.MAINTENANCE_STATUSES),
    "impact_override": Maybe(Text(one_of=("none", "maintenance", "minor", "major", "critical"))),
    "body": Maybe(Text(longest=25_000)),
    "component_ids": Many(Text(), most=500),
    "components": Table(Text(one_of=(*render.COMPONENT_STATUSES, ""))),
    "metadata": Table(),
    "scheduled_for": Maybe(Moment()),
    "scheduled_until": Maybe(Moment()),
    "backfill_date": Text(),
    "reminder_intervals": Maybe(Text()),
    **dict.fromkeys([*_OPTIONS, *_SILENT], Flag()),
}
_NEW = Obj(needs={"incident": Obj(needs={"name": _FIELDS["name"]}, may=_FIELDS)})
_CHANGED = Obj(needs={"incident": Obj(may=_FIELDS)})
_IMPACT_OF_COMPONENT = {
    "major_outage": "critical",
    "partial_outage": "major",
    "degraded_performance": "minor",
    "under_maintenance": "maintenance",
}


@ROUTES.add("GET", f"{PAGE}/incidents")
def list_incidents(call: Call) -> Reply:
    """All incidents, newest first; ``q`` searches names and updates."""
    wanted = call.arg("q").casefold()
    return listed(call, lambda found: _mentions(call, found, wanted), size="limit")


@ROUTES.add("GET", f"{PAGE}/incidents/unresolved")
def list_unresolved(call: Call) -> Reply:
    """Incidents that are not resolved."""
    return listed(call, render.is_unresolved)


@ROUTES.add("GET", f"{PAGE}/incidents/scheduled")
def list_scheduled(call: Call) -> Reply:
    """Maintenances that are not completed."""
    return listed(call, render.is_pending_maintenance)


@ROUTES.add("GET", f"{PAGE}/incidents/upcoming")
def list_upcoming(call: Call) -> Reply:
    """Maintenances that have not begun."""
    return listed(call, lambda found: found.status == "scheduled")


@ROUTES.add("GET", f"{PAGE}/incidents/active_maintenance")
def list_active_maintenance(call: Call) -> Reply:
    """Maintenances under way."""
    return listed(call, lambda found: found.status in ("in_progress", "verifying"))


@ROUTES.add("POST", f"{PAGE}/incidents")
def create_incident(call: Call) -> Reply:
    """Tell the public."""
    check_page(call)
    wanted = call.json(_NEW)["incident"]
    now = call.desk.clock.now()
    is_maintenance = wanted.get("status") in render.MAINTENANCE_STATUSES or bool(wanted.get("scheduled_for"))
    found = StatusIncident(
        id=new_id(),
        created_utc=now,
        updated_utc=now,
        started_utc=now,
        name=wanted["name"],
        status="scheduled" if is_maintenance else "investigating",
        impact="maintenance" if is_maintenance else "none",
        scheduled=is_maintenance,
    )
    _apply(call, found, wanted)
    return Reply(201, render.incident(call.desk, found, public_url(call)))


@ROUTES.add("GET", _INCIDENT)
def read_incident(call: Call) -> Reply:
    """One incident."""
    return Reply(200, render.incident(call.desk, incident_of(call), public_url(call)))


@ROUTES.add("PATCH", _INCIDENT)
@ROUTES.add("PUT", _INCIDENT)
def change_incident(call: Call) -> Reply:
    """Post an update: a new status, a new text, or other states of components."""
    found = incident_of(call)
    _apply(call, found, call.json(_CHANGED)["incident"])
    return Reply(200, render.incident(call.desk, found, public_url(call)))


@ROUTES.add("DELETE", _INCIDENT)
def delete_incident(call: Call) -> Reply:
    """Take an incident off the page."""
    found = incident_of(call)
    body = render.incident(call.desk, found, public_url(call))
    for update in render.updates_of(call.desk, found):
        call.desk.store.delete(update)
    call.desk.store.delete(found)
    return Reply(200, body)


@ROUTES.add("PATCH", f"{_INCIDENT}/incident_updates/{{incident_update_id}}")
@ROUTES.add("PUT", f"{_INCIDENT}/incident_updates/{{incident_update_id}}")
def change_update(call: Call) -> Reply:
    """Correct the text or time of an update."""
    found = incident_of(call)
    update = call.desk.store.get(StatusUpdate, call.path["incident_update_id"])
    if update is None or update.incident_id != found.id:
        raise Refused(404, "Not found")
    fields = {
        "body": Text(longest=25_000),
        "display_at": Moment(),
        "deliver_notifications": Flag(),
        "wants_twitter_update": Flag(),
    }
    wanted = call.json(Obj(needs={"incident_update": Obj(may=fields)}))["incident_update"]
    update.body = wanted.get("body", update.body)
    update.display_utc = parse_moment(wanted.get("display_at", "")) or update.display_utc
    update.deliver_notifications = wanted.get("deliver_notifications", update.deliver_notifications)
    update.wants_twitter_update = wanted.get("wants_twitter_update", update.wants_twitter_update)
    update.updated_utc = call.desk.clock.now()
    call.desk.store.save(update)
    return Reply(200, render.update(update))


def listed(call: Call, keep: Any, *, size: str = "per_page") -> Reply:
    """A bare array of the incidents that ``keep`` lets through, newest first."""
    check_page(call)
    found = [item for item in call.desk.store.find(StatusIncident, newest_first=True) if keep(item)]
    return Reply(
        200, [render.incident(call.desk, item, public_url(call)) for item in page_of(call, found, size)]
    )


def page_of(call: Call, found: list[Any], size: str = "per_page") -> list[Any]:
    """One page of a list; pages count from 1, and 0 or less means the first."""
    most = min(max(call.number(size, 100, least=-(10**18)), 1), 100)
    start = (max(call.number("page", 1, least=-(10**18)), 1) - 1) * most
    return found[start : start + most]


def check_page(call: Call) -> None:
    """Refuse any page but this desk's."""
    if call.path["page_id"] != call.desk.keys.page_id:
        raise Refused(404, "Not found")


def incident_of(call: Call) -> StatusIncident:
    """The incident that the path names."""
    check_page(call)
    found = call.desk.store.get(StatusIncident, call.path["incident_id"])
    if found is None:
        raise Refused(404, "Not found")
    return found


def public_url(call: Call) -> str:
    """Where the public page is."""
    return f"{call.host_url}/status"


def new_id() -> str:
    """An identifier as Statuspage's look."""
    return secrets.token_hex(6)


def _mentions(call: Call, found: StatusIncident, wanted: str) -> bool:
    texts = [found.name, found.status, *(update.body for update in render.updates_of(call.desk, found))]
    return any(wanted in text.casefold() for text in texts)


def _apply(call: Call, found: StatusIncident, wanted: dict[str, Any]) -> None:
    now, store = call.desk.clock.now(), call.desk.store
    states = {item: state for item, state in wanted.get("components", {}).items() if state}
    ids = list(dict.fromkeys([*wanted.get("component_ids", found.component_ids), *states]))
    parts = {item: store.get(Component, item) for item in ids}
    unknown = [item for item, part in parts.items() if part is None]
    call.require([("component_ids", f"names no component of this page: {item}") for item in unknown])
    affected = []
    for item, part in parts.items():
        assert part is not None
        old, part.status = part.status, states.get(item, part.status)
        if part.status != old:
            part.updated_utc = now
            store.save(part)
        affected.append({"code": part.id, "name": part.name, "old_status": old, "new_status": part.status})
    old_status = found.status
    found.name = wanted.get("name", found.name)
    found.status = wanted.get("status", found.status)
    found.scheduled = found.scheduled or found.status in render.MAINTENANCE_STATUSES
    found.component_ids = ids
    found.metadata = wanted.get("metadata", found.metadata)
    kept = [*_OPTIONS, "scheduled_for", "scheduled_until", "reminder_intervals"]
    found.options |= {name: wanted[name] for name in kept if name in wanted}
    found.impact_override = wanted.get("impact_override", found.impact_override)
    found.impact = found.impact_override or _impact(found, [part.status for part in parts.values() if part])
    found.updated_utc = now
    if found.status == "monitoring":
        found.monitoring_utc = found.monitoring_utc or now
    found.resolved_utc = now if found.status in ("resolved", "completed") else None
    if found.status in ("resolved", "completed") and "components" not in wanted:
        _restore(call, found)
    store.save(found)
    is_news = (
        wanted.get("body") or found.status != old_status or states or not render.updates_of(call.desk, found)
    )
    if is_news:
        store.save(
            StatusUpdate(
                id=new_id(),
                created_utc=now,
                updated_utc=now,
                display_utc=now,
                incident_id=found.id,
                status=found.status,
                body=wanted.get("body") or "",
                affected=affected,
                deliver_notifications=wanted.get("deliver_notifications", True),
            )
        )


def _restore(call: Call, found: StatusIncident) -> None:
    # with this option Statuspage sets the components back when a maintenance ends
    if not (found.scheduled and found.options.get("auto_transition_to_operational_state")):
        return
    for item in found.component_ids:
        part = call.desk.store.get(Component, item)
        if part:
            part.status, part.updated_utc = "operational", found.updated_utc
            call.desk.store.save(part)


def _impact(found: StatusIncident, states: list[str]) -> str:
    # by the worst state of its components; it never falls while the incident runs
    if found.scheduled:
        return "maintenance"
    ranks = ["none", "minor", "major", "critical"]
    impacts = [found.impact, *(_IMPACT_OF_COMPONENT.get(state, "none") for state in states)]
    return max((impact for impact in impacts if impact in ranks), key=ranks.index, default="none")
