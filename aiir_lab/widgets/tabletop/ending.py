"""The log, and the end of the exercise: hot wash and after-action report."""

from __future__ import annotations

from html import escape

import ipywidgets as widgets

from aiir_lab.widgets.parts import as_output, button, field, label
from aiir_lab.widgets.saying import plain
from aiir_lab.widgets.tabletop.pane import Desk, Pane, words

LINES_SHOWN = 60


class LogPane(Pane):
    """What was done, newest first, as the log has it."""

    title = "Log"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.lines = widgets.HTML(layout=widgets.Layout(max_height="430px", overflow="auto"))
        self.code = field("", height="14em")
        told = label("As code, to paste into a cell: it plays this session again, also where the log is not.")
        self.children = (self.lines, told, self.code)

    def refresh(self) -> None:
        """Show the newest lines."""
        entries = self.session.entries
        self.code.value = self.session.code
        where = self.session.log_path
        kept = f"kept in {where.name}" if where else "in memory only: give start_exercise a log to keep it"
        rows = "".join(
            f"<tr><td style='text-align:right'>{entry.then['minute']:g}</td><td>{words(entry.action)}</td>"
            f"<td style='text-align:left'>{escape(_short(entry.data))}</td></tr>"
            for entry in [*reversed(entries)][:LINES_SHOWN]
        )
        head = "<tr><th>minute</th><th>action</th><th style='text-align:left'>what</th></tr>"
        self.lines.value = plain(f"{len(entries)} lines, {escape(kept)}<table>{head}{rows}</table>")


class EndingPane(Pane):
    """Hot wash, then the report.

    Attributes
    ----------
    went_well, to_improve : ipywidgets.Textarea
        One point a line.
    end : ipywidgets.Button
        Ends the play and shows the report.
    report : ipywidgets.Output
    """

    title = "Hot wash"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.went_well = field("What went well? One point a line.", height="5em")
        self.to_improve = field("What would you do otherwise? One point a line.", height="5em")
        self.end = button("End the exercise and show the report", "This cannot be taken back")
        self.end.on_click(lambda _: self._end())
        self.report = widgets.Output()
        told = label(
            "At once, before anybody has read the report: your own words count most while they are fresh."
        )
        self.children = (told, self.went_well, self.to_improve, self.end, self.report)

    def _end(self) -> None:
        well, better = (
            [line for line in str(box.value).split("\n") if line.strip()]
            for box in (self.went_well, self.to_improve)
        )
        if (
            self.desk.act("Hot wash", lambda: self.session.hot_wash(went_well=well, to_improve=better) or ())
            is None
        ):
            return
        self.desk.tell(
            "The world runs on with what you decided; the best plan is being searched for. A moment ..."
        )
        report = self.desk.act("The exercise is over", self.session.after_action)
        if report is not None:
            self.report.outputs = (as_output(report._repr_html_(), text=report.to_markdown()),)


def _short(data: object) -> str:
    if not isinstance(data, dict):
        data = dict(data)  # type: ignore[call-overload]
    text = "; ".join(f"{key}: {value}" for key, value in data.items() if value not in ("", None))
    return text if len(text) <= 220 else f"{text[:219]}…"
