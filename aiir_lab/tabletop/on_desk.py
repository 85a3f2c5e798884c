"""An exercise on the ops desk: its pages, status updates and clock as the vendors' tools show them.

The session stays the one record of what was done. The mirror follows it: each action that the log has taken
is repeated with the vendors' own clients. When the desk fails, the exercise goes on, and the mirror says what
is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from aiir_lab.desk.plan import person_id, policy_id, title_of
from aiir_lab.records.actions import ActionItem
from aiir_lab.records.errors import AiirError

if TYPE_CHECKING:
    from aiir_lab.desk import DeskClients
    from aiir_lab.records.exercise import AfterAction
    from aiir_lab.tabletop.session import Session

COMPONENTS = {
    "fraud_poisoning": "Fraud scoring",
    "credit_bias": "Predictions API",
    "demand_drift": "Recommendations",
    "assistant_injection": "Assistant",
    "moderation_failure": "Assistant",
}
"""World -> the component of the status page that its customers see."""


class DeskMirror:
    """What a session has on the desk. Made by :func:`play_on_desk`.

    Attributes
    ----------
    page_key : str
        De-duplication key of the page in PagerDuty.
    page_id : str or None
        The incident in PagerDuty.
    status_id : str or None
        The incident on the status page; None before the first update.
    problems : list of str
        What could not be shown on the desk, and why.
    """

    def __init__(self, session: Session, clients: DeskClients) -> None:
        self.session, self.clients = session, clients
        started = session.clock.started_utc
        self.page_key = f"{session.name}-{session.seed}-{session.difficulty}-{started:%Y%m%d%H%M}"
        self.label = f"exercise-{session.name}-{session.seed}".replace("_", "-")
        self.page_id: str | None = None
        self.status_id: str | None = None
        self.problems: list[str] = []
        self._is_acknowledged = False

    def open_page(self) -> None:
        """Put the desk's clock to the exercise and page about the first alert; earlier actions follow."""
        self.clients.desk.run_clock(rate=0)
        self.clients.desk.set_clock(self.session.clock.started_utc)
        alert = next((letter for letter in self.session.inbox if letter.is_alert), None)
        text = alert.text if alert else self.session.title
        self.clients.pagerduty_events.trigger(
            " ".join(text.split())[:1024],
            alert.sender if alert else self.session.company,
            severity="error",
            dedup_key=self.page_key,
        )
        found = self.clients.pagerduty.list_all("incidents", params={"incident_key": self.page_key})
        self.page_id = max(found, key=lambda incident: incident["incident_number"])["id"]
        for entry in self.session.entries[1:]:
            self.follow(entry.action, entry.data, entry.then["utc"])
        self.clients.desk.set_clock(self.session.clock.now_utc)

    def follow(self, action: str, data: Mapping[str, Any], at_utc: str) -> None:
        """Repeat one action of the session on the desk."""
        from datetime import datetime

        try:
            self.clients.desk.set_clock(datetime.fromisoformat(at_utc))
            step = _STEPS.get(action)
            if step is not None:
                step(self, data)
        except Exception as error:  # the exercise must go on whatever a vendor's client raises
            self.problems.append(f"{action} is not on the desk: {str(error).splitlines()[0]}")

    def file_improvement_plan(self, report: AfterAction) -> list[ActionItem]:
        """File the improvement plan of an after-action report in Jira; returns the actions with tickets."""
        from aiir_lab.desk.tracking import file_actions

        severity = report.severity.value if report.severity else None
        return file_actions(self.clients, report.improvement_plan, label=self.label, severity=severity)

    def _acknowledge(self, data: Mapping[str, Any]) -> None:
        self.clients.pagerduty_events.acknowledge(self.page_key)
        self._is_acknowledged = True

    def _declare(self, data: Mapping[str, Any]) -> None:
        policy = {"id": policy_id(data["severity"]), "type": "escalation_policy_reference"}
        self._change_page({"escalation_policy": policy})
        self._note(f"{data['severity']}. {data.get('rationale', '')}".strip())

    def _escalate(self, data: Mapping[str, Any]) -> None:
        person = {"assignee": {"id": person_id(data["role"]), "type": "user_reference"}}
        self._change_page({"assignments": [person]})
        self._note(f"{title_of(data['role'])} was told. {data.get('text', '')}".strip())

    def _decide(self, data: Mapping[str, Any]) -> None:
        self._note(f"Decided: {data['name']}. {data.get('rationale', '')}".strip())

    def _post_update(self, data: Mapping[str, Any]) -> None:
        api, page = self.clients.statuspage, self.clients.page_id
        part = self._component()
        state = "operational" if data["stage"] == "resolved" else "degraded_performance"
        content = {
            "status": data["stage"],
            "body": data["text"],
            "component_ids": [part],
            "components": {part: state},
        }
        if self.status_id is None:
            name = f"{COMPONENTS.get(self.session.name, 'Predictions API')}: customers may notice a problem"
            self.status_id = api.page_create_incident(page, {"name": name, **content})["id"]
        else:
            api.page_update_incident(page, self.status_id, content)

    def _finish(self, data: Mapping[str, Any]) -> None:
        self.clients.pagerduty_events.resolve(self.page_key)

    def _component(self) -> str:
        wanted = COMPONENTS.get(self.session.name, "Predictions API")
        parts = self.clients.statuspage.page_get_components(self.clients.page_id)
        return str(next((part["id"] for part in parts if part["name"] == wanted), parts[0]["id"]))

    def _change_page(self, change: dict[str, Any]) -> None:
        body = {"incident": {"type": "incident_reference", **change}}
        self.clients.pagerduty.rput(f"incidents/{self.page_id}", json=body)
        if self._is_acknowledged:  # PagerDuty pages anew whoever an incident is handed to
            self.clients.pagerduty_events.acknowledge(self.page_key)

    def _note(self, text: str) -> None:
        self.clients.pagerduty.rpost(f"incidents/{self.page_id}/notes", json={"note": {"content": text}})


