"""The released notebook as the measure of a submission: which cells are graded, and what they contain."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from aiir_lab.grade.notebook import NotebookError, mark_of, read_notebook
from aiir_lab.grade.notebook import source_of as text_of

__all__ = ["Template", "copy_cell", "mark_of", "text_of"]


@dataclass(frozen=True)
class Template:
    """A notebook as it was released, without solutions.

    Parameters
    ----------
    notebook : dict
        The released notebook as plain JSON.
    """

    notebook: dict[str, Any]

    @classmethod
    def read(cls, path: Path) -> Template:
        """Read the released notebook.

        Raises
        ------
        NotebookError
            It cannot be read, or holds no graded cell.
        """
        template = cls(read_notebook(path))
        if not template.cells:
            raise NotebookError(f"{path} holds no graded cell, so nothing handed in can be graded by it.")
        return template

    @cached_property
    def cells(self) -> dict[str, dict[str, Any]]:
        """The marked cells by grade id, in the order of the release."""
        marked = [cell for cell in self.notebook["cells"] if mark_of(cell).get("grade_id")]
        return {mark_of(cell)["grade_id"]: cell for cell in marked}

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """The ids of the automatically judged questions, in the order of the release."""
        return tuple(id for id, cell in self.cells.items() if _is_check(mark_of(cell)))

    @cached_property
    def prose(self) -> tuple[str, ...]:
        """The grade ids of the answers that a person reads."""
        marks = ((id, mark_of(cell)) for id, cell in self.cells.items())
        return tuple(id for id, mark in marks if mark.get("grade") and mark.get("solution"))

    def empty(self) -> dict[str, Any]:
        """The notebook without its cells."""
        metadata = json.loads(json.dumps(self.notebook.get("metadata") or {}))
        return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": []}


def copy_cell(cell_type: str, source: str, metadata: dict[str, Any], *, id: Any) -> dict[str, Any]:
    """A cell of the notebook format with nothing in it but this."""
    cell = {"cell_type": cell_type, "id": id, "metadata": metadata, "source": source}
    return cell | ({"execution_count": None, "outputs": []} if cell_type == "code" else {})


def _is_check(mark: dict[str, Any]) -> bool:
    return bool(mark.get("grade") and mark.get("locked"))
