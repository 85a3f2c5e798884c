"""The evidence board: what can be looked at and what it costs, and the table that was looked at last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets

from aiir_lab.tabletop.sight import EvidenceView
from aiir_lab.view.evidence import draw_evidence
from aiir_lab.widgets.parts import as_output, button, label
from aiir_lab.widgets.tabletop.pane import Desk, Pane, span

if TYPE_CHECKING:
    import pandas as pd

ROWS_SHOWN = 12


class EvidenceBoard(Pane):
    """Buttons for each piece of evidence, a figure and the newest rows.

    Attributes
    ----------
    looks : dict of str to ipywidgets.Button
        Look at a piece of evidence.
    keep : ipywidgets.Button
        Keep a copy of what is on the board.
    board : ipywidgets.Output
        The figure and the rows.
    tables : dict of str to DataFrame
        What was looked at, as it stood then; for your own code.
    """

    title = "Evidence"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.tables: dict[str, pd.DataFrame] = {}
        self.shown: str | None = None
        self.looks = {item.name: self._look(item) for item in self.session.evidence}
        self.keep = button("Keep a copy", "Keep a copy of what is on the board before the system is changed")
        self.keep.on_click(lambda _: self._keep())
        self.board = widgets.Output(layout=widgets.Layout(max_height="430px", overflow="auto"))
        self.caption = label("Choose what to look at. Each look costs the minutes on its button.")
        wrap = widgets.Layout(flex_flow="row wrap")
        self.children = (
            widgets.HBox(list(self.looks.values()), layout=wrap),
            widgets.HBox([self.keep, self.caption]),
            self.board,
        )

    def refresh(self) -> None:
        """Mark what was looked at and what was kept."""
        over = self.session.clock.is_over
        self.keep.disabled = over or self.shown is None
        for item in self.session.evidence:
            sign = "▣ " if item.is_kept else "✓ " if item.looked_at_min is not None else ""
            self.looks[item.name].description = f"{sign}{item.title} ({span(item.cost_min)})"
            self.looks[item.name].disabled = over

    def _look(self, item: EvidenceView) -> widgets.Button:
        pressed = button(item.title, item.what)
        pressed.on_click(lambda _: self.look(item.name))
        return pressed

    def look(self, name: str) -> None:
        """Look at a piece of evidence and put it on the board."""
        item = next(item for item in self.session.evidence if item.name == name)
        table = self.desk.act(f"Looked at: {item.title}", lambda: self.session.query(name))
        if table is None:
            return
        self.tables[name], self.shown = table, name
        self._show(table, item)
        self.refresh()

    def _keep(self) -> None:
        if self.shown is not None:
            name = self.shown
            self.desk.act(f"Kept a copy: {name}", lambda: self.session.keep_evidence(name))

    def _show(self, table: pd.DataFrame, item: EvidenceView) -> None:
        figure = draw_evidence(table, title=item.title)
        # the rows that say most come last where the table is a log, and first where it is a summary
        is_log = bool(len(table.select_dtypes("datetimetz").columns))
        rows = table.tail(ROWS_SHOWN) if is_log else _most_first(table).head(ROWS_SHOWN)
        html = rows.to_html(index=False, border=0, float_format=lambda value: f"{value:,.3g}")
        outputs = [as_output(figure)] if figure is not None else []
        self.board.outputs = (*outputs, as_output(html, text=rows.to_string(index=False)))
        which = "newest" if is_log else "first"
        now = self.session.clock.now_utc
        name = f"<code>panel.evidence.tables[&quot;{item.name}&quot;]</code>"
        self.caption.value = label(
            f"{item.title}, {len(table):,} rows as of {now:%a %H:%M}; "
            f"the {which} {len(rows)} below, all in {name}."
        ).value


def _most_first(table: pd.DataFrame) -> pd.DataFrame:
    numbers = [name for name in table.select_dtypes("number").columns if not name.endswith("_id")]
    return table.sort_values(numbers[-1], ascending=False) if numbers else table
