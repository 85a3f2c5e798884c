"""Interview practice seen: strengths and gaps by competency, and progress over weeks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from aiir_lab.catalog.interview import Competency, Dimension
from aiir_lab.interview.history import History, open_history
from aiir_lab.view.theme import BLUE, GREY, ORANGE, blank_figure, finish, text_colour_on

if TYPE_CHECKING:
    import pandas as pd

_EMPTY = "Answer a practice question first: lab.practise(), or aiir interview in a terminal."

# Light to dark of one hue: order is told by lightness, and by the number in each cell.
_STEPS = ("#cfe4f2", "#8fc1e0", "#3d8fc4", "#004f7c")


def draw_strengths(history: History | str | Path | None = None) -> go.Figure:
    """Draw how each competency is answered, dimension by dimension.

    Of each question only the latest answer counts, so that what was mended no longer shows.

    Parameters
    ----------
    history : History, str or Path, optional
        The history of practice; by default that of the workspace.

    Returns
    -------
    plotly.graph_objects.Figure
        Rows are competencies, columns the dimensions; each cell holds the mean score, 1 to 4. A competency
        that was not practised stays empty.

    Examples
    --------
    >>> import tempfile
    >>> figure = draw_strengths(Path(tempfile.mkdtemp()) / "h.jsonl")
    >>> figure.layout.meta["alt"][:27]
    'Nothing was practised yet. '
    """
    latest = _latest(open_history(history))
    if latest.empty:
        return blank_figure(_EMPTY, title="Nothing was practised yet")
    dimensions = [dimension.value for dimension in Dimension]
    means = latest.groupby("competency")[dimensions].mean()
    counts = latest.groupby("competency").size()
    rows = [str(competency) for competency in Competency]
    z = [
        [float(means.loc[row, column]) if row in means.index else None for column in dimensions]
        for row in rows
    ]
    labels = [f"{row.replace('_', ' ')} ({counts.get(row, 0)})" for row in rows]
    fig = go.Figure(
        go.Heatmap(
            x=dimensions,
            y=labels,
            z=z,
            zmin=1,
            zmax=4,
            colorscale=[(place / 3, colour) for place, colour in enumerate(_STEPS)],
            showscale=False,
            xgap=3,
            ygap=3,
            hoverongaps=False,
            hovertemplate="%{y}<br>%{x}: %{z:.1f} of 4<extra></extra>",
        )
    )
    for label, values in zip(labels, z, strict=True):
        for column, value in zip(dimensions, values, strict=True):
            if value is not None:
                step = _STEPS[min(int((value - 1) / 3 * len(_STEPS)), len(_STEPS) - 1)]
                fig.add_annotation(
                    x=column,
                    y=label,
                    text=f"{value:.1f}",
                    showarrow=False,
                    font={"color": text_colour_on(step)},
                )
    fig.update_xaxes(side="top", showgrid=False)
    fig.update_yaxes(autorange="reversed", showgrid=False)
    overall = latest[dimensions].mean()
    weakest = str(overall.idxmin())
    missing = [row.replace("_", " ") for row in rows if row not in means.index]
    gaps = f"Not practised yet: {', '.join(missing)}." if missing else "Every competency was practised."
    told = "; ".join(
        f"{row.replace('_', ' ')} {', '.join(f'{c} {means.loc[row, c]:.1f}' for c in dimensions)}"
        for row in means.index
    )
    return finish(
        fig,
        title=f"The most to gain is in {weakest}: {overall[weakest]:.1f} of 4",
        subtitle="Mean of the latest answer to each question, 1 to 4; in brackets the number of questions.",
        alt=f"Mean scores by competency and dimension: {told}. {gaps}",
        height=26 * len(rows) + 40,
        extra_top=24,
    )


def draw_progress(history: History | str | Path | None = None) -> go.Figure:
    """Draw how the scores went, week by week.

    Parameters
    ----------
    history : History, str or Path, optional
        The history of practice; by default that of the workspace.

    Returns
    -------
    plotly.graph_objects.Figure
        Each answer as a point (a diamond in a mock interview), the median of each week as a line.

    Examples
    --------
    >>> import tempfile
    >>> figure = draw_progress(Path(tempfile.mkdtemp()) / "h.jsonl")
    >>> len(figure.data)
    0
    """
    import pandas as pd

    frame = open_history(history).to_frame()
    if frame.empty:
        return blank_figure(_EMPTY, title="Nothing was practised yet")
    frame["mean"] = 1 + 3 * frame["score"]
    monday = frame["at_utc"].dt.normalize() - pd.to_timedelta(frame["at_utc"].dt.day_of_week, unit="D")
    weeks = frame.groupby(monday)["mean"].agg(["median", "size"])
    fig = go.Figure()
    for name, is_mock, symbol, colour in (
        ("an answer", False, "circle", GREY),
        ("in a mock interview", True, "diamond", ORANGE),
    ):
        chosen = frame[(frame["mock"] != "") == is_mock]
        if len(chosen):
            fig.add_trace(
                go.Scatter(
                    x=chosen["at_utc"],
                    y=chosen["mean"],
                    mode="markers",
                    name=name,
                    marker={"symbol": symbol, "color": colour, "size": 8, "opacity": 0.7},
                    customdata=chosen[["question"]],
                    hovertemplate="%{customdata[0]}<br>%{y:.1f} of 4<extra></extra>",
                )
            )
    fig.add_trace(
        go.Scatter(
            # in the middle of its week, where its points are
            x=weeks.index + pd.Timedelta(days=3, hours=12),
            y=weeks["median"],
            mode="lines+markers",
            name="median of the week",
            line={"color": BLUE, "width": 3},
            customdata=weeks[["size"]],
            hovertemplate="%{customdata[0]} answers, median %{y:.1f} of 4<extra></extra>",
        )
    )
    fig.update_yaxes(title="mean score of an answer, 1 to 4", range=[0.9, 4.1], dtick=1)
    fig.update_xaxes(title="day (UTC)")
    fig.update_layout(legend={"y": -0.32})
    first, last = float(weeks["median"].iloc[0]), float(weeks["median"].iloc[-1])
    span = "In one week" if len(weeks) == 1 else f"From the first to the latest of {len(weeks)} weeks"
    claim = (
        f"The median is {last:.1f} of 4, over {len(frame)} answer{'' if len(frame) == 1 else 's'}"
        if len(weeks) == 1
        else f"The weekly median went from {first:.1f} to {last:.1f} of 4"
    )
    return finish(
        fig,
        title=claim,
        alt=f"{span}: {'; '.join(f'{day:%Y-%m-%d} {value:.1f}' for day, value in weeks['median'].items())}.",
        height=330,
    )


def _latest(history: History) -> pd.DataFrame:
    """The latest scored answer to each question that is still in the bank."""
    frame = history.to_frame()
    return frame[frame["competency"] != ""].sort_values("at_utc").drop_duplicates("question", keep="last")
