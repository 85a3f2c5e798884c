"""``aiir classroom stats`` and ``similarity``: what the graded answers of a class show."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from aiir_lab.cli.course import out

if TYPE_CHECKING:
    import pandas as pd

HERE = Path()
Folder = Annotated[Path, typer.Option("--course", help="The course folder.")]
Lesson = Annotated[str, typer.Argument(help="The lesson.")]
Page = Annotated[Path | None, typer.Option("--html", help="Write a page with figures to this file.")]
Rows = Annotated[Path | None, typer.Option("--csv", help="Write the table to this file.")]


def stats(
    lesson: Lesson,
    course: Folder = HERE,
    html: Page = None,
    csv: Rows = None,
    fewest: Annotated[int, typer.Option(min=1, help="Leave out mistakes of fewer students.")] = 2,
) -> None:
    """Show how hard and how telling each question was, and which mistakes are common."""
    from aiir_lab.classroom.course import Course
    from aiir_lab.classroom.export import write_safely
    from aiir_lab.classroom.results import load_results
    from aiir_lab.classroom.statistics import common_mistakes, item_statistics, scores_of

    results = load_results(Course(course), lesson)
    items, mistakes, scores = (
        item_statistics(results),
        common_mistakes(results, fewest=fewest),
        scores_of(results),
    )
    table = Table(
        "Question", "Points", "Attempted", "Share of points", "Discrimination", "", title=escape(lesson)
    )
    for row in items.itertuples():
        told = "-" if row.discrimination != row.discrimination else f"{row.discrimination:.2f}"
        table.add_row(
            row.question,
            f"{row.points:g}",
            f"{row.attempted_share:.0%}",
            f"{row.mean_share:.0%}",
            told,
            row.note,
        )
    out.print(table)
    _print_mistakes(mistakes)
    refused = int((scores["state"] == "refused").sum())
    out.print(f"{len(results)} submissions" + (f", {refused} refused and left out." if refused else "."))
    if csv:
        out.print(f"Table: {escape(str(write_safely(items, csv)))}")
    if html:
        out.print(f"Page: {escape(str(_stats_page(lesson, items, mistakes, scores, html)))}")


def _print_mistakes(mistakes: pd.DataFrame) -> None:
    if mistakes.empty:
        out.print("No mistake is common.")
        return
    table = Table("Question", "Students", "Kind", "Common mistake")
    for row in mistakes.groupby("question", sort=False).head(5).itertuples():
        table.add_row(row.question, f"{row.students} ({row.share:.0%})", row.kind, escape(row.what))
    out.print(table)


def _stats_page(
    lesson: str, items: pd.DataFrame, mistakes: pd.DataFrame, scores: pd.DataFrame, target: Path
) -> Path:
    from aiir_lab.view.class_report import Section, export_class_report
    from aiir_lab.view.items import draw_items, draw_scores

    judged = scores[scores["state"] != "refused"]
    points = float(judged["points"].max()) if len(judged) else 0.0
    return export_class_report(
        target,
        title=f"How the questions of {lesson} worked",
        intro=(
            f"{len(judged)} submissions are counted"
            + (
                f"; {len(scores) - len(judged)} were refused and are not."
                if len(judged) < len(scores)
                else "."
            )
            + " Written answers, which a person grades, are not part of this."
        ),
        sections=[
            Section("Scores", figure=draw_scores(judged, points=points)),
            Section(
                "Questions",
                "The share of the points says how hard a question was. Its discrimination is the correlation "
                "of its score with the sum of the others: near 0 it does not separate strong from weak work, "
                "below 0 look at the question itself. The interval says how sure that is.",
                draw_items(items),
                items.drop(columns=["title"]),
            ),
            Section(
                "Common mistakes",
                "A value is listed where it stands in answers that fell short and in no answer that earned "
                "every point."
                if len(mistakes)
                else "No mistake was made by several students.",
                table=mistakes if len(mistakes) else None,
            ),
        ],
    )


_LOOK = (
    "This is a reason to look, never a verdict. Students who worked together with leave, or copied the same "
    "source, are here as well; and whoever rewrites every sentence is not. Read both answers first."
)


def similarity(
    lesson: Lesson,
    course: Folder = HERE,
    least: Annotated[float, typer.Option(min=0.05, max=1.0, help="The least similarity to report.")] = 0.6,
    html: Page = None,
    csv: Rows = None,
) -> None:
    """List answers that resemble each other more than the task explains: a reason to look, no verdict."""
    from aiir_lab.classroom.batch import Batch
    from aiir_lab.classroom.course import Course
    from aiir_lab.classroom.export import write_safely
    from aiir_lab.classroom.results import load_results
    from aiir_lab.classroom.similarity import similar_answers
    from aiir_lab.view.class_report import Section, export_class_report

    opened = Course(course)
    results = load_results(opened, lesson)
    pairs = similar_answers(results, Batch(opened, lesson, is_isolated=False).template, least=least)
    table = Table("Similarity", "Students", "Answer", "Longest shared passage", title=escape(lesson))
    for row in pairs.head(20).itertuples():
        names = f"{row.student_a}, {row.student_b}"
        table.add_row(f"{row.similarity:.0%}", escape(names), row.cell, escape(row.shared))
    if len(pairs):
        out.print(table)
        out.print(_LOOK)
    more = ", the first 20 are shown (--html, --csv: all)" if len(pairs) > 20 else ""
    out.print(f"{len(results)} submissions, {len(pairs)} pairs of answers to look at{more}.")
    if csv:
        out.print(f"Table: {escape(str(write_safely(pairs, csv)))}")
    if html:
        note = (
            "Left out before comparing: what the release holds, and every run of words that at least one in "
            "ten of the class has. Of code, comments and the names of variables do not count."
        )
        none = "No two answers resemble each other more than the task explains."
        section = Section("Pairs", note if len(pairs) else none, table=pairs if len(pairs) else None)
        page = export_class_report(
            html, title=f"Similar answers in {lesson}", intro=_LOOK, sections=[section]
        )
        out.print(f"Page: {escape(str(page))}")
