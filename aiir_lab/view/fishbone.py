"""The fishbone: a problem at the head, conditions along one bone for each strand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from aiir_lab.records.causes import Cause, CauseGraph, ContributingFactor, Strand
from aiir_lab.records.errors import AiirError
from aiir_lab.records.postmortem import Postmortem
from aiir_lab.view.sketch import Sketch
from aiir_lab.view.theme import GREY, INK, STRAND_COLOURS, blank_figure, finish, text_colour_on, wrap, wrapped

# x runs from 0 to 1000 over the width of the figure; y counts pixels from the spine.
_SPINE_END = 772
_SLANT = 46
_UNITS_PER_CHAR = 7.6  # at 11 px on a figure about 760 px wide
_LINE_PX = 15
_GAP_PX = 13


@dataclass(frozen=True)
class _Rib:
    lines: list[str]
    is_deeper: bool


def draw_fishbone(
    causes: CauseGraph | Postmortem | Sequence[ContributingFactor],
    *,
    problem: str | None = None,
    title: str | None = None,
) -> go.Figure:
    """Draw a fishbone: spine, a bone for each strand, one rib for each condition.

    Parameters
    ----------
    causes : CauseGraph, Postmortem, or list of ContributingFactor
        What to draw. Of a post-mortem: its contributing factors, or else its cause graph. A cause that
        leads to another cause, not to the problem itself, is marked with an arrow.
    problem : str, optional
        What stands at the head. Default: the problem of the graph, or the title of the post-mortem.
    title : str, optional
        The claim of the figure. Default: how many conditions lie on each strand.

    Returns
    -------
    plotly.graph_objects.Figure

    Examples
    --------
    >>> factors = [ContributingFactor(text="No slice was tested on its own", strand="process")]
    >>> draw_fishbone(factors, problem="Goods were mislabelled").layout.title.text
    '<b>1 condition came together: 1 process</b>'
    """
    graph = graph_of(causes, problem=problem)
    bones = {strand: graph.fishbone()[strand] for strand in (*Strand, None) if strand in graph.fishbone()}
    if not bones:
        return blank_figure("No contributing factor is named yet.", title=title or graph.problem)
    title = title or _claim(bones)
    above, below = _sides(bones)
    sketch = Sketch()
    top = _draw_side(sketch, above, bones, sign=1)
    bottom = _draw_side(sketch, below, bones, sign=-1)
    _draw_spine(sketch, graph.problem)
    head_px = (len(wrap(graph.problem, 20, max_lines=9)) * 16 + 24) / 2
    top, bottom = max(top, head_px), max(bottom, head_px)
    sketch.layout |= {
        "xaxis": {"visible": False, "range": [0, 1000], "fixedrange": True},
        "yaxis": {"visible": False, "range": [-bottom, top], "fixedrange": True},
        "margin": {"l": 6, "r": 6, "b": 10},
    }
    alt = _describe(title, graph, bones)
    return finish(sketch.figure(), title=title, alt=alt, height=round(top + bottom) + 10)


def graph_of(
    causes: CauseGraph | Postmortem | Sequence[ContributingFactor], *, problem: str | None = None
) -> CauseGraph:
    """One cause graph out of whatever holds causes."""
    if isinstance(causes, CauseGraph):
        return causes.model_copy(update={"problem": problem}) if problem else causes
    if isinstance(causes, Postmortem):
        if not causes.contributing_factors and causes.cause_graph:
            return graph_of(causes.cause_graph, problem=problem)
        return CauseGraph.from_factors(problem or causes.title, causes.contributing_factors)
    if isinstance(causes, Sequence) and all(isinstance(item, ContributingFactor) for item in causes):
        return CauseGraph.from_factors(problem or "The incident", causes)
    raise AiirError(
        "A fishbone is drawn from a CauseGraph, a Postmortem or a list of ContributingFactor, "
        f"got {type(causes).__name__}. Build one with CauseGraph.from_whys or CauseGraph.from_factors."
    )


def name_of(strand: Strand | None) -> str:
    """The word on a bone."""
    return strand.value.capitalize() if strand else "Not placed"


def _sides(
    bones: dict[Strand | None, list[Cause]],
) -> tuple[list[Strand | None], list[Strand | None]]:
    """Which bones go above and which below; the fullest one gets a side for itself."""
    order = list(bones)
    if len(order) == 1:
        return order, []
    if len(order) == 4:
        return order[::2], order[1::2]
    fullest = max(order, key=lambda strand: sum(len(cause.text) + 30 for cause in bones[strand]))
    rest = [strand for strand in order if strand is not fullest]
    return rest, [fullest]


def _draw_side(
    sketch: Sketch, strands: list[Strand | None], bones: dict[Strand | None, list[Cause]], *, sign: int
) -> float:
    """Bones of one side of the spine; returns its height in pixels."""
    if not strands:
        return 0
    slot = (_SPINE_END - 20) / len(strands)
    length = slot - _SLANT - 24
    chars = int(length / _UNITS_PER_CHAR)
    sides = {strand: [_rib(cause, chars) for cause in bones[strand]] for strand in strands}
    # bones of one side end at the same height: that is what makes it look like a fish
    height = max(sum(len(rib.lines) * _LINE_PX + _GAP_PX for rib in ribs) + 26 for ribs in sides.values())
    for number, (strand, ribs) in enumerate(sides.items()):
        base = 20 + slot * (number + 1)
        _draw_bone(sketch, strand, ribs, base=base, height=height, length=length, sign=sign)
    return height + 34


def _rib(cause: Cause, chars: int) -> _Rib:
    is_deeper = "problem" not in cause.leads_to
    return _Rib(wrap(("↳ " if is_deeper else "") + cause.text, chars, max_lines=4), is_deeper)


def _draw_bone(
    sketch: Sketch,
    strand: Strand | None,
    ribs: list[_Rib],
    *,
    base: float,
    height: float,
    length: float,
    sign: int,
) -> None:
    colour = STRAND_COLOURS[strand]
    xs: list[float | None] = [base, base - _SLANT]
    ys: list[float | None] = [0, sign * height]
    free = height - 26 - sum(len(rib.lines) * _LINE_PX + _GAP_PX for rib in ribs)
    spread = free / (len(ribs) + 1)
    reach = 12.0 + spread
    for rib in ribs:
        text_px = len(rib.lines) * _LINE_PX
        # the text stands on its rib, above and below the spine alike
        rib_y = reach if sign > 0 else -(reach + text_px)
        x_bone = base - _SLANT * abs(rib_y) / height
        xs += [None, x_bone, x_bone - length]
        ys += [None, rib_y, rib_y]
        sketch.write(
            x_bone - length, rib_y, "<br>".join(rib.lines), align="left", xanchor="left", yanchor="bottom",
            font={"size": 11},
        )  # fmt: skip
        reach += text_px + _GAP_PX + spread
    sketch.trace(
        name=name_of(strand), x=xs, y=ys, mode="lines", line={"color": colour, "width": 2}, hoverinfo="skip"
    )
    sketch.write(
        base - _SLANT, sign * height, f"<b>{name_of(strand)}</b>", bgcolor=colour, borderpad=5,
        yanchor="bottom" if sign > 0 else "top", font={"size": 12, "color": text_colour_on(colour)},
    )  # fmt: skip


def _draw_spine(sketch: Sketch, problem: str) -> None:
    sketch.arrow((8, 0), (_SPINE_END + 22, 0), arrowwidth=4, arrowsize=0.9, arrowcolor=GREY)
    sketch.write(
        _SPINE_END + 24, 0, f"<b>{wrapped(problem, 20, max_lines=9)}</b>", align="left", xanchor="left",
        bordercolor=INK, borderwidth=1.5, borderpad=7, font={"size": 12},
    )  # fmt: skip


def _claim(bones: dict[Strand | None, list[Cause]]) -> str:
    count = sum(map(len, bones.values()))
    split = ", ".join(f"{len(causes)} {name_of(strand).lower()}" for strand, causes in bones.items())
    return f"{count} condition{'s' if count > 1 else ''} came together: {split}"


def _describe(title: str, graph: CauseGraph, bones: dict[Strand | None, list[Cause]]) -> str:
    told = ". ".join(
        f"{name_of(strand)}: {'; '.join(cause.text for cause in causes)}" for strand, causes in bones.items()
    )
    return f"Fishbone of the problem: {graph.problem}. {title}. {told}"
