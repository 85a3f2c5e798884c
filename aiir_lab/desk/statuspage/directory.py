"""Pages, components, subscribers, and the post-mortem of an incident."""

from __future__ import annotations

import secrets
from typing import Any

from aiir_lab.desk.fields import Flag, Many, Maybe, Obj, Text
from aiir_lab.desk.model import Component, StatusIncident, Subscriber
from aiir_lab.desk.statuspage import render
from aiir_lab.desk.statuspage.incidents import PAGE, check_page, incident_of, new_id, page_of, public_url
from aiir_lab.desk.wire import Call, Refused, Reply, Routes

ROUTES = Routes()

_POSTMORTEM = f"{PAGE}/incidents/{{incident_id}}/postmortem"
_COMPONENT = f"{PAGE}/components/{{component_id}}"
_FIELDS = {
    "name": Text(shortest=1, longest=255),
    "description": Maybe(Text(longest=25_000)),
    "status": Text(one_of=(*render.COMPONENT_STATUSES, "")),
    "only_show_if_degraded": Flag(),
    "showcase": Flag(),
    "group_id": Maybe(Text()),
    "start_date": Maybe(Text()),
}
_TYPES = ("email", "sms", "webhook", "slack", "teams", "integration_partner")


@ROUTES.add("GET", "/v1/pages")
def list_pages(call: Call) -> Reply:
    """The one page of this desk."""
    return Reply(200, [render.page_in_full(call.desk, public_url(call))])


@ROUTES.add("GET", PAGE)
def read_page(call: Call) -> Reply:
    """The page."""
    check_page(call)
    return Reply(200, render.page_in_full(call.desk, public_url(call)))


@ROUTES.add("GET", f"{PAGE}/components")
def list_components(call: Call) -> Reply:
    """All components in the order of the page."""
    check_page(call)
    call.number("per_page", 100, least=1, most=1100)
    found = page_of(call, call.desk.store.find(Component))
    return Reply(200, [render.component(call.desk, item) for item in found])


@ROUTES.add("POST", f"{PAGE}/components")
def create_component(call: Call) -> Reply:
    """Another component."""
    check_page(call)
    shape = Obj(needs={"component": Obj(needs={"name": _FIELDS["name"]}, may=_FIELDS)})
    wanted = call.json(shape)["component"]
    now = call.desk.clock.now()
    found = Component(
        id=new_id(),
        created_utc=now,
        updated_utc=now,
        name=wanted["name"],
        position=len(call.desk.store.find(Component)) + 1,
    )
    _apply(call, found, wanted)
    return Reply(201, render.component(call.desk, found))


@ROUTES.add("GET", _COMPONENT)
def read_component(call: Call) -> Reply:
    """One component."""
    return Reply(200, render.component(call.desk, _component_of(call)))


@ROUTES.add("PATCH", _COMPONENT)
@ROUTES.add("PUT", _COMPONENT)
def change_component(call: Call) -> Reply:
    """Change a component's state or wording."""
    found = _component_of(call)
    _apply(call, found, call.json(Obj(needs={"component": Obj(may=_FIELDS)}))["component"])
    return Reply(200, render.component(call.desk, found))


@ROUTES.add("DELETE", _COMPONENT)
def delete_component(call: Call) -> Reply:
    """Take a component off the page."""
    call.desk.store.delete(_component_of(call))
    return Reply(204)


@ROUTES.add("GET", f"{PAGE}/component-groups")
@ROUTES.add("GET", f"{PAGE}/incident_templates")
def list_nothing(call: Call) -> Reply:
    """This page has neither groups nor templates."""
    check_page(call)
    page_of(call, [])
    return Reply(200, [])


@ROUTES.add("GET", f"{PAGE}/subscribers")
def list_subscribers(call: Call) -> Reply:
    """Who asked for updates."""
    check_page(call)
    kinds = call.args("type", one_of=_TYPES)
    call.args("state", one_of=("active", "unconfirmed", "quarantined", "all"))
    call.args("sort_field", one_of=("primary", "created_at", "quarantined_at", "relevance"))
    call.args("sort_direction", one_of=("asc", "desc"))
    wanted = call.arg("q").casefold()
    found = [
        item
        for item in call.desk.store.find(Subscriber)
        if (not kinds or item.mode in kinds) and wanted in item.address.casefold()
    ]
    return Reply(200, [render.subscriber(item) for item in page_of(call, found, "limit")])


