"""The graph editor: a cause may feed several others, across strands, each with its evidence."""

from __future__ import annotations

from functools import partial
from typing import Any

import ipywidgets as widgets

from aiir_lab.records.causes import CauseGraph
from aiir_lab.view.cause_graph import draw_causes
from aiir_lab.widgets.causes.draft import Item
from aiir_lab.widgets.causes.editor import CauseEditor, CauseRow
from aiir_lab.widgets.causes.remarks import remark_on_graph
from aiir_lab.widgets.parts import as_output, button, label


def edit_causes(start: str | CauseGraph | CauseEditor) -> GraphEditor:
    """Edit a whole cause graph: evidence, and every effect that a cause has.

    Parameters
    ----------
    start : str, CauseGraph or editor
        The problem in words, a graph to go on from, or another editor, whose graph is then shown here too.

    Returns
    -------
    GraphEditor
        Shows itself as the last value of a cell; ``editor.graph`` is what was written.

    Raises
    ------
    AiirError
        Where `start` is neither, or empty.

    Examples
    --------
    >>> editor = edit_causes("Goods were mislabelled")
    >>> editor.add("No test set of small sellers", strand="technical")
    '1'
    >>> editor.add("Fairness has no owner", strand="process")
    '2'
    >>> editor.link("2", "1")
    >>> editor.graph.causes[1].leads_to
    ('problem', 'cause-1')
    """
    return GraphEditor(start)


class GraphEditor(CauseEditor):
    """The widget; see :func:`edit_causes`.

    Attributes
    ----------
    rows : list of GraphRow
        One for each cause, in reading order.
    add_button : ipywidgets.Button
        Adds a cause of the problem.
    figure : ipywidgets.Output
        The graph as a plain figure.
    """

    name = "editor"

    def __init__(self, start: str | CauseGraph | CauseEditor) -> None:
        self.rows: list[GraphRow] = []
        self.add_button = button("Add a cause", "Add a cause; what it led to is chosen in its row")
        self.add_button.on_click(lambda _: self.add_empty())
        self.figure = widgets.Output()
        super().__init__(start, title="Cause graph", remark=remark_on_graph)
        self.children = (*self.children[:3], self.figure, *self.children[3:])

    def add_empty(self) -> None:
        """Add an empty cause of the problem and put the cursor there."""
        item = self.draft.add()
        next(row for row in self.rows if row.item is item).text.focus()

    def link(self, number: str, effect: str) -> None:
        """Let the cause of this number lead to another one too (a number, or ``"problem"``)."""
        self.draft.link(self._numbered(number).id, self._effect(effect))

    def unlink(self, number: str, effect: str) -> None:
        """Take one effect of a cause away; the last one stays."""
        self.draft.unlink(self._numbered(number).id, self._effect(effect))

    def _effect(self, effect: str) -> str:
        return effect if effect == "problem" else self._numbered(effect).id

    def draw_body(self) -> None:
        """One row for each cause with the buttons of its effects, then the figure."""
        known = {id(row.item): row for row in self.rows}
        lines = self.draft.walk()
        self.rows = [known.get(id(item)) or GraphRow(self, item) for _, item in lines]
        numbers = {item.id: number for number, item in lines}
        for row, (number, _) in zip(self.rows, lines, strict=True):
            row.show_all(number, numbers)
        children = (*(row.box for row in self.rows), self.add_button)
        if self.body.children != children:
            self.body.children = children
        self.figure.outputs = (as_output(draw_causes(self.graph)),)


class GraphRow(CauseRow):
    """One cause, its evidence, and a button for each effect that it may have.

    A pressed button (✓) is an effect; one that would close a circle is not there.
    """

    def __init__(self, editor: GraphEditor, item: Item) -> None:
        self.editor = editor
        self.evidence = widgets.Text(
            item.evidence or "",
            continuous_update=False,
            placeholder="evidence: table, ticket, replay ...",
            layout=widgets.Layout(flex="1 1 14em"),
        )
        self.evidence.observe(self._write_evidence, names="value")
        self.effects: dict[str, widgets.Button] = {}
        self.effect_box = widgets.HBox(layout=widgets.Layout(flex_flow="row wrap", padding="0 0 .4em 2.4em"))
        super().__init__(editor.draft, item)
        self.children = (self.number, self.text, self.evidence, self.strand, self.drop)
        self.box = widgets.VBox([self, self.effect_box])

    def show_all(self, number: str, numbers: dict[str, str]) -> None:
        """Show the item, and every effect that it has or may have."""
        self.show(number)
        self.number.value = self.number.value.replace(number, f"<strong>{number}</strong>")
        self.evidence.value = self.item.evidence or ""
        wanted = ["problem", *(id for id in numbers if self.draft.may_link(self.item.id, id))]
        for id in wanted:
            if id not in self.effects:
                self.effects[id] = button("", "", width="max-content")
                self.effects[id].on_click(partial(self._toggle, id))
            is_on = id in self.item.leads_to
            name = "problem" if id == "problem" else numbers[id]
            self.effects[id].description = f"✓ {name}" if is_on else name
            self.effects[id].tooltip = f"{'Leads to' if is_on else 'Let it lead to'} {name}"
            self.effects[id].button_style = "primary" if is_on else ""
        children = (label("led to"), *(self.effects[id] for id in wanted))
        if self.effect_box.children[1:] != children[1:]:
            self.effect_box.children = children

    def _toggle(self, effect: str, _: object) -> None:
        if effect in self.item.leads_to:
            self.draft.unlink(self.item.id, effect)
        else:
            self.draft.link(self.item.id, effect)

    def _write_evidence(self, change: dict[str, Any]) -> None:
        if change["new"] != (self.item.evidence or ""):
            self.draft.change(self.item.id, evidence=change["new"])
