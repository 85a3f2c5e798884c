"""Scores in the CSV that Canvas and Moodle import into their gradebooks.

Canvas (``lib/gradebook_importer.rb``): Student, ID, SIS User ID, SIS Login ID, Section, then one column for
each assignment, ``Name (id)`` for one that is there already; a row of points possible. Moodle
(``grade/import/csv``): a column that identifies the user, then one for each grade item. An empty cell is no
grade to both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader.api import MissingEntry

from aiir_lab.classroom.course import CourseError
from aiir_lab.classroom.export import safe_cell, write_rows
from aiir_lab.classroom.late import assign_penalties
from aiir_lab.classroom.roster import Person
from aiir_lab.records import NotFoundError

if TYPE_CHECKING:
    from aiir_lab.classroom.course import Course

CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
MOODLE = ("Username", "ID number", "Email address", "First name", "Last name")
PLATFORMS = ("canvas", "moodle")


@dataclass
class Exported:
    """The file, and who is not in it or not yet with all points."""

    path: Path
    students: int = 0
    unknown: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)


def export_for(
    course: Course,
    platform: str,
    target: Path,
    *,
    roster: Mapping[str, Person] | None = None,
    items: Mapping[str, str] | None = None,
    lessons: list[str] | None = None,
    with_waiting: bool = False,
) -> Exported:
    """Write the scores, late penalties taken off, as ``platform`` imports them.

    Parameters
    ----------
    course : Course
    platform : str
        ``canvas`` or ``moodle``.
    target : Path
        The file; replaced whole.
    roster : mapping, optional
        Who is who (:func:`~.roster.read_roster`). Without it our ids are taken for the platform's logins.
    items : mapping, optional
        Lesson -> heading of its column, such as ``Lesson 1 (4711)``; by default its name.
    lessons : list of str, optional
        Which ones; by default all that are in the gradebook.
    with_waiting : bool, default False
        Whether a score goes out whose written answers nobody has graded yet. Otherwise its cell is empty.

    Raises
    ------
    NotFoundError
        There is no such platform or lesson.
    CourseError
        Somebody's login would start a formula in a spreadsheet.
    """
    if platform not in PLATFORMS:
        raise NotFoundError("platform", platform, list(PLATFORMS))
    assign_penalties(course)
    done = Exported(target)
    with course.api.gradebook as book:
        assignments = {one.name: one for one in book.assignments}
        for name in (*(lessons or ()), *(items or ())):
            if name not in assignments:
                raise NotFoundError("lesson in the gradebook", name, list(assignments))
        names = lessons or list(assignments)
        people = dict(roster or {one.id: _person(one) for one in book.students})
        done.unknown = sorted(one.id for one in book.students if one.id not in people)
        scores = {
            id: [_score(book, name, id, done, with_waiting=with_waiting) for name in names] for id in people
        }
        most = [assignments[name].max_score for name in names]
    headings = [(items or {}).get(name, name) for name in names]
    done.students = len(people)
    if platform == "canvas":
        rows = [[*CANVAS, *headings], ["    Points Possible", "", "", "", "", *most]]
        rows += [[*_canvas(person), *scores[id]] for id, person in people.items()]
    else:
        rows = [[*MOODLE, *headings]]
        rows += [[*_moodle(person), *scores[id]] for id, person in people.items()]
    write_rows(rows, target)
    return done


def _score(book: Any, lesson: str, student: str, done: Exported, *, with_waiting: bool) -> float | str:
    try:
        submission = book.find_submission(lesson, student)
    except MissingEntry:
        return ""
    if submission.needs_manual_grade:
        done.waiting.append(f"{student}: {lesson}")
        if not with_waiting:
            return ""
    return round(max(0.0, submission.score - submission.late_submission_penalty), 4)


def _person(student: Any) -> Person:
    return Person(
        student.id,
        first_name=student.first_name or "",
        last_name=student.last_name or "",
        email=student.email or "",
    )


def _canvas(person: Person) -> list[str]:
    name = ", ".join(part for part in (person.last_name, person.first_name) if part)
    ids = [person.canvas_id, person.sis_user_id, person.sis_login_id]
    if not any(ids):
        ids[2] = person.student_id
    return [person.name or name or person.student_id, *map(_plain, ids), person.section]


def _moodle(person: Person) -> list[str]:
    ids = [person.username, person.idnumber, person.email]
    if not any(ids):
        ids[0] = person.student_id
    return [*map(_plain, ids), person.first_name or person.name, person.last_name]


def _plain(login: str) -> str:
    if safe_cell(login) != login:
        raise CourseError(
            f"The login {login!r} starts with a sign that a spreadsheet takes for a formula, so it is not "
            "written. Give another column of the roster to go by."
        )
    return login