@ROUTES.add("POST", f"{PAGE}/subscribers")
def create_subscriber(call: Call) -> Reply:
    """Note a subscriber. The desk never sends anything to anybody."""
    check_page(call)
    fields = {
        "email": Text(longest=255, pattern=r"[^@\s]+@[^@\s]+"),
        "endpoint": Text(longest=2000),
        "phone_number": Text(longest=40),
        "phone_country": Text(longest=10),
        "skip_confirmation_notification": Flag(),
        "page_access_user": Text(),
        "component_ids": Many(Text()),
    }
    wanted = call.json(Obj(needs={"subscriber": Obj(may=fields)}))["subscriber"]
    modes = {"email": "email", "endpoint": "webhook", "phone_number": "sms"}
    place = next((name for name in modes if wanted.get(name)), None)
    if place is None:
        raise Refused(422, "Invalid", [("subscriber", "needs an email, an endpoint or a phone_number")])
    found = Subscriber(
        id=new_id(),
        created_utc=call.desk.clock.now(),
        mode=modes[place],
        address=wanted[place],
        component_ids=wanted.get("component_ids", []),
    )
    call.desk.store.save(found)
    return Reply(201, render.subscriber(found))


@ROUTES.add("GET", _POSTMORTEM)
def read_postmortem(call: Call) -> Reply:
    """The post-mortem, draft included."""
    found = incident_of(call)
    if not found.postmortem:
        raise Refused(404, "Not found")
    return Reply(200, found.postmortem)


@ROUTES.add("PUT", _POSTMORTEM)
def write_postmortem(call: Call) -> Reply:
    """Write or replace the draft."""
    found = incident_of(call)
    shape = Obj(needs={"postmortem": Obj(needs={"body_draft": Text(shortest=1, longest=100_000)})})
    draft = call.json(shape)["postmortem"]["body_draft"]
    now = render.stamp(call.desk.clock.now())
    fresh = {
        "preview_key": secrets.token_hex(16),
        "body": None,
        "body_updated_at": None,
        "published_at": None,
        "notify_subscribers": False,
        "notify_twitter": False,
        "custom_tweet": None,
        "created_at": now,
    }
    changed = {"body_draft": draft, "body_draft_updated_at": now, "updated_at": now}
    return _keep(call, found, fresh | found.postmortem | changed)


@ROUTES.add("DELETE", _POSTMORTEM)
def delete_postmortem(call: Call) -> Reply:
    """Take the post-mortem away."""
    found = incident_of(call)
    if not found.postmortem:
        raise Refused(404, "Not found")
    _keep(call, found, {})
    return Reply(204)


@ROUTES.add("PUT", f"{_POSTMORTEM}/publish")
def publish_postmortem(call: Call) -> Reply:
    """Show the draft to the public."""
    found = incident_of(call)
    fields = {"notify_twitter": Flag(), "notify_subscribers": Flag(), "custom_tweet": Text()}
    body = call.json(Obj(may={"postmortem": Obj(may=fields)})) if call.raw.strip() else {}
    if not found.postmortem.get("body_draft"):
        raise Refused(404, "Not found")
    now = render.stamp(call.desk.clock.now())
    published = {
        "body": found.postmortem["body_draft"],
        "body_updated_at": now,
        "published_at": now,
        "updated_at": now,
        **body.get("postmortem", {}),
    }
    return _keep(call, found, found.postmortem | published)


def _keep(call: Call, found: StatusIncident, postmortem: dict[str, Any]) -> Reply:
    found.postmortem = postmortem
    found.updated_utc = call.desk.clock.now()
    call.desk.store.save(found)
    return Reply(200, postmortem)


def _component_of(call: Call) -> Component:
    check_page(call)
    found = call.desk.store.get(Component, call.path["component_id"])
    if found is None:
        raise Refused(404, "Not found")
    return found


def _apply(call: Call, found: Component, wanted: dict[str, Any]) -> None:
    for name in _FIELDS:
        if name in wanted and (name != "status" or wanted[name]):
            setattr(found, name, wanted[name])
    found.updated_utc = call.desk.clock.now()
    call.desk.store.save(found)
