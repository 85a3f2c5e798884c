"""What each page shows, as plain data for its template."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

from aiir_lab.desk.desk import Desk
from aiir_lab.desk.fields import parse_moment
from aiir_lab.desk.jira import adf, catalogue
from aiir_lab.desk.model import Alert, Change, Comment, Component, Issue, Person, Service, StatusIncident
from aiir_lab.desk.plan import PAGE_NAME, SEVERITIES, title_of
from aiir_lab.desk.statuspage import render

_RECENT = 12
_VENDORS = {"pagerduty": "PagerDuty", "opsgenie": "Opsgenie / JSM"}


def hour(moment: datetime | None) -> str:
    """``09:12 UTC``."""
    return f"{moment.astimezone(UTC):%H:%M} UTC" if moment else ""


def day(moment: datetime | None) -> str:
    """``2 March 2026``."""
    return f"{moment.astimezone(UTC).day} {moment:%B %Y}" if moment else ""


def plain(name: str) -> str:
    """``degraded_performance`` as people write it."""
    return name.replace("_", " ").capitalize()


def board(desk: Desk) -> dict[str, Any]:
    """All pages by state, and the latest changes to the systems."""
    alerts = desk.store.find(Alert, newest_first=True)
    alerts.sort(key=lambda alert: alert.severity if alert.is_open else "")
    columns = [
        (name, [_card(desk, alert) for alert in alerts if alert.status == name][:limit])
        for name, limit in (("triggered", 200), ("acknowledged", 200), ("resolved", _RECENT))
    ]
    changes = [
        {"at": change.created_utc, "summary": change.summary, "source": change.source}
        for change in desk.store.find(Change, newest_first=True)[:_RECENT]
    ]
    return {"columns": columns, "changes": changes, "open_count": sum(alert.is_open for alert in alerts)}


def oncall(desk: Desk) -> dict[str, Any]:
    """Every open page on its way up, and the matrix behind it."""
    alerts = desk.store.find(Alert, is_open=True, newest_first=True)
    alerts.sort(key=lambda alert: alert.severity)
    rows = [
        {
            "severity": severity,
            "steps": [
                {
                    "level": step.level,
                    "role": title_of(step.role),
                    "within_min": step.within_min,
                    "fallback": title_of(step.fallback),
                    "leads": step.leads,
                    "may_switch_off": step.may_switch_off_model,
                }
                for step in desk.plan.for_severity(severity)
            ],
            "due_days": desk.plan.due_days.get(severity),
        }
        for severity in SEVERITIES
    ]
    return {
        "pages": [_ladder(desk, alert) for alert in alerts],
        "matrix": rows,
        "matrix_title": desk.plan.title,
    }


def actions(desk: Desk) -> dict[str, Any]:
    """Action items by status, the next due first."""
    today = desk.clock.now().astimezone(UTC).date()
    issues = desk.store.find(Issue)
    issues.sort(key=lambda issue: (issue.due_date or "9999", issue.number))
    columns = [
        (name, [_item(desk, issue, today) for issue in issues if issue.status_id == status_id])
        for status_id, name in catalogue.STATUSES.items()
    ]
    overdue = sum(card["is_overdue"] for _, cards in columns for card in cards)
    return {"columns": columns, "overdue": overdue, "count": len(issues)}


def status(desk: Desk) -> dict[str, Any]:
    """What the public sees: roll-up, components, what is going on, what was."""
    incidents = desk.store.find(StatusIncident, newest_first=True)
    shown = [_told(desk, item) for item in incidents if not render.is_unresolved(item)]
    past = [item for item in shown if item["status"] in ("resolved", "completed")][:50]
    return {
        "page_name": PAGE_NAME,
        "overall": render.overall(desk),
        "components": [item for item in desk.store.find(Component) if _is_shown(item)],
        "active": [_told(desk, item) for item in incidents if render.is_unresolved(item)],
        "maintenances": [item for item in shown if item["status"] not in ("resolved", "completed")],
        "past": [(name, list(group)) for name, group in groupby(past, key=lambda item: day(item["created"]))],
    }


def status_incident(desk: Desk, incident_id: str) -> dict[str, Any] | None:
    """One status incident with all its updates and its post-mortem."""
    found = desk.store.get(StatusIncident, incident_id)
    if found is None:
        return None
    return {"page_name": PAGE_NAME, "incident": _told(desk, found)}


def _card(desk: Desk, alert: Alert) -> dict[str, Any]:
    service = desk.store.get(Service, alert.service_id)
    entries = sorted(desk.paging.entries(alert), key=lambda entry: entry.created_utc)
    return {
        "id": alert.id,
        "number": alert.number,
        "title": alert.title,
        "severity": alert.severity,
        "status": alert.status,
        "vendor": _VENDORS[alert.vendor],
        "service": service.name if service else "",
        "count": alert.count,
        "created": alert.created_utc,
        "acknowledged": alert.acknowledged_utc,
        "acknowledged_by": _name(desk, alert.acknowledged_by),
        "resolved": alert.resolved_utc,
        "next_level": alert.next_level_utc,
        "level": alert.level,
        "assigned": [_name(desk, person) for person in alert.assigned],
        "log": [
            {
                "at": entry.created_utc,
                "text": entry.text,
                "who": _name(desk, entry.actor),
                "action": entry.action,
            }
            for entry in entries[-20:]
        ],
    }


def _ladder(desk: Desk, alert: Alert) -> dict[str, Any]:
    policy = desk.paging.policy_of(alert)
    told = {entry.level: entry.created_utc for entry in desk.paging.entries(alert, action="notify")}
    levels = []
    for number, rule in enumerate(policy.rules, start=1):
        is_told, is_next = number <= alert.level, number == alert.level + 1
        state = "told" if is_told else "waiting"
        if number == alert.level and alert.status == "acknowledged":
            state = "answered"
        elif is_next and alert.next_level_utc:
            state = "next"
        elif not is_told and alert.status != "triggered":
            state = "spared"
        names = [_name(desk, person) for person in rule.targets]
        label = ", ".join(str(level) for level in rule.levels or [number])
        levels.append({"label": label, "names": names, "after_min": rule.after_min, "state": state})
        levels[-1]["at"] = told.get(number)
    return _card(desk, alert) | {"levels": levels, "policy": policy.name}


def _item(desk: Desk, issue: Issue, today: date) -> dict[str, Any]:
    is_done = issue.status_id == catalogue.DONE
    comments = desk.store.find(Comment, parent=issue.id)
    return {
        "key": issue.issue_key,
        "summary": issue.summary,
        "kind": catalogue.TYPES[issue.type_id],
        "priority": catalogue.PRIORITIES[issue.priority_id],
        "assignee": _name(desk, issue.assignee) or "Nobody yet",
        "due": issue.due_date,
        "is_overdue": bool(issue.due_date and not is_done and issue.due_date < today.isoformat()),
        "labels": issue.labels,
        "comments": len(comments),
        "resolution": issue.resolution,
        "text": adf.to_text(issue.description),
    }


def _told(desk: Desk, found: StatusIncident) -> dict[str, Any]:
    return {
        "id": found.id,
        "name": found.name,
        "status": found.status,
        "impact": found.impact,
        "created": found.created_utc,
        "resolved": found.resolved_utc,
        "scheduled_for": parse_moment(found.options.get("scheduled_for") or ""),
        "scheduled_until": parse_moment(found.options.get("scheduled_until") or ""),
        "updates": [
            {"status": item.status, "body": item.body, "at": item.display_utc, "affected": item.affected}
            for item in render.updates_of(desk, found)
        ],
        "postmortem": found.postmortem.get("body"),
    }


def _is_shown(component: Component) -> bool:
    return component.status != "operational" or not component.only_show_if_degraded


def _name(desk: Desk, person_id: str | None) -> str:
    if not person_id:
        return ""
    person = desk.store.get(Person, person_id) or desk.store.first(Person, key=person_id)
    return person.name if person else person_id
