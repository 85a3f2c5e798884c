"""The official ``pagerduty`` client against a running desk."""

from __future__ import annotations

import pytest
import requests

pagerduty = pytest.importorskip("pagerduty", reason="the extra 'ops' is not installed")

from aiir_lab.desk import DeskClients, DeskProcess  # noqa: E402
from aiir_lab.desk.connect import pagerduty_clients  # noqa: E402


def incident_of(clients: DeskClients, key: str) -> dict:
    (incident,) = clients.pagerduty.list_all("incidents", params={"incident_key": key})
    return incident


def test_a_page_lives_from_trigger_to_resolve(clients: DeskClients) -> None:
    key = clients.pagerduty_events.trigger(
        "Fraud scores drift", "monitor-7", severity="critical", payload={"component": "scoring"}
    )
    assert incident_of(clients, key)["status"] == "triggered"
    assert clients.pagerduty_events.acknowledge(key) == key
    acknowledged = incident_of(clients, key)
    assert acknowledged["status"] == "acknowledged"
    assert acknowledged["acknowledgements"][0]["acknowledger"]["summary"]
    assert clients.pagerduty_events.resolve(key) == key
    resolved = incident_of(clients, key)
    assert resolved["status"] == "resolved"
    assert resolved["assignments"] == []
    assert resolved["resolved_at"] is not None


def test_the_same_key_joins_the_open_page_and_reopens_nothing(clients: DeskClients) -> None:
    for _ in range(3):
        clients.pagerduty_events.trigger("Again", "monitor", dedup_key="same")
    assert len(clients.pagerduty.list_all("incidents", params={"incident_key": "same"})) == 1
    clients.pagerduty_events.resolve("same")
    clients.pagerduty_events.trigger("Again", "monitor", dedup_key="same")
    found = clients.pagerduty.list_all("incidents", params={"incident_key": "same"})
    assert sorted(incident["status"] for incident in found) == ["resolved", "triggered"]


def test_a_key_belongs_to_its_routing_key(clients: DeskClients, desk: DeskProcess) -> None:
    other = clients.events_for(desk.announcement["pagerduty"]["routing_key_2"])
    clients.pagerduty_events.trigger("One", "monitor", dedup_key="shared")
    other.trigger("Two", "monitor", dedup_key="shared")
    other.resolve("shared")
    found = clients.pagerduty.list_all("incidents", params={"incident_key": "shared"})
    states = {incident["title"]: incident["status"] for incident in found}
    assert states == {"One": "triggered", "Two": "resolved"}


def test_acknowledging_what_is_not_open_is_dropped_but_accepted(clients: DeskClients) -> None:
    assert clients.pagerduty_events.acknowledge("never-opened") == "never-opened"
    assert clients.pagerduty.list_all("incidents", params={"incident_key": "never-opened"}) == []


def test_rest_creates_pages_notes_and_resolves(clients: DeskClients, desk: DeskProcess) -> None:
    rest = clients.pagerduty
    service = {"id": desk.announcement["pagerduty"]["service_id"], "type": "service_reference"}
    body = {"type": "incident", "title": "Paged by hand", "service": service, "incident_key": "by-hand"}
    incident = rest.rpost("incidents", json=body)
    assert incident["assignments"], "somebody must be paged"
    with pytest.raises(pagerduty.HttpError) as refused:
        rest.rpost("incidents", json=body)
    assert refused.value.response.status_code == 400
    rest.rpost(f"incidents/{incident['id']}/notes", json={"content": "Rolled back to v41"})
    notes = list(rest.iter_incident_notes(incident["id"]))
    (note,) = rest.rget(f"incidents/{incident['id']}/notes")
    assert note["content"] == "Rolled back to v41"
    assert len(notes) == 1
    changed = rest.rput(incident["self"], json={"type": "incident_reference", "status": "resolved"})
    assert changed["status"] == "resolved"
    reopened = rest.rput(incident, json={"type": "incident_reference", "status": "triggered"})
    assert reopened["status"] == "triggered"
    kinds = [entry["type"] for entry in rest.rget(f"incidents/{incident['id']}/log_entries")]
    assert kinds[-1] == "trigger_log_entry"
    assert {"resolve_log_entry", "annotate_log_entry", "notify_log_entry"} <= set(kinds)


def test_a_list_is_paged(clients: DeskClients) -> None:
    for number in range(7):
        clients.pagerduty_events.trigger(f"Page {number}", "monitor", dedup_key=f"paged-{number}")
    found = list(clients.pagerduty.iter_all("incidents", page_size=3, total=True))
    assert len({incident["id"] for incident in found}) == len(found) >= 7


