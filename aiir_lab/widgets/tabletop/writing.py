"""Write: tell a role, message anybody, post a status update, note down. What is written is reviewed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

from aiir_lab.records.communication import Stage
from aiir_lab.records.errors import AiirError
from aiir_lab.records.escalation import Role
from aiir_lab.widgets.parts import button, field, label
from aiir_lab.widgets.tabletop.pane import Desk, Pane, words

KINDS = {
    "escalate": ("Tell a role", "Hand up: the role hears of the incident and joins"),
    "message": ("Message", "To a role that has joined, or to anybody outside"),
    "update": ("Status update", "Public: what customers read"),
    "note": ("Note", "For the scribe; costs no time"),
    "hypothesis": ("Hypothesis", "What you think is going on; costs no time"),
}


class Writing(Pane):
    """The composer.

    Attributes
    ----------
    kinds : dict of str to ipywidgets.Button
        What is written.
    to : ipywidgets.Combobox
        Recipient of a message.
    stages : dict of Stage to ipywidgets.Button
        Stage of a status update.
    next_min : ipywidgets.Text
        Minutes until the next status update, as promised.
    text : ipywidgets.Textarea
        The words.
    send_button : ipywidgets.Button
    """

    title = "Write"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.kind, self.stage = "escalate", Stage.INVESTIGATING
        self.in_reply_to: str | None = None
        self.kinds = {name: self._chooser(name) for name in KINDS}
        self.to = widgets.Combobox(
            placeholder="to whom", ensure_option=False, layout=widgets.Layout(width="20em")
        )
        self.stages = {stage: self._stage(stage) for stage in Stage}
        self.next_min = widgets.Text("60", layout=widgets.Layout(width="5em"))
        self.text = field("What you know, since when, what you do, when they hear next.", height="7em")
        self.send_button = button("Send", "Send it; what is judged is what was sent", width="8em")
        self.send_button.on_click(lambda _: self._send_text())
        self._recipient = widgets.HBox([label("To"), self.to])
        self._update = widgets.HBox(
            [label("Stage"), *self.stages.values(), label("next in"), self.next_min, label("min")],
            layout=widgets.Layout(flex_flow="row wrap"),
        )
        self.children = (
            widgets.HBox(list(self.kinds.values()), layout=widgets.Layout(flex_flow="row wrap")),
            self._recipient,
            self._update,
            self.text,
            self.send_button,
        )
        self.refresh()

    def refresh(self) -> None:
        """Show the fields that this kind of text needs."""
        session = self.session
        known = [role.value for role in session.roles if role != session.role]
        outside = sorted({letter.sender for letter in session.inbox} - {role.value for role in Role})
        options = tuple(known if self.kind == "escalate" else [*known, *outside])
        if self.to.options != options:
            self.to.options = options
        for name, chooser in self.kinds.items():
            chooser.button_style = "info" if name == self.kind else ""
        for stage, chooser in self.stages.items():
            chooser.button_style = "info" if stage == self.stage else ""
        self._recipient.layout.display = "" if self.kind in ("escalate", "message") else "none"
        self._update.layout.display = "" if self.kind == "update" else "none"
        self.send_button.disabled = session.clock.is_over

    def address(self, recipient: str, *, in_reply_to: str | None = None) -> None:
        """Begin a text to somebody: the first to a role is an escalation, later ones are messages."""
        told = {str(due.told) for due in self.session.escalations}
        spoken = {letter.sender for letter in self.session.inbox}
        is_new = recipient in [role.value for role in self.session.roles] and recipient not in told | spoken
        self.kind = "escalate" if is_new and in_reply_to is None else "message"
        self.in_reply_to = in_reply_to
        self.refresh()
        self.to.value = recipient
        self.text.focus()

    def _chooser(self, name: str) -> widgets.Button:
        chooser = button(*KINDS[name])

        def choose(_: object) -> None:
            self.kind, self.in_reply_to = name, None
            self.refresh()

        chooser.on_click(choose)
        return chooser

    def _stage(self, stage: Stage) -> widgets.Button:
        chooser = button(stage.value, f"The post is about: {stage.value}")

        def choose(_: object) -> None:
            self.stage = stage
            self.refresh()

        chooser.on_click(choose)
        return chooser

    def _send_text(self) -> None:
        text, to = str(self.text.value), str(self.to.value).strip()
        session = self.session
        actions: dict[str, tuple[str, Callable[[], Any]]] = {
            "escalate": (f"Told {words(to)}", lambda: session.escalate(to, text)),
            "message": (
                f"Sent to {words(to)}",
                lambda: session.message(to, text, in_reply_to=self.in_reply_to),
            ),
            "update": (
                f"Posted: {self.stage.value}",
                lambda: session.post_update(text, stage=self.stage.value, next_update_min=self._promised()),
            ),
            "note": ("Noted", lambda: session.note(text) or ()),
            "hypothesis": ("Hypothesis noted", lambda: session.hypothesis(text) or ()),
        }
        what, action = actions[self.kind]
        done = self.desk.act(what, action)
        if done is None:
            return
        findings = done.problems if self.kind == "update" else done if self.kind == "message" else ()
        if findings:
            self.desk.tell(
                "Reviewer: " + " ".join(f"{item.message} {item.suggestion}" for item in findings[:3])
            )
        self.text.value, self.in_reply_to = "", None
        self.refresh()

    def _promised(self) -> float | None:
        raw = str(self.next_min.value).strip()
        if not raw:
            return None
        try:
            return float(raw)
        except ValueError:
            raise AiirError(
                f"Minutes until the next update: expected a number such as 30, got {raw!r}."
            ) from None
