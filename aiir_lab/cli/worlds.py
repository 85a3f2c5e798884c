"""``aiir simulate`` and ``aiir replay``: incident worlds from the terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from aiir_lab.cli.course import bar, out

Name = Annotated[str, typer.Argument(help="A world, such as fraud_poisoning.")]
Seed = Annotated[int, typer.Option(help="Another seed is another case.")]
Difficulty = Annotated[str, typer.Option(help="easy, normal or hard.")]


def simulate(
    name: Name,
    to: Annotated[Path, typer.Option("--out", help="A new or empty folder.")],
    seed: Seed = 0,
    rows: Annotated[int, typer.Option(min=1, help="Rows of the world's main table.")] = 24_000,
    difficulty: Difficulty = "normal",
) -> None:
    """Write an incident's tables as partitioned parquet: what responders could see, nothing of the truth."""
    from aiir_lab.simulate import write_tables

    with bar() as progress:
        task = progress.add_task(f"Writing {name}", total=rows)
        written = write_tables(
            name,
            rows=rows,
            out=to,
            seed=seed,
            difficulty=difficulty,
            progress=lambda done, total: progress.update(task, completed=done, total=total),
        )
    table = Table("Table", "Rows")
    for title, count in written.rows.items():
        table.add_row(escape(title), f"{count:,}")
    out.print(table)
    out.print(f"Written to {escape(str(to))}")


def replay(
    name: Name,
    control: Annotated[
        list[str] | None, typer.Option(help="A control that the team has had; repeatable.")
    ] = None,
    seed: Seed = 0,
    difficulty: Difficulty = "normal",
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable result.")] = False,
) -> None:
    """Simulate an incident without and with controls, and compare the harm."""
    from aiir_lab.simulate import replay as play_again
    from aiir_lab.simulate import simulate as play

    run = play(name, seed=seed, difficulty=difficulty)
    plans = {"as it happened": run}
    for chosen in control or []:
        plans[chosen] = play_again(run, controls=[chosen])
    if len(control or []) > 1:
        plans["all of these"] = play_again(run, controls=control or [])
    harms = {label: other.harm for label, other in plans.items()}
    if as_json:
        content = {
            "world": name,
            "seed": seed,
            "unit": run.harm.unit,
            "harm": {label: harm.amount for label, harm in harms.items()},
            "controls": list(run.controls),
        }
        typer.echo(json.dumps(content, indent=1))
        return
    table = Table("Controls", f"Harm ({run.harm.unit})", "Avoided")
    for label, harm in harms.items():
        avoided = 1 - harm.amount / run.harm.amount if run.harm.amount else 0.0
        table.add_row(
            escape(label), f"{harm.amount:,.0f}", "" if label == "as it happened" else f"{avoided:.0%}"
        )
    out.print(table)
    if not control:
        out.print(f"Controls of this world: {', '.join(run.controls)}")
