"""The door, the limits, and bodies that no client would send: the vendor's 400s, never a 500."""

from __future__ import annotations

import http.client
import json
import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from aiir_lab.desk import DeskProcess


def auth(desk: DeskProcess) -> dict[str, Any]:
    told = desk.announcement
    return {
        "pagerduty": {
            "Authorization": f"Token token={told['pagerduty']['token']}",
            "From": told["pagerduty"]["from"],
        },
        "opsgenie": {"Authorization": f"GenieKey {told['opsgenie']['key']}"},
        "statuspage": {"Authorization": f"OAuth {told['statuspage']['key']}"},
        "jira": {
            "Authorization": requests.auth._basic_auth_str(told["jira"]["email"], told["jira"]["token"])  # type: ignore[attr-defined]
        },
        "pagerduty_events": {},
        "board": {"Authorization": f"Bearer {told['desk']['key']}"},
    }


def writes(desk: DeskProcess) -> list[tuple[str, str, str]]:
    page = desk.announcement["statuspage"]["page_id"]
    return [
        ("pagerduty_events", "POST", "/v2/enqueue"),
        ("pagerduty_events", "POST", "/v2/change/enqueue"),
        ("pagerduty", "POST", "/incidents"),
        ("pagerduty", "PUT", "/incidents"),
        ("pagerduty", "POST", "/escalation_policies"),
        ("pagerduty", "POST", "/services"),
        ("opsgenie", "POST", "/v2/alerts"),
        ("opsgenie", "POST", "/v2/escalations"),
        ("opsgenie", "POST", "/v2/alerts/x/notes"),
        ("statuspage", "POST", f"/v1/pages/{page}/incidents"),
        ("statuspage", "POST", f"/v1/pages/{page}/components"),
        ("jira", "POST", "/rest/api/3/issue"),
        ("jira", "POST", "/rest/api/2/issue"),
        ("jira", "POST", "/rest/api/3/issueLink"),
        ("jira", "POST", "/rest/api/3/search/jql"),
        ("board", "POST", "/admin/clock"),
        ("board", "POST", "/admin/faults"),
    ]


MALFORMED = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"text"',
    b"3",
    b"NaN",
    b'{"a": Infinity}',
    b'{"a": 1e999}',
    b"\xff\xfe\x00",
    b'{"a": "\\ud800"}',
    b"[" * 100_000,
    b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    b'{"incident": null, "payload": null, "fields": null, "jql": 3}',
    b'{"incident": [], "payload": [], "fields": [], "update": []}',
    b'{"message": {"a": 1}, "incident": {"name": {}, "title": 3, "service": 3}}',
    b'{"fields": {"project": 3, "issuetype": [], "summary": {}, "labels": 3, "description": []}}',
    b'{"fields": {"project": {"key": "AIR"}, "issuetype": {"name": []}, "summary": "x", "assignee": 3}}',
    b'{"routing_key": 3, "event_action": [], "dedup_key": {}}',
    b'{"set_utc": "never", "advance_min": "1", "rate": null}',
    b'{"rate": 1e308, "advance_min": 1e308}',
]


def test_malformed_bodies_get_the_vendors_refusal(desk: DeskProcess) -> None:
    keys, failures = auth(desk), []
    with requests.Session() as session:
        for vendor, method, path in writes(desk):
            for body in MALFORMED:
                url = desk.announcement["urls"][vendor] + path
                reply = session.request(method, url, data=body, headers=keys[vendor], timeout=10)
                is_refused = reply.status_code in (400, 404, 413, 422)
                if not is_refused or not isinstance(reply.json(), dict):
                    failures.append((vendor, path, body[:60], reply.status_code))
    assert failures == []


def mutations(seed: int) -> Iterator[Any]:
    """Sound bodies with one place changed to something else."""
    draw = random.Random(seed)
    strange: list[Any] = [
        None,
        True,
        -1,
        0,
        1e30,
        "",
        "x" * 70_000,
        "\u0000",
        "💥",
        [],
        {},
        [None],
        {"id": {}},
        [[]],
    ]
    sound: list[Any] = [
        {
            "routing_key": "0" * 32,
            "event_action": "trigger",
            "payload": {"summary": "s", "source": "s", "severity": "info", "custom_details": {}},
            "links": [{"href": "h", "text": "t"}],
        },
        {"incident": {"type": "incident", "title": "t", "service": {"id": "P", "type": "service_reference"}}},
        {"message": "m", "responders": [{"type": "user", "id": "i"}], "details": {"a": "b"}, "tags": ["t"]},
        {
            "incident": {
                "name": "n",
                "components": {"c": "operational"},
                "component_ids": ["c"],
                "metadata": {},
            }
        },
        {
            "fields": {
                **{"project": {"key": "AIR"}, "issuetype": {"id": "10001"}, "summary": "s", "labels": ["l"]},
                "description": {
                    "type": "doc",
                    "version": 1,
                    "content": [{"type": "paragraph", "content": []}],
                },
            },
            "update": {"labels": [{"add": "x"}], "comment": [{"add": {"body": "b"}}]},
        },
    ]

    def change(value: Any) -> Any:
        if draw.random() < 0.3 or not isinstance(value, dict | list) or not value:
            return draw.choice(strange)
        if isinstance(value, list):
            return [change(value[0]), *value[1:]]
        name = draw.choice(sorted(value))
        return value | {name: change(value[name])}

    while True:
        yield change(draw.choice(sound))


