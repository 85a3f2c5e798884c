"""Kinds of status problem by what an update does, in words that no list of phrases holds."""

from __future__ import annotations

import pytest

from aiir_lab.review import review_status_update

NEXT = " Next update at 14:00 UTC."


def kinds(text: str, stage: str = "identified") -> set[str]:
    return {problem.kind for problem in review_status_update(text, stage=stage).problems}


@pytest.mark.parametrize(
    "told",
    [
        "Prices show as zero for some products.",
        "Roofs of forty greenhouses stay open at night.",
        "The map leads cyclists onto the motorway.",
        "Readers get yesterday's crossword.",
    ],
)
def test_impact_needs_no_word_of_trouble(told: str) -> None:
    assert kinds(told + NEXT) == set()


@pytest.mark.parametrize(
    "said",
    [
        "We are aware of an issue and our experts are on it.",
        "The measures are working.",
        "All our systems are operating as intended again.",
        "Root cause known, patch in progress.",
    ],
)
def test_talk_of_service_and_repair_tells_no_impact(said: str) -> None:
    assert kinds(said + NEXT) == {"no_impact"}


@pytest.mark.parametrize(
    ("text", "blames"),
    [
        ("An agency delivered the wrong list, and letters went to old addresses.", True),
        ("Our courier has confirmed a delay at its depot. Parcels arrive a day late.", False),
        ("It is the airport's fault that bags are not shown.", True),
        ("A fault in our system showed wrong seats.", False),
        ("900 transfers were held by mistake. All are released.", False),
        ("Lights are out in the east. The contractor has been fined.", True),
        ("Some sellers were suspended in error. All shops are open again.", False),
        ("Refunds are late because of the bank holiday.", False),
    ],
)
def test_blame_needs_a_party_and_an_act(text: str, blames: bool) -> None:
    assert ("blame" in kinds(text + NEXT)) is blames


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Could this be an attack? Viewers see a black screen.", "speculation"),
        ("Shoppers cannot pay, which might have to do with the storm.", "speculation"),
        ("Tills work. Fingers crossed!", "speculation"),
        ("Alarms arrive on time, and they always will.", "overpromise"),
        ("A mild and short disruption affects calls.", "minimises"),
        ("Model fraud-gbm-2.14.1 is back and payments go through.", "leaks_internal"),
    ],
)
def test_other_kinds_by_class(text: str, kind: str) -> None:
    assert kind in kinds(text + NEXT)
