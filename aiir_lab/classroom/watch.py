"""Grade what arrives in a folder, once it is whole; nothing that arrives stops the watching.

Whatever is collected or graded already stays so: ended at any moment and started again, watching goes on.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

from aiir_lab.classroom.collect import UNREADABLE, Collected, handed_in, take
from aiir_lab.classroom.course import Course, CourseError

PATIENCE_S = 60.0
"""A file that is no notebook yet may still be on its way; after so long without a change it is refused."""


class Watcher:
    """A folder of submissions that is looked at again and again.

    Parameters
    ----------
    course : Course
    inbox : Path
        One folder per student, as :func:`~.collect.collect` takes them.
    workers, is_isolated
        As for :meth:`Course.grade`.

    Raises
    ------
    CourseError
        The folder does not exist.
    """

    def __init__(
        self, course: Course, inbox: Path, *, workers: int | None = None, is_isolated: bool = True
    ) -> None:
        if not inbox.is_dir():
            raise CourseError(f"{inbox} is no folder. Give the folder that holds one folder per student.")
        self._course, self._inbox = course, inbox
        self._workers, self._is_isolated = workers, is_isolated
        self._seen: dict[Path, tuple[tuple[int, int], float]] = {}
        self._taken: dict[Path, tuple[int, int]] = {}
        # what was collected before; grading itself knows which of it is graded
        self._pending = {lesson: set(course.submitted(lesson)) for lesson in course.lessons()}
        self._said: dict[str, str] = {}

    def arrivals(self) -> list[Collected]:
        """Collect every file that has not changed since the last look; a later version replaces."""
        found, seen = [], {}
        for student, lesson, path in handed_in(self._course, self._inbox):
            try:
                info = path.lstat()
                mark = (info.st_size, info.st_mtime_ns)
                before, since = self._seen.get(path, (None, time.monotonic()))
                seen[path] = (mark, since if before == mark else time.monotonic())
                if before != mark or self._taken.get(path) == mark:
                    continue
                state = take(self._course, self._inbox / student, lesson, path, update=True)
            except OSError as error:  # gone or locked again meanwhile
                state = f"refused: it cannot be read: {error.strerror}"
            if state == UNREADABLE and time.monotonic() - since < PATIENCE_S:
                continue
            self._taken[path] = mark
            found.append(Collected(student, lesson, state))
        self._seen = seen
        return found

    def look(self) -> Iterator[str]:
        """Look once: collect what is whole, grade it, and tell about each in a line."""
        for one in self.arrivals():
            if one.state in {"new", "updated"}:
                self._pending.setdefault(one.lesson, set()).add(one.student)
            elif one.state != "same":
                yield f"{one.student}: {one.lesson}: {one.state}"
        for lesson, students in list(self._pending.items()):
            if students:
                yield from self._grade(lesson, students)

    def _grade(self, lesson: str, students: set[str]) -> Iterator[str]:
        before = {student: self._stamp(lesson, student) for student in students}
        try:
            for outcome in self._course.grade(
                lesson, workers=self._workers, is_isolated=self._is_isolated, students=set(students)
            ):
                students.discard(outcome.student)
                if outcome.problem:
                    yield f"{outcome.student}: {lesson}: not graded: {outcome.problem}"
                elif self._stamp(lesson, outcome.student) != before.get(outcome.student):
                    yield f"{outcome.student}: {lesson}: {self._score(lesson, outcome.student)}"
            self._said.pop(lesson, None)
        except Exception as error:  # tried again at the next look; said once
            reason = " ".join(str(error).split()) or type(error).__name__
            if self._said.get(lesson) != reason:
                self._said[lesson] = reason
                yield f"{lesson}: {len(students)} not graded yet: {reason}"

    def _result(self, lesson: str, student: str) -> Path:
        return self._course.folder / "graded" / lesson / f"{student}.json"

    def _stamp(self, lesson: str, student: str) -> int:
        path = self._result(lesson, student)
        return path.stat().st_mtime_ns if path.is_file() else 0

    def _score(self, lesson: str, student: str) -> str:
        graded = json.loads(self._result(lesson, student).read_text(encoding="utf-8"))["graded"]
        why = f" ({graded['state']}: {graded['reason']})" if graded["reason"] else ""
        return f"{graded['score']:g} of {graded['points']:g}{why}"
