"""Panels for the notebook, made of ipywidgets."""

from aiir_lab.widgets.causes import FishboneEditor, WhysEditor, edit_fishbone, edit_whys
from aiir_lab.widgets.interview import PracticePanel, practise
from aiir_lab.widgets.meeting import MeetingPanel, meeting_panel
from aiir_lab.widgets.quiz import QuizPanel, quiz

__all__ = [
    "FishboneEditor",
    "MeetingPanel",
    "PracticePanel",
    "QuizPanel",
    "WhysEditor",
    "edit_fishbone",
    "edit_whys",
    "meeting_panel",
    "practise",
    "quiz",
]
