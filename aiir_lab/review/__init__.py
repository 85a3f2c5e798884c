"""Judges of written incident work: what an experienced reviewer would say, where, and what to write instead.

Names load when they are first used, so that importing the room costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

# public name -> module of this room that defines it
_HOME = {
    "ActionReview": "actions",
    "AtlasCoverage": "atlas",
    "BriefingReview": "briefing",
    "Finding": "finding",
    "PlanReview": "plan",
    "PlaybookExercise": "playbook",
    "PostmortemReview": "postmortem",
    "ReadPostmortem": "reading",
    "RmfCoverage": "coverage",
    "StatusReview": "status",
    "WhysReview": "whys",
    "atlas_coverage": "atlas",
    "exercise_playbook": "playbook",
    "read_postmortem": "reading",
    "review_action_item": "actions",
    "review_briefing": "briefing",
    "review_language": "language",
    "review_plan": "plan",
    "review_postmortem": "postmortem",
    "review_status_update": "status",
    "review_whys": "whys",
    "rmf_coverage": "coverage",
    "search_rmf": "coverage",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
