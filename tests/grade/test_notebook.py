from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aiir_lab.grade import bank
from aiir_lab.grade.course_map import course_map
from aiir_lab.grade.judging import ANSWER_MIME
from aiir_lab.grade.notebook import PROSE_STUB, NotebookError, read_lesson, read_notebook
from aiir_lab.grade.progress import read_progress

ID = next(iter(bank.questions_of("b01")))


def cell(id: str, *, source: str = "", outputs: list[Any] | None = None, **marks: Any) -> dict[str, Any]:
    mark = {"schema_version": 3, "grade_id": id, "grade": True, "solution": False, "locked": False} | marks
    return {"cell_type": "code", "source": source, "metadata": {"nbgrader": mark}, "outputs": outputs or []}


def output(id: str, answer: object) -> dict[str, Any]:
    return {
        "output_type": "display_data",
        "data": {ANSWER_MIME: {"version": 1, "question": id, "answer": answer}},
    }


def write(path: Path, *cells: dict[str, Any]) -> Path:
    title = {"cell_type": "markdown", "source": ["# Title\n", "text"], "metadata": {}}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [title, *cells]})
    )
    return path


def test_an_answer_is_read_from_its_own_check_cell(tmp_path: Path) -> None:
    elsewhere = cell("b01-elsewhere", outputs=[output(ID, {"leader": 1})])
    path = write(tmp_path / "x.ipynb", elsewhere, cell(ID, locked=True, outputs=[output(ID, None)]))
    lesson = read_lesson(path)
    assert lesson.title == "Title"
    assert [verdict.is_attempted for verdict in lesson.verdicts] == [False]


def test_two_answers_in_one_check_cell_earn_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "x.ipynb", cell(ID, locked=True, outputs=[output(ID, 1), output(ID, None)]))
    (verdict,) = read_lesson(path).verdicts
    assert verdict.score == 0
    assert "2 answers" in verdict.problem


def test_prose_counts_once_it_is_written(tmp_path: Path) -> None:
    stub = cell("b01-p", solution=True, source=PROSE_STUB)
    text = cell("b01-q", solution=True, source="Because.")
    lesson = read_lesson(write(tmp_path / "x.ipynb", stub, text))
    assert (lesson.prose, lesson.prose_total) == (1, 2)
    assert not lesson.is_done


def test_unknown_and_forged_questions_earn_nothing(tmp_path: Path) -> None:
    forged = cell("zz-99", locked=True, outputs=[output("zz-99", 1)])
    lesson = read_lesson(write(tmp_path / "x.ipynb", forged))
    assert lesson.points == 0


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"cells": 3}', '{"nbformat": 3, "worksheets": []}', '{"nbformat": 4, "cells": 1}'],
)
def test_damaged_files_get_a_clear_message(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.ipynb"
    path.write_text(text)
    with pytest.raises(NotebookError, match=r"Nothing was changed"):
        read_notebook(path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(NotebookError, match="No such file"):
        read_notebook(tmp_path / "x.ipynb")


@pytest.mark.parametrize("odd", [{"metadata": 3}, {"outputs": 3}, {"outputs": [3]}, {"source": 3}])
def test_odd_cells_do_not_break_reading(tmp_path: Path, odd: dict[str, Any]) -> None:
    path = write(tmp_path / "x.ipynb", cell(ID, locked=True) | odd)
    assert read_lesson(path).score == 0


def test_progress_names_next_and_damaged(tmp_path: Path) -> None:
    write(tmp_path / "beginner" / "01_a.ipynb", cell(ID, locked=True))
    (tmp_path / "beginner" / "02_b.ipynb").write_text("{")
    progress = read_progress(tmp_path)
    assert progress.next_lesson is progress.lessons[0]
    assert len(progress.damaged) == 1
    shown = course_map(tmp_path)
    assert "○ new" in repr(shown)
    assert "href='beginner/01_a.ipynb'" in shown._repr_html_()


def test_empty_folder_says_what_to_do(tmp_path: Path) -> None:
    assert "aiir lab" in repr(course_map(tmp_path))
