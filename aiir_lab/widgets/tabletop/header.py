"""The top of the panel: clock, what is due, stages, time buttons and the role bar."""

from __future__ import annotations

from html import escape

import ipywidgets as widgets

from aiir_lab.records.escalation import Role
from aiir_lab.tabletop.session import Session
from aiir_lab.widgets.parts import button
from aiir_lab.widgets.saying import plain
from aiir_lab.widgets.tabletop.pane import Desk, Pane, span, words

STEPS = (5, 15, 60, 240)


class Header(Pane):
    """Clock, severity, duties and stages; buttons that let time pass; one button for each role.

    Attributes
    ----------
    status : ipywidgets.HTML
        The clock line and the stages.
    steps : tuple of ipywidgets.Button
        Let time pass.
    roles : dict of Role to ipywidgets.Button
        Tell a role, or act in it, whichever is possible.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.status = widgets.HTML()
        self.steps = tuple(self._step(minutes) for minutes in STEPS)
        self.pause = button("Pause", "Stop the exercise clock, or let it go on")
        self.pause.on_click(lambda _: self._pause())
        self.roles = {role: self._role(role) for role in self.session.roles}
        wrap = widgets.Layout(flex_flow="row wrap")
        times = widgets.HBox([*self.steps, self.pause], layout=wrap)
        self.children = (self.status, times, widgets.HBox(list(self.roles.values()), layout=wrap))

    def refresh(self) -> None:
        """Show clock, duties, stages and roles as they are now."""
        session = self.session
        self.status.value = plain(_clock_line(session) + _duties(session) + _stages(session))
        over = session.clock.is_over
        for step in (*self.steps, self.pause):
            step.disabled = over
        self.pause.description = "Go on" if session.clock.is_paused else "Pause"
        told = {due.told for due in session.escalations} | {
            due.role for due in session.escalations if due.done_min is not None
        }
        for role, pressed in self.roles.items():
            acting = role == session.role
            sign = "●" if acting else "✓" if role in told else "○"
            pressed.description = f"{sign} {words(role.value)}"
            pressed.button_style = "info" if acting else ""
            pressed.disabled = over

    def _step(self, minutes: int) -> widgets.Button:
        step = button(f"+{span(minutes)}", f"Let {span(minutes)} pass on the exercise clock")
        step.on_click(
            lambda _: self.desk.act(f"{span(minutes)} passed", lambda: self.session.advance(minutes=minutes))
        )
        return step

    def _pause(self) -> None:
        paused = self.session.clock.is_paused
        self.desk.act(
            "The clock goes on" if paused else "The clock stands",
            self.session.resume if paused else self.session.pause,
        )

    def _role(self, role: Role) -> widgets.Button:
        pressed = button(words(role.value), self.session.role_cards[role])
        pressed.on_click(lambda _: self._choose(role))
        return pressed

    def _choose(self, role: Role) -> None:
        """A role that somebody plays is taken on; one that answers by script is written to."""
        if self.session.roles[role] == "script":
            self.desk.write_to(role.value)
        elif role != self.session.role:
            self.desk.act(f"You act as {words(role.value)}", lambda: self.session.take_role(role))


def _clock_line(session: Session) -> str:
    clock = session.clock
    state = "over" if clock.is_over else "paused" if clock.is_paused else ""
    severity = session.severity.value if session.severity else "severity not declared"
    return (
        f"<div><strong style='font-size:1.25em'>{clock.now_utc:%a %d %b %H:%M} UTC</strong> &nbsp; minute "
        f"{clock.minute:g} of {clock.ends_min:g} {state} &nbsp; <strong>{severity}</strong> &nbsp; "
        f"you are {words(session.role.value)} at {escape(session.company)}</div>"
    )


def _duties(session: Session) -> str:
    now, parts = session.clock.minute, []
    due = session.update_due_min
    if due is not None and not session.clock.is_over:
        late = now > due
        parts.append(
            f"{'⚠ status update overdue since' if late else '◷ next status update by'} minute {due:g}"
        )
    for duty in session.escalations:
        if duty.done_min is None and duty.due_min is not None:
            sign = "⚠" if now > duty.due_min else "◷"
            parts.append(f"{sign} tell {words(duty.role.value)} by minute {duty.due_min:g}")
    waiting = sum(letter.is_alert and not letter.is_acknowledged for letter in session.inbox)
    if waiting:
        parts.insert(0, f"⚠ {waiting} alert{'s' if waiting > 1 else ''} not acknowledged")
    return f"<div>{' &nbsp; '.join(parts)}</div>" if parts else ""


def _stages(session: Session) -> str:
    now = session.stage
    chips = [
        f"<b>▸ {stage}</b>" if stage == now else f"{'✓' if done else '·'} {stage}"
        for stage, done in session.stages.items()
    ]
    return f"<div style='opacity:.85'>{' &nbsp; '.join(chips)}</div>"
