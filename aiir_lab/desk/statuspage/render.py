"""The desk's items as Statuspage writes them, for operators and for the public."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from aiir_lab.desk.desk import Desk
from aiir_lab.desk.model import Component, StatusIncident, StatusUpdate, Subscriber
from aiir_lab.desk.plan import PAGE_NAME

INCIDENT_STATUSES = ("investigating", "identified", "monitoring", "resolved")
MAINTENANCE_STATUSES = ("scheduled", "in_progress", "verifying", "completed")
COMPONENT_STATUSES = (
    "operational",
    "under_maintenance",
    "degraded_performance",
    "partial_outage",
    "major_outage",
)
_IMPACT_RANK = {"none": 0, "maintenance": 0, "minor": 1, "major": 2, "critical": 3}
_DESCRIPTIONS = {
    "none": "All Systems Operational",
    "maintenance": "Service Under Maintenance",
    "minor": "Minor Service Outage",
    "major": "Partial System Outage",
    "critical": "Major Service Outage",
}
_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


def stamp(moment: datetime | None) -> str | None:
    """A time as Statuspage writes it, to the millisecond."""
    return (
        moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment else None
    )


def page(desk: Desk, url: str) -> dict[str, Any]:
    """The page as the public JSON names it."""
    moments = [item.updated_utc for item in desk.store.find(StatusIncident)]
    moments += [item.updated_utc for item in desk.store.find(Component)]
    return {
        "id": desk.keys.page_id,
        "name": PAGE_NAME,
        "url": url,
        "time_zone": "Etc/UTC",
        "updated_at": stamp(max(moments, default=_BEGINNING)),
    }


def page_in_full(desk: Desk, url: str) -> dict[str, Any]:
    """The page as its operators see it."""
    return page(desk, url) | {
        "created_at": stamp(_BEGINNING),
        "page_description": "How the AI services of an invented company are doing",
        "headline": PAGE_NAME,
        "branding": "basic",
        "subdomain": "lantern",
        "domain": None,
        "support_url": None,
        "hidden_from_search": True,
        "allow_page_subscribers": True,
        "allow_incident_subscribers": True,
        "allow_email_subscribers": True,
        "allow_sms_subscribers": False,
        "allow_rss_atom_feeds": False,
        "allow_webhook_subscribers": True,
        "notifications_from_email": None,
        "notifications_email_footer": "",
        "activity_score": len(desk.store.find(StatusIncident)),
        "twitter_username": None,
        "viewers_must_be_team_members": False,
        "ip_restrictions": None,
        "city": None,
        "state": None,
        "country": None,
    }


def component(desk: Desk, found: Component) -> dict[str, Any]:
    """A component in full."""
    return {
        "id": found.id,
        "page_id": desk.keys.page_id,
        "group_id": found.group_id,
        "created_at": stamp(found.created_utc),
        "updated_at": stamp(found.updated_utc),
        "group": False,
        "name": found.name,
        "description": found.description,
        "position": found.position,
        "status": found.status,
        "showcase": found.showcase,
        "only_show_if_degraded": found.only_show_if_degraded,
        "automation_email": None,
        "start_date": found.start_date,
    }


def update(found: StatusUpdate) -> dict[str, Any]:
    """One update of an incident."""
    return {
        "id": found.id,
        "incident_id": found.incident_id,
        "status": found.status,
        "body": found.body,
        "affected_components": found.affected,
        "created_at": stamp(found.created_utc),
        "updated_at": stamp(found.updated_utc),
        "display_at": stamp(found.display_utc),
        "deliver_notifications": found.deliver_notifications,
        "wants_twitter_update": found.wants_twitter_update,
        "custom_tweet": None,
        "tweet_id": None,
        "twitter_updated_at": None,
    }


def updates_of(desk: Desk, found: StatusIncident) -> list[StatusUpdate]:
    """The updates of an incident, newest first."""
    return desk.store.find(StatusUpdate, parent=found.id, newest_first=True)


def incident(desk: Desk, found: StatusIncident, url: str) -> dict[str, Any]:
    """An incident or a maintenance in full, updates newest first."""
    parts = [desk.store.get(Component, item) for item in found.component_ids]
    postmortem, options = found.postmortem, found.options
    body: dict[str, Any] = {
        "id": found.id,
        "components": [component(desk, item) for item in parts if item],
        "created_at": stamp(found.created_utc),
        "impact": found.impact,
        "impact_override": found.impact_override,
        "incident_updates": [update(item) for item in updates_of(desk, found)],
        "metadata": found.metadata,
        "monitoring_at": stamp(found.monitoring_utc),
        "name": found.name,
        "page_id": desk.keys.page_id,
        "postmortem_body": postmortem.get("body"),
        "postmortem_body_last_updated_at": postmortem.get("body_updated_at"),
        "postmortem_ignored": False,
        "postmortem_notified_subscribers": postmortem.get("notify_subscribers", False),
        "postmortem_notified_twitter": postmortem.get("notify_twitter", False),
        "postmortem_published_at": postmortem.get("published_at"),
        "resolved_at": stamp(found.resolved_utc),
        "shortlink": f"{url}/incidents/{found.id}",
        "started_at": stamp(found.started_utc),
        "status": found.status,
        "updated_at": stamp(found.updated_utc),
        "reminder_intervals": options.get("reminder_intervals"),
        "scheduled_for": options.get("scheduled_for"),
        "scheduled_until": options.get("scheduled_until"),
    }
    flags = (
        "scheduled_auto_completed scheduled_auto_in_progress scheduled_remind_prior "
        "auto_transition_deliver_notifications_at_end auto_transition_deliver_notifications_at_start "
        "auto_transition_to_maintenance_state auto_transition_to_operational_state"
    )
    return body | {name: options.get(name, False) for name in flags.split()}


def overall(desk: Desk) -> dict[str, str]:
    """The page's roll-up: by component states, raised by the impact of unresolved incidents.

    Statuspage does not publish its exact rule; this one takes the worst of both.
    """
    states = [item.status for item in desk.store.find(Component)]
    worst = "none"
    if states and states.count("major_outage") * 2 >= len(states):
        worst = "critical"
    elif "major_outage" in states or "partial_outage" in states:
        worst = "major"
    elif "degraded_performance" in states:
        worst = "minor"
    open_impacts = [item.impact for item in desk.store.find(StatusIncident) if is_unresolved(item)]
    indicator = max([worst, *open_impacts], key=lambda name: _IMPACT_RANK[name])
    if indicator == "none" and "under_maintenance" in states:
        indicator = "maintenance"
    return {"indicator": indicator, "description": _DESCRIPTIONS[indicator]}


def is_unresolved(found: StatusIncident) -> bool:
    """An incident (no maintenance) that is not resolved."""
    return not found.scheduled and found.status != "resolved"


def is_pending_maintenance(found: StatusIncident) -> bool:
    """A maintenance that is not completed."""
    return found.scheduled and found.status != "completed"


def subscriber(found: Subscriber) -> dict[str, Any]:
    """A subscriber; nothing is ever sent."""
    body = {
        "id": found.id,
        "skip_confirmation_notification": True,
        "mode": found.mode,
        "created_at": stamp(found.created_utc),
        "workspace_name": "",
        "quarantined_at": None,
        "purge_at": None,
        "components": found.component_ids,
        "page_access_user_id": None,
    }
    place = {"email": "email", "webhook": "endpoint", "sms": "phone_number"}[found.mode]
    return body | {place: found.address}
