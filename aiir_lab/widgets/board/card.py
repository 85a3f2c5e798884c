"""One action on the board: its fields, the buttons that move it, and the verdict on it."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from aiir_lab.widgets.board.draft import Draft
from aiir_lab.widgets.parts import button
from aiir_lab.widgets.saying import TEXT_STYLE

if TYPE_CHECKING:
    from aiir_lab.widgets.board.board import ActionBoard

# the sign and the word carry what the colour does
_STRENGTH = {"stronger": ("●●●", "#009E73"), "intermediate": ("●●○", "#E69F00"), "weaker": ("●○○", "#D55E00")}
_ASKED = {
    "description": "Do what? Begin with a verb",
    "owner": "owner: one person or role",
    "due": "due: 2026-04-01",
    "success_metric": "how will one know? A figure",
    "factor": "answers which cause?",
    "control": "control of the world, if any",
}


class Card(widgets.VBox):
    """One action."""

    def __init__(self, board: ActionBoard, draft: Draft) -> None:
        self.board, self.draft = board, draft
        wide = widgets.Layout(width="auto")
        self.fields: dict[str, Any] = {
            "description": widgets.Textarea(
                placeholder=_ASKED["description"], continuous_update=False, rows=2, layout=wide
            )
        }
        for name in ("owner", "due", "success_metric"):
            self.fields[name] = widgets.Text(placeholder=_ASKED[name], continuous_update=False, layout=wide)
        for name, options in (("factor", board.causes), ("control", board.controls)):
            self.fields[name] = widgets.Combobox(
                placeholder=_ASKED[name], options=options, continuous_update=False, layout=wide
            )
        for name, field in self.fields.items():
            field.value = draft.text(name)
            field.tooltip = _ASKED[name]
            field.observe(partial(self._write, name), names="value")
        self.left = button("◀", "Move to the column on the left", width="3em")
        self.right = button("▶", "Move to the column on the right", width="3em")
        self.drop = button("✕", "Remove this action", width="3em")
        self.left.on_click(lambda _: board.move(draft, -1))
        self.right.on_click(lambda _: board.move(draft, 1))
        self.drop.on_click(lambda _: board.drop(draft))
        self.verdict = widgets.HTML()
        buttons = widgets.HBox([self.left, self.right, self.drop])
        super().__init__(
            [*self.fields.values(), self.verdict, buttons],
            layout=widgets.Layout(border="1px solid #999999", padding=".3em", margin="0 0 .5em 0"),
        )
        self.show()

    def show(self) -> None:
        """Show the action as it is now."""
        for name, field in self.fields.items():
            if field.value != self.draft.text(name):
                field.value = self.draft.text(name)
        place, count = self.board.place_of(self.draft), len(self.board.columns)
        self.left.disabled, self.right.disabled = place == 0, place == count - 1
        self.verdict.value = self._judge()

    def _write(self, name: str, change: dict[str, Any]) -> None:
        if change["new"] != self.draft.text(name):
            self.draft.fields[name] = change["new"]
            self.board.plan.tell()

    def _judge(self) -> str:
        from aiir_lab.review import review_action_item

        if not self.draft.is_written:
            return f"<div style='{TEXT_STYLE}'><em>Not written yet.</em></div>"
        review = review_action_item(self.draft.record(), incident_closed=self.board.incident_closed)
        sign, colour = _STRENGTH[review.strength]
        said = [problem.message for problem in review.problems]
        if review.alternative:
            said.append(f"Stronger: {review.alternative}")
        items = (
            "".join(f"<div>{escape(text)}</div>" for text in said)
            or "<div>Owner, date and measure hold.</div>"
        )
        style = (
            f"border-left:4px solid {colour};padding:.1em .6em;margin:.2em 0;line-height:1.35;{TEXT_STYLE}"
        )
        return f"<div role='status' style='{style}'><strong>{sign} {review.strength}</strong>{items}</div>"
