"""How Statuspage checks keys, words errors, and takes forms beside JSON."""

from __future__ import annotations

import hmac
import json
from typing import Any
from urllib.parse import parse_qsl

from aiir_lab.desk.wire import Call, Refused, Reply, Vendor

_MESSAGES = {401: "Could not authenticate", 404: "Not found", 429: "Rate limit exceeded", 400: "Bad request"}


class PageManners(Vendor):
    """Statuspage v1: ``OAuth`` key, ``{"error": ...}``, 422 with a list for invalid fields."""

    name = "statuspage"
    largest_body = 256 * 1024
    invalid_status = 422
    calls_per_minute = 60

    def authorize(self, call: Call) -> None:
        """Check ``Authorization: OAuth ...`` (or the ``api_key`` that the vendor's forms send)."""
        scheme, _, key = call.request.headers.get("authorization", "").partition(" ")
        if scheme.lower() not in ("oauth", "bearer") or not hmac.compare_digest(
            key.encode(), call.desk.keys.statuspage_key.encode()
        ):
            raise Refused(401, _MESSAGES[401])
        call.actor = "operator"

    def refusal(self, error: Refused, call: Call) -> Reply:
        """One message, or a list of them for 422."""
        content: Any = _MESSAGES.get(error.status, error.message)
        if error.problems:
            lines = [f"{at} {what}" for at, what in error.problems]
            content = lines if error.status == 422 else f"{content}: {'; '.join(lines)}"
        headers = {"Allow": error.message.rpartition(": ")[2]} if error.status == 405 else {}
        return Reply(error.status, {"error": content}, headers)

    def parse_body(self, call: Call) -> None:
        """Turn a form such as ``incident[name]=...&incident[component_ids][]=...`` into JSON."""
        kind = call.request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "application/x-www-form-urlencoded" and not call.raw.lstrip().startswith(b"{"):
            call.raw = json.dumps(read_form(call.raw)).encode()


def read_form(raw: bytes) -> dict[str, Any]:
    """A Rails-style form as nested objects and lists."""
    body: dict[str, Any] = {}
    for name, text in parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=1000):
        head, *rest = name.replace("]", "").split("[")
        value: Any = {"true": True, "false": False}.get(text, text)
        place: Any = body
        parts = [head, *rest]
        is_list = len(parts) > 1 and parts[-1] == ""
        for part in parts[: -2 if is_list else -1]:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                raise Refused(400, "Bad request", [(name, "cannot be both a value and an object")])
        if is_list:
            entries = place.setdefault(parts[-2], [])
            if not isinstance(entries, list):
                raise Refused(400, "Bad request", [(name, "cannot be both a value and a list")])
            entries.append(value)
        else:
            place[parts[-1]] = value
    return body
