"""``aiir drill``: a tabletop in the terminal, on the same engine and the same log as the notebook."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from aiir_lab.cli.course import out
from aiir_lab.records.errors import AiirError

if TYPE_CHECKING:
    from aiir_lab.tabletop.session import Session

_HELP = """\
ack [ID]                         take an alert or a message on
sev SEV1..SEV4 "why"             declare a severity
tell ROLE ["text"]               escalate to a role
look NAME [ROWS]                 look at evidence (costs its minutes); keep NAME keeps a copy
decide NAME "why"                take a decision
update STAGE "text" [MIN]        post a status update; MIN until the next one
say TO "text" [ID]               write to a role or somebody outside, in reply to ID
law CLOCK ANSWER "why"           report, does_not_apply or ask_counsel
wait [MIN]                       let time pass (default 15)
note "text"    guess "text"      write down
role ROLE      pass ROLE NAME    act as, hand a role to somebody
pause  resume  inbox  todo  options  brief  help
wash "went well" "to improve"    the hot wash; ends the play
finish                           ends the play and shows the after-action report
quit                             leave; the log keeps everything"""


def drill(
    name: Annotated[str, typer.Argument(help="An exercise, such as fraud_poisoning, or a folder with one.")],
    seed: Annotated[int, typer.Option(help="Another seed is another case.")] = 0,
    difficulty: Annotated[str, typer.Option(help="easy, normal or hard.")] = "normal",
    log: Annotated[Path | None, typer.Option(help="Log to write, or to go on with.")] = None,
    pace: Annotated[str, typer.Option(help="step, accelerated or real.")] = "step",
    report: Annotated[
        Path | None, typer.Option(help="Write the after-action report: .md, .html or .pdf.")
    ] = None,
    facilitator: Annotated[
        bool, typer.Option("--facilitator", help="Show next injects, expected actions and the truth.")
    ] = False,
) -> None:
    """Play a tabletop exercise. Ctrl-C leaves it; with the same --log it goes on at the same minute."""
    from aiir_lab.tabletop import start_exercise

    place = log or Path(f"drill-{Path(name).name}-{seed}.jsonl")
    session = start_exercise(name, seed=seed, difficulty=difficulty, log=place, pace=pace)
    if session.repaired:
        out.print(escape(session.repaired))
    if facilitator:
        _show_facilitator(session)
        return
    if len(session.entries) == 1:
        out.print(escape(session.briefing))
    out.print(f"Log: {escape(str(place))}. Type help for the commands.")
    _show(session.inbox)
    try:
        _listen(session)
    except (KeyboardInterrupt, EOFError):
        out.print(f"\nLeft at minute {session.clock.minute:g}. Go on with --log {escape(str(place))}")
    if session.clock.is_over:
        _close(session, report)


def _listen(session: Session) -> None:
    while not session.clock.is_over:
        if sys.stdin.isatty():
            out.print(f"[bold]{escape(str(session.clock))}[/bold] as {session.role.value}")
        line = input("> " if sys.stdin.isatty() else "")
        try:
            words = shlex.split(line)
        except ValueError:
            out.print("A quotation mark is not closed.")
            continue
        if not words or words[0].startswith("#"):
            continue
        if words[0] in ("quit", "exit"):
            raise EOFError
        command = _COMMANDS.get(words[0])
        if command is None:
            out.print(f"There is no command {escape(words[0])!r}. Type help.")
            continue
        try:
            command(session, *words[1:])
        except AiirError as error:
            out.print(escape(str(error)))
        except (TypeError, ValueError):
            out.print(f"{escape(words[0])} does not go with {escape(' '.join(words[1:]))!r}. Type help.")


def _show(messages: Any) -> None:
    for message in messages:
        sign = "[bold red]ALERT[/bold red] " if message.is_alert else ""
        head = f"{message.at_utc:%a %H:%M} {message.sender} ({message.channel}) {message.id}"
        out.print(f"{sign}[bold]{escape(head)}[/bold]\n  {escape(message.text)}")


def _findings(found: Any) -> None:
    for finding in found:
        out.print(escape(f"  reviewer: {finding.kind}: {finding.message} {finding.suggestion}"))


def _look(session: Session, name: str, rows: str = "12") -> None:
    known = len(session.inbox)
    frame = session.query(name)
    out.print(escape(frame.tail(int(rows)).to_string(max_colwidth=60)))
    out.print(f"{len(frame)} rows; minute {session.clock.minute:g}")
    _show(session.inbox[known:])


def _keep(session: Session, name: str) -> None:
    out.print(f"Kept {len(session.keep_evidence(name))} rows of {escape(name)}.")


def _update(session: Session, stage: str, text: str, minutes: str | None = None) -> None:
    known = len(session.inbox)
    review = session.post_update(text, stage=stage, next_update_min=float(minutes) if minutes else None)
    _findings(review.problems)
    _show(session.inbox[known:])


def _options(session: Session) -> None:
    table = Table("Decision", "Minutes", "Works after", "State")
    for decision in session.decisions:
        state = "open" if decision.is_open else decision.why_not
        table.add_row(
            escape(f"{decision.name}: {decision.title}"),
            f"{decision.cost_min:g}",
            f"{decision.delay_min:g}",
            escape(state),
        )
    out.print(table)
    table = Table("Evidence", "Minutes", "Looked at")
    for item in session.evidence:
        seen = "" if item.looked_at_min is None else f"minute {item.looked_at_min:g}"
        table.add_row(escape(f"{item.name}: {item.what}"), f"{item.cost_min:g}", seen)
    out.print(table)


def _todo(session: Session) -> None:
    table = Table("Stage", "Done")
    for stage, done in session.stages.items():
        table.add_row(stage, "yes" if done else "")
    out.print(table)
    if session.update_due_min is not None:
        out.print(f"Next status update due at minute {session.update_due_min:g}.")
    for item in session.escalations:
        told = "never" if item.done_min is None else f"minute {item.done_min:g}"
        out.print(f"{item.role.value}: due at minute {item.due_min:g}, told: {told}")
    for clock in session.legal_clocks:
        out.print(escape(f"{clock.name}: {clock.title}. {clock.question} Decided: {clock.answer or 'no'}"))


def _wash(session: Session, well: str, better: str) -> None:
    session.hot_wash(went_well=[well], to_improve=[better])


_COMMANDS: dict[str, Callable[..., None]] = {
    "ack": lambda s, name=None: _show(s.acknowledge(name)),
    "sev": lambda s, level, why="": _show(s.declare_severity(level.upper(), rationale=why)),
    "tell": lambda s, role, text="": _show(s.escalate(role, text)),
    "look": _look,
    "keep": _keep,
    "decide": lambda s, name, why="", role=None: _show(s.decide(name, rationale=why, role=role)),
    "update": _update,
    "say": lambda s, to, text, name=None: _findings(s.message(to, text, in_reply_to=name)),
    "law": lambda s, clock, answer, why="": _show(s.decide_legal(clock, answer, rationale=why)),
    "wait": lambda s, minutes="15": _show(s.advance(minutes=float(minutes))),
    "note": lambda s, text: s.note(text),
    "guess": lambda s, text: s.hypothesis(text),
    "role": lambda s, role: _show(s.take_role(role)),
    "pass": lambda s, role, to: _show(s.hand_over(role, to=to)),
    "pause": lambda s: s.pause(),
    "resume": lambda s: s.resume(),
    "inbox": lambda s: _show(s.inbox),
    "todo": _todo,
    "options": _options,
    "brief": lambda s: out.print(escape(s.briefing)),
    "help": lambda s: out.print(escape(_HELP)),
    "wash": _wash,
    "finish": lambda s: s.finish(),
}


def _close(session: Session, report: Path | None) -> None:
    out.print("The world runs on with what was decided; plans are replayed ...")
    result = session.after_action()
    table = Table("Side", "Points", "Why")
    for score in result.scores:
        table.add_row(escape(score.title), f"{score.points:g} of {score.possible:g}", escape(score.reason))
    out.print(table)
    out.print(f"{result.points:.1f} of {result.possible:g} points")
    if report is None:
        return
    write_report(result, report)
    out.print(f"Written to {escape(str(report))}")


def write_report(result: Any, path: Path) -> Path:
    """Write an after-action report as Markdown, HTML, or PDF where a browser is present."""
    from aiir_lab.view.page import make_folder, write_whole
    from aiir_lab.view.pdf import print_pdf

    make_folder(path.parent)
    if path.suffix == ".md":
        return write_whole(path, result.to_markdown())
    if path.suffix == ".html":
        return write_whole(path, result.to_html())
    if path.suffix == ".pdf":
        page = write_whole(path.with_suffix(".html"), result.to_html())
        return print_pdf(page, path)
    raise AiirError(f"--report: expected a name that ends in .md, .html or .pdf, got {path.name!r}.")


def _show_facilitator(session: Session) -> None:
    from aiir_lab.tabletop import facilitate

    view = facilitate(session)
    out.print("[bold]For the facilitator only[/bold]")
    out.print(
        escape(
            f"{view.truth}\nOnset {view.onset}. {view.mechanism}\nHarm as it stands: {view.harm_if_it_stays}"
        )
    )
    table = Table("Next inject", "When", "From", "Text", "Hoped for")
    for inject in view.next_injects:
        when = f"minute {inject.at_min:g}" if inject.at_min is not None else inject.condition
        table.add_row(*map(escape, (inject.id, when, inject.sender, inject.text, inject.expects)))
    out.print(table)
    table = Table("Expected action", "By minute", "Done")
    for item in view.expected:
        done = "" if item.done_min is None else f"minute {item.done_min:g}"
        table.add_row(escape(item.what), f"{item.by_min:g}", done)
    out.print(table)
