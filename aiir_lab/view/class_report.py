"""Reports on a class as one page that asks nothing of any network: text, figures, tables."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from markupsafe import Markup

from aiir_lab.view.embed import figure_html, plotly_script
from aiir_lab.view.page import make_folder, raw_file, render, write_whole

GAP = "–"


@dataclass(frozen=True)
class Section:
    """A part of a report; ``table`` holds text and numbers, and nothing in it is taken for HTML."""

    heading: str
    text: str = ""
    figure: go.Figure | None = None
    table: pd.DataFrame | None = None


def export_class_report(out: str | Path, *, title: str, intro: str, sections: Iterable[Section]) -> Path:
    """Write a report as HTML; an existing file is replaced.

    Parameters
    ----------
    out : str or Path
        The file.
    title, intro : str
        What is reported, and how to read it.
    sections : iterable of Section

    Raises
    ------
    AiirError
        The file cannot be written.
    """
    parts = list(sections)
    told = [title, intro, *(f"{part.heading}{part.text}{_text_of(part.table)}" for part in parts)]
    # a script that slipped in with an answer does not bear this mark, so a browser refuses to run it
    nonce = hashlib.sha256("\0".join(told).encode("utf-8", "replace")).hexdigest()[:32]
    has_figures = any(part.figure is not None for part in parts)
    page = render(
        "class_report.html.j2",
        title=title,
        intro=intro,
        nonce=nonce,
        style=raw_file("page.css") + raw_file("report.css"),
        plotly=Markup(plotly_script(nonce=nonce)) if has_figures else "",
        sections=[_shown(part, number, nonce) for number, part in enumerate(parts)],
    )
    path = Path(out)
    make_folder(path.parent)
    return write_whole(path, page.encode("utf-8", "replace").decode())


def _shown(section: Section, number: int, nonce: str) -> dict[str, Any]:
    figure, table = section.figure, section.table
    shown: dict[str, Any] = {"heading": section.heading, "text": section.text, "columns": [], "rows": []}
    shown["figure"] = (
        "" if figure is None else Markup(figure_html(figure, div_id=f"figure-{number}", nonce=nonce))
    )
    if table is not None:
        numbers = set(table.select_dtypes("number").columns)
        shown["columns"] = [
            {"name": str(name).replace("_", " "), "is_number": name in numbers} for name in table.columns
        ]
        shown["rows"] = [[_plain(value) for value in row] for row in table.itertuples(index=False)]
    return shown


def _plain(value: Any) -> str:
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return GAP
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _text_of(table: pd.DataFrame | None) -> str:
    return "" if table is None else table.to_csv()
