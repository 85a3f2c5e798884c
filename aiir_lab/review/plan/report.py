"""A review of a plan as sentences, a table and findings."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from aiir_lab.review.tabled import TabledReview

if TYPE_CHECKING:
    from aiir_lab.review.plan.reviewing import PlanReview

_COLUMNS = ("action", "answers", "strength", "SMART", "control", "avoided alone", "lost if left out")


def tabled(review: PlanReview) -> TabledReview:
    """The measured effect, a line for each action, what to mend."""
    return TabledReview(
        title="Review of the plan",
        told=_effect(review),
        columns=_COLUMNS,
        rows=_rows(review),
        heading="What would help most",
        findings=review.findings,
        all_well="Nothing to mend was found.",
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
