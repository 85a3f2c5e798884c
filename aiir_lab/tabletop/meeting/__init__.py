"""Simulated blameless post-mortem meetings: who knows what, what closes and what opens people."""

from __future__ import annotations

from aiir_lab.tabletop.meeting.loading import list_meetings, load_meeting_script, parse_meeting_script
from aiir_lab.tabletop.meeting.meeting import Meeting, Said, replay_transcript, start_meeting
from aiir_lab.tabletop.meeting.result import MeetingResult, TurningPoint
from aiir_lab.tabletop.meeting.rules import MeetingRules, load_rules
from aiir_lab.tabletop.meeting.script import MeetingScript
from aiir_lab.tabletop.meeting.transcript import TranscriptError

__all__ = [
    "Meeting",
    "MeetingResult",
    "MeetingRules",
    "MeetingScript",
    "Said",
    "TranscriptError",
    "TurningPoint",
    "list_meetings",
    "load_meeting_script",
    "load_rules",
    "parse_meeting_script",
    "replay_transcript",
    "start_meeting",
]
