"""What was graded before, or by nbgrader itself, is cleaned before a feedback page is made of it."""

from __future__ import annotations

import json

import pytest

from aiir_lab.classroom.course import Course
from aiir_lab.classroom.gradebook import clean_graded

from .conftest import LESSON, NOTEBOOK, PROSE, Work, hand_in, right_answers

pytestmark = [pytest.mark.xdist_group("class"), pytest.mark.filterwarnings("default")]
ACTS = "It is late.\n\n<img src=x onerror=act()>\n"


def test_feedback_of_an_old_result_holds_nothing_that_acts(small_class: Course) -> None:
    for student in ("ana", "ben"):
        hand_in(small_class, student, Work(right_answers(), PROSE))
    path = small_class.folder / "autograded" / "ana" / LESSON / f"{NOTEBOOK}.ipynb"
    notebook = json.loads(path.read_text())
    shown = {
        "output_type": "display_data",
        "metadata": {},
        "data": {"text/html": "<b onclick=act()>late</b>"},
    }
    notebook["cells"] += [
        {"cell_type": "markdown", "id": "old-1", "metadata": {}, "source": ACTS.splitlines(keepends=True)},
        {
            **{"cell_type": "code", "id": "old-2", "metadata": {}, "source": "1", "execution_count": 1},
            "outputs": [shown],
        },
    ]
    path.write_text(json.dumps(notebook))
    (small_class.folder / "autograded" / "ben" / LESSON / f"{NOTEBOOK}.ipynb").write_text("{")

    outcomes = {outcome.student: outcome.problem for outcome in small_class.feedback(LESSON)}
    assert outcomes["ana"] == ""
    assert "damaged" in outcomes["ben"]
    page = (small_class.folder / "feedback" / "ana" / LESSON / f"{NOTEBOOK}.html").read_text()
    assert "It is late." in page
    assert "<b>late</b>" in page
    assert "act()" not in page
    cleaned = path.read_text()
    assert "act()" not in cleaned
    clean_graded(small_class, LESSON, "ana")
    assert path.read_text() == cleaned


def test_a_row_that_the_gradebook_has_lost_is_named_and_stops_nobody_else(small_class: Course) -> None:
    for student in ("ana", "ben"):
        hand_in(small_class, student, Work(right_answers(), PROSE))
    lost = min(right_answers())
    with small_class.api.gradebook as book:
        book.db.delete(book.find_grade(lost, NOTEBOOK, LESSON, "ana"))
        book.db.commit()
    problems = {outcome.student: outcome.problem for outcome in small_class.regrade(LESSON)}
    assert f"no row for {lost} of ana" in problems["ana"]
    assert problems["ben"] == ""
