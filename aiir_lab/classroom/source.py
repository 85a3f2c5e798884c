"""Notebooks from their only source: a jupytext percent script that holds the solutions.

An author marks cells with three short keys; everything that nbgrader needs follows from them and from
the question bank, so that points and ids are written once:

=============================================  ====================================================
cell header in ``NN_slug.py``                  becomes
=============================================  ====================================================
``# %% answer="b03-onset"``                    autograded answer; its solution is stripped for learners
``# %% check="b03-onset"``                     locked test cell; points from the question bank
``# %% [markdown] prose="b03-why" points=4``   manually graded answer; its text is the model answer
``only="own"`` or ``only="shared"``            a cell of only one version, see below
=============================================  ====================================================

A lesson can have a second version in which each learner of a class has an incident of their own
(:mod:`aiir_lab.grade.own_data`). Cells marked ``only="own"`` are in that version alone, those marked
``only="shared"`` in every other; the graded cells of both have the same ids and points.
"""

from __future__ import annotations

import ast
import hashlib
from collections import Counter
from copy import deepcopy
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbformat import NotebookNode

from aiir_lab.grade.bank import load_question
from aiir_lab.grade.notebook import PROSE_STUB
from aiir_lab.records import AiirError

ANSWER_STUB = "# Replace None with your answer."

_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


class SourceError(AiirError):
    """A notebook source breaks a rule of the course; the message names file, cell and rule."""


def read_source(path: Path, *, is_own: bool = False) -> NotebookNode:
    """The instructor's notebook of a source: nbgrader metadata in place, solutions kept, no outputs.

    With ``is_own`` it is the version in which each learner has an incident of their own.
    """
    notebook = jupytext.read(path, fmt="py:percent")
    left_out = "shared" if is_own else "own"
    for cell in notebook.cells:
        if cell.metadata.get("only", left_out) not in {"own", "shared"}:
            raise SourceError(f'{path}: only={cell.metadata["only"]!r}; expected "own" or "shared".')
    notebook.cells = [cell for cell in notebook.cells if cell.metadata.pop("only", "") != left_out]
    lesson = nbformat.v4.new_notebook(
        metadata={"kernelspec": _KERNEL, "language_info": {"name": "python"}},
        nbformat_minor=5,
    )
    lesson.cells = [_cell(cell, path) for cell in notebook.cells]
    _give_ids(lesson)
    _check_rules(lesson, path)
    return lesson


def learner_version(source: NotebookNode) -> NotebookNode:
    """A copy for learners: solutions and hidden parts stripped by nbgrader's own preprocessors.

    The class release runs the same preprocessors with the same stubs, so there is one strip policy.
    """
    from nbgrader.preprocessors import (
        ClearHiddenTests,
        ClearMarkScheme,
        ClearOutput,
        ClearSolutions,
        LockCells,
    )

    notebook = deepcopy(source)
    for preprocessor in (
        LockCells(),
        ClearSolutions(**stubs()),
        ClearHiddenTests(),
        ClearMarkScheme(),
        ClearOutput(),
    ):
        notebook, _ = preprocessor.preprocess(notebook, {})
    return notebook


def stubs() -> dict[str, Any]:
    """What stands in place of a solution; also the nbgrader configuration of a class."""
    return {"code_stub": {"python": ANSWER_STUB}, "text_stub": PROSE_STUB}


def to_text(notebook: NotebookNode) -> str:
    """The notebook file as text, the same for the same content."""
    nbformat.validate(notebook)
    return nbformat.writes(notebook, indent=1, ensure_ascii=False, sort_keys=True).rstrip("\n") + "\n"


def _cell(cell: NotebookNode, path: Path) -> NotebookNode:
    marks = dict(cell.metadata)
    metadata: dict[str, Any] = {}
    marks.pop("lines_to_next_cell", None)  # jupytext's own note on blank lines after a function
    if tags := marks.pop("tags", None):
        metadata["tags"] = tags
    if id := marks.pop("answer", None):
        load_question(id)
        metadata["nbgrader"] = _mark(f"{id}-answer", solution=True)
    elif id := marks.pop("check", None):
        metadata["nbgrader"] = _mark(id, grade=True, locked=True, points=load_question(id).points)
    elif id := marks.pop("prose", None):
        metadata["nbgrader"] = _mark(id, grade=True, solution=True, points=float(marks.pop("points", 0)))
    if marks:
        known = "answer, check, prose, points, tags"
        raise SourceError(f"{path}: unknown cell keys {', '.join(marks)}; known: {known}.")
    if cell.cell_type == "code":
        return nbformat.v4.new_code_cell(cell.source, metadata=metadata)
    return nbformat.v4.new_markdown_cell(cell.source, metadata=metadata)


def _mark(
    id: str, *, grade: bool = False, solution: bool = False, locked: bool = False, points: float | None = None
) -> dict[str, Any]:
    mark: dict[str, Any] = {
        "schema_version": 3,
        "grade_id": id,
        "grade": grade,
        "solution": solution,
        "locked": locked,
        "task": False,
    }
    return mark if points is None else mark | {"points": points}


def _give_ids(notebook: NotebookNode) -> None:
    # by content, so that a cell keeps its id when others come and go
    seen: Counter[str] = Counter()
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        id = grade_id or hashlib.sha256(cell.source.encode()).hexdigest()[:12]
        seen[id] += 1
        cell["id"] = id if seen[id] == 1 else f"{id}-{seen[id]}"


def _check_rules(notebook: NotebookNode, path: Path) -> None:
    ids = [cell.metadata["nbgrader"]["grade_id"] for cell in notebook.cells if "nbgrader" in cell.metadata]
    twice = sorted(id for id, count in Counter(ids).items() if count > 1)
    if twice:
        raise SourceError(f"{path}: grade ids must be unique, but {', '.join(twice)} stands twice.")
    for cell in notebook.cells:
        mark = cell.metadata.get("nbgrader", {})
        if mark.get("locked") and _checked_id(cell.source) != mark["grade_id"]:
            raise SourceError(
                f"{path}: the check cell of {mark['grade_id']} must be one call "
                f'lab.check("{mark["grade_id"]}", <name of the answer>), got: {cell.source!r}.'
            )
        if mark.get("locked") and f"{mark['grade_id']}-answer" not in ids:
            raise SourceError(f"{path}: {mark['grade_id']} is checked, but no cell is marked as its answer.")
        if mark.get("solution") and cell.cell_type == "code" and "### BEGIN SOLUTION" not in cell.source:
            raise SourceError(f"{path}: {mark['grade_id']} has no solution between ### BEGIN/END SOLUTION.")


def _checked_id(source: str) -> str | None:
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return None
    call = body[0].value if len(body) == 1 and isinstance(body[0], ast.Expr) else None
    if isinstance(call, ast.Call) and ast.unparse(call.func) == "lab.check" and len(call.args) == 2:
        first, second = call.args
        if isinstance(first, ast.Constant) and isinstance(second, ast.Name):
            return str(first.value)
    return None
