"""The application: every vendor under its own path, the pages beside them, one door before all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route, Router

from aiir_lab.desk import admin, pages
from aiir_lab.desk.clock import Clock
from aiir_lab.desk.desk import Desk
from aiir_lab.desk.faults import Fault
from aiir_lab.desk.guard import Guard
from aiir_lab.desk.jira import directory as jira_directory
from aiir_lab.desk.jira import issues, search, talk
from aiir_lab.desk.jira.manners import IssueManners
from aiir_lab.desk.opsgenie import actions as alert_actions
from aiir_lab.desk.opsgenie import alerts, escalations
from aiir_lab.desk.opsgenie.manners import AlertManners
from aiir_lab.desk.pagerduty import actions as incident_actions
from aiir_lab.desk.pagerduty import directory as pagerduty_directory
from aiir_lab.desk.pagerduty import events
from aiir_lab.desk.pagerduty import incidents as pagerduty_incidents
from aiir_lab.desk.pagerduty.manners import EventsManners, RestManners
from aiir_lab.desk.statuspage import directory as page_directory
from aiir_lab.desk.statuspage import incidents as page_incidents
from aiir_lab.desk.statuspage import public
from aiir_lab.desk.statuspage.manners import PageManners
from aiir_lab.desk.wire import Routes, Vendor

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from aiir_lab.records.escalation import EscalationMatrix

log = logging.getLogger(__name__)

_WATCH_S = 0.25
"""How often (real seconds) the desk looks for pages that must climb though nobody calls."""


def create_app(
    db_path: str | Path = ":memory:",
    *,
    matrix: EscalationMatrix | None = None,
    due_days: dict[str, int] | None = None,
    clock: Clock | None = None,
    faults: list[Fault] | None = None,
    allowed_hosts: tuple[str, ...] = (),
) -> Starlette:
    """The desk as an ASGI application; ``app.state.desk`` is the desk behind it.

    Parameters
    ----------
    db_path : str or Path, default ":memory:"
        SQLite file. In memory everything is gone when the process ends.
    matrix : EscalationMatrix, optional
        Who is paged when; the built-in one if none is given.
    due_days : dict of str to int, optional
        Days until an action item is due, by severity.
    clock : Clock, optional
        Anything with ``now()``, such as an exercise's clock; a controllable
        :class:`~aiir_lab.desk.clock.DeskClock` if none is given.
    faults : list of Fault, optional
        Trouble that is on from the start.
    allowed_hosts : tuple of str
        Host names to answer to beside loopback (a hub's, for the pages behind its proxy).

    Returns
    -------
    Starlette

    Examples
    --------
    >>> app = create_app()
    >>> app.state.desk.keys.routing_key == app.state.desk.keys.routing_key_2
    False
    """
    desk = Desk(db_path, matrix=matrix, due_days=due_days, clock=clock, faults=faults)
    opsgenie = _vendor(desk, AlertManners(), alerts.ROUTES, alert_actions.ROUTES, escalations.ROUTES)
    pagerduty = (pagerduty_incidents.ROUTES, incident_actions.ROUTES, pagerduty_directory.ROUTES)
    jira = (issues.ROUTES, talk.ROUTES, search.ROUTES, jira_directory.ROUTES)
    routes: list[BaseRoute] = [
        Route("/", _to("board/")),
        Route("/board", _to("board/")),
        Route("/status", _to("status/")),
        Route("/jira/browse/{key}", _to_issue),
        Mount("/pagerduty-events", _vendor(desk, EventsManners(), events.ROUTES)),
        Mount("/pagerduty", _vendor(desk, RestManners(), *pagerduty)),
        Mount("/opsgenie", opsgenie),
        Mount("/jsm/ops/integration", opsgenie),
        Mount(
            "/statuspage",
            _Suffixless(_vendor(desk, PageManners(), page_incidents.ROUTES, page_directory.ROUTES)),
        ),
        Mount("/jira", _vendor(desk, IssueManners(), *jira)),
        Mount("/board/admin", _vendor(desk, admin.DeskManners(), admin.ROUTES)),
        Mount("/board", routes=pages.board_routes(desk)),
        Mount("/status", routes=[*pages.status_routes(desk), *_vendor_routes(desk, public.PublicManners())]),
    ]

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(_watch(desk))
        yield
        desk.is_closing = True
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        desk.store.close()

    guard = Middleware(Guard, allowed_hosts=allowed_hosts)
    app = Starlette(routes=routes, middleware=[guard], lifespan=lifespan)
    app.router.redirect_slashes = False
    app.state.desk = desk
    return app


async def _watch(desk: Desk) -> None:
    while True:
        try:
            desk.paging.climb()
        except Exception:
            log.exception("The desk could not let its pages climb")
        await asyncio.sleep(_WATCH_S)


def _vendor(desk: Desk, vendor: Vendor, *tables: Routes) -> Router:
    joined = Routes()
    for routes in tables:
        for path, handlers in routes.table.items():
            joined.table.setdefault(path, {}).update(handlers)
    return joined.app(desk, vendor)


def _vendor_routes(desk: Desk, vendor: Vendor) -> list[BaseRoute]:
    return list(_vendor(desk, vendor, public.ROUTES).routes)


class _Suffixless:
    """Statuspage also answers to paths that end in ``.json``."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].endswith(".json"):
            scope = dict(scope, path=scope["path"].removesuffix(".json"))
        await self.app(scope, receive, send)


def _to(target: str) -> Callable[[Request], Awaitable[Response]]:
    # relative, so that it also leads home behind a hub's proxy
    async def redirect(request: Request) -> Response:
        return Response(status_code=307, headers={"Location": target})

    return redirect


async def _to_issue(request: Request) -> Response:
    key = "".join(
        character for character in request.path_params["key"] if character.isalnum() or character == "-"
    )
    return Response(status_code=307, headers={"Location": f"../../board/actions#{key}"})
