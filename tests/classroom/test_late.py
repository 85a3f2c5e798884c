"""Due dates, late rules and extensions: applied by nbgrader's plugin, and again whenever they change."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from aiir_lab.classroom.course import Course
from aiir_lab.classroom.late_rules import LateRules, Rule
from aiir_lab.records import RecordError

from .conftest import HANDED_IN, LESSON, NOTEBOOK, Work, hand_in, right_answers

pytestmark = [
    pytest.mark.xdist_group("small_class"),  # one class is made for all who use it
    pytest.mark.filterwarnings("default"),  # nbgrader's own machinery warns
]
Aiir = Callable[..., tuple[int, str]]
DUE = "2026-03-02 20:00"


def write(course: Course, text: str) -> None:
    (course.folder / "late.yaml").write_text(text)


def rules(**more: str) -> str:
    extra = "".join(f"{name}: {value}\n" for name, value in more.items())
    rule = "rule: {loss: 10%, per: day, most: 25%, grace: 15 minutes}"
    return f"{rule}\nlessons:\n  {LESSON}: {{due: {DUE}}}\n{extra}"


def penalties(course: Course) -> dict[str, float]:
    with course.api.gradebook as book:
        return {one.student.id: one.late_submission_penalty for one in book.assignment_submissions(LESSON)}


@pytest.mark.parametrize(
    ("hours", "lost"), [(0, 0), (0.25, 0), (0.26, 2), (24, 2), (24.1, 4), (49, 5), (900, 5)]
)
def test_each_started_day_costs_after_the_grace_and_at_most_so_much(hours: float, lost: float) -> None:
    rule = Rule(loss="10%", per="day", most="25%", grace="15 minutes")
    assert rule.penalty(20, timedelta(hours=hours)) == lost


def test_points_hours_and_a_closing_time() -> None:
    rule = Rule(loss="1.5 points", per="hour", closes_after="2 days")
    assert [rule.penalty(10, timedelta(hours=hours)) for hours in (1, 1.5, 30, 49)] == [1.5, 3, 10, 10]
    assert Rule(loss="1 point", closes_after="1 hour").penalty(10, timedelta(hours=2)) == 10


def test_times_are_local_and_a_day_ends_at_its_end() -> None:
    lessons = "lessons: {a: {due: 2026-03-29}, b: {due: 2026-03-02 12:00}}"
    found = LateRules.from_yaml(f"timezone: Europe/Warsaw\nrule: {{loss: 10%}}\n{lessons}")
    assert (
        f"{found.due_utc('a'):%F %T} {found.due_utc('b'):%F %T}" == "2026-03-29 21:59:59 2026-03-02 11:00:00"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rule: {loss: 10}", "loss such as 10%"),
        ("rule: {loss: 110%}", "loss such as 10%"),
        ("rule: {loss: 10%, grace: soon}", "time span such as"),
        ("timezone: Mars\nrule: {loss: 10%}", "time zone such as"),
        ("rule: {loss: 10%, per: minute}", "rule.per"),
        ("rule: {loss: 10%}\nlessons: {a: {due: tomorrow}}", "lessons.a.due"),
        ("rule: {loss: 10%}\nextensions: {ana: {b: 1 day}}", "no due date"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "late.yaml").write_text(text)
    with pytest.raises(RecordError, match=said):
        LateRules.of(tmp_path)


def test_a_changed_rule_and_a_later_extension_count_without_running_anything(
    small_class: Course, aiir: Aiir, tmp_path: Path
) -> None:
    course = small_class
    write(course, rules())
    for student, hours in (("ana", 0), ("ben", 3), ("eve", 30), ("kim", 0.2)):
        hand_in(course, student, Work(right_answers(), at=HANDED_IN + timedelta(hours=hours)))
    # grading itself already counts lateness: 18 points were earned
    assert penalties(course) == {"ana": 0, "ben": 1.8, "eve": 3.6, "kim": 0}
    before = {path: path.stat().st_mtime_ns for path in (course.folder / "graded").rglob("*.json")}

    write(course, rules(extensions=f"{{eve: {{{LESSON}: 1 day}}}}"))
    code, said = aiir("classroom", "late", "--course", course.folder)
    assert code == 0
    assert "4 submissions, 3 late, 1 changed." in said
    assert penalties(course)["eve"] == 1.8

    # withdrawn, and another rule: the export needs no further command
    write(course, rules().replace("10%", "1 point"))
    code, _ = aiir("classroom", "export", "--course", course.folder, "--to", tmp_path / "grades.csv")
    assert code == 0
    rows = {
        row["student_id"]: row for row in csv.DictReader((tmp_path / "grades.csv").read_text().splitlines())
    }
    assert {name: float(row["score"]) for name, row in rows.items()} == {
        "ana": 18, "ben": 17, "eve": 16, "kim": 18,
    }  # fmt: skip
    assert rows["eve"]["duedate"] == "2026-03-02 20:00:00"

    # a person's points count too, and the page that the student gets says what was lost
    with course.api.gradebook as book:
        grade = book.find_grade("b01-explain", NOTEBOOK, LESSON, "ben")
        grade.manual_score, grade.needs_manual_grade = 2.0, False
        book.db.commit()
    write(course, rules())
    code, _ = aiir("classroom", "feedback", LESSON, "--course", course.folder)
    assert penalties(course)["ben"] == 2.0
    page = (course.folder / "feedback" / "ben" / LESSON / f"{NOTEBOOK}.html").read_text()
    assert "Late submission penalty (Score: -2.0)" in page
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_without_a_file_the_settings_of_nbgrader_count(small_class: Course, aiir: Aiir) -> None:
    with (small_class.folder / "nbgrader_config.py").open("a") as file:
        file.write('c.LateSubmissionPlugin.penalty_method = "zero"\n')
    hand_in(small_class, "ana", Work(right_answers()))
    with small_class.api.gradebook as book:
        book.update_or_create_assignment(LESSON, duedate="2026-03-01 00:00:00 UTC")
    code, said = aiir("classroom", "late", "--course", small_class.folder)
    assert code == 0
    assert "no late.yaml" in said
    assert penalties(Course(small_class.folder)) == {"ana": 18}


def test_a_lesson_that_is_not_there_is_named(small_class: Course, aiir: Aiir) -> None:
    write(small_class, rules().replace("first_update", "last_update"))
    code, said = aiir("classroom", "late", "--course", small_class.folder)
    assert code == 2
    assert LESSON in said