_STEPS: dict[str, Callable[[DeskMirror, Mapping[str, Any]], None]] = {
    "acknowledge": DeskMirror._acknowledge,
    "declare_severity": DeskMirror._declare,
    "escalate": DeskMirror._escalate,
    "decide": DeskMirror._decide,
    "post_update": DeskMirror._post_update,
    "finish": DeskMirror._finish,
    "hot_wash": DeskMirror._finish,
}


def play_on_desk(session: Session, clients: DeskClients | None = None) -> DeskMirror:
    """Let the ops desk follow a session: PagerDuty, the status page, and the desk's clock.

    Unacknowledged, the page climbs on the desk as the exercise clock moves on. Updates appear on the status
    page, told roles as assignees, decisions as notes. What was done before this call is repeated first.

    Parameters
    ----------
    session : Session
        From :func:`~aiir_lab.tabletop.session.start_exercise`.
    clients : DeskClients, optional
        By default those of the desk that runs on this machine, or of one of this process's own.

    Returns
    -------
    DeskMirror

    Raises
    ------
    AiirError
        The clients lead to a real service: an exercise pages nobody outside.

    Examples
    --------
    >>> session = start_exercise("fraud_poisoning", seed=7)  # doctest: +SKIP
    >>> mirror = play_on_desk(session)  # doctest: +SKIP
    """
    from aiir_lab.desk.clients import desk_clients

    clients = clients or desk_clients()
    for vendor in ("pagerduty", "pagerduty_events", "statuspage"):
        place = clients.place(vendor)
        if place.is_real:
            raise AiirError(
                f"{vendor} leads to {place.url}, and an exercise pages nobody outside. Unset the variables "
                "that lead there (AIIR_PAGERDUTY_URL, AIIR_STATUSPAGE_URL ...) and call again."
            )
    mirror = DeskMirror(session, clients)
    mirror.open_page()
    session.listen(mirror.follow)
    return mirror
