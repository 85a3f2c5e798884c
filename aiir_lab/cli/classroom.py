"""``aiir classroom``: hand lessons to a class, collect, grade, give feedback, export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from aiir_lab.cli import class_comments, class_marks, class_reports, class_watch
from aiir_lab.cli.course import bar, out

if TYPE_CHECKING:
    from aiir_lab.classroom.course import Course, Outcome

app = typer.Typer(no_args_is_help=True, help="Hand lessons to a class with nbgrader.")

Folder = Annotated[Path, typer.Option("--course", help="The course folder.")]
Lessons = Annotated[list[str] | None, typer.Argument(help="Lessons; all where none is named.")]
HERE = Path()


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="The course folder to make.")],
    course_id: Annotated[str, typer.Option(help="Short name of the course.")] = "aiir",
) -> None:
    """Make an nbgrader course with the source of every lesson."""
    from aiir_lab.classroom.course import Course

    course = Course.create(folder, course_id=course_id)
    out.print(f"Course: [bold]{escape(str(course.folder))}[/bold]")
    for lesson in course.lessons():
        out.print(f"  {escape(lesson)}")
    out.print("Next: aiir classroom release LESSON --course DIR")


@app.command()
def release(
    lessons: Lessons = None,
    course: Folder = HERE,
    per_student: Annotated[
        bool, typer.Option("--per-student", help="Each learner gets an incident of their own.")
    ] = False,
    roster: Annotated[
        Path | None, typer.Option(help="CSV with a column student_id; default: roster.csv of the course.")
    ] = None,
) -> None:
    """Make the students' version of lessons."""
    from aiir_lab.classroom.course import Course

    opened = Course(course)
    if per_student:
        _release_own(opened, lessons or [], roster or opened.folder / "roster.csv")
        return
    for lesson in lessons or opened.lessons():
        out.print(f"Hand out: {escape(str(opened.release(lesson)))}")


def _release_own(course: Course, lessons: list[str], roster: Path) -> None:
    from aiir_lab.classroom.own_data import OwnRelease, read_students

    if not lessons:
        raise typer.BadParameter("name the lesson: not every lesson can have an incident for each learner.")
    students = read_students(roster)
    releases = [OwnRelease(course, lesson) for lesson in lessons]
    outcomes = []
    with bar() as progress:
        task = progress.add_task("Drawing incidents", total=len(students) * len(releases))
        for one in releases:
            for outcome in one.release(students):
                outcomes.append(outcome)
                progress.advance(task)
    out.print(f"Hand out: {escape(str(course.folder / 'handout'))}, one folder per student")
    out.print(f"Keep a copy of {escape(str(course.folder / 'keys'))}, and never hand it out.")
    _tell(outcomes, "released")


@app.command()
def interview(
    name: Annotated[str, typer.Argument(help="Name of the assignment, such as interview-1.")],
    question: Annotated[list[str] | None, typer.Option(help="Id of a question; may be repeated.")] = None,
    level: Annotated[str | None, typer.Option(help="Draw from this level.")] = None,
    competency: Annotated[str | None, typer.Option(help="Draw from this competency.")] = None,
    count: Annotated[int, typer.Option(min=1, help="How many to draw.")] = 3,
    seed: Annotated[int, typer.Option(help="Another seed, other questions.")] = 0,
    course: Folder = HERE,
) -> None:
    """Make an assignment of interview questions, graded by a person with their rubric."""
    from aiir_lab.classroom.course import Course
    from aiir_lab.classroom.interview import make_interview

    made = make_interview(
        Course(course),
        name,
        questions=question or (),
        level=level,
        competency=competency,
        count=count,
        seed=seed,
    )
    out.print(f"Source: {escape(str(made))}")
    out.print(f"Next: aiir classroom release {escape(name)} --course DIR")


@app.command()
def capstone(
    world: Annotated[str, typer.Option(help="Incident world, such as fraud_poisoning.")],
    seed: Annotated[int, typer.Option(help="Seed of the incident: another one, other figures.")],
    meeting: Annotated[
        Path | None, typer.Option(help="YAML of a meeting that you wrote; default: the course's.")
    ] = None,
    hidden_seed: Annotated[
        list[int] | None, typer.Option(help="Run on which monitors are judged; may be repeated.")
    ] = None,
    course: Folder = HERE,
) -> None:
    """Make a capstone: the advanced arc on a world and seed of your choice, with its key."""
    from aiir_lab.classroom.capstone import make_capstone
    from aiir_lab.classroom.course import Course

    with out.status("Playing the incident and drawing runs for the key ..."):
        made = make_capstone(
            Course(course), world=world, seed=seed, meeting=meeting, hidden_seeds=hidden_seed or ()
        )
    out.print(f"Source: {escape(str(made.source))}")
    out.print(f"Key, never to be handed out: {escape(str(made.key))}")
    out.print(f"Next: aiir classroom release {escape(made.name)} --course DIR")


