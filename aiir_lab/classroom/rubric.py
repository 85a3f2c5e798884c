"""Comments with points that a grader uses again and again: ``rubric/<lesson>.yaml`` of a course folder.

::

    questions:
      b01-explain:
        row: {text: "You name the row that decides.", points: 2}
        vague: {text: "Say which row of the matrix you mean."}

They go where nbgrader keeps what a person gave (manual score and comment), so formgrader, feedback and
exports show them. What a person wrote by hand is never replaced unasked.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader.api import MissingEntry

from aiir_lab.grade.template import mark_of, text_of
from aiir_lab.records import AiirError, NotFoundError
from aiir_lab.records.base import Line, Record

if TYPE_CHECKING:
    from aiir_lab.classroom.course import Course


class RubricComment(Record):
    """What a grader says, and the points it gives or takes."""

    text: Line
    points: float = 0.0

    def __str__(self) -> str:
        return f"{self.text} ({self.points:+g})" if self.points else self.text


class Rubric(Record):
    """The comments of a lesson: question -> short name -> comment."""

    questions: dict[str, dict[str, RubricComment]]

    @classmethod
    def of(cls, course: Course, lesson: str) -> Rubric:
        """The rubric of a lesson.

        Raises
        ------
        AiirError
            There is none.
        RecordError
            The file is not as it should be; the message names line and field.
        """
        if lesson not in course.lessons():
            raise NotFoundError("lesson in this course", lesson, course.lessons())
        path = course.folder / "rubric" / f"{lesson}.yaml"
        if not path.is_file():
            raise AiirError(
                f"There is no {path}. Write one, such as:\n\nquestions:\n  QUESTION-ID:\n"
                '    short-name: {text: "What you say to the student.", points: 1}\n'
            )
        return cls.from_file(path)

    def comments(self, question: str, codes: Sequence[str] = ()) -> list[RubricComment]:
        """The comments of a question with these short names."""
        if question not in self.questions:
            raise NotFoundError("question in the rubric", question, list(self.questions))
        known = self.questions[question]
        for code in codes:
            if code not in known:
                raise NotFoundError(f"comment on {question}", code, list(known))
        return [known[code] for code in dict.fromkeys(codes)]


@dataclass(frozen=True)
class Waiting:
    """A written answer that nobody has graded yet."""

    lesson: str
    question: str
    student: str
    points: float
    text: str


@dataclass(frozen=True)
class Given:
    """What a student was given; ``problem`` says why nothing was changed."""

    student: str
    score: float = 0.0
    points: float = 0.0
    problem: str = ""


def waiting_answers(course: Course, lesson: str | None = None, question: str | None = None) -> list[Waiting]:
    """The answers that wait for a person, by lesson, question and student."""
    if lesson is not None and lesson not in course.lessons():
        raise NotFoundError("lesson in this course", lesson, course.lessons())
    found = []
    with course.api.gradebook as book:
        for assignment in book.assignments:
            if lesson not in {None, assignment.name}:
                continue
            for submission in assignment.submissions:
                for notebook in submission.notebooks:
                    open_grades = [
                        grade
                        for grade in notebook.grades
                        if grade.needs_manual_grade and question in {None, grade.name}
                    ]
                    texts = _texts(course, submission, notebook.name) if open_grades else {}
                    found += [
                        Waiting(
                            assignment.name, grade.name, submission.student.id, grade.max_score,
                            texts.get(grade.name, ""),
                        )
                        for grade in open_grades
                    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.lesson, one.question, one.student))


def give_comments(
    course: Course,
    lesson: str,
    question: str,
    codes: Sequence[str],
    students: Sequence[str],
    *,
    note: str = "",
    force: bool = False,
) -> list[Given]:
    """Give students the comments of the rubric, and the sum of their points as the score.

    Parameters
    ----------
    course : Course
    lesson, question : str
    codes : sequence of str
        Short names in the rubric.
    students : sequence of str
    note : str, optional
        A sentence for these students alone, after the others.
    force : bool, default False
        Whether a score or comment that a person gave by hand is replaced.

    Returns
    -------
    list of Given
        One for each student. A score is at least 0 and at most what the question is worth.
    """
    rubric = Rubric.of(course, lesson)
    chosen = rubric.comments(question, codes)
    if not chosen and not note.strip():
        raise AiirError("Name at least one comment of the rubric, or give a note.")
    done = []
    with course.api.gradebook as book:
        for student in students:
            try:
                notebooks = book.find_submission(lesson, student).notebooks
                grade = book.find_grade(question, notebooks[0].name, lesson, student)
                comment = book.find_comment(question, notebooks[0].name, lesson, student)
            except (MissingEntry, IndexError):
                done.append(Given(student, problem=f"has no graded answer to {question} in {lesson}"))
                continue
            if not force and not _is_ours(grade, comment, list(rubric.questions[question].values())):
                said = "what a person gave is kept; --force replaces it"
                done.append(Given(student, grade.score, grade.max_score, said))
                continue
            lines = [*map(str, chosen), *([note.strip()] if note.strip() else [])]
            grade.manual_score = _score(chosen, grade.max_score)
            grade.needs_manual_grade = False
            comment.manual_comment = "\n\n".join(lines)
            done.append(Given(student, grade.manual_score, grade.max_score))
        book.db.commit()
    return done


def _score(comments: Sequence[RubricComment], most: float) -> float:
    return min(max(sum(comment.points for comment in comments), 0.0), most)


def _is_ours(grade: Any, comment: Any, known: list[RubricComment]) -> bool:
    """Whether nothing is there yet, or only what this rubric has given."""
    if grade.manual_score is None and not comment.manual_comment:
        return True
    lines = set(filter(None, (comment.manual_comment or "").split("\n\n")))
    given = [one for one in known if str(one) in lines]
    return lines == set(map(str, given)) and grade.manual_score == _score(given, grade.max_score)


def _texts(course: Course, submission: Any, notebook: str) -> dict[str, str]:
    folder = course.folder / "autograded" / submission.student.id / submission.assignment.name
    return prose_of(folder / f"{notebook}.ipynb")


def prose_of(path: Path) -> dict[str, str]:
    """The written answers in a graded notebook by grade id; empty where there is none."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    marked = [(mark_of(cell), cell) for cell in cells]
    return {
        mark["grade_id"]: text_of(cell)
        for mark, cell in marked
        if mark.get("grade") and mark.get("solution") and mark.get("grade_id")
    }
