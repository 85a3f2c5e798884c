"""What is fixed in the project: issue types, statuses, transitions, priorities, link types, fields."""

from __future__ import annotations

from typing import Any

from aiir_lab.desk.jira.manners import api_url
from aiir_lab.desk.model import Person
from aiir_lab.desk.plan import PROJECT_KEY
from aiir_lab.desk.wire import Call

PROJECT_ID = "10000"
PROJECT_NAME = "AI incident response"
TYPES = {"10001": "Task", "10002": "Bug", "10003": "Epic", "10004": "Story", "10005": "Sub-task"}
STATUSES = {"10010": "To Do", "10011": "In Progress", "10012": "Done"}
CATEGORIES = {
    "10010": (2, "new", "blue-gray", "To Do"),
    "10011": (4, "indeterminate", "yellow", "In Progress"),
    "10012": (3, "done", "green", "Done"),
}
TRANSITIONS = {"11": "10010", "21": "10011", "31": "10012"}
PRIORITIES = {"1": "Highest", "2": "High", "3": "Medium", "4": "Low", "5": "Lowest"}
LINK_TYPES = {
    "10020": ("Blocks", "is blocked by", "blocks"),
    "10021": ("Cloners", "is cloned by", "clones"),
    "10022": ("Duplicate", "is duplicated by", "duplicates"),
    "10023": ("Relates", "relates to", "relates to"),
    "10024": ("Problem/Incident", "is caused by", "causes"),
}
RESOLUTIONS = {"10030": "Done", "10031": "Won't Do", "10032": "Duplicate", "10033": "Cannot Reproduce"}
DONE = "10012"

# id: (name, schema type, names in JQL)
FIELDS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "summary": ("Summary", "string", ("summary",)),
    "issuetype": ("Issue Type", "issuetype", ("issuetype", "type")),
    "project": ("Project", "project", ("project",)),
    "status": ("Status", "status", ("status",)),
    "statusCategory": ("Status Category", "statusCategory", ("statusCategory",)),
    "priority": ("Priority", "priority", ("priority",)),
    "resolution": ("Resolution", "resolution", ("resolution",)),
    "resolutiondate": ("Resolved", "datetime", ("resolutiondate", "resolved")),
    "labels": ("Labels", "array", ("labels",)),
    "assignee": ("Assignee", "user", ("assignee",)),
    "reporter": ("Reporter", "user", ("reporter",)),
    "creator": ("Creator", "user", ("creator",)),
    "duedate": ("Due date", "date", ("due", "duedate")),
    "created": ("Created", "datetime", ("created", "createdDate")),
    "updated": ("Updated", "datetime", ("updated", "updatedDate")),
    "description": ("Description", "string", ("description",)),
    "parent": ("Parent", "issuelink", ("parent",)),
    "subtasks": ("Sub-tasks", "array", ("subtasks",)),
    "issuelinks": ("Linked Issues", "array", ()),
    "comment": ("Comment", "comments-page", ("comment",)),
    "watches": ("Watchers", "watches", ("watchers",)),
}
EDITABLE = (
    "summary",
    "description",
    "duedate",
    "labels",
    "priority",
    "assignee",
    "parent",
    "reporter",
    "issuetype",
)


def issue_type(call: Call, type_id: str) -> dict[str, Any]:
    """An issue type in full."""
    is_subtask = type_id == "10005"
    return {
        "self": f"{api_url(call)}/issuetype/{type_id}",
        "id": type_id,
        "description": "",
        "iconUrl": f"{call.host_url}/board/static/item.svg",
        "name": TYPES[type_id],
        "subtask": is_subtask,
        "avatarId": 10300,
        "hierarchyLevel": -1 if is_subtask else (1 if type_id == "10003" else 0),
    }


