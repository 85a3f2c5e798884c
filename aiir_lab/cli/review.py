"""``aiir review`` and ``aiir lint``: the reviewers for working engineers and their CI."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from aiir_lab.cli.course import out

if TYPE_CHECKING:
    from aiir_lab.review.finding import Finding


class ReviewFormat(StrEnum):
    """How a review is written."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"
    MARKDOWN = "markdown"
    SARIF = "sarif"


class LintFormat(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"


def review(
    file: Annotated[Path, typer.Argument(help="A post-mortem in Markdown, JSON or YAML.")],
    format: Annotated[ReviewFormat, typer.Option(help="How the review is written.")] = ReviewFormat.TEXT,
    timezone: Annotated[str | None, typer.Option(help="Zone of times where the document names none.")] = None,
    date: Annotated[str | None, typer.Option(help="Day of the first time, as 2026-03-02.")] = None,
    fail_under: Annotated[float, typer.Option(min=0, max=1, help="Exit with 1 below this score.")] = 0.5,
) -> None:
    """Judge a post-mortem: score, verdict, and what would help most."""
    from aiir_lab.review import read_postmortem, review_postmortem

    judged = review_postmortem(read_postmortem(Path(file), timezone=timezone, date=date))
    if format is ReviewFormat.TEXT:
        out.print(f"[bold]{judged.verdict}[/bold], {judged.score:.2f} of 1: {escape(judged.title)}")
        parts = (f"{dimension.name} {dimension.score:.2f}" for dimension in judged.dimensions)
        out.print(", ".join(parts))
        for finding in judged.findings:
            out.print(escape(_line(str(file), finding)), soft_wrap=True, highlight=False)
    elif format is ReviewFormat.JSON:
        typer.echo(json.dumps(judged.to_dict(), indent=1, ensure_ascii=False))
    elif format is ReviewFormat.SARIF:
        typer.echo(json.dumps(judged.to_sarif(), indent=1, ensure_ascii=False))
    else:
        typer.echo(judged.to_html() if format is ReviewFormat.HTML else judged.to_markdown())
    raise typer.Exit(1 if judged.score < fail_under else 0)


def lint(
    files: Annotated[list[Path], typer.Argument(help="Texts; - reads standard input.")],
    format: Annotated[LintFormat, typer.Option(help="How findings are written.")] = LintFormat.TEXT,
) -> None:
    """Find blame language, line by line. Exits with 1 where there is any."""
    from aiir_lab.review import review_language
    from aiir_lab.review.postmortem.report import sarif

    found = {str(file): tuple(review_language(_text(file))) for file in files}
    if format is LintFormat.SARIF:
        typer.echo(json.dumps(sarif(found), indent=1, ensure_ascii=False))
    elif format is LintFormat.JSON:
        rows = [
            {"file": name} | finding.to_dict() for name, findings in found.items() for finding in findings
        ]
        typer.echo(json.dumps(rows, indent=1, ensure_ascii=False))
    else:
        for name, findings in found.items():
            for finding in findings:
                out.print(escape(_line(name, finding)), soft_wrap=True, highlight=False)
    raise typer.Exit(1 if any(found.values()) else 0)


def _text(file: Path) -> str:
    from aiir_lab.records.base import read_text

    if str(file) == "-":
        return sys.stdin.buffer.read().decode("utf-8", errors="replace")
    return read_text(file)


def _line(name: str, finding: Finding) -> str:
    place = (
        f"{name}:{finding.line}" if finding.line else f"{name} ({finding.field})" if finding.field else name
    )
    return f"{place}: {finding.kind}: {finding.message} {finding.suggestion}"
