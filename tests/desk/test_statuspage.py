"""Statuspage through ``atlassian-python-api``, and the public page's JSON."""

from __future__ import annotations

from typing import Any

import pytest
import requests

pytest.importorskip("atlassian", reason="the extra 'ops' is not installed")

from aiir_lab.desk import DeskClients, DeskProcess


def public(desk: DeskProcess, path: str) -> Any:
    reply = requests.get(f"{desk.announcement['urls']['statuspage_public']}/api/v2/{path}", timeout=5)
    assert reply.status_code == 200
    return reply.json()


def component(clients: DeskClients, name: str) -> dict[str, Any]:
    return next(
        part for part in clients.statuspage.page_get_components(clients.page_id) if part["name"] == name
    )


def test_an_incident_is_told_until_it_is_resolved_and_explained(
    clients: DeskClients, desk: DeskProcess
) -> None:
    page, api = clients.page_id, clients.statuspage
    part = component(clients, "Fraud scoring")
    incident = {
        "name": "Fraud scores are unreliable",
        "status": "investigating",
        "body": "We see wrong scores since 09:12 UTC and are looking into it. Next update at 09:45 UTC.",
        "component_ids": [part["id"]],
        "components": {part["id"]: "partial_outage"},
    }
    made = api.page_create_incident(page, incident)
    assert made["impact"] == "major"
    assert [item["id"] for item in public(desk, "incidents/unresolved.json")["incidents"]] == [made["id"]]
    assert public(desk, "status.json")["status"]["indicator"] == "major"
    change = {
        "status": "resolved",
        "body": "Scores are right again.",
        "components": {part["id"]: "operational"},
    }
    done = api.page_update_incident(page, made["id"], change)
    assert [update["status"] for update in done["incident_updates"]] == ["resolved", "investigating"]
    affected = done["incident_updates"][0]["affected_components"][0]
    assert (affected["old_status"], affected["new_status"]) == ("partial_outage", "operational")
    assert public(desk, "status.json")["status"]["indicator"] == "none"
    assert public(desk, "incidents/unresolved.json")["incidents"] == []
    headers = {"Authorization": f"OAuth {desk.announcement['statuspage']['key']}"}
    path = f"{desk.announcement['urls']['statuspage']}/v1/pages/{page}/incidents/{made['id']}/postmortem"
    draft = {"postmortem": {"body_draft": "A feedback loop fed labels back."}}
    assert requests.put(path, json=draft, headers=headers, timeout=5).json()["body"] is None
    assert (
        requests.put(f"{path}/publish", headers=headers, timeout=5).json()["body"]
        == draft["postmortem"]["body_draft"]
    )
    assert api.page_get_incident(page, made["id"])["postmortem_body"] == draft["postmortem"]["body_draft"]


def test_components_can_be_changed_alone(clients: DeskClients, desk: DeskProcess) -> None:
    part = component(clients, "Assistant")
    clients.statuspage.page_update_component(clients.page_id, part["id"], {"status": "degraded_performance"})
    states = {item["name"]: item["status"] for item in public(desk, "components.json")["components"]}
    assert states["Assistant"] == "degraded_performance"
    assert public(desk, "summary.json")["status"]["indicator"] == "minor"
    clients.statuspage.page_update_component(clients.page_id, part["id"], {"status": "operational"})


def test_a_maintenance_is_not_an_incident(clients: DeskClients, desk: DeskProcess) -> None:
    plan = {
        "name": "New feature store",
        "status": "scheduled",
        "scheduled_for": "2030-01-01T10:00:00Z",
        "scheduled_until": "2030-01-01T11:00:00Z",
    }
    made = clients.statuspage.page_create_incident(clients.page_id, plan)
    assert made["impact"] == "maintenance"
    summary = public(desk, "summary.json")
    assert made["id"] in [item["id"] for item in summary["scheduled_maintenances"]]
    assert made["id"] not in [item["id"] for item in summary["incidents"]]
    clients.statuspage.page_delete_incident(clients.page_id, made["id"])


def test_a_wrong_key_is_refused(desk: DeskProcess) -> None:
    path = f"{desk.announcement['urls']['statuspage']}/v1/pages"
    reply = requests.get(path, headers={"Authorization": "OAuth nonsense"}, timeout=5)
    assert (reply.status_code, reply.json()) == (401, {"error": "Could not authenticate"})


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "x" * 256},
        {"status": "broken"},
        {"body": "x" * 25_001},
        {"component_ids": ["nothing"]},
    ],
    ids=str,
)
def test_wrong_fields_are_422(desk: DeskProcess, clients: DeskClients, change: dict[str, Any]) -> None:
    path = f"{desk.announcement['urls']['statuspage']}/v1/pages/{clients.page_id}/incidents"
    headers = {"Authorization": f"OAuth {desk.announcement['statuspage']['key']}"}
    body = {"incident": {"name": "Right"} | change}
    assert requests.post(path, json=body, headers=headers, timeout=5).status_code == 422


def test_forms_and_the_json_suffix_work_too(desk: DeskProcess, clients: DeskClients) -> None:
    part = component(clients, "Data intake")
    path = f"{desk.announcement['urls']['statuspage']}/v1/pages/{clients.page_id}/incidents.json"
    headers = {"Authorization": f"OAuth {desk.announcement['statuspage']['key']}"}
    form = {
        "incident[name]": "Late labels",
        "incident[component_ids][]": part["id"],
        f"incident[components][{part['id']}]": "degraded_performance",
    }
    reply = requests.post(path, data=form, headers=headers, timeout=5)
    assert reply.status_code == 201
    assert reply.json()["components"][0]["status"] == "degraded_performance"
