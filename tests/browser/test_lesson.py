"""A learner opens the course, runs a lesson, answers wrongly, then rightly, and sees the feedback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aiir_lab.catalog.course_files import course_path
from aiir_lab.classroom.source import read_source
from aiir_lab.grade.bank import questions_of
from aiir_lab.grade.progress import read_progress
from tests.browser.conftest import Lab
from tests.browser.notebook_page import NotebookPage

LESSON = "beginner/02_anatomy_of_a_postmortem"


def test_start_here_shows_the_map(jupyterlab: Lab, page: Any) -> None:
    notebook = NotebookPage(page, jupyterlab.url("start_here.ipynb"))
    notebook.run_all()
    link = page.locator(".jp-OutputArea-output a", has_text="severity").first
    assert link.count() or page.locator(".jp-OutputArea-output a").count() >= 4


def test_answering_a_question(jupyterlab: Lab, page: Any, tmp_path: Path) -> None:
    question = next(iter(questions_of("b02").values()))
    solved = {cell.id: cell.source for cell in read_source(course_path("notebooks", f"{LESSON}.py")).cells}
    notebook = NotebookPage(page, jupyterlab.url(f"{LESSON}.ipynb"))
    notebook.run_all()
    assert "not attempted yet" in notebook.output(question.id)

    name = solved[question.id].split(",")[-1].strip(" )\n")
    notebook.write(f"{question.id}-answer", f"{name} = 'nonsense'")
    notebook.run_all()
    assert f"0 of {question.points:g}" in notebook.output(question.id)

    notebook.write(f"{question.id}-answer", solved[f"{question.id}-answer"])
    notebook.run_all()
    assert f"{question.points:g} of {question.points:g}" in notebook.output(question.id)

    notebook.save()
    lessons = {lesson.path.stem: lesson for lesson in read_progress(jupyterlab.folder).lessons}
    assert lessons[Path(LESSON).name].score == question.points
