"""``aiir classroom waiting`` and ``comment``: written answers, graded with comments used again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from aiir_lab.cli.course import out

HERE = Path()
Folder = Annotated[Path, typer.Option("--course", help="The course folder.")]
Students = Annotated[list[str] | None, typer.Option("--student", help="Whom to give it; may be repeated.")]


def waiting(
    lesson: Annotated[str | None, typer.Argument(help="The lesson; all where none is named.")] = None,
    course: Folder = HERE,
    question: Annotated[str | None, typer.Option(help="Only this question.")] = None,
    text: Annotated[bool, typer.Option(help="Show the whole answers.")] = False,
) -> None:
    """List written answers that nobody has graded yet."""
    from aiir_lab.classroom.course import Course
    from aiir_lab.classroom.rubric import waiting_answers

    found = waiting_answers(Course(course), lesson, question)
    table = Table("Lesson", "Question", "Student", "Worth", "Answer")
    for one in found:
        words = " ".join(one.text.split())
        shown = one.text if text else words if len(words) <= 60 else f"{words[:59]}…"
        table.add_row(
            escape(one.lesson), escape(one.question), escape(one.student), f"{one.points:g}", escape(shown)
        )
    if found:
        out.print(table)
    out.print(f"{len(found)} answers wait for a grade.")


def comment(
    lesson: Annotated[str, typer.Argument(help="The lesson.")],
    question: Annotated[str, typer.Argument(help="The question.")],
    codes: Annotated[
        list[str] | None, typer.Argument(help="Comments by short name; none: list them.")
    ] = None,
    student: Students = None,
    course: Folder = HERE,
    note: Annotated[str, typer.Option(help="A sentence of your own, for these students.")] = "",
    force: Annotated[bool, typer.Option(help="Also replace what a person gave by hand.")] = False,
) -> None:
    """Grade a written answer with comments of rubric/LESSON.yaml; their points are the score."""
    from aiir_lab.classroom.course import Course
    from aiir_lab.classroom.rubric import Rubric, give_comments

    opened = Course(course)
    if not codes and not note:
        rubric = Rubric.of(opened, lesson)
        rubric.comments(question)
        table = Table("Name", "Points", "Comment", title=escape(question))
        for name, one in rubric.questions[question].items():
            table.add_row(escape(name), f"{one.points:+g}", escape(one.text))
        out.print(table)
        return
    if not student:
        raise typer.BadParameter("Say whom to give it: --student ID.")
    given = give_comments(opened, lesson, question, codes or [], student, note=note, force=force)
    for one in given:
        said = f"not graded: {one.problem}" if one.problem else f"{one.score:g} of {one.points:g}"
        out.print(f"{escape(one.student)}: {escape(said)}")
    raise typer.Exit(1 if any(one.problem for one in given) else 0)
