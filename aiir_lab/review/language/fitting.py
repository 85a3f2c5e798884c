"""Fit the words' weights of :mod:`aiir_lab.review.language.weights` to the labelled sentences.

Run ``python -m aiir_lab.review.language.fitting`` after any change of ``blame_language.csv`` or
``plain_prose.csv`` under ``datasets/review``; with ``--check`` nothing is written, and the command fails
where the kept weights are not those of the data. ``--cross-validate`` prints how right each list is judged
by weights that were fitted without it, and what they make of plain prose from documents left out.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

from aiir_lab.review import fitting
from aiir_lab.review.language.parse import tag
from aiir_lab.review.language.reviewing import review_sentences
from aiir_lab.review.language.rules import KINDS
from aiir_lab.review.language.text import mask
from aiir_lab.review.language.weights import CLASSES, terms
from aiir_lab.review.linear import Linear

INVERSE_PENALTY = 20.0
"""scikit-learn's ``C``; chosen with the threshold by cross-validation."""

DATA = Path(__file__).with_name("data")
FILES = ("blame_language.csv", "plain_prose.csv")

Row = dict[str, str]


def read_rows(folder: Path) -> list[Row]:
    """Labelled sentences, then plain ones with the label "none"; documents are spread over five splits."""
    rows: list[Row] = []
    for name in FILES:
        with folder.joinpath(name).open(encoding="utf-8", newline="") as file:
            rows += csv.DictReader(file)
    for row in rows:
        if "source" in row:
            row |= {"label": "none", "split": f"plain prose {crc32(row['source'].encode()) % 5}"}
    return rows


def fit(rows: Sequence[Row]) -> dict[Path, Linear]:
    """The two models, by the file that keeps them."""
    seen = [set(terms(tag(mask(row["text"])))) for row in rows]
    labels = [CLASSES[row["label"] != "none"] for row in rows]
    accusing = [place for place, row in enumerate(rows) if row["label"] != "none"]
    return {
        DATA / "accuses.json": fitting.fit(seen, labels, CLASSES, inverse_penalty=INVERSE_PENALTY),
        DATA / "kinds.json": fitting.fit(
            [seen[place] for place in accusing],
            [rows[place]["label"] for place in accusing],
            KINDS,
            inverse_penalty=INVERSE_PENALTY,
        ),
    }


def cross_validate(rows: Sequence[Row]) -> dict[str, Counter[str]]:
    """Per list: what rules alone and with words say of sentences that the words were fitted without.

    The keys of a counter are a judge and an outcome: ``"both hit"``, ``"rules false"`` ...
    """
    found: dict[str, Counter[str]] = {}
    for name in dict.fromkeys(row["split"] for row in rows):
        fitted = tuple(fit([row for row in rows if row["split"] != name]).values())
        counts = found[name] = Counter()
        for row in (row for row in rows if row["split"] == name):
            told = {one.rule == "words" for one in review_sentences(row["text"], True, fitted)}
            says = {"rules": False in told, "both": bool(told)}
            for judge, accuses in says.items():
                if row["label"] != "none":
                    counts[f"{judge} {'hit' if accuses else 'missed'}"] += 1
                else:
                    counts[f"{judge} {'false' if accuses else 'quiet'}"] += 1
    return found


def _show(counts: Counter[str], judge: str) -> str:
    hits, false, missed = (counts[f"{judge} {outcome}"] for outcome in ("hit", "false", "missed"))
    if hits + missed:
        return f"{judge} F1 {2 * hits / (2 * hits + false + missed):.3f}"
    return f"{judge} false {false}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run as ``python -m aiir_lab.review.language.fitting [--check | --cross-validate]``; 0: all is well."""
    command = "python -m aiir_lab.review.language.fitting"
    options = fitting.read_options(command, __doc__, arguments)
    rows = read_rows(options.data)
    if options.cross_validate:
        for name, counts in cross_validate(rows).items():
            items = sum(count for key, count in counts.items() if key.startswith("both"))
            told = ", ".join(_show(counts, judge) for judge in ("rules", "both"))
            print(f"{name:13} {items:4} sentences: {told}")
        return 0
    return fitting.keep(fit(rows), check=options.check, command=command)


if __name__ == "__main__":
    raise SystemExit(main())
