"""What a client asks before it works: the server, itself, the project, fields, priorities, people."""

from __future__ import annotations

from typing import Any

from aiir_lab.desk.jira import catalogue
from aiir_lab.desk.jira.manners import JiraRoutes, api_url, me, spread, stamp
from aiir_lab.desk.model import Issue, Person
from aiir_lab.desk.plan import PROJECT_KEY
from aiir_lab.desk.wire import Call, Refused, Reply

ROUTES = JiraRoutes()

_REQUIRED = ("summary", "issuetype", "project")
_ORDERS = (
    "category",
    "key",
    "name",
    "owner",
    "issueCount",
    "lastIssueUpdatedDate",
    "archivedDate",
    "deletedDate",
)


@ROUTES.under("GET", "/serverInfo")
def server_info(call: Call) -> Reply:
    """A client learns here that it talks to a Cloud site."""
    body = {
        "baseUrl": call.base_url,
        "version": "1001.0.0-SNAPSHOT",
        "versionNumbers": [1001, 0, 0],
        "deploymentType": "Cloud",
        "buildNumber": 100_300,
        "buildDate": "2026-01-01T00:00:00.000+0000",
        "serverTime": stamp(call.desk.clock.now()),
        "scmInfo": "aiir_lab.desk",
        "serverTitle": "Jira",
        "serverTimeZone": "Etc/UTC",
        "displayUrl": call.base_url,
    }
    return Reply(200, body)


@ROUTES.under("GET", "/myself")
def myself(call: Call) -> Reply:
    """Whose token this is."""
    return Reply(200, catalogue.user(call, me(call)))


@ROUTES.under("GET", "/field")
def list_fields(call: Call) -> Reply:
    """All fields."""
    return Reply(200, [catalogue.field(name) for name in catalogue.FIELDS])


@ROUTES.under("GET", "/project")
def list_all_projects(call: Call) -> Reply:
    """The one project, as older clients ask for it."""
    return Reply(200, [catalogue.project(call)])


@ROUTES.under("GET", "/project/search")
def list_projects(call: Call) -> Reply:
    """The one project, if it matches."""
    orders = [sign + name for name in _ORDERS for sign in ("", "-", "+", " ")]
    call.args("orderBy", one_of=tuple(orders))
    call.args("action", one_of=("view", "browse", "edit", "create"))
    call.number("categoryId", 0, least=-(10**18))
    query, keys = call.arg("query").casefold(), call.args("keys")
    names = f"{PROJECT_KEY} {catalogue.PROJECT_NAME}".casefold()
    is_wanted = query in names and (not keys or PROJECT_KEY in keys)
    page = spread(call, [catalogue.project(call)] if is_wanted else [], largest=100)
    return Reply(200, page | {"self": f"{api_url(call)}/project/search"})


@ROUTES.under("GET", "/project/{projectIdOrKey}")
def read_project(call: Call) -> Reply:
    """The project."""
    _check_project(call, call.path["projectIdOrKey"])
    return Reply(200, catalogue.project(call, is_full=True))


@ROUTES.under("GET", "/project/{projectIdOrKey}/statuses")
def list_project_statuses(call: Call) -> Reply:
    """Statuses by issue type."""
    _check_project(call, call.path["projectIdOrKey"])
    statuses = [catalogue.status(call, item) for item in catalogue.STATUSES]
    shown = []
    for type_id in catalogue.TYPES:
        kind = catalogue.issue_type(call, type_id)
        shown.append(
            {name: kind[name] for name in ("self", "id", "name", "subtask")} | {"statuses": statuses}
        )
    return Reply(200, shown)


@ROUTES.under("GET", "/issuetype")
def list_issue_types(call: Call) -> Reply:
    """All issue types."""
    return Reply(200, [catalogue.issue_type(call, item) for item in catalogue.TYPES])


@ROUTES.under("GET", "/issuetype/project")
def list_project_issue_types(call: Call) -> Reply:
    """The issue types of the project."""
    if "projectId" not in call.query:
        raise Refused(400, "projectId is required")
    _check_project(call, str(call.number("projectId", 0, least=-(10**18))))
    level = call.number("level", 99, least=-(10**18)) if "level" in call.query else None
    kinds = [catalogue.issue_type(call, item) for item in catalogue.TYPES]
    return Reply(200, [kind for kind in kinds if level is None or kind["hierarchyLevel"] == level])


@ROUTES.under("GET", "/issue/createmeta/{projectIdOrKey}/issuetypes")
def list_create_types(call: Call) -> Reply:
    """What can be created."""
    _check_project(call, call.path["projectIdOrKey"])
    page = spread(
        call, [catalogue.issue_type(call, item) for item in catalogue.TYPES], name="issueTypes", largest=200
    )
    return Reply(200, page)


