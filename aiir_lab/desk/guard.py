"""The door: only loopback, only known hosts, nothing that a foreign web page sends."""

from __future__ import annotations

import ipaddress
import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiir_lab.records.errors import AiirError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_LOOPBACK_NAMES = {"localhost", "127.0.0.1", "::1"}


def is_loopback(host: str) -> bool:
    """Whether an address or name can only be this machine."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"


def check_bind(host: str, *, allow_external: bool) -> None:
    """Refuse an address that other machines can reach, unless that was said out loud.

    Raises
    ------
    AiirError
        For anything but loopback without ``allow_external=True``.
    """
    if not is_loopback(host) and not allow_external:
        raise AiirError(
            f"The desk stays on this machine: {host!r} is not a loopback address. It speaks plain HTTP with "
            "keys in it, so others on the network could read them. Use 127.0.0.1, or say allow_external=True "
            "if that is what you want."
        )


class Guard:
    """Checks Host (against DNS rebinding) and Origin (against posts from other sites) before anything else.

    Parameters
    ----------
    app : ASGI application
    allowed_hosts : tuple of str
        Host names to accept beside loopback, such as the one of a JupyterHub.
    """

    def __init__(self, app: ASGIApp, *, allowed_hosts: tuple[str, ...] = ()) -> None:
        self.app = app
        self.allowed = _LOOPBACK_NAMES | {host.lower() for host in allowed_hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through or answer 403."""
        if scope["type"] == "http":
            problem = self._problem(
                {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
            )
            if problem:
                await _forbid(send, problem)
                return
            # Starlette's routes stop at a line break, and its own 404 is in no vendor's shape
            scope = dict(scope, path=scope["path"].replace("\n", "%0A"))
        await self.app(scope, receive, send)

    def _problem(self, headers: dict[bytes, str]) -> str:
        host = headers.get(b"host", "")
        if _host_name(f"//{host}") not in self.allowed:
            return "This desk answers on its own loopback address only (check of the Host header)."
        origin = headers.get(b"origin")
        if origin is not None and not self._is_same(origin, host):
            return "This desk takes no requests from other web sites (check of the Origin header)."
        # a link followed from elsewhere is fine; a request made by another site's page is not
        is_foreign = headers.get(b"sec-fetch-site") == "cross-site"
        if origin is None and is_foreign and headers.get(b"sec-fetch-mode") != "navigate":
            return "This desk takes no requests from other web sites (check of Sec-Fetch-Site)."
        return ""

    def _is_same(self, origin: str, host: str) -> bool:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https"):
            return False
        return parts.netloc.lower() == host.lower() or (
            # behind a hub's proxy the page's origin is the hub, which was allowed by name
            _host_name(origin) in self.allowed - _LOOPBACK_NAMES
        )


def _host_name(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


async def _forbid(send: Send, problem: str) -> None:
    body = json.dumps({"error": {"message": problem}}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})
