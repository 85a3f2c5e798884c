"""``aiir classroom late`` and ``comment``: what people decide about a grade, applied to the gradebook."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from aiir_lab.cli.course import out

HERE = Path()
Folder = Annotated[Path, typer.Option("--course", help="The course folder.")]


def late(
    lesson: Annotated[str | None, typer.Argument(help="The lesson; all where none is named.")] = None,
    course: Folder = HERE,
) -> None:
    """Apply due dates, late rules and extensions of late.yaml again; nothing is executed."""
    from aiir_lab.classroom.course import Course
    from aiir_lab.classroom.late import assign_penalties
    from aiir_lab.classroom.late_rules import FILE

    opened = Course(course)
    found = assign_penalties(opened, lesson=lesson)
    table = Table("Student", "Lesson", "Late by", "Extension", "Points lost", "Before")
    shown = [one for one in found if one.late or one.is_changed or one.extension]
    for one in shown:
        given = _say(one.extension) if one.extension else ""
        before = f"{one.points_before:g}" if one.is_changed else ""
        table.add_row(
            escape(one.student), escape(one.lesson), _say(one.late), given, f"{one.points:g}", before
        )
    if shown:
        out.print(table)
    changed = sum(one.is_changed for one in found)
    out.print(f"{len(found)} submissions, {sum(bool(one.late) for one in found)} late, {changed} changed.")
    if not (opened.folder / FILE).is_file():
        out.print(f"There is no {FILE} in this course; nbgrader's own due dates and settings count.")


def _say(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [f"{value} {unit}" for value, unit in ((days, "d"), (hours, "h"), (minutes, "min")) if value]
    return " ".join(parts) if parts else "-" if not span else "under 1 min"
