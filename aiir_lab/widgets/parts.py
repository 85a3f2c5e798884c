"""Small parts that panels are made of."""

from __future__ import annotations

import json
from typing import Any

import ipywidgets as widgets
import plotly.graph_objects as go

from aiir_lab.view.theme import alt_text
from aiir_lab.widgets.saying import TEXT_STYLE


def label(html: str, *, width: str | None = None) -> widgets.HTML:
    """A piece of text in the colours of the notebook."""
    return widgets.HTML(f"<span style='{TEXT_STYLE}'>{html}</span>", layout=widgets.Layout(width=width))


def button(text: str, tooltip: str, *, width: str = "max-content") -> widgets.Button:
    """A small button; what it does stands in the tooltip, which screen readers read."""
    layout = widgets.Layout(width=width, flex="0 0 auto")
    return widgets.Button(description=text, tooltip=tooltip, layout=layout)


def field(placeholder: str, *, height: str | None = None, value: str = "") -> widgets.Textarea | widgets.Text:
    """A field to write in: one line, or several where a height is given."""
    if height is None:
        return widgets.Text(
            value, placeholder=placeholder, layout=widgets.Layout(width="auto", flex="1 1 12em")
        )
    layout = widgets.Layout(width="auto", height=height)
    return widgets.Textarea(value, placeholder=placeholder, layout=layout)


def as_output(shown: go.Figure | str, *, text: str = "") -> dict[str, Any]:
    """A figure or HTML as a stored output of an ``Output`` widget.

    An ``Output`` that captures what is displayed needs a kernel; set as data, it works without one too, and
    the whole output changes at once.
    """
    if isinstance(shown, go.Figure):
        figure = json.loads(str(shown.to_json()))
        data = {"application/vnd.plotly.v1+json": figure, "text/plain": alt_text(shown)}
    else:
        data = {"text/html": shown, "text/plain": text}
    return {"output_type": "display_data", "data": data, "metadata": {}}