def test_beyond_ten_thousand_is_refused(clients: DeskClients) -> None:
    assert clients.pagerduty.get("incidents", params={"offset": 9_990, "limit": 25}).status_code == 400


def test_the_matrix_is_the_escalation_policy(clients: DeskClients) -> None:
    policies = {policy["name"]: policy for policy in clients.pagerduty.list_all("escalation_policies")}
    rules = policies["AI incident SEV1"]["escalation_rules"]
    assert [rule["escalation_delay_in_minutes"] for rule in rules] == [5, 5, 5, 15, 15]
    assert all(1 <= len(rule["targets"]) <= 10 for rule in rules)
    oncalls = clients.pagerduty.list_all(
        "oncalls", params={"escalation_policy_ids[]": [policies["AI incident SEV1"]["id"]]}
    )
    assert {oncall["escalation_level"] for oncall in oncalls} == {1, 2, 3, 4, 5}


def test_users_services_and_priorities_are_there(clients: DeskClients, desk: DeskProcess) -> None:
    user = clients.pagerduty.find("users", desk.announcement["pagerduty"]["from"], attribute="email")
    assert user["type"] == "user"
    service = clients.pagerduty.rget(f"services/{desk.announcement['pagerduty']['service_id']}")
    assert service["name"] == "Model serving"
    assert [priority["name"] for priority in clients.pagerduty.list_all("priorities")][:2] == ["P1", "P2"]


def test_change_events_stand_beside_the_pages(clients: DeskClients, desk: DeskProcess) -> None:
    from pagerduty import EventsApiV2Client

    client = clients.pagerduty_events
    assert isinstance(client, EventsApiV2Client)
    client.submit("Deployed model v42", "pipeline", timestamp="2026-03-02T09:00:00Z")
    changes = clients.pagerduty.rget("change_events")
    assert changes[0]["summary"] == "Deployed model v42"


def test_a_wrong_token_is_refused_the_vendors_way(desk: DeskProcess) -> None:
    base = desk.announcement["urls"]["pagerduty"]
    with (
        pagerduty_clients().RestApiV2Client("nonsense", base_url=base) as wrong,
        pytest.raises(pagerduty.HttpError, match="401"),
    ):
        wrong.list_all("incidents")
    raw = requests.get(f"{desk.announcement['urls']['pagerduty']}/incidents", timeout=5)
    assert raw.json()["error"]["code"] == 2006


def test_a_wrong_routing_key_is_refused(desk: DeskProcess) -> None:
    base = desk.announcement["urls"]["pagerduty_events"]
    with (
        pagerduty_clients().EventsApiV2Client("0" * 32, base_url=base) as wrong,
        pytest.raises(pagerduty.HttpError, match="400"),
    ):
        wrong.trigger("x", "y")


def test_from_must_name_a_known_user(desk: DeskProcess, clients: DeskClients) -> None:
    base, keys = desk.announcement["urls"]["pagerduty"], desk.announcement["pagerduty"]
    headers = {"Authorization": f"Token token={keys['token']}", "From": "stranger@desk.example"}
    service = {"id": keys["service_id"], "type": "service_reference"}
    incident = {"type": "incident", "title": "x", "service": service}
    reply = requests.post(f"{base}/incidents", json={"incident": incident}, headers=headers, timeout=5)
    assert (reply.status_code, reply.json()["error"]["code"]) == (400, 1008)


def test_other_addresses_keep_the_librarys_own_check() -> None:
    with pytest.raises(pagerduty.UrlError):
        pagerduty_clients().RestApiV2Client("key", base_url="http://pager.example")


def test_merge_snooze_and_more_responders(clients: DeskClients) -> None:
    rest = clients.pagerduty
    for key in ("first", "second"):
        clients.pagerduty_events.trigger(key, "monitor", dedup_key=key)
    first, second = incident_of(clients, "first"), incident_of(clients, "second")
    source = {"id": second["id"], "type": "incident_reference"}
    rest.put(f"incidents/{first['id']}/merge", json={"source_incidents": [source]}).raise_for_status()
    assert incident_of(clients, "second")["status"] == "resolved"
    assert len(rest.rget(f"incidents/{first['id']}/alerts")) == 2
    clients.desk.run_clock(rate=0)
    rest.post(f"incidents/{first['id']}/snooze", json={"duration": 600}).raise_for_status()
    assert incident_of(clients, "first")["status"] == "acknowledged"
    clients.desk.advance(minutes=11)
    assert incident_of(clients, "first")["status"] == "triggered"
    clients.desk.run_clock(rate=1)