@pytest.mark.parametrize("seed", [1, 2])
def test_no_mutated_body_makes_the_desk_fail(desk: DeskProcess, seed: int) -> None:
    keys, bodies, failures = auth(desk), mutations(seed), []
    with requests.Session() as session:
        for vendor, method, path in writes(desk):
            for _ in range(15):
                body = next(bodies)
                url = desk.announcement["urls"][vendor] + path
                reply = session.request(method, url, json=body, headers=keys[vendor], timeout=10)
                if reply.status_code >= 500:
                    failures.append((vendor, path, body))
    assert failures == []


@pytest.mark.parametrize(
    "query",
    ["limit=x", "limit=-1", "offset=1.5", "limit=99999999999999999999", "total=maybe", "statuses[]=broken"],
)
def test_wrong_query_parameters_are_refused(desk: DeskProcess, query: str) -> None:
    url = f"{desk.announcement['urls']['pagerduty']}/incidents?{query}"
    reply = requests.get(url, headers=auth(desk)["pagerduty"], timeout=5)
    assert (reply.status_code, reply.json()["error"]["code"]) == (400, 2001)


def test_bodies_have_a_size_limit(desk: DeskProcess) -> None:
    url = f"{desk.announcement['urls']['pagerduty_events']}/v2/enqueue"
    event = {
        "routing_key": desk.announcement["pagerduty"]["routing_key"],
        "event_action": "trigger",
        "payload": {
            "summary": "s",
            "source": "s",
            "severity": "info",
            "custom_details": {"dump": "x" * (600 * 1024)},
        },
    }
    event["payload"]["custom_details"] = {"dump": "x" * (600 * 1024)}
    assert requests.post(url, json=event, timeout=5).status_code == 413
    chunks = (b" " * 65_536 for _ in range(16))  # without a declared length
    assert requests.post(url, data=chunks, timeout=5).status_code == 413
    event["payload"]["custom_details"] = {"dump": "x" * (300 * 1024)}
    assert requests.post(url, json=event, timeout=5).status_code == 202


