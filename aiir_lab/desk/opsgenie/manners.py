"""How Opsgenie checks keys, words errors, tells limits, and answers asynchronously."""

from __future__ import annotations

import hmac
import time
import uuid
from typing import Any

from aiir_lab.desk.model import Receipt
from aiir_lab.desk.wire import Call, Refused, Reply, Vendor

LAG_S = 0.05
"""Real seconds until the answer to an asynchronous request can be fetched."""

INTEGRATION_ID = "4513b7ea-3b91-438f-b7e4-e3e54af9147c"
_MESSAGES = {
    401: "Key format is not valid!",
    403: "You are not authorized to do this operation.",
    429: "You are making too many requests!",
}


class AlertManners(Vendor):
    """Opsgenie and Jira Service Management: ``GenieKey``, ``{message, took, requestId}``."""

    name = "opsgenie"
    largest_body = 512 * 1024
    invalid_status = 422
    calls_per_minute = 600

    def authorize(self, call: Call) -> None:
        """Check ``Authorization: GenieKey ...``."""
        scheme, _, key = call.request.headers.get("authorization", "").partition(" ")
        expected = call.desk.keys.opsgenie_key
        if scheme != "GenieKey" or len(key) != len(expected):
            raise Refused(401, _MESSAGES[401])
        if not hmac.compare_digest(key.encode(), expected.encode()):
            raise Refused(403, _MESSAGES[403])
        call.actor = "API"

    def refusal(self, error: Refused, call: Call) -> Reply:
        """``{"message", "took", "requestId"}``, with the fields that are wrong under ``errors``."""
        message = _MESSAGES.get(error.status, error.message)
        if error.problems:
            message = "Request body is not processable. Please check the errors."
            if error.status == 400:
                message = error.message
        body: dict[str, Any] = {"message": message, **_tail()}
        if error.problems:
            body["errors"] = dict(error.problems)
        headers = {"X-RateLimit-State": "THROTTLED"} if error.status == 429 else {}
        if error.status == 405:
            headers["Allow"] = error.message.rpartition(": ")[2]
        return Reply(error.status, body, headers)

    def headers(self, call: Call, remaining: int) -> dict[str, str]:
        """Rate-limit state and the request's identifier."""
        return {
            "X-RateLimit-State": "OK",
            "X-RateLimit-Reason": "ACCOUNT",
            "X-RateLimit-Period-In-Sec": "60",
            "X-Request-ID": str(uuid.uuid4()),
            "X-Response-Time": "0.001",
        }


def answer(data: Any, **more: Any) -> Reply:
    """A synchronous answer."""
    return Reply(200, {"data": data, **more, **_tail()})


def accept(
    call: Call, action: str, *, alert_id: str = "", alias: str = "", is_success: bool = True, status: str = ""
) -> Reply:
    """202: what became of the request can be asked for a moment later, under its requestId.

    The work itself is already on disk, so that a crash after the 202 loses nothing.
    """
    receipt = Receipt(
        id=str(uuid.uuid4()),
        created_utc=call.desk.clock.now(),
        alert_id=alert_id,
        alias=alias,
        action=action,
        is_success=is_success,
        status=status,
        integration=INTEGRATION_ID,
        ready_s=time.time() + LAG_S,
    )
    call.desk.store.save(receipt)
    body = {"result": "Request will be processed", "took": 0.001, "requestId": receipt.id}
    return Reply(202, body, {"X-Request-ID": receipt.id})


def _tail() -> dict[str, Any]:
    return {"took": 0.001, "requestId": str(uuid.uuid4())}
