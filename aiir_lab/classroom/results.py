"""The kept results of a lesson: what every student answered, and how it was judged."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiir_lab.grade.grading import Graded
from aiir_lab.records import AiirError, NotFoundError

if TYPE_CHECKING:
    from aiir_lab.classroom.course import Course


@dataclass(frozen=True)
class Kept:
    """One student's result."""

    student: str
    graded: Graded


def load_results(course: Course, lesson: str) -> list[Kept]:
    """Every result that ``aiir classroom grade`` kept for a lesson, by student.

    Raises
    ------
    NotFoundError
        The course has no such lesson.
    AiirError
        Nothing is graded yet, or a result cannot be read; the message names it.
    """
    if lesson not in course.lessons():
        raise NotFoundError("lesson in this course", lesson, course.lessons())
    found = []
    for path in sorted((course.folder / "graded" / lesson).glob("*.json")):
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            found.append(Kept(path.stem, Graded.from_dict(content["graded"], content["notebook"])))
        except (OSError, ValueError, KeyError, TypeError):
            raise AiirError(
                f"{path} is not a result as grading keeps it. Delete it and grade again: "
                f"aiir classroom grade {lesson} --course {course.folder}"
            ) from None
    if not found:
        raise AiirError(
            f"Nothing of {lesson} is graded yet: aiir classroom grade {lesson} --course {course.folder}"
        )
    return found
