"""How PagerDuty checks keys, words errors and tells its limits."""

from __future__ import annotations

import hmac
import time
from typing import Any

from aiir_lab.desk.model import Person
from aiir_lab.desk.wire import Call, Refused, Reply, Vendor

_CODES = {400: 2001, 401: 2006, 403: 2010, 404: 2100, 405: 2003, 413: 2001, 429: 2020, 500: 2000, 503: 2000}
_MESSAGES = {
    400: "Invalid Input Provided",
    401: "Unauthorized",
    404: "Not Found",
    429: "Rate Limit Exceeded",
}


class RestManners(Vendor):
    """PagerDuty REST API v2."""

    name = "pagerduty"
    largest_body = 1024 * 1024
    calls_per_minute = 960

    def authorize(self, call: Call) -> None:
        """Check ``Authorization: Token token=...``."""
        given = call.request.headers.get("authorization", "")
        expected = f"Token token={call.desk.keys.pagerduty_token}"
        if not hmac.compare_digest(given.encode(), expected.encode()):
            raise Refused(401, "Unauthorized")
        call.actor = call.request.headers.get("from", "")

    def refusal(self, error: Refused, call: Call) -> Reply:
        """``{"error": {"message", "code", "errors"}}``."""
        body: dict[str, Any] = {
            "message": _MESSAGES.get(error.status, error.message),
            "code": error.code or _CODES.get(error.status, 2001),
        }
        lines = [f"{at} {what}" for at, what in error.problems] or [error.message]
        if error.status not in (401, 404):
            body["errors"] = lines
        headers = {"WWW-Authenticate": "Token"} if error.status == 401 else {}
        if error.status == 405:
            headers["Allow"] = error.message.rpartition(": ")[2]
        return Reply(error.status, {"error": body}, headers)

    def headers(self, call: Call, remaining: int) -> dict[str, str]:
        """The rate-limit headers, in seconds and calls."""
        return {
            "ratelimit-limit": str(self.calls_per_minute),
            "ratelimit-remaining": str(remaining),
            "ratelimit-reset": str(60 - int(time.monotonic()) % 60),
        }


class EventsManners(Vendor):
    """PagerDuty Events API v2: no header key, the routing key stands in the body."""

    name = "pagerduty_events"
    largest_body = 512 * 1024
    calls_per_minute = 120

    def refusal(self, error: Refused, call: Call) -> Reply:
        """``{"status", "message", "errors"}``."""
        lines = [f"'{at}' {what}" for at, what in error.problems] or [error.message]
        body = {"status": "invalid event", "message": "Event object is invalid", "errors": lines}
        if error.status == 429:
            body = {
                "status": "throttle exceeded",
                "message": "Requests for this service are arriving too quickly.",
            }
            body["errors"] = ["Retry later."]
        elif error.status >= 500:
            body = {"status": "error", "message": error.message, "errors": [error.message]}
        headers = {"Allow": error.message.rpartition(": ")[2]} if error.status == 405 else {}
        return Reply(error.status, body, headers)


def requester(call: Call, *, is_required: bool = True) -> Person | None:
    """The user named in ``From``; refused where it is missing or nobody knows the address."""
    if not call.actor:
        if is_required:
            raise Refused(
                400, "A valid From header is required", [("From", "must name a user's e-mail address")]
            )
        return None
    for person in call.desk.store.find(Person, key=call.actor.lower()):
        return person
    raise Refused(400, "Requester User Not Found", code=1008)
