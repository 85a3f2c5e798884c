"""A lesson in which every learner has an incident of their own.

The seed of a learner's world comes from the course's secret key, so nobody without the key can play the
world again: there are 2**63 seeds, and what is handed out holds only what responders could have seen.

=============================================  ====================================================
in the course folder                           what it is
=============================================  ====================================================
``keys/own_data.key``                          the secret; make a copy of it
``keys/own/<lesson>/<student>.json``           what is true of a learner's incident; for grading
``handout/<student>/<lesson>/``                what this learner gets: notebook and incident
=============================================  ====================================================
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from aiir_lab.classroom.course import STUDENT_ID, Course, CourseError, Outcome, lessons
from aiir_lab.classroom.roster import read_roster
from aiir_lab.classroom.source import read_source, to_text
from aiir_lab.classroom.workspace import write_whole
from aiir_lab.grade.grading import grade_notebook
from aiir_lab.grade.own_data import Case, OwnData, own_data_of, share_earned
from aiir_lab.grade.sandbox import Limits, Sandbox, shared_sandbox, why_unavailable
from aiir_lab.grade.template import Template
from aiir_lab.simulate import incident_files, simulate
from aiir_lab.simulate.incident import FOLDER

FORMAT = 2
MOST_TRIES = 40
"""Worlds drawn for a learner until one can be solved by the lesson's own method and is like no other's."""

MOST_ELSEWHERE = 0.1
"""Share of the points that right answers to one incident may earn on another one of the lesson."""


def read_students(path: Path) -> list[str]:
    """The students on a roster, each checked to be a student id.

    Raises
    ------
    RosterError
        The roster cannot be read; see :func:`aiir_lab.classroom.roster.read_roster`.
    CourseError
        It names nobody, or somebody by what is no student id.
    """
    if not path.is_file():
        raise CourseError(
            f"There is no roster {path}. Give a CSV file with a column student_id, with --roster."
        )
    found = list(read_roster(path))
    wrong = [student for student in found if not STUDENT_ID.match(student)]
    if wrong:
        raise CourseError(f"{path}: {wrong[0]!r} is no student id (letters, digits, '.', '_', '-').")
    if not found:
        raise CourseError(f"The roster {path} names nobody.")
    return found


def draw_seed(key: bytes, *, lesson: str, student: str, world: str, attempt: int = 0) -> int:
    """The seed of a learner's world: 0 to 2**63 - 1.

    Examples
    --------
    >>> draw_seed(b"secret", lesson="i02", student="ana", world="fraud_poisoning").bit_length() <= 63
    True
    """
    text = "|".join((lesson, student, world, str(attempt)))
    return int.from_bytes(hmac.new(key, text.encode(), hashlib.sha256).digest()[:8], "big") >> 1


@dataclass(frozen=True)
class _Record:
    case: Case
    answers: dict[str, Any]  # right ones: question id -> answer, by the lesson's own solution
    files: dict[str, str]  # name -> sha256


class OwnRelease:
    """The incidents of one lesson, learner by learner.

    Parameters
    ----------
    course : Course
    lesson : str
        The assignment, such as ``"intermediate-02_investigate_a_poisoned_model"``.

    Raises
    ------
    OwnDataError
        The lesson cannot be released like this; the message says why.
    """

    def __init__(self, course: Course, lesson: str) -> None:
        self.course, self.lesson = course, lesson
        source = lessons().get(lesson)
        if source is None:
            raise CourseError(
                f"{lesson} is no lesson of the kit, so there is no world to draw incidents from."
            )
        self.source = source
        self.prefix = f"{source.parent.name[0]}{source.stem[:2]}"
        self.data: OwnData = own_data_of(self.prefix)

    @classmethod
    def find(cls, course: Course, lesson: str) -> OwnRelease | None:
        """The release of a lesson, where it was released like this."""
        return cls(course, lesson) if records_folder(course, lesson).is_dir() else None

    def release(self, students: list[str]) -> Iterator[Outcome]:
        """Make the handouts of students; who has an incident already keeps it.

        Raises
        ------
        CourseError
            The key was lost, or the lesson's source in the course folder was changed.
        """
        key = self._key()
        self._put_source()
        released = self.course.release(self.lesson, is_own=True) / f"{self.source.stem}.ipynb"
        records_folder(self.course, self.lesson).mkdir(parents=True, exist_ok=True)
        template = Template.read(released)
        for student in students:
            try:
                files = self._incident(student, key, template)
            except CourseError as error:
                yield Outcome(self.lesson, student, str(error))
                continue
            home = self.handout(student)
            for name, content in files.items():
                write_whole(home / name, content)
            write_whole(home / released.name, released.read_bytes())
            yield Outcome(self.lesson, student)

    def handout(self, student: str) -> Path:
        """The folder that a student gets."""
        return self.course.folder / "handout" / student / self.lesson

    def record_path(self, student: str) -> Path:
        """What is true of a student's incident stands here."""
        return records_folder(self.course, self.lesson) / f"{student}.json"

    def case(self, student: str) -> Case:
        """What is true of a student's incident."""
        return self._record(student).case

    def files(self, student: str) -> dict[str, bytes]:
        """What a student's notebook finds beside itself when it is graded: name -> content.

        Raises
        ------
        CourseError
            A file is not as it was released.
        """
        found = {}
        for name, digest in self._record(student).files.items():
            path = self.handout(student) / name
            content = path.read_bytes() if path.is_file() else b""
            if hashlib.sha256(content).hexdigest() != digest:
                raise CourseError(
                    f"{path} is not as it was released to {student}. Delete it and release the lesson again: "
                    "with the same key the same incident is made."
                )
            found[name] = content
        return found

    def is_apart(self, case: Case, answers: dict[str, Any]) -> bool:
        """Whether right answers to a case earn next to nothing on each released incident, and the reverse."""
        here = self.data.questions_for(case)
        for path in sorted(records_folder(self.course, self.lesson).glob("*.json")):
            other = self._record(path.stem)
            there = self.data.questions_for(other.case)
            if max(share_earned(there, answers), share_earned(here, other.answers)) > MOST_ELSEWHERE:
                return False
        return True

    def _record(self, student: str) -> _Record:
        path = self.record_path(student)
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            if content["format"] != FORMAT:
                raise ValueError(f"format {content['format']}")
            return _Record(content["case"], content["answers"], content["files"])
        except FileNotFoundError:
            raise CourseError(
                f"{student} has no incident in {self.lesson}. Put the student on the roster and release the "
                "lesson again with --per-student; the others keep theirs."
            ) from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CourseError(
                f"{path} is damaged ({error}). Delete it and release the lesson again with --per-student: "
                "with the same key the same incident is made."
            ) from None

    def _key(self) -> bytes:
        path = self.course.folder / "keys" / "own_data.key"
        if path.is_file():
            key = path.read_text(encoding="utf-8").strip()
            if len(key) != 64 or not all(letter in "0123456789abcdef" for letter in key):
                raise CourseError(
                    f"{path} is damaged: expected 64 hexadecimal digits. Restore it from a copy."
                )
            return bytes.fromhex(key)
        made = sorted((self.course.folder / "keys" / "own").glob("*/*.json"))
        if made:
            raise CourseError(
                f"{path} is lost, but {len(made)} incidents were made with it. Restore it from a copy. "
                "Without one, what was released can still be graded; to release anew, delete "
                f"{made[0].parent.parent}, and every learner gets another incident."
            )
        write_whole(path, secrets.token_hex(32).encode() + b"\n")
        path.chmod(0o600)
        return self._key()

    def _put_source(self) -> None:
        target = self.course.folder / "source" / self.lesson / f"{self.source.stem}.ipynb"
        own = to_text(read_source(self.source, is_own=True))
        there = target.read_text(encoding="utf-8") if target.is_file() else ""
        if there not in {"", own, to_text(read_source(self.source))}:
            raise CourseError(
                f"{target} was changed, and the version with an incident for each learner would replace it. "
                "Move it away, then release again."
            )
        if there != own:
            write_whole(target, own.encode())

    def _incident(self, student: str, key: bytes, template: Template) -> dict[str, bytes]:
        """The files of a student's incident; drawn where it is not there yet."""
        path = self.record_path(student)
        known = self._record(student) if path.is_file() else None
        if known is not None and all((self.handout(student) / name).is_file() for name in known.files):
            return self.files(student)
        for attempt in range(MOST_TRIES):
            seed = draw_seed(key, lesson=self.prefix, student=student, world=self.data.world, attempt=attempt)
            run = simulate(self.data.world, seed=seed, difficulty=self.data.difficulty, size=self.data.size)
            case = self.data.case_of(run)
            if not self.data.suits(case):
                continue
            made = incident_files(run, lesson=self.prefix, what_if=self.data.what_if(case))
            files = {f"{FOLDER}/{name}": content for name, content in made.items()}
            if known is not None:
                if known.files == _digests(files):
                    return files
                continue  # the one that the student has was drawn later
            answers = self._solve(case, files, template)
            if answers is None or not self.is_apart(case, answers):
                continue
            record = {"format": FORMAT, "attempt": attempt, "case": case, "answers": answers}
            write_whole(path, json.dumps(record | {"files": _digests(files)}).encode())
            return files
        raise CourseError(
            f"no incident could be drawn in {MOST_TRIES} tries that "
            + (
                "is the one released before: is this the same key?"
                if known
                else "can be solved and is like no other's."
            )
        )

    def _solve(self, case: Case, files: dict[str, bytes], template: Template) -> dict[str, Any] | None:
        """The answers of the lesson's own solution; ``None`` where they earn less than full marks."""
        questions = {question.id: question for question in self.data.questions_for(case)}
        graded = grade_notebook(
            self._solved,
            template=template,
            sandbox=self._sandbox,
            question_of=questions.__getitem__,
            limits=Limits(
                cell_s=300, wall_s=900
            ),  # which world is drawn must not depend on the machine's load
            files=files,
        )
        is_right = graded.state == "graded" and graded.score == graded.points
        return {answer.question_id: answer.data for answer in graded.answers} if is_right else None

    @cached_property
    def _sandbox(self) -> Sandbox:
        # the lesson's own solution runs in it, so it need not be confined where it cannot be
        return Sandbox(is_isolated=False) if why_unavailable() else shared_sandbox()

    @cached_property
    def _solved(self) -> Path:
        # the source of the course folder holds the solutions
        return self.course.folder / "source" / self.lesson / f"{self.source.stem}.ipynb"


def records_folder(course: Course, lesson: str) -> Path:
    """Where the truth of a lesson's incidents lies."""
    return course.folder / "keys" / "own" / lesson


def _digests(files: dict[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
