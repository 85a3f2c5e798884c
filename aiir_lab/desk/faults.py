"""Trouble to order: 429, 503, delays and duplicate deliveries, with limits that no client hangs on."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any

from aiir_lab.records.errors import AiirError

KINDS = ("429", "503", "delay", "duplicate")
VENDORS = ("pagerduty", "pagerduty_events", "opsgenie", "statuspage", "jira")
MOST_TIMES = {"429": 3, "503": 3, "delay": 20, "duplicate": 20}
"""How often a fault strikes at most: clients retry these for ever or wait doubling times."""
LONGEST_DELAY_S = 3.0


@dataclass(frozen=True)
class Stroke:
    """What happens to one call; by default nothing."""

    status: int | None = None
    message: str = ""
    delay_s: float = 0.0
    is_duplicate: bool = False


@dataclass
class Fault:
    """One fault switched on for a vendor."""

    vendor: str
    kind: str
    times: int = 1
    delay_s: float = 0.5

    def __post_init__(self) -> None:
        if self.vendor not in VENDORS:
            raise AiirError(
                f"There is no vendor {self.vendor!r} to disturb; choose one of {', '.join(VENDORS)}."
            )
        if self.kind not in KINDS:
            raise AiirError(f"There is no fault {self.kind!r}; choose one of {', '.join(KINDS)}.")
        most = MOST_TIMES[self.kind]
        if isinstance(self.times, bool) or not isinstance(self.times, int) or not 1 <= self.times <= most:
            raise AiirError(f"A {self.kind} fault strikes 1 to {most} times; got {self.times!r}.")
        if not isinstance(self.delay_s, int | float) or not 0 <= self.delay_s <= LONGEST_DELAY_S:
            raise AiirError(f"A delay lasts 0 to {LONGEST_DELAY_S:g} seconds; got {self.delay_s!r}.")


class Faults:
    """The faults that are switched on; each wears off after its number of times."""

    def __init__(self, faults: list[Fault] | None = None) -> None:
        self._faults = list(faults or [])

    def switch_on(self, vendor: str, kind: str, *, times: int = 1, delay_s: float = 0.5) -> None:
        """Let the next ``times`` calls to ``vendor`` be struck.

        Parameters
        ----------
        vendor : {"pagerduty", "pagerduty_events", "opsgenie", "statuspage", "jira"}
        kind : {"429", "503", "delay", "duplicate"}
        times : int
            1 to 3 for 429 and 503, 1 to 20 otherwise.
        delay_s : float
            Seconds, 0 to 3, for ``delay``.
        """
        self._faults.append(Fault(vendor, kind, times, delay_s))

    def switch_off(self) -> None:
        """End all faults."""
        self._faults.clear()

    def draw(self, vendor: str) -> Stroke:
        """What strikes the next call to ``vendor``."""
        for fault in self._faults:
            if fault.vendor == vendor:
                fault.times -= 1
                if fault.times == 0:
                    self._faults.remove(fault)
                return _stroke(fault)
        return Stroke()

    def to_list(self) -> list[dict[str, Any]]:
        """What is switched on."""
        return [asdict(fault) for fault in self._faults]


def _stroke(fault: Fault) -> Stroke:
    if fault.kind == "429":
        return Stroke(status=429, message="Rate limit exceeded")
    if fault.kind == "503":
        return Stroke(status=503, message="Service unavailable")
    if fault.kind == "duplicate":
        return Stroke(is_duplicate=True)
    return Stroke(delay_s=fault.delay_s)


@dataclass
class Limits:
    """Calls in the last minute, per vendor. Told in the headers always, enforced only on request.

    A class of sixteen behind one key would meet the vendors' real limits at once, so enforcing them is a
    lesson to switch on.
    """

    is_enforced: bool = False
    _calls: dict[str, deque[float]] = field(default_factory=dict)

    def remaining(self, vendor: str, per_minute: int) -> int:
        """Calls left in this minute."""
        return max(0, per_minute - len(self._recent(vendor)))

    def spend(self, vendor: str, per_minute: int) -> None:
        """Count a call; refuses it with 429 where limits are enforced and used up."""
        from aiir_lab.desk.wire import Refused

        recent = self._recent(vendor)
        if self.is_enforced and len(recent) >= per_minute:
            wait_s = int(recent[0] + 60 - time.monotonic()) + 1
            raise Refused(429, "Rate limit exceeded", retry_after_s=max(1, wait_s))
        recent.append(time.monotonic())

    def _recent(self, vendor: str) -> deque[float]:
        calls = self._calls.setdefault(vendor, deque())
        while calls and calls[0] < time.monotonic() - 60:
            calls.popleft()
        return calls
