"""The facilitator's view: what is behind the curtain, on a screen that players do not see."""

from __future__ import annotations

from html import escape
from typing import Any

import ipywidgets as widgets

from aiir_lab.tabletop.loading import load_exercise
from aiir_lab.tabletop.session import Session
from aiir_lab.widgets.parts import button
from aiir_lab.widgets.saying import plain


class FacilitatorView(widgets.VBox):
    """Next injects, expected actions and the planted truth of a running session.

    Parameters
    ----------
    session : Session
        The session that the players are in.

    Attributes
    ----------
    shown : ipywidgets.HTML
        Everything, as a page.
    update : ipywidgets.Button
        Show it as it is now; it also changes by itself with each action of the session.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.facilitation = load_exercise(session.name).facilitation
        self.shown = widgets.HTML()
        self.update = button("Show it as it is now", "Read the session again")
        self.update.on_click(lambda _: self.refresh())
        super().__init__([self.update, self.shown])
        session.listen(lambda *_: self.refresh())
        self.refresh()

    @property
    def next_injects(self) -> tuple[tuple[str, str, str], ...]:
        """What has not arrived yet: (when, sender, what the facilitator hopes to see)."""
        seen = {letter.id for letter in self.session.inbox}
        return tuple(
            (
                f"minute {inject.at_min:g}" if inject.at_min is not None else _words(inject.when),
                inject.sender,
                inject.expects or "",
            )
            for inject in self.facilitation.event_list
            if inject.id not in seen and self.session.difficulty in inject.levels
        )

    @property
    def expected(self) -> tuple[tuple[float, str, bool], ...]:
        """What a trained team does: (by which minute, what, whether it is critical)."""
        return tuple(
            (action.by_min, action.what, action.is_critical) for action in self.facilitation.expected_actions
        )

    def refresh(self) -> None:
        """Show it as it is now."""
        minute = self.session.clock.minute
        injects = [("when", "from", "hoped for"), *self.next_injects]
        expected = [
            ("by", "a trained team", ""),
            *(
                (f"{'past ' if by < minute else ''}{by:g}", what, "critical" if critical else "")
                for by, what, critical in sorted(self.expected)
            ),
        ]
        self.shown.value = plain(
            f"<b>Facilitator, minute {minute:g}. Not for players.</b>"
            f"<p>{escape(self.facilitation.truth)}</p>"
            f"<p>Severity by the matrix: {escape(self.facilitation.severity_reason)}</p>"
            f"<b>Next injects</b>{_table(injects)}<b>Expected actions</b>{_table(expected)}"
        )

    def __repr__(self) -> str:
        lines = [f"Facilitator of {self.session!r}", self.facilitation.truth.strip(), "Next injects:"]
        lines += [f"  {when}: {sender}" for when, sender, _ in self.next_injects]
        lines += ["Expected actions:", *(f"  by {by:g}: {what}" for by, what, _ in sorted(self.expected))]
        return "\n".join(lines)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        if isinstance(bundle, dict):
            bundle["text/plain"] = repr(self)
        return bundle


def _words(condition: Any) -> str:
    """A condition as one line: its fields that say something."""
    said = condition.model_dump(exclude_none=True, exclude_defaults=True) if condition is not None else {}
    return "when " + ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in said.items())


def _table(rows: list[tuple[str, ...]]) -> str:
    cells = [
        "<tr>"
        + "".join(f"<td style='text-align:left;vertical-align:top'>{escape(cell)}</td>" for cell in row)
        + "</tr>"
        for row in rows
    ]
    return f"<table>{''.join(cells)}</table>"
