"""A small class whose grading is done: answers are judged as in a batch, but no notebook is run."""

from __future__ import annotations

import json
import shutil
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from aiir_lab.catalog.practice import load_escalation_matrix
from aiir_lab.catalog.vignettes import vignettes
from aiir_lab.classroom.batch import Batch
from aiir_lab.classroom.course import Course, lessons
from aiir_lab.grade.grading import Graded
from aiir_lab.grade.judging import Answer, judge_answer
from aiir_lab.grade.preflight import preflight
from aiir_lab.grade.template import mark_of

LESSON = "beginner-01_severity_and_first_update"
NOTEBOOK = "01_severity_and_first_update"
HANDED_IN = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
PROSE = (
    "The job retrains on bad data, which alone earns the second level; nobody outside notices anything yet. "
    "The engineer on call can pause it within ten minutes, and then the level falls again."
)


def right_answers() -> dict[str, Any]:
    """Answers that earn every point of four questions."""
    matrix = load_escalation_matrix()
    levels = ("SEV1", "SEV2", "SEV3", "SEV4")
    return {
        "b01-severity": {one.id: str(one.severity.value) for one in vignettes()},
        "b01-leader": {
            level: {
                "leader": matrix.leader(level),
                "may_switch_off": [str(role) for role in matrix.may_switch_off(level)],
            }
            for level in levels
        },
        "b01-alert": {
            "severity": "SEV1",
            "since_utc": "2026-03-02T09:05Z",
            "impact": "31 % of active users get an empty box instead of an answer about their order.",
            "lead": "incident_commander",
            "doing": "We are saving inputs and outputs, then switching to fallback answers.",
            "next_update_utc": "2026-03-02T09:30Z",
        },
        "b01-fifteen": None,
        "b01-update": None,
    }


@dataclass
class Work:
    """What one student handed in."""

    answers: dict[str, Any] = field(default_factory=dict)
    prose: str = ""
    code: dict[str, str] = field(default_factory=dict)
    at: datetime = HANDED_IN


def hand_in(course: Course, student: str, work: Work) -> None:
    """Collect and grade one submission; its answers are given instead of computed."""
    batch = Batch(course, LESSON, is_isolated=False)
    folder = course.folder / "submitted" / student / LESSON
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "timestamp.txt").write_text(f"{work.at:%Y-%m-%d %H:%M:%S.%f} UTC\n")
    notebook = json.loads(batch.released.read_text())
    for cell in notebook["cells"]:
        id = mark_of(cell).get("grade_id")
        cell["source"] = work.code.get(id, cell["source"])
        if id in batch.template.prose and work.prose:
            cell["source"] = work.prose
    path = folder / batch.released.name
    path.write_text(json.dumps(notebook))
    answers = tuple(
        Answer(id, json.loads(json.dumps(work.answers.get(id)))) for id in batch.template.questions
    )
    graded = Graded(
        state="graded",
        reason="",
        notices=(),
        answers=answers,
        verdicts=tuple(judge_answer(answer, batch.keys.question) for answer in answers),
        prose=dict.fromkeys(batch.template.prose, bool(work.prose)),
        seconds={"total": 0.1},
        is_isolated=True,
        notebook=preflight(path, batch.template).notebook,
    )
    job = next(job for job in batch.jobs() if job.student == student)
    with course.api.gradebook as book:
        outcome = batch._save(book, job, graded, batch._digest(job))
    assert not outcome.problem, outcome


@pytest.fixture(scope="session")
def _released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = lessons()[LESSON]
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        warnings.simplefilter("default")
        patch.setattr("aiir_lab.classroom.course.lessons", lambda: {LESSON: source})  # the others take long
        course = Course.create(tmp_path_factory.mktemp("class"), course_id="test")
        course.release(LESSON)
    return course.folder


@pytest.fixture
def small_class(_released: Path, tmp_path: Path) -> Course:
    """A course of its own with one released lesson and nothing handed in."""
    shutil.copytree(_released, tmp_path / "course")
    return Course(tmp_path / "course")


@pytest.fixture
def aiir(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str]]:
    """Run ``aiir`` as a user does, in this process: its exit code, and everything it says."""

    def run(*arguments: object) -> tuple[int, str]:
        from aiir_lab.cli import main
        from aiir_lab.cli.course import out

        monkeypatch.setattr(sys, "argv", ["aiir", *map(str, arguments)])
        # it takes its width when it is made, which another test may have done
        monkeypatch.setattr(out, "_width", 200)
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out + said.err

    return run
