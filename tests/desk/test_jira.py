"""The ``jira`` client against a running desk, REST 2 and 3."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import requests

jira = pytest.importorskip("jira", reason="the extra 'ops' is not installed")

from aiir_lab.desk import DeskClients, DeskProcess  # noqa: E402


@pytest.fixture
def api(clients: DeskClients) -> Any:
    return clients.jira


@pytest.fixture
def label(request: pytest.FixtureRequest) -> str:
    return request.node.name.replace("[", "-").replace("]", "")


def create(api: Any, label: str, summary: str = "Gate labels by provenance", **more: Any) -> Any:
    return api.create_issue(project="AIR", issuetype="Task", summary=summary, labels=[label], **more)


def test_an_action_item_goes_from_to_do_to_done(api: Any, label: str) -> None:
    issue = create(api, label, duedate="2026-04-01", description="Check every batch.\n\nOwner: data team.")
    assert issue.key.startswith("AIR-")
    assert (str(issue.fields.status), issue.fields.duedate) == ("To Do", "2026-04-01")
    assert issue.fields.description == "Check every batch.\n\nOwner: data team."
    api.assign_issue(issue, "ml-engineer@desk.example")
    api.add_comment(issue, "Half done")
    api.transition_issue(issue, "Done")
    done = api.issue(issue.key, expand="changelog")
    assert (str(done.fields.status), str(done.fields.resolution)) == ("Done", "Done")
    assert done.fields.assignee.displayName == "ML engineer"
    assert [comment.body for comment in done.fields.comment.comments] == ["Half done"]
    assert {item.field for entry in done.changelog.histories for item in entry.items} == {
        "assignee",
        "status",
    }


def test_an_edit_changes_only_what_it_names(api: Any, label: str) -> None:
    issue = create(api, label, duedate="2026-04-01")
    issue.update(fields={"summary": "Gate all labels"}, update={"labels": [{"add": "urgent"}]})
    again = api.issue(issue.key)
    assert (again.fields.summary, again.fields.duedate) == ("Gate all labels", "2026-04-01")
    assert again.fields.labels == sorted([label, "urgent"])


def test_links_and_remote_links_join_issues_and_pages(api: Any, label: str) -> None:
    first, second = create(api, label), create(api, label)
    api.create_issue_link("Blocks", first, second)
    (link,) = api.issue(first.key).fields.issuelinks
    assert link.outwardIssue.key == second.key
    remote = {"url": "http://127.0.0.1/board/", "title": "Page 7"}
    api.add_simple_link(first, remote)
    assert [item.object.title for item in api.remote_links(first)] == ["Page 7"]


def test_version_3_speaks_adf_and_version_2_text(clients: DeskClients, api: Any, label: str) -> None:
    issue = create(api, label, description="One\ntwo\n\nthree")
    document = clients.jira_client(version="3").issue(issue.key).raw["fields"]["description"]
    assert document["type"] == "doc"
    assert [block["type"] for block in document["content"]] == ["paragraph", "paragraph"]
    with pytest.raises(jira.JIRAError) as wrong_kind:
        create(clients.jira_client(version="3"), label, description="plain text")
    assert wrong_kind.value.status_code == 400
    with pytest.raises(jira.JIRAError):
        create(api, label, description=document)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("due < '2026-03-15'", {"a"}),
        ("due >= 2026-03-15", {"b"}),
        ("due is EMPTY", {"c"}),
        ("due is not EMPTY", {"a", "b"}),
        ("status = Done", {"b"}),
        ("status != Done", {"a", "c"}),
        ("statusCategory != Done AND due < '2026-12-31'", {"a"}),
        ("resolution = Unresolved", {"a", "c"}),
        ("assignee = currentUser()", {"c"}),
        ("assignee is EMPTY", {"a", "b"}),
        ("summary ~ beta", {"b"}),
        ("summary !~ beta", {"a", "c"}),
        ("text ~ 'late data'", {"a"}),
        ("priority in (Highest, High)", {"a"}),
        ("priority > Medium", {"a"}),
        ("NOT (status = Done OR due is EMPTY)", {"a"}),
        ("created >= startOfDay(-1d) AND created <= now()", {"a", "b", "c"}),
        ("created < -1w", set()),
        ("issuetype = Task AND project in (AIR)", {"a", "b", "c"}),
    ],
)
def test_jql(searched: tuple[Any, str], query: str, expected: set[str]) -> None:
    api, label = searched
    found = api.search_issues(f"labels = {label} AND ({query}) ORDER BY key DESC")
    assert {issue.fields.summary.split()[0] for issue in found} == expected
    assert api.approximate_issue_count(f"labels = {label} AND ({query})") == len(expected)


@pytest.fixture(scope="module")
def searched(desk: DeskProcess) -> Any:
    from aiir_lab.desk import desk_clients

    with desk_clients(desk.announce) as clients:
        api = clients.jira
        create(
            api,
            "jql",
            "a alpha",
            duedate="2026-03-01",
            priority={"name": "High"},
            description="the late data",
        )
        second = create(api, "jql", "b beta", duedate="2026-03-20")
        api.transition_issue(second, "Done")
        third = create(api, "jql", "c gamma")
        api.assign_issue(third, desk.announcement["jira"]["email"])
        yield api, "jql"


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("", "Unbounded"),
        ("ORDER BY due", "Unbounded"),
        ("labels = ", "Expecting a value"),
        ("colour = red", "does not exist"),
        ("status = Nowhere", "does not exist"),
        ("project = OTHER", "does not exist"),
        ("due < yesterday", "invalid"),
        ("status ~ Done", "not supported"),
        ("(status = Done", "Expecting"),
        ("status = Done due = now()", "Expecting"),
        ("due < now('1 fortnight')", "invalid"),
        ("(" * 300 + "status = Done" + ")" * 300, "nested too deeply"),
    ],
)
def test_queries_that_cannot_be_answered_are_400(api: Any, query: str, problem: str) -> None:
    with pytest.raises(jira.JIRAError, match=problem) as refused:
        api.enhanced_search_issues(query)
    assert refused.value.status_code == 400


def test_search_goes_page_by_page(api: Any, label: str) -> None:
    keys = [create(api, label, f"Item {number}").key for number in range(5)]
    found = api.enhanced_search_issues(f"labels = {label} ORDER BY key", maxResults=0)
    assert [issue.key for issue in found] == keys
    page = api.enhanced_search_issues(f"labels = {label} ORDER BY key", maxResults=2)
    assert [issue.key for issue in page] == keys[:2]
    assert page.nextPageToken


def test_a_severity_label_sets_the_due_date_of_the_matrix(api: Any, clients: DeskClients) -> None:
    issue = create(api, "sev2")
    assert issue.fields.duedate == clients.desk.due_date("SEV2").isoformat()
    expected = (clients.desk.now() + timedelta(days=14)).date()
    assert clients.desk.due_date("SEV2") == expected
    named = create(api, "sev2", duedate="2027-01-01")
    assert named.fields.duedate == "2027-01-01"


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"summary": ""}, "summary"),
        ({"summary": "x" * 256}, "summary"),
        ({"labels": ["two words"]}, "labels"),
        ({"duedate": "1 April"}, "duedate"),
        ({"priority": {"name": "Huge"}}, "priority"),
        ({"colour": "red"}, "colour"),
        ({"assignee": {"accountId": "nobody"}}, "assignee"),
    ],
)
def test_wrong_fields_are_named(desk: DeskProcess, fields: dict[str, Any], place: str) -> None:
    keys, url = desk.announcement["jira"], f"{desk.announcement['urls']['jira']}/rest/api/2/issue"
    body = {"project": {"key": "AIR"}, "issuetype": {"name": "Task"}, "summary": "Right"} | fields
    reply = requests.post(url, json={"fields": body}, auth=(keys["email"], keys["token"]), timeout=5)
    assert reply.status_code == 400
    assert list(reply.json()["errors"]) == [place]


def test_a_wrong_token_is_refused(desk: DeskProcess) -> None:
    keys, url = desk.announcement["jira"], desk.announcement["urls"]["jira"]
    with pytest.raises(jira.JIRAError) as refused:
        jira.JIRA(server=url, basic_auth=(keys["email"], "wrong"), max_retries=0)
    assert refused.value.status_code == 401


def test_what_is_gone_and_what_never_was(desk: DeskProcess) -> None:
    keys, url = desk.announcement["jira"], desk.announcement["urls"]["jira"]
    auth = (keys["email"], keys["token"])
    assert requests.get(f"{url}/rest/api/3/search?jql=project=AIR", auth=auth, timeout=5).status_code == 410
    assert requests.get(f"{url}/rest/api/1/serverInfo", auth=auth, timeout=5).status_code == 404
    missing = requests.get(f"{url}/rest/api/latest/issue/AIR-99999", auth=auth, timeout=5)
    assert missing.status_code == 404
    assert "does not exist" in missing.json()["errorMessages"][0]