@app.command()
def collect(
    folder: Annotated[Path, typer.Argument(help="One folder per student, named by the student's id.")],
    course: Folder = HERE,
    update: Annotated[bool, typer.Option(help="Replace what was collected before.")] = False,
) -> None:
    """Take in what students handed in."""
    from aiir_lab.classroom import collect as collecting
    from aiir_lab.classroom.course import Course

    found = collecting.collect(Course(course), folder, update=update)
    for item in found:
        out.print(escape(f"{item.student}: {item.lesson}: {item.state}"))
    refused = sum(item.state.startswith("refused") for item in found)
    out.print(f"{len(found)} notebooks seen, {refused} refused.")
    raise typer.Exit(1 if refused or not found else 0)


@app.command()
def grade(
    lessons: Lessons = None,
    course: Folder = HERE,
    workers: Annotated[int | None, typer.Option(min=1, help="Submissions at a time; default: cores.")] = None,
    sandbox: Annotated[bool, typer.Option(help="Confine each submission.")] = True,
    force: Annotated[bool, typer.Option(help="Also what is graded already.")] = False,
    scheduler: Annotated[
        str | None, typer.Option(help="Run submissions on this Dask cluster, such as tcp://HOST:8786.")
    ] = None,
) -> None:
    """Grade what was collected, each submission confined. Started again, it goes on where it was.

    Written answers then wait in nbgrader's formgrader.
    """
    from aiir_lab.classroom.course import Course

    opened = Course(course)
    outcomes = []
    wanted = lessons or [lesson for lesson in opened.lessons() if opened.submitted(lesson)]
    if scheduler and not sandbox:
        raise typer.BadParameter(
            "on a cluster every submission is confined; leave --no-sandbox or --scheduler out."
        )
    if not sandbox:
        out.print(
            "[bold]WITHOUT A SANDBOX: every submission runs with your rights, and can read and change what "
            "you can. The gradebook will say so.[/bold]"
        )
    with bar(shows_rate=True) as progress:
        task = progress.add_task("Grading", total=sum(len(opened.submitted(lesson)) for lesson in wanted))
        for lesson in wanted:
            for outcome in opened.grade(
                lesson, workers=workers, is_isolated=sandbox, force=force, scheduler=scheduler
            ):
                outcomes.append(outcome)
                progress.advance(task)
    _tell(outcomes, "graded")


@app.command()
def regrade(
    lesson: Annotated[str, typer.Argument(help="The lesson.")],
    course: Folder = HERE,
    question: Annotated[str | None, typer.Option(help="Only this question.")] = None,
) -> None:
    """Judge the answers again with the criteria as they are now; nothing is executed."""
    from aiir_lab.classroom.course import Course

    _tell(list(Course(course).regrade(lesson, question=question)), "judged again")


def _tell(outcomes: list[Outcome], done: str) -> None:
    failed = [outcome for outcome in outcomes if outcome.problem]
    for outcome in failed:
        out.print(escape(f"{outcome.student}: {outcome.lesson}: not {done}: {outcome.problem}"))
    out.print(f"{len(outcomes) - len(failed)} {done}, {len(failed)} not.")
    raise typer.Exit(1 if failed else 0)


@app.command()
def feedback(lessons: Lessons = None, course: Folder = HERE) -> None:
    """Write a feedback page for every graded submission."""
    from aiir_lab.classroom.course import Course

    opened = Course(course)
    outcomes = [outcome for lesson in lessons or opened.lessons() for outcome in opened.feedback(lesson)]
    failed = [outcome for outcome in outcomes if outcome.problem]
    for outcome in failed:
        out.print(escape(f"{outcome.student}: {outcome.lesson}: no feedback: {outcome.problem}"))
    out.print(f"{len(outcomes) - len(failed)} pages written to {escape(str(opened.folder / 'feedback'))}.")
    raise typer.Exit(1 if failed else 0)


app.command()(class_watch.watch)
app.command()(class_comments.waiting)
app.command()(class_comments.comment)
app.command()(class_marks.late)
app.command()(class_marks.export)
app.command()(class_reports.stats)
app.command()(class_reports.similarity)
