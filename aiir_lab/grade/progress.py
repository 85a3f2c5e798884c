"""What is done in a workspace and what is next, read from the saved notebooks themselves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from aiir_lab.grade.notebook import Lesson, NotebookError, read_lesson

LEVELS = ("beginner", "intermediate", "advanced")


@dataclass(frozen=True)
class Progress:
    """The lessons of a workspace in the order of the course, and the notebooks that cannot be read."""

    folder: Path
    lessons: tuple[Lesson, ...]
    damaged: tuple[str, ...]

    @property
    def next_lesson(self) -> Lesson | None:
        """The first lesson that is not done; ``None`` at the end of the course."""
        return next((lesson for lesson in self.lessons if not lesson.is_done), None)


def read_progress(folder: Path) -> Progress:
    """Judge every lesson in the level folders of a workspace (or of one level)."""
    levels = [folder / level for level in LEVELS if (folder / level).is_dir()] or [folder]
    lessons: list[Lesson] = []
    damaged: list[str] = []
    for level in levels:
        for path in sorted(level.glob("[0-9]*.ipynb")):
            try:
                lessons.append(read_lesson(path))
            except NotebookError as error:
                damaged.append(str(error))
    return Progress(folder, tuple(lessons), tuple(damaged))
