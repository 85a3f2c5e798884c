"""Scores as CSV: nbgrader's columns, with names quoted (its own exporter joins them with bare commas)."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins.export import ExportPlugin

from aiir_lab.classroom.workspace import write_whole

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
    "needs_manual_grade",
)


def safe_cell(value: Any) -> Any:
    """The value so that no spreadsheet takes text from a student for a formula.

    A quote goes before the signs that start one (OWASP, CSV injection); numbers stay numbers.

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell(-2.5), safe_cell("ana")
    ("'=1+1", -2.5, 'ana')
    """
    return (
        f"'{value}"
        if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
        else value
    )


def write_rows(rows: list[list[Any]], target: Path) -> Path:
    """Write rows as CSV, each cell safe for a spreadsheet, the file whole or not at all."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([safe_cell(value) for value in row] for row in rows)
    write_whole(target, text.getvalue().encode("utf-8", "replace"))
    return target


def write_safely(table: pd.DataFrame, target: Path) -> Path:
    """Write a table as CSV like :func:`write_rows`; what is missing is an empty cell."""
    plain = table.astype(object).where(table.notna(), "")
    return write_rows([list(table.columns), *plain.values.tolist()], target)


class CsvExport(ExportPlugin):  # type: ignore[misc]
    """``nbgrader export --exporter=aiir_lab.classroom.export.CsvExport`` writes the same file."""

    def export(self, gradebook: Gradebook) -> None:
        """Write one row per assignment and student to ``self.to``, ``grades.csv`` by default."""
        with open(self.to or "grades.csv", "w", newline="", encoding="utf-8") as file:  # noqa: PTH123
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            for assignment in gradebook.assignments:
                for student in gradebook.students:
                    if self.assignment and assignment.name not in self.assignment:
                        continue
                    if not self.student or student.id in self.student:
                        row = _row(gradebook, assignment, student)
                        writer.writerow({name: safe_cell(value) for name, value in row.items()})


def _row(gradebook: Gradebook, assignment: Any, student: Any) -> dict[str, Any]:
    row = {
        "assignment": assignment.name,
        "duedate": assignment.duedate,
        "student_id": student.id,
        "last_name": student.last_name,
        "first_name": student.first_name,
        "email": student.email,
        "max_score": assignment.max_score,
    }
    try:
        submission = gradebook.find_submission(assignment.name, student.id)
    except MissingEntry:
        return row | {
            "raw_score": 0.0,
            "late_submission_penalty": 0.0,
            "score": 0.0,
            "needs_manual_grade": False,
        }
    return row | {
        "timestamp": submission.timestamp,
        "raw_score": submission.score,
        "late_submission_penalty": submission.late_submission_penalty,
        "score": max(0.0, submission.score - submission.late_submission_penalty),
        "needs_manual_grade": submission.needs_manual_grade,
    }
