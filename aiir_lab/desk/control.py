"""The desk's own controls from a notebook: its clock, faults and limits."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from aiir_lab.records.errors import AiirError

_TIMEOUT_S = 5


class DeskControl:
    """The desk's clock and faults over HTTP, with nothing but the standard library.

    It has ``now()``, so an exercise can use the desk's clock as its own.

    Parameters
    ----------
    board_url : str
        ``urls.board`` of the announcement.
    key : str
        ``desk.key`` of the announcement.
    """

    def __init__(self, board_url: str, key: str) -> None:
        self.board_url = board_url
        self._key = key
        self._open = build_opener(ProxyHandler({})).open  # loopback never goes through a proxy

    def check(self) -> None:
        """Raise AiirError unless this very desk answers."""
        self.clock()

    def clock(self) -> dict[str, Any]:
        """``{"now_utc": ..., "rate": ...}``."""
        return self._call("GET", "clock")

    def now(self) -> datetime:
        """The desk's time, UTC."""
        return datetime.fromisoformat(self.clock()["now_utc"]).astimezone(UTC)

    def set_clock(self, now_utc: datetime) -> datetime:
        """Put the desk's clock to a timezone-aware time; returns the desk's time."""
        return self._change_clock({"set_utc": now_utc.isoformat()})

    def advance(self, *, minutes: float) -> datetime:
        """Let minutes pass at once: pages that nobody acknowledged climb as they would have."""
        return self._change_clock({"advance_min": minutes})

    def run_clock(self, *, rate: float) -> datetime:
        """Let ``rate`` desk seconds pass per second: 0 stops the clock, 900 is 15 minutes a second."""
        return self._change_clock({"rate": rate})

    def switch_fault_on(
        self, vendor: str, kind: str, *, times: int = 1, delay_s: float = 0.5
    ) -> dict[str, Any]:
        """Let the next calls to a vendor be struck.

        Parameters
        ----------
        vendor : {"pagerduty", "pagerduty_events", "opsgenie", "statuspage", "jira"}
        kind : {"429", "503", "delay", "duplicate"}
        times : int, default 1
            1 to 3 for 429 and 503, 1 to 20 otherwise.
        delay_s : float, default 0.5
            Seconds, 0 to 3.
        """
        return self._call(
            "POST", "faults", {"vendor": vendor, "kind": kind, "times": times, "delay_s": delay_s}
        )

    def switch_faults_off(self) -> dict[str, Any]:
        """End all faults."""
        return self._call("DELETE", "faults")

    def enforce_limits(self, enforced: bool = True) -> dict[str, Any]:
        """Refuse calls beyond the vendors' limits with 429, or only count them."""
        return self._call("POST", "limits", {"enforced": enforced})

    def matrix(self) -> dict[str, Any]:
        """The escalation matrix and the days until action items are due."""
        return self._call("GET", "matrix")

    def due_date(self, severity: str) -> date:
        """When an action item of this severity is due if its incident is closed on the desk's today."""
        due = self.matrix()["due_if_closed_today"]
        if severity not in due:
            raise AiirError(f"There is no severity {severity!r}; choose one of {', '.join(due)}.")
        return date.fromisoformat(due[severity])

    def _change_clock(self, change: dict[str, Any]) -> datetime:
        return datetime.fromisoformat(self._call("POST", "clock", change)["now_utc"]).astimezone(UTC)

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        request = Request(
            f"{self.board_url}/admin/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"},
        )
        place = urlsplit(self.board_url).netloc
        try:
            with self._open(request, timeout=_TIMEOUT_S) as reply:
                content: dict[str, Any] = json.load(reply)
                return content
        except HTTPError as error:
            with error:
                raise AiirError(f"The desk at {place} refused: {_reason(error.read())}") from None
        except (URLError, OSError, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise AiirError(
                f"The desk that announced itself at {place} does not answer ({reason}). "
                "Start it again: `aiir desk`."
            ) from None


def _reason(raw: bytes) -> str:
    try:
        error = json.loads(raw)["error"]
        return "; ".join([error["message"], *error.get("problems", [])])
    except (ValueError, KeyError, TypeError):
        return raw.decode(errors="replace")[:200]
