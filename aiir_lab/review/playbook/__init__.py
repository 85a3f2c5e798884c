"""Exercise a playbook in an incident world: how it goes, what it avoids, and where it breaks."""

from aiir_lab.review.playbook.exercising import PlaybookExercise, exercise_playbook

__all__ = ["PlaybookExercise", "exercise_playbook"]
