"""The pages for people: status page, incident board, on-call view, action board; live and without a key."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import cache
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from aiir_lab.desk import views
from aiir_lab.desk.clock import DeskClock
from aiir_lab.desk.desk import Desk

_HERE = Path(__file__).parent
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_LOOK_S = 0.2
_HEARTBEAT_S = 15.0
_HEADERS = {
    # nothing from elsewhere, nothing inline; framed by the lab (any loopback port) or by a hub on this origin
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self' http://127.0.0.1:* http://localhost:*"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

View = Callable[[Desk, Request], dict[str, Any] | None]


def board_routes(desk: Desk) -> list[BaseRoute]:
    """What is under ``/board``."""
    return [
        Route("/", _page(desk, "board.html", lambda desk, _: views.board(desk), root="")),
        Route("/oncall", _page(desk, "oncall.html", lambda desk, _: views.oncall(desk), root="")),
        Route("/actions", _page(desk, "actions.html", lambda desk, _: views.actions(desk), root="")),
        Route("/events", _events(desk)),
        Route("/static/{name}", _static),
    ]


def status_routes(desk: Desk) -> list[BaseRoute]:
    """The public pages under ``/status``."""

    def incident(desk: Desk, request: Request) -> dict[str, Any] | None:
        return views.status_incident(desk, request.path_params["incident_id"])

    return [
        Route("/", _page(desk, "status.html", lambda desk, _: views.status(desk), root="../board/")),
        Route("/incidents/{incident_id}", _page(desk, "incident.html", incident, root="../../board/")),
    ]


def _page(desk: Desk, template: str, view: View, *, root: str) -> Callable[[Request], Any]:
    async def page(request: Request) -> Response:
        desk.paging.climb()
        content = view(desk, request)
        if content is None:
            return HTMLResponse(
                "<!doctype html><title>Not found</title><p>There is no such page.", 404, _HEADERS
            )
        now = desk.clock.now()
        html = (
            _templates()
            .get_template(template)
            .render(
                content,
                root=root,
                now=now,
                now_s=now.timestamp(),
                rate=desk.clock.rate if isinstance(desk.clock, DeskClock) else 1,
                state=_state(desk),
            )
        )
        return HTMLResponse(html, headers=_HEADERS)

    return page


@cache
def _templates() -> Any:
    # loaded with the first page: the desk must be ready at once
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(_HERE / "templates")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(hour=views.hour, day=views.day, plain=views.plain)
    return environment


async def _static(request: Request) -> Response:
    path = _HERE / "static" / request.path_params["name"]
    if path.suffix not in _TYPES or path.parent != _HERE / "static" or not path.is_file():
        return Response(status_code=404)
    return Response(path.read_bytes(), media_type=_TYPES[path.suffix], headers=_HEADERS)


def _state(desk: Desk) -> str:
    # keys differ from desk to desk, so a page notices that another desk took over the address
    return f"{desk.keys.page_id}-{desk.store.revision}"


def _events(desk: Desk) -> Callable[[Request], Any]:
    async def stream() -> AsyncIterator[str]:
        told, silence_s = "", 0.0
        yield "retry: 1000\n\n"
        while not desk.is_closing:
            state = _state(desk)
            if state != told:
                told, silence_s = state, 0.0
                yield f"data: {state}\n\n"
            elif silence_s >= _HEARTBEAT_S:
                silence_s = 0.0
                yield ": still here\n\n"
            await asyncio.sleep(_LOOK_S)
            silence_s += _LOOK_S

    async def events(request: Request) -> Response:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(stream(), media_type="text/event-stream", headers=headers)

    return events
