"""The words that weigh beside the language rules: reproducible, explained, light, and worth having."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from aiir_lab.review import review_language
from aiir_lab.review.fitting import differences
from aiir_lab.review.language.fitting import DATA as KEPT
from aiir_lab.review.language.fitting import FILES, Row, fit, main, read_rows
from aiir_lab.review.language.reviewing import review_sentences
from aiir_lab.review.language.rules import KINDS
from aiir_lab.review.language.weights import MIN_WORDS
from aiir_lab.review.linear import Linear

DATA = Path(__file__).parents[2] / "datasets" / "review"


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return read_rows(DATA)


def test_the_kept_weights_are_those_of_the_data() -> None:
    assert main([str(DATA), "--check"]) == 0


def test_the_check_fails_on_other_data(rows: list[Row]) -> None:
    fitted = fit(rows[::4])
    assert set(fitted) == {KEPT / "accuses.json", KEPT / "kinds.json"}
    assert all(differences(Linear.read(path), model) for path, model in fitted.items())


def test_plain_prose_is_plain_and_named_once() -> None:
    with DATA.joinpath(FILES[1]).open(encoding="utf-8", newline="") as file:
        plain = list(csv.DictReader(file))
    assert list(plain[0]) == ["id", "text", "source"]
    assert len({row["id"] for row in plain}) == len({row["text"] for row in plain}) == len(plain) > 2000
    by_words = [row for row in plain if {f.rule for f in review_language(row["text"])} == {"words"}]
    assert len(by_words) <= 0.002 * len(plain)


def test_words_fitted_without_a_list_find_what_the_rules_miss(rows: list[Row]) -> None:
    """No rule was mended with this list, so both are asked about text that they have not seen."""
    fitted = tuple(fit([row for row in rows if row["split"] != "challenge12"]).values())
    left_out = [row for row in rows if row["split"] == "challenge12"]

    def f1(words: bool) -> float:
        says = [bool(review_sentences(row["text"], words, fitted)) for row in left_out]
        accuses = [row["label"] != "none" for row in left_out]
        return 2 * sum(a and b for a, b in zip(says, accuses, strict=True)) / (sum(says) + sum(accuses))

    assert f1(words=True) >= 0.85
    assert f1(words=True) > f1(words=False)


def test_a_finding_of_words_names_them_and_can_be_left_out(rows: list[Row]) -> None:
    found = [
        (row, finding)
        for row in rows
        if row["label"] != "none"
        for finding in review_language(row["text"])
        if finding.rule == "words"
    ]
    assert len(found) > 50
    right = sum(finding.kind in {row["label"], *row["also"].split(";")} for row, finding in found)
    assert right >= 0.9 * len(found)
    for row, finding in found:
        quoted = finding.message.split("blame (", 1)[1].split("):")[0]
        assert quoted.count("“") >= 1
        assert finding.kind in KINDS
        assert finding.suggestion
        assert finding.of(row["text"]) in row["text"]
        assert all(other.rule != "words" for other in review_language(row["text"], words=False))


def test_short_sentences_are_left_to_the_rules(rows: list[Row]) -> None:
    for row in rows:
        if len(row["text"].split()) < MIN_WORDS - 1:
            assert all(finding.rule != "words" for finding in review_language(row["text"]))


def test_judging_imports_no_scikit_learn() -> None:
    code = (
        "import sys; from aiir_lab.review import review_language; "
        "review_language('The desk that never sleeps took two hours, allegedly, to look up.'); "
        "print('sklearn' in sys.modules, 'scipy' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.split() == ["False", "False"]
