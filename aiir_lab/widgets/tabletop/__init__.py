"""The notebook face of a tabletop exercise: the players' panel and the facilitator's view."""

from aiir_lab.widgets.tabletop.facilitator import FacilitatorPanel
from aiir_lab.widgets.tabletop.panel import ExercisePanel, exercise_panel

__all__ = ["ExercisePanel", "FacilitatorPanel", "exercise_panel"]
