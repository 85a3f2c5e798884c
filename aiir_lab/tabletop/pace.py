"""How the exercise clock moves: step by step, or with real time, which never runs while paused."""

from __future__ import annotations

import time
from collections.abc import Callable

from aiir_lab.records.errors import NotFoundError

SPEEDS = {"step": 0.0, "real": 1.0, "accelerated": 12.0}
"""Minutes on the exercise clock for one real minute."""


class Pacer:
    """Turns real seconds into minutes of the exercise.

    Parameters
    ----------
    pace : {"step", "accelerated", "real"}
    time_source : callable, default time.monotonic
        Seconds; a test passes its own.
    """

    def __init__(self, pace: str, *, time_source: Callable[[], float] = time.monotonic) -> None:
        if pace not in SPEEDS:
            raise NotFoundError("pace", pace, list(SPEEDS))
        self.pace = pace
        self._time = time_source
        self._read_at = time_source()

    def take(self) -> float:
        """Minutes of the exercise that passed since the last call, to a hundredth."""
        now = self._time()
        minutes = round((now - self._read_at) / 60 * SPEEDS[self.pace], 2)
        if minutes > 0:
            self._read_at = now
        return max(minutes, 0.0)

    def restart(self) -> None:
        """Forget what passed: after a pause, or when a session is resumed."""
        self._read_at = self._time()
