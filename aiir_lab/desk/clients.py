"""Ready clients of the vendors' own making, for the desk or, after a confirmation, for the real services."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from aiir_lab.desk.connect import jira_client, opsgenie_client, pagerduty_clients, statuspage_client
from aiir_lab.desk.control import DeskControl
from aiir_lab.desk.keys import default_announce_path, read_announcement
from aiir_lab.records.errors import AiirError

if TYPE_CHECKING:
    from aiir_lab.desk.server import DeskProcess

Confirm = Callable[[str], bool]

# vendor: (variable that names the address, variables that hold the rest)
REAL_SERVICES: dict[str, tuple[str, dict[str, str]]] = {
    "pagerduty": ("AIIR_PAGERDUTY_URL", {"token": "AIIR_PAGERDUTY_TOKEN", "from": "AIIR_PAGERDUTY_FROM"}),
    "pagerduty_events": ("AIIR_PAGERDUTY_EVENTS_URL", {"routing_key": "AIIR_PAGERDUTY_ROUTING_KEY"}),
    "opsgenie": ("AIIR_OPSGENIE_URL", {"key": "AIIR_OPSGENIE_KEY"}),
    "jsm": ("AIIR_JSM_URL", {"key": "AIIR_JSM_KEY"}),
    "statuspage": (
        "AIIR_STATUSPAGE_URL",
        {"key": "AIIR_STATUSPAGE_KEY", "page_id": "AIIR_STATUSPAGE_PAGE_ID"},
    ),
    "jira": (
        "AIIR_JIRA_URL",
        {"email": "AIIR_JIRA_EMAIL", "token": "AIIR_JIRA_TOKEN", "project": "AIIR_JIRA_PROJECT"},
    ),
}
"""The environment variables that lead away from the desk; all of a service's must be set."""

_WHAT_IS_SENT = {
    "pagerduty": "incidents that page real people, their acknowledgements, notes and resolutions",
    "pagerduty_events": "events that page real people, their acknowledgements and resolutions",
    "opsgenie": "alerts that page real people, their acknowledgements, notes and closings",
    "jsm": "alerts that page real people, their acknowledgements, notes and closings",
    "statuspage": "incidents and updates that your real status page shows to the public",
    "jira": "issues, comments and transitions that your real project shows to its members",
}


@dataclass(frozen=True)
class Place:
    """Where a vendor's calls go, and with which keys."""

    vendor: str
    url: str
    keys: dict[str, str]
    is_real: bool


