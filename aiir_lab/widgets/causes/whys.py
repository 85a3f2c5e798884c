"""The 5 Whys editor: each answer asks for the next one, and for what else had to be true."""

from __future__ import annotations

from aiir_lab.records.causes import CauseGraph
from aiir_lab.widgets.causes.draft import Item
from aiir_lab.widgets.causes.editor import CauseEditor, CauseRow
from aiir_lab.widgets.causes.remarks import remark_on_whys
from aiir_lab.widgets.parts import button


def edit_whys(start: str | CauseGraph | CauseEditor) -> WhysEditor:
    """Write a tree of whys, with a remark on every branch while you write.

    Parameters
    ----------
    start : str, CauseGraph or editor
        The problem in words, a graph to go on from, or another editor, whose graph is then shown here too.

    Returns
    -------
    WhysEditor
        Shows itself as the last value of a cell; ``editor.graph`` is what was written. Where no notebook
        front end is there, it shows as text and is written with ``editor.add``.

    Raises
    ------
    AiirError
        Where `start` is neither, or empty.

    Examples
    --------
    >>> editor = edit_whys("The filter let 4,000 insults through")
    >>> editor.add("It did not know new spellings", strand="technical")
    '1'
    >>> editor.add("Nobody owns the retraining of the filter", below="1", strand="process")
    '1.1'
    >>> [cause.text for cause in editor.graph.root_causes()]
    ['Nobody owns the retraining of the filter']
    """
    return WhysEditor(start)


class WhysEditor(CauseEditor):
    """The widget; see :func:`edit_whys`.

    Attributes
    ----------
    rows : list of WhyRow
        One for each cause, in reading order.
    branch_button : ipywidgets.Button
        Asks the problem once more.
    """

    name = "editor"

    def __init__(self, start: str | CauseGraph | CauseEditor) -> None:
        self.rows: list[WhyRow] = []
        self.branch_button = button(
            "Why? (from the problem)", "Add an answer right below the problem", width="18em"
        )
        self.branch_button.on_click(lambda _: self.ask("problem"))
        super().__init__(start, title="5 Whys", remark=remark_on_whys)

    def ask(self, effect: str) -> None:
        """Add an empty answer below an effect and put the cursor there."""
        item = self.draft.add(effect)
        next(row for row in self.rows if row.item is item).text.focus()

    def draw_body(self) -> None:
        """One row for each cause, indented below what it explains."""
        known = {id(row.item): row for row in self.rows}
        lines = self.draft.walk()
        self.rows = [known.get(id(item)) or WhyRow(self, item) for _, item in lines]
        for row, (number, _) in zip(self.rows, lines, strict=True):
            row.show(number)
        children = (*self.rows, self.branch_button)
        if self.body.children != children:
            self.body.children = children


class WhyRow(CauseRow):
    """One answer, and the buttons that ask on from it."""

    def __init__(self, editor: WhysEditor, item: Item) -> None:
        super().__init__(editor.draft, item)
        self.why = button("Why?", "Ask on: why was that so?", width="5em")
        self.why.on_click(lambda _: editor.ask(item.id))
        self.beside = button("What else?", "Ask what else had to be true, beside this answer", width="9em")
        self.beside.on_click(lambda _: editor.ask(item.leads_to[0]))
        self.children = (self.number, self.text, self.strand, self.why, self.beside, self.drop)
