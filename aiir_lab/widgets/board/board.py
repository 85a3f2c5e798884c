"""The board itself: columns by strand or by status, and the plan as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from aiir_lab.records import ActionItem, ActionStatus, AiirError, CauseGraph, Strand
from aiir_lab.view.theme import STRAND_COLOURS, text_colour_on
from aiir_lab.widgets.board.card import Card
from aiir_lab.widgets.board.draft import FIELDS, Draft, PlanDraft
from aiir_lab.widgets.parts import button, label
from aiir_lab.widgets.saying import TEXT_STYLE

if TYPE_CHECKING:
    from aiir_lab.review import PlanReview
    from aiir_lab.simulate import Run

_STRAND_NAMES = {
    Strand.TECHNICAL: "Technical debt",
    Strand.PROCESS: "Process gap",
    Strand.TOOLING: "Tooling",
    None: "No strand yet",
}


def action_board(
    actions: Iterable[Any] | ActionBoard = (),
    *,
    graph: CauseGraph | None = None,
    run: Run | None = None,
    incident_closed: date | str | None = None,
) -> ActionBoard:
    """Write an action plan on a board: columns by strand or status, with a verdict on every card.

    Parameters
    ----------
    actions : iterable of ActionItem or dict, or another board
        What to begin with; of another board both then show the same plan.
    graph : CauseGraph, optional
        The causes; an action answers one by its id, and stands in the column of its strand. Without a graph
        columns are by status.
    run : Run, optional
        Lets the button *Measure* replay the plan, and offers the world's controls.
    incident_closed : date or str, optional
        Passed on to the judge of single actions.

    Returns
    -------
    ActionBoard
        Shows itself as the last value of a cell; ``board.actions`` is what ``lab.review_plan`` takes.

    Raises
    ------
    AiirError
        `graph` is no CauseGraph, or an action names a cause that it does not hold.

    Examples
    --------
    >>> graph = CauseGraph.from_whys("Labels were wrong", ["No test set of small sellers"])
    >>> board = action_board(graph=graph)
    >>> board.add("Block releases without a test by seller", owner="Model lead", factor="why-1")
    1
    >>> board.actions[0].owner
    'Model lead'
    """
    return ActionBoard(actions, graph=graph, run=run, incident_closed=incident_closed)


class ActionBoard(widgets.VBox):
    """The widget; see :func:`action_board`.

    Attributes
    ----------
    actions : list of ActionItem
        What was written.
    cards : list of Card
        One for each action, in the order in which they were written.
    by : str
        ``"strand"`` or ``"status"``: what the columns are.
    """

    def __init__(
        self,
        actions: Iterable[Any] | ActionBoard = (),
        *,
        graph: CauseGraph | None = None,
        run: Run | None = None,
        incident_closed: date | str | None = None,
    ) -> None:
        self.plan = actions.plan if isinstance(actions, ActionBoard) else PlanDraft.of(actions, graph)
        self.run, self.incident_closed = run, incident_closed
        self.causes = [cause.id for cause in self.plan.graph.causes] if self.plan.graph else []
        self.controls = list(run.controls) if run is not None else []
        self.by = "strand" if self.plan.graph else "status"
        self.cards: list[Card] = []
        self._columns: dict[Any, tuple[widgets.HTML, widgets.VBox]] = {}
        self.add_button = button("Add an action", "Add an action in the first column")
        self.add_button.on_click(lambda _: self.add_empty())
        self.turn_button = button("", "Show the columns by strand or by status")
        self.turn_button.on_click(lambda _: self.turn())
        self.measure_button = button("Measure", "Replay the plan: what it avoids, what is left")
        self.measure_button.on_click(lambda _: self._measure())
        self.code_button = button("Show as code", "Python to paste into an answer cell")
        self.code_button.on_click(lambda _: self._toggle_code())
        self.code_box = widgets.Textarea(layout=widgets.Layout(width="100%", height="12em", display="none"))
        self.feedback, self.measured = widgets.HTML(), widgets.HTML()
        self.body = widgets.HBox(layout=widgets.Layout(align_items="flex-start"))
        buttons = [self.add_button, self.turn_button, self.code_button]
        buttons += [self.measure_button] if run is not None and self.plan.graph else []
        super().__init__(
            [label("<strong>Action plan</strong>"), widgets.HBox(buttons), self.body, self.feedback,
             self.measured, self.code_box],
            layout=widgets.Layout(width="100%"),
        )  # fmt: skip
        self.plan.watch(self.redraw)
        self.redraw()

    @property
    def actions(self) -> list[ActionItem]:
        """What was written; an action without a description is left out."""
        return self.plan.actions

    @property
    def columns(self) -> list[Any]:
        """The strands, or the states, from left to right."""
        if self.by == "status":
            return list(ActionStatus)
        placed = [self.plan.strand_of(draft) for draft in self.plan.drafts]
        return [*Strand, None] if None in placed else list(Strand)

    @property
    def code(self) -> str:
        """Python that makes these actions again."""
        rows = [
            {name: value for name, value in item.model_dump(mode="json").items() if name in FIELDS and value}
            for item in self.actions
        ]
        calls = [", ".join(f"{name}={value!r}" for name, value in row.items()) for row in rows]
        return "actions = [\n" + "".join(f"    lab.ActionItem({call}),\n" for call in calls) + "]"

    def add(self, description: str, **fields: Any) -> int:
        """Write an action without the mouse or where no widget can be shown; return its number."""
        unknown = sorted(set(fields) - set(FIELDS))
        if unknown:
            raise AiirError(f"An action has no {', '.join(unknown)}. Its fields: {', '.join(FIELDS)}.")
        self.plan.drafts.append(Draft({"description": description, **fields}))
        self.plan.tell()
        return len(self.plan.drafts)

    def add_empty(self) -> None:
        """Add an empty action in the first column and put the cursor there."""
        draft = Draft()
        self.plan.drafts.append(draft)
        if self.by == "strand":
            self.plan.put(draft, Strand.TECHNICAL)
        self.plan.tell()
        next(card for card in self.cards if card.draft is draft).fields["description"].focus()

    def drop(self, draft: Draft) -> None:
        """Take an action out."""
        self.plan.drafts.remove(draft)
        self.plan.tell()

    def place_of(self, draft: Draft) -> int:
        """The number of the column in which an action stands, from 0."""
        return self.columns.index(draft.status if self.by == "status" else self.plan.strand_of(draft))

    def move(self, draft: Draft, step: int) -> None:
        """Move an action to the column on the left (-1) or right (1)."""
        columns = self.columns
        target = columns[min(max(self.place_of(draft) + step, 0), len(columns) - 1)]
        if self.by == "status":
            draft.fields["status"] = target
            self.plan.tell()
        else:
            self.plan.put(draft, target)

    def turn(self) -> None:
        """Show the columns by the other of strand and status."""
        self.by = "status" if self.by == "strand" else "strand"
        self.redraw()

    def review(self) -> PlanReview:
        """Judge and, with a run, measure the plan; see ``lab.review_plan``."""
        from aiir_lab.review import review_plan

        if self.plan.graph is None:
            raise AiirError("Without causes there is no plan to review: action_board(graph=...).")
        return review_plan(
            self.actions, graph=self.plan.graph, run=self.run, incident_closed=self.incident_closed
        )

    def redraw(self) -> None:
        """Show the plan as it is now."""
        known = {id(card.draft): card for card in self.cards}
        self.cards = [known.get(id(draft)) or Card(self, draft) for draft in self.plan.drafts]
        # what is in place stays untouched: a field that is drawn anew loses what is just being typed
        shown = []
        for place, column in enumerate(self.columns):
            cards = [card for card in self.cards if self.place_of(card.draft) == place]
            head, box = self._columns.setdefault(column, _column())
            head.value = label(_head(column, len(cards))).value
            if box.children != (head, *cards):
                box.children = (head, *cards)
            shown.append(box)
        for card in self.cards:
            card.show()
        if list(self.body.children) != shown:
            self.body.children = shown
        self.turn_button.description = "Columns: status" if self.by == "strand" else "Columns: strand"
        self.turn_button.disabled = self.plan.graph is None
        self.code_box.value = self.code
        self.measured.value = ""
        self.feedback.value = self._say()

    def _say(self) -> str:
        """What is missing of the plan as a whole; nothing is replayed for it."""
        from aiir_lab.review import review_plan

        if self.plan.graph is None:
            return ""
        try:
            found = review_plan(self.actions, graph=self.plan.graph).findings
        except AiirError as error:
            lines = [str(error)]
        else:
            lines = [finding.message for finding in found if finding.kind not in ("not_smart",)]
        shown = "".join(f"<li>{escape(line)}</li>" for line in lines[:5])
        text = f"<ul>{shown}</ul>" if shown else "Each strand and each end of a branch is answered."
        return f"<div role='status' style='{TEXT_STYLE}'><strong>The plan as a whole</strong> {text}</div>"

    def _measure(self) -> None:
        try:
            self.measured.value = self.review()._repr_html_()
        except AiirError as error:
            self.measured.value = f"<div role='alert' style='{TEXT_STYLE}'>{escape(str(error))}</div>"

    def _toggle_code(self) -> None:
        is_open = self.code_box.layout.display != "none"
        self.code_box.layout.display = "none" if is_open else ""
        self.code_button.description = "Show as code" if is_open else "Hide code"

    def __repr__(self) -> str:
        lines = ["Action plan"]
        for number, draft in enumerate(self.plan.drafts, start=1):
            strand = _STRAND_NAMES[self.plan.strand_of(draft)]
            lines.append(f"  {number} [{strand}, {draft.status}] {draft.text('description') or '...'}")
        return "\n".join([*lines, 'Write with: board.add("...", owner="...", due="...", factor="...")'])

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        # an exported page cannot run the widget; there it stands as text
        bundle = super()._repr_mimebundle_(**kwargs)
        if isinstance(bundle, dict):
            bundle["text/plain"] = repr(self)
        return bundle


def _column() -> tuple[widgets.HTML, widgets.VBox]:
    return label(""), widgets.VBox(layout=widgets.Layout(flex="1 1 0", margin="0 .4em 0 0"))


def _head(column: Any, count: int) -> str:
    name = column.value.capitalize() if isinstance(column, ActionStatus) else _STRAND_NAMES[column]
    colour = "#777777" if isinstance(column, ActionStatus) else STRAND_COLOURS[column]
    style = f"background:{colour};color:{text_colour_on(colour)};padding:.1em .7em;border-radius:3px"
    return f"<span style='{style}'>{name} ({count})</span>"
