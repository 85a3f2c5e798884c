"""``aiir interview``: practice questions in the terminal, from a keyboard or from a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from aiir_lab.cli.course import out

if TYPE_CHECKING:
    from aiir_lab.catalog.interview import InterviewQuestion
    from aiir_lab.interview.judging import Judgement
    from aiir_lab.interview.mock import MockInterview
    from aiir_lab.interview.practice import Practice

_HELP = "Write your answer; end it with a line that holds only a dot. :skip goes on, :quit ends."
_MOST_REMARKS = 5


class _Ended(Exception):
    """The input is over, or the learner wants to stop."""


class _Skipped(Exception):
    """The learner leaves this question out."""


class _Input:
    """Answers from standard input, whatever bytes come."""

    def __init__(self) -> None:
        self._is_over = False

    def line(self) -> str:
        """One line without its end; ``_Ended`` where there is none."""
        raw = sys.stdin.buffer.readline()
        if not raw:
            self._is_over = True
            raise _Ended
        return raw.decode("utf-8", errors="replace").rstrip("\r\n")

    def answer(self) -> str:
        """Lines up to a single dot or the end of the input."""
        if self._is_over:
            raise _Ended
        lines = list(self._lines())
        if self._is_over and not "".join(lines).strip():
            raise _Ended
        return "\n".join(lines)

    def _lines(self) -> Iterator[str]:
        while True:
            try:
                line = self.line()
            except _Ended:
                return
            if line.strip() == ".":
                return
            if line.strip() == ":skip":
                raise _Skipped
            if line.strip() == ":quit":
                raise _Ended
            yield line


def interview(
    level: Annotated[str | None, typer.Option(help="beginner, intermediate or advanced.")] = None,
    competency: Annotated[str | None, typer.Option(help="Such as communication or root_cause.")] = None,
    role: Annotated[str | None, typer.Option(help="Such as sre or trust_and_safety.")] = None,
    due: Annotated[bool, typer.Option("--due", help="Only what is due by the schedule.")] = False,
    count: Annotated[int, typer.Option(min=1, max=50, help="How many questions at most.")] = 3,
    spoken: Annotated[bool, typer.Option("--spoken", help="Speak; score yourself by the rubric.")] = False,
    mock: Annotated[bool, typer.Option("--mock", help="A mock interview with a report at the end.")] = False,
    minutes: Annotated[float, typer.Option(min=5, max=180, help="Length of the mock interview.")] = 30,
    report: Annotated[Path | None, typer.Option(help="Write the mock report here: .md or .html.")] = None,
    history: Annotated[Path | None, typer.Option(help="Your history; by default in the workspace.")] = None,
    opinion: Annotated[
        bool,
        typer.Option("--opinion", help="Offer a second opinion by the model you set up; asks each time."),
    ] = False,
    fail_under: Annotated[float, typer.Option(min=0, max=1, help="Exit with 1 below this mean score.")] = 0,
    seed: Annotated[int, typer.Option(help="Another seed, other new questions.")] = 0,
) -> None:
    """Practise interview questions: judged at once, kept in your history, due again by schedule.

    Exits with 1 where nothing was answered, or where the mean score (0 to 1) lies below --fail-under.
    """
    from aiir_lab.interview import MockInterview, Practice
    from aiir_lab.records.errors import AiirError

    if report is not None and report.suffix not in (".md", ".html"):
        raise AiirError(f"A report ends in .md or .html, got {report.name!r}.")
    if mock:
        scores = _run_mock(
            MockInterview(minutes=minutes, level=level, history=history, seed=seed), report=report
        )
    else:
        practice = Practice(
            history=history,
            level=level,
            competency=competency,
            role=role,
            count=count,
            due_only=due,
            seed=seed,
        )
        _say_problems(practice)
        if not practice.questions:
            _say_nothing_due(practice)
            return
        scores = _run_practice(practice, spoken=spoken, opinion=opinion)
    if not scores:
        out.print("Nothing was answered.")
        raise typer.Exit(1)
    out.print(f"Mean score: {mean(scores):.2f} of 1, over {len(scores)} answers.")
    raise typer.Exit(1 if mean(scores) < fail_under else 0)


def _run_practice(practice: Practice, *, spoken: bool, opinion: bool) -> list[float]:
    source, scores = _Input(), []
    try:
        for number, question in enumerate(practice.questions, start=1):
            out.rule(f"{number} of {len(practice.questions)}: {question.competency}, {question.level}")
            out.print(f"[bold]{escape(question.question)}[/bold]")
            try:
                scores.append(_ask(practice, question, source, spoken=spoken, opinion=opinion))
            except _Skipped:
                practice.skip()
    except (_Ended, KeyboardInterrupt):
        out.print("Ended. What you answered is kept.")
    for id, when in sorted(practice.next_due().items(), key=lambda pair: pair[1].due_utc):
        if id in {question.id for question in practice.questions}:
            out.print(f"{escape(id)} comes back on {when.due_utc:%Y-%m-%d}.")
    return scores


def _ask(
    practice: Practice, question: InterviewQuestion, source: _Input, *, spoken: bool, opinion: bool
) -> float:
    if spoken:
        score = _listen(practice, question, source)
    else:
        out.print(_HELP, style="dim")
        judged = practice.answer(source.answer())
        _show(judged)
        if opinion:
            _offer_opinion(question, judged, source)
        score = judged.score
    out.print(f"Follow-up: [bold]{escape(practice.follow_up or '')}[/bold]")
    try:
        for finding in practice.answer_follow_up(source.answer()):
            out.print(f"- {escape(finding.message)} {escape(finding.suggestion)}", soft_wrap=True)
        out.print("Whether it answers what was asked, a person has to judge.", style="dim")
    except _Ended:
        # the answer itself counts; the input simply stops here
        practice.skip()
    return score


def _listen(practice: Practice, question: InterviewQuestion, source: _Input) -> float:
    from aiir_lab.catalog.interview import Dimension
    from aiir_lab.interview.speaking import say_duration

    out.print("Press Enter to start, speak aloud, press Enter when you are done.", style="dim")
    source.line()
    practice.restart_timer()
    source.line()
    seconds = practice.elapsed_s
    out.print(f"You spoke for {say_duration(seconds)}; one to three minutes is what people listen to.")
    for dimension in Dimension:
        ends = question.rubric[dimension]
        out.print(f"  {dimension.value}: 1 = {escape(ends['1'])}; 4 = {escape(ends['4'])}", soft_wrap=True)
    while True:
        out.print(f"Your six scores, 1 to 4, in this order ({', '.join(Dimension)}), such as 3 2 4 3 2 4:")
        given = source.line().replace(",", " ").split()
        if len(given) == len(Dimension) and set(given) <= {"1", "2", "3", "4"}:
            scores = dict(zip(Dimension, map(int, given), strict=True))
            practice.spoke(scores, seconds=seconds)
            return sum(score - 1 for score in scores.values()) / (3 * len(scores))
        out.print("Six numbers from 1 to 4 are needed.")


def _run_mock(interview: MockInterview, *, report: Path | None) -> list[float]:
    source = _Input()
    out.print(
        f"A mock interview of {interview.minutes:g} minutes, {len(interview.questions)} questions, each with "
        "a follow-up. Nothing is judged aloud before the end."
    )
    out.print(_HELP, style="dim")
    try:
        while (prompt := interview.prompt()) is not None:
            out.rule(f"{interview.minutes_left:.0f} minutes left")
            out.print(f"[bold]{escape(prompt)}[/bold]")
            try:
                interview.answer(source.answer())
            except _Skipped:
                interview.skip()
    except (_Ended, KeyboardInterrupt):
        out.print("Ended. What you answered is kept.")
    found = interview.report()
    if report is None:
        typer.echo(found.to_markdown())
    else:
        from aiir_lab.view.page import make_folder, write_whole

        make_folder(report.parent)
        write_whole(report, found.to_html() if report.suffix == ".html" else found.to_markdown())
        out.print(f"Report: {escape(str(report))}")
    return [exchange.judgement.score for exchange in found.exchanges]


def _show(judged: Judgement) -> None:
    from aiir_lab.interview.speaking import say_duration

    for dimension, judged_dimension in judged.dimensions.items():
        found = ", ".join(dict.fromkeys(title for title, _ in judged.quotes(dimension)))
        out.print(f"  {dimension.value:9} {judged_dimension.score} of 4  {escape(found)}", soft_wrap=True)
    out.print(f"  Spoken it takes about {say_duration(judged.spoken_s)}.")
    for finding in judged.findings[:_MOST_REMARKS]:
        out.print(f"- {escape(finding.message)} {escape(finding.suggestion)}", soft_wrap=True)
    for note in judged.answer.notes:
        out.print(f"- {escape(note)}", soft_wrap=True)


def _offer_opinion(question: InterviewQuestion, judged: Judgement, source: _Input) -> None:
    from aiir_lab.interview.opinion import OpinionError, second_opinion

    try:
        notice = second_opinion(question, judged.answer.text)
        typer.echo(repr(notice))
        out.print("Send it, this once? y/N")
        if source.line().strip().lower() in ("y", "yes"):
            typer.echo(repr(notice.send()))
        else:
            out.print("Not sent.")
    except OpinionError as error:
        out.print(escape(str(error)), soft_wrap=True)


def _say_problems(practice: Practice) -> None:
    for problem in practice.history.problems:
        out.print(f"[bold]Attention:[/bold] {escape(problem)}", soft_wrap=True)


def _say_nothing_due(practice: Practice) -> None:
    dates = practice.next_due().values()
    out.print("Nothing is due. " + ("" if dates else "Nothing was practised yet; leave --due away to begin."))
    for due in sorted(dates, key=lambda due: due.due_utc)[:3]:
        out.print(f"{escape(due.question)} comes back on {due.due_utc:%Y-%m-%d}.")
