"""Action items into Jira, and back: on the desk, or on the real service after its confirmation."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from aiir_lab.desk.clients import DeskClients
from aiir_lab.records.actions import ActionItem, ActionStatus
from aiir_lab.records.errors import AiirError

_LONGEST_SUMMARY = 255  # Jira's own limit
_STATUS = {"new": ActionStatus.OPEN, "indeterminate": ActionStatus.OPEN, "done": ActionStatus.DONE}
"""Jira's status category -> where an action stands."""


def file_actions(
    clients: DeskClients, actions: Iterable[ActionItem], *, label: str, severity: str | None = None
) -> list[ActionItem]:
    """Make one Jira issue for each action; one that was filed before is found again, not doubled.

    Parameters
    ----------
    clients : DeskClients
        From :func:`~aiir_lab.desk.clients.desk_clients`.
    actions : iterable of ActionItem
        Summary, description, due date and assignee are taken from them. An owner whom Jira does not know by
        name or e-mail stays in the description, and the issue without assignee.
    label : str
        Names the incident, such as ``"inc-2026-03-02"``; letters, digits, ``.``, ``_`` and ``-``.
    severity : {"SEV1", "SEV2", "SEV3", "SEV4"}, optional
        Becomes a label; on the desk it also sets the due date of an action that has none.

    Returns
    -------
    list of ActionItem
        The same actions with ``ticket`` (such as ``"AIR-7"``) and ``status`` as Jira has them.

    Raises
    ------
    AiirError
        The label has other characters, or an action's due date is no calendar date.

    Examples
    --------
    >>> clients = desk_clients()  # doctest: +SKIP
    >>> actions = [ActionItem(description="Block releases that fail the golden set")]
    >>> file_actions(clients, actions, label="inc-7")[0].ticket  # doctest: +SKIP
    'AIR-1'
    """
    if not re.fullmatch(r"[\w.-]{1,200}", label):
        raise AiirError(f"A Jira label has letters, digits, '.', '_' and '-', got {label!r}.")
    items = list(actions)
    for number, item in enumerate(items, start=1):
        if item.due is not None and not isinstance(item.due, date):
            raise AiirError(
                f"Action {number} is due {item.due!r}, which is no calendar date; nothing was filed. "
                "Write it as 2026-03-31."
            )
    labels = [label, *([severity.lower()] if severity else [])]
    return [_with_ticket(item, _filed(clients, item, labels)) for item in items]


def read_actions(clients: DeskClients, actions: Iterable[ActionItem]) -> list[ActionItem]:
    """The same actions with the status that their tickets have now; without a ticket they stay as is."""
    return [_with_ticket(item, clients.jira.issue(item.ticket)) if item.ticket else item for item in actions]


def _filed(clients: DeskClients, item: ActionItem, labels: list[str]) -> Any:
    mark = f"action-{hashlib.sha256(item.description.encode()).hexdigest()[:12]}"
    query = f'project = {clients.project} AND labels = "{labels[0]}" AND labels = "{mark}"'
    known = clients.jira.search_issues(query, maxResults=1)
    if known:
        return clients.jira.issue(known[0].key)
    fields: dict[str, Any] = {
        "project": clients.project,
        "issuetype": "Task",
        "summary": " ".join(item.description.split())[:_LONGEST_SUMMARY],
        "description": _body(item),
        "labels": [*labels, mark],
    }
    if item.due is not None:
        fields["duedate"] = str(item.due)
    if account := _account_of(clients, item.owner):
        fields["assignee"] = {"accountId": account}
    return clients.jira.create_issue(**fields)


def _account_of(clients: DeskClients, owner: str | None) -> str | None:
    if not owner:
        return None
    found = clients.jira.search_users(query=owner)
    return str(found[0].accountId) if len(found) == 1 else None


def _body(item: ActionItem) -> str:
    parts = [
        item.description,
        f"Owner: {item.owner or 'nobody yet'}",
        f"Done when: {item.success_metric or 'not said yet'}",
    ]
    if item.factor:
        parts.append(f"Answers: {item.factor}")
    return "\n\n".join(parts)


def _with_ticket(item: ActionItem, issue: Any) -> ActionItem:
    category = issue.raw["fields"]["status"]["statusCategory"]["key"]
    return item.model_copy(update={"ticket": issue.key, "status": _STATUS[category]})
