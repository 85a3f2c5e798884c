"""The incident timeline: one lane for each kind of timeline event, numbered, on a UTC axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import plotly.graph_objects as go

from aiir_lab.records.errors import AiirError
from aiir_lab.records.postmortem import Postmortem
from aiir_lab.records.timeline import ClockMark, EventKind, Precision, Timeline, TimelineEvent
from aiir_lab.view.sketch import Sketch
from aiir_lab.view.theme import (
    GREY,
    INK,
    KIND_COLOURS,
    SHADE,
    blank_figure,
    finish,
    plain,
    text_colour_on,
    wrap,
    wrapped,
)
from aiir_lab.view.timescale import Timescale, fit_timescale, middle_of, say_span, span_of

# Labels are laid out for a plot of this width; a wider one only leaves more room.
_PLOT_PX = 640
_CHAR_PX = 6.1
_LABEL_CHARS = 34
_ROW_PX = 42
_MARKER_PX = 22


@dataclass(frozen=True)
class _Placed:
    number: int
    event: TimelineEvent
    x_share: float
    row: int
    is_left: bool
    label: str


def draw_timeline(
    record: Postmortem | Timeline, *, title: str | None = None, only: Sequence[int] | None = None
) -> go.Figure:
    """Draw timeline events by kind on a UTC time axis, with the clock marks as vertical lines.

    Numbers are the positions in ``timeline.events``, from 1. An event known only to the day, month or year
    is a bar over that time. Long quiet gaps are folded and named. Events without a time stand below.

    Parameters
    ----------
    record : Postmortem or Timeline
        What to draw; an empty timeline gives a figure that says so.
    title : str, optional
        The claim of the figure. Default: how long detection and mitigation took, or that it is not known.

    only : list of int, optional
        Numbers of the events to draw, where all of them would be too many. They keep their numbers.

    Returns
    -------
    plotly.graph_objects.Figure

    Examples
    --------
    >>> timeline = Timeline(events=[
    ...     {"at_utc": "2026-03-02T09:00Z", "text": "First wrong label", "marks": ["onset"]},
    ...     {"at_utc": "2026-03-02T09:12Z", "text": "On-call sees it", "marks": ["detected"]}])
    >>> draw_timeline(timeline).layout.title.text
    '<b>Detected 12 min after onset; no time of mitigation is given</b>'
    """
    timeline = timeline_of(record)
    title = title or _claim(record, timeline)
    events = [(n, event) for n, event in enumerate(timeline.events, 1) if only is None or n in only]
    timed = [(number, event) for number, event in events if event.at_utc]
    untimed = [(number, event) for number, event in events if not event.at_utc]
    if not timed:
        note = _untimed_note(untimed) if untimed else "The timeline has no events yet."
        return blank_figure(note, title=title)
    scale = fit_timescale([event for _, event in timed])
    lanes = _pack(timed, scale)
    sketch = Sketch()
    rows = _draw_lanes(sketch, lanes, scale)
    levels = _draw_marks(sketch, [event for _, event in timed], scale)
    _draw_folds(sketch, scale)
    ticks = scale.ticks()
    below = wrap(_untimed_note(untimed), 125, max_lines=5) if untimed else []
    if below:
        sketch.write(
            0, 0, "<br>".join(below), xref="paper", yref="paper", yshift=-82, xanchor="left", yanchor="top",
            align="left", font={"size": 11},
        )  # fmt: skip
    bottom = 86 + 16 * len(below)
    sketch.layout["margin"] = {"b": bottom}
    sketch.layout["xaxis"] = {
        "type": "date",
        "range": [_stamp(scale.start), _stamp(scale.end)],
        "title": {
            "standoff": 26,
            "text": "Time (UTC)" + ("; dotted lines: quiet time left out" if scale.folds else ""),
        },
        "rangebreaks": [{"bounds": [_stamp(fold.start), _stamp(fold.end)]} for fold in scale.folds],
        "tickmode": "array",
        "tickvals": [_stamp(at) for at, _ in ticks],
        "ticktext": [label for _, label in ticks],
        "tickangle": 0,
    }
    return finish(
        sketch.figure(),
        title=title,
        alt=_describe(title, events),
        height=rows * _ROW_PX + bottom,
        extra_top=10 + 16 * levels,
    )


def timeline_of(record: Postmortem | Timeline) -> Timeline:
    """The timeline of a post-mortem, or the timeline itself."""
    if isinstance(record, Postmortem):
        return record.timeline
    if isinstance(record, Timeline):
        return record
    raise AiirError(
        f"A timeline is drawn from a Postmortem or a Timeline, got {type(record).__name__}. "
        "Load one with lab.load_postmortem('...') or read one with lab.read_postmortem(path)."
    )


def _pack(timed: Sequence[tuple[int, TimelineEvent]], scale: Timescale) -> dict[EventKind, list[_Placed]]:
    """Give each event a row of its lane in which neither its marker nor its label meets another."""
    lanes: dict[EventKind, list[_Placed]] = {}
    for kind in EventKind:
        taken: list[list[tuple[float, float]]] = []
        placed = []
        for number, event in sorted(timed, key=lambda item: (middle_of(item[1]), item[0])):
            if event.kind is not kind:
                continue
            share = scale.place(middle_of(event))
            lines = wrap(event.text, _LABEL_CHARS, max_lines=2)
            # entities count as one character on screen; the estimate may be a little wide
            width = max(len(line) for line in lines) * _CHAR_PX + _MARKER_PX
            x = share * _PLOT_PX
            is_left = x + width > _PLOT_PX and x - width > 0
            low, high = (x - width, x + _MARKER_PX) if is_left else (x - _MARKER_PX, x + width)
            free = (n for n, spans in enumerate(taken) if all(high < a or low > b for a, b in spans))
            row = next(free, len(taken))
            if row == len(taken):
                taken.append([])
            taken[row].append((low, high))
            placed.append(_Placed(number, event, share, row, is_left, "<br>".join(lines)))
        if placed:
            lanes[kind] = placed
    return lanes


def _draw_lanes(sketch: Sketch, lanes: dict[EventKind, list[_Placed]], scale: Timescale) -> int:
    """Markers, bars and labels lane by lane; returns how many rows there are."""
    top = 0
    ticks: list[tuple[float, str]] = []
    for stripe, (kind, placed) in enumerate(lanes.items()):
        height = 1 + max(item.row for item in placed)
        colour = KIND_COLOURS[kind]
        if stripe % 2 == 0:
            sketch.shape(
                "rect", (0, 1), (top - 0.5, top + height - 0.5), xref="paper", layer="below",
                fillcolor=SHADE, line={"width": 0},
            )  # fmt: skip
        ticks.append((top + (height - 1) / 2, kind.value.capitalize()))
        for item in placed:
            _draw_bar_and_label(sketch, item, top + item.row, colour, scale)
        sketch.trace(
            name=kind.value,
            x=[_stamp(middle_of(item.event)) for item in placed],
            y=[top + item.row for item in placed],
            mode="markers+text",
            text=[str(item.number) for item in placed],
            textfont={"color": text_colour_on(colour), "size": 11},
            marker={"color": colour, "size": _MARKER_PX, "line": {"color": INK, "width": 1}},
            hovertext=[_hover(item.number, item.event) for item in placed],
            hoverinfo="text",
            cliponaxis=False,
        )
        top += height
    sketch.layout["yaxis"] = {
        "range": [top - 0.5, -0.5],
        "tickmode": "array",
        "tickvals": [value for value, _ in ticks],
        "ticktext": [text for _, text in ticks],
        "showgrid": False,
        "fixedrange": True,
    }
    return top


def _draw_bar_and_label(sketch: Sketch, item: _Placed, y: float, colour: str, scale: Timescale) -> None:
    start, end = span_of(item.event)
    if end > start:
        start, end = scale.clip(start, end)
        sketch.shape(
            "line", (_stamp(start), _stamp(end)), (y + 0.42, y + 0.42), layer="below", opacity=0.6,
            line={"color": colour, "width": 4},
        )  # fmt: skip
    side = "right" if item.is_left else "left"
    sketch.write(
        _stamp(middle_of(item.event)), y, item.label, xanchor=side, align=side, font={"size": 11},
        xshift=-14 if item.is_left else 14,
    )  # fmt: skip


def _draw_marks(sketch: Sketch, events: Sequence[TimelineEvent], scale: Timescale) -> int:
    """Vertical lines for the clock marks; names above the plot, stacked where they would meet."""
    levels: list[float] = []
    for event in sorted((event for event in events if event.marks), key=middle_of):
        names = ", ".join(mark.value for mark in event.marks)
        if not event.precision.is_clock_time:
            names += f" (to the {event.precision.value})"
        x = scale.place(middle_of(event)) * _PLOT_PX
        width = len(names) * _CHAR_PX
        is_left = x + width > _PLOT_PX
        start = x - width if is_left else x
        level = next((row for row, end in enumerate(levels) if end < start), len(levels))
        if level == len(levels):
            levels.append(0)
        levels[level] = start + width + 8
        at = _stamp(middle_of(event))
        sketch.shape(
            "line", (at, at), (0, 1), yref="paper", layer="below", opacity=0.6,
            line={"color": INK, "width": 1.2, "dash": "dash"},
        )  # fmt: skip
        sketch.write(
            at, 1, f"<b>{names}</b>", yref="paper", yanchor="bottom", yshift=2 + 15 * level,
            xanchor="right" if is_left else "left", xshift=3 if is_left else -3, font={"size": 11},
        )  # fmt: skip
    return len(levels)


def _draw_folds(sketch: Sketch, scale: Timescale) -> None:
    last, level = -1.0, 0
    for fold in scale.folds:
        place = scale.place(fold.start)
        level = 1 - level if place - last < 0.16 else 0
        last = place
        at = _stamp(fold.start)
        sketch.shape(
            "line", (at, at), (0, 1), yref="paper", line={"color": GREY, "width": 1.2, "dash": "dot"}
        )
        sketch.write(
            at,
            0,
            f"⋯ {fold.label} ⋯",
            yref="paper",
            yanchor="top",
            yshift=-33 - 13 * level,
            font={"size": 10},
        )


def _stamp(at: datetime) -> str:
    # plotly's date axes know no zones: they show what they are given, and that is UTC
    return at.replace(tzinfo=None).isoformat(sep=" ", timespec="milliseconds")


def say_when(event: TimelineEvent) -> str:
    """The time of an event with no more precision than its source has."""
    if event.at_utc is None:
        return event.when_text or "time unknown"
    pattern = {
        Precision.SECOND: "%Y-%m-%d %H:%M:%S UTC",
        Precision.MINUTE: "%Y-%m-%d %H:%M UTC",
        Precision.HOUR: "%Y-%m-%d about %H:%M UTC",
        Precision.DAY: "%Y-%m-%d",
        Precision.MONTH: "%Y-%m",
        Precision.YEAR: "%Y",
    }[event.precision]
    return event.at_utc.strftime(pattern)


def _hover(number: int, event: TimelineEvent) -> str:
    lines = [f"<b>{number}. {plain(say_when(event))}</b> ({event.kind.value})", wrapped(event.text, 60)]
    if event.marks:
        lines.append("Clock mark: " + ", ".join(mark.value for mark in event.marks))
    if event.actor:
        lines.append("Who: " + wrapped(event.actor, 55))
    if event.sources:
        lines.append("Source: " + wrapped(", ".join(event.sources), 55) + f" ({event.confidence.value})")
    return "<br>".join(lines)


def _untimed_note(untimed: Sequence[tuple[int, TimelineEvent]]) -> str:
    items = [f"{number}: {event.text}" for number, event in untimed]
    return "Not on the axis, no time is given — " + " · ".join(items)


def _claim(record: Postmortem | Timeline, timeline: Timeline) -> str:
    if not timeline.events:
        return "Nothing is known about the course of events yet"
    parts: list[str] = []
    missing: list[str] = []
    coarse = ""
    for verb, noun, name in (
        ("detected", "detection", "time_to_detect"),
        ("mitigated", "mitigation", "time_to_mitigate"),
    ):
        duration = timeline.duration(name)
        if duration.missing or duration.high_min is None:
            missing += ["onset" if mark is ClockMark.ONSET else noun for mark in duration.missing]
            continue
        if duration.high_min < 0:
            parts.append(f"{verb} before onset, by the times given")
        elif duration.minutes is None or duration.minutes < 1:
            parts.append(f"{verb} within {say_span(timedelta(minutes=duration.high_min))} of onset")
        else:
            parts.append(f"{verb} {say_span(timedelta(minutes=duration.minutes))} after onset")
        if not duration.precision.is_clock_time:
            coarse = f" (times known to the {duration.precision.value})"
    if missing:
        parts.append(f"no time of {' or '.join(dict.fromkeys(missing))} is given")
    claim = "; ".join(parts) + coarse
    return claim[0].upper() + claim[1:]


def _describe(title: str, numbered: Sequence[tuple[int, TimelineEvent]]) -> str:
    events = sorted(numbered, key=lambda item: (item[1].at_utc is None, item[1].at_utc or 0, item[0]))
    told = "; ".join(
        f"{number}, {say_when(event)}, {event.kind.value}"
        + (f" ({', '.join(event.marks)})" if event.marks else "")
        + f": {event.text}"
        for number, event in events
    )
    return f"Timeline. {title}. {len(events)} events in time order: {told}"
