"""Grading in a batch: confined, resumable after kill -9, and judged again without running anything."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import nbformat
import pytest

from aiir_lab.classroom.batch import Batch
from aiir_lab.classroom.collect import collect
from aiir_lab.classroom.course import Course, CourseError, lessons
from aiir_lab.classroom.source import read_source
from aiir_lab.grade.sandbox import Limits, why_unavailable

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("class"),
    pytest.mark.filterwarnings("default"),
]
LESSON = "beginner-01_severity_and_first_update"
IS_ISOLATED = not why_unavailable()
BOMB = "import os\nos._exit(3)"
ENDLESS = """
from aiir_lab.grade.question import Criterion
HIDDEN = {"b01-leader": [Criterion("Never ends", lambda answer: [1 for _ in iter(int, 1)], "x")]}
"""
FORGED = "import builtins\nbuiltins.float = lambda *a: 1e9"


def handed_in(released: Path, *, share: float, first: str = "") -> nbformat.NotebookNode:
    source = lessons()[LESSON]
    solved = {cell.id: cell.source for cell in read_source(source).cells}
    notebook = nbformat.read(released, as_version=4)
    marked = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("solution")]
    for cell in marked[: round(len(marked) * share)]:
        cell.source = solved[cell.metadata.nbgrader.grade_id]
    if first:
        code = next(cell for cell in notebook.cells if cell.cell_type == "code")
        code.source = f"{first}\n{code.source}"
    return notebook


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five students: right, half right, untouched, one whose kernel dies, one who forges; nothing graded."""
    tmp_path = tmp_path_factory.mktemp("collected")
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        made = Course.create(tmp_path / "course", course_id="test")
        released = made.release(LESSON) / f"{lessons()[LESSON].stem}.ipynb"
        for student, content in {
            "ana": {"share": 1.0},
            "ben": {"share": 0.5},
            "eve": {"share": 0.0},
            "kim": {"share": 1.0, "first": BOMB},
            "sly": {"share": 0.0, "first": FORGED},
        }.items():
            folder = tmp_path / "inbox" / student
            folder.mkdir(parents=True)
            nbformat.write(handed_in(released, **content), folder / released.name)
        collect(made, tmp_path / "inbox")
    return made.folder


@pytest.fixture
def course(collected: Path, tmp_path: Path) -> Course:
    return Course(shutil.copytree(collected, tmp_path / "course"))


def scores(course: Course) -> dict[str, float]:
    with course.api.gradebook as book:
        return {
            submission.student.id: sum(notebook.auto_score or 0 for notebook in _grades(submission))
            for submission in book.assignment_submissions(LESSON)
        }


def _grades(submission: Any) -> list[Any]:
    return [grade for notebook in submission.notebooks for grade in notebook.grades]


