"""The players' panel: clock and roles on top, the feed beside the board, everything by keyboard."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

from aiir_lab.records.errors import AiirError
from aiir_lab.tabletop.session import Session
from aiir_lab.widgets.parts import button
from aiir_lab.widgets.saying import NOT_YET, RIGHT, say
from aiir_lab.widgets.tabletop.deciding import Deciding
from aiir_lab.widgets.tabletop.ending import EndingPane, LogPane
from aiir_lab.widgets.tabletop.evidence import EvidenceBoard
from aiir_lab.widgets.tabletop.facilitator import FacilitatorPanel
from aiir_lab.widgets.tabletop.header import Header
from aiir_lab.widgets.tabletop.inbox import Inbox
from aiir_lab.widgets.tabletop.pane import Pane
from aiir_lab.widgets.tabletop.writing import Writing

TICK_S = 5.0


def exercise_panel(session: Session, *, view: str = "players") -> ExercisePanel | FacilitatorPanel:
    """Play a tabletop exercise with the mouse or the keyboard.

    Parameters
    ----------
    session : Session
        From ``lab.start_exercise``; whatever is done here is done there, and stands in its log.
    view : {"players", "facilitator"}, default "players"
        The facilitator's view shows next injects, expected actions and the truth. Keep it off the players'
        screen.

    Returns
    -------
    ExercisePanel or FacilitatorPanel
        Shows itself as the last value of a cell. Where no notebook front end is there, it shows as text and
        the session is played with its own methods.

    Raises
    ------
    AiirError
        Where `session` is no session, or `view` has another name.

    Examples
    --------
    >>> from aiir_lab.tabletop import start_exercise
    >>> panel = exercise_panel(start_exercise("fraud_poisoning", seed=7))
    >>> panel.header.steps[1].click()
    >>> panel.session.clock.minute
    15.0
    """
    if not isinstance(session, Session):
        raise AiirError(
            f"A panel is made for a session, got {type(session).__name__}. "
            'Start one: session = lab.start_exercise("fraud_poisoning", seed=7).'
        )
    if view == "facilitator":
        return FacilitatorPanel(session)
    if view != "players":
        raise AiirError(f"There is no view {view!r}. Known: players, facilitator.")
    return ExercisePanel(session)


class ExercisePanel(widgets.VBox):
    """The widget of one session.

    Attributes
    ----------
    header, inbox : Header, Inbox
        The top, and the feed.
    evidence, deciding, writing, journal, ending : Pane
        The panes; one of them is shown.
    tabs : dict of Pane to ipywidgets.Button
        Choose the pane.
    status : ipywidgets.HTML
        What came of the last action; announced by screen readers.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.status = widgets.HTML()
        self.header, self.inbox = Header(self), Inbox(self)
        self.evidence, self.deciding, self.writing = EvidenceBoard(self), Deciding(self), Writing(self)
        self.journal, self.ending = LogPane(self), EndingPane(self)
        self.panes: tuple[Pane, ...] = (self.evidence, self.deciding, self.writing, self.journal, self.ending)
        self.tabs = {pane: self._tab(pane) for pane in self.panes}
        self.shown: Pane = self.evidence
        self._stage = widgets.Box([self.shown], layout=widgets.Layout(display="block", overflow="hidden"))
        # what came of an action stands where the hand is: between the feed and the pane
        board = widgets.VBox([widgets.HBox(list(self.tabs.values())), self.status, self._stage])
        super().__init__([self.header, self.inbox, board])
        self.tell(_opening(session))
        session.listen(lambda *_: self.refresh())
        self.refresh()
        self._keep_time()

    def act(self, what: str, action: Callable[[], Any]) -> Any:
        """Do something in the session; says what came of it, or why it was not possible (then None)."""
        before, known = self.session.clock.minute, len(self.session.inbox)
        try:
            result = action()
        except AiirError as error:
            self.status.value = say(f"✗ {error}", colour=NOT_YET)
            self.refresh()
            return None
        took = self.session.clock.minute - before
        arrived = len(self.session.inbox) - known
        cost = f", {took:g} minutes" if took else ""
        news = f" {arrived} new message{'s' if arrived != 1 else ''}." if arrived else ""
        self.status.value = say(f"✓ {what}{cost}.{news}", colour=RIGHT)
        self.refresh()
        return () if result is None else result

    def tell(self, text: str) -> None:
        """Say something in the status line, below what is there."""
        self.status.value = f"{self.status.value}{say(text, colour=NOT_YET)}"

    def write_to(self, recipient: str, *, in_reply_to: str | None = None) -> None:
        """Open the composer on a text to somebody."""
        self.show(self.writing)
        self.writing.address(recipient, in_reply_to=in_reply_to)

    def show(self, pane: Pane) -> None:
        """Show one of the panes."""
        self.shown = pane
        self._stage.children = (pane,)
        self.refresh()

    def refresh(self) -> None:
        """Show the session as it is now."""
        self.header.refresh()
        self.inbox.refresh()
        self.shown.refresh()
        for pane, tab in self.tabs.items():
            tab.button_style = "info" if pane is self.shown else ""

    def _tab(self, pane: Pane) -> widgets.Button:
        # buttons and not a Tab widget, whose tabs the Tab key does not reach
        tab = button(pane.title, f"Show: {pane.title}")
        tab.on_click(lambda _: self.show(pane))
        return tab

    def _keep_time(self) -> None:
        """Where the clock runs by itself, look at it every few seconds."""
        if self.session.clock.pace == "step":
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return  # no kernel: the clock catches up with the next action
        self._ticking = loop.create_task(self._tick())

    async def _tick(self) -> None:
        while not self.session.clock.is_over:
            await asyncio.sleep(TICK_S)
            self.session.tick()
            self.refresh()

    def __repr__(self) -> str:
        session = self.session
        lines = [f"{session.title}: {session.clock}", f"You are {session.role.value} at {session.company}."]
        lines += [f"  {letter}" for letter in session.inbox[-6:]]
        lines += ["Decisions: " + ", ".join(view.name for view in session.decisions)]
        lines += ["Evidence: " + ", ".join(item.name for item in session.evidence)]
        return "\n".join(
            [
                *lines,
                "Play it with: session.acknowledge(), session.declare_severity(...), session.escalate(...), "
                "session.query(...), session.decide(...), session.post_update(...), session.advance()",
            ]
        )

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        # an exported page cannot run the widget; there it stands as text
        bundle = super()._repr_mimebundle_(**kwargs)
        if isinstance(bundle, dict):
            bundle["text/plain"] = repr(self)
        return bundle


def _opening(session: Session) -> str:
    resumed = f"Resumed at minute {session.clock.minute:g}. " if len(session.entries) > 1 else ""
    mended = f"{session.repaired} " if session.repaired else ""
    return f"{resumed}{mended}Read what arrived, then act. Tab moves on, Space presses a button."
