"""The tabletop: exercises on living worlds, with a clock, roles, decisions, a log and an after-action report.

``start_exercise`` gives a :class:`~aiir_lab.tabletop.session.Session`. Its state is the fold of its log
(:mod:`~aiir_lab.tabletop.acting`), so live play, resuming and grading are one thing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME = {
    "Session": "session",
    "DeskMirror": "on_desk",
    "play_log": "grading",
    "play_on_desk": "on_desk",
    "exercise_names": "loading",
    "facilitate": "facilitator",
    "load_exercise": "loading",
    "start_exercise": "session",
    "start_meeting": "meeting",
    "verify_log": "grading",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
