"""Written answers graded with comments of a rubric, where nbgrader keeps what a person gave."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from aiir_lab.classroom.course import Course

from .conftest import LESSON, NOTEBOOK, PROSE, Work, hand_in, right_answers

pytestmark = [
    pytest.mark.xdist_group("small_class"),
    pytest.mark.filterwarnings("default"),  # nbgrader's own machinery warns
]
Aiir = Callable[..., tuple[int, str]]
QUESTION = "b01-explain"
RUBRIC = """\
questions:
  b01-explain:
    row: {text: "You name the row that decides.", points: 3}
    change: {text: "You say what could change the level.", points: 2}
    vague: {text: "Say which row you mean."}
    late: {text: "The deadline of the carrier is missing.", points: -1}
"""


@pytest.fixture
def course(small_class: Course) -> Course:
    (small_class.folder / "rubric").mkdir()
    (small_class.folder / "rubric" / f"{LESSON}.yaml").write_text(RUBRIC)
    for student in ("ana", "ben"):
        hand_in(small_class, student, Work(right_answers(), prose=f"{PROSE} Signed, {student}."))
    hand_in(small_class, "eve", Work(right_answers()))
    return small_class


def given(course: Course, student: str) -> tuple[Any, Any, Any]:
    with course.api.gradebook as book:
        grade = book.find_grade(QUESTION, NOTEBOOK, LESSON, student)
        comment = book.find_comment(QUESTION, NOTEBOOK, LESSON, student)
        return grade.manual_score, grade.needs_manual_grade, comment.manual_comment


def test_a_grader_lists_grades_and_shows(course: Course, aiir: Aiir) -> None:
    at = ("--course", course.folder)
    code, said = aiir("classroom", "waiting", LESSON, *at)
    assert "2 answers wait for a grade." in said, "an empty answer waits for nobody"
    assert "The job retrains on bad data" in said
    code, said = aiir("classroom", "comment", LESSON, QUESTION, *at)
    assert (code, "vague" in said, "+3" in said) == (0, True, True)

    code, said = aiir("classroom", "comment", LESSON, QUESTION, "row", "vague", "--student", "ana", *at)
    assert (code, "ana: 3 of 4" in said) == (0, True)
    wanted = "You name the row that decides. (+3)\n\nSay which row you mean."
    assert given(course, "ana") == (3.0, False, wanted)
    # again, with others: what the rubric gave may be replaced, and the sum stays within the question's worth
    code, said = aiir(
        "classroom", "comment", LESSON, QUESTION, "row", "change", "--student", "ana", "--student", "ben", *at
    )
    assert (code, "ana: 4 of 4" in said, "ben: 4 of 4" in said) == (0, True, True)
    aiir("classroom", "comment", LESSON, QUESTION, "late", "--student", "ben", "--note", "See me.", *at)
    assert given(course, "ben") == (0.0, False, "The deadline of the carrier is missing. (-1)\n\nSee me.")
    assert "0 answers wait" in aiir("classroom", "waiting", *at)[1]

    # judged again, nothing waits again; a new text does
    code, _ = aiir("classroom", "regrade", LESSON, *at)
    assert (code, given(course, "ana")[:2]) == (0, (4.0, False))
    hand_in(course, "ana", Work(right_answers(), prose="Another text, and a longer one than before."))
    assert given(course, "ana")[:2] == (4.0, True)

    code, _ = aiir("classroom", "feedback", LESSON, *at)
    page = (course.folder / "feedback" / "ben" / LESSON / f"{NOTEBOOK}.html").read_text()
    assert "The deadline of the carrier is missing." in page
    assert "See me." in page


def test_what_a_person_gave_is_kept_unless_forced(course: Course, aiir: Aiir) -> None:
    with course.api.gradebook as book:
        grade = book.find_grade(QUESTION, NOTEBOOK, LESSON, "ana")
        grade.manual_score, grade.needs_manual_grade = 2.5, False
        book.find_comment(QUESTION, NOTEBOOK, LESSON, "ben").manual_comment = "I will read this again."
        book.db.commit()
    before = given(course, "ana"), given(course, "ben")
    command = ["classroom", "comment", LESSON, QUESTION, "row", "--student", "ana", "--student", "ben"]
    command += ["--course", str(course.folder)]
    code, said = aiir(*command)
    assert (code, said.count("what a person gave is kept")) == (1, 2)
    assert (given(course, "ana"), given(course, "ben")) == before
    code, _ = aiir(*command, "--force")
    assert (code, given(course, "ana")[0], given(course, "ben")[0]) == (0, 3.0, 3.0)


def test_what_is_not_there_is_named(course: Course, aiir: Aiir) -> None:
    at = ("--course", course.folder)
    for arguments, code, said in (
        ((LESSON, QUESTION, "rows", "--student", "ana"), 2, "row"),
        ((LESSON, "b01-explains", "row", "--student", "ana"), 2, QUESTION),
        ((LESSON, QUESTION, "row", "--student", "zoe"), 1, "zoe: not graded"),
        ((LESSON, QUESTION, "row"), 2, "--student"),
        (("beginner", QUESTION, "row", "--student", "ana"), 2, LESSON),
    ):
        assert aiir("classroom", "comment", *arguments, *at)[0] == code
        assert said in aiir("classroom", "comment", *arguments, *at)[1]
    path = course.folder / "rubric" / f"{LESSON}.yaml"
    path.write_text("questions:\n  b01-explain:\n    row: {text: x, points: many}\n")
    code, said = aiir("classroom", "comment", LESSON, QUESTION, *at)
    assert (code, "points" in said, "line 3" in said) == (2, True, True)
    path.unlink()
    code, said = aiir("classroom", "comment", LESSON, QUESTION, *at)
    assert (code, "Write one, such as" in said) == (2, True)
