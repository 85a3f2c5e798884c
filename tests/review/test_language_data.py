"""The labelled sentences: well formed, balanced, split as the card says, and a floor under the judge."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from pathlib import Path

import pytest

from aiir_lab.review import review_language
from aiir_lab.review.language.join import parse
from aiir_lab.review.language.judge import judge
from aiir_lab.review.language.numbers import shape
from aiir_lab.review.language.rules import KINDS
from aiir_lab.review.language.screening import ask
from aiir_lab.review.language.text import mask, sentences

PATH = Path(__file__).parents[2] / "datasets" / "review" / "blame_language.csv"


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with PATH.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_columns_labels_and_ids(rows: list[dict[str, str]]) -> None:
    assert list(rows[0]) == ["id", "text", "label", "also", "split"]
    assert len({row["id"] for row in rows}) == len({row["text"] for row in rows}) == len(rows)
    for row in rows:
        assert row["label"] in {*KINDS, "none"}
        assert set(filter(None, row["also"].split(";"))) <= set(KINDS)
        assert row["text"] == row["text"].strip() != ""


def test_dev_and_test_are_split_by_hash(rows: list[dict[str, str]]) -> None:
    for row in rows:
        if row["split"] in {"dev", "test"}:
            digest = int(hashlib.sha256(row["id"].encode()).hexdigest(), 16)
            assert row["split"] == ("test" if digest % 10 < 4 else "dev")
        else:
            assert row["split"] in {
                "challenge",
                *(f"challenge{n}" for n in (*range(2, 8), *range(9, 21))),
                *(f"train_{n}" for n in range(1, 10)),
            }


def test_dev_and_test_are_half_harmless_and_hold_every_kind(rows: list[dict[str, str]]) -> None:
    for split in ("dev", "test"):
        labels = Counter(row["label"] for row in rows if row["split"] == split)
        assert labels["none"] >= labels.total() / 2
        assert set(labels) == {*KINDS, "none"}


def test_the_judge_stays_right_on_what_it_was_shown(rows: list[dict[str, str]]) -> None:
    """A floor, not a measure of quality: the rules were written with these sentences in view."""
    # nobody has mended a rule on these lists
    for_words = {*(f"challenge{n}" for n in range(12, 21)), *(f"train_{n}" for n in range(4, 10))}
    wrong = {row["id"] for row in rows if (row["label"] != "none") != bool(review_language(row["text"]))}
    for most_wrong, least_named, shown in (
        (0.1, 0.8, [row for row in rows if row["split"] in for_words]),
        (0.02, 0.95, [row for row in rows if row["split"] not in for_words]),
    ):
        assert sum(row["id"] in wrong for row in shown) <= most_wrong * len(shown), wrong
        accused = [row for row in shown if row["label"] != "none"]
        named = sum(row["label"] in {f.kind for f in review_language(row["text"])} for row in accused)
        assert named >= least_named * len(accused)


def test_the_quick_ways_change_no_verdict(rows: list[dict[str, str]]) -> None:
    """Neither the question asked before the grammar nor the memory of shapes turns a verdict."""
    for row in rows:
        masked = mask(row["text"])
        for start, end in sentences(masked):
            sentence = masked[start:end]
            held = judge(sentence, parse(sentence))[0] if ask(sentence).anyone else []
            assert ask(sentence).rules or not held, sentence
            in_zeros = judge(shape(sentence), parse(shape(sentence)))[0] if held else []
            assert [(a, b, rule.id) for a, b, rule in in_zeros] == [(a, b, rule.id) for a, b, rule in held]


def test_findings_keep_the_numbers_of_their_sentence() -> None:
    first, second = review_language("Ana did not check 12 dashboards.\nAna did not check 47 dashboards.")
    assert "check 12 dashboards" in first.suggestion
    assert "check 47 dashboards" in second.suggestion
    assert (first.line, second.line) == (1, 2)
    assert shape("The layer 8 problem again.") == "The layer 8 problem again."
    assert review_language("Two of 31 reviewers ignored it.")
    assert review_language("It was a layer 8 problem.")
    assert not review_language("It was a layer 7 problem.")
