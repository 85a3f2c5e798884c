"""Decide: severity, controls of the system and legal clocks, each with its reason."""

from __future__ import annotations

from functools import partial
from html import escape

import ipywidgets as widgets

from aiir_lab.records.severity import Severity
from aiir_lab.tabletop.sight import DecisionView, LegalClockView
from aiir_lab.widgets.parts import button, field, label
from aiir_lab.widgets.saying import plain
from aiir_lab.widgets.tabletop.pane import Desk, Pane, span, words

ANSWERS = {"report": "Report", "does_not_apply": "Does not apply", "ask_counsel": "Ask counsel"}


class Deciding(Pane):
    """One reason field, then a button for every decision; what is not open says why.

    Attributes
    ----------
    reason : ipywidgets.Textarea
        Why; goes into the log with whatever is decided next.
    severities, decisions, clocks : dict
        The buttons.
    """

    title = "Decide"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.reason = field(
            "Why? What do you know, what do you only guess? It goes into the log.", height="3.6em"
        )
        self.severities = {level: self._severity(level) for level in Severity}
        self.decisions = {view.name: self._decision(view) for view in self.session.decisions}
        self.clocks = {view.name: self._clock(view) for view in self.session.legal_clocks}
        self._texts = {name: widgets.HTML() for name in (*self.decisions, *self.clocks)}
        rows = [widgets.VBox([self.decisions[name], self._texts[name]]) for name in self.decisions]
        legal = [
            widgets.VBox([self._texts[name], widgets.HBox(list(buttons.values()))])
            for name, buttons in self.clocks.items()
        ]
        self.children = (
            self.reason,
            widgets.HBox([label("Severity"), *self.severities.values()]),
            *rows,
            *([label("<b>Legal clock</b>"), *legal] if legal else []),
        )

    def refresh(self) -> None:
        """Show what is open, what is not and why, and what was taken."""
        session = self.session
        for level, pressed in self.severities.items():
            pressed.button_style = "info" if level == session.severity else ""
            pressed.disabled = session.clock.is_over
        for view in session.decisions:
            self.decisions[view.name].disabled = not view.is_open
            self.decisions[
                view.name
            ].description = f"{'✓ ' if view.taken_at_min is not None else ''}{view.title}"
            self._texts[view.name].value = plain(escape(_tell(view)))
        for clock in session.legal_clocks:
            due = f" due by minute {clock.due_min:g}" if clock.due_min is not None else ""
            said = f"<b>{escape(clock.title)}</b>{due}<br>{escape(clock.question)}"
            answer = f"<br>✓ decided: {words(clock.answer)}" if clock.answer else ""
            self._texts[clock.name].value = plain(said + answer)
            for pressed in self.clocks[clock.name].values():
                pressed.disabled = session.clock.is_over

    def _take_reason(self) -> str:
        text = str(self.reason.value)
        return text.strip()

    def _severity(self, level: Severity) -> widgets.Button:
        pressed = button(level.value, f"Declare {level.value}; 1 is worst")

        def declare(_: object) -> None:
            reason = self._take_reason()
            self._done(
                self.desk.act(
                    f"Declared {level.value}",
                    lambda: self.session.declare_severity(level, rationale=reason),
                )
            )

        pressed.on_click(declare)
        return pressed

    def _decision(self, view: DecisionView) -> widgets.Button:
        pressed = button(view.title, view.what, width="auto")
        pressed.layout.max_width = "100%"

        def decide(_: object) -> None:
            reason = self._take_reason()
            self._done(
                self.desk.act(
                    f"Decided: {view.title}", lambda: self.session.decide(view.name, rationale=reason)
                )
            )

        pressed.on_click(decide)
        return pressed

    def _clock(self, view: LegalClockView) -> dict[str, widgets.Button]:
        buttons = {answer: button(text, f"{text}: {view.title}") for answer, text in ANSWERS.items()}
        for answer, pressed in buttons.items():
            pressed.on_click(partial(self._decide_legal, view.name, answer))
        return buttons

    def _decide_legal(self, clock: str, answer: str, _: object) -> None:
        reason = self._take_reason()
        done = self.desk.act(
            f"Legal clock: {words(answer)}",
            lambda: self.session.decide_legal(clock, answer, rationale=reason),
        )
        self._done(done)

    def _done(self, result: object) -> None:
        if result is not None:  # what was not possible keeps its reason in the field
            self.reason.value = ""


def _tell(view: DecisionView) -> str:
    if view.taken_at_min is not None:
        return f"Decided at minute {view.taken_at_min:g}, works from minute {view.works_at_min:g}."
    delay = f", works {span(view.delay_min)} later" if view.delay_min else ""
    closed = f" Not open: {view.why_not}." if view.why_not else ""
    return f"{view.what} Costs {span(view.cost_min)}{delay}.{closed}"
