"""How well `review_action_item` agrees with the labels, beside a judge that only looks for keywords.

Run ``python benchmarks/bench_review_actions.py``.
All parts were in view when the judge was made or fitted, so this is a regression check;
datasets/review/README.md holds what was measured on text that it had not seen.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path
from time import perf_counter

from aiir_lab.review.actions import PROBLEM_KINDS, review_action_item

DATA = Path(__file__).parents[1] / "datasets" / "review" / "action_items.csv"
STRENGTHS = ("stronger", "intermediate", "weaker")


def keyword_strength(description: str) -> str:
    """The baseline: the first list with a word in the description wins."""
    text = description.lower()
    if re.search(
        r"\b(?:automat\w+|architect\w*|gate|block\w*|enforce\w*|remove\w*|rollback|standardi[sz]\w*|replace\w*)",
        text,
    ):
        return "stronger"
    if re.search(
        r"\b(?:train\w*|remind\w*|policy|wiki|warning|double check|careful|review|document\w*|email)", text
    ):
        return "weaker"
    return "intermediate"


def keyword_is_smart(row: dict[str, str]) -> bool:
    """The baseline: every field is filled, and the description is longer than three words."""
    return (
        all(row[field].strip() for field in ("owner", "due", "success_metric"))
        and len(row["description"].split()) > 3
    )


def f1(hits: int, flagged: int, wanted: int) -> float:
    """Harmonic mean of precision and recall; 1 where there was nothing to find and nothing was found."""
    return 2 * hits / (flagged + wanted) if flagged + wanted else 1.0


def main() -> None:
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    start = perf_counter()
    reviews = [review_action_item(row, incident_closed=row["incident_closed"]) for row in rows]
    seconds = perf_counter() - start
    print(f"{'part':12} {'n':>4} | strength accuracy: judge, keywords | F1 not SMART: judge, filled fields")
    for part in sorted({row["split"] for row in rows}):
        chosen = [(row, review) for row, review in zip(rows, reviews, strict=True) if row["split"] == part]
        judge = sum(review.strength == row["strength"] for row, review in chosen) / len(chosen)
        base = sum(keyword_strength(row["description"]) == row["strength"] for row, _ in chosen) / len(chosen)
        wanted = sum(bool(row["problems"]) for row, _ in chosen)
        hits = sum(bool(row["problems"]) and not review.is_smart for row, review in chosen)
        flagged = sum(not review.is_smart for _, review in chosen)
        base_hits = sum(bool(row["problems"]) and not keyword_is_smart(row) for row, _ in chosen)
        base_flagged = sum(not keyword_is_smart(row) for row, _ in chosen)
        print(
            f"{part:12} {len(chosen):4} | {judge:23.3f}, {base:.3f}      "
            f"| {f1(hits, flagged, wanted):16.3f}, {f1(base_hits, base_flagged, wanted):.3f}"
        )
    print("\nStrength, all parts (rows: label; columns: judged)")
    table = Counter((row["strength"], review.strength) for row, review in zip(rows, reviews, strict=True))
    for label in STRENGTHS:
        print(f"  {label:12} " + " ".join(f"{table[label, judged]:5}" for judged in STRENGTHS))
    print("\nSMART problems, all parts: precision, recall, F1")
    for kind in PROBLEM_KINDS:
        gold = [kind in row["problems"].split() for row in rows]
        got = [kind in {problem.kind for problem in review.problems} for review in reviews]
        hits = sum(a and b for a, b in zip(gold, got, strict=True))
        precision, recall = hits / max(sum(got), 1), hits / max(sum(gold), 1)
        print(f"  {kind:20} {precision:.3f}  {recall:.3f}  {f1(hits, sum(got), sum(gold)):.3f}")
    print(f"\n{len(rows)} items in {seconds:.2f} s, {1000 * seconds / len(rows):.1f} ms each")


if __name__ == "__main__":
    main()
