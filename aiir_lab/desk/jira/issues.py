"""Issues: create, read, change, assign, move to done, delete."""

from __future__ import annotations

import re
from typing import Any

from aiir_lab.desk.fields import Anything, Many, Obj, Table
from aiir_lab.desk.jira import catalogue, render
from aiir_lab.desk.jira.editing import Edit
from aiir_lab.desk.jira.manners import JiraRoutes, api_url, me
from aiir_lab.desk.model import Comment, History, Issue, RemoteLink
from aiir_lab.desk.plan import PROJECT_KEY
from aiir_lab.desk.wire import Call, Refused, Reply

ROUTES = JiraRoutes()

_UPDATE = Table(Many(Table()))
_EDIT = Obj(
    may={
        "fields": Table(),
        "update": _UPDATE,
        "properties": Many(Obj()),
        "historyMetadata": Obj(),
        "transition": Obj(may={"id": Anything()}),
    }
)
_MISSING = "Issue does not exist or you do not have permission to see it."
_SEVERITY_LABEL = re.compile(r"sev-?([1-4])", re.IGNORECASE)


@ROUTES.under("POST", "/issue")
def create_issue(call: Call) -> Reply:
    """A new issue; 201 with its key."""
    return Reply(201, _create(call, call.json(_EDIT)))


@ROUTES.under("POST", "/issue/bulk")
def create_issues(call: Call) -> Reply:
    """Up to 50 new issues; those that fail are listed beside those that stand."""
    made: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    try:
        updates = call.json(Obj(needs={"issueUpdates": Many(_EDIT, most=50, fewest=1)}))["issueUpdates"]
    except Refused as refused:
        updates, failed = [], [_failure(refused, 0)]
    for number, wanted in enumerate(updates):
        try:
            made.append(_create(call, wanted))
        except Refused as refused:
            failed.append(_failure(refused, number))
    return Reply(201 if made else 400, {"issues": made, "errors": failed})


def _failure(refused: Refused, number: int) -> dict[str, Any]:
    errors = {
        "errorMessages": [] if refused.problems else [str(refused)],
        "errors": dict(refused.problems),
        "status": refused.status,
    }
    return {"status": refused.status, "elementErrors": errors, "failedElementNumber": number}


@ROUTES.under("GET", "/issue/{issueIdOrKey}")
def read_issue(call: Call) -> Reply:
    """One issue by id or key."""
    found = issue_of(call)
    call.flags("fieldsByKeys", "updateHistory", "failFast")
    fields = call.args("fields") or None
    return Reply(200, render.issue(call, found, fields=fields, expand=call.arg("expand")))


@ROUTES.under("PUT", "/issue/{issueIdOrKey}")
def change_issue(call: Call) -> Reply:
    """Change fields; 204, or 200 with the issue if ``returnIssue`` asks for it."""
    found = issue_of(call)
    wanted = call.json(_EDIT)
    call.flags("notifyUsers", "overrideScreenSecurity", "overrideEditableFlag", "returnIssue")
    edit = Edit(call, found)
    edit.set_fields(wanted.get("fields", {}))
    edit.update_fields(wanted.get("update", {}))
    edit.finish()
    if call.flag("returnIssue"):
        return Reply(200, render.issue(call, found))
    return Reply(204)


@ROUTES.under("DELETE", "/issue/{issueIdOrKey}")
def delete_issue(call: Call) -> Reply:
    """Take an issue out, with what belongs to it."""
    found = issue_of(call)
    subtasks, may_take_all = call.desk.store.find(Issue, parent=found.id), call.flag("deleteSubtasks")
    if subtasks and not may_take_all:
        raise Refused(
            400, f"The issue '{found.issue_key}' has subtasks. You must specify the 'deleteSubtasks'."
        )
    for item in [found, *subtasks]:
        belongings: list[Any] = [*render.links_of(call, item)]
        for cls in (Comment, History, RemoteLink):
            belongings += call.desk.store.find(cls, parent=item.id)
        for thing in belongings:
            call.desk.store.delete(thing)
        call.desk.store.delete(item)
    return Reply(204)


