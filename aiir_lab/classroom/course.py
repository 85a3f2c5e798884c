"""A class on nbgrader: a thin layer on its own Python API, from release to export.

The course folder is an ordinary nbgrader course (``source``, ``release``, ``submitted``, ``autograded``,
``feedback``, ``gradebook.db``, ``nbgrader_config.py``); every nbgrader tool works on it, its formgrader
included. Each lesson is one assignment with one notebook.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from aiir_lab.catalog.course_files import course_path
from aiir_lab.classroom.build import sources
from aiir_lab.classroom.late_rules import FILE as LATE_FILE
from aiir_lab.classroom.source import read_source, stubs, to_text
from aiir_lab.grade.notebook import NotebookError
from aiir_lab.records import AiirError, NotFoundError

STUDENT_ID = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")

_CONFIG = '''\
"""nbgrader settings of this course, written once by `aiir classroom init`; change them at will."""

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = {course_id!r}
c.Exchange.root = {exchange!r}

# A learner's own version of a lesson has the same stubs.
c.ClearSolutions.code_stub = {code_stub!r}
c.ClearSolutions.text_stub = {text_stub!r}

# A check cell that a learner deleted comes back and is graded.
c.OverwriteCells.add_missing_cells = True
c.ExecutePreprocessor.timeout = 120

# Due dates, late rules and extensions stand in late.yaml, where that file is there.
c.AssignLatePenalties.plugin_class = "aiir_lab.classroom.late.LateRulesPlugin"

# Figures are still there in the feedback, without a network.
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "aiir_lab.view.offline.EmbedFigures",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
'''


class CourseError(AiirError):
    """Something in the course folder is not as it should be; nothing was deleted."""


@dataclass(frozen=True)
class Outcome:
    """How one step went for one student and lesson; ``problem`` is empty where it succeeded."""

    lesson: str
    student: str
    problem: str = ""


class Course:
    """An nbgrader course of this kit's lessons.

    Parameters
    ----------
    folder : Path
        The course folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    @classmethod
    def create(cls, folder: Path, *, course_id: str) -> Course:
        """Make a course folder with its settings and the source of every lesson.

        Sources and settings that are there already stay as they are.
        """
        if not STUDENT_ID.match(course_id):
            raise CourseError(f"A course id has letters, digits, '.', '_' and '-', got {course_id!r}.")
        course = cls(folder)
        course.folder.mkdir(parents=True, exist_ok=True)
        settings = course.folder / "nbgrader_config.py"
        if not settings.exists():
            exchange = str(course.folder / "exchange")
            settings.write_text(
                _CONFIG.format(course_id=course_id, exchange=exchange, **stubs()), encoding="utf-8"
            )
        (course.folder / "exchange").mkdir(exist_ok=True)
        for lesson, source in lessons().items():
            target = course.folder / "source" / lesson / f"{source.stem}.ipynb"
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(to_text(read_source(source)), encoding="utf-8")
        return course

    @cached_property
    def api(self) -> Any:
        """nbgrader's API on this course."""
        from nbgrader.apps import NbGraderAPI
        from nbgrader.coursedir import CourseDirectory
        from traitlets.config import PyFileConfigLoader

        settings = self.folder / "nbgrader_config.py"
        if not settings.exists():
            raise CourseError(f"{self.folder} is no course. Make one with: aiir classroom init {self.folder}")
        # nbgrader starts `alembic` as a command; in an environment that is not activated it is not on PATH
        programs = str(Path(sys.executable).parent)
        if programs not in os.environ.get("PATH", "").split(os.pathsep):
            os.environ["PATH"] = programs + os.pathsep + os.environ.get("PATH", "")
        config = PyFileConfigLoader(settings.name, path=str(self.folder)).load_config()
        config.CourseDirectory.root = str(self.folder)
        if (self.folder / LATE_FILE).is_file() and "plugin_class" not in config.AssignLatePenalties:
            config.AssignLatePenalties.plugin_class = "aiir_lab.classroom.late.LateRulesPlugin"
        return NbGraderAPI(coursedir=CourseDirectory(config=config), config=config)

    def lessons(self) -> list[str]:
        """The assignments that have a source in this course."""
        return sorted(path.name for path in (self.folder / "source").glob("*") if path.is_dir())

    def release(self, lesson: str, *, is_own: bool = False) -> Path:
        """Make the students' version of a lesson; return its folder, ready to be handed out.

        With ``is_own`` it is a part of :class:`~.own_data.OwnRelease`, which adds each learner's incident.
        """
        own = self.folder / "keys" / "own" / lesson
        if own.is_dir() and not is_own:
            raise CourseError(
                f"{lesson} was released with an incident for each learner. Release it with --per-student "
                f"again; to hand out one for all, first delete {own} and source/{lesson}, then run "
                "aiir classroom init."
            )
        _require(
            self.api.generate_assignment(self._known(lesson), force=True, create=True), f"release of {lesson}"
        )
        return self.folder / "release" / lesson

    def submitted(self, lesson: str) -> list[str]:
        """The students who handed a lesson in."""
        return sorted(path.parent.name for path in (self.folder / "submitted").glob(f"*/{lesson}"))

    def grade(
        self,
        lesson: str,
        *,
        workers: int | None = None,
        is_isolated: bool = True,
        force: bool = False,
        students: Collection[str] | None = None,
        scheduler: str | None = None,
    ) -> Iterator[Outcome]:
        """Grade every submission of a lesson that was not graded yet; see :class:`~.batch.Batch`."""
        from aiir_lab.classroom.batch import Batch

        batch = Batch(
            self, self._known(lesson), workers=workers, is_isolated=is_isolated, scheduler=scheduler
        )
        yield from batch.grade(force=force, students=students)

    def regrade(self, lesson: str, *, question: str | None = None) -> Iterator[Outcome]:
        """Judge the kept answers of a lesson again, with the criteria as they are now; nothing is run."""
        from aiir_lab.classroom.batch import Batch

        yield from Batch(self, self._known(lesson), is_isolated=False).regrade(question)

    def feedback(self, lesson: str) -> Iterator[Outcome]:
        """Write the feedback page of every graded submission, late penalties brought up to date.

        What acts on a page is taken out, also where a submission was graded before grading did that.
        """
        from aiir_lab.classroom.gradebook import clean_graded
        from aiir_lab.classroom.late import assign_penalties

        assign_penalties(self, lesson=self._known(lesson))
        graded = (self.folder / "autograded").glob(f"*/{self._known(lesson)}")
        for student in sorted(path.parent.name for path in graded):
            try:
                clean_graded(self, lesson, student)
            except NotebookError as error:
                yield Outcome(lesson, student, str(error))
                continue
            result = self.api.generate_feedback(lesson, student, force=True)
            yield Outcome(lesson, student, _problem(result))

    def export(self, target: Path) -> Path:
        """Write every student's score of every lesson as CSV, late penalties brought up to date."""
        from aiir_lab.classroom.export import CsvExport
        from aiir_lab.classroom.late import assign_penalties

        assign_penalties(self)
        with self.api.gradebook as gradebook:
            CsvExport(to=str(target)).export(gradebook)
        return target

    def _known(self, lesson: str) -> str:
        if lesson not in self.lessons():
            raise NotFoundError("lesson in this course", lesson, self.lessons())
        return lesson


def lessons() -> dict[str, Path]:
    """Every lesson of the installed course: assignment name -> source."""
    root = course_path("notebooks")
    return {f"{path.parent.name}-{path.stem}": path for path in sources(root) if path.parent != root}


def _require(result: dict[str, Any], what: str) -> None:
    if problem := _problem(result):
        raise CourseError(f"{what} failed: {problem}")


def _problem(result: dict[str, Any]) -> str:
    """The reason in nbgrader's log or traceback, without either."""
    if result.get("success"):
        return ""
    log = [
        line
        for line in str(result.get("log") or "").splitlines()
        if line.startswith(("[ERROR]", "[CRITICAL]"))
    ]
    trace = str(result.get("error") or "").strip().splitlines()
    return (log or trace or ["nbgrader gave no reason"])[-1].removeprefix("[ERROR] ")[:500]
