"""The desk's clock: real time, stopped, set, or run fast, so that fifteen minutes fit into a second."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from aiir_lab.records.errors import AiirError

MAX_RATE = 3_600.0
"""An exercise hour in a second; faster than that nobody can watch a page climb."""


class Clock(Protocol):
    """Anything that tells a timezone-aware time: the desk's own clock or an exercise's."""

    def now(self) -> datetime:
        """The present moment, timezone-aware."""
        ...


class DeskClock:
    """A clock that can be stopped, set, advanced and run at another rate.

    Parameters
    ----------
    now_utc : datetime, optional
        Where to start; the real time by default.
    rate : float, default 1.0
        Desk seconds per real second, 0 (stopped) to 3600.
    read_seconds : callable, default time.time
        The real clock, in seconds.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> clock = DeskClock(now_utc=datetime(2026, 3, 2, 9, 12, tzinfo=UTC), rate=0)
    >>> clock.advance(minutes=15)
    >>> clock.now().isoformat()
    '2026-03-02T09:27:00+00:00'
    """

    def __init__(
        self,
        *,
        now_utc: datetime | None = None,
        rate: float = 1.0,
        read_seconds: Callable[[], float] = time.time,
    ) -> None:
        self._read_seconds = read_seconds
        self._anchor_s = read_seconds()
        self._anchor_utc = datetime.fromtimestamp(self._anchor_s, UTC)
        self.rate = _checked_rate(rate)
        if now_utc is not None:
            self.set(now_utc)

    def now(self) -> datetime:
        """The desk's time, UTC."""
        elapsed_s = (self._read_seconds() - self._anchor_s) * self.rate
        return self._anchor_utc + timedelta(seconds=elapsed_s)

    def set(self, now_utc: datetime) -> None:
        """Put the clock to ``now_utc`` (timezone-aware)."""
        if now_utc.tzinfo is None:
            raise AiirError(
                f"A desk time needs its zone: got {now_utc.isoformat()}, expected e.g. ...T09:12:00Z."
            )
        self._anchor_s = self._read_seconds()
        self._anchor_utc = now_utc.astimezone(UTC)

    def advance(self, *, minutes: float) -> None:
        """Let ``minutes`` pass at once; 0 to 527,040 (a leap year)."""
        if not 0 <= minutes <= 527_040:
            raise AiirError(f"The desk's clock goes forward by 0 to 527040 minutes; got {minutes}.")
        self.set(self.now() + timedelta(minutes=minutes))

    def run(self, *, rate: float) -> None:
        """From now on let ``rate`` desk seconds pass per real second; 0 stops the clock."""
        checked = _checked_rate(rate)
        self.set(self.now())
        self.rate = checked

    def to_dict(self) -> dict[str, Any]:
        """State to keep across a restart."""
        return {"anchor_s": self._anchor_s, "anchor_utc": self._anchor_utc.isoformat(), "rate": self.rate}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state that :meth:`to_dict` gave."""
        self._anchor_s = float(state["anchor_s"])
        self._anchor_utc = datetime.fromisoformat(state["anchor_utc"])
        self.rate = _checked_rate(state["rate"])


def _checked_rate(rate: float) -> float:
    if not 0 <= rate <= MAX_RATE:
        raise AiirError(f"The desk's clock runs at 0 to {MAX_RATE:g} desk seconds per second; got {rate}.")
    return float(rate)
