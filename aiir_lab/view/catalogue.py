"""The catalogue at a glance: when, how severe, how long, and where the accounts are silent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from aiir_lab.records.errors import AiirError
from aiir_lab.records.postmortem import Postmortem
from aiir_lab.records.severity import Severity
from aiir_lab.records.timeline import DURATIONS, ClockMark
from aiir_lab.view.theme import (
    GREY,
    INK,
    SEVERITY_COLOURS,
    SEVERITY_SYMBOLS,
    blank_figure,
    finish,
    plain,
    wrapped,
)
from aiir_lab.view.timescale import say_span

_TICKS = {
    1: "1 min", 10: "10 min", 60: "1 h", 360: "6 h", 1440: "1 day", 10_080: "1 week", 43_830: "1 month",
    525_960: "1 year", 5_259_600: "10 years",
}  # fmt: skip
_NEEDED = ("title", "date", "severity")


def draw_catalogue(catalogue: pd.DataFrame | Iterable[Postmortem], *, title: str | None = None) -> go.Figure:
    """Draw incidents by date and severity, and their durations as single points with the median.

    Durations lie on a logarithmic axis, and no mean is drawn: a few very long ones would rule it. Only clock
    marks known to the hour or better give a duration; the share of accounts that are silent stands beside it.

    Parameters
    ----------
    catalogue : DataFrame or list of Postmortem
        ``lab.public_postmortems()`` or a selection of its rows: ``title``, ``date``, ``severity``, and where
        there are durations ``onset_utc``, ``alerted_utc``, ``detected_utc``, ``acknowledged_utc``,
        ``mitigated_utc``, ``resolved_utc`` (datetime64, UTC) and ``precise_marks`` (comma-separated).
    title : str, optional
        The claim of the figure. Default: how many accounts give no time to detect.

    Returns
    -------
    plotly.graph_objects.Figure

    Raises
    ------
    AiirError
        The table lacks ``title``, ``date`` or ``severity``.

    Examples
    --------
    >>> fig = draw_catalogue([Postmortem(id="a-1", title="Wrong labels", date="2026-03-02", severity="SEV2")])
    >>> fig.layout.title.text
    '<b>1 of 1 accounts does not say how long detection took</b>'
    """
    frame = _frame_of(catalogue)
    if frame.empty:
        return blank_figure("No incident is in this selection.", title=title or "The catalogue is empty")
    durations = durations_of(frame)
    title = title or _claim(frame, durations)
    fig = make_subplots(
        rows=2, cols=1, row_heights=[0.46, 0.54], vertical_spacing=0.17,
        subplot_titles=("By first day and severity (ours)", "Durations between clock marks, one point each"),
    )  # fmt: skip
    fig.update_annotations(x=0, xanchor="left", font={"size": 13, "color": INK})
    _draw_dates(fig, frame)
    _draw_durations(fig, frame, durations)
    fig.update_layout(legend={"title": {"text": ""}, "y": -0.19}, margin={"b": 50, "l": 10, "r": 128})
    return finish(fig, title=title, alt=_describe(title, frame, durations), height=560, extra_top=26)


def _frame_of(catalogue: pd.DataFrame | Iterable[Postmortem]) -> pd.DataFrame:
    if not isinstance(catalogue, pd.DataFrame):
        records = [catalogue] if isinstance(catalogue, Postmortem) else list(catalogue)
        if not all(isinstance(record, Postmortem) for record in records):
            kinds = ", ".join(sorted({type(record).__name__ for record in records}))
            raise AiirError(f"A catalogue is drawn from a DataFrame or a list of Postmortem, got {kinds}.")
        catalogue = pd.DataFrame([_row(record) for record in records], columns=[*_NEEDED, *_row_columns()])
    missing = [name for name in _NEEDED if name not in catalogue.columns]
    if missing:
        raise AiirError(
            f"The catalogue table lacks {', '.join(missing)}; "
            f"it has {', '.join(map(str, catalogue.columns))}. "
            "Pass lab.public_postmortems(), or a selection of its rows with all columns."
        )
    frame = catalogue.copy()
    frame["date"] = pd.to_datetime(frame["date"])
    frame["name"] = frame["organisation"] if "organisation" in frame else frame["title"]
    frame["name"] = frame["name"].fillna(frame["title"]).astype(str)
    return frame.sort_values("date", na_position="last", ignore_index=True)


def _row_columns() -> list[str]:
    return ["organisation", *(f"{mark.value}_utc" for mark in ClockMark), "precise_marks"]


def _row(record: Postmortem) -> dict[str, object]:
    marked = {mark: record.timeline.marked(mark) for mark in ClockMark}
    return {
        "title": record.title,
        "date": record.date,
        "severity": record.severity.value if record.severity else None,
        "organisation": record.organisation,
        "precise_marks": ", ".join(
            mark.value for mark, event in marked.items() if event and event.precision.is_clock_time
        ),
        **{f"{mark.value}_utc": event.at_utc if event else None for mark, event in marked.items()},
    }


def durations_of(frame: pd.DataFrame) -> pd.DataFrame:
    """Minutes of each duration of ``aiir_lab.records.DURATIONS``, NaN where an account is silent."""
    table = pd.DataFrame(index=frame.index)
    precise = frame["precise_marks"].fillna("").str.split(r",\s*") if "precise_marks" in frame else None
    for name, (start, end) in DURATIONS.items():
        columns = [f"{start.value}_utc", f"{end.value}_utc"]
        if not all(column in frame for column in columns):
            table[name] = float("nan")
            continue
        first, last = (pd.to_datetime(frame[column], utc=True) for column in columns)
        minutes = (last - first).dt.total_seconds() / 60
        if precise is not None:
            known = precise.map(lambda marks, pair=(start, end): all(mark.value in marks for mark in pair))
            minutes = minutes.where(known.astype(bool))
        table[name] = minutes.where(minutes >= 0)
    return table


def _draw_dates(fig: go.Figure, frame: pd.DataFrame) -> None:
    for severity in Severity:
        rows = frame[(frame["severity"] == severity.value) & frame["date"].notna()]
        # neighbours in time would hide each other: they take turns above and below the line
        offsets = [(-0.2, 0.2)[number % 2] if len(rows) > 1 else 0.0 for number in range(len(rows))]
        fig.add_trace(
            go.Scatter(
                name=severity.value,
                x=list(rows["date"]),
                y=[severity.rank + offset for offset in offsets],
                mode="markers",
                marker=_marker(severity),
                hovertext=[_hover(row) for _, row in rows.iterrows()],
                hoverinfo="text",
                legendgroup=severity.value,
                showlegend=bool(len(rows)),
            ),
            row=1,
            col=1,
        )
    fig.update_yaxes(
        tickmode="array", tickvals=[severity.rank for severity in Severity],
        ticktext=[f"{level.value}  ({(frame['severity'] == level.value).sum()})" for level in Severity],
        range=[4.6, 0.4], row=1, col=1,
    )  # fmt: skip
    fig.update_xaxes(title={"text": "First day of the incident"}, row=1, col=1)


def _draw_durations(fig: go.Figure, frame: pd.DataFrame, durations: pd.DataFrame) -> None:
    for severity in [*Severity, None]:
        is_level = frame["severity"] == severity.value if severity else frame["severity"].isna()
        xs, ys, texts = [], [], []
        for height, name in enumerate(DURATIONS):
            values = durations.loc[is_level, name].dropna()
            for turn, (index, minutes) in enumerate(values.items()):
                xs.append(max(minutes, 1))
                ys.append(height + (-0.16, 0.0, 0.16)[turn % 3])
                texts.append(f"{_hover(frame.loc[index])}<br>{say_duration(minutes)}")
        fig.add_trace(
            go.Scatter(
                name=severity.value if severity else "no severity", x=xs, y=ys, mode="markers",
                marker=_marker(severity), hovertext=texts, hoverinfo="text", showlegend=False,
                legendgroup=severity.value if severity else "none",
            ),
            row=2, col=1,
        )  # fmt: skip
    for height, name in enumerate(DURATIONS):
        values = durations[name].dropna()
        if len(values):
            median = float(values.median())
            fig.add_trace(
                go.Scatter(
                    name="median", x=[max(median, 1)] * 2, y=[height - 0.36, height + 0.36], mode="lines",
                    line={"color": INK, "width": 3}, hoverinfo="text", showlegend=False,
                    hovertext=f"median {say_duration(median)} of {len(values)}",
                ),
                row=2, col=1,
            )  # fmt: skip
            note = (
                f"median <b>{say_duration(median)}</b><br>{len(frame) - len(values)} of {len(frame)} silent"
            )
        else:
            note = f"all {len(frame)} silent"
        fig.add_annotation(
            x=1.015, y=height, xref="x2 domain", yref="y2", text=note, showarrow=False, xanchor="left",
            yanchor="middle", align="left", font={"size": 11},
        )  # fmt: skip
    labels = [f"{name.replace('_', ' ')}<br>{start} → {end}" for name, (start, end) in DURATIONS.items()]
    fig.update_yaxes(
        tickmode="array", tickvals=list(range(len(labels))), ticktext=labels,
        range=[len(labels) - 0.4, -0.6], row=2, col=1, showgrid=False,
    )  # fmt: skip
    fig.update_xaxes(
        type="log", title={"text": "Duration (logarithmic; under a minute is drawn at 1 min)"},
        tickmode="array", tickvals=list(_TICKS), ticktext=list(_TICKS.values()), row=2, col=1,
    )  # fmt: skip


def _marker(severity: Severity | None) -> dict[str, object]:
    return {
        "color": SEVERITY_COLOURS[severity] if severity else GREY,
        "symbol": SEVERITY_SYMBOLS[severity] if severity else "x",
        "size": 11,
        "opacity": 0.9,
        "line": {"color": INK, "width": 1},
    }


def say_duration(minutes: float) -> str:
    """Minutes in words: ``12 min``, ``3.5 h``, ``6 days``."""
    return say_span(timedelta(minutes=minutes)) if minutes >= 1 else "under 1 min"


def _hover(row: pd.Series) -> str:
    day = row["date"].strftime("%Y-%m-%d") if pd.notna(row["date"]) else "date unknown"
    level = row["severity"] if pd.notna(row["severity"]) else "no severity"
    return f"<b>{wrapped(str(row['title']), 55)}</b><br>{plain(row['name'])}, {day}, {level}"


def _claim(frame: pd.DataFrame, durations: pd.DataFrame) -> str:
    silent = int(durations["time_to_detect"].isna().sum())
    if silent == 0:
        return f"All {len(frame)} accounts say how long detection took"
    verb = "does" if silent == 1 else "do"
    return f"{silent} of {len(frame)} accounts {verb} not say how long detection took"


def _describe(title: str, frame: pd.DataFrame, durations: pd.DataFrame) -> str:
    counts = ", ".join(
        f"{severity.value}: {(frame['severity'] == severity.value).sum()}" for severity in Severity
    )
    medians = []
    for name in DURATIONS:
        values = durations[name].dropna()
        said = (
            f"median {say_duration(float(values.median()))} over {len(values)}"
            if len(values)
            else "all silent"
        )
        medians.append(f"{name.replace('_', ' ')}: {said}")
    days = frame["date"].dropna()
    span = f" from {days.min():%Y-%m-%d} to {days.max():%Y-%m-%d}" if len(days) else ""
    return (
        f"Catalogue. {title}. {len(frame)} incidents{span}. By severity: {counts}. "
        f"Durations: {'; '.join(medians)}."
    )
