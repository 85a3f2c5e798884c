"""``lab.course_map``: the lessons of a workspace, what is done and what is next."""

from __future__ import annotations

from html import escape
from pathlib import Path
from urllib.parse import quote

from aiir_lab.grade.notebook import Lesson
from aiir_lab.grade.progress import Progress, read_progress

_SIGNS = {"done": "✓ done", "started": "◐ started", "new": "○ new"}


class CourseMap:
    """The map of a workspace; a notebook shows it as a table with links, a terminal as text."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress

    def __repr__(self) -> str:
        lines = [
            f"{_SIGNS[_state(lesson)]:<10} {_level(lesson):<13} {lesson.title} ({_points(lesson)})"
            for lesson in self.progress.lessons
        ]
        return "\n".join([*lines, *self._notices()])

    def _repr_html_(self) -> str:
        upcoming = self.progress.next_lesson
        rows = "".join(self._row(lesson, is_next=lesson is upcoming) for lesson in self.progress.lessons)
        head = "".join(
            f"<th style='text-align:left'>{name}</th>" for name in ("Level", "Lesson", "Points", "State")
        )
        notices = "".join(f"<p>{escape(notice)}</p>" for notice in self._notices())
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{notices}"

    def _row(self, lesson: Lesson, *, is_next: bool) -> str:
        weight = "bold" if is_next else "normal"
        link = f"<a href='{self._link(lesson)}'>{escape(lesson.title)}</a>"
        state = f"{_SIGNS[_state(lesson)]}{' ← next' if is_next else ''}"
        cells = "".join(
            f"<td style='text-align:left'>{cell}</td>"
            for cell in (_level(lesson), link, _points(lesson), state)
        )
        return f"<tr style='font-weight:{weight}'>{cells}</tr>"

    def _link(self, lesson: Lesson) -> str:
        return quote(lesson.path.relative_to(self.progress.folder).as_posix())

    def _notices(self) -> list[str]:
        if not self.progress.lessons and not self.progress.damaged:
            return ["No lesson stands beside this notebook. Run `aiir lab` to set the workspace up."]
        if self.progress.next_lesson is None and not self.progress.damaged:
            return ["Every lesson is done."]
        return list(self.progress.damaged)


def course_map(folder: str | Path = ".") -> CourseMap:
    """Show the lessons of a workspace with points and state, read from the saved notebooks.

    Parameters
    ----------
    folder : str or Path, default "."
        The workspace.

    Examples
    --------
    >>> course_map("/no/such/folder")
    No lesson stands beside this notebook. Run `aiir lab` to set the workspace up.
    """
    return CourseMap(read_progress(Path(folder)))


def _state(lesson: Lesson) -> str:
    return "done" if lesson.is_done else "started" if lesson.is_started else "new"


def _points(lesson: Lesson) -> str:
    return f"{lesson.score:g} of {lesson.points:g}"


def _level(lesson: Lesson) -> str:
    return lesson.path.parent.name or "course"
