"""How well and how fast `review_language` finds blame language, beside its rules alone and a plain word list.

Run from the repository: ``uv run python benchmarks/bench_review_language.py [--misses] [--list FILE]``

With ``--list`` only a list of one's own is judged (columns ``text``, ``label``, ``also``).

The baseline is what a linter without grammar would do: one regular expression of the seed words that
PagerDuty's and Google's guides name. Labels and splits come from ``datasets/review/blame_language.csv``.
"""

from __future__ import annotations

import argparse
import csv
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import count
from pathlib import Path

from aiir_lab.review import review_language

DATA = Path(__file__).parents[1] / "datasets" / "review" / "blame_language.csv"
SEED_WORDS = re.compile(
    r"\b(?:human error|operator error|user error|careless\w*|negligen\w+|should(?:n't)? have|could have"
    r"|failed to|forgot|didn't follow|did not follow|obviously|clearly|apparently|fault|blame|who did"
    r"|who broke|why did you|why didn't|incompetent|sloppy|lazy|reprimand\w*|fired|disciplin\w+)\b",
    re.IGNORECASE,
)


def read_rows(path: Path = DATA) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [{"split": path.stem, **row, "also": row.get("also") or ""} for row in csv.DictReader(file)]


def score(rows: list[dict[str, str]], accuses: Callable[[str], bool]) -> str:
    """Precision, recall and F1 of "this sentence accuses somebody"."""
    outcomes = Counter((row["label"] != "none", accuses(row["text"])) for row in rows)
    hits, false, missed = outcomes[True, True], outcomes[False, True], outcomes[True, False]
    return rates(hits, false, missed)


def rates(hits: int, false: int, missed: int) -> str:
    precision = hits / (hits + false) if hits + false else 0.0
    recall = hits / (hits + missed) if hits + missed else 0.0
    f1 = 2 * hits / (2 * hits + false + missed) if hits + false + missed else 0.0
    return f"precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}"


def score_kinds(rows: list[dict[str, str]]) -> dict[str, tuple[int, int, int]]:
    """Hits, false and missed per kind. A kind under ``also`` is neither asked for nor false."""
    table: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in rows:
        found = {finding.kind for finding in review_language(row["text"])}
        for kind in found - set(row["also"].split(";")) - {row["label"]}:
            table[kind][1] += 1
        if row["label"] != "none":
            table[row["label"]][0 if row["label"] in found else 2] += 1
    return {kind: (hits, false, missed) for kind, (hits, false, missed) in sorted(table.items())}


def one_megabyte(rows: list[dict[str, str]]) -> str:
    """Ordinary reports: a numbered neutral sentence before each labelled one, none of them twice."""
    parts: list[str] = []
    size = 0
    for turn in count():
        for number, row in enumerate(rows):
            part = f"At {turn % 24:02d}:{number % 60:02d} batch {turn}-{number} was read. {row['text']}\n"
            parts.append(part.replace(" the ", f" the ({turn}) ", 1))
            size += len(part)
            if size > 1_000_000:
                return "".join(parts)[:1_000_000]
    raise AssertionError("count() does not end")


def new_words(rows: list[dict[str, str]]) -> str:
    """Every sentence with a word of its own that nobody knows, so that none can be remembered."""
    parts: list[str] = []
    size = 0
    for turn in count():
        for number, row in enumerate(rows):
            word = "".join(chr(97 + int(digit)) for digit in f"{turn}{number:04d}")
            text = row["text"].replace(" the ", f" the {word}ish ", 1)
            parts.append(f"The {word}ox batch was read. {text}\n")
            size += len(parts[-1])
            if size > 1_000_000:
                return "".join(parts)[:1_000_000]
    raise AssertionError("count() does not end")


def measure(name: str, text: str, run: Callable[[str], object]) -> float:
    run(text[:10_000])
    best = float("inf")
    for _ in range(3):
        begin = time.process_time()
        run(text)
        best = min(best, time.process_time() - begin)
    print(f"  {name:<34}{best:7.2f} s   {len(text) / 1e6 / best:8.2f} MB/s")
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--misses", action="store_true", help="print every sentence judged wrongly")
    parser.add_argument("--list", type=Path, default=DATA, help="another list to judge, without the speed")
    options = parser.parse_args()
    rows = read_rows(options.list)
    for split in dict.fromkeys(row["split"] for row in rows):
        part = [row for row in rows if row["split"] == split]
        harmless = sum(row["label"] == "none" for row in part)
        print(f"{split}: {len(part)} sentences, {harmless} of them harmless")
        print(f"  review_language     {score(part, lambda text: bool(review_language(text)))}")
        print(f"  its rules alone     {score(part, lambda text: bool(review_language(text, words=False)))}")
        print(f"  seed-word baseline  {score(part, lambda text: SEED_WORDS.search(text) is not None)}")
        for kind, outcome in score_kinds(part).items():
            print(f"    {kind:<18}{rates(*outcome)}")
        if options.misses:
            for row in part:
                found = sorted({finding.kind for finding in review_language(row["text"])})
                if (row["label"] == "none") == bool(found) or (found and row["label"] not in found):
                    print(f"    ! {row['label']} -> {found}: {row['text']}")
    if options.list == DATA:
        measure_speed(rows)


def measure_speed(rows: list[dict[str, str]]) -> None:
    print("Speed on 1 MB (CPU seconds, best of 3)")
    text = one_megabyte(rows)
    baseline = measure("seed-word baseline", text, lambda t: list(SEED_WORDS.finditer(t)))
    ours = measure("review_language, numbers differ", text, review_language)
    measure("review_language, new words in each", new_words(rows), review_language)
    half = "".join(row["text"] + "\n" for row in rows if row["label"] == "none")
    measure("review_language, harmless, repeated", half * (1_000_000 // len(half)), review_language)
    print(f"  numbers differ / baseline: {ours / baseline:.0f} times the time")


if __name__ == "__main__":
    main()
