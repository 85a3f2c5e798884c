"""What controls and monitors are worth: harm with and without, who carries it, detection against noise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from aiir_lab.monitor import Evaluation
from aiir_lab.records.errors import AiirError
from aiir_lab.simulate import Run
from aiir_lab.view.sketch import Sketch
from aiir_lab.view.theme import (
    BLUE,
    GREEN,
    GREY,
    GRID,
    INK,
    PALETTE,
    VERMILLION,
    blank_figure,
    finish,
    plain,
    wrapped,
)

_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "star", "hexagon")
_LEGEND = {"orientation": "h", "x": 0, "y": -0.22, "yanchor": "top"}
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash")


def draw_harm(*runs: Run, labels: Sequence[str] = (), title: str | None = None) -> go.Figure:
    """Draw how harm adds up, for a run and its replays.

    Parameters
    ----------
    *runs : Run
        The run first, then replays of it with controls.
    labels : list of str, default the controls of each run
        What each line is called.
    title : str, optional
        The claim. Default: the harm of the best replay against the first run's.

    Returns
    -------
    plotly.graph_objects.Figure
        Cumulative harm in the world's unit over UTC time; the onset and the start of
        each control are marked.

    Raises
    ------
    AiirError
        When nothing is given, or the runs are not of the same world and seed.

    Examples
    --------
    >>> from aiir_lab.simulate import simulate
    >>> draw_harm(simulate("fraud_poisoning", seed=7)).layout.yaxis.title.text
    'harm so far (usd)'
    """
    _check_runs(runs)
    names = list(labels) or [_name_run(run) for run in runs]
    if len(names) != len(runs):
        raise AiirError(f"labels holds {len(names)} names for {len(runs)} runs. Expected one for each run.")
    unit, onset = runs[0].harm.unit, runs[0].reveal().onset_utc
    title = title or _claim_harm(runs, names)
    sketch, told = Sketch(), []
    for place, (run, name) in enumerate(zip(runs, names, strict=True)):
        harm = run.harm.cumulative
        colour = VERMILLION if place == 0 else PALETTE[(place - 1) % len(PALETTE)]
        sketch.trace(
            x=harm.index, y=harm, mode="lines", name=plain(name),
            line={"color": colour, "width": 2.5, "dash": _DASHES[place % len(_DASHES)]},
            hovertemplate=f"%{{x|%Y-%m-%d %H:%M}} UTC<br>%{{y:,.0f}} {plain(unit)}",
        )  # fmt: skip
        told.append(f"{name}: {run.harm.amount:,.0f} {unit}.")
    _mark(sketch, onset, "onset", 0)
    starts = {
        (at, control)
        for run in runs
        for control, at in run.active_controls.items()
        if at is not None and run.started_utc < at < run.ended_utc
    }
    for place, (at, control) in enumerate(sorted(starts)):
        _mark(sketch, at, control, place + 1)
    sketch.layout |= {
        "xaxis": {"title": {"text": "time (UTC)"}},
        "yaxis": {"title": {"text": f"harm so far ({plain(unit)})"}, "rangemode": "tozero"},
        "showlegend": len(runs) > 1,
        "legend": _LEGEND,
    }
    alt = f"{title}. Lines of harm so far over time; onset {onset:%Y-%m-%d %H:%M} UTC. {' '.join(told)}"
    return finish(sketch.figure(), title=title, alt=alt, height=360)


def draw_attribution(shares: pd.DataFrame, *, title: str | None = None) -> go.Figure:
    """Draw how the harm divides among contributing factors, as a waterfall.

    Parameters
    ----------
    shares : DataFrame
        From ``attribute(run)``: factor, shapley_harm, share, and the totals in ``attrs``.
    title : str, optional
        The claim. Default: the share of the largest factor.

    Returns
    -------
    plotly.graph_objects.Figure
        From the harm that is left without any of the factors, one step for each, to the
        harm with all of them.

    Raises
    ------
    AiirError
        When it is not such a table.

    Examples
    --------
    >>> shares = pd.DataFrame({"factor": ["open_door"], "shapley_harm": [80.0], "share": [1.0]})
    >>> draw_attribution(shares).layout.title.text
    '<b>open_door carries 100% of the harm that these factors explain</b>'
    """
    missing = [c for c in ("factor", "shapley_harm", "share") if c not in getattr(shares, "columns", ())]
    if missing:
        raise AiirError(
            f"draw_attribution() misses the columns {', '.join(missing)}. Expected: attribute(run)."
        )
    if shares.empty:
        return blank_figure("The attribution names no factor.", title=title or "No factor")
    harm, unit = shares["shapley_harm"], str(shares.attrs.get("unit", ""))
    rest = float(shares.attrs.get("harm_with_no_factor", 0.0))
    total = float(shares.attrs.get("harm_with_all_factors", rest + harm.sum()))
    first = shares.loc[harm.idxmax()]
    title = title or f"{first['factor']} carries {first['share']:.0%} of the harm that these factors explain"
    names = ["without all of these", *shares["factor"], "with all of these"]
    values = [rest, *harm, total]
    texts = [f"{rest:,.0f}", *(f"{h:+,.0f} ({s:.0%})" for h, s in zip(harm, shares["share"], strict=True))]
    fig = go.Figure(
        go.Waterfall(
            orientation="h",
            y=[wrapped(str(name).replace("_", " "), 28) for name in names],
            x=values,
            measure=["absolute", *["relative"] * len(shares), "total"],
            text=[*texts, f"{total:,.0f}"],
            textposition="outside",
            cliponaxis=False,
            increasing={"marker": {"color": VERMILLION}},
            decreasing={"marker": {"color": GREEN}},
            totals={"marker": {"color": GREY}},
            connector={"line": {"color": GRID}},
            hovertemplate="%{y}<br>%{x:,.0f}<extra></extra>",
        )
    )
    fig.update_yaxes(autorange="reversed")
    sums = np.cumsum([rest, *harm])
    low, high = min(0.0, float(sums.min())), max(float(sums.max()), total)
    # Room for the text beside the bars.
    fig.update_xaxes(
        title={"text": f"harm ({plain(unit)})" if unit else "harm"},
        range=[low - 0.08 * (high - low), high + 0.3 * (high - low)],
    )
    parts = [f"{row.factor} {row.shapley_harm:+,.0f} ({row.share:.0%})" for row in shares.itertuples()]
    alt = f"{title}. From {rest:,.0f} to {total:,.0f} {unit}: {'; '.join(parts)}."
    return finish(fig, title=title, alt=alt, height=90 + 42 * len(names))


def draw_tradeoff(evaluation: Evaluation, *, title: str | None = None) -> go.Figure:
    """Draw what monitors give against what they cost: delay and harm avoided over false alarms.

    Parameters
    ----------
    evaluation : Evaluation
        From ``evaluate_monitor``.
    title : str, optional
        The claim. Default: which monitor has the fewest false alarms among those that find most.

    Returns
    -------
    plotly.graph_objects.Figure
        One small mark for each seed, a large one for the median, a symbol and a colour for each monitor.
        Left: hours from onset to detection; right, where it was measured: share of harm avoided.

    Raises
    ------
    AiirError
        When it is not an Evaluation.
    """
    if not isinstance(evaluation, Evaluation):
        raise AiirError(
            f"draw_tradeoff() got {type(evaluation).__name__}. Expected what evaluate_monitor() returns."
        )
    from plotly.subplots import make_subplots

    rows, summary = evaluation.rows, evaluation.summary
    with_harm = bool(evaluation.response)
    finite = rows["delay_hours"][np.isfinite(rows["delay_hours"])]
    never = 1.15 * float(finite.max()) if len(finite) else 24.0
    most = max(float(rows["false_alarms_per_week"].max()), 0.5)
    fig = make_subplots(rows=1, cols=2 if with_harm else 1, horizontal_spacing=0.14)
    panels = [("delay_hours", "delay_hours_median", 1)]
    if with_harm:
        panels.append(("harm_avoided_share", "harm_avoided_share_median", 2))
    for place, name in enumerate(summary.index):
        mine, middle = rows[rows["monitor"] == name], summary.loc[name]
        look = {"color": PALETTE[place % len(PALETTE)], "symbol": _SYMBOLS[place % len(_SYMBOLS)]}
        for column, median, panel in panels:
            y = [*mine[column].replace(np.inf, never), min(float(middle[median]), never)]
            x = [*mine["false_alarms_per_week"], middle["false_alarms_per_week_median"]]
            who = [*(f"seed {seed}" for seed in mine["seed"]), "median"]
            size = [7] * len(mine) + [15]
            fig.add_trace(
                go.Scatter(
                    x=x, y=y, text=who, mode="markers", name=plain(name), legendgroup=name,
                    showlegend=panel == 1,
                    marker={**look, "size": size, "opacity": [0.5] * len(mine) + [1.0]},
                    hovertemplate="%{text}: %{x:.2f} false alarms a week, %{y:.2f}",
                ),
                row=1, col=panel,
            )  # fmt: skip
    fig.update_xaxes(title={"text": "false alarms per week (no incident)"}, range=[-0.06 * most, 1.1 * most])
    fig.update_layout(legend=_LEGEND)
    fig.update_yaxes(
        title={"text": "onset to detection (hours)"}, range=[-0.06 * never, never * 1.1], row=1, col=1
    )
    if not np.isfinite(rows["delay_hours"]).all():
        fig.add_shape(
            type="line", xref="x domain", x0=0, x1=1, y0=never, y1=never, line={"color": GRID, "dash": "dot"}
        )
        fig.add_annotation(
            xref="x domain", x=1, y=never, yanchor="bottom", xanchor="right", text="never", showarrow=False
        )
    if with_harm:
        fig.update_yaxes(title={"text": "harm avoided (share)"}, tickformat=".0%", row=1, col=2)
    title = title or _claim_tradeoff(summary)
    told = [
        f"{name}: detected in {row['detected']:.0f} of {row['seeds']:.0f}"
        + (f" ({row['coincidences']:.0f} by luck)" if row["coincidences"] else "")
        + f", median delay {_hours(row['delay_hours_median'])},"
        f" {row['false_alarms_per_week_median']:.2f} false alarms a week"
        + (f", {row['harm_avoided_share_median']:.0%} of harm avoided" if with_harm else "")
        for name, row in summary.iterrows()
    ]
    note = f"{evaluation.scenario}, {summary['seeds'].max()} seeds; small marks: seeds, large: medians"
    if with_harm:
        note += f"; response {', '.join(evaluation.response)}"
    return finish(fig, title=title, subtitle=note, alt=f"{title}. {'. '.join(told)}.", height=400)


def _claim_tradeoff(summary: pd.DataFrame) -> str:
    # A detection that the clean run has too is luck, and does not make a monitor good.
    real = summary["detected"] - summary["coincidences"]
    best = summary[real == real.max()].sort_values("false_alarms_per_week_median", kind="stable").iloc[0]
    if real.max() == 0:
        return f"None of {len(summary)} monitors detects the incident other than by luck"
    return (
        f"{best.name} detects {real[best.name]:.0f} of {best['seeds']:.0f} incidents with "
        f"{best['false_alarms_per_week_median']:.2g} false alarms a week"
    )


def _claim_harm(runs: Sequence[Run], names: Sequence[str]) -> str:
    first = runs[0].harm
    if len(runs) == 1:
        return f"The incident costs {first.amount:,.0f} {first.unit}"
    best = min(range(1, len(runs)), key=lambda place: runs[place].harm.amount)
    last, name = runs[best].harm, names[best]
    if first.amount <= 0:
        return f"{name}: {last.amount:,.0f} {last.unit} instead of {first.amount:,.0f}"
    change = 1 - last.amount / first.amount
    return (
        f"{name}: {last.amount:,.0f} {last.unit} instead of {first.amount:,.0f} "
        f"({abs(change):.0%} {'less' if change >= 0 else 'more'})"
    )


def _check_runs(runs: Sequence[Any]) -> None:
    wrong = [type(run).__name__ for run in runs if not isinstance(run, Run)]
    if wrong or not runs:
        raise AiirError(f"draw_harm() got {', '.join(wrong) or 'nothing'}. Expected a Run and its replays.")
    if len({run.setting for run in runs}) > 1:
        told = "; ".join(f"{run.name} seed={run.seed} rows={run.rows}" for run in runs)
        raise AiirError(f"draw_harm() compares replays of one run; these differ: {told}.")


def _name_run(run: Run) -> str:
    return ", ".join(run.active_controls) or "as it happened"


def _hours(hours: float) -> str:
    return "never" if np.isinf(hours) else f"{hours:,.0f} hours"


def _mark(sketch: Sketch, at: datetime, text: str, level: int) -> None:
    colour = INK if level == 0 else BLUE
    sketch.shape("line", (at, at), (0, 1), yref="paper", line={"color": colour, "dash": "dot", "width": 1.5})
    sketch.write(
        at, 0.99 - 0.07 * level, plain(text), yref="paper", xanchor="left", yanchor="top", xshift=4,
        font={"color": INK},
    )  # fmt: skip
