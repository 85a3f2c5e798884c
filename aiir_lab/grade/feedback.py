"""How a verdict is shown: the same content as text and as HTML that follows JupyterLab's theme."""

from __future__ import annotations

from html import escape

from aiir_lab.grade.question import TAKEN_DOWN, Result, Verdict

_STYLE = (
    "border-left:4px solid {colour};padding:.4em .8em;margin:.3em 0;"
    "color:var(--jp-ui-font-color1,currentColor);font-family:var(--jp-ui-font-family,sans-serif)"
)
# Okabe-Ito colours; the sign and the words carry the same meaning
_FULL, _PART, _NONE = "#009E73", "#E69F00", "#56B4E9"


def headline(verdict: Verdict) -> str:
    """One line: the title, the score, how it stands."""
    if not verdict.is_attempted:
        return f"{verdict.title}: not attempted yet (worth {verdict.points:g})"
    if verdict.problem == TAKEN_DOWN:
        return f"{verdict.title}: taken down (worth {verdict.points:g})"
    return f"{verdict.title}: {verdict.score:g} of {verdict.points:g}"


def as_text(verdict: Verdict) -> str:
    """The feedback for a terminal."""
    lines = [headline(verdict)]
    if verdict.is_attempted and verdict.problem:
        lines.append(f"  ! {verdict.problem}")
    for result in map(_without_hidden, verdict.results):
        lines.append(f"  {'✓' if result.is_held else '✗'} {result.text}")
        if result.message:
            lines.append(f"      {result.message}")
    return "\n".join(lines)


def as_html(verdict: Verdict) -> str:
    """The feedback for a notebook."""
    colour = _FULL if verdict.is_full else _PART if verdict.is_attempted else _NONE
    parts = [f"<strong>{escape(headline(verdict))}</strong>"]
    if verdict.is_attempted and verdict.problem:
        parts.append(f"<div>! {escape(verdict.problem)}</div>")
    if verdict.results:
        items = "".join(
            f"<li>{'✓' if result.is_held else '✗'} {escape(result.text)}"
            + (f"<br><em>{escape(result.message)}</em>" if result.message else "")
            + "</li>"
            for result in map(_without_hidden, verdict.results)
        )
        parts.append(f"<ul style='list-style:none;padding-left:.4em;margin:.3em 0'>{items}</ul>")
    return f"<div role='status' style='{_STYLE.format(colour=colour)}'>{''.join(parts)}</div>"


def _without_hidden(result: Result) -> Result:
    """A hidden criterion counts where the learner sees it, but does not tell what it looks at."""
    return Result("A further check", result.is_held, result.points) if result.is_hidden else result