@ROUTES.under("PUT", "/issue/{issueIdOrKey}/assignee")
def assign_issue(call: Call) -> Reply:
    """Give it an owner by account id; null takes the owner away, -1 is the default (nobody)."""
    found = issue_of(call)
    wanted = call.json(Obj())
    edit = Edit(call, found)
    account = {"accountId": wanted.get("accountId", wanted.get("name"))}
    edit.set_fields({"assignee": account if account["accountId"] not in (None, "-1") else None})
    edit.finish()
    return Reply(204)


@ROUTES.under("GET", "/issue/{issueIdOrKey}/transitions")
def list_transitions(call: Call) -> Reply:
    """Where the issue can go."""
    issue_of(call)
    call.flags("skipRemoteOnlyCondition", "includeUnavailableTransitions", "sortByOpsBarAndStatus")
    wanted = call.arg("transitionId")
    shown = [catalogue.transition(call, item) for item in catalogue.TRANSITIONS if wanted in ("", item)]
    return Reply(200, {"expand": "transitions", "transitions": shown})


@ROUTES.under("POST", "/issue/{issueIdOrKey}/transitions")
def move_issue(call: Call) -> Reply:
    """Move the issue; arriving in Done resolves it."""
    found = issue_of(call)
    wanted = call.json(_EDIT)
    transition = str(wanted.get("transition", {}).get("id", ""))
    if transition not in catalogue.TRANSITIONS:
        raise Refused(
            400, f"It seems that you have tried to perform an illegal workflow operation: {transition!r}"
        )
    edit = Edit(call, found)
    fields = dict(wanted.get("fields", {}))
    resolution = fields.pop("resolution", None)
    edit.set_fields(fields)
    edit.update_fields(wanted.get("update", {}))
    edit.move(catalogue.TRANSITIONS[transition], resolution=resolution)
    edit.finish()
    return Reply(204)


def issue_of(call: Call, name: str | None = None) -> Issue:
    """The issue that the path (or ``name``) names, by id or key."""
    wanted = name if name is not None else call.path["issueIdOrKey"]
    found = call.desk.store.get(Issue, wanted) or call.desk.store.first(Issue, key=wanted.upper())
    if found is None:
        raise Refused(404, _MISSING)
    return found


def _create(call: Call, wanted: dict[str, Any]) -> dict[str, str]:
    fields = dict(wanted.get("fields", {}))
    call.require(list(_required(fields)))
    number, now = call.desk.store.next_number("issue"), call.desk.clock.now()
    author = me(call).id
    found = Issue(
        id=str(10_100 + number),
        created_utc=now,
        updated_utc=now,
        issue_key=f"{PROJECT_KEY}-{number}",
        number=number,
        summary="",
        type_id="10001",
        status_id="10010",
        priority_id="3",
        reporter=author,
        creator=author,
    )
    fields.pop("project")
    edit = Edit(call, found, is_new=True)
    edit.set_fields(fields)
    edit.update_fields(wanted.get("update", {}))
    if found.type_id == "10005" and not found.parent_issue:
        raise Refused(
            400, "parent", [("parent", "Issue type is a sub-task but parent issue key or id not specified.")]
        )
    _due_by_severity(call, found)
    edit.finish()
    return {"id": found.id, "key": found.issue_key, "self": f"{api_url(call)}/issue/{found.id}"}


def _required(fields: dict[str, Any]) -> Any:
    project = fields.get("project")
    named = (project.get("key"), project.get("id")) if isinstance(project, dict) else ()
    if PROJECT_KEY not in named and catalogue.PROJECT_ID not in [str(name) for name in named]:
        yield "project", "Specify a valid project ID or key"
    if not fields.get("summary"):
        yield "summary", "You must specify a summary of the issue."
    if not fields.get("issuetype"):
        yield "issuetype", "Specify an issue type"


def _due_by_severity(call: Call, found: Issue) -> None:
    # an automation rule of this project: a label such as "sev2" sets the due date that the matrix asks for
    severities = [f"SEV{match[1]}" for label in found.labels if (match := _SEVERITY_LABEL.fullmatch(label))]
    if severities and not found.due_date:
        closed = call.desk.clock.now().date()
        found.due_date = call.desk.plan.due_date(min(severities), closed=closed).isoformat()
