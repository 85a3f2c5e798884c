"""The one look of all figures: palette, template, text alternative.

Figures must read in JupyterLab's light and dark theme without knowing which one is on. So backgrounds are
transparent, and text is the grey whose contrast against white and against JupyterLab's #111111 is the same
(4.35 : 1, by the relative luminance of WCAG 2.2). Hues are those of Okabe and Ito's colour-blind-safe set
(https://jfly.uni-koeln.de/color/) without black and yellow, which vanish on one of the two.
"""

from __future__ import annotations

import html
import textwrap
from typing import Any

import plotly.graph_objects as go
import plotly.io as pio

from aiir_lab.records.causes import Strand
from aiir_lab.records.severity import Severity
from aiir_lab.records.timeline import EventKind

INK = "#797979"
"""Text and axis lines: equally far from white and from #111111."""

GRID = "rgba(127,127,127,0.22)"
SHADE = "rgba(127,127,127,0.08)"

BLUE, SKY, GREEN = "#0072B2", "#56B4E9", "#009E73"
ORANGE, VERMILLION, PURPLE, GREY = "#E69F00", "#D55E00", "#CC79A7", "#8C8C8C"
PALETTE = (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILLION, GREY)

SEVERITY_COLOURS: dict[Severity, str] = {
    Severity.SEV1: VERMILLION,
    Severity.SEV2: ORANGE,
    Severity.SEV3: BLUE,
    Severity.SEV4: GREEN,
}
SEVERITY_SYMBOLS: dict[Severity, str] = {
    Severity.SEV1: "diamond",
    Severity.SEV2: "square",
    Severity.SEV3: "circle",
    Severity.SEV4: "triangle-up",
}
"""Severity is never told by colour alone: each level has its own symbol too."""

KIND_COLOURS: dict[EventKind, str] = {
    EventKind.TRIGGER: VERMILLION,
    EventKind.SIGNAL: ORANGE,
    EventKind.ALERT: ORANGE,
    EventKind.DETECTION: PURPLE,
    EventKind.DECISION: BLUE,
    EventKind.ESCALATION: BLUE,
    EventKind.COMMUNICATION: SKY,
    EventKind.MITIGATION: GREEN,
    EventKind.RESOLUTION: GREEN,
    EventKind.FOLLOWUP: GREY,
    EventKind.OTHER: GREY,
}
STRAND_COLOURS: dict[Strand | None, str] = {
    Strand.TECHNICAL: BLUE,
    Strand.PROCESS: VERMILLION,
    Strand.TOOLING: GREEN,
    None: GREY,
}

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"


def _template() -> go.layout.Template:
    axis: dict[str, Any] = {
        "gridcolor": GRID,
        "linecolor": GRID,
        "zeroline": False,
        "ticks": "",
        "automargin": True,
        "title": {"font": {"size": 12, "color": INK}},
    }
    return go.layout.Template(
        layout={
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"family": FONT, "size": 12, "color": INK},
            "title": {"x": 0, "xref": "container", "xanchor": "left", "font": {"size": 16, "color": INK}},
            "colorway": list(PALETTE),
            "xaxis": axis,
            "yaxis": axis,
            "legend": {"orientation": "h", "x": 0, "y": -0.12, "yanchor": "top"},
            "hoverlabel": {
                "bgcolor": "#2b2b2b",
                "bordercolor": GREY,
                "font": {"family": FONT, "size": 13, "color": "#f4f4f4"},
                "align": "left",
            },
            "margin": {"l": 16, "r": 16, "t": 56, "b": 40},
            "hovermode": "closest",
        }
    )


template = _template()
# Registered under a name, so that learners can use it too; never made the default behind their back.
pio.templates["aiir"] = template


def plain(text: str) -> str:
    """Text that plotly shows as it stands: no markup, no formula between two dollar signs."""
    return html.escape(text, quote=False).replace("$", "&#36;")


def wrap(text: str, width: int, *, max_lines: int | None = None) -> list[str]:
    """Lines of at most ``width`` characters, escaped for plotly; an ellipsis where ``max_lines`` cuts."""
    lines = textwrap.wrap(
        " ".join(text.split()), width, max_lines=max_lines, placeholder=" …", break_on_hyphens=True
    )
    return [plain(line) for line in lines]


def wrapped(text: str, width: int, *, max_lines: int | None = None) -> str:
    """Like :func:`wrap`, joined with line breaks."""
    return "<br>".join(wrap(text, width, max_lines=max_lines))


def text_colour_on(colour: str) -> str:
    """Black or white, whichever reads better on a ``#rrggbb`` fill."""
    return "#000000" if luminance(colour) > 0.179 else "#ffffff"


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb`` by WCAG 2.2, 0 (black) to 1 (white)."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two ``#rrggbb`` colours by WCAG 2.2, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def finish(
    fig: go.Figure, *, title: str, alt: str, height: int, subtitle: str | None = None, extra_top: int = 0
) -> go.Figure:
    """Put theme, title (a claim), text alternative and height on a figure."""
    lines = wrap(title, 84, max_lines=3)
    notes = wrap(subtitle, 120, max_lines=2) if subtitle else []
    top = 24 + 23 * len(lines) + 17 * len(notes) + extra_top
    text = f"<b>{'<br>'.join(lines)}</b>"
    if notes:
        text += f'<br><span style="font-size:12px">{"<br>".join(notes)}</span>'
    fig.update_layout(
        template=template,
        title={"text": text, "yref": "container", "y": 1, "yanchor": "top", "pad": {"t": 12, "l": 10}},
        height=height + top,
        margin={"t": top},
        meta={"alt": " ".join(alt.split())},
    )
    return fig


def blank_figure(note: str, *, title: str) -> go.Figure:
    """A figure that says why there is nothing to draw, instead of an exception."""
    fig = go.Figure()
    fig.update_xaxes(visible=False, range=[0, 1])
    fig.update_yaxes(visible=False, range=[0, 1])
    fig.add_annotation(
        x=0.5,
        y=0.5,
        text=wrapped(note, 70),
        showarrow=False,
        font={"size": 14},
        bordercolor=GRID,
        borderpad=14,
    )
    return finish(fig, title=title, alt=f"{title}. {note}", height=190)


def alt_text(fig: go.Figure) -> str:
    """The text alternative of a figure.

    Parameters
    ----------
    fig : plotly.graph_objects.Figure
        Any figure. Those of this package carry their text in ``layout.meta["alt"]``; for others the title
        and the names of the traces are put together.

    Returns
    -------
    str
        Plain text, never empty.

    Examples
    --------
    >>> import plotly.graph_objects as go
    >>> alt_text(go.Figure(layout={"title": {"text": "Harm stops after the rollback"}}))
    'Figure: Harm stops after the rollback'
    """
    return alt_of(fig.to_plotly_json())


def alt_of(figure: dict[str, Any]) -> str:
    """Like :func:`alt_text`, for a figure in its JSON form."""
    layout = figure.get("layout") or {}
    meta = layout.get("meta")
    if isinstance(meta, dict) and isinstance(meta.get("alt"), str) and meta["alt"].strip():
        return str(meta["alt"])
    title = layout.get("title")
    words = title.get("text") if isinstance(title, dict) else title
    names = [trace["name"] for trace in figure.get("data") or () if trace.get("name")]
    parts = [part for part in (_unmarked(str(words)) if words else "", ", ".join(map(str, names))) if part]
    return "Figure: " + "; ".join(parts) if parts else "Figure without a description"


def _unmarked(text: str) -> str:
    import re

    return html.unescape(re.sub(r"<[^>]+>", " ", text)).strip()
