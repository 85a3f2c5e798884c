"""How Jira checks keys and words errors; which version of its API a call speaks."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from aiir_lab.desk.model import Person
from aiir_lab.desk.plan import LEARNER_EMAIL
from aiir_lab.desk.wire import Call, Handler, Refused, Reply, Routes, Vendor

VERSIONS = ("2", "3", "latest")
_UNAUTHORISED = "Client must be authenticated to access this resource."


class IssueManners(Vendor):
    """Jira Cloud: Basic e-mail and API token, ``{"errorMessages": [], "errors": {}}``."""

    name = "jira"
    largest_body = 1024 * 1024
    calls_per_minute = 600

    def authorize(self, call: Call) -> None:
        """Check ``Authorization: Basic base64(email:token)``."""
        scheme, _, coded = call.request.headers.get("authorization", "").partition(" ")
        try:
            given = base64.b64decode(coded, validate=True)
        except (binascii.Error, ValueError):
            given = b""
        email, _, token = given.partition(b":")
        person = call.desk.store.first(Person, key=email.decode("utf-8", "replace").lower())
        is_right = hmac.compare_digest(token, call.desk.keys.jira_token.encode())
        if scheme.lower() != "basic" or person is None or not is_right:
            raise Refused(401, _UNAUTHORISED)
        call.actor = person.id
        if call.path.get("version", "3") not in VERSIONS:
            raise Refused(404, "Not Found")

    def refusal(self, error: Refused, call: Call) -> Reply:
        """Field problems under ``errors``, the rest under ``errorMessages``."""
        body: dict[str, Any] = {
            "errorMessages": [] if error.problems else [error.message],
            "errors": dict(error.problems),
        }
        headers: dict[str, str] = {}
        if error.status == 401:
            headers["WWW-Authenticate"] = 'Basic realm="Jira"'
        elif error.status == 429:
            headers["RateLimit-Reason"] = "jira-burst-based"
        elif error.status == 405:
            headers["Allow"] = error.message.rpartition(": ")[2]
        return Reply(error.status, body, headers)

    def headers(self, call: Call, remaining: int) -> dict[str, str]:
        """The burst limit of API tokens."""
        return {"X-RateLimit-Limit": str(self.calls_per_minute), "X-RateLimit-Remaining": str(remaining)}


class JiraRoutes(Routes):
    """Paths below ``/rest/api/{version}``."""

    def under(self, method: str, *paths: str) -> Callable[[Handler], Handler]:
        """Register a handler on paths that follow the version."""
        return self.add(method, *(f"/rest/api/{{version}}{path}" for path in paths))


def api_url(call: Call) -> str:
    """The address of the API in the caller's version."""
    return f"{call.base_url}/rest/api/{call.path.get('version', '3')}"


def stamp(moment: datetime | None) -> str | None:
    """A time as Jira writes it: milliseconds and ``+0000``."""
    if moment is None:
        return None
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}+0000"


def me(call: Call) -> Person:
    """Whose token this is."""
    return call.desk.store.get(Person, call.actor) or call.desk.store.find(Person, key=LEARNER_EMAIL)[0]


def spread(
    call: Call, found: list[Any], *, default: int = 50, name: str = "values", largest: int | None = None
) -> dict[str, Any]:
    """One page of a list by ``startAt`` and ``maxResults``."""
    start = max(call.number("startAt", 0, least=-(10**18)), 0)
    most = min(max(call.number("maxResults", default, least=-(10**18), most=largest), 0), 1000)
    page = {
        "startAt": start,
        "maxResults": most,
        "total": len(found),
        name: found[start : start + most],
    }
    if name == "values":
        page["isLast"] = start + most >= len(found)
    return page
