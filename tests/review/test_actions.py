"""review_action_item: right, wrong, borderline and malformed items."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aiir_lab.records.actions import ActionItem
from aiir_lab.records.errors import AiirError
from aiir_lab.review import review_action_item
from aiir_lab.review.actions import PROBLEM_KINDS

DATA = Path(__file__).parents[2] / "datasets" / "review" / "action_items.csv"
CLOSED = date(2026, 3, 2)
GOOD = {
    "description": "Block promotion when the golden set regresses by more than 2 points",
    "owner": "Priya Nair",
    "due": "2026-04-01",
    "success_metric": "In a replay of the incident, promotion is refused within 60 s",
}


def kinds(item: object, **options: object) -> list[str]:
    return [problem.kind for problem in review_action_item(item, **options).problems]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("description", "strength"),
    [
        ("Remove the manual promotion path", "stronger"),
        ("Standardise on one feature store", "stronger"),
        ("Block promotion when the golden set regresses", "stronger"),
        ("Auto-rollback when precision < 0.9", "stronger"),
        ("Make the loader refuse files with unknown keys", "stronger"),
        ("No prompt merges without a green safety evaluation", "stronger"),
        ("Add a drift alert on the label rate", "intermediate"),
        ("Add a dashboard of recall by slice", "intermediate"),
        ("Introduce a release checklist", "intermediate"),
        ("Require a second reviewer's sign-off on threshold changes", "intermediate"),
        ("Add a redundant weather data source", "intermediate"),
        ("Use a read-back at shift handover", "intermediate"),
        ("Double check the threshold before each merge", "weaker"),
        ("Put a warning label on the bulk-ban button", "weaker"),
        ("Issue a new policy on model releases", "weaker"),
        ("Train the moderators on the new labels", "weaker"),
        ("Write a wiki page about feature freshness", "weaker"),
        ("Investigate why recall fell", "weaker"),
        ("Ask engineers to be careful with thresholds", "weaker"),
    ],
)
def test_strength_follows_the_hierarchy(description: str, strength: str) -> None:
    assert review_action_item(description).strength == strength


@pytest.mark.parametrize(
    "bait",
    [
        "Architect the training curriculum",
        "Implement a reminder email",
        "Automate the weekly reminder",
        "Remind engineers to use the promotion gate",
        "Prevent wrong merges by reminding the team to check twice",
        "Engineer a culture of quality",
    ],
)
def test_strong_words_do_not_make_a_strong_action(bait: str) -> None:
    review = review_action_item(bait)
    assert review.strength == "weaker"
    assert review.alternative


def test_documenting_a_forcing_function_is_no_forcing_function() -> None:
    assert review_action_item("Document the forcing function").strength != "stronger"


def test_several_clauses_take_the_strongest_mechanism_delivered() -> None:
    review = review_action_item("Train the team and block promotion on schema drift")
    assert review.strength == "stronger"
    assert "several_actions" in [problem.kind for problem in review.problems]


def test_a_complete_item_is_smart_and_needs_no_alternative() -> None:
    review = review_action_item(GOOD, incident_closed=CLOSED)
    assert review.is_smart
    assert review.problems == ()
    assert review.alternative is None


def test_the_record_and_the_mapping_are_judged_alike() -> None:
    item = ActionItem(**GOOD)
    assert review_action_item(item, incident_closed=CLOSED) == review_action_item(
        GOOD, incident_closed=CLOSED
    )


@pytest.mark.parametrize(
    ("field", "value", "kind"),
    [
        ("owner", None, "no_owner"),
        ("owner", "Data Platform team", "no_owner"),
        ("owner", "everyone", "no_owner"),
        ("owner", "TBD", "no_owner"),
        ("owner", "Ana and Tom", "no_owner"),
        ("due", None, "no_due_date"),
        ("due", "next sprint", "no_due_date"),
        ("due", "Q3 2026", "no_due_date"),
        ("due", "2026-02-30", "no_due_date"),
        ("due", "2026-02-01", "due_before_incident"),
        ("success_metric", None, "no_metric"),
        ("success_metric", "fewer incidents", "no_metric"),
        ("success_metric", "better quality", "no_metric"),
        ("success_metric", "Gate implemented", "circular_metric"),
        ("success_metric", "The training has been delivered", "circular_metric"),
        ("success_metric", "Ticket closed by 2026-04-01", "circular_metric"),
        ("description", "Improve monitoring", "not_bounded"),
        ("description", "Be more careful with thresholds", "not_bounded"),
        ("description", "Make the pipeline more robust", "not_bounded"),
        ("description", "Continue to watch the model", "not_bounded"),
        ("description", "Block promotion on drift and retrain the reviewers", "several_actions"),
        ("description", "1. Disable the cron job 2. Add an alert on label age", "several_actions"),
        ("description", "Add an alert on label age; write a rollback runbook", "several_actions"),
    ],
)
def test_one_slip_gives_exactly_its_problem(field: str, value: str | None, kind: str) -> None:
    assert kinds({**GOOD, field: value}, incident_closed=CLOSED) == [kind]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("owner", "fraud platform lead"),
        ("owner", "Ana Kowalska (SRE team)"),
        ("owner", "Kowalska, A."),
        ("owner", "Head of Trust & Safety"),
        ("owner", "@priya"),
        ("due", date(2026, 4, 1)),
        ("due", datetime(2026, 4, 1, 9, tzinfo=UTC)),
        ("due", "1 April 2026"),
        ("due", "April 1, 2026"),
        ("due", CLOSED),
        ("success_metric", "0 manual promotions in the April audit"),
        ("success_metric", "The test fails on the commit that caused the incident"),
        ("success_metric", "Every model in production has a signed manifest"),
        ("success_metric", "Gate live on 14 of 14 services"),
        ("description", "Design and ship the promotion gate"),
        ("description", "Build the gate and deploy it"),
        ("description", "Improve recall on night images from 0.71 to 0.85"),
        ("description", "Add a gate to block bad rows and page the owner"),
    ],
)
def test_borderline_values_that_are_fine(field: str, value: object) -> None:
    assert kinds({**GOOD, field: value}, incident_closed=CLOSED) == []


def test_a_target_in_the_description_is_a_measure_but_a_trigger_is_none() -> None:
    bare = {**GOOD, "success_metric": None}
    assert (
        kinds({**bare, "description": "Cut time to detect from 52 h to under 4 h with a label alert"}) == []
    )
    assert kinds({**bare, "description": "Roll back automatically when precision < 0.9"}) == ["no_metric"]


def test_fields_are_read_out_of_one_line() -> None:
    line = "Block promotion on drift. Owner: Priya Nair; due: 2026-04-01; metric: 0 drifted models in May"
    assert review_action_item(line, incident_closed="2026-03-02").is_smart


def test_a_due_date_is_proposed_from_the_days_that_are_known() -> None:
    item = {**GOOD, "due": None}
    [problem] = review_action_item(item, today="2026-05-01").problems
    assert "2026-05-31" in problem.suggestion
    [problem] = review_action_item(item, incident_closed="2026-03-02", today="2026-05-01").problems
    assert "2026-04-01" in problem.suggestion


@pytest.mark.parametrize(
    "item",
    [None, 3, ["Block promotion"], {}, {"owner": "Ana"}, {"description": 5}, {**GOOD, "due": 20260401}],
)
def test_what_is_no_action_item_is_refused_in_words(item: object) -> None:
    with pytest.raises(AiirError, match="review_action_item"):
        review_action_item(item)


def test_a_date_argument_that_is_no_date_is_refused() -> None:
    with pytest.raises(AiirError, match="incident_closed"):
        review_action_item(GOOD, incident_closed="soon")


@pytest.mark.parametrize("words", ["", "   ", "🔥🔥", "...", "!!!\n\n"])
def test_nothing_to_do_is_not_bounded_and_weak(words: str) -> None:
    review = review_action_item({**GOOD, "description": words})
    assert review.strength == "weaker"
    assert [problem.kind for problem in review.problems] == ["not_bounded"]


def test_a_very_long_text_is_judged() -> None:
    assert review_action_item("Block promotion when drift rises. " * 3_000).strength == "stronger"


@settings(max_examples=150, deadline=None)
@given(
    st.fixed_dictionaries(
        {
            "description": st.text(max_size=200),
            "owner": st.none() | st.text(max_size=40),
            "due": st.none() | st.text(max_size=20) | st.dates(),
            "success_metric": st.none() | st.text(max_size=120),
        }
    ),
    st.none() | st.dates(),
)
def test_any_text_gives_a_review(item: dict[str, object], closed: date | None) -> None:
    review = review_action_item(item, incident_closed=closed)
    assert review.strength in ("stronger", "intermediate", "weaker")
    assert (review.alternative is not None) == (review.strength == "weaker")
    for problem in review.problems:
        assert problem.kind in PROBLEM_KINDS
        assert problem.message
        assert problem.suggestion
        assert problem.end <= len(str(item["description"]))


def test_accuracy_on_the_labelled_items_holds() -> None:
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    right = hits = flagged = wanted = 0
    for row in rows:
        review = review_action_item(row, incident_closed=row["incident_closed"])
        right += review.strength == row["strength"]
        gold, got = bool(row["problems"]), not review.is_smart
        hits, flagged, wanted = hits + (gold and got), flagged + got, wanted + gold
    assert right / len(rows) >= 0.9
    assert 2 * hits / (flagged + wanted) >= 0.93