class DeskClients:
    """The vendors' own client libraries, each made when first used.

    Parameters
    ----------
    announcement : dict or None
        What the desk announced; None where every service used is a real one.
    confirm : callable or bool or None
        Asked once per real service with a message that says what would be sent where.

    Attributes
    ----------
    pagerduty : pagerduty.RestApiV2Client
    pagerduty_events : pagerduty.EventsApiV2Client
    opsgenie, jsm : opsgenie_sdk.AlertApi
    statuspage : atlassian.statuspage.StatusPage
    jira : jira.JIRA
    desk : DeskControl
        The desk's clock and faults.
    """

    def __init__(self, announcement: dict[str, Any] | None, *, confirm: Confirm | bool | None = None) -> None:
        self.announcement = announcement
        self._confirm = confirm
        self._confirmed: set[str] = set()
        self._closers: list[Callable[[], Any]] = []

    def close(self) -> None:
        """Close every connection that is open; a client that is used afterwards is made anew."""
        for close in self._closers:
            close()
        self._closers.clear()
        for name in ("pagerduty", "pagerduty_events", "opsgenie", "jsm", "statuspage", "jira"):
            self.__dict__.pop(name, None)

    def __enter__(self) -> DeskClients:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _kept(self, client: Any, close: Callable[[], Any]) -> Any:
        self._closers.append(close)
        return client

    def place(self, vendor: str) -> Place:
        """Where this vendor's calls go; a real service only after it was confirmed.

        Parameters
        ----------
        vendor : {"pagerduty", "pagerduty_events", "opsgenie", "jsm", "statuspage", "jira"}

        Raises
        ------
        AiirError
            If a real service was not confirmed, is only half configured, or no desk runs.
        """
        variable, rest = REAL_SERVICES[vendor]
        url = os.environ.get(variable, "").rstrip("/")
        if url:
            keys = {name: os.environ.get(source, "") for name, source in rest.items()}
            missing = [rest[name] for name, value in keys.items() if not value]
            if missing:
                raise AiirError(
                    f"{variable} leads to {url}, but {', '.join(missing)} is not set. Set it as well, "
                    f"or unset {variable} to work on the desk."
                )
            return self._confirmed_place(Place(vendor, url, keys, is_real=True))
        if self.announcement is None:
            raise AiirError(
                f"No desk runs for {vendor}. Start one: `aiir desk` in a terminal, or `aiir lab`."
            )
        group = {"pagerduty_events": "pagerduty", "jsm": "opsgenie"}.get(vendor, vendor)
        return Place(vendor, self.announcement["urls"][vendor], dict(self.announcement[group]), is_real=False)

    def _confirmed_place(self, place: Place) -> Place:
        if place.url in self._confirmed:
            return place
        message = (
            f"This goes to a real service, not to the desk: {place.vendor} at {place.url}. "
            f"Sent there: {_WHAT_IS_SENT[place.vendor]}."
        )
        if not place.url.startswith("https://"):
            raise AiirError(
                f"{message} The address is not https, so its key would travel in the open. Use https."
            )
        if self._confirm is None:
            raise AiirError(
                f"{message} Nothing was sent. To go on, call desk_clients(confirm=True), or pass a "
                "function that is asked with this message. "
                f"To stay on the desk, unset {REAL_SERVICES[place.vendor][0]}."
            )
        is_agreed = self._confirm if isinstance(self._confirm, bool) else self._confirm(message)
        if is_agreed is not True:
            raise AiirError(f"{message} It was not confirmed, so nothing was sent.")
        self._confirmed.add(place.url)
        return place

    @cached_property
    def pagerduty(self) -> Any:
        """PagerDuty's REST client."""
        place = self.place("pagerduty")
        client = pagerduty_clients().RestApiV2Client(
            place.keys["token"], default_from=place.keys["from"], base_url=place.url
        )
        return self._kept(client, client.close)

    @cached_property
    def pagerduty_events(self) -> Any:
        """PagerDuty's events client for the first routing key."""
        return self.events_for(self.place("pagerduty_events").keys["routing_key"])

    def events_for(self, routing_key: str) -> Any:
        """PagerDuty's events client for another routing key."""
        place = self.place("pagerduty_events")
        client = pagerduty_clients().EventsApiV2Client(routing_key, base_url=place.url)
        return self._kept(client, client.close)

    @cached_property
    def opsgenie(self) -> Any:
        """Opsgenie's alert client (its API ends on 5 April 2027; :attr:`jsm` is what follows)."""
        return self._alerts(self.place("opsgenie"))

    @cached_property
    def jsm(self) -> Any:
        """The same client on Jira Service Management's integration-events path."""
        return self._alerts(self.place("jsm"))

    def _alerts(self, place: Place) -> Any:
        client = opsgenie_client(place.url, place.keys["key"])
        return self._kept(client, client.api_client.rest_client.pool_manager.clear)

    @cached_property
    def statuspage(self) -> Any:
        """Statuspage's client; the page's id is :attr:`page_id`."""
        place = self.place("statuspage")
        client = statuspage_client(place.url, place.keys["key"])
        return self._kept(client, client.close)

    @property
    def page_id(self) -> str:
        """The status page."""
        return self.place("statuspage").keys["page_id"]

    @cached_property
    def jira(self) -> Any:
        """Jira's client (REST version 2, its default)."""
        return self.jira_client()

    @property
    def project(self) -> str:
        """The key of the Jira project that holds action items."""
        return self.place("jira").keys["project"]

    def jira_client(self, *, version: str = "2") -> Any:
        """Jira's client for REST version "2" (plain text) or "3" (ADF)."""
        place = self.place("jira")
        client = jira_client(place.url, place.keys["email"], place.keys["token"], version=version)
        return self._kept(client, client.close)

    @cached_property
    def desk(self) -> DeskControl:
        """The desk's own controls: its clock and its faults."""
        if self.announcement is None or "desk" not in self.announcement:
            raise AiirError("No desk runs, so there is no desk clock. Start one: `aiir desk` in a terminal.")
        return DeskControl(self.announcement["urls"]["board"], self.announcement["desk"]["key"])


def desk_clients(announce: str | Path | None = None, *, confirm: Confirm | bool | None = None) -> DeskClients:
    """Ready clients for the desk that runs on this machine.

    Where none runs and none was named, a desk of this Python process's own is started. It keeps nothing and
    ends with the process; later calls find it again.

    Parameters
    ----------
    announce : path, optional
        The desk's announce file; by default the one that ``AIIR_DESK`` names, else the user's own.
    confirm : callable or bool, optional
        Answer to the question before a real service is used (see :data:`REAL_SERVICES`): True, or a function
        that is given the message and returns True.

    Returns
    -------
    DeskClients

    Raises
    ------
    AiirError
        If the desk that was named, here or by ``AIIR_DESK``, does not answer.

    Examples
    --------
    >>> clients = desk_clients()  # doctest: +SKIP
    >>> clients.pagerduty_events.trigger("Drift in fraud scores", "monitor")  # doctest: +SKIP
    """
    path = Path(announce).expanduser() if announce else default_announce_path()
    _keep_loopback_off_the_proxy()
    if not path.exists() and any(os.environ.get(variable) for variable, _ in REAL_SERVICES.values()):
        return DeskClients(None, confirm=confirm)
    try:
        clients = DeskClients(read_announcement(path), confirm=confirm)
        clients.desk.check()
    except AiirError:
        if announce or os.environ.get("AIIR_DESK"):
            raise  # whoever named a desk means that one
        clients = DeskClients(_own_desk().announcement, confirm=confirm)
        clients.desk.check()
    return clients


@cache
def _own_desk() -> DeskProcess:
    from aiir_lab.desk.server import DeskProcess

    folder = Path(tempfile.mkdtemp(prefix="aiir-desk-"))
    desk = DeskProcess(announce=folder / "desk.json").start()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(desk.stop)
    return desk


def _keep_loopback_off_the_proxy() -> None:
    # three of the four libraries send even 127.0.0.1 through a proxy that the environment names
    for name in ("NO_PROXY", "no_proxy"):
        hosts = [host for host in os.environ.get(name, "").split(",") if host.strip()]
        missing = [host for host in ("127.0.0.1", "localhost") if host not in hosts]
        if missing:
            os.environ[name] = ",".join([*hosts, *missing])
