"""Panels for the notebook, made of ipywidgets."""

from aiir_lab.widgets.board import ActionBoard, action_board
from aiir_lab.widgets.causes import (
    FishboneEditor,
    GraphEditor,
    WhysEditor,
    edit_causes,
    edit_fishbone,
    edit_whys,
)
from aiir_lab.widgets.interview import PracticePanel, practise
from aiir_lab.widgets.meeting import MeetingPanel, meeting_panel
from aiir_lab.widgets.quiz import QuizPanel, quiz
from aiir_lab.widgets.tabletop import ExercisePanel, FacilitatorPanel, exercise_panel

__all__ = [
    "ActionBoard",
    "ExercisePanel",
    "FacilitatorPanel",
    "FishboneEditor",
    "GraphEditor",
    "MeetingPanel",
    "PracticePanel",
    "QuizPanel",
    "WhysEditor",
    "action_board",
    "edit_causes",
    "edit_fishbone",
    "edit_whys",
    "exercise_panel",
    "meeting_panel",
    "practise",
    "quiz",
]
