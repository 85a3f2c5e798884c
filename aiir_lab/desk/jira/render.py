"""Issues, comments, links and history as Jira writes them in the caller's version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiir_lab.desk.jira import adf, catalogue
from aiir_lab.desk.jira.manners import api_url, stamp
from aiir_lab.desk.model import Comment, History, Issue, Link, Person, RemoteLink
from aiir_lab.desk.wire import Call


def rich(call: Call, document: dict[str, Any] | None) -> Any:
    """Rich text: a document in version 3, text in version 2."""
    if document is None:
        return None
    return adf.to_text(document) if call.path.get("version") == "2" else document


def person(call: Call, person_id: str | None) -> dict[str, Any] | None:
    """A user by the desk's id."""
    return catalogue.user(call, call.desk.store.get(Person, person_id)) if person_id else None


def issue(call: Call, found: Issue, *, fields: list[str] | None = None, expand: str = "") -> dict[str, Any]:
    """An issue with the fields asked for (``*all`` and ``*navigable`` included)."""
    body: dict[str, Any] = {
        "expand": "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations",
        "id": found.id,
        "self": f"{api_url(call)}/issue/{found.id}",
        "key": found.issue_key,
    }
    readers = _readers(call, found)
    wanted = _wanted(fields, list(readers))
    if wanted:
        body["fields"] = {name: readers[name]() for name in readers if name in wanted}
    if "changelog" in expand.split(","):
        histories = [history(call, item) for item in call.desk.store.find(History, parent=found.id)]
        count = len(histories)
        body["changelog"] = {"startAt": 0, "maxResults": count, "total": count, "histories": histories[::-1]}
    if "names" in expand.split(","):
        body["names"] = {name: catalogue.FIELDS[name][0] for name in wanted if name in catalogue.FIELDS}
    return body


def _wanted(fields: list[str] | None, known: list[str]) -> list[str]:
    if fields is None:
        return known
    named = [name.strip() for entry in fields for name in entry.split(",") if name.strip()]
    if "*all" in named or "*navigable" in named or (named and all(name.startswith("-") for name in named)):
        named += known
    without = {name[1:] for name in named if name.startswith("-")}
    return [name for name in named if name not in without]


def _readers(call: Call, found: Issue) -> dict[str, Callable[[], Any]]:
    store = call.desk.store
    return {
        "summary": lambda: found.summary,
        "issuetype": lambda: catalogue.issue_type(call, found.type_id),
        "project": lambda: catalogue.project(call),
        "status": lambda: catalogue.status(call, found.status_id),
        "statusCategory": lambda: catalogue.status(call, found.status_id)["statusCategory"],
        "priority": lambda: catalogue.priority(call, found.priority_id),
        "resolution": lambda: catalogue.resolution(call, found.resolution),
        "resolutiondate": lambda: stamp(found.resolved_utc),
        "labels": lambda: found.labels,
        "assignee": lambda: person(call, found.assignee),
        "reporter": lambda: person(call, found.reporter),
        "creator": lambda: person(call, found.creator),
        "duedate": lambda: found.due_date,
        "created": lambda: stamp(found.created_utc),
        "updated": lambda: stamp(found.updated_utc),
        "description": lambda: rich(call, found.description),
        "issuelinks": lambda: [link_of(call, found, item) for item in links_of(call, found)],
        "subtasks": lambda: [linked(call, item) for item in store.find(Issue, parent=found.id)],
        "comment": lambda: comments(call, store.find(Comment, parent=found.id)),
        "watches": lambda: watches(call, found),
        "components": list,
        "fixVersions": list,
        "versions": list,
        "attachment": list,
        **({"parent": lambda: _parent(call, found)} if found.parent_issue else {}),
    }


def linked(call: Call, found: Issue | None) -> dict[str, Any]:
    """The short form of an issue at the end of a link."""
    if found is None:
        return {"id": "0", "key": "", "fields": {}}
    return {
        "id": found.id,
        "key": found.issue_key,
        "self": f"{api_url(call)}/issue/{found.id}",
        "fields": {
            "summary": found.summary,
            "status": catalogue.status(call, found.status_id),
            "priority": catalogue.priority(call, found.priority_id),
            "issuetype": catalogue.issue_type(call, found.type_id),
        },
    }


def links_of(call: Call, found: Issue) -> list[Link]:
    """The links that an issue is one end of."""
    return [item for item in call.desk.store.find(Link) if found.id in (item.inward_id, item.outward_id)]


def link_of(call: Call, found: Issue, item: Link) -> dict[str, Any]:
    """A link as seen from one of its issues."""
    body = _link(call, item)
    if item.inward_id == found.id:
        return body | {"outwardIssue": linked(call, call.desk.store.get(Issue, item.outward_id))}
    return body | {"inwardIssue": linked(call, call.desk.store.get(Issue, item.inward_id))}


def link(call: Call, item: Link) -> dict[str, Any]:
    """A link with both ends."""
    store = call.desk.store
    return _link(call, item) | {
        "inwardIssue": linked(call, store.get(Issue, item.inward_id)),
        "outwardIssue": linked(call, store.get(Issue, item.outward_id)),
    }


def _link(call: Call, item: Link) -> dict[str, Any]:
    where = f"{api_url(call)}/issueLink/{item.id}"
    return {"id": item.id, "self": where, "type": catalogue.link_type(call, item.type_id)}


def _parent(call: Call, found: Issue) -> dict[str, Any]:
    return linked(call, call.desk.store.get(Issue, found.parent_issue or ""))


def comment(call: Call, found: Comment) -> dict[str, Any]:
    """A comment in full."""
    return {
        "self": f"{api_url(call)}/issue/{found.issue_id}/comment/{found.id}",
        "id": found.id,
        "author": person(call, found.author),
        "updateAuthor": person(call, found.author),
        "body": rich(call, found.body),
        "created": stamp(found.created_utc),
        "updated": stamp(found.updated_utc),
        "jsdPublic": True,
    }


def comments(call: Call, found: list[Comment]) -> dict[str, Any]:
    """All comments of an issue as one page."""
    shown = [comment(call, item) for item in found]
    return {"comments": shown, "startAt": 0, "maxResults": len(shown), "total": len(shown)}


def watches(call: Call, found: Issue) -> dict[str, Any]:
    """How many watch, and whether the caller does."""
    return {
        "self": f"{api_url(call)}/issue/{found.issue_key}/watchers",
        "watchCount": len(found.watchers),
        "isWatching": call.actor in found.watchers,
    }


def history(call: Call, found: History) -> dict[str, Any]:
    """One entry of the change log."""
    return {
        "id": found.id,
        "author": person(call, found.author),
        "created": stamp(found.created_utc),
        "items": found.changes,
    }


def remote_link(call: Call, found: RemoteLink) -> dict[str, Any]:
    """A link to something outside Jira."""
    where = f"{api_url(call)}/issue/{found.issue_id}/remotelink/{found.id}"
    return {"id": int(found.id), "self": where, **found.body}
