"""How well `review_whys` agrees with the labels, beside a judge that looks for keywords in the last answer.

Run ``python benchmarks/bench_review_whys.py``.
The parts of the data are described in datasets/review/README.md.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from time import perf_counter

import yaml

from aiir_lab.review.whys import VERDICTS, review_whys

DATA = Path(__file__).parents[1] / "datasets" / "review" / "whys.yaml"


def keyword_verdict(problem: str, whys: list[str]) -> str:
    """The baseline: keywords of the last answer; a literal repetition is a circle."""
    last = whys[-1].lower()
    if last in {statement.lower() for statement in (problem, *whys[:-1])}:
        return "circular"
    if re.search(r"\b(?:process|policy|review|owner|owns|budget|standard|no )", last):
        return "reaches_system_cause"
    if re.search(r"\b(?:engineer|analyst|operator|team|forgot|careless|human error|mistake|he|she)\b", last):
        return "stops_at_person"
    return "stops_at_proximate"


def main() -> None:
    chains = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    start = perf_counter()
    reviews = [review_whys(chain["problem"], chain["whys"]) for chain in chains]
    seconds = perf_counter() - start
    pairs = list(zip(chains, reviews, strict=True))
    print(f"{'part':12} {'n':>4} | accuracy: judge, keywords | verdict and step right")
    for part in sorted({chain["split"] for chain in chains}):
        chosen = [(chain, review) for chain, review in pairs if chain["split"] == part]
        judge = sum(review.verdict == chain["verdict"] for chain, review in chosen)
        step = sum(
            (review.verdict, review.step) == (chain["verdict"], chain["step"]) for chain, review in chosen
        )
        base = sum(
            keyword_verdict(chain["problem"], chain["whys"]) == chain["verdict"] for chain, _ in chosen
        )
        n = len(chosen)
        print(f"{part:12} {n:4} | {judge / n:15.3f}, {base / n:.3f}   | {step / n:.3f}")
    print("\nAll parts (rows: label; columns: judged as " + ", ".join(VERDICTS) + ")")
    table = Counter((chain["verdict"], review.verdict) for chain, review in pairs)
    for label in VERDICTS:
        print(f"  {label:22} " + " ".join(f"{table[label, judged]:4}" for judged in VERDICTS))
    print(f"\n{len(chains)} chains in {seconds:.2f} s, {1000 * seconds / len(chains):.1f} ms each")


if __name__ == "__main__":
    main()
