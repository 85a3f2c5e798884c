"""How the questions of a lesson worked in a class, as figures."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from aiir_lab.view.theme import BLUE, GREY, INK, ORANGE, blank_figure, finish, plain


def draw_items(items: pd.DataFrame, *, title: str | None = None) -> go.Figure:
    """Draw each question's mean share of points and how well it separates strong from weak work.

    Parameters
    ----------
    items : DataFrame
        ``question``, ``mean_share``, ``attempted_share``, ``discrimination``, ``discrimination_low``,
        ``discrimination_high``; shares and correlations as numbers, missing where unknown.
    title : str, optional
        The claim of the figure; by default which question was the hardest.
    """
    if items.empty:
        return blank_figure("No submission is graded yet.", title=title or "Nothing to count yet")
    title = title or _claim(items)
    names = [plain(str(name)) for name in items["question"]][::-1]
    rows = items.iloc[::-1]
    fig = make_subplots(
        rows=1, cols=2, shared_yaxes=True, horizontal_spacing=0.06,
        subplot_titles=("Share of the points", "Correlation with the rest of the lesson"),
    )  # fmt: skip
    fig.update_annotations(font={"size": 13, "color": INK})
    fig.add_bar(
        y=names, x=rows["mean_share"], orientation="h", name="points earned, mean", marker_color=BLUE,
        row=1, col=1,
    )  # fmt: skip
    fig.add_scatter(
        y=names, x=rows["attempted_share"], mode="markers", name="attempted by",
        marker={"symbol": "line-ns-open", "size": 18, "color": ORANGE, "line": {"width": 3}}, row=1, col=1,
    )  # fmt: skip
    known = rows["discrimination"].notna().to_list()
    fig.add_scatter(
        y=[name for name, is_known in zip(names, known, strict=True) if is_known],
        x=rows["discrimination"].dropna(),
        error_x={
            "type": "data",
            "symmetric": False,
            "array": (rows["discrimination_high"] - rows["discrimination"]).dropna(),
            "arrayminus": (rows["discrimination"] - rows["discrimination_low"]).dropna(),
            "color": GREY,
        },
        mode="markers", name="discrimination with its 95 % interval",
        marker={"symbol": "diamond", "size": 10, "color": BLUE}, row=1, col=2,
    )  # fmt: skip
    fig.update_xaxes(range=[0, 1.04], tickformat=".0%", row=1, col=1)
    fig.update_xaxes(range=[-1.05, 1.05], zeroline=True, zerolinecolor=GREY, row=1, col=2)
    fig.update_yaxes(categoryorder="array", categoryarray=names)
    fig.update_layout(bargap=0.45)
    alt = f"{title}. " + " ".join(
        f"{row.question}: {row.mean_share:.0%} of the points, attempted by {row.attempted_share:.0%}, "
        + (
            "discrimination unknown."
            if pd.isna(row.discrimination)
            else f"discrimination {row.discrimination:.2f}."
        )
        for row in items.itertuples()
    )
    return finish(fig, title=title, alt=alt, height=80 + 44 * len(items), extra_top=26)


def _claim(items: pd.DataFrame) -> str:
    tried = items[items["attempted_share"] > 0]
    if tried.empty:
        return "Nobody attempted a question yet"
    hardest = tried.loc[tried["mean_share"].idxmin()]
    return f"{hardest['question']} was the hardest: {hardest['mean_share']:.0%} of its points earned"


def draw_scores(scores: pd.DataFrame, *, points: float, title: str | None = None) -> go.Figure:
    """Draw how the scores of a lesson are spread.

    Parameters
    ----------
    scores : DataFrame
        ``score``: points of each student.
    points : float
        What could be earned.
    """
    if scores.empty:
        return blank_figure("No submission is graded yet.", title=title or "Nothing to count yet")
    median = float(scores["score"].median())
    title = title or f"Half of the class has {median:g} of {points:g} points or more"
    width = max(points, 1.0) / 10
    fig = go.Figure(
        go.Histogram(
            x=scores["score"], xbins={"start": 0, "end": points + width, "size": width}, marker_color=BLUE
        )
    )
    fig.add_vline(x=median, line={"color": ORANGE, "width": 3, "dash": "dash"}, annotation_text="median")
    fig.update_xaxes(title_text="points", range=[0, points + width])
    fig.update_yaxes(title_text="students")
    fig.update_layout(bargap=0.05, showlegend=False)
    low, high = scores["score"].min(), scores["score"].max()
    alt = f"{title}. {len(scores)} students, from {low:g} to {high:g}."
    return finish(fig, title=title, alt=alt, height=260)
