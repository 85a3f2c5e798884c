"""What every pane of the panel has: the session, and a way to act that never ends in a traceback."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import ipywidgets as widgets

from aiir_lab.tabletop.session import Session


class Desk(Protocol):
    """The panel, as its panes see it."""

    session: Session

    def act(self, what: str, action: Callable[[], Any]) -> Any:
        """Do something in the session and say what came of it; None where it was not possible."""

    def tell(self, text: str) -> None:
        """Say something in the status line, such as a review of what was just written."""

    def write_to(self, recipient: str, *, in_reply_to: str | None = None) -> None:
        """Open the composer on a message to somebody."""


class Pane(widgets.VBox):
    """One pane; :meth:`refresh` shows the session as it is now."""

    title = ""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        super().__init__()

    @property
    def session(self) -> Session:
        """The session that is played."""
        return self.desk.session

    def refresh(self) -> None:
        """Show the session as it is now."""


def words(name: str) -> str:
    """A name of a role or a stage, as people write it."""
    return name.replace("_", " ")


def span(minutes: float) -> str:
    """Minutes in the shortest exact words."""
    if minutes >= 1440 and minutes % 1440 == 0:
        return f"{minutes / 1440:g} d"
    return f"{minutes / 60:g} h" if minutes >= 60 and minutes % 30 == 0 else f"{minutes:g} min"
