"""The facilitator's view as a widget, for a screen that players do not see."""

from __future__ import annotations

from html import escape
from typing import Any

import ipywidgets as widgets

from aiir_lab.tabletop.facilitator import PendingInject, facilitate
from aiir_lab.tabletop.session import Session
from aiir_lab.widgets.parts import button
from aiir_lab.widgets.saying import plain


class FacilitatorPanel(widgets.VBox):
    """Next injects, expected actions and the hidden truth of a running session.

    Parameters
    ----------
    session : Session
        The session that the players are in.

    Attributes
    ----------
    shown : ipywidgets.HTML
        Everything, as it was when it was last asked for.
    again : ipywidgets.Button
        Look again. Only on demand: it plays the world on to its end, which takes a moment that players
        must not wait for.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.shown = widgets.HTML()
        self.again = button("Look again", "Show the session as it is now")
        self.again.on_click(lambda _: self.refresh())
        super().__init__([self.again, self.shown])
        self.refresh()

    def refresh(self) -> None:
        """Show the session as it is now."""
        self.view = facilitate(self.session)
        minute = self.session.clock.minute
        injects = [(_when(item), item.sender, item.expects) for item in self.view.next_injects]
        expected = [
            (f"{item.by_min:g}", item.what, _done(item.done_min, late=item.by_min < minute))
            for item in sorted(self.view.expected, key=lambda item: item.by_min)
        ]
        self.shown.value = plain(
            f"<b>Facilitator, minute {minute:g}. Not for players.</b><p>{escape(self.view.truth)}</p>"
            f"<p>{escape(self.view.mechanism)} Onset {self.view.onset}. "
            f"If nothing more is decided: {escape(self.view.harm_if_it_stays)}.</p>"
            f"<b>Next injects</b>{_table([('when', 'from', 'hoped for'), *injects])}"
            f"<b>Expected actions</b>{_table([('by', 'a trained team', 'done'), *expected])}"
        )

    def __repr__(self) -> str:
        lines = [f"Facilitator of {self.session!r}", self.view.truth.strip(), "Next injects:"]
        lines += [f"  {_when(item)}: {item.sender}" for item in self.view.next_injects]
        lines += ["Expected actions:", *(f"  by {item.by_min:g}: {item.what}" for item in self.view.expected)]
        return "\n".join(lines)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        # an exported page cannot run the widget; there it stands as text
        bundle = super()._repr_mimebundle_(**kwargs)
        if isinstance(bundle, dict):
            bundle["text/plain"] = repr(self)
        return bundle


def _when(item: PendingInject) -> str:
    return f"minute {item.at_min:g}" if item.at_min is not None else item.condition


def _done(minute: float | None, *, late: bool) -> str:
    if minute is not None:
        return f"✓ minute {minute:g}"
    return "⚠ overdue" if late else ""


def _table(rows: list[tuple[str, ...]]) -> str:
    cell = "<td style='text-align:left;vertical-align:top'>{}</td>".format
    lines = [f"<tr>{''.join(cell(escape(text)) for text in row)}</tr>" for row in rows]
    return f"<table>{''.join(lines)}</table>"
