"""How a call travels: size limit, key, limits, faults, JSON, one transaction, the vendor's own reply."""

from __future__ import annotations

import asyncio
import json
import logging
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route, Router

from aiir_lab.desk.fields import Anything, Problem, Shape

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from aiir_lab.desk.desk import Desk

log = logging.getLogger(__name__)

Handler = Callable[["Call"], "Reply"]


class Refused(Exception):
    """A call that gets an error reply in its vendor's own shape.

    Parameters
    ----------
    status : int
        HTTP status, 400 to 503.
    message : str
        What is wrong, for people.
    problems : list of (place, message)
        Field by field.
    code : int or None
        The vendor's own number for the error, where it has one.
    retry_after_s : int or None
    """

    def __init__(
        self,
        status: int,
        message: str,
        problems: list[Problem] | None = None,
        *,
        code: int | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.problems = problems or []
        self.code = code
        self.retry_after_s = retry_after_s


@dataclass
class Reply:
    """What goes back: a status, a JSON body (None sends an empty one), extra headers."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Call:
    """One request on its way through a vendor's handlers."""

    desk: Desk
    request: Request
    vendor: Vendor
    path: dict[str, str]
    query: dict[str, list[str]]
    raw: bytes = b""
    actor: str = ""

    @property
    def base_url(self) -> str:
        """The vendor's base URL as the client knows it."""
        # request.base_url would leave out the mount prefix, and clients follow these links
        return f"{self.request.url.scheme}://{self.request.url.netloc}{self.request.scope['root_path']}"

    @property
    def host_url(self) -> str:
        """Scheme, host and port."""
        return f"{self.request.url.scheme}://{self.request.url.netloc}"

    def json(self, shape: Shape | None = None) -> Any:
        """The JSON body, checked; raises :class:`Refused` with the vendor's 400 (or 422)."""
        body = parse_json(self.raw) if self.raw.strip() else self.vendor.empty_body
        if body is MISSING:
            raise Refused(400, "The request needs a JSON body", [("body", "is required")])
        self.require(list((shape or Anything()).problems(body, "")))
        return body

    def require(self, problems: list[Problem]) -> None:
        """Refuse the call if there are problems."""
        if problems:
            raise Refused(self.vendor.invalid_status, "Invalid input provided", problems)

    def arg(self, name: str, default: str = "") -> str:
        """The last value of a query parameter."""
        return (self.query.get(name) or [default])[-1]

    def args(self, name: str, *, one_of: tuple[str, ...] = ()) -> list[str]:
        """All values of a repeated query parameter, with or without ``[]``."""
        values = self.query.get(name, []) + self.query.get(f"{name}[]", [])
        for value in values:
            if one_of and value not in one_of:
                raise Refused(400, "Invalid query parameter", [(name, f"must be one of {', '.join(one_of)}")])
        return values

    def number(self, name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
        """A whole number from the query; refused where it is none or out of range."""
        text = self.arg(name)
        if name not in self.query:
            return default
        if not re.fullmatch(r"-?[0-9]{1,18}", text):
            raise Refused(400, "Invalid query parameter", [(name, "must be a whole number")])
        value = int(text)
        if value < least or (most is not None and value > most):
            raise Refused(400, "Invalid query parameter", [(name, f"must be {least} to {most or 'more'}")])
        return value

    def flags(self, *names: str) -> None:
        """Refuse true/false query parameters that are neither; the desk does nothing else with them."""
        for name in names:
            self.flag(name)

    def flag(self, name: str) -> bool:
        """A true/false query parameter; refused where it is neither."""
        if self.arg(name, "false") not in ("true", "false"):
            raise Refused(400, "Invalid query parameter", [(name, "must be true or false")])
        return self.arg(name) == "true"


class Vendor:
    """One vendor's manners: how it checks keys, words errors and limits calls."""

    name = ""
    largest_body = 512 * 1024
    invalid_status = 400
    calls_per_minute = 960
    empty_body: Any = None

    def authorize(self, call: Call) -> None:
        """Refuse a wrong key and fill ``call.actor``."""

    def refusal(self, error: Refused, call: Call) -> Reply:
        """The vendor's error reply."""
        return Reply(error.status, {"message": error.message})

    def headers(self, call: Call, remaining: int) -> dict[str, str]:
        """Headers that every reply carries."""
        return {}

    def parse_body(self, call: Call) -> None:
        """Change ``call.raw`` to JSON where the vendor also takes forms."""


class _Missing:
    """No body at all."""


MISSING: Any = _Missing()
Vendor.empty_body = MISSING


def parse_json(raw: bytes) -> Any:
    """Strict JSON: no NaN, no numbers beyond a double, no lone surrogates, no bottomless nesting."""
    try:
        body = json.loads(raw, parse_constant=_refuse_constant, parse_float=_finite)
        json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Refused(
            400, "The body is not valid JSON", [("body", f"is not valid JSON: {error}"[:200])]
        ) from None
    return body


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number is too large")
    return number


class Resource:
    """All methods of one path, as an ASGI application."""

    def __init__(self, desk: Desk, vendor: Vendor, handlers: Mapping[str, Handler]) -> None:
        self.desk = desk
        self.vendor = vendor
        self.handlers = handlers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True, errors="replace")
        path = {name: str(value) for name, value in request.path_params.items()}
        call = Call(self.desk, request, self.vendor, path, query)
        remaining = self.desk.limits.remaining(self.vendor.name, self.vendor.calls_per_minute)
        try:
            reply = await self._answer(call)
        except Refused as error:
            reply = self.vendor.refusal(error, call)
            if error.retry_after_s is not None:
                reply.headers["Retry-After"] = str(error.retry_after_s)
        except ClientDisconnect:
            return
        except Exception:
            log.exception("The desk failed on %s %s", request.method, request.url.path)
            reply = self.vendor.refusal(Refused(500, "Internal error in the desk"), call)
        headers = {"Cache-Control": "no-store", **self.vendor.headers(call, remaining), **reply.headers}
        await _respond(reply, headers)(scope, receive, send)

    async def _answer(self, call: Call) -> Reply:
        desk, method = self.desk, call.request.method
        call.raw = await read_body(call.request, self.vendor.largest_body)
        self.vendor.authorize(call)
        if not self.handlers:
            raise Refused(404, "Not Found")
        handler = self.handlers.get(method)
        if handler is None:
            raise Refused(405, f"{method} is not allowed here; allowed: {', '.join(self.handlers)}")
        desk.limits.spend(self.vendor.name, self.vendor.calls_per_minute)
        fault = desk.faults.draw(self.vendor.name)
        if fault.delay_s:
            await asyncio.sleep(fault.delay_s)
        if fault.status:
            raise Refused(fault.status, fault.message, retry_after_s=1)
        desk.paging.climb()
        if method == "GET":
            return handler(call)
        self.vendor.parse_body(call)
        with desk.store.transaction():
            reply = handler(call)
            if fault.is_duplicate and reply.status < 300:
                handler(call)  # the same delivery arrives twice; the caller sees the first answer
            return reply


def _respond(reply: Reply, headers: dict[str, str]) -> Response:
    if reply.body is None:
        return Response(status_code=reply.status, headers=headers)
    content = json.dumps(reply.body, ensure_ascii=False).encode()
    return Response(content, status_code=reply.status, headers=headers, media_type="application/json")


async def read_body(request: Request, largest: int) -> bytes:
    """The body, or a refusal as soon as it grows beyond ``largest`` bytes."""
    declared = request.headers.get("content-length", "0")
    chunks, size = [], int(declared) if declared.isdigit() else 0
    if size <= largest:
        size = 0
        async for chunk in request.stream():
            size += len(chunk)
            chunks.append(chunk)
            if size > largest:
                break
    if size > largest:
        raise Refused(
            413, f"The body is larger than {largest} bytes", [("body", f"must be at most {largest} bytes")]
        )
    return b"".join(chunks)


class Routes:
    """A vendor's paths, collected by decorating handlers."""

    def __init__(self) -> None:
        self.table: dict[str, dict[str, Handler]] = {}

    def add(self, method: str, *paths: str) -> Callable[[Handler], Handler]:
        """Register a handler for a method on one or more paths."""

        def register(handler: Handler) -> Handler:
            for path in paths:
                self.table.setdefault(path, {})[method] = handler
            return handler

        return register

    def app(self, desk: Desk, vendor: Vendor) -> Router:
        """All paths of the vendor as one ASGI application."""
        # fixed paths before those with a parameter in the same place: /users/me before /users/{id}
        ordered = sorted(self.table, key=lambda path: [part.startswith("{") for part in path.split("/")])
        routes = [Route(path, Resource(desk, vendor, self.table[path])) for path in ordered]
        return Router(routes, default=Resource(desk, vendor, {}), redirect_slashes=False)
