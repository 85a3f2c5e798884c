"""review_status_update: each kind on its own, what is left alone, and malformed input."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aiir_lab.records.communication import Stage
from aiir_lab.records.errors import AiirError
from aiir_lab.review import review_status_update
from aiir_lab.review.status import PROBLEM_KINDS, STAGES

DATA = Path(__file__).parents[2] / "datasets" / "review" / "status_updates.csv"
IMPACT = "Since 09:10 UTC some customers cannot pay by card."
NEXT = "Next update by 09:40 UTC."


def kinds(text: str, stage: str = "investigating") -> set[str]:
    return {problem.kind for problem in review_status_update(text, stage=stage).problems}


@pytest.mark.parametrize("stage", STAGES)
def test_a_plain_update_is_ok(stage: str) -> None:
    review = review_status_update(f"{IMPACT} We are looking into it. {NEXT}", stage=stage)
    assert review.ok
    assert review.problems == ()


@pytest.mark.parametrize(
    ("addition", "kind"),
    [
        ("We think a network change is the cause.", "speculation"),
        ("This may be caused by a recent release.", "speculation"),
        ("It appears to be related to last night's retraining.", "speculation"),
        ("Our vendor broke it.", "blame"),
        ("This is due to an engineer's mistake.", "blame"),
        ("The operations team forgot to renew a certificate.", "blame"),
        ("The p99 of the API is up.", "jargon"),
        ("Several pods were OOM killed.", "jargon"),
        ("The model's AUC fell.", "jargon"),
        ("It will be fixed by 3pm.", "overpromise"),
        ("We guarantee a swift recovery.", "overpromise"),
        ("This will never happen again.", "overpromise"),
        ("The trouble is on payments-db-03.prod.internal.", "leaks_internal"),
        ("Requests to 10.24.7.19 fail.", "leaks_internal"),
        ("See OPS-4471 for details.", "leaks_internal"),
        ("We reverted commit 4f9c2ab.", "leaks_internal"),
        ("It is just a small hiccup.", "minimises"),
        ("There is nothing to worry about.", "minimises"),
        ("Only a handful of customers are affected.", "minimises"),
    ],
)
def test_one_slip_gives_exactly_its_kind_and_place(addition: str, kind: str) -> None:
    text = f"{IMPACT} {addition} {NEXT}"
    review = review_status_update(text)
    assert {problem.kind for problem in review.problems} == {kind}
    assert all(
        len(IMPACT) < problem.start < problem.end <= len(IMPACT) + 1 + len(addition)
        for problem in review.problems
    )


def test_what_is_missing_stands_at_the_end() -> None:
    text = "We are working on a problem."
    problems = review_status_update(text).problems
    assert {problem.kind for problem in problems} == {"no_impact", "no_next_update"}
    assert all(problem.start == problem.end == len(text) for problem in problems)


def test_a_resolved_incident_needs_no_next_update() -> None:
    text = "Card payments work again. Some customers could not pay between 09:10 and 09:40 UTC."
    assert kinds(text, "resolved") == set()
    assert kinds(text, "monitoring") == {"no_next_update"}


@pytest.mark.parametrize(
    "text",
    [
        f"Some customers may see errors when they pay. {NEXT}",
        f"Customers may be unable to download invoices; we do not know yet how many are affected. {NEXT}",
        f"{IMPACT} We have confirmed that a change on our side caused this and are undoing it. {NEXT}",
        f"{IMPACT} We expect to finish reloading this afternoon. {NEXT}",
        f"About 4 % of members cannot pay by card. {NEXT}",
        f"Some sellers were suspended wrongly; we are restoring them. {NEXT}",
    ],
)
def test_honest_words_are_left_alone(text: str) -> None:
    assert kinds(text) == set()


def test_news_without_a_time_is_no_next_update() -> None:
    assert kinds(f"{IMPACT} We will update you as soon as possible.") == {"no_next_update"}


def test_the_stage_of_the_records_is_accepted() -> None:
    assert review_status_update(f"{IMPACT} {NEXT}", stage=Stage.IDENTIFIED).ok


@pytest.mark.parametrize("stage", ["", "fixed", "Resolved", None, 3])
def test_an_unknown_stage_names_the_known_ones(stage: object) -> None:
    with pytest.raises(AiirError, match="investigating, identified, monitoring, resolved"):
        review_status_update(IMPACT, stage=stage)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", [None, 5, ["x"]])
def test_what_is_no_text_is_refused_in_words(text: object) -> None:
    with pytest.raises(AiirError, match="review_status_update"):
        review_status_update(text)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "   ", "🔥", "\n\n"])
def test_an_empty_update_lacks_everything(text: str) -> None:
    assert kinds(text) == {"no_impact", "no_next_update"}


def test_a_very_long_text_is_judged() -> None:
    assert not review_status_update(f"{IMPACT} It is just a small hiccup. " * 1_500).ok


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300), st.sampled_from(STAGES))
def test_any_text_gives_a_review(text: str, stage: str) -> None:
    review = review_status_update(text, stage=stage)
    assert review.ok == (not review.problems)
    for problem in review.problems:
        assert problem.kind in PROBLEM_KINDS
        assert 0 <= problem.start <= problem.end <= len(text)


def test_accuracy_on_the_labelled_updates_holds() -> None:
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    hits = flagged = wanted = 0
    for row in rows:
        gold, got = set(row["problems"].split()), kinds(row["text"], row["stage"])
        hits, flagged, wanted = hits + len(gold & got), flagged + len(got), wanted + len(gold)
    assert 2 * hits / (flagged + wanted) >= 0.9
