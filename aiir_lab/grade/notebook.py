"""Answers in an executed notebook: read them, judge them, sum them up."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiir_lab.grade.bank import load_question
from aiir_lab.grade.judging import judge_answer, take_answer
from aiir_lab.grade.question import Question, Verdict
from aiir_lab.records import AiirError, NotFoundError


class NotebookError(AiirError):
    """A notebook file cannot be read; the file itself is left as it is."""


@dataclass(frozen=True)
class Lesson:
    """How far a learner is in one notebook.

    ``prose`` counts the manually graded answers that were written, of ``prose_total``.
    """

    path: Path
    title: str
    verdicts: tuple[Verdict, ...]
    prose: int
    prose_total: int

    @property
    def score(self) -> float:
        """Points earned so far."""
        return sum(verdict.score for verdict in self.verdicts)

    @property
    def points(self) -> float:
        """Points that can be earned without a human grader."""
        return sum(verdict.points for verdict in self.verdicts)

    @property
    def is_done(self) -> bool:
        """Whether every automatically judged point is earned and every prose answer written."""
        return self.score >= self.points and self.prose == self.prose_total

    @property
    def is_started(self) -> bool:
        """Whether anything was answered."""
        return self.prose > 0 or any(verdict.is_attempted for verdict in self.verdicts)


def read_notebook(path: Path) -> dict[str, Any]:
    """The notebook as plain JSON.

    Raises
    ------
    NotebookError
        The file is missing, not JSON, or no notebook of format 4.
    """
    try:
        notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise NotebookError(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise NotebookError(
            f"{path} is damaged: {error}. Nothing was changed. "
            "Restore it from .ipynb_checkpoints beside it, or rename it and run `aiir lab` for a fresh copy."
        ) from None
    is_shaped = isinstance(notebook, dict) and isinstance(notebook.get("cells"), list)
    if not is_shaped or notebook.get("nbformat") != 4:
        raise NotebookError(f"{path} is not a Jupyter notebook of format 4. Nothing was changed.")
    return notebook


def read_lesson(path: Path, notebook: dict[str, Any] | None = None) -> Lesson:
    """Judge the answers that stand in the outputs of a notebook.

    An answer is read from its own check cell, by the rules of :func:`aiir_lab.grade.judging.take_answer`. A
    question without an answer counts as not attempted.
    """
    notebook = read_notebook(path) if notebook is None else notebook
    cells = [cell for cell in notebook["cells"] if isinstance(cell, dict)]
    asked = {
        question.id: take_answer(question.id, cell.get("outputs"))
        for cell in cells
        if (question := _question(cell)) is not None
    }
    verdicts = tuple(judge_answer(answer) for answer in asked.values())
    prose = [
        is_written(cell) for cell in cells if mark_of(cell).get("grade") and mark_of(cell).get("solution")
    ]
    return Lesson(path, _title(cells) or path.stem, verdicts, sum(prose), len(prose))


def mark_of(cell: dict[str, Any]) -> dict[str, Any]:
    """What nbgrader's metadata say of a cell; empty where it is not graded."""
    metadata = cell.get("metadata")
    found = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return found if isinstance(found, dict) else {}


def _question(cell: dict[str, Any]) -> Question | None:
    marked = mark_of(cell)
    if not (marked.get("grade") and marked.get("locked")):
        return None
    try:
        return load_question(str(marked.get("grade_id")))
    except NotFoundError:
        return None


def source_of(cell: dict[str, Any]) -> str:
    """The text of a cell, however the file splits it."""
    source = cell.get("source", "")
    return "".join(source) if isinstance(source, list) else str(source)


PROSE_STUB = "*Write your answer here.*"
"""What stands in a prose answer before anything was written."""


def is_written(cell: dict[str, Any]) -> bool:
    """Whether a prose answer holds text of the learner's."""
    text = source_of(cell).strip()
    return bool(text) and text != PROSE_STUB


def _title(cells: list[dict[str, Any]]) -> str:
    for cell in cells:
        if cell.get("cell_type") == "markdown":
            first = source_of(cell).strip().split("\n")[0]
            if first.startswith("# "):
                return first[2:].strip()
    return ""
