"""The commands of ``aiir``, gathered. Each is a thin face of a room."""

from __future__ import annotations

import typer

from aiir_lab.cli import classroom, course, desk, drill, interview, review, worlds

app = typer.Typer(
    name="aiir",
    help="A flight simulator for AI incidents.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("lab")(course.lab)
app.command("check")(course.check)
app.command("progress")(course.progress)
app.command("doctor")(course.doctor)
app.command("review")(review.review)
app.command("lint")(review.lint)
app.command("simulate")(worlds.simulate)
app.command("replay")(worlds.replay)
app.command("desk")(desk.desk)
app.command("drill")(drill.drill)
app.command("interview")(interview.interview)
app.add_typer(classroom.app, name="classroom")


@app.callback(invoke_without_command=True)
def version(show: bool = typer.Option(False, "--version", help="Show the version.", is_eager=True)) -> None:
    """A flight simulator for AI incidents."""
    if show:
        from aiir_lab import __version__

        typer.echo(f"aiir_lab {__version__}")
        raise typer.Exit