def raw(desk: DeskProcess, path: str, headers: dict[str, str], method: str = "GET") -> int:
    connection = http.client.HTTPConnection(urlsplit(desk.announcement["urls"]["board"]).netloc, timeout=5)
    connection.putrequest(method, path, skip_host=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    status = connection.getresponse().status
    connection.close()
    return status


def test_only_its_own_host_name_is_answered(desk: DeskProcess) -> None:
    port = urlsplit(desk.announcement["urls"]["board"]).port
    for host in (f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}"):
        assert raw(desk, "/board/", {"Host": host}) == 200
    for host in ("rebound.example", f"rebound.example:{port}", f"127.0.0.1.rebound.example:{port}", "", "["):
        assert raw(desk, "/board/", {"Host": host}) in (400, 403)
        assert raw(desk, "/status/api/v2/status.json", {"Host": host}) in (400, 403)


def test_other_sites_pages_cannot_write_or_read(desk: DeskProcess) -> None:
    host = urlsplit(desk.announcement["urls"]["board"]).netloc
    own = {"Host": host, "Origin": f"http://{host}"}
    assert raw(desk, "/board/", own) == 200
    for origin in ("https://evil.example", "null", "http://127.0.0.1:1", "file://", f"ftp://{host}"):
        assert raw(desk, "/pagerduty-events/v2/enqueue", {"Host": host, "Origin": origin}, "POST") == 403
        assert raw(desk, "/board/", {"Host": host, "Origin": origin}) == 403
    cross = {"Host": host, "Sec-Fetch-Site": "cross-site"}
    assert raw(desk, "/board/", cross | {"Sec-Fetch-Mode": "no-cors"}) == 403
    assert raw(desk, "/board/", cross | {"Sec-Fetch-Mode": "navigate"}) == 200


def pages_of(desk: DeskProcess) -> list[str]:
    board, public = desk.announcement["urls"]["board"], desk.announcement["urls"]["statuspage_public"]
    return [f"{board}/", f"{board}/oncall", f"{board}/actions", f"{public}/"]


def test_what_people_write_is_escaped(desk: DeskProcess) -> None:
    script = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    keys, told = auth(desk), desk.announcement
    event = {
        "routing_key": told["pagerduty"]["routing_key"],
        "event_action": "trigger",
        "payload": {"summary": script, "source": script, "severity": "critical"},
    }
    requests.post(f"{told['urls']['pagerduty_events']}/v2/enqueue", json=event, timeout=5)
    incident = {"incident": {"name": script, "body": script, "status": "investigating"}}
    path = f"{told['urls']['statuspage']}/v1/pages/{told['statuspage']['page_id']}/incidents"
    made = requests.post(path, json=incident, headers=keys["statuspage"], timeout=5).json()
    fields = {
        "project": {"key": "AIR"},
        "issuetype": {"name": "Task"},
        "summary": script,
        "description": script,
    }
    requests.post(
        f"{told['urls']['jira']}/rest/api/2/issue", json={"fields": fields}, headers=keys["jira"], timeout=5
    )
    board, public = told["urls"]["board"], told["urls"]["statuspage_public"]
    for page in (
        f"{board}/",
        f"{board}/oncall",
        f"{board}/actions",
        f"{public}/",
        f"{public}/incidents/{made['id']}",
    ):
        reply = requests.get(page, timeout=5)
        assert "&lt;script&gt;" in reply.text
        assert "<script>alert" not in reply.text
        assert "<img" not in reply.text
        assert "default-src 'none'" in reply.headers["Content-Security-Policy"]


def test_keys_stand_in_no_page(desk: DeskProcess) -> None:
    told = desk.announcement
    secrets = [told["pagerduty"]["token"], told["pagerduty"]["routing_key"], told["opsgenie"]["key"]]
    secrets += [told["statuspage"]["key"], told["jira"]["token"], told["desk"]["key"]]
    board, public = told["urls"]["board"], told["urls"]["statuspage_public"]
    for page in (
        f"{board}/",
        f"{board}/oncall",
        f"{board}/actions",
        f"{public}/",
        f"{public}/api/v2/summary.json",
    ):
        text = requests.get(page, timeout=5).text
        assert not [secret for secret in secrets if secret in text]


@pytest.mark.parametrize("path", ["/admin/clock", "/admin/faults", "/admin/matrix"])
def test_the_desks_own_controls_need_its_key(desk: DeskProcess, path: str) -> None:
    url = desk.announcement["urls"]["board"] + path
    assert requests.get(url, timeout=5).status_code == 401
    assert requests.get(url, headers={"Authorization": "Bearer nonsense"}, timeout=5).status_code == 401
    assert requests.get(url, headers=auth(desk)["board"], timeout=5).status_code == 200


@pytest.mark.parametrize(
    "path", ["../server.py", "..%2fserver.py", "%2e%2e/server.py", "desk.css%00.svg", "nothing.js"]
)
def test_only_the_pages_own_files_are_served(desk: DeskProcess, path: str) -> None:
    host = urlsplit(desk.announcement["urls"]["board"]).netloc
    assert raw(desk, f"/board/static/{path}", {"Host": host}) == 404


def test_redirects_are_relative(desk: DeskProcess) -> None:
    base = desk.announcement["urls"]["board"].removesuffix("/board")
    for path, target in (("/", "board/"), ("/board", "board/"), ("/status", "status/")):
        reply = requests.get(base + path, allow_redirects=False, timeout=5)
        assert (reply.status_code, reply.headers["Location"]) == (307, target)
    reply = requests.get(f"{base}/jira/browse/AIR-1", allow_redirects=False, timeout=5)
    assert reply.headers["Location"] == "../../board/actions#AIR-1"


def test_the_announcement_is_sound_json_for_any_reader(desk: DeskProcess) -> None:
    assert json.loads(desk.announce.read_text()) == desk.announcement


@pytest.mark.parametrize(
    ("vendor", "path"),
    [
        ("statuspage", "/v1/pages/x%0A"),
        ("opsgenie", "/v2/alerts/a%0Ab"),
        ("pagerduty", "/incidents/a%0A"),
        ("jira", "/rest/api/3/issue/A%0A"),
    ],
)
def test_a_line_break_in_a_path_gets_the_vendors_own_answer(
    desk: DeskProcess, vendor: str, path: str
) -> None:
    reply = requests.get(f"{desk.announcement['urls'][vendor]}{path}", timeout=5)
    assert reply.status_code in (401, 404)
    assert reply.headers["Content-Type"] == "application/json"


def test_a_bulk_that_cannot_be_read_is_a_list_of_errors(desk: DeskProcess) -> None:
    own = desk.announcement["jira"]
    reply = requests.post(
        f"{desk.announcement['urls']['jira']}/rest/api/3/issue/bulk",
        auth=(own["email"], own["token"]),
        timeout=5,
    )
    assert reply.status_code == 400
    (error,) = reply.json()["errors"]
    assert error["elementErrors"]["errors"]
