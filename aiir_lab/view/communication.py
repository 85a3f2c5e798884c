"""The communication flow: who told whom, through which channel, when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import plotly.graph_objects as go

from aiir_lab.records.communication import Message
from aiir_lab.records.errors import AiirError
from aiir_lab.records.postmortem import Postmortem
from aiir_lab.view.sketch import Sketch
from aiir_lab.view.theme import GRID, INK, PALETTE, SHADE, blank_figure, finish, plain, wrap, wrapped

# Shares of the width: time on the left, lanes in the middle, what was said on the right.
_LANES_FROM, _LANES_TO, _TEXT_FROM = 0.2, 0.62, 0.65
_LINE_PX = 15
_TEXT_CHARS = 44


def draw_communication(record: Postmortem | Sequence[Message], *, title: str | None = None) -> go.Figure:
    """Draw the communication flow as swimlanes: a lane for each party, an arrow for each message.

    Messages with an exact time are ordered by it; the others keep the place that the record gives them.

    Parameters
    ----------
    record : Postmortem or list of Message
        What to draw; without messages the figure says so.
    title : str, optional
        The claim of the figure. Default: how many messages went between how many parties.

    Returns
    -------
    plotly.graph_objects.Figure

    Examples
    --------
    >>> fig = draw_communication([Message(sender="on-call", to="team", channel="chat", text="Looking.")])
    >>> fig.layout.title.text
    '<b>1 message between 2 parties</b>'
    """
    messages = in_time_order(messages_of(record))
    if not messages:
        return blank_figure(
            "The account does not say who told whom.", title=title or "No communication is recorded"
        )
    parties = list(dict.fromkeys(party for message in messages for party in (message.sender, message.to)))
    title = title or _claim(messages, parties)
    step = (_LANES_TO - _LANES_FROM) / max(len(parties) - 1, 1)
    place = {party: _LANES_FROM + number * step for number, party in enumerate(parties)}
    colour = {party: PALETTE[number % len(PALETTE)] for number, party in enumerate(parties)}

    sketch = Sketch()
    top = 0.0
    for number, message in enumerate(messages, 1):
        text = wrap(message.text, _TEXT_CHARS, max_lines=4)
        when = wrap(say_when(message), 20, max_lines=3)
        height = _LINE_PX * max(len(text) + 1, len(when), 2) + 12
        if number % 2:
            sketch.shape(
                "rect", (0, 1), (top, top + height), xref="paper", layer="below", fillcolor=SHADE,
                line={"width": 0},
            )  # fmt: skip
        middle = top + height / 2
        _write(sketch, 0.005, middle, f"<b>{number}</b>  " + "<br>".join(when), xanchor="left")
        said = f"<b>{wrapped(message.channel, _TEXT_CHARS - 4, max_lines=1)}</b><br>" + "<br>".join(text)
        _write(sketch, _TEXT_FROM, middle, said, xanchor="left")
        _draw_message(sketch, message, number, middle, place, colour)
        top += height
    head = _draw_lanes(sketch, parties, place, colour, top, step)
    sketch.layout |= {
        "xaxis": {"visible": False, "range": [0, 1], "fixedrange": True},
        "yaxis": {"visible": False, "range": [top, -head], "fixedrange": True},
        "margin": {"b": 14, "l": 10, "r": 10},
    }
    return finish(sketch.figure(), title=title, alt=_describe(title, messages), height=round(top + head) + 14)


def messages_of(record: Postmortem | Sequence[Message]) -> list[Message]:
    """The messages of a post-mortem, or the list itself."""
    if isinstance(record, Postmortem):
        return list(record.messages)
    if isinstance(record, Sequence) and all(isinstance(item, Message) for item in record):
        return list(record)
    raise AiirError(
        f"A communication flow is drawn from a Postmortem or a list of Message, got {type(record).__name__}. "
        "Load a post-mortem with lab.load_postmortem('...')."
    )


def in_time_order(messages: Sequence[Message]) -> list[Message]:
    """Messages sorted by time, those without one staying behind their neighbour of the record."""
    keyed = []
    latest = datetime.min.replace(tzinfo=UTC)
    for place, message in enumerate(messages):
        if message.at_utc is not None:
            latest = max(latest, message.at_utc)
        keyed.append((message.at_utc or latest, place, message))
    return [message for _, _, message in sorted(keyed, key=lambda item: item[:2])]


def say_when(message: Message) -> str:
    """The time of a message as published, or its exact UTC time."""
    if message.at_utc is not None:
        return message.at_utc.strftime("%Y-%m-%d %H:%M UTC")
    return message.when_text or "time unknown"


def _write(sketch: Sketch, x: float, y: float, text: str, **more: object) -> None:
    sketch.write(x, y, text, **({"align": "left", "font": {"size": 11}} | more))


def _draw_message(
    sketch: Sketch,
    message: Message,
    number: int,
    y: float,
    place: dict[str, float],
    colour: dict[str, str],
) -> None:
    start, end = place[message.sender], place[message.to]
    tint = colour[message.sender]
    if start != end:
        sketch.arrow(
            (start, y), (end, y), arrowsize=1.1, arrowwidth=2.2, arrowcolor=tint, standoff=3, startstandoff=8
        )
    sketch.trace(
        name=f"message {number}",
        x=[start, end],
        y=[y, y],
        mode="markers",
        marker={
            "symbol": ["circle", "circle-open" if start != end else "circle-open-dot"],
            "color": tint,
            "size": [11, 6] if start != end else [11, 18],
            "line": {"color": INK if start != end else tint, "width": 1},
        },
        hovertext=_hover(message),
        hoverinfo="text",
        cliponaxis=False,
    )


def _draw_lanes(
    sketch: Sketch,
    parties: list[str],
    place: dict[str, float],
    colour: dict[str, str],
    bottom: float,
    step: float,
) -> int:
    """Lifelines and names; returns the height of the head in pixels."""
    width = round((step if len(parties) > 1 else 0.4) * 700 / 7) - 1
    longest = max((len(word) for party in parties for word in party.split()), default=0)
    # names that would be cut inside a word stand at an angle instead
    is_angled = longest > width
    heads = [wrapped(party, 32 if is_angled else width, max_lines=1 if is_angled else 4) for party in parties]
    for party, head in zip(parties, heads, strict=True):
        x = place[party]
        sketch.shape("line", (x, x), (0, bottom), layer="below", line={"color": GRID, "width": 2})
        sketch.shape("line", (x - 0.012, x + 0.012), (-3, -3), line={"color": colour[party], "width": 4})
        if is_angled:
            _write(sketch, x, -6, f"<b>{head}</b>", yanchor="bottom", xanchor="left", textangle=-38)
        else:
            _write(sketch, x, -6, f"<b>{head}</b>", yanchor="bottom", align="center")
    if is_angled:
        return round(0.62 * 7 * max(len(line) for head in heads for line in head.split("<br>"))) + 34
    return max(head.count("<br>") + 1 for head in heads) * _LINE_PX + 16


def _hover(message: Message) -> str:
    return "<br>".join(
        [
            f"<b>{wrapped(f'{message.sender} → {message.to}', 60)}</b>",
            f"{plain(message.channel)}, {plain(say_when(message))}",
            wrapped(message.text, 60),
        ]
    )


def _claim(messages: list[Message], parties: list[str]) -> str:
    counts = [
        f"{len(messages)} message{'s' if len(messages) > 1 else ''}",
        f"{len(parties)} part{'ies' if len(parties) > 1 else 'y'}",
    ]
    claim = " between ".join(counts)
    vague = sum(message.at_utc is None for message in messages)
    if vague and len(messages) > 1:
        claim += f", {'all' if vague == len(messages) else vague} without an exact time"
    return claim


def _describe(title: str, messages: list[Message]) -> str:
    told = "; ".join(
        f"{number}, {say_when(message)}, {message.sender} to {message.to} "
        f"by {message.channel}: {message.text}"
        for number, message in enumerate(messages, 1)
    )
    return f"Communication flow. {title}. In order: {told}"
