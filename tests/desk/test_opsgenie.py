"""The official ``opsgenie-sdk`` client against a running desk, on Opsgenie's path and on JSM's."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

sdk = pytest.importorskip("opsgenie_sdk", reason="the extra 'ops' is not installed")

from aiir_lab.desk import DeskClients, DeskProcess  # noqa: E402


def outcome(api: Any, reply: Any) -> Any:
    """What became of an asynchronous request: asked for until it is there."""
    until = time.monotonic() + 5
    while True:
        try:
            return api.get_request_status(reply.request_id).data
        except sdk.exceptions.ApiException as error:
            if error.status != 404 or time.monotonic() > until:
                raise
            time.sleep(0.02)


def by_alias(api: Any, alias: str) -> Any:
    return api.get_alert(alias, identifier_type="alias").data


@pytest.fixture(params=["opsgenie", "jsm"])
def api(request: pytest.FixtureRequest, clients: DeskClients) -> Any:
    return getattr(clients, request.param)


@pytest.fixture
def alias(request: pytest.FixtureRequest) -> str:
    return request.node.name


def create(api: Any, alias: str, **more: Any) -> Any:
    payload = sdk.CreateAlertPayload(message="Drift in scores", alias=alias, priority="P1", **more)
    return outcome(api, api.create_alert(payload))


def test_an_alert_lives_from_create_to_close(api: Any, alias: str) -> None:
    made = create(api, alias, tags=["drift"], details={"model": "v42"}, note="Seen by the monitor")
    assert made.is_success
    alert = by_alias(api, alias)
    assert (alert.status, alert.acknowledged, alert.details) == ("open", False, {"model": "v42"})
    api.acknowledge_alert(alias, identifier_type="alias", acknowledge_alert_payload={"user": "me"})
    assert by_alias(api, alias).acknowledged is True
    outcome(api, api.add_note(alias, {"note": "Rolled back"}, identifier_type="alias"))
    outcome(api, api.close_alert(alias, identifier_type="alias"))
    assert by_alias(api, alias).status == "closed"
    notes = api.list_notes(alias, identifier_type="alias").data
    assert [note.note for note in notes] == ["Rolled back", "Seen by the monitor"]


def test_the_answer_comes_later(api: Any, alias: str) -> None:
    reply = api.create_alert(sdk.CreateAlertPayload(message="x", alias=alias))
    with pytest.raises(sdk.exceptions.ApiException) as early:
        api.get_request_status(reply.request_id)
    assert early.value.status == 404
    assert outcome(api, reply).action == "Create"


def test_the_same_alias_counts_up_while_open_and_starts_anew_after_closing(api: Any, alias: str) -> None:
    first = create(api, alias)
    assert create(api, alias).alert_id == first.alert_id
    assert by_alias(api, alias).count == 2
    outcome(api, api.close_alert(alias, identifier_type="alias"))
    again = create(api, alias)
    assert again.alert_id != first.alert_id
    assert by_alias(api, alias).count == 1


def test_acknowledging_an_unknown_alert_fails_later_not_now(api: Any) -> None:
    reply = api.acknowledge_alert("no-such-alert", identifier_type="alias")
    result = outcome(api, reply)
    assert result.is_success is False
    assert "does not exist" in result.status


def test_escalating_takes_the_next_level_of_the_matrix(api: Any, alias: str, desk: DeskProcess) -> None:
    create(api, alias)
    before = {
        recipient.user.username for recipient in api.list_recipients(alias, identifier_type="alias").data
    }
    name = desk.announcement["opsgenie"]["escalation"]
    payload = sdk.EscalateAlertToNextPayload(escalation=sdk.EscalationRecipient(name=name))
    assert outcome(api, api.escalate_alert(alias, payload, identifier_type="alias")).is_success
    after = {
        recipient.user.username for recipient in api.list_recipients(alias, identifier_type="alias").data
    }
    assert before < after
    assert "incident-commander@desk.example" in after - before


def test_search_counts_and_pages(api: Any, alias: str) -> None:
    for number in range(3):
        create(api, f"{alias}-{number}", tags=[f"tag-{len(alias)}"])
    query = f"status:open AND tag:tag-{len(alias)} AND priority:P1"
    assert api.count_alerts(query=query).data.count == 3
    page = api.list_alerts(query=query, limit=2)
    assert len(page.data) == 2
    assert "offset=2" in page.paging.next


@pytest.mark.parametrize(
    ("key", "status"), [("nonsense", 401), ("0" * 36, 403)], ids=["not a key", "somebody else's"]
)
def test_a_wrong_key_is_refused(desk: DeskProcess, key: str, status: int) -> None:
    url = f"{desk.announcement['urls']['opsgenie']}/v2/alerts"
    reply = requests.get(url, headers={"Authorization": f"GenieKey {key}"}, timeout=5)
    assert reply.status_code == status
    assert set(reply.json()) == {"message", "took", "requestId"}


@pytest.mark.parametrize(
    "change",
    [
        {"message": "x" * 131},
        {"message": ""},
        {"priority": "P6"},
        {"tags": ["t"] * 21},
        {"alias": "a" * 513},
        {"details": {"count": 3}},
        {"description": "d" * 15_001},
    ],
    ids=lambda change: next(iter(change)),
)
def test_fields_beyond_their_limits_are_422(desk: DeskProcess, change: dict[str, Any]) -> None:
    url, key = desk.announcement["urls"]["opsgenie"], desk.announcement["opsgenie"]["key"]
    post: Callable[..., requests.Response] = requests.post
    headers = {"Authorization": f"GenieKey {key}"}
    right = post(f"{url}/v2/alerts", json={"message": "x" * 130}, headers=headers, timeout=5)
    wrong = post(f"{url}/v2/alerts", json={"message": "x"} | change, headers=headers, timeout=5)
    assert (right.status_code, wrong.status_code) == (202, 422)
    assert next(iter(change)) in str(wrong.json()["errors"])


def test_the_matrix_is_the_escalation(desk: DeskProcess) -> None:
    url, keys = desk.announcement["urls"]["opsgenie"], desk.announcement["opsgenie"]
    headers = {"Authorization": f"GenieKey {keys['key']}"}
    path = f"{url}/v2/escalations/{keys['escalation']}?identifierType=name"
    rules = requests.get(path, headers=headers, timeout=5).json()["data"]["rules"]
    assert sorted({rule["delay"]["timeAmount"] for rule in rules}) == [0, 5, 10, 15, 30]
    assert {rule["condition"] for rule in rules} == {"if-not-acked"}
