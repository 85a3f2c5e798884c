"""Searching: JQL against the issues, page by page; how many match; what a query says."""

from __future__ import annotations

import base64
import binascii
import calendar
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from aiir_lab.desk.fields import Flag, Many, Maybe, Obj, Text, Whole
from aiir_lab.desk.jira import adf, catalogue, render
from aiir_lab.desk.jira.jql import DATES, TEXTS, Clause, Group, JqlError, Query, Value, parse_jql
from aiir_lab.desk.jira.manners import JiraRoutes
from aiir_lab.desk.model import Comment, Issue, Person
from aiir_lab.desk.plan import PROJECT_KEY
from aiir_lab.desk.wire import Call, Refused, Reply

ROUTES = JiraRoutes()

_OFFSET = re.compile(r"([+-]?)(\d{1,6})([wdhmMy])")
_STEPS = {"w": timedelta(weeks=1), "d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
_UNBOUNDED = "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
_SEARCH = Obj(
    may={
        "jql": Maybe(Text()),
        "fields": Maybe(Many(Text())),
        "expand": Maybe(Text()),
        "fieldsByKeys": Flag(),
        "maxResults": Whole(),
        "nextPageToken": Maybe(Text()),
        "properties": Many(Text(), most=5),
        "reconcileIssues": Many(Whole()),
    }
)

Test = Callable[[Issue], bool]


@ROUTES.under("GET", "/search/jql")
def search(call: Call) -> Reply:
    """One page of issues; no total, and only ids unless fields are named."""
    fields = call.args("fields")
    most = call.number("maxResults", 50, least=-(10**18))
    for name in ("fieldsByKeys", "failFast"):
        call.flag(name)
    return _page(call, call.arg("jql"), fields, most, call.arg("nextPageToken"), call.arg("expand"))


@ROUTES.under("POST", "/search/jql")
def search_by_body(call: Call) -> Reply:
    """The same with the query in the body."""
    wanted = call.json(_SEARCH)
    most = int(wanted.get("maxResults", 50))
    token = wanted.get("nextPageToken") or ""
    return _page(
        call, wanted.get("jql") or "", wanted.get("fields") or [], most, token, wanted.get("expand") or ""
    )


@ROUTES.under("POST", "/search/approximate-count")
def count(call: Call) -> Reply:
    """How many issues match."""
    wanted = call.json(Obj(may={"jql": Maybe(Text())}))
    return Reply(200, {"count": len(find_issues(call, wanted.get("jql") or ""))})


@ROUTES.under("GET", "/search")
@ROUTES.under("POST", "/search")
def removed_search(call: Call) -> Reply:
    """The old search is gone."""
    raise Refused(
        410, "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API."
    )


@ROUTES.under("POST", "/jql/parse")
def parse(call: Call) -> Reply:
    """Which of the queries can be read, and what they say."""
    if call.arg("validation") not in ("strict", "warn", "none"):
        raise Refused(400, "validation must be one of strict, warn, none")
    wanted = call.json(Obj(needs={"queries": Many(Text(shortest=1), fewest=1)}, closed=True))
    shown = []
    for text in wanted["queries"]:
        try:
            query = parse_jql(text)
            if query.where and call.arg("validation") == "strict":
                _test(call, query.where)
            shown.append({"query": text, "structure": _structure(query)})
        except (JqlError, Refused) as error:
            shown.append({"query": text, "errors": [getattr(error, "message", str(error))]})
    return Reply(200, {"queries": shown})


def find_issues(call: Call, jql: str) -> list[Issue]:
    """All issues that match, in the order asked for; refused where the query is wrong or unbounded."""
    try:
        query = parse_jql(jql)
        if query.where is None:
            raise JqlError(_UNBOUNDED)
        test = _test(call, query.where)
    except JqlError as error:
        raise Refused(400, str(error)) from None
    found = [issue for issue in call.desk.store.find(Issue, newest_first=not query.order) if test(issue)]
    for name, is_down in reversed(query.order):
        found.sort(key=lambda issue: _sort_key(call, issue, name), reverse=is_down)
    return found


def _page(call: Call, jql: str, fields: list[str], most: int, token: str, expand: str) -> Reply:
    start = _start_of(token)
    most = min(max(most, 1), 5000)
    found = find_issues(call, jql)
    end = start + most
    shown = [render.issue(call, issue, fields=fields or ["id"], expand=expand) for issue in found[start:end]]
    if not fields or fields == ["id"]:
        shown = [{"id": issue["id"]} for issue in shown]
    body: dict[str, Any] = {"issues": shown, "isLast": end >= len(found)}
    if end < len(found):
        body["nextPageToken"] = base64.urlsafe_b64encode(f"from:{end}".encode()).decode()
    return Reply(200, body)


def _start_of(token: str) -> int:
    if not token:
        return 0
    try:
        text = base64.urlsafe_b64decode(token.encode()).decode()
        return int(re.fullmatch(r"from:(\d{1,9})", text)[1])  # type: ignore[index]
    except (binascii.Error, ValueError, TypeError):
        raise Refused(400, "The provided next page token is invalid or expired.") from None


def _test(call: Call, where: Clause | Group) -> Test:
    if isinstance(where, Group):
        tests = [_test(call, clause) for clause in where.clauses]
        if where.operator == "not":
            return lambda issue: not tests[0](issue)
        join = all if where.operator == "and" else any
        return lambda issue: join(test(issue) for test in tests)
    if where.operator in ("is", "is not"):
        return lambda issue: (not _held(call, issue, where.field)) == (where.operator == "is")
    if where.field in TEXTS:
        words = [value.text.casefold().strip("*").split() for value in where.values]
        is_wanted = where.operator in ("~", "in")
        return lambda issue: any(_mentions(call, issue, where.field, each) for each in words) == is_wanted
    if where.field in DATES:
        return _date_test(call, where)
    return _name_test(call, where)


def _name_test(call: Call, where: Clause) -> Test:
    wanted = {name for value in where.values for name in _names(call, where, value)}
    if where.operator in ("<", "<=", ">", ">="):
        bound = _rank(where.field, next(iter(wanted), ""))
        return lambda issue: _compare(
            where.operator, _rank(where.field, _held(call, issue, where.field)[0]), bound
        )
    is_wanted = where.operator in ("=", "in")

    def test(issue: Issue) -> bool:
        held = _held(call, issue, where.field) or [""]
        # a field without value matches neither = nor !=, as in Jira; "" stands for EMPTY in a list
        if held == [""] and "" not in wanted:
            return False
        return bool(wanted & set(held)) == is_wanted

    return test


def _names(call: Call, where: Clause, value: Value) -> list[str]:
    if value.is_empty:
        return [""]
    if value.is_function:
        if value.text.casefold() == "currentuser" and where.field in (
            "assignee",
            "reporter",
            "creator",
            "watcher",
        ):
            return [call.actor]
        raise JqlError(f"Unable to find JQL function '{value.text}({', '.join(value.arguments)})'.")
    text = value.text.casefold()
    if where.field in ("assignee", "reporter", "creator", "watcher"):
        person = call.desk.person_named(value.text)
        return [person.id if person else text]
    if where.field == "resolution" and text == "unresolved":
        return [""]
    allowed: dict[str, list[dict[str, str]]] = {
        "project": [{"1": PROJECT_KEY}, {catalogue.PROJECT_ID: PROJECT_KEY}, {"1": catalogue.PROJECT_NAME}],
        "status": [catalogue.STATUSES],
        "statusCategory": [{category[1]: category[3] for category in catalogue.CATEGORIES.values()}],
        "issuetype": [catalogue.TYPES],
        "priority": [catalogue.PRIORITIES],
        "resolution": [catalogue.RESOLUTIONS],
    }
    if where.field not in allowed:
        return [text]
    for known in allowed[where.field]:
        for key, name in known.items():
            if text in (key.casefold(), name.casefold()):
                return [PROJECT_KEY.casefold() if where.field == "project" else name.casefold()]
    raise JqlError(f"The value '{value.text}' does not exist for the field '{where.written}'.")


def _held(call: Call, issue: Issue, name: str) -> list[Any]:
    held: dict[str, Any] = {
        "project": PROJECT_KEY,
        "key": issue.issue_key,
        "issuetype": catalogue.TYPES[issue.type_id],
        "status": catalogue.STATUSES[issue.status_id],
        "statusCategory": catalogue.CATEGORIES[issue.status_id][3],
        "priority": catalogue.PRIORITIES[issue.priority_id],
        "resolution": issue.resolution,
        "labels": issue.labels,
        "summary": issue.summary,
        "description": adf.to_text(issue.description),
        "due": issue.due_date,
        "created": issue.created_utc.isoformat(),
        "updated": issue.updated_utc.isoformat(),
        "resolved": issue.resolved_utc.isoformat() if issue.resolved_utc else None,
    }
    people: dict[str, list[Any]] = {
        "assignee": [issue.assignee],
        "reporter": [issue.reporter],
        "creator": [issue.creator],
    }
    if name in people or name == "watcher":
        return [person for person in people.get(name, issue.watchers) if person]
    if name == "parent":
        parent = call.desk.store.get(Issue, issue.parent_issue or "")
        return [parent.issue_key.casefold(), parent.id] if parent else []
    if name in ("comment", "text"):
        return [_text_of(call, issue, name)]
    values = held[name] if isinstance(held[name], list) else [held[name]]
    more = [issue.id] if name == "key" else []
    return [str(value).casefold() for value in values if value] + more


def _text_of(call: Call, issue: Issue, name: str) -> str:
    comments = " ".join(adf.to_text(item.body) for item in call.desk.store.find(Comment, parent=issue.id))
    parts = {"summary": issue.summary, "description": adf.to_text(issue.description), "comment": comments}
    return " ".join(parts.values() if name == "text" else [parts[name]]).casefold()


def _mentions(call: Call, issue: Issue, name: str, words: list[str]) -> bool:
    text = _text_of(call, issue, name)
    return all(word.strip('"') in text for word in words)


def _date_test(call: Call, where: Clause) -> Test:
    is_due = where.field == "due"
    bounds = [_moment(call, where, value) for value in where.values if not value.is_empty]
    if not bounds:
        is_equal = where.operator in ("=", "in")
        return lambda issue: (not _held(call, issue, where.field)) == is_equal

    def held(issue: Issue) -> datetime | None:
        if is_due:
            return datetime.fromisoformat(issue.due_date).replace(tzinfo=UTC) if issue.due_date else None
        return {"created": issue.created_utc, "updated": issue.updated_utc}.get(
            where.field, issue.resolved_utc
        )

    def test(issue: Issue) -> bool:
        moment = held(issue)
        if moment is None:
            return False
        ends = (
            [bound.replace(hour=0, minute=0, second=0, microsecond=0) for bound in bounds]
            if is_due
            else bounds
        )
        if where.operator in ("in", "not in"):
            return (moment in ends) == (where.operator == "in")
        return _compare(where.operator, moment, ends[0])

    return test


def _moment(call: Call, where: Clause, value: Value) -> datetime:
    now = call.desk.clock.now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if value.is_function:
        starts = {
            "now": now,
            "startofday": midnight,
            "endofday": midnight + timedelta(days=1, microseconds=-1),
            "startofweek": midnight - timedelta(days=(midnight.weekday() + 1) % 7),
            "startofmonth": midnight.replace(day=1),
        }
        start = starts.get(value.text.casefold())
        if start is None:
            raise JqlError(f"Unable to find JQL function '{value.text}({', '.join(value.arguments)})'.")
        return _shift(start, value.arguments[0]) if value.arguments else start
    if _OFFSET.fullmatch(value.text):
        return _shift(now, value.text)
    for pattern in ("%Y-%m-%d", "%Y/%m/%d", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M"):
        try:
            return datetime.strptime(value.text, pattern).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise JqlError(
        f"Date value '{value.text}' for field '{where.written}' is invalid. Valid formats include: "
        "'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period such as '-5d'."
    )


def _shift(start: datetime, text: str) -> datetime:
    found = _OFFSET.fullmatch(text)
    if not found:
        raise JqlError(f"Duration '{text}' is invalid. Use a number and w, d, h, m, M or y, such as -1w.")
    count = int(found[2]) * (-1 if found[1] == "-" else 1)
    try:
        if found[3] in _STEPS:
            return start + count * _STEPS[found[3]]
        months = start.year * 12 + start.month - 1 + count * (12 if found[3] == "y" else 1)
        year, month = divmod(months, 12)
        day = min(start.day, calendar.monthrange(year, month + 1)[1])
        return start.replace(year=year, month=month + 1, day=day)
    except (OverflowError, ValueError, calendar.IllegalMonthError):
        raise JqlError(f"Duration '{text}' leads out of the calendar.") from None


def _rank(name: str, text: str) -> Any:
    if name == "priority":
        order = [known.casefold() for known in catalogue.PRIORITIES.values()]
        return -order.index(text) if text in order else -99
    digits = re.sub(r"\D", "", text)
    return int(digits[:18]) if digits else 0


def _compare(operator: str, held: Any, bound: Any) -> bool:
    return bool(
        {
            "=": held == bound,
            "!=": held != bound,
            "<": held < bound,
            "<=": held <= bound,
            ">": held > bound,
            ">=": held >= bound,
        }[operator]
    )


def _sort_key(call: Call, issue: Issue, name: str) -> tuple[bool, Any]:
    if name in ("key", "priority"):
        return False, _rank(name, _held(call, issue, name)[0])
    if name in ("assignee", "reporter", "creator"):
        person = call.desk.store.get(Person, getattr(issue, name) or "")
        return person is None, person.name if person else ""
    held = _held(call, issue, name)
    return not held, str(held[0]) if held else ""


def _structure(query: Query) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if query.where is not None:
        body["where"] = _where(query.where)
    if query.order:
        fields = [
            {"field": {"name": name}, "direction": "desc" if down else "asc"} for name, down in query.order
        ]
        body["orderBy"] = {"fields": fields}
    return body


def _where(where: Clause | Group) -> dict[str, Any]:
    if isinstance(where, Group):
        return {"operator": where.operator, "clauses": [_where(clause) for clause in where.clauses]}
    operands = [_operand(value) for value in where.values]
    operand = {"values": operands} if where.operator in ("in", "not in") else operands[0]
    return {"field": {"name": where.written}, "operator": where.operator, "operand": operand}


def _operand(value: Value) -> dict[str, Any]:
    if value.is_empty:
        return {"keyword": "empty"}
    if value.is_function:
        return {"function": value.text, "arguments": list(value.arguments)}
    return {"value": value.text}
