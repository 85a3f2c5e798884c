"""Grade every submission of a lesson: confined, in parallel, with one writer, and resumable at any moment.

Each submission goes through three states on the disk, in ``graded/<lesson>/<student>.json``: not there,
judged, and saved. Whoever is killed in between starts again: what is judged is not run again, what is saved
is not saved again. The gradebook is written by the calling thread alone.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from aiir_lab.classroom.course import Course, CourseError, Outcome
from aiir_lab.classroom.gradebook import save
from aiir_lab.classroom.own_data import OwnRelease
from aiir_lab.classroom.workspace import write_whole
from aiir_lab.grade.cluster import Cluster
from aiir_lab.grade.grading import Graded, Judge, grade_notebook, rejudge
from aiir_lab.grade.judges import shared_judges
from aiir_lab.grade.keys import Keys, QuestionSource
from aiir_lab.grade.sandbox import Limits, Sandbox, require_isolation, shared_sandbox
from aiir_lab.grade.template import Template

FORMAT = 1


@dataclass(frozen=True)
class Job:
    """One submission to grade, and where its result stands."""

    lesson: str
    student: str
    notebook: Path
    result: Path


@dataclass(frozen=True)
class _Kept:
    """A result as it stands on the disk: of which submission, by which key, and whether it is saved."""

    graded: Graded
    digest: str
    key: str
    is_saved: bool


class Batch:
    """The grading of one lesson.

    Parameters
    ----------
    course : Course
    lesson : str
    workers : int, optional
        Submissions that run at the same time; the number of cores by default.
    is_isolated : bool, default True
        ``False`` runs submissions without a sandbox, with your own rights; the gradebook says so.
    limits : Limits, optional
        What one submission may use.
    scheduler : str, optional
        Address of a Dask scheduler: submissions run on its workers, each in a sandbox there. This process
        alone judges and writes. ``workers`` is then how many are sent out at a time, by default twice what
        the workers have threads for.

    Raises
    ------
    CourseError
        The lesson was not released, so there is nothing to grade by.
    SandboxError
        Kernels cannot be isolated on this machine; the message says why, and the remedy.
    """

    def __init__(
        self,
        course: Course,
        lesson: str,
        *,
        workers: int | None = None,
        is_isolated: bool = True,
        limits: Limits | None = None,
        scheduler: str | None = None,
    ) -> None:
        if scheduler and not is_isolated:
            raise CourseError(
                "On a cluster every submission is confined; leave --no-sandbox or --scheduler out."
            )
        if is_isolated and not scheduler:
            require_isolation()
        self.course, self.lesson, self.scheduler = course, lesson, scheduler
        self.workers = workers
        self.is_isolated, self.limits = is_isolated, limits
        released = sorted((course.folder / "release" / lesson).glob("*.ipynb"))
        if not released:
            raise CourseError(
                f"{lesson} was not released, so there is nothing to grade by. "
                f"Release it first: aiir classroom release {lesson} --course {course.folder}"
            )
        self.released = released[0]
        # what was handed out beside the notebook, such as a meeting, is there again, as it was
        extra = [path for path in sorted(self.released.parent.iterdir()) if path.suffix != ".ipynb"]
        self.files = {path.name: path.read_bytes() for path in extra if path.is_file()}
        self.template = Template.read(self.released)
        self.keys = Keys(course.folder / "keys")
        self._key_file = course.folder / "keys" / f"{next(iter(self.template.cells)).split('-')[0]}.py"
        self.own = OwnRelease.find(course, lesson)

    def jobs(self) -> list[Job]:
        """Every submission of the lesson, by student."""
        found = []
        for student in self.course.submitted(self.lesson):
            path = self.course.folder / "submitted" / student / self.lesson / self.released.name
            result = self.course.folder / "graded" / self.lesson / f"{student}.json"
            found.append(Job(self.lesson, student, path, result))
        return found

    def grade(self, *, force: bool = False, students: Collection[str] | None = None) -> Iterator[Outcome]:
        """Grade what was not graded yet, or has changed since; with ``force`` everything.

        Parameters
        ----------
        force : bool, default False
        students : collection of str, optional
            Only these.

        Yields
        ------
        Outcome
            One for each submission, in the order in which they are done; ``problem`` says why one has no
            score. A refused submission has one: 0, with the reason in its result and its feedback.
        """
        # open all the time: opening it, and compiling each query anew, took half of what a save takes
        with self.course.api.gradebook as book:
            yield from self._grade(book, force=force, students=students)

    def _grade(self, book: Any, *, force: bool, students: Collection[str] | None) -> Iterator[Outcome]:
        waiting = []
        for job in self.jobs():
            if students is not None and job.student not in students:
                continue
            known = None if force else self._known(job)
            if known is None or (self.is_isolated and not known.graded.is_isolated):
                waiting.append(job)
                continue
            if known.key != self._key(job) and self._has_probes():
                waiting.append(job)  # a function has to be called on other inputs
                continue
            if known.key != self._key(job):
                yield self._judge_again(book, job, known)
                continue
            if known.is_saved:
                yield Outcome(job.lesson, job.student)
            else:
                yield self._save(book, job, known.graded, known.digest)
        if not waiting:
            return
        # they load their libraries while the sandbox loads its own
        shared_judges().start(min(self.workers or os.cpu_count() or 1, len(waiting)))
        with (
            self._open() as sandbox,
            ThreadPoolExecutor(self._at_a_time(sandbox), thread_name_prefix="grade") as pool,
        ):
            running: dict[Future[tuple[Graded, str]], Job] = {
                pool.submit(self._judge, job, sandbox): job for job in waiting
            }
            try:
                for done in as_completed(running):
                    yield self._finish(book, running.pop(done), done)
            finally:
                for left in running:
                    left.cancel()

    def regrade(self, question: str | None = None) -> Iterator[Outcome]:
        """Judge the kept answers again, with the criteria as they are now; nothing is run.

        Parameters
        ----------
        question : str, optional
            Only this question; the other scores stay as they are.
        """
        with self.course.api.gradebook as book:
            for job in self.jobs():
                known = self._known(job)
                if known is None:
                    yield Outcome(job.lesson, job.student, "there are no kept answers; grade it first")
                    continue
                yield self._judge_again(book, job, known, question)

    def _judge_again(self, book: Any, job: Job, known: _Kept, question: str | None = None) -> Outcome:
        try:
            after = rejudge(known.graded, judge=self._judge_of(self._source(job)), only=question)
        except CourseError as error:  # what is true of this student's incident is gone
            return Outcome(job.lesson, job.student, str(error))
        return self._save(book, job, after, known.digest)

    def _open(self) -> AbstractContextManager[Sandbox | Cluster]:
        if self.scheduler:
            return Cluster(self.scheduler)
        # the next lesson finds the same sandbox warm
        return nullcontext(shared_sandbox()) if self.is_isolated else Sandbox(is_isolated=False)

    def _at_a_time(self, sandbox: Sandbox | Cluster) -> int:
        if isinstance(sandbox, Cluster):
            return self.workers or max(2 * sandbox.threads, 8)
        return self.workers or os.cpu_count() or 1

    def _judge(self, job: Job, sandbox: Sandbox | Cluster) -> tuple[Graded, str]:
        digest, source = self._digest(job), self._source(job)
        graded = grade_notebook(
            job.notebook,
            template=self.template,
            sandbox=sandbox,
            question_of=source.question_of(),
            judge=self._judge_of(source),
            limits=self.limits,
            files=self.files | (self.own.files(job.student) if self.own else {}),
            root=self.course.folder / "submitted" / job.student,
        )
        self._keep(job, graded, digest, is_saved=False)
        return graded, digest

    def _finish(self, book: Any, job: Job, done: Future[tuple[Graded, str]]) -> Outcome:
        if error := done.exception():
            return self._trouble(job, error)
        return self._save(book, job, *done.result())

    def _save(self, book: Any, job: Job, graded: Graded, digest: str) -> Outcome:
        try:
            save(self.course, book, job.lesson, job.student, self.released.stem, self.template, graded)
            self._keep(job, graded, digest, is_saved=True)
        except Exception as error:
            return self._trouble(job, error)
        return Outcome(job.lesson, job.student)

    @staticmethod
    def _trouble(job: Job, error: BaseException) -> Outcome:
        """One submission never stops the others."""
        reason = " ".join(str(error).split())[:300]
        return Outcome(job.lesson, job.student, reason or type(error).__name__)

    def _keep(self, job: Job, graded: Graded, digest: str, *, is_saved: bool) -> None:
        content = {
            "format": FORMAT,
            "digest": digest,
            "key": self._key(job),
            "is_saved": is_saved,
            "graded": graded.to_dict(),
            "notebook": graded.notebook,
        }
        write_whole(job.result, json.dumps(content).encode())

    def _known(self, job: Job) -> _Kept | None:
        """The kept result, where it is about this very submission and release."""
        try:
            content = json.loads(job.result.read_text(encoding="utf-8"))
            if content["format"] != FORMAT or content["digest"] != self._digest(job):
                return None
            graded = Graded.from_dict(content["graded"], content["notebook"])
            return _Kept(graded, content["digest"], content["key"], content["is_saved"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _digest(self, job: Job) -> str:
        return _digest_of(job.notebook, self.released)

    def _key(self, job: Job) -> str:
        own = [self.own.record_path(job.student)] if self.own else []
        return _digest_of(self._key_file, *own)

    def _source(self, job: Job) -> QuestionSource:
        folder, stamp = str(self._key_file.parent), _digest_of(self._key_file)
        if self.own is None:
            return QuestionSource(folder, stamp)
        return QuestionSource(folder, stamp, self.own.prefix, self.own.case(job.student))

    def _judge_of(self, source: QuestionSource) -> Judge:
        return partial(shared_judges().judge, source=source, limits=self.limits)

    def _has_probes(self) -> bool:
        return any(self.keys.question(id).probe for id in self.template.questions)


def _digest_of(*paths: Path) -> str:
    total = hashlib.sha256()
    for path in paths:
        # a link or a special file is refused by the preflight; here it is not even opened
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()
