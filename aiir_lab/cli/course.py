"""``aiir lab``, ``check``, ``progress`` and ``doctor``: the learner's commands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from aiir_lab.grade.notebook import Lesson

WORKSPACE = Path("aiir-workspace")

out = Console()


class Rate(ProgressColumn):
    """How many are done in a minute, over the last half minute."""

    def render(self, task: Task) -> Text:
        """The rate, or nothing where nothing is known yet."""
        speed = task.finished_speed or task.speed
        return Text(f"{speed * 60:.0f}/min" if speed else "", style="progress.data.speed")


def bar(*, shows_rate: bool = False) -> Progress:
    """A progress bar for long work; silent where the output is no terminal."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        *([Rate()] if shows_rate else []),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def lab(
    folder: Annotated[Path, typer.Argument(help="Your workspace; made if missing.")] = WORKSPACE,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port on this machine.")] = None,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
    start: Annotated[bool, typer.Option(help="Start JupyterLab after setting up.")] = True,
) -> None:
    """Set the workspace up (never overwriting your work) and open JupyterLab."""
    from aiir_lab.classroom.jupyter import START, has_browser, open_lab
    from aiir_lab.classroom.workspace import set_up

    done = set_up(folder)
    out.print(f"Workspace: [bold]{escape(str(done.folder))}[/bold]")
    if done.copied:
        out.print(f"{len(done.copied)} notebooks copied.")
    if done.refreshed:
        out.print(f"{len(done.refreshed)} untouched notebooks brought up to date.")
    for path in done.newer:
        out.print(
            f"A newer version of [bold]{escape(str(path))}[/bold] exists. Your work is kept; "
            "to get the newer one, rename yours and run aiir lab again."
        )
    for message in done.damaged:
        out.print(f"[bold]Attention:[/bold] {escape(message)}")
    if not start:
        return
    if browser and not has_browser():
        browser = False
        out.print(f"No browser was found. Open the address that JupyterLab prints below ({START}).")
    raise typer.Exit(open_lab(done.folder, port=port, with_browser=browser))


def check(
    notebook: Annotated[Path, typer.Argument(help="A notebook of the course.")],
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable result.")] = False,
    timeout: Annotated[int, typer.Option(min=1, help="Seconds that one cell may take.")] = 120,
) -> None:
    """Run a notebook from top to bottom and show the score per question. The file is not changed."""
    from aiir_lab.grade.notebook import read_lesson
    from aiir_lab.grade.running import run_notebook

    with bar() as progress:
        task = progress.add_task(f"Running {notebook.name}", total=None)
        executed = run_notebook(
            notebook,
            timeout_s=timeout,
            on_cell=lambda done, total: progress.update(task, completed=done, total=total),
        )
    lesson = read_lesson(notebook, executed)
    errors = _errors(executed)
    if as_json:
        typer.echo(json.dumps(_as_dict(lesson, errors), indent=1, ensure_ascii=False))
    else:
        _print_lesson(lesson, errors)
    raise typer.Exit(0 if lesson.score >= lesson.points and not errors else 1)


def progress(
    folder: Annotated[Path, typer.Argument(help="Your workspace.")] = WORKSPACE,
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable result.")] = False,
) -> None:
    """Show what is done and what is next, from the saved notebooks."""
    from aiir_lab.classroom.workspace import WorkspaceError
    from aiir_lab.grade.progress import read_progress

    if not folder.is_dir():
        raise WorkspaceError(f"There is no workspace at {folder}. Make one with: aiir lab {folder}")
    found = read_progress(folder)
    if not found.lessons and not found.damaged:
        raise WorkspaceError(f"{folder} holds no lesson. Set it up with: aiir lab {folder}")
    upcoming = found.next_lesson
    if as_json:
        lessons = [_as_dict(lesson, []) for lesson in found.lessons]
        content = {
            "lessons": lessons,
            "next": str(upcoming.path) if upcoming else None,
            "damaged": found.damaged,
        }
        typer.echo(json.dumps(content, indent=1, ensure_ascii=False))
        return
    table = Table("Lesson", "Points", "Written", "State")
    for lesson in found.lessons:
        state = "done" if lesson.is_done else "started" if lesson.is_started else "new"
        written = f"{lesson.prose} of {lesson.prose_total}" if lesson.prose_total else "-"
        points = f"{lesson.score:g} of {lesson.points:g}"
        table.add_row(escape(f"{lesson.path.parent.name}: {lesson.title}"), points, written, state)
    out.print(table)
    for message in found.damaged:
        out.print(f"[bold]Attention:[/bold] {escape(message)}")
    if upcoming:
        out.print(f"Next: {escape(str(upcoming.path))}")
    elif not found.damaged:
        out.print("Every lesson is done.")


def doctor() -> None:
    """Say what is missing on this machine and how to get it."""
    from aiir_lab.cli.machine import examine

    findings = examine()
    table = Table("", "What", "Found", "If you need it")
    for finding in findings:
        mark = "✓" if finding.is_there else "✗" if finding.is_needed else "–"
        table.add_row(mark, finding.name, escape(finding.found), escape(finding.advice))
    out.print(table)
    missing = [finding.name for finding in findings if finding.is_needed and not finding.is_there]
    out.print(f"Missing: {', '.join(missing)}." if missing else "Everything that the course needs is there.")
    raise typer.Exit(1 if missing else 0)


def _errors(notebook: dict[str, Any]) -> list[str]:
    found = []
    for number, cell in enumerate(notebook["cells"], start=1):
        for output in cell.get("outputs", []):
            if output.get("output_type") == "error":
                reason = str(output.get("evalue") or "").split("\n")[0][:200]
                found.append(f"cell {number}: {output.get('ename')}: {reason}")
    stopped = notebook.get("metadata", {}).get("aiir_stopped")
    return [*found, f"stopped: {stopped}"] if stopped else found


def _as_dict(lesson: Lesson, errors: list[str]) -> dict[str, Any]:
    return {
        "notebook": str(lesson.path),
        "title": lesson.title,
        "score": lesson.score,
        "points": lesson.points,
        "questions": [
            {
                "id": verdict.question_id,
                "title": verdict.title,
                "score": verdict.score,
                "points": verdict.points,
                "attempted": verdict.is_attempted,
            }
            for verdict in lesson.verdicts
        ],
        "written": lesson.prose,
        "to_write": lesson.prose_total,
        "errors": errors,
    }


def _print_lesson(lesson: Lesson, errors: list[str]) -> None:
    table = Table("Question", "Score", "", title=escape(lesson.title))
    for verdict in lesson.verdicts:
        missing = [result.message or result.text for result in verdict.results if not result.is_held]
        note = verdict.problem or (missing[0] if missing else "")
        table.add_row(verdict.question_id, f"{verdict.score:g} of {verdict.points:g}", escape(note))
    out.print(table)
    if lesson.prose_total:
        out.print(f"Written answers, read by a person: {lesson.prose} of {lesson.prose_total}.")
    for error in errors:
        out.print(f"[bold]{escape(error)}[/bold]")
    out.print(f"Score: {lesson.score:g} of {lesson.points:g}")
