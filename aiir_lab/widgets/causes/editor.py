"""What both editors of causes share: one draft, remarks, code to keep, and text where no widget is."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as widgets

from aiir_lab.records.causes import CauseGraph, Strand
from aiir_lab.records.errors import AiirError
from aiir_lab.view.theme import STRAND_COLOURS, text_colour_on
from aiir_lab.widgets.causes.draft import CauseDraft, Item
from aiir_lab.widgets.causes.remarks import GOOD, OPEN, STUCK, Remark
from aiir_lab.widgets.parts import button, label
from aiir_lab.widgets.saying import TEXT_STYLE

_COLOURS = {GOOD: "#009E73", OPEN: "#E69F00", STUCK: "#D55E00"}


class CauseEditor(widgets.VBox):
    """An editor of one :class:`CauseGraph`.

    Parameters
    ----------
    start : str, CauseGraph or CauseEditor
        The problem, a graph to go on from, or another editor: then both show the same graph.
    title : str
        Heading.
    remark : callable
        Takes the graph and returns the remarks on it.

    Attributes
    ----------
    graph : CauseGraph
        What has been written so far, as a record.
    code : str
        Python that makes this graph again. A widget is empty after a restart; code in a cell is not.
    remarks : list of Remark
        What a facilitator would say about it.
    """

    name = ""

    def __init__(
        self,
        start: str | CauseGraph | CauseEditor,
        *,
        title: str,
        remark: Callable[[CauseGraph], list[Remark]],
    ) -> None:
        self._remark = remark
        self.draft = start.draft if isinstance(start, CauseEditor) else CauseDraft.of(start)
        self.problem = widgets.Text(
            self.draft.problem, continuous_update=False, layout=widgets.Layout(flex="1 1 auto")
        )
        self.problem.observe(lambda change: self.draft.rename_problem(change["new"]), names="value")
        self.feedback = widgets.HTML()
        self.code_button = widgets.Button(
            description="Show as code", tooltip="Python to paste into an answer cell"
        )
        self.code_button.on_click(self._toggle_code)
        self.code_box = widgets.Textarea(layout=widgets.Layout(width="100%", height="12em", display="none"))
        self.code_box.disabled = False  # a disabled field cannot be selected with the keyboard
        self.body = widgets.VBox()
        head = widgets.HBox([label("<strong>Problem</strong>", width="6em"), self.problem])
        super().__init__(
            [label(f"<strong>{escape(title)}</strong>"), head, self.body, self.feedback,
             self.code_button, self.code_box],
            layout=widgets.Layout(max_width="60em"),
        )  # fmt: skip
        self.draft.watch(self.redraw)
        self.redraw()

    @property
    def graph(self) -> CauseGraph:
        """The record of what has been written so far."""
        return self.draft.graph

    @property
    def remarks(self) -> list[Remark]:
        """What a facilitator would remark on it now."""
        return self._remark(self.graph)

    @property
    def code(self) -> str:
        """Python that makes this graph again."""
        # a text that would end the string, or a backslash, must come through unchanged
        outline = self.graph.to_outline().replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
        return f'lab.CauseGraph.from_outline("""{outline}\n""")'

    def add(self, text: str, *, below: str | None = None, strand: str | None = None) -> str:
        """Write a cause without the mouse or where no widget can be shown.

        Parameters
        ----------
        text : str
            What was so.
        below : str, optional
            Number of the cause that it explains, such as ``"1.2"``. Default: it explains the problem.
        strand : str, optional
            ``"technical"``, ``"process"`` or ``"tooling"``.

        Returns
        -------
        str
            Its number.

        Raises
        ------
        AiirError
            There is no cause of that number, or no such strand.
        """
        if strand is not None and strand not in list(Strand):
            raise AiirError(f"There is no strand {strand!r}. Known: {', '.join(Strand)}.")
        effect = "problem" if below is None else self._numbered(below).id
        item = self.draft.add(effect, text=text, strand=Strand(strand) if strand else None)
        return next(number for number, other in self.draft.walk() if other is item)

    def remove(self, number: str) -> None:
        """Take the cause of this number out; its own causes move up."""
        self.draft.remove(self._numbered(number).id)

    def redraw(self) -> None:
        """Show the draft as it is now."""
        self.problem.value = self.draft.problem
        self.feedback.value = _say(self.remarks)
        self.code_box.value = self.code
        self.draw_body()

    def draw_body(self) -> None:
        """Show the causes; each editor in its own way."""
        raise NotImplementedError

    def _numbered(self, number: str) -> Item:
        numbers = dict(self.draft.walk())
        if number not in numbers:
            known = ", ".join(numbers) or "none yet"
            raise AiirError(f"There is no cause {number!r}. Numbers: {known}.")
        return numbers[number]

    def _toggle_code(self, _: object) -> None:
        is_open = self.code_box.layout.display != "none"
        self.code_box.layout.display = "none" if is_open else ""
        self.code_button.description = "Show as code" if is_open else "Hide code"

    def __repr__(self) -> str:
        lines = [f"Problem: {self.draft.problem}"]
        for number, item in self.draft.walk():
            strand = f" [{item.strand}]" if item.strand else ""
            lines.append(f"{'  ' * number.count('.')}  {number}{strand} {item.text or '...'}")
        lines += [str(remark) for remark in self.remarks]
        return "\n".join([*lines, f'Write with: {self.name}.add("...", below="1", strand="process")'])

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        # an exported page cannot run the widget; there it stands as text
        bundle = super()._repr_mimebundle_(**kwargs)
        if isinstance(bundle, dict):
            bundle["text/plain"] = repr(self)
        return bundle


class CauseRow(widgets.HBox):
    """One cause: its text, the button of its strand, and what else can be done with it."""

    def __init__(self, draft: CauseDraft, item: Item) -> None:
        self.draft, self.item = draft, item
        self.number = label("")
        self.text = widgets.Text(
            item.text,
            continuous_update=False,
            placeholder="because ...",
            layout=widgets.Layout(flex="1 1 20em"),
        )
        self.text.observe(self._write, names="value")
        # a button that steps through the strands: JupyterLab keeps the arrow keys of a list for itself
        self.strand = button("", "Strand: press for the next one", width="7.5em")
        self.strand.on_click(self._next_strand)
        self.drop = button("✕", "Remove this cause; its own causes move up", width="3em")
        self.drop.on_click(lambda _: draft.remove(item.id))
        super().__init__([self.number, self.text, self.strand, self.drop])
        self.show("")

    def show(self, number: str) -> None:
        """Show the item as it is now."""
        indent = 1.4 * number.count(".")
        self.number.value = f"<span style='{TEXT_STYLE}padding-left:{indent}em'>{number}</span>"
        self.text.value = self.item.text
        colour = STRAND_COLOURS[self.item.strand]
        self.strand.description = self.item.strand.value if self.item.strand else "strand?"
        self.strand.style.button_color = colour
        self.strand.style.text_color = text_colour_on(colour)

    def _write(self, change: dict[str, Any]) -> None:
        if change["new"] != self.item.text:
            self.draft.change(self.item.id, text=change["new"])

    def _next_strand(self, _: object) -> None:
        order = [None, *Strand]
        following = order[(order.index(self.item.strand) + 1) % len(order)]
        self.draft.change(self.item.id, strand=following)


def _say(remarks: list[Remark]) -> str:
    lines = "".join(
        f"<div style='border-left:4px solid {_COLOURS[remark.sign]};padding:.1em .8em;margin:.25em 0;"
        f"line-height:1.45'>{escape(str(remark))}</div>"
        for remark in remarks
    )
    return f"<div role='status' style='{TEXT_STYLE}'>{lines}</div>"
