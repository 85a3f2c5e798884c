"""Dashboards as responders saw them, and the truth beside them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from aiir_lab.records.errors import AiirError, NotFoundError
from aiir_lab.simulate import Run
from aiir_lab.view.theme import BLUE, GREY, GRID, INK, ORANGE, VERMILLION, blank_figure, finish, plain

_ROW_PX = 105
_MOST = 8


def draw_dashboard(
    run: Run,
    *,
    table: str = "dashboard",
    columns: Sequence[str] = (),
    until: object = None,
    with_truth: bool = False,
    title: str | None = None,
) -> go.Figure:
    """Draw a dashboard as responders saw it; with the truth below it when that is wanted.

    Parameters
    ----------
    run : Run
        From ``simulate`` or ``replay``.
    table : str, default "dashboard"
        An observable table with a time and numbers.
    columns : list of str, default the first numeric columns
        At most 8 numbers to draw, a row for each.
    until : datetime or str, default None
        UTC time of the look. None: the end of the run.
    with_truth : bool, default False
        Add the onset and the true harm of each day.
    title : str, optional
        The claim.

    Returns
    -------
    plotly.graph_objects.Figure
        Small multiples over UTC time, each with its unit; marks on the time axis where alerts fired.

    Raises
    ------
    NotFoundError
        When there is no such table or column.
    AiirError
        When the table has no time or no number.

    Examples
    --------
    >>> from aiir_lab.simulate import simulate
    >>> fig = draw_dashboard(simulate("fraud_poisoning", seed=7), columns=["approval_rate"])
    >>> fig.layout.yaxis.title.text
    'rate 0-1'
    """
    if not isinstance(run, Run):
        raise AiirError(f"draw_dashboard() got {type(run).__name__}. Expected a Run: run = simulate(...).")
    tables = run.observe(until=until)
    if table not in tables:
        raise NotFoundError("table", table, list(tables))
    frame, time = tables[table], _time_column(table, tables[table])
    names = _read_columns(table, frame, columns)
    title = title or _claim(run, with_truth=with_truth)
    if frame.empty:
        return blank_figure("Nothing was shown yet at that time.", title=title)

    from plotly.subplots import make_subplots

    rows = len(names) + with_truth
    heads = [plain(name.replace("_", " ")) for name in names]
    if with_truth:
        heads.append("the truth, which nobody saw: harm per day")
    fig = make_subplots(
        rows=rows, cols=1, shared_xaxes=True, vertical_spacing=0.28 / max(rows, 2), subplot_titles=heads
    )
    units = run.columns.query("table == @table").set_index("column")["unit"]
    told = []
    for place, name in enumerate(names, 1):
        seen = frame[name].dropna()
        fig.add_trace(
            go.Scatter(
                x=frame[time], y=frame[name], mode="lines", name=plain(name), line={"color": BLUE},
                hovertemplate="%{x|%Y-%m-%d %H:%M} UTC<br>%{y:,.4~g}",
            ),
            row=place, col=1,
        )  # fmt: skip
        fig.update_yaxes(title={"text": plain(units[name])}, row=place, col=1)
        if len(seen):
            told.append(f"{name} from {seen.iloc[0]:,.4g} to {seen.iloc[-1]:,.4g} {units[name]}".strip())
    fired = _draw_alerts(fig, tables, rows)
    if with_truth:
        told.append(_draw_truth(fig, run, rows, tables_end=frame[time].max()))
    fig.update_xaxes(title={"text": "time (UTC)"}, row=rows, col=1)
    fig.update_annotations(
        font={"size": 12, "color": INK}, x=0, xanchor="left", selector={"showarrow": False}
    )
    fig.update_layout(showlegend=False)
    alt = f"{title}. {'; '.join(told)}. Alerts: {fired}."
    note = f"{run.company}, table {table}; triangles: {fired} alerts" if fired else f"{run.company}, {table}"
    fig = finish(fig, title=title, subtitle=note, alt=alt, height=_ROW_PX * rows + 70, extra_top=18)
    if with_truth:
        _mark_onset(fig, run, rows)
    return fig


def _draw_truth(fig: go.Figure, run: Run, row: int, *, tables_end: pd.Timestamp) -> str:
    harm = run.harm.per_hour
    daily = harm[harm.index <= tables_end].resample("D").sum()
    fig.add_trace(
        go.Bar(
            x=daily.index, y=daily, name="harm", marker={"color": VERMILLION},
            hovertemplate=f"%{{x|%Y-%m-%d}}<br>%{{y:,.0f}} {plain(run.harm.unit)}",
        ),
        row=row, col=1,
    )  # fmt: skip
    fig.update_yaxes(title={"text": plain(run.harm.unit)}, row=row, col=1)
    onset = run.reveal().onset_utc
    return f"true onset {onset:%Y-%m-%d %H:%M} UTC, true harm so far {daily.sum():,.0f} {run.harm.unit}"


def _mark_onset(fig: go.Figure, run: Run, rows: int) -> None:
    onset = run.reveal().onset_utc
    for place in range(1, rows + 1):
        axis = "" if place == 1 else str(place)
        fig.add_shape(
            type="line", x0=onset, x1=onset, y0=0, y1=1, xref=f"x{axis}", yref=f"y{axis} domain",
            line={"color": GREY, "dash": "dot", "width": 1.5},
        )  # fmt: skip
    fig.add_annotation(
        x=onset,
        y=1,
        xref="x",
        yref="y domain",
        yanchor="bottom",
        text="onset",
        showarrow=False,
        xanchor="left",
    )


def _draw_alerts(fig: go.Figure, tables: dict[str, pd.DataFrame], rows: int) -> int:
    alerts = tables.get("alerts")
    if alerts is None or alerts.empty or "fired_utc" not in alerts.columns:
        return 0
    texts = alerts["rule"] if "rule" in alerts.columns else alerts.iloc[:, 0].astype(str)
    low = fig.data[0].y
    floor = pd.Series(low, dtype="float64").min()
    fig.add_trace(
        go.Scatter(
            x=alerts["fired_utc"], y=[floor] * len(alerts), mode="markers", name="alerts",
            marker={"symbol": "triangle-up", "size": 9, "color": ORANGE, "line": {"color": GRID, "width": 1}},
            text=[plain(str(text)) for text in texts],
            hovertemplate="%{x|%Y-%m-%d %H:%M} UTC<br>alert: %{text}",
        ),
        row=1, col=1,
    )  # fmt: skip
    return len(alerts)


def _claim(run: Run, *, with_truth: bool) -> str:
    if not with_truth:
        return f"What the dashboard of {run.company} showed"
    onset = run.reveal().onset_utc
    harm = f"{run.harm.amount:,.0f} {run.harm.unit}"
    return f"What the dashboard showed while harm grew, from {onset:%d %B %Y} on, to {harm}"


def _time_column(table: str, frame: pd.DataFrame) -> str:
    times = [str(c) for c in frame.columns if isinstance(frame[c].dtype, pd.DatetimeTZDtype)]
    if not times:
        raise AiirError(f"Table {table!r} has no time to draw over. Expected a table such as 'dashboard'.")
    return times[0]


def _read_columns(table: str, frame: pd.DataFrame, columns: Sequence[str]) -> list[str]:
    if isinstance(columns, str):
        raise AiirError(f"columns={columns!r} is one text. Expected a list: columns=[{columns!r}].")
    numeric = [str(c) for c in frame.columns if pd.api.types.is_numeric_dtype(frame[c].dtype)]
    for name in columns:
        if name not in numeric:
            raise NotFoundError(f"number in table {table!r}", name, numeric)
    chosen = list(columns) or numeric[:_MOST]
    if not 1 <= len(chosen) <= _MOST:
        raise AiirError(
            f"{len(chosen)} columns of {table!r} to draw. Range: 1 to {_MOST}; name them: columns=[...]."
        )
    return chosen
