"""How well `review_status_update` agrees with the labels, beside a judge that only looks for keywords.

Run ``python benchmarks/bench_review_status.py``.
All parts were in view when the judge was made or fitted, so this is a regression check;
datasets/review/README.md holds what was measured on text that it had not seen.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from time import perf_counter

from aiir_lab.review.status import PROBLEM_KINDS, review_status_update

DATA = Path(__file__).parents[1] / "datasets" / "review" / "status_updates.csv"
KEYWORDS = {
    "speculation": r"\b(?:think|believe|may|might|probably|possibly|seems?|appears?)\b",
    "blame": r"\b(?:engineer|vendor|human error|fault|mistake|blame)\b",
    "jargon": r"\b(?:pods?|k8s|kubernetes|OOM|p99|latency|cluster|AUC|etcd|DNS|config)\b",
    "overpromise": r"\b(?:guarantee|promise|never|definitely|will be fixed)\b",
    "leaks_internal": r"\b(?:internal|commit|[A-Z]+-\d+|\d+\.\d+\.\d+\.\d+)\b",
    "minimises": r"\b(?:only|just|minor|small|hiccup|glitch|blip)\b",
}


def keyword_kinds(text: str, stage: str) -> set[str]:
    """The baseline: one short list of words for each kind."""
    found = {kind for kind, pattern in KEYWORDS.items() if re.search(pattern, text, re.IGNORECASE)}
    if not re.search(r"\b(?:customers?|users?)\b", text, re.IGNORECASE):
        found.add("no_impact")
    if stage != "resolved" and not re.search(r"\bnext update\b", text, re.IGNORECASE):
        found.add("no_next_update")
    return found


def scores(gold: list[bool], got: list[bool]) -> tuple[float, float, float]:
    """Precision, recall and F1."""
    hits = sum(a and b for a, b in zip(gold, got, strict=True))
    total = sum(gold) + sum(got)
    return hits / max(sum(got), 1), hits / max(sum(gold), 1), 2 * hits / total if total else 1.0


def main() -> None:
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    start = perf_counter()
    judged = [
        {p.kind for p in review_status_update(row["text"], stage=row["stage"]).problems} for row in rows
    ]
    seconds = perf_counter() - start
    base = [keyword_kinds(row["text"], row["stage"]) for row in rows]
    labels = [set(row["problems"].split()) for row in rows]
    print(f"{'part':12} {'n':>4} | micro-F1 over kinds: judge, keywords | all kinds right")
    for part in sorted({row["split"] for row in rows}):
        at = [place for place, row in enumerate(rows) if row["split"] == part]
        gold = [kind in labels[i] for i in at for kind in PROBLEM_KINDS]
        ours = scores(gold, [kind in judged[i] for i in at for kind in PROBLEM_KINDS])[2]
        theirs = scores(gold, [kind in base[i] for i in at for kind in PROBLEM_KINDS])[2]
        exact = sum(judged[i] == labels[i] for i in at) / len(at)
        print(f"{part:12} {len(at):4} | {ours:26.3f}, {theirs:.3f}   | {exact:.3f}")
    print("\nAll parts: precision, recall, F1 of the judge; F1 of the keywords")
    for kind in PROBLEM_KINDS:
        gold = [kind in label for label in labels]
        p, r, f = scores(gold, [kind in found for found in judged])
        theirs = scores(gold, [kind in found for found in base])[2]
        print(f"  {kind:16} {p:.3f}  {r:.3f}  {f:.3f}   {theirs:.3f}")
    print(f"\n{len(rows)} updates in {seconds:.2f} s, {1000 * seconds / len(rows):.1f} ms each")


if __name__ == "__main__":
    main()
