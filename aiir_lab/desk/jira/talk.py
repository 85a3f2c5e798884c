"""What gathers around an issue: comments, links, links outside, watchers, history."""

from __future__ import annotations

from typing import Any

from aiir_lab.desk.fields import Anything, Either, Flag, Many, Maybe, Obj, Text
from aiir_lab.desk.jira import catalogue, render
from aiir_lab.desk.jira.editing import Edit
from aiir_lab.desk.jira.issues import issue_of
from aiir_lab.desk.jira.manners import JiraRoutes, api_url, me, spread
from aiir_lab.desk.model import Comment, History, Issue, Link, Person, RemoteLink
from aiir_lab.desk.wire import Call, Refused, Reply

ROUTES = JiraRoutes()

_ISSUE = "/issue/{issueIdOrKey}"
_ORDERS = ("created", "-created", "+created")


@ROUTES.under("GET", f"{_ISSUE}/comment")
def list_comments(call: Call) -> Reply:
    """Comments of an issue, oldest first."""
    order = (call.args("orderBy", one_of=_ORDERS) or ["created"])[0]
    found = call.desk.store.find(Comment, parent=issue_of(call).id, newest_first=order.startswith("-"))
    return Reply(
        200, spread(call, [render.comment(call, item) for item in found], default=100, name="comments")
    )


@ROUTES.under("POST", f"{_ISSUE}/comment")
def add_comment(call: Call) -> Reply:
    """Write a comment: ADF in version 3, text in version 2."""
    found = issue_of(call)
    visibility = Obj(
        may={"type": Text(one_of=("group", "role")), "value": Text(), "identifier": Maybe(Text())}
    )
    may = {
        "visibility": visibility,
        "properties": Many(Obj(may={"key": Text(), "value": Anything()}, closed=True)),
    }
    wanted = call.json(Obj(needs={"body": Anything()}, may=may))
    edit = Edit(call, found)
    body = edit.rich(wanted["body"], "comment")
    comment = edit.comment(body or {})
    edit.finish()
    return Reply(201, render.comment(call, comment))


@ROUTES.under("GET", f"{_ISSUE}/changelog")
def list_history(call: Call) -> Reply:
    """Who changed what and when, oldest first."""
    found = call.desk.store.find(History, parent=issue_of(call).id)
    return Reply(200, spread(call, [render.history(call, item) for item in found], default=100))


@ROUTES.under("GET", f"{_ISSUE}/watchers")
def list_watchers(call: Call) -> Reply:
    """Who follows the issue."""
    found = issue_of(call)
    people = [render.person(call, person) for person in found.watchers]
    return Reply(200, render.watches(call, found) | {"watchers": people})


@ROUTES.under("POST", f"{_ISSUE}/watchers")
def add_watcher(call: Call) -> Reply:
    """Follow the issue: the body is an account id as a JSON string, or nothing for oneself."""
    found = issue_of(call)
    account = call.json(Text(longest=128)) if call.raw.strip() else me(call).account_id
    people = [person for person in call.desk.store.find(Person) if person.account_id == account]
    if not people:
        raise Refused(404, "The user does not exist or you do not have permission to see it.")
    found.watchers = list(dict.fromkeys([*found.watchers, people[0].id]))
    call.desk.store.save(found)
    return Reply(204)


@ROUTES.under("GET", f"{_ISSUE}/remotelink")
def list_remote_links(call: Call) -> Reply:
    """Links to what is outside Jira; the one of ``globalId`` if asked for."""
    found = call.desk.store.find(RemoteLink, parent=issue_of(call).id)
    if "globalId" in call.query:
        one = next((item for item in found if item.global_id == call.arg("globalId")), None)
        if one is None:
            raise Refused(404, "The remote issue link does not exist.")
        return Reply(200, render.remote_link(call, one))
    return Reply(200, [render.remote_link(call, item) for item in found])


