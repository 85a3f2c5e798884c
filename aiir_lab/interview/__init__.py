"""Interview practice: answers judged at once, a schedule, and stories drawn from incidents handled here.

Names load when they are first used, so that importing the room costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

# public name -> module of this room that defines it
_HOME = {
    "Judgement": "judging",
    "Attempt": "history",
    "History": "history",
    "MockInterview": "mock",
    "Practice": "practice",
    "StarL": "star",
    "judge_answer": "judging",
    "review_star_l": "star",
    "second_opinion": "opinion",
    "star_l": "star",
    "story_from": "story",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
