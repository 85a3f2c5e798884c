"""``aiir classroom watch``: grade on arrival."""

from __future__ import annotations

import signal
import threading
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.markup import escape

from aiir_lab.cli.course import out

HERE = Path()


def watch(
    inbox: Annotated[Path, typer.Argument(help="One folder per student, named by the student's id.")],
    course: Annotated[Path, typer.Option("--course", help="The course folder.")] = HERE,
    every: Annotated[float, typer.Option(min=0.1, help="Seconds from one look to the next.")] = 5.0,
    workers: Annotated[int | None, typer.Option(min=1, help="Submissions at a time; default: cores.")] = None,
    sandbox: Annotated[bool, typer.Option(help="Confine each submission.")] = True,
) -> None:
    """Collect and grade what arrives in a folder, until Ctrl-C. Started again, it goes on where it was."""
    from aiir_lab.classroom.course import Course
    from aiir_lab.classroom.watch import Watcher
    from aiir_lab.grade.sandbox import require_isolation

    if sandbox:
        require_isolation()
    else:
        out.print("[bold]WITHOUT A SANDBOX: submissions run with your rights.[/bold]", soft_wrap=True)
    watcher = Watcher(Course(course), inbox, workers=workers, is_isolated=sandbox)
    stopped = threading.Event()

    def stop(_: int, __: FrameType | None) -> None:
        # Python drops an exception that is raised while it cleans an object up: then the flag ends the loop
        stopped.set()
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    out.print(f"Watching {escape(str(inbox))}; Ctrl-C ends it.", soft_wrap=True)
    try:
        while not stopped.is_set():
            for line in watcher.look():
                out.print(
                    escape(f"{datetime.now().astimezone():%H:%M:%S}  {line}"), soft_wrap=True, highlight=False
                )
            stopped.wait(every)
    except KeyboardInterrupt:
        pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    out.print("Ended. What is not graded yet is taken up at the next start.")