@ROUTES.under("POST", f"{_ISSUE}/remotelink")
def add_remote_link(call: Call) -> Reply:
    """Link the issue to its page or status incident; the same ``globalId`` replaces the old link."""
    found = issue_of(call)
    icon = Obj(may={"link": Text(), "title": Text(), "url16x16": Text()})
    thing = Obj(
        needs={"title": Text(shortest=1, longest=255), "url": Text(shortest=1, longest=2000)},
        may={
            "summary": Text(),
            "icon": icon,
            "status": Obj(may={"resolved": Flag(), "icon": icon}),
        },
    )
    shape = Obj(
        needs={"object": thing},
        may={
            "globalId": Text(longest=255),
            "relationship": Text(),
            "application": Obj(may={"name": Text(), "type": Text()}),
        },
    )
    wanted = call.json(shape)
    store = call.desk.store
    global_id = wanted.get("globalId") or None
    known = store.first(RemoteLink, parent=found.id, key=global_id) if global_id else None
    link_id = known.id if known else str(store.next_number("remote-link", start=10_700))
    body = {
        name: wanted[name] for name in ("globalId", "application", "relationship", "object") if name in wanted
    }
    store.save(
        RemoteLink(
            id=link_id,
            created_utc=call.desk.clock.now(),
            issue_id=found.id,
            global_id=global_id or link_id,
            body=body,
        )
    )
    where = f"{api_url(call)}/issue/{found.issue_key}/remotelink/{link_id}"
    return Reply(200 if known else 201, {"id": int(link_id), "self": where})


@ROUTES.under("POST", "/issueLink")
def add_link(call: Call) -> Reply:
    """Link two issues; 201 without a body."""
    end = Obj(may={"id": Maybe(Text()), "key": Maybe(Text())})
    kind = Obj(may={name: Maybe(Text()) for name in ("id", "name", "inward", "outward")})
    note = Either((Maybe(Obj()),))
    wanted = call.json(
        Obj(needs={"type": kind, "inwardIssue": end, "outwardIssue": end}, may={"comment": note})
    )
    type_id = _link_type(wanted["type"])
    inward, outward = (_end(call, wanted[name]) for name in ("inwardIssue", "outwardIssue"))
    if inward.id == outward.id:
        raise Refused(400, "You cannot link an issue to itself.")
    if wanted.get("comment"):
        edit = Edit(call, inward)
        body = edit.rich(wanted["comment"].get("body"), "comment")
        edit.comment(body or {})
        edit.finish()
    link = Link(
        id=str(call.desk.store.next_number("link", start=10_300)),
        created_utc=call.desk.clock.now(),
        type_id=type_id,
        inward_id=inward.id,
        outward_id=outward.id,
    )
    call.desk.store.save(link)
    return Reply(201)


@ROUTES.under("GET", "/issueLink/{linkId}")
def read_link(call: Call) -> Reply:
    """One link."""
    return Reply(200, render.link(call, _link_of(call)))


@ROUTES.under("DELETE", "/issueLink/{linkId}")
def delete_link(call: Call) -> Reply:
    """Take a link away."""
    call.desk.store.delete(_link_of(call))
    return Reply(204)


@ROUTES.under("GET", "/issueLinkType")
def list_link_types(call: Call) -> Reply:
    """The kinds of links."""
    return Reply(200, {"issueLinkTypes": [catalogue.link_type(call, item) for item in catalogue.LINK_TYPES]})


def _link_of(call: Call) -> Link:
    found = call.desk.store.get(Link, call.path["linkId"])
    if found is None:
        raise Refused(404, f"No issue link with id '{call.path['linkId']}' exists.")
    return found


def _link_type(wanted: dict[str, Any]) -> str:
    for type_id, (name, _, _) in catalogue.LINK_TYPES.items():
        if wanted.get("id") == type_id or str(wanted.get("name") or "").casefold() == name.casefold():
            return type_id
    raise Refused(404, f"No issue link type with name '{wanted.get('name')}' found.")


def _end(call: Call, wanted: dict[str, Any]) -> Issue:
    return issue_of(call, str(wanted.get("key") or wanted.get("id") or ""))
