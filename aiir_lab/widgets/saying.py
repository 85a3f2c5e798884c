"""Text inside panels: in the colours of the page's theme, and announced by screen readers."""

from __future__ import annotations

from html import escape

TEXT_STYLE = "color:var(--jp-ui-font-color1,currentColor);font-family:var(--jp-ui-font-family,sans-serif);"
"""Style of any text in a panel; follows JupyterLab's light and dark theme."""

# Okabe-Ito colours, as in the feedback on graded questions; the sign and the words carry the same meaning
RIGHT, NOT_YET = "#009E73", "#E69F00"


def frame(html: str, *, colour: str) -> str:
    """HTML with a coloured edge, announced when it appears."""
    style = f"border-left:4px solid {colour};padding:.2em .8em;margin:.3em 0;line-height:1.5;{TEXT_STYLE}"
    return f"<div role='status' style='{style}'>{html}</div>"


def say(text: str, *, colour: str) -> str:
    """Plain text as HTML with a coloured edge."""
    return frame(escape(text).replace("\n", "<br>"), colour=colour)


def plain(html: str) -> str:
    """HTML in the text style of a panel."""
    return f"<div style='{TEXT_STYLE}line-height:1.5'>{html}</div>"
