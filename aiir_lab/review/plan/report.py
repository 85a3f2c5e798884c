"""A review of a plan as Markdown and as a piece of HTML."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiir_lab.review.plan.reviewing import PlanReview

_COLUMNS = ("action", "answers", "strength", "SMART", "control", "avoided alone", "lost if left out")


def write_markdown(review: PlanReview) -> str:
    """The measured effect, a line for each action, what to mend."""
    lines = ["# Review of the plan", "", *_effect(review), ""]
    lines += ["| " + " | ".join(_COLUMNS) + " |", "|" + " --- |" * len(_COLUMNS)]
    for row in _rows(review):
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |")
    lines += ["", "## What would help most", ""]
    for number, finding in enumerate(review.findings, start=1):
        place = f"{finding.field}: " if finding.field else ""
        lines += [f"{number}. {place}{finding.message}", f"   *{finding.suggestion}*"]
    if review.is_sound:
        lines.append("Nothing to mend was found.")
    return "\n".join(lines) + "\n"


def write_fragment(review: PlanReview) -> str:
    """The same as HTML that follows the theme of the page."""
    left = "style='text-align:left;vertical-align:top'"
    head = "".join(f"<th {left}>{name}</th>" for name in _COLUMNS)
    body = "".join(
        "<tr>" + "".join(f"<td {left}>{escape(cell)}</td>" for cell in row) + "</tr>" for row in _rows(review)
    )
    items = "".join(
        f"<li>{escape(f'{finding.field}: ' if finding.field else '')}{escape(finding.message)}"
        f"<br><em>{escape(finding.suggestion)}</em></li>"
        for finding in review.findings
    )
    effect = "".join(f"<p>{escape(line)}</p>" for line in _effect(review))
    mend = f"<ol>{items}</ol>" if items else "<p>Nothing to mend was found.</p>"
    return (
        f"{effect}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f"<p><strong>What would help most</strong></p>{mend}"
    )


def _effect(review: PlanReview) -> list[str]:
    effect = review.effect
    if effect is None:
        return ["Not measured: no action names a control, or no run was given."]
    return [
        f"Replayed with the whole plan, {effect.avoided:,.0f} of {effect.before:,.0f} {effect.unit} are "
        f"avoided ({effect.avoided_share:.0%}); {effect.after:,.0f} are left."
    ]


def _rows(review: PlanReview) -> list[tuple[str, ...]]:
    rows = []
    frame = review.to_frame().to_dict("index") if review.actions else {}
    for number, row in frame.items():
        measured = (row["avoided_alone"], row["avoided_last"])
        # a table keeps a missing text as NaN
        factor, strand, control = (
            row[name] if isinstance(row[name], str) else "" for name in ("factor", "strand", "control")
        )
        rows.append(
            (
                f"{number}. {row['description']}",
                f"{factor} ({strand})" if strand else factor or "–",
                str(row["strength"]),
                "yes" if row["is_smart"] else "no",
                control or "–",
                *("–" if math.isnan(value) else f"{value:,.0f}" for value in measured),
            )
        )
    return rows
