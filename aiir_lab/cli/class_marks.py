"""``aiir classroom late`` and ``export``: what a score becomes on its way out of the gradebook."""

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


def export(
    to: Annotated[Path, typer.Option(help="The CSV file to write.")] = Path("grades.csv"),
    course: Folder = HERE,
    form: Annotated[str, typer.Option("--format", help="csv, or for import: canvas, moodle.")] = "csv",
    roster: Annotated[
        Path | None, typer.Option(help="CSV that says who is who: yours, or exported there.")
    ] = None,
    item: Annotated[
        list[str] | None, typer.Option(help="LESSON=HEADING of its column there; may be repeated.")
    ] = None,
    lesson: Annotated[list[str] | None, typer.Option(help="Only this lesson; may be repeated.")] = None,
    waiting: Annotated[
        bool, typer.Option(help="Also scores whose written answers nobody has graded yet.")
    ] = False,
) -> None:
    """Write all scores as CSV, also as Canvas and Moodle import them."""
    from aiir_lab.classroom.course import Course, CourseError

    opened = Course(course)
    if form == "csv":
        out.print(f"Scores: {escape(str(opened.export(to)))}")
        return
    from aiir_lab.classroom.platforms import export_for
    from aiir_lab.classroom.roster import read_roster

    items = {}
    for one in item or ():
        name, sign, heading = one.partition("=")
        if not sign or not heading.strip():
            raise CourseError(f"--item takes LESSON=HEADING, such as 'lesson=Lesson 1 (4711)', got {one!r}.")
        items[name.strip()] = heading.strip()
    people = read_roster(roster) if roster else None
    done = export_for(opened, form, to, roster=people, items=items, lessons=lesson, with_waiting=waiting)
    out.print(f"Scores of {done.students} students: {escape(str(done.path))}")
    if done.waiting:
        what = "are in it with what they have so far" if waiting else "are empty"
        out.print(f"{len(done.waiting)} scores wait for a person's grade and {what}:")
        for one in done.waiting[:20]:
            out.print(f"  {escape(one)}")
    if done.unknown:
        out.print(f"Not in the roster, so not in the file: {escape(', '.join(done.unknown))}")
    raise typer.Exit(1 if done.unknown else 0)


def _say(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [f"{value} {unit}" for value, unit in ((days, "d"), (hours, "h"), (minutes, "min")) if value]
    return " ".join(parts) if parts else "-" if not span else "under 1 min"
