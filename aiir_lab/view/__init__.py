"""Figures, reports and slides: one theme, readable in light and dark, each with a text alternative."""

from __future__ import annotations

from importlib import import_module
from typing import Any

# Where each public name lives; loaded on first use, so that a report does not wait for what it does not need.
_HOMES = {
    "alt_text": "theme",
    "draw_attribution": "harm",
    "draw_catalogue": "catalogue",
    "draw_causes": "cause_graph",
    "draw_communication": "communication",
    "draw_dashboard": "dashboard",
    "draw_fishbone": "fishbone",
    "draw_harm": "harm",
    "draw_meeting": "meeting",
    "draw_progress": "interview",
    "draw_rmf_coverage": "coverage",
    "draw_severity_grid": "severity_grid",
    "draw_strengths": "interview",
    "draw_table": "tables",
    "draw_timeline": "timeline",
    "draw_tradeoff": "harm",
    "export_briefing": "briefing",
    "export_notebook_html": "offline",
    "export_report": "report",
    "export_slides": "slides",
    "print_pdf": "pdf",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
