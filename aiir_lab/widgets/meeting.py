"""The meeting panel: people at the table, what was said, a clock, and where the facilitator speaks."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as widgets

from aiir_lab.records.errors import AiirError
from aiir_lab.tabletop.meeting import Meeting, Said
from aiir_lab.widgets.saying import NOT_YET, RIGHT, frame, plain, say

MOST_OPTIONS = 6
# How somebody seems, told by sign and word and never by colour alone; bounds of safety from 0 to 100.
_CUES = (
    (65.0, "● leans in"),
    (50.0, "◐ answers what is asked"),
    (35.0, "◔ arms folded"),
    (0.0, "○ looks away"),
)


def meeting_panel(meeting: Meeting) -> MeetingPanel:
    """Lead a meeting with the mouse or the keyboard.

    Parameters
    ----------
    meeting : Meeting
        From ``start_meeting``; whatever is said here is said there, and kept in its log.

    Returns
    -------
    MeetingPanel
        Shows itself as the last value of a cell: Tab goes from field to button, the space bar presses.
        Where no notebook front end is there, it shows as text; use ``meeting.say("...")`` then.

    Examples
    --------
    >>> from aiir_lab.tabletop import start_meeting
    >>> panel = meeting_panel(start_meeting("moderation_failure", seed=7))
    >>> panel.meeting.minute
    0.0
    """
    return MeetingPanel(meeting)


class MeetingPanel(widgets.VBox):
    """The widget of one meeting.

    Parameters
    ----------
    meeting : Meeting

    Attributes
    ----------
    table : ipywidgets.HTML
        Clock and participants; how they seem only where ``cues`` is ticked.
    latest, past : ipywidgets.HTML
        The last move with its answers, announced by screen readers; and all moves before it.
    choices : tuple of ipywidgets.Button
        One for each option, by number.
    writing : ipywidgets.Textarea
        Your own words.
    """

    def __init__(self, meeting: Meeting) -> None:
        self.meeting = meeting
        self.table, self.latest, self.past, self.offer = (widgets.HTML() for _ in range(4))
        self.cues = widgets.Checkbox(
            value=False,
            description="Show how people seem",
            indent=False,
            layout=widgets.Layout(width="max-content"),
        )
        self.choices = tuple(_button(f"Say {n}", f"Say option {n}") for n in range(1, MOST_OPTIONS + 1))
        self.writing = widgets.Textarea(
            placeholder="Your own words. Begin with a name to address somebody: On-call, how ...",
            layout=widgets.Layout(width="100%", height="5em"),
        )
        self.say_button = _button("Say it", "Say what is written above")
        self._row = widgets.HBox(layout=widgets.Layout(flex_flow="row wrap", overflow="visible"))
        for number, button in enumerate(self.choices, start=1):
            button.on_click(lambda _, number=number: self._choose(number))
        self.say_button.on_click(self._say)
        self.cues.observe(lambda _: self._show_table(), names="value")
        super().__init__()
        self._show()

    def _choose(self, number: int) -> None:
        self._do(lambda: self.meeting.choose(number))

    def _say(self, _: object) -> None:
        if self._do(lambda: self.meeting.say(self.writing.value)):
            self.writing.value = ""

    def _do(self, move: Callable[[], object]) -> bool:
        """Whether it was said; if not, or if an option was taken, what was written stays."""
        try:
            move()
        except AiirError as error:
            self.latest.value = say(str(error), colour=NOT_YET)
            return False
        self._show()
        return True

    def _show(self) -> None:
        meeting = self.meeting
        self._show_table()
        turns = [self._tell(Said(turn, self._names)) for turn in meeting.turns]
        if not turns:
            document = "".join(f"<li>{escape(line)}</li>" for line in meeting.document)
            self.latest.value = frame(
                f"<p>{escape(meeting.situation)}</p><p>The draft that everybody has:</p><ul>{document}</ul>",
                colour=RIGHT,
            )
        else:
            self.latest.value = frame(turns[-1], colour=RIGHT)
        older = "<hr>".join(turns[:-1])
        self.past.value = (
            plain(
                f"<details><summary>What was said before (moves: {len(turns) - 1})</summary>"
                f"<div tabindex='0' style='max-height:18em;overflow:auto'>{older}</div></details>"
            )
            if older
            else ""
        )
        if meeting.is_over:
            self.offer.value = frame(self._debrief(), colour=RIGHT)
            self.children = (self.table, self.past, self.latest, self.offer)
            return
        options = meeting.options
        listed = "".join(f"<li>{escape(text)}</li>" for text in options)
        self.offer.value = plain(
            "<p style='margin:.4em 0 0'>Say one of these, good and tempting alike, or your own words:</p>"
            f"<ol style='margin:0'>{listed}</ol>"
        )
        self._row.children = self.choices[: len(options)]
        # the same ones each time: a front end builds others anew, and whoever is writing would lose the focus
        self.children = (
            self.table,
            self.cues,
            self.past,
            self.latest,
            self.offer,
            self._row,
            self.writing,
            self.say_button,
        )

    def _show_table(self) -> None:
        meeting, turns = self.meeting, self.meeting.turns
        last = {line.who for line in turns[-1].lines} if turns else set()
        cards = []
        for person in meeting.script.participants:
            safety = turns[-1].safety[person.id] if turns else person.start
            marks = ["speaks" if person.id in last else ""]
            if self.cues.value:
                marks.append(next(cue for bound, cue in _CUES if safety >= bound))
            cards.append(
                "<li style='border:1px solid var(--jp-border-color1,#8888);border-radius:6px;"
                "padding:.2em .7em;min-width:6.5em'>"
                f"<b>{escape(person.name)}</b><br>"
                f"<small>{' · '.join(filter(None, marks)) or '&nbsp;'}</small></li>"
            )
        whole = meeting.script.minutes
        clock = (
            f"<p style='margin:.2em 0'><b>{escape(meeting.script.title)}</b> · minute {meeting.minute:g} of "
            f"{whole:g} <progress value='{min(meeting.minute, whole):g}' max='{whole:g}' "
            f"aria-label='Time used'></progress></p>"
        )
        style = "display:flex;flex-wrap:wrap;gap:.4em;list-style:none;padding:0;margin:.3em 0"
        strip = f"<ul style='{style}'>{''.join(cards)}</ul>"
        self.table.value = plain(clock + strip)

    @property
    def _names(self) -> dict[str, str]:
        return {person.id: person.name for person in self.meeting.script.participants}

    def _tell(self, said: Said) -> str:
        turn = said.turn
        read = "; ".join(escape(f"{f.kind.replace('_', ' ')} ({f.rule}: “{f.words}”)") for f in turn.fired)
        lines = "".join(
            f"<br><b>{escape(self._names.get(line.who, line.who))}:</b> {escape(line.text)}"
            for line in turn.lines
        )
        return (
            f"<b>You, minute {turn.start_min:g}:</b> {escape(turn.text)}"
            f"<br><small>read as: {read}</small>{lines}"
        )

    def _debrief(self) -> str:
        result = self.meeting.result()
        hidden = "".join(
            f"<li><b>{escape(row.title)}.</b> {escape(row.why_hidden)}</li>"
            for row in result.facts.itertuples()
            if not row.surfaced
        )
        count = len(result.surfaced) + len(result.hidden)
        rest = f"<p>What stayed hidden, and why:</p><ul>{hidden}</ul>" if hidden else ""
        return (
            f"<p><b>The meeting is over.</b> {len(result.surfaced)} of {count} facts came out.</p>{rest}"
            "<p>Look at <code>meeting.result()</code> for the turning points, each with the better move.</p>"
        )

    def __repr__(self) -> str:
        return repr(self.meeting)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        # an exported page cannot run the widget; there the meeting stands as text
        bundle = super()._repr_mimebundle_(**kwargs)
        if isinstance(bundle, dict):
            bundle["text/plain"] = repr(self)
        return bundle


def _button(text: str, tooltip: str) -> widgets.Button:
    return widgets.Button(description=text, tooltip=tooltip, layout=widgets.Layout(width="max-content"))
