"""Which criterion decides: vignettes by severity criteria, each cell with the level it earns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go

from aiir_lab.catalog.practice import load_severity_matrix
from aiir_lab.catalog.vignettes import Vignette, vignettes
from aiir_lab.records.severity import Severity, SeverityMatrix
from aiir_lab.view.theme import GREY, SEVERITY_COLOURS, blank_figure, finish, plain, text_colour_on

_PREDICTED, _CLASSIFIED = "your prediction", "your level"


def draw_severity_grid(
    predicted: Mapping[str, Any] | None = None, *, classified: Mapping[str, Any] | None = None
) -> go.Figure:
    """Draw the level that each measure earns beside the level that was predicted and the one derived.

    Only vignettes with a derived level are drawn, so the figure never tells a learner who has not classified
    them yet.

    Parameters
    ----------
    predicted : mapping, optional
        Vignette id -> severity (``"SEV2"`` or :class:`Severity`) by feeling; what is no severity is left out.
    classified : mapping, optional
        Vignette id -> severity derived from the measures.

    Returns
    -------
    plotly.graph_objects.Figure
        Rows are vignettes, the worst first. Each cell holds the number of its level, so nothing is told by
        colour alone; an empty cell was not measured.

    Examples
    --------
    >>> figure = draw_severity_grid({"gnome-carousel": "SEV1"}, classified={"gnome-carousel": "SEV4"})
    >>> figure.layout.meta["alt"]
    'Level of each vignette: gnome-carousel SEV4, predicted SEV1.'
    """
    guesses, levels = _read_levels(predicted), _read_levels(classified)
    chosen = sorted(
        (case for case in vignettes() if case.id in levels), key=lambda case: levels[case.id].rank
    )
    if not chosen:
        note = "Classify the vignettes first, then run this cell again."
        return blank_figure(note, title="Nothing is classified yet")
    matrix = load_severity_matrix()
    columns = [_PREDICTED, _CLASSIFIED, *(criterion.name for criterion in matrix.criteria)]
    rows = [_row(case, matrix, guesses, levels) for case in chosen]
    fig = go.Figure(
        go.Heatmap(
            x=columns,
            y=[case.id for case in chosen],
            z=[[row[column].rank if column in row else None for column in columns] for row in rows],
            customdata=[
                [_describe(case, column, row) for column in columns]
                for case, row in zip(chosen, rows, strict=True)
            ],
            hovertemplate="%{customdata}<extra></extra>",
            hoverongaps=False,
            colorscale=_steps(),
            zmin=0.5,
            zmax=4.5,
            showscale=False,
            xgap=3,
            ygap=3,
        )
    )
    fig.add_vline(x=1.5, line_width=1, line_color=GREY)
    # set at once: plotly's add_annotation copies all that are there already (0.4 s of CPU for 52 of them)
    fig.layout.annotations = [
        {
            "x": column,
            "y": case.id,
            "text": f"<b>{level.rank}</b>" if column in {_PREDICTED, _CLASSIFIED} else str(level.rank),
            "showarrow": False,
            "font": {"color": text_colour_on(SEVERITY_COLOURS[level])},
        }
        for case, row in zip(chosen, rows, strict=True)
        for column, level in row.items()
    ]
    fig.update_xaxes(side="top", tickangle=-35, showgrid=False, range=[-0.5, len(columns) - 0.5])
    fig.update_yaxes(autorange="reversed", showgrid=False)
    guessed = [case.id for case in chosen if case.id in guesses]
    missed = [id for id in guessed if guesses[id] != levels[id]]
    return finish(
        fig,
        title=_claim(len(missed), len(guessed)),
        subtitle="Numbers are levels, 1 is worst. Right of the line: what each measure earns on its own.",
        alt=_alt(chosen, guesses, levels),
        height=26 * len(chosen) + 60,
        extra_top=80,
    )


def _read_levels(given: Mapping[str, Any] | None) -> dict[str, Severity]:
    known = {level.value: level for level in Severity}
    return {str(id): known[str(level)] for id, level in (given or {}).items() if str(level) in known}


def _row(
    case: Vignette, matrix: SeverityMatrix, guesses: dict[str, Severity], levels: dict[str, Severity]
) -> dict[str, Severity]:
    criteria = {criterion.name: criterion for criterion in matrix.criteria}
    found = {measure.criterion: criteria[measure.criterion].level(measure.high) for measure in case.measures}
    guess = {_PREDICTED: guesses[case.id]} if case.id in guesses else {}
    return guess | {_CLASSIFIED: levels[case.id]} | found


def _describe(case: Vignette, column: str, row: dict[str, Severity]) -> str:
    if column not in row:
        return ""
    measures = {measure.criterion: measure for measure in case.measures}
    head = f"{plain(case.title)}<br>{plain(column)}: {row[column]}"
    if column not in measures:
        return head
    low, high = measures[column].low, measures[column].high
    return f"{head}<br>measured {low:g}" + ("" if low == high else f" to {high:g}; the high estimate counts")


def _steps() -> list[tuple[float, str]]:
    colours = [SEVERITY_COLOURS[level] for level in Severity]
    width = 1 / len(colours)
    return [(edge * width, colour) for i, colour in enumerate(colours) for edge in (i, i + 1)]


def _claim(missed: int, guessed: int) -> str:
    if not guessed:
        return "The worst measure decides the level"
    if not missed:
        return "The measures agree with every prediction"
    return f"The measures disagree with {missed} of {guessed} predictions"


def _alt(chosen: list[Vignette], guesses: dict[str, Severity], levels: dict[str, Severity]) -> str:
    parts = []
    for case in chosen:
        guess = f", predicted {guesses[case.id]}" if case.id in guesses else ""
        parts.append(f"{case.id} {levels[case.id]}{guess}")
    return f"Level of each vignette: {'; '.join(parts)}."
