"""How safe people felt in a meeting, over its time."""

from __future__ import annotations

from itertools import pairwise

import plotly.graph_objects as go

from aiir_lab.tabletop.meeting import MeetingResult
from aiir_lab.view.sketch import Sketch
from aiir_lab.view.theme import GREY, INK, PALETTE, finish, plain

_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "star", "hexagon")
_SIGNS = "●■◆▲✚✖★⬢"  # the markers as text, for the labels
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash")


def draw_meeting(result: MeetingResult, *, title: str | None = None) -> go.Figure:
    """Draw the psychological safety of each participant over the minutes of a meeting.

    Parameters
    ----------
    result : MeetingResult
        From ``meeting.result()``.
    title : str, optional
        The claim. Default: who moved most, and how many facts came out.

    Returns
    -------
    plotly.graph_objects.Figure
        One line per participant, 0 to 100 over minutes; below, a triangle up where something was turned and
        down where a move closed people.

    Examples
    --------
    >>> from aiir_lab.tabletop import start_meeting
    >>> meeting = start_meeting("moderation_failure", seed=7)
    >>> said = meeting.say("Filter owner, why did you let it get so old?")
    >>> draw_meeting(meeting.result()).layout.yaxis.title.text
    'safety (0 to 100)'
    """
    safety = result.safety
    title = title or _claim(result)
    sketch, told = Sketch(), []
    ends = _spread([float(safety[name].iloc[-1]) for name in safety.columns], gap=6.0)
    for place, name in enumerate(safety.columns):
        values, colour = safety[name], PALETTE[place % len(PALETTE)]
        sketch.trace(
            x=values.index, y=values, mode="lines+markers", name=plain(name),
            line={"color": colour, "width": 2, "dash": _DASHES[place % len(_DASHES)]},
            marker={"symbol": _SYMBOLS[place % len(_SYMBOLS)], "size": 6},
            hovertemplate="minute %{x}<br>safety %{y:.0f}",
        )  # fmt: skip
        sketch.write(
            float(values.index[-1]),
            ends[place],
            f'<span style="color:{colour}">{_SIGNS[place % len(_SIGNS)]}</span> {plain(name)}',
            xanchor="left",
            xshift=8,
            font={"color": INK, "size": 12},
        )
        told.append(f"{name} from {values.iloc[0]:.0f} to {values.iloc[-1]:.0f}.")
    for is_good, symbol, name in ((True, "triangle-up", "turned"), (False, "triangle-down", "closed")):
        points = [point for point in result.turning_points if point.is_good == is_good]
        sketch.trace(
            x=[point.minute for point in points], y=[0 if is_good else -7] * len(points), mode="markers",
            name=name, marker={"symbol": symbol, "size": 11, "color": GREY},
            text=[plain(point.what[:120]) for point in points],
            hovertemplate="minute %{x}<br>%{text}",
        )  # fmt: skip
    sketch.layout |= {
        "xaxis": {"title": {"text": "minutes of the meeting"}, "rangemode": "tozero"},
        "yaxis": {"title": {"text": "safety (0 to 100)"}, "range": [-12, 104]},
        "margin": {"r": 130},
    }
    alt = f"{title}. Lines of safety over the meeting: {' '.join(told)}"
    return finish(
        sketch.figure(),
        title=title,
        subtitle="▲ something brought up was turned   ▼ a move or its absence closed people",
        alt=alt,
        height=380,
    )


def _claim(result: MeetingResult) -> str:
    change = result.safety.iloc[-1] - result.safety.iloc[0]
    name = change.abs().idxmax()
    count = len(result.surfaced) + len(result.hidden)
    way = "rose" if change[name] >= 0 else "fell"
    return (
        f"Safety of {name} {way} by {abs(change[name]):.0f} points; "
        f"{len(result.surfaced)} of {count} facts came out"
    )


def _spread(values: list[float], *, gap: float) -> list[float]:
    """Places for labels near their values, at least ``gap`` apart."""
    order = sorted(range(len(values)), key=lambda place: values[place])
    placed = list(values)
    for before, after in pairwise(order):
        placed[after] = max(placed[after], placed[before] + gap)
    # as far below the values as above them
    shift = sum(placed) / len(placed) - sum(values) / len(values)
    return [place - shift for place in placed]
