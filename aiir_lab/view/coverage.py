"""The NIST AI RMF at one look: each subcategory a cell, what incident and plan touch, what is a gap."""

from __future__ import annotations

import plotly.graph_objects as go

from aiir_lab.records.errors import AiirError
from aiir_lab.review.coverage import STATES, RmfCoverage
from aiir_lab.view.theme import BLUE, GREEN, SKY, VERMILLION, finish, text_colour_on, wrapped

_EMPTY = "#BDBDBD"
_CELLS = ((GREEN, "I+P"), (BLUE, "I"), (SKY, "P"), (VERMILLION, "gap"), (_EMPTY, ""))
_LOOKS = dict(zip(STATES, _CELLS, strict=True))


def draw_rmf_coverage(coverage: RmfCoverage) -> go.Figure:
    """Draw which subcategories are touched, one row for each category.

    Parameters
    ----------
    coverage : RmfCoverage
        From :func:`aiir_lab.rmf_coverage`.

    Returns
    -------
    plotly.graph_objects.Figure
        Rows are the 19 categories, columns the number within; letters say the state too: I incident, P plan.

    Raises
    ------
    AiirError
        Not a coverage.

    Examples
    --------
    >>> from aiir_lab.review import rmf_coverage
    >>> draw_rmf_coverage(rmf_coverage(incident=["MANAGE 2.4"])).layout.meta["alt"][:38]
    'NIST AI RMF: incident only MANAGE 2.4.'
    """
    if not isinstance(coverage, RmfCoverage):
        raise AiirError(
            f"draw_rmf_coverage: expected an RmfCoverage, got {type(coverage).__name__}. "
            "Make one: lab.rmf_coverage(incident=[...], plan=[...])."
        )
    frame = coverage.to_frame()
    categories = list(dict.fromkeys(frame["category"]))
    width = max(int(str(id).rsplit(".", 1)[1]) for id in frame.index)
    z: list[list[int | None]] = [[None] * width for _ in categories]
    hover = [[""] * width for _ in categories]
    fig = go.Figure()
    for id, state, category, text in zip(
        frame.index, frame["state"], frame["category"], frame["description"], strict=True
    ):
        row, column = categories.index(category), int(str(id).rsplit(".", 1)[1]) - 1
        z[row][column] = STATES.index(state)
        hover[row][column] = f"<b>{id}</b>: {state}<br>{wrapped(text, 60)}"
        colour, letters = _LOOKS[state]
        if letters:
            fig.add_annotation(
                x=column + 1,
                y=category,
                text=letters,
                showarrow=False,
                font={"color": text_colour_on(colour)},
            )
    fig.add_trace(
        go.Heatmap(
            x=list(range(1, width + 1)),
            y=categories,
            z=z,
            customdata=hover,
            hovertemplate="%{customdata}<extra></extra>",
            hoverongaps=False,
            colorscale=_steps(),
            zmin=-0.5,
            zmax=len(STATES) - 0.5,
            showscale=False,
            xgap=3,
            ygap=3,
        )
    )
    fig.update_xaxes(title_text="number within the category", side="top", dtick=1, showgrid=False)
    fig.update_yaxes(autorange="reversed", showgrid=False)
    touched = len(set(coverage.incident) | set(coverage.plan))
    return finish(
        fig,
        title=f"{touched} of 72 subcategories are touched; {len(coverage.gaps)} core ones are gaps",
        subtitle="I: shown weak by the incident. P: answered by the plan. gap: core, and neither of the two.",
        alt=_alt(coverage),
        height=25 * len(categories) + 60,
        extra_top=40,
    )


def _steps() -> list[tuple[float, str]]:
    colours = [_LOOKS[state][0] for state in STATES]
    return [(edge / len(colours), colour) for i, colour in enumerate(colours) for edge in (i, i + 1)]


def _alt(coverage: RmfCoverage) -> str:
    states = coverage.to_frame()["state"]
    ids = {state: ", ".join(states.index[states == state]) for state in STATES[:4]}
    return "NIST AI RMF: " + " ".join(f"{state} {named}." for state, named in ids.items() if named)
