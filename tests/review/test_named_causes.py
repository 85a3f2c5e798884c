"""A person as the cause, in the structures that say so, each beside a harmless sentence of the same words."""

from __future__ import annotations

import pytest

from aiir_lab.review import review_language


@pytest.mark.parametrize(
    ("accuses", "harmless"),
    [
        (
            "It was Omar's change that brought the service down.",
            "It was Omar's note that led us to the cause.",
        ),
        ("What broke the join was Ines's rewrite.", "What broke the join was a new unit."),
        ("The vendor is responsible for the stale feed.", "The vendor is responsible for the nightly feed."),
        ("Responsible for the outage: the late shift.", "Responsible for the follow-up: the late shift."),
        ("The losses trace back to a planner in Lima.", "The job traces back to a table from 2018."),
        ("Behind the false alarms stands the agency.", "Behind the false alarms stands a full disk."),
        ("This outage has one author, the deputy.", "This handbook has one author, the deputy."),
        ("A push by the trainee caused the crash.", "A push by the trainee is reviewed like any other."),
        ("Contributing factor no. 2: our contractor.", "Contributing factor no. 2: no alert on age."),
        ("The sourcing team is why the model is biased.", "The sourcing team is why we could test early."),
        ("Without Ines's edit there would be no incident.", "Without Ines's edit nobody would have seen it."),
        ("The outage began with a clerk.", "The drill began with a clerk."),
        ("Raj took out the whole region.", "Raj took the site offline to protect customers."),
        ("All fingers point at the network squad.", "Two charts point at the network squad's cluster."),
        ("On-call, who approved it?", "Who was on call on Monday? Ana."),
    ],
)
def test_the_structure_tells_accusation_from_report(accuses: str, harmless: str) -> None:
    assert review_language(accuses)
    assert review_language(harmless) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Payments were held by mistake.",
        "We did not know which partners had the old file.",
        "Support could not tell who was affected.",
        "How does a reviewer get to see the holdout results?",
        "How could we have made it visible to the nurse?",
        "It is nobody's fault that the sensor froze.",
        "Sofia brought the error rate down with a hotfix.",
        "The test was introduced by Tomas in March.",
    ],
)
def test_reports_of_not_knowing_and_of_relief_accuse_nobody(sentence: str) -> None:
    assert review_language(sentence) == []