def status(call: Call, status_id: str) -> dict[str, Any]:
    """A status in full, with its category."""
    number, key, colour, name = CATEGORIES[status_id]
    return {
        "self": f"{api_url(call)}/status/{status_id}",
        "id": status_id,
        "description": "",
        "iconUrl": f"{call.host_url}/board/static/item.svg",
        "name": STATUSES[status_id],
        "statusCategory": {
            "self": f"{api_url(call)}/statuscategory/{number}",
            "id": number,
            "key": key,
            "colorName": colour,
            "name": name,
        },
    }


def transition(call: Call, transition_id: str) -> dict[str, Any]:
    """A transition; every status can be reached from every other."""
    target = TRANSITIONS[transition_id]
    return {
        "id": transition_id,
        "name": STATUSES[target],
        "to": status(call, target),
        "hasScreen": False,
        "isGlobal": True,
        "isInitial": False,
        "isAvailable": True,
        "isConditional": False,
        "looped": False,
    }


def priority(call: Call, priority_id: str) -> dict[str, Any]:
    """A priority in full."""
    return {
        "self": f"{api_url(call)}/priority/{priority_id}",
        "id": priority_id,
        "name": PRIORITIES[priority_id],
        "description": "",
        "iconUrl": f"{call.host_url}/board/static/item.svg",
        "statusColor": "#6b7280",
        "isDefault": priority_id == "3",
    }


def resolution(call: Call, name: str | None) -> dict[str, Any] | None:
    """A resolution, or None while unresolved."""
    for resolution_id, known in RESOLUTIONS.items():
        if known == name:
            link = f"{api_url(call)}/resolution/{resolution_id}"
            return {"self": link, "id": resolution_id, "name": known, "description": ""}
    return None


def link_type(call: Call, type_id: str) -> dict[str, str]:
    """A link type, named from both ends."""
    name, inward, outward = LINK_TYPES[type_id]
    link = f"{api_url(call)}/issueLinkType/{type_id}"
    return {"id": type_id, "name": name, "inward": inward, "outward": outward, "self": link}


def avatars(call: Call) -> dict[str, str]:
    """The one picture that everybody has, in four sizes."""
    return dict.fromkeys(("16x16", "24x24", "32x32", "48x48"), f"{call.host_url}/board/static/person.svg")


def user(call: Call, person: Person | None) -> dict[str, Any] | None:
    """A user in short."""
    if person is None:
        return None
    return {
        "self": f"{api_url(call)}/user?accountId={person.account_id}",
        "accountId": person.account_id,
        "accountType": "atlassian",
        "emailAddress": person.email,
        "displayName": person.name,
        "active": True,
        "timeZone": "Etc/UTC",
        "avatarUrls": avatars(call),
    }


def project(call: Call, *, is_full: bool = False) -> dict[str, Any]:
    """The one project."""
    body: dict[str, Any] = {
        "self": f"{api_url(call)}/project/{PROJECT_ID}",
        "id": PROJECT_ID,
        "key": PROJECT_KEY,
        "name": PROJECT_NAME,
        "projectTypeKey": "software",
        "simplified": False,
        "avatarUrls": avatars(call),
    }
    if is_full:
        body |= {
            "description": "Action items of incidents",
            "lead": user(call, call.desk.store.find(Person)[0]),
            "issueTypes": [issue_type(call, item) for item in TYPES],
            "components": [],
            "versions": [],
            "roles": {},
            "style": "classic",
            "isPrivate": False,
            "properties": {},
            "assigneeType": "UNASSIGNED",
        }
    return body


def field(field_id: str) -> dict[str, Any]:
    """A field as the field list shows it."""
    name, kind, clauses = FIELDS[field_id]
    schema = {"type": kind, "system": field_id}
    if kind == "array":
        schema["items"] = "string" if field_id == "labels" else "issuelinks"
    return {
        "id": field_id,
        "key": field_id,
        "name": name,
        "custom": False,
        "orderable": field_id in EDITABLE,
        "navigable": True,
        "searchable": bool(clauses),
        "clauseNames": list(clauses),
        "schema": schema,
    }
