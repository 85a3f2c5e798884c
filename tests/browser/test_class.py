"""An instructor's view: nbgrader's formgrader on our course; feedback with its figures, offline."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from aiir_lab.classroom.collect import collect
from aiir_lab.classroom.course import Course, lessons
from aiir_lab.grade.sandbox import why_unavailable
from tests.browser.conftest import TOKEN, Lab, serve

IS_ISOLATED = not why_unavailable()
LESSON = "beginner-02_anatomy_of_a_postmortem"


# nbgrader's and Jupyter's own machinery warns; that is not ours to fail on
pytestmark = pytest.mark.filterwarnings("default")


@pytest.fixture(scope="module")
def course(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """One lesson, handed in untouched by one student, graded."""
    source = lessons()[LESSON]
    inbox = tmp_path_factory.mktemp("inbox")
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        course = Course.create(tmp_path_factory.mktemp("course"), course_id="test")
        released = nbformat.read(course.release(LESSON) / f"{source.stem}.ipynb", as_version=4)
        (inbox / "ana").mkdir()
        nbformat.write(released, inbox / "ana" / f"{source.stem}.ipynb")
        collect(course, inbox)
        assert [outcome.problem for outcome in course.grade(LESSON, is_isolated=IS_ISOLATED)] == [""]
        assert [outcome.problem for outcome in course.feedback(LESSON)] == [""]
    return course


@pytest.fixture(scope="module")
def formgrader(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with serve(course.folder, tmp_path_factory.mktemp("home")) as lab:
        yield lab


def test_formgrader_opens_on_the_course(formgrader: Lab, browser: Any) -> None:
    page = browser.new_context().new_page()  # nbgrader's own page asks for scripts from elsewhere
    page.goto(f"{formgrader.address}/formgrader/manage_assignments?token={TOKEN}")
    row = page.locator("tr", has_text=LESSON)
    row.wait_for(timeout=30_000)
    assert "1" in row.locator(".num-submissions").inner_text()
    page.goto(f"{formgrader.address}/formgrader/gradebook/{LESSON}?token={TOKEN}")
    page.locator("text=02_anatomy_of_a_postmortem").first.wait_for(timeout=30_000)


def test_feedback_shows_its_figures_without_a_network(course: Course, browser: Any) -> None:
    feedback: Path = next((course.folder / "feedback" / "ana" / LESSON).glob("*.html"))
    page = browser.new_context(offline=True).new_page()
    page.goto(feedback.as_uri())
    page.wait_for_selector("svg.main-svg", timeout=60_000)
    assert "not attempted yet" in page.content()
