"""aiir_lab: a flight simulator for AI incidents.

``import aiir_lab as lab`` costs next to nothing: every public name below loads its room on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

# The public face: name -> room. A name listed here is a contract with learners' notebooks.
_ROOMS: dict[str, tuple[str, ...]] = {
    "records": (
        "ActionItem",
        "AiDetails",
        "AiirError",
        "Briefing",
        "Cause",
        "CauseGraph",
        "ContributingFactor",
        "EscalationMatrix",
        "EscalationStep",
        "Message",
        "Playbook",
        "PlaybookDecision",
        "PlaybookTask",
        "Postmortem",
        "Severity",
        "SeverityMatrix",
        "Source",
        "StatusUpdate",
        "Timeline",
        "TimelineEvent",
        "UpdateCadence",
    ),
    "catalog": (
        "ai_rmf",
        "atlas",
        "board_questions",
        "legal_clocks",
        "load_escalation_matrix",
        "load_playbook",
        "load_postmortem",
        "load_severity_matrix",
        "load_vignette_measures",
        "load_vignettes",
        "public_postmortems",
    ),
    "simulate": ("attribute", "open_incident", "replay", "simulate"),
    "desk": ("desk", "file_actions", "read_actions"),
    "monitor": ("evaluate_monitor",),
    "interview": ("judge_answer", "second_opinion", "star_l", "story_from"),
    "review": (
        "atlas_coverage",
        "exercise_playbook",
        "read_postmortem",
        "review_action_item",
        "review_briefing",
        "review_language",
        "review_plan",
        "review_postmortem",
        "review_status_update",
        "review_whys",
        "rmf_coverage",
        "search_rmf",
    ),
    "tabletop": ("play_on_desk", "start_exercise", "start_meeting"),
    "grade": ("check", "course_map"),
    "view": (
        "alt_text",
        "draw_attribution",
        "draw_catalogue",
        "draw_causes",
        "draw_communication",
        "draw_dashboard",
        "draw_fishbone",
        "draw_harm",
        "draw_meeting",
        "draw_progress",
        "draw_rmf_coverage",
        "draw_severity_grid",
        "draw_strengths",
        "draw_table",
        "draw_timeline",
        "draw_tradeoff",
        "export_briefing",
        "export_report",
        "export_slides",
    ),
    "widgets": (
        "action_board",
        "edit_causes",
        "edit_fishbone",
        "edit_whys",
        "exercise_panel",
        "meeting_panel",
        "practise",
        "quiz",
    ),
}
_HOME = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = ["__version__", *sorted(_HOME)]


def __getattr__(name: str) -> Any:
    room = _HOME.get(name)
    if room is None:
        raise AttributeError(f"aiir_lab has no {name!r}. Its names: {', '.join(sorted(_HOME))}.")
    module = import_module(f"aiir_lab.{room}")
    # a room that bears the name of its function can be called itself (records/rooms.py)
    value = module if name == room else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
