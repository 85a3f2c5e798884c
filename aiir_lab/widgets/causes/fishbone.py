"""The fishbone editor: conditions sorted onto bones, drawn while you write."""

from __future__ import annotations

import ipywidgets as widgets

from aiir_lab.records.causes import CauseGraph, Strand
from aiir_lab.view.fishbone import draw_fishbone, name_of
from aiir_lab.view.theme import STRAND_COLOURS, text_colour_on
from aiir_lab.widgets.causes.editor import CauseEditor, CauseRow
from aiir_lab.widgets.causes.remarks import remark_on_bones
from aiir_lab.widgets.parts import as_output, button, label


def edit_fishbone(start: str | CauseGraph | CauseEditor) -> FishboneEditor:
    """Sort conditions onto the bones technical, process and tooling, and see the figure grow.

    Parameters
    ----------
    start : str, CauseGraph or editor
        The problem in words, a graph to go on from, or another editor, whose graph is then shown here too.

    Returns
    -------
    FishboneEditor
        Shows itself as the last value of a cell; ``editor.graph`` is what was written.

    Raises
    ------
    AiirError
        Where `start` is neither, or empty.

    Examples
    --------
    >>> editor = edit_fishbone("Goods were mislabelled")
    >>> editor.add("No slice was tested on its own", strand="process")
    '1'
    >>> list(editor.graph.fishbone())
    [<Strand.PROCESS: 'process'>]
    """
    return FishboneEditor(start)


class FishboneEditor(CauseEditor):
    """The widget; see :func:`edit_fishbone`.

    Attributes
    ----------
    rows : dict of Strand to list of CauseRow
        The conditions on each bone; under None those not placed yet.
    add_buttons : dict of Strand to ipywidgets.Button
        Add a condition to a bone.
    figure : ipywidgets.Output
        The fishbone as a plain figure.
    """

    name = "editor"

    def __init__(self, start: str | CauseGraph | CauseEditor) -> None:
        self.rows: dict[Strand | None, list[CauseRow]] = {}
        self.add_buttons = {strand: self._adder(strand) for strand in Strand}
        self._heads = {strand: label(_head(strand)) for strand in (*Strand, None)}
        self.figure = widgets.Output()
        super().__init__(start, title="Fishbone", remark=remark_on_bones)
        self.children = (*self.children[:3], self.figure, *self.children[3:])

    def add_to(self, strand: Strand) -> None:
        """Add an empty condition to a bone and put the cursor there."""
        item = self.draft.add(strand=strand)
        next(row for row in self.rows[strand] if row.item is item).text.focus()

    def draw_body(self) -> None:
        """One heading for each bone, its conditions below it, then the figure."""
        known = {id(row.item): row for rows in self.rows.values() for row in rows}
        self.rows = {strand: [] for strand in (*Strand, None)}
        for number, item in self.draft.walk():
            row = known.get(id(item)) or CauseRow(self.draft, item)
            row.show(number)
            self.rows[item.strand].append(row)
        children: list[widgets.Widget] = []
        for strand, rows in self.rows.items():
            if strand is None and not rows:
                continue
            children += [self._heads[strand], *rows]
            children += [self.add_buttons[strand]] if strand else []
        if list(self.body.children) != children:
            self.body.children = children
        self._draw_figure()

    def _draw_figure(self) -> None:
        self.figure.outputs = (as_output(draw_fishbone(self.graph)),)

    def _adder(self, strand: Strand) -> widgets.Button:
        added = button("Add a condition", f"Add a condition to the bone {strand.value}", width="10em")
        added.on_click(lambda _: self.add_to(strand))
        return added


def _head(strand: Strand | None) -> str:
    colour = STRAND_COLOURS[strand]
    style = f"background:{colour};color:{text_colour_on(colour)};padding:.1em .7em;border-radius:3px"
    return f"<span style='{style}'>{name_of(strand)}</span>"
