"""A figure in the making: its marks are collected and put together once.

``Figure.add_annotation`` copies all annotations that are there already, so a figure with sixty of them takes
a second. Here they are plain data until the figure is made.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import plotly.graph_objects as go


@dataclass
class Sketch:
    """Traces, annotations, shapes and layout of a figure to be."""

    traces: list[go.Scatter] = field(default_factory=list)
    annotations: list[dict[str, Any]] = field(default_factory=list)
    shapes: list[dict[str, Any]] = field(default_factory=list)
    layout: dict[str, Any] = field(default_factory=dict)

    def trace(self, **content: Any) -> None:
        """Add a scatter trace."""
        self.traces.append(go.Scatter(**content))

    def write(self, x: Any, y: Any, text: str, **content: Any) -> None:
        """Add a text."""
        self.annotations.append({"x": x, "y": y, "text": text, "showarrow": False} | content)

    def arrow(self, tail: tuple[float, float], head: tuple[float, float], **content: Any) -> None:
        """Add an arrow between two points of the axes; its head keeps its size at every width."""
        self.annotations.append(
            {"x": head[0], "y": head[1], "ax": tail[0], "ay": tail[1], "text": "", "showarrow": True}
            | {"xref": "x", "yref": "y", "axref": "x", "ayref": "y", "arrowhead": 2}
            | content
        )

    def shape(self, kind: str, x: tuple[Any, Any], y: tuple[Any, Any], **content: Any) -> None:
        """Add a ``line`` or ``rect`` from ``x[0], y[0]`` to ``x[1], y[1]``."""
        self.shapes.append({"type": kind, "x0": x[0], "x1": x[1], "y0": y[0], "y1": y[1]} | content)

    def figure(self) -> go.Figure:
        """The figure."""
        layout = {"annotations": self.annotations, "shapes": self.shapes, "showlegend": False} | self.layout
        return go.Figure(data=self.traces, layout=layout)
