"""The feed of what arrived: newest first, with buttons to take an alert on and to answer."""

from __future__ import annotations

from html import escape

import ipywidgets as widgets

from aiir_lab.tabletop.sight import MessageView
from aiir_lab.widgets.parts import button
from aiir_lab.widgets.saying import plain
from aiir_lab.widgets.tabletop.pane import Desk, Pane

NEWEST = 40
ALERT, WAITS, QUIET = "#D55E00", "#E69F00", "#8C8C8C"


class Inbox(Pane):
    """The inject feed.

    Attributes
    ----------
    rows : list of InboxRow
        The newest messages, the newest first.
    """

    title = "Inbox"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.rows: list[InboxRow] = []
        self.layout = widgets.Layout(
            max_height="215px", overflow="auto", display="block", border="1px solid #8c8c8c"
        )

    def refresh(self) -> None:
        """Show the newest messages; rows that are there already stay as they are."""
        known = {row.letter.id: row for row in self.rows}
        letters = [*reversed(self.session.inbox)][:NEWEST]
        self.rows = [known.get(letter.id) or InboxRow(self.desk, letter) for letter in letters]
        for row, letter in zip(self.rows, letters, strict=True):
            row.show(letter)
        if list(self.children) != list(self.rows):
            self.children = tuple(self.rows)


class InboxRow(widgets.VBox):
    """One message."""

    def __init__(self, desk: Desk, letter: MessageView) -> None:
        self.letter = letter
        self.said = widgets.HTML(layout=widgets.Layout(width="auto"))
        self.take = button("Acknowledge", "Take this alert on")
        self.take.on_click(
            lambda _: desk.act(f"Acknowledged: {letter.sender}", lambda: desk.session.acknowledge(letter.id))
        )
        self.reply = button("Reply", "Write an answer to this message")
        self.reply.on_click(lambda _: desk.write_to(letter.sender, in_reply_to=letter.id))
        super().__init__([self.said])

    def show(self, letter: MessageView) -> None:
        """Show the message as it stands now: waiting, or taken on."""
        self.letter = letter
        open_alert = letter.is_alert and not letter.is_acknowledged
        open_reply = letter.needs_reply and not letter.is_acknowledged
        colour = ALERT if open_alert else WAITS if open_reply else QUIET
        sign = "⚠ ALERT " if open_alert else "↩ wants an answer: " if open_reply else ""
        done = " ✓" if letter.is_acknowledged else ""
        self.said.value = plain(
            f"<div style='border-left:4px solid {colour};padding-left:.6em;margin:.2em 0'>"
            f"<b>{sign}{letter.at_utc:%a %H:%M} {escape(letter.sender)}</b> "
            f"({escape(letter.channel)}){done}<br>"
            f"{escape(letter.text)}</div>"
        )
        buttons = [self.take] if open_alert else []
        buttons += [self.reply] if open_reply or letter.needs_reply else []
        children = (self.said, widgets.HBox(buttons)) if buttons else (self.said,)
        if len(self.children) != len(children) or (buttons and list(self.children[1].children) != buttons):
            self.children = children
