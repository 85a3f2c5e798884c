"""The public status JSON: what anybody may read without a key."""

from __future__ import annotations

from typing import Any

from aiir_lab.desk.model import Component, StatusIncident
from aiir_lab.desk.statuspage import render
from aiir_lab.desk.statuspage.manners import PageManners
from aiir_lab.desk.wire import Call, Reply, Routes

ROUTES = Routes()


class PublicManners(PageManners):
    """No key, and nothing but reading."""

    def authorize(self, call: Call) -> None:
        """Everybody may read."""


def _content(call: Call, *names: str) -> Reply:
    desk, url = call.desk, call.base_url
    incidents = desk.store.find(StatusIncident, newest_first=True)
    parts: dict[str, Any] = {
        "page": lambda: render.page(desk, url),
        "status": lambda: render.overall(desk),
        "components": lambda: [
            {
                name: value
                for name, value in render.component(desk, item).items()
                if name != "automation_email"
            }
            for item in desk.store.find(Component)
        ],
        "incidents": lambda: [render.incident(desk, item, url) for item in incidents if not item.scheduled],
        "unresolved": lambda: [
            render.incident(desk, item, url) for item in incidents if render.is_unresolved(item)
        ],
        "scheduled_maintenances": lambda: [
            render.incident(desk, item, url) for item in incidents if render.is_pending_maintenance(item)
        ],
    }
    return Reply(200, {"incidents" if name == "unresolved" else name: parts[name]() for name in names})


@ROUTES.add("GET", "/api/v2/summary.json")
def summary(call: Call) -> Reply:
    """Everything that is going on."""
    return _content(call, "page", "status", "components", "unresolved", "scheduled_maintenances")


@ROUTES.add("GET", "/api/v2/status.json")
def status(call: Call) -> Reply:
    """The roll-up."""
    return _content(call, "page", "status")


@ROUTES.add("GET", "/api/v2/components.json")
def components(call: Call) -> Reply:
    """The components."""
    return _content(call, "page", "components")


@ROUTES.add("GET", "/api/v2/incidents.json")
def incidents(call: Call) -> Reply:
    """The last 50 incidents, resolved ones too."""
    reply = _content(call, "page", "incidents")
    reply.body["incidents"] = reply.body["incidents"][:50]
    return reply


@ROUTES.add("GET", "/api/v2/incidents/unresolved.json")
def unresolved(call: Call) -> Reply:
    """Incidents that are not resolved."""
    return _content(call, "page", "unresolved")


@ROUTES.add("GET", "/api/v2/scheduled-maintenances.json")
def maintenances(call: Call) -> Reply:
    """Maintenances that are not completed."""
    return _content(call, "page", "scheduled_maintenances")
