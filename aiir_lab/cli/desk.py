"""``aiir desk``: the ops desk on this machine's loopback."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def desk(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 0,
    announce: Annotated[
        Path | None, typer.Option(help="Where base URLs and keys are written, readable only by you.")
    ] = None,
    db: Annotated[Path | None, typer.Option(help="SQLite file that survives restarts.")] = None,
) -> None:
    """Run PagerDuty, Opsgenie, Statuspage and Jira on loopback until Ctrl-C."""
    from aiir_lab.desk import run_desk

    run_desk(port=port, announce=announce, db=db)
