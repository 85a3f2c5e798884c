"""Every lesson: the learner's version runs untouched, the solved one earns full marks, both by papermill."""

from __future__ import annotations

import ast
import json
import warnings
from pathlib import Path

import papermill
import pytest

from aiir_lab.catalog.course_files import course_path
from aiir_lab.classroom.build import build, sources
from aiir_lab.classroom.source import read_source, to_text
from aiir_lab.grade import bank
from aiir_lab.grade.notebook import read_lesson, read_notebook, source_of

ROOT = course_path("notebooks")
SOURCES = sources(ROOT)
LESSONS = [path for path in SOURCES if path.parent != ROOT]
FIGURE_LINES, PLAIN_LINES = 25, 15


def name(path: Path) -> str:
    return path.relative_to(ROOT).with_suffix("").as_posix()


def run(notebook: Path, folder: Path) -> Path:
    """Execute with papermill as a class or a CI would; any error in a cell raises here."""
    done = folder / f"{notebook.stem}.done.ipynb"
    with warnings.catch_warnings():
        warnings.simplefilter("default")  # those of Jupyter's own machinery are not ours to fail on
        papermill.execute_notebook(
            notebook, done, cwd=folder, kernel_name="python3", progress_bar=False, execution_timeout=120
        )
    return done


def streams(notebook: Path) -> list[str]:
    cells = read_notebook(notebook)["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return [str(output["text"]) for output in outputs if output.get("name") == "stderr"]


@pytest.mark.parametrize("source", SOURCES, ids=name)
def test_learner_version_is_what_its_source_builds(source: Path) -> None:
    assert source.with_suffix(".ipynb").read_text(encoding="utf-8") == build(source)
    assert build(source) == build(source)


@pytest.mark.parametrize("source", SOURCES, ids=name)
def test_learner_version_runs_untouched(source: Path, tmp_path: Path) -> None:
    done = run(source.with_suffix(".ipynb"), tmp_path)
    lesson = read_lesson(done)
    assert lesson.score == 0
    assert not any(verdict.is_attempted for verdict in lesson.verdicts)
    assert streams(done) == []


@pytest.mark.parametrize("source", LESSONS, ids=name)
def test_solved_version_earns_full_marks(source: Path, tmp_path: Path) -> None:
    solved = tmp_path / f"{source.stem}.ipynb"
    solved.write_text(to_text(read_source(source)), encoding="utf-8")
    done = run(solved, tmp_path)
    lesson = read_lesson(done)
    short = {verdict.question_id: verdict for verdict in lesson.verdicts if not verdict.is_full}
    assert short == {}
    assert lesson.points > 0
    assert streams(done) == [], "nbgrader gives 0 where anything stands on stderr"


@pytest.mark.parametrize("source", LESSONS, ids=name)
def test_a_lesson_asks_every_question_of_its_module_once(source: Path) -> None:
    asked = [verdict.question_id for verdict in read_lesson(source.with_suffix(".ipynb")).verdicts]
    prefix = asked[0].split("-")[0]
    assert asked == list(bank.questions_of(prefix))


@pytest.mark.parametrize("source", LESSONS, ids=name)
def test_a_lesson_keeps_the_conventions(source: Path) -> None:
    cells = json.loads(source.with_suffix(".ipynb").read_text(encoding="utf-8"))["cells"]
    # a graded question takes three cells: the task, the answer and its check
    assert 15 <= len(cells) <= 40
    assert source_of(cells[0]).startswith("# ")
    code = [source_of(cell) for cell in cells if cell["cell_type"] == "code"]
    imports = [
        text for text in code if any(isinstance(n, ast.Import | ast.ImportFrom) for n in ast.parse(text).body)
    ]
    assert len(imports) == 1, "one import cell"
    for text in code:
        limit = FIGURE_LINES if "figure" in text or "go." in text else PLAIN_LINES
        assert len(text.splitlines()) <= limit, text
        assert not text.lstrip().startswith(("%", "!")), "no magics"


def test_grade_ids_are_unique_in_the_course() -> None:
    ids = [
        cell["metadata"]["nbgrader"]["grade_id"]
        for source in SOURCES
        for cell in read_notebook(source.with_suffix(".ipynb"))["cells"]
        if "nbgrader" in cell["metadata"]
    ]
    assert len(ids) == len(set(ids))
