"""One figure for a table that a responder looks at, chosen by what the table holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from aiir_lab.view.theme import PALETTE, finish, plain

if TYPE_CHECKING:
    import pandas as pd

MOST_KINDS = 6
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")


def draw_evidence(table: pd.DataFrame, *, title: str) -> go.Figure | None:
    """Draw a table of evidence the way a responder would look at it first.

    Parameters
    ----------
    table : DataFrame
        As a session's query returns it.
    title : str
        What it is.

    Returns
    -------
    plotly.graph_objects.Figure or None
        Rates over time where each row is a time; else rows per day, by kind where there are few kinds; else
        the last two numeric columns against each other. None where the table holds nothing of that.

    Examples
    --------
    >>> import pandas as pd
    >>> days = pd.date_range("2026-03-02", periods=4, tz="UTC")
    >>> figure = draw_evidence(pd.DataFrame({"shown_utc": days, "rate": [0.1, 0.1, 0.2, 0.4]}), title="Board")
    >>> [trace.name for trace in figure.data]
    ['rate']
    """
    times = list(table.select_dtypes("datetimetz").columns)
    numbers = [name for name in table.select_dtypes("number").columns if not name.endswith("_id")]
    rates = [name for name in numbers if str(table[name].dtype).startswith("float")]
    if times and rates and len(table) > 2 and table[times[0]].is_unique and len(table) < 1_000:
        return _draw_rates(table, times[0], rates, title)
    if times and len(table):
        return _draw_counts(table, times[0], title)
    if len(numbers) >= 2 and len(table):
        return _draw_pairs(table, numbers[-2], numbers[-1], title)
    return None


def _draw_rates(table: pd.DataFrame, time: str, names: list[str], title: str) -> go.Figure:
    # shares and amounts on one axis hide each other: keep those that are rates, if there are any
    shares = [name for name in names if table[name].abs().max() <= 1.0]
    figure = go.Figure()
    for number, name in enumerate((shares or names)[:MOST_KINDS]):
        line = {"color": PALETTE[number % len(PALETTE)], "dash": _DASHES[number]}
        figure.add_scatter(x=table[time], y=table[name], name=plain(name), mode="lines", line=line)
    figure.update_layout(yaxis_title="rate, 0 to 1" if shares else "", xaxis_title="UTC")
    return _done(figure, title, f"{', '.join((shares or names)[:MOST_KINDS])} over time")


def _draw_counts(table: pd.DataFrame, time: str, title: str) -> go.Figure:
    day = table[time].dt.floor("D")
    texts = [name for name in table.columns if 2 <= table[name].astype(str).nunique() <= MOST_KINDS]
    kinds = [name for name in texts if table[name].dtype.kind not in "fM"]
    figure = go.Figure(layout={"barmode": "stack"})
    if kinds:
        counts = table.groupby([day, table[kinds[0]].astype(str)]).size().unstack(fill_value=0)
        for number, name in enumerate(counts.columns):
            figure.add_bar(
                x=counts.index,
                y=counts[name],
                name=plain(str(name)),
                marker={"color": PALETTE[number % len(PALETTE)], "pattern": {"shape": "/.x-+|"[number]}},
            )
    else:
        total = table.groupby(day).size()
        figure.add_bar(x=total.index, y=total.to_numpy(), name="rows")
    figure.update_layout(yaxis_title="rows a day", xaxis_title="UTC")
    return _done(figure, title, f"rows a day{f' by {kinds[0]}' if kinds else ''}")


def _draw_pairs(table: pd.DataFrame, across: str, up: str, title: str) -> go.Figure:
    names = table.select_dtypes(exclude="number").astype(str).agg(", ".join, axis=1)
    figure = go.Figure()
    figure.add_scatter(
        x=table[across],
        y=table[up],
        mode="markers",
        text=[plain(name) for name in names],
        marker={"size": 9, "color": PALETTE[0], "opacity": 0.7},
        hovertemplate="%{text}<br>%{x}, %{y}<extra></extra>",
    )
    figure.update_layout(xaxis_title=across, yaxis_title=up)
    return _done(figure, title, f"{up} against {across}, one point a row")


def _done(figure: go.Figure, title: str, what: str) -> go.Figure:
    return finish(figure, title=f"{title}: {what}", alt=f"{title}: {what}.", height=250)