@ROUTES.under("GET", "/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}")
def list_create_fields(call: Call) -> Reply:
    """Which fields a new issue of this type has."""
    _check_project(call, call.path["projectIdOrKey"])
    type_id = call.path["issueTypeId"]
    if type_id not in catalogue.TYPES:
        raise Refused(404, f"Issue type {type_id} was not found.")
    return Reply(
        200, spread(call, [_field_meta(call, name) for name in _screen()], name="fields", largest=200)
    )


@ROUTES.under("GET", "/issue/createmeta")
def list_create_meta(call: Call) -> Reply:
    """The same in the older form, which clients of version 2 still ask for."""
    kinds = []
    for type_id in catalogue.TYPES:
        fields = {name: _field_meta(call, name) for name in _screen()}
        kinds.append(catalogue.issue_type(call, type_id) | {"fields": fields})
    return Reply(200, {"projects": [catalogue.project(call) | {"issuetypes": kinds}]})


@ROUTES.under("GET", "/issue/{issueIdOrKey}/editmeta")
def list_edit_fields(call: Call) -> Reply:
    """Which fields of an issue can be changed."""
    from aiir_lab.desk.jira.issues import issue_of

    issue_of(call)
    return Reply(200, {"fields": {name: _field_meta(call, name) for name in catalogue.EDITABLE}})


@ROUTES.under("GET", "/priority")
def list_priorities(call: Call) -> Reply:
    """All priorities, the most urgent first."""
    return Reply(200, [catalogue.priority(call, item) for item in catalogue.PRIORITIES])


@ROUTES.under("GET", "/priority/search")
def search_priorities(call: Call) -> Reply:
    """Priorities by name."""
    ids, name, is_default = call.args("id"), call.arg("priorityName").casefold(), call.flag("onlyDefault")
    shown = [
        priority
        for item in catalogue.PRIORITIES
        if (priority := catalogue.priority(call, item))
        and (not ids or item in ids)
        and name in priority["name"].casefold()
        and (not is_default or priority["isDefault"])
    ]
    return Reply(200, spread(call, shown))


@ROUTES.under("GET", "/status")
def list_statuses(call: Call) -> Reply:
    """All statuses."""
    return Reply(200, [catalogue.status(call, item) for item in catalogue.STATUSES])


@ROUTES.under("GET", "/resolution")
def list_resolutions(call: Call) -> Reply:
    """All resolutions."""
    return Reply(200, [catalogue.resolution(call, name) for name in catalogue.RESOLUTIONS.values()])


@ROUTES.under("GET", "/label")
def list_labels(call: Call) -> Reply:
    """All labels in use."""
    labels = {label for issue in call.desk.store.find(Issue) for label in issue.labels}
    return Reply(200, spread(call, sorted(labels), default=1000))


@ROUTES.under("GET", "/user/search", "/user/assignable/search", "/users/search")
def search_users(call: Call) -> Reply:
    """People by part of their name or e-mail."""
    needs = ("query", "username", "accountId", "property")
    if call.request.url.path.endswith("/user/search") and not any(name in call.query for name in needs):
        raise Refused(400, "The query parameters 'accountId', 'query' and 'property' are missing.")
    call.flags("recommend")
    call.number("actionDescriptorId", 0, least=-(10**18))
    if len(call.arg("accountId")) > 128:
        raise Refused(400, "accountId must have at most 128 characters")
    text = (call.arg("query") or call.arg("username")).casefold()
    found = [
        catalogue.user(call, person)
        for person in call.desk.store.find(Person)
        if (text in person.name.casefold() or text in person.email.casefold())
        and call.arg("accountId") in ("", person.account_id)
    ]
    return Reply(200, spread(call, found)["values"])


@ROUTES.under("GET", "/user")
def read_user(call: Call) -> Reply:
    """One person by account id."""
    for person in call.desk.store.find(Person):
        if person.account_id == call.arg("accountId"):
            return Reply(200, catalogue.user(call, person))
    raise Refused(404, "Specified user does not exist or you do not have required permissions")


def _screen() -> list[str]:
    return ["project", *catalogue.EDITABLE]


def _check_project(call: Call, name: str) -> None:
    if name.upper() not in (PROJECT_KEY, catalogue.PROJECT_ID):
        raise Refused(404, f"No project could be found with key '{name}'.")


def _field_meta(call: Call, name: str) -> dict[str, Any]:
    field = catalogue.field(name)
    allowed: dict[str, list[Any]] = {
        "priority": [catalogue.priority(call, item) for item in catalogue.PRIORITIES],
        "issuetype": [catalogue.issue_type(call, item) for item in catalogue.TYPES],
        "project": [catalogue.project(call)],
    }
    meta = {
        "required": name in _REQUIRED,
        "schema": field["schema"],
        "name": field["name"],
        "key": name,
        "fieldId": name,
        "hasDefaultValue": name in ("priority", "reporter"),
        "operations": ["add", "set", "remove"] if name == "labels" else ["set"],
    }
    return meta | ({"allowedValues": allowed[name]} if name in allowed else {})
