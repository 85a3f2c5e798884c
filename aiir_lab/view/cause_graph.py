"""A cause graph as layers: what lies behind what, and where one condition feeds several others."""

from __future__ import annotations

import plotly.graph_objects as go

from aiir_lab.records.causes import Cause, CauseGraph
from aiir_lab.records.errors import AiirError
from aiir_lab.view.fishbone import name_of
from aiir_lab.view.sketch import Sketch
from aiir_lab.view.theme import GREY, INK, STRAND_COLOURS, blank_figure, finish, text_colour_on, wrapped

_WIDTH_CHARS = 26
_ROW_PX = 92


def draw_causes(graph: CauseGraph, *, title: str | None = None) -> go.Figure:
    """Draw a cause graph: the problem on the right, each cause left of all that it led to.

    Parameters
    ----------
    graph : CauseGraph
    title : str, optional
        The claim of the figure. Default: how many causes lie behind several others.

    Returns
    -------
    plotly.graph_objects.Figure

    Raises
    ------
    AiirError
        `graph` is no CauseGraph.

    Examples
    --------
    >>> graph = CauseGraph.from_whys("Labels were wrong", ["The test set was old", "Nobody owns it"])
    >>> draw_causes(graph).layout.title.text
    '<b>2 causes, 1 of them at the end of a branch</b>'
    """
    if not isinstance(graph, CauseGraph):
        raise AiirError(f"draw_causes: expected a CauseGraph, got {type(graph).__name__}.")
    title = title or _claim(graph)
    if not graph.causes:
        return blank_figure("No cause is written yet.", title=title)
    layers = _layers(graph)
    rows = max(len(layer) for layer in layers)
    place = {"problem": (float(len(layers)), 0.0)}
    for depth, layer in enumerate(layers, start=1):
        for number, cause in enumerate(layer):
            place[cause.id] = (float(len(layers) - depth), (len(layer) - 1) / 2 - number)
    sketch = Sketch()
    for cause in graph.causes:
        for effect in cause.leads_to:
            _arrow(sketch, place[cause.id], place[effect])
    for cause in graph.causes:
        _box(sketch, place[cause.id], cause.text, STRAND_COLOURS[cause.strand])
    _box(sketch, place["problem"], graph.problem, GREY)
    sketch.layout |= {
        "xaxis": {"visible": False, "range": [-0.5, len(layers) + 0.5], "fixedrange": True},
        "yaxis": {"visible": False, "range": [-rows / 2 - 0.1, rows / 2 + 0.1], "fixedrange": True},
        "margin": {"l": 6, "r": 6, "b": 10},
    }
    alt = _describe(graph, title)
    return finish(sketch.figure(), title=title, alt=alt, height=max(150, _ROW_PX * rows))


def _layers(graph: CauseGraph) -> list[list[Cause]]:
    """Causes by their longest way to the problem, so that every arrow points to the right."""
    depth = {"problem": 0}
    waiting = list(graph.causes)
    while waiting:  # a record has no circle, so each round places at least one
        ready = [cause for cause in waiting if all(effect in depth for effect in cause.leads_to)]
        for cause in ready:
            depth[cause.id] = 1 + max(depth[effect] for effect in cause.leads_to)
        waiting = [cause for cause in waiting if cause.id not in depth]
    layers: list[list[Cause]] = [[] for _ in range(max(depth.values()))]
    for cause in graph.causes:
        layers[depth[cause.id] - 1].append(cause)
    return layers


def _arrow(sketch: Sketch, tail: tuple[float, float], head: tuple[float, float]) -> None:
    # from box to box; the boxes, drawn later, cover what lies below them
    sketch.arrow((tail[0] + 0.3, tail[1]), (head[0] - 0.34, head[1]), arrowwidth=1.5, arrowcolor=INK)


def _box(sketch: Sketch, at: tuple[float, float], text: str, colour: str) -> None:
    font = {"size": 11, "color": text_colour_on(colour)}
    sketch.write(
        *at, wrapped(text, _WIDTH_CHARS, max_lines=4), bgcolor=colour, bordercolor=INK, borderpad=4, font=font
    )


def _claim(graph: CauseGraph) -> str:
    count, ends = len(graph.causes), len(graph.root_causes())
    joined = sum(len(cause.leads_to) > 1 for cause in graph.causes)
    named = f"{count} cause{'' if count == 1 else 's'}, {ends} of them at the end of a branch"
    return f"{named}, {joined} behind several others" if joined else named


def _describe(graph: CauseGraph, title: str) -> str:
    texts = {"problem": "the problem"} | {cause.id: f"“{cause.text}”" for cause in graph.causes}
    lines = [f"{title}. Problem: {graph.problem}."]
    for cause in graph.causes:
        strand = f" ({name_of(cause.strand)})" if cause.strand else ""
        lines.append(
            f"“{cause.text}”{strand} leads to {' and '.join(texts[effect] for effect in cause.leads_to)}."
        )
    return " ".join(lines)
