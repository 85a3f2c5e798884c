"""Gradebook files for Canvas and Moodle, read back the way their importers read them."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from aiir_lab.classroom.course import Course
from aiir_lab.classroom.export import safe_cell
from aiir_lab.classroom.roster import RosterError, read_roster

from .conftest import HANDED_IN, LESSON, PROSE, Work, hand_in, right_answers

pytestmark = [
    pytest.mark.xdist_group("small_class"),
    pytest.mark.filterwarnings("default"),  # nbgrader's own machinery warns
]
Aiir = Callable[..., tuple[int, str]]
CANVAS_EXPORT = """\
Student,ID,SIS User ID,SIS Login ID,Section,Final Score
,,,,,Manual Posting
    Points Possible,,,,,(read only)
"Doe, Ana",101,S-1,ana,Group A,0
"=Evil, Ben",102,S-2,ben,Group B,0
"Nobody, Zoe",103,S-3,zoe,Group B,0
"""


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture
def course(small_class: Course) -> Course:
    """``ana`` is fully right, ``ben`` late and his text waits for a person, ``kim`` is unknown elsewhere."""
    (small_class.folder / "late.yaml").write_text(
        f"rule: {{loss: 2 points}}\nlessons: {{{LESSON}: {{due: 2026-03-02 20:00}}}}\n"
    )
    hand_in(small_class, "ana", Work(right_answers()))
    hand_in(small_class, "ben", Work(right_answers(), prose=PROSE, at=HANDED_IN + timedelta(hours=2)))
    hand_in(small_class, "kim", Work({}))
    return small_class


def test_canvas_finds_assignment_points_and_students(course: Course, aiir: Aiir, tmp_path: Path) -> None:
    (tmp_path / "canvas.csv").write_text(CANVAS_EXPORT)
    out = tmp_path / "out.csv"
    arguments = ["classroom", "export", "--course", course.folder, "--to", out, "--format", "canvas"]
    arguments += ["--roster", tmp_path / "canvas.csv", "--item", f"{LESSON}=Severity (4711)"]
    code, said = aiir(*arguments)
    assert code == 1
    assert "Not in the roster, so not in the file: kim" in said
    assert f"ben: {LESSON}" in said
    rows = read(out)
    # what GradebookImporter asks for: header?, process_pp, Assignment.title_and_id, process_student
    assert "Student" in rows[0][0]
    assert "ID" in rows[0][1]
    assert re.search(r"SIS\s+User\s+ID", rows[0][2])
    assert re.search(r"SIS\s+Login\s+ID", rows[0][3])
    assert rows[0][4:] == ["Section", "Severity (4711)"]
    assert "Points Possible" in rows[1][0]
    with course.api.gradebook as book:
        assert float(rows[1][5]) == book.find_assignment(LESSON).max_score
    assert rows[2:] == [
        ["Doe, Ana", "101", "S-1", "ana", "Group A", "18.0"],
        ["'=Evil, Ben", "102", "S-2", "ben", "Group B", ""],
        ["Nobody, Zoe", "103", "S-3", "zoe", "Group B", ""],
    ]
    code, _ = aiir(*arguments, "--waiting")
    assert read(out)[3][5] == "16.0", "what he has so far, less what lateness costs"

    # graded by a person, it goes out without being asked for
    with course.api.gradebook as book:
        for notebook in book.find_submission(LESSON, "ben").notebooks:
            for grade in notebook.grades:
                if grade.needs_manual_grade:
                    grade.manual_score, grade.needs_manual_grade = 3.0, False
        book.db.commit()
    aiir(*arguments)
    assert read(out)[3][5] == "19.0"


def test_moodle_finds_users_by_any_of_its_columns(course: Course, aiir: Aiir, tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "student_id;First name;Surname;ID number;Email address\n"
        "ana;Ana;Doe;77;ana@example.org\nben;Ben;Roe;78;ben@example.org\nkim;Kim;Poe;79;kim@example.org\n"
    )
    out = tmp_path / "out.csv"
    code, _ = aiir(
        "classroom",
        "export",
        "--course",
        course.folder,
        "--to",
        out,
        "--format",
        "moodle",
        "--roster",
        roster,
    )
    assert code == 0
    rows = read(out)
    assert rows[0] == ["Username", "ID number", "Email address", "First name", "Last name", LESSON]
    assert rows[1] == ["", "77", "ana@example.org", "Ana", "Doe", "18.0"]
    assert rows[3] == ["", "79", "kim@example.org", "Kim", "Poe", "0.0"]


def test_without_a_roster_our_ids_are_the_logins(course: Course, aiir: Aiir, tmp_path: Path) -> None:
    for form, place in (("canvas", 3), ("moodle", 0)):
        code, _ = aiir(
            "classroom", "export", "--course", course.folder, "--to", tmp_path / form, "--format", form
        )
        assert code == 0
        assert [row[place] for row in read(tmp_path / form)][-3:] == ["ana", "ben", "kim"]


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_starts_a_formula(value: str) -> None:
    assert safe_cell(value) == f"'{value}"
    assert safe_cell(-1.5) == -1.5


def test_what_cannot_be_exported_is_said(course: Course, aiir: Aiir, tmp_path: Path) -> None:
    def export(*more: object) -> tuple[int, str]:
        return aiir("classroom", "export", "--course", course.folder, "--to", tmp_path / "x.csv", *more)

    for more, said in {
        ("--format", "blackboard"): "canvas",
        ("--format", "canvas", "--item", "nothing"): "LESSON=HEADING",
        ("--format", "canvas", "--item", "beginner=x"): LESSON,
        ("--format", "canvas", "--lesson", "beginner"): LESSON,
        ("--format", "canvas", "--roster", str(tmp_path / "none.csv")): "none.csv",
    }.items():
        code, text = export(*more)
        assert (code, said in text) == (2, True), text
    assert not (tmp_path / "x.csv").exists()
    roster = tmp_path / "roster.csv"
    roster.write_text("student_id,username\nana,=cmd()\n")
    code, text = export("--format", "moodle", "--roster", roster)
    assert (code, "=cmd()" in text) == (2, True)
    roster.write_text("student_id\nana\nana\n")
    with pytest.raises(RosterError, match=r"line 3: 'ana' stands there twice"):
        read_roster(roster)
    roster.write_text("Grade\n1\n")
    with pytest.raises(RosterError, match="It needs student_id"):
        read_roster(roster)
