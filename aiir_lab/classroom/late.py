"""Late penalties by nbgrader's own mechanism, computed again whenever a rule or an extension changes.

nbgrader computes a penalty once, when it autogrades; a later due date leaves it stale. Here the rules of
``late.yaml`` are applied to what is in the gradebook already: on grading, before feedback and exports, and by
``aiir classroom late``. Nothing is executed or judged.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader.plugins import LateSubmissionPlugin

from aiir_lab.classroom.late_rules import LateRules, to_naive_utc
from aiir_lab.records import NotFoundError

if TYPE_CHECKING:
    from aiir_lab.classroom.course import Course

PLUGIN = "aiir_lab.classroom.late.LateRulesPlugin"


class LateRulesPlugin(LateSubmissionPlugin):  # type: ignore[misc]
    """nbgrader's late plugin that follows ``late.yaml``; without that file nbgrader's own settings count.

    ``c.AssignLatePenalties.plugin_class = "aiir_lab.classroom.late.LateRulesPlugin"`` in nbgrader_config.py
    turns it on.
    """

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Points lost by a late submission."""
        rules = LateRules.of(Path(self.parent.config.CourseDirectory.get("root") or "."))
        if rules is None:
            penalty: float | None = super().late_submission_penalty(student_id, score, total_seconds_late)
            return penalty
        late = timedelta(seconds=total_seconds_late)
        return rules.rule_of(self.parent.assignment_id).penalty(score, late)


@dataclass(frozen=True)
class Penalty:
    """What lateness costs one submission, and cost it before."""

    lesson: str
    student: str
    late: timedelta
    extension: timedelta | None
    points: float
    points_before: float

    @property
    def is_changed(self) -> bool:
        """Whether the gradebook held another value."""
        return abs(self.points - self.points_before) > 1e-9


def assign_penalties(
    course: Course, *, lesson: str | None = None, student: str | None = None, book: Any = None
) -> list[Penalty]:
    """Bring due dates, extensions and penalties in the gradebook up to ``late.yaml``.

    For lessons that the file names, it alone says when they are due and who has longer; others keep what the
    gradebook says. ``book`` is the gradebook where it is open already; it stays open.

    Raises
    ------
    RecordError
        The file is not as it should be.
    NotFoundError
        It names a lesson that the course does not have.
    """
    rules = LateRules.of(course.folder)
    for name in rules.lessons if rules else ():
        if name not in course.lessons():
            raise NotFoundError("lesson for late.yaml", name, course.lessons())
    with nullcontext(book) if book else course.api.gradebook as book:
        if lesson and student:
            chosen = [book.find_submission(lesson, student)]
        else:
            chosen = [
                submission
                for assignment in book.assignments
                if lesson in {None, assignment.name}
                for submission in assignment.submissions
                if student in {None, submission.student.id}
            ]
        found = [_assign(course, submission, rules) for submission in chosen]
        book.db.commit()
    return found


def _assign(course: Course, submission: Any, rules: LateRules | None) -> Penalty:
    lesson, student = submission.assignment.name, submission.student.id
    if rules and lesson in rules.lessons:
        submission.assignment.duedate = to_naive_utc(rules.due_utc(lesson))
        submission.extension = rules.extension(student, lesson)
    seconds = submission.total_seconds_late
    points = before = 0.0
    for notebook in submission.notebooks:
        before += notebook.late_submission_penalty or 0.0
        penalty = _penalty(course, lesson, student, notebook.score, seconds)
        notebook.late_submission_penalty = penalty
        points += penalty or 0.0
    return Penalty(lesson, student, timedelta(seconds=seconds), submission.extension, points, before)


def _penalty(course: Course, lesson: str, student: str, score: float, seconds: float) -> float | None:
    if seconds <= 0:
        return None
    from nbgrader.preprocessors import AssignLatePenalties

    machine = AssignLatePenalties(config=course.api.config)
    machine.log.setLevel("ERROR")
    machine.assignment_id = lesson
    machine.init_plugin()
    penalty = machine.plugin_inst.late_submission_penalty(student, score, seconds)
    return None if penalty is None else min(max(float(penalty), 0.0), score)
