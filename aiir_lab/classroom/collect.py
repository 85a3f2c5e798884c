"""Bring what students handed in into the course folder, each file alone, nothing overwritten unasked."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aiir_lab.classroom.course import STUDENT_ID, Course, CourseError

MAX_BYTES = 20 * 2**20
UNREADABLE = "refused: not a readable notebook"


@dataclass(frozen=True)
class Collected:
    """A file that was handed in and what became of it: new, same, updated, kept or refused."""

    student: str
    lesson: str
    state: str


def collect(course: Course, folder: Path, *, update: bool = False) -> list[Collected]:
    """Collect ``<student>/.../<lesson notebook>.ipynb`` from a folder.

    Parameters
    ----------
    course : Course
        The course that takes the submissions.
    folder : Path
        One folder per student, named by the student's id; notebooks keep the names they were released
        with, at any depth.
    update : bool, default False
        Whether a later version replaces the one collected before. Otherwise that one is kept.

    Raises
    ------
    CourseError
        The folder does not exist.
    """
    if not folder.is_dir():
        raise CourseError(f"{folder} is no folder. Give the folder that holds one folder per student.")
    return [
        Collected(student, lesson, take(course, folder / student, lesson, path, update=update))
        for student, lesson, path in handed_in(course, folder)
    ]


def handed_in(course: Course, folder: Path) -> Iterator[tuple[str, str, Path]]:
    """Every notebook below ``folder`` that bears the name of a lesson's: student, lesson, path."""
    by_notebook = {
        path.name: path.parent.name for path in sorted((course.folder / "source").glob("*/*.ipynb"))
    }
    for home in sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")):
        for path in sorted(home.rglob("*.ipynb")):
            lesson = by_notebook.get(path.name)
            if lesson and ".ipynb_checkpoints" not in path.parts:
                yield home.name, lesson, path


def take(course: Course, home: Path, lesson: str, path: Path, *, update: bool) -> str:
    """Take one file in, or refuse it; what became of it, as in :class:`Collected`."""
    return _refusal(home, path) or _take(course, home.name, lesson, path, update=update)


def _refusal(home: Path, path: Path) -> str:
    if not STUDENT_ID.match(home.name):
        return "refused: the folder's name is no student id (letters, digits, '.', '_', '-')"
    if path.is_symlink() or any(
        parent.is_symlink() for parent in path.parents if home in (parent, *parent.parents)
    ):
        return "refused: a link, not a file"
    if not path.is_file():
        return "refused: no plain file"
    if path.stat().st_size > MAX_BYTES:
        return f"refused: larger than {MAX_BYTES // 2**20} MiB"
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (ValueError, KeyError, TypeError, OSError, RecursionError):
        return UNREADABLE
    return "" if isinstance(cells, list) else UNREADABLE


def _take(course: Course, student: str, lesson: str, path: Path, *, update: bool) -> str:
    target = course.folder / "submitted" / student / lesson / path.name
    if target.exists():
        if target.read_bytes() == path.read_bytes():
            return "same"
        if not update:
            return "kept: an earlier version was collected; use --update to replace it"
    state = "updated" if target.exists() else "new"
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)
    handed_in = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
    (target.parent / "timestamp.txt").write_text(f"{handed_in:%Y-%m-%d %H:%M:%S.%f} UTC\n", encoding="utf-8")
    return state
