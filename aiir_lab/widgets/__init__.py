"""Panels for the notebook, made of ipywidgets."""

from aiir_lab.widgets.interview import PracticePanel, practise
from aiir_lab.widgets.quiz import QuizPanel, quiz

__all__ = ["PracticePanel", "QuizPanel", "practise", "quiz"]
