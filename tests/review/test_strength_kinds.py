"""Kinds of action that a fresh list showed to be judged by their words and not by what they do."""

import pytest

from aiir_lab.review.actions.strength import judge_strength


@pytest.mark.parametrize(
    ("description", "strength"),
    [
        ("Open a distribution list for threshold changes", "weaker"),
        ("Start a mailing list about model releases", "weaker"),
        ("Rename the staging and production tables so that they cannot be mixed up", "intermediate"),
        ("Move the label cleaning into one shared service", "stronger"),
        ("Keep an allow list of trusted feeds that rejects every other feed", "stronger"),
    ],
)
def test_strength_follows_what_the_action_does(description: str, strength: str) -> None:
    assert judge_strength(description).strength == strength
