"""A class of three on the four beginner lessons, from release to export."""

from __future__ import annotations

import csv
import json
import re
import warnings
from pathlib import Path

import nbformat
import pytest

from aiir_lab.classroom.collect import MAX_BYTES, collect
from aiir_lab.classroom.course import Course, CourseError, lessons
from aiir_lab.classroom.source import read_source
from aiir_lab.grade.notebook import PROSE_STUB
from aiir_lab.grade.sandbox import why_unavailable
from aiir_lab.records import NotFoundError

IS_ISOLATED = not why_unavailable()
pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("class"),  # one course is made and graded for all of these
    # nbgrader's and Jupyter's own machinery warns; that is not ours to fail on
    pytest.mark.filterwarnings("default"),
]
BEGINNER = {name: source for name, source in lessons().items() if name.startswith("beginner")}


def solve(notebook: nbformat.NotebookNode, source: Path, *, share: float) -> nbformat.NotebookNode:
    """Fill the first ``share`` of the answers of a released notebook in, as a student would."""
    solved = {cell.id: cell.source for cell in read_source(source).cells}
    marked = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("solution")]
    for cell in marked[: round(len(marked) * share)]:
        cell.source = solved[cell.metadata.nbgrader.grade_id]
    return notebook


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A graded course: ``ana`` is right, ``ben`` half right, ``eve`` untouched."""
    folder = tmp_path_factory.mktemp("course")
    inbox = tmp_path_factory.mktemp("inbox")
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        course = Course.create(folder, course_id="test")
        for lesson, source in BEGINNER.items():
            released = course.release(lesson) / f"{source.stem}.ipynb"
            for student, share in (("ana", 1.0), ("ben", 0.5), ("eve", 0.0)):
                notebook = solve(nbformat.read(released, as_version=4), source, share=share)
                (inbox / student / "work").mkdir(parents=True, exist_ok=True)
                nbformat.write(notebook, inbox / student / "work" / released.name)
        assert {item.state for item in collect(course, inbox)} == {"new"}
        assert {item.state for item in collect(course, inbox)} == {"same"}
        for lesson in BEGINNER:
            outcomes = course.grade(lesson, is_isolated=IS_ISOLATED)
            assert [outcome.problem for outcome in outcomes] == [""] * 3
    return course


def scores(course: Course, lesson: str) -> dict[str, float]:
    with course.api.gradebook as gradebook:
        return {
            submission.student.id: sum(notebook.code_score for notebook in submission.notebooks)
            for submission in gradebook.assignment_submissions(lesson)
        }


@pytest.mark.parametrize("lesson", BEGINNER)
def test_scores_follow_the_answers(course: Course, lesson: str) -> None:
    with course.api.gradebook as gradebook:
        most = gradebook.find_assignment(lesson).max_code_score
    found = scores(course, lesson)
    assert found["ana"] == most > 0
    assert 0 < found["ben"] < most
    assert found["eve"] == 0


def test_released_notebooks_hold_no_solution(course: Course) -> None:
    for lesson, source in BEGINNER.items():
        text = (course.folder / "release" / lesson / f"{source.stem}.ipynb").read_text()
        assert "SOLUTION" not in text
        for cell in json.loads(text)["cells"]:
            mark = cell["metadata"].get("nbgrader", {})
            if mark.get("grade") and mark.get("solution"):
                assert "".join(cell["source"]) == PROSE_STUB


def test_a_written_answer_is_graded_by_hand_and_counts(course: Course) -> None:
    lesson, source = next(iter(BEGINNER.items()))
    cells = read_source(source).cells
    prose = next(
        cell.id
        for cell in cells
        if cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("grade")
    )
    with course.api.gradebook as gradebook:
        before = gradebook.find_submission(lesson, "ana").score
        grade = gradebook.find_grade(prose, source.stem, lesson, "ana")
        assert grade.needs_manual_grade
        grade.manual_score = 1.0
        grade.needs_manual_grade = False
        gradebook.db.commit()
    with course.api.gradebook as gradebook:
        assert gradebook.find_submission(lesson, "ana").score == before + 1.0
        assert gradebook.find_grade(prose, source.stem, lesson, "eve").score == 0


def test_feedback_shows_the_score_and_hides_solutions(course: Course) -> None:
    lesson, source = next(iter(BEGINNER.items()))
    assert [outcome.problem for outcome in course.feedback(lesson)] == ["", "", ""]
    page = (course.folder / "feedback" / "eve" / lesson / f"{source.stem}.html").read_text()
    assert "not attempted yet" in page
    assert "SOLUTION" not in page
    for cell in read_source(source).cells:
        mark = cell.metadata.get("nbgrader", {})
        if mark.get("grade") and mark.get("solution"):
            assert cell.source.split("\n")[0][:60] not in page, "a model answer is in the feedback"


def test_export(course: Course, tmp_path: Path) -> None:
    with (course.export(tmp_path / "grades.csv")).open() as file:
        rows = list(csv.DictReader(file))
    assert {row["student_id"] for row in rows} == {"ana", "ben", "eve"}
    assert len(rows) == 3 * len(BEGINNER)
    by_key = {(row["assignment"], row["student_id"]): float(row["score"]) for row in rows}
    lesson = list(BEGINNER)[1]
    assert by_key[lesson, "ana"] == scores(course, lesson)["ana"]


def test_a_second_init_keeps_what_the_instructor_changed(course: Course) -> None:
    settings = course.folder / "nbgrader_config.py"
    settings.write_text(settings.read_text() + "# mine\n")
    Course.create(course.folder, course_id="other")
    assert settings.read_text().endswith("# mine\n")


def test_collect_refuses_what_is_no_submission_and_goes_on(course: Course, tmp_path: Path) -> None:
    name = next(iter(BEGINNER.values())).stem + ".ipynb"
    good = next((course.folder / "release").rglob(name)).read_text()
    for student, text in {"zoe": good, "yan": "{", "xia": '{"cells": 3}', "w w": good, "vic": ""}.items():
        (tmp_path / student).mkdir()
        (tmp_path / student / name).write_text(text)
    (tmp_path / "uma").mkdir()
    (tmp_path / "uma" / name).symlink_to(tmp_path / "zoe" / name)
    (tmp_path / "tom").mkdir()
    (tmp_path / "tom" / name).write_text(" " * (MAX_BYTES + 1))
    states = {item.student: item.state for item in collect(course, tmp_path)}
    assert states.pop("zoe") == "new"
    assert len(states) == 6
    assert all(state.startswith("refused") for state in states.values())
    assert not (course.folder / "submitted" / "uma").exists()


def test_a_later_version_replaces_the_first_only_on_request(course: Course, tmp_path: Path) -> None:
    name = next(iter(BEGINNER.values())).stem + ".ipynb"
    good = next((course.folder / "release").rglob(name)).read_text()
    path = tmp_path / "sam" / name
    path.parent.mkdir()
    path.write_text(good)
    assert collect(course, tmp_path)[0].state == "new"
    path.write_text(re.sub(r"\n$", " \n", good))
    assert collect(course, tmp_path)[0].state.startswith("kept")
    assert collect(course, tmp_path, update=True)[0].state == "updated"


def test_unknown_lesson_and_no_course(course: Course, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="beginner-01"):
        course.release("beginner-01_severity")
    with pytest.raises(CourseError, match="aiir classroom init"):
        _ = Course(tmp_path).api