def test_a_batch_is_graded_once_and_judged_again_without_running(course: Course) -> None:
    outcomes = list(course.grade(LESSON, is_isolated=IS_ISOLATED))
    assert {outcome.problem for outcome in outcomes} == {""}
    found = scores(course)
    with course.api.gradebook as book:
        most = book.find_assignment(LESSON).max_code_score
    assert found["ana"] == most > found["ben"] > found["eve"] == found["kim"] == 0
    assert found["sly"] == 0
    results = course.folder / "graded" / LESSON
    assert json.loads((results / "kim.json").read_text())["graded"]["state"] == "stopped"

    # again: nothing is executed
    stamps = {path.name: path.stat().st_mtime_ns for path in results.iterdir()}
    assert len(list(course.grade(LESSON, is_isolated=IS_ISOLATED))) == 5
    assert {path.name: path.stat().st_mtime_ns for path in results.iterdir()} == stamps

    # what a person gave stays, and a question that was mended is judged again from the kept answers
    with course.api.gradebook as book:
        grade = next(
            grade for grade in _grades(book.find_submission(LESSON, "ana")) if grade.needs_manual_grade
        )
        grade.manual_score = 3.0
        book.db.commit()
    keys = course.folder / "keys"
    keys.mkdir()
    (keys / "b01.py").write_text(
        "from aiir_lab.grade.question import Criterion\n"
        "HIDDEN = {'b01-leader': [Criterion('Never holds', lambda answer: False, 'x', points=1)]}\n"
    )
    assert {outcome.problem for outcome in course.regrade(LESSON, question="b01-leader")} == {""}
    # one point of five is hidden there, and the question is worth four in all
    assert scores(course)["ana"] == pytest.approx(most - 4 / 5)
    executed = next((course.folder / "autograded" / "ana" / LESSON).glob("*.ipynb")).read_text()
    assert "3.2 of 4" in executed, "the feedback follows the new verdict"
    (keys / "b01.py").write_text(ENDLESS)
    limited = Batch(course, LESSON, is_isolated=False, limits=Limits(judge_s=0.5))
    assert {outcome.problem for outcome in limited.regrade()} == {""}
    # ana and ben answered it; theirs alone is lost, and the instructor is told
    assert scores(course)["ana"] == most - 4
    assert scores(course)["eve"] == 0
    kept = json.loads((results / "ana.json").read_text())["graded"]["notices"]
    told = "b01-leader: The answer could not be judged: it took longer than 0.5 s."
    assert {"kind": "judge", "text": told, "cell": 0} in kept
    executed = next((course.folder / "autograded" / "ana" / LESSON).glob("*.ipynb")).read_text()
    assert "it took longer than 0.5 s" in executed
    (keys / "b01.py").unlink()
    assert {outcome.problem for outcome in course.regrade(LESSON)} == {""}
    assert "could not be judged" not in (results / "ana.json").read_text()
    with course.api.gradebook as book:
        assert 3.0 in [grade.manual_score for grade in _grades(book.find_submission(LESSON, "ana"))]
    assert scores(course)["ana"] == most


def test_killed_at_any_moment_it_neither_repeats_nor_loses_a_score(course: Course) -> None:
    code = (
        "import sys; from pathlib import Path; from aiir_lab.classroom.course import Course\n"
        f"list(Course(Path(sys.argv[1])).grade({LESSON!r}, is_isolated={IS_ISOLATED}))"
    )
    patience = random.Random(7)
    results = course.folder / "graded" / LESSON
    seen: dict[str, str] = {}
    for _ in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(course.folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        started = time.monotonic()
        # wait until something new is judged, then kill a moment later
        while process.poll() is None and time.monotonic() - started < 90:
            if len(list(results.glob("*.json"))) > len(seen):
                break
            time.sleep(0.02)
        time.sleep(patience.random() * 0.3)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for path in results.glob("*.json"):
            seconds = json.dumps(json.loads(path.read_text())["graded"]["seconds"])
            # what was judged once was not run again
            assert seen.setdefault(path.stem, seconds) == seconds
    assert len(list(course.grade(LESSON, is_isolated=IS_ISOLATED))) == 5
    for path in results.glob("*.json"):
        content = json.loads(path.read_text())
        assert content["is_saved"]
        assert seen.get(path.stem, "") in ("", json.dumps(content["graded"]["seconds"]))
    found = scores(course)
    assert set(found) == {"ana", "ben", "eve", "kim", "sly"}
    assert found["ana"] > found["ben"] > 0 == found["eve"]


def test_without_a_sandbox_the_gradebook_says_so(course: Course) -> None:
    for student in ("ben", "eve", "kim", "sly"):
        shutil.rmtree(course.folder / "submitted" / student)
    assert [outcome.problem for outcome in course.grade(LESSON, is_isolated=False)] == [""]
    with course.api.gradebook as book:
        comments = [
            comment.auto_comment
            for notebook in book.find_submission(LESSON, "ana").notebooks
            for comment in notebook.comments
        ]
    assert any(comment and "without a sandbox" in comment for comment in comments)


def test_a_lesson_that_was_not_released_is_named(tmp_path: Path) -> None:
    course = Course.create(tmp_path, course_id="test")
    with pytest.raises(CourseError, match="Release it first"):
        Batch(course, LESSON, is_isolated=False)
