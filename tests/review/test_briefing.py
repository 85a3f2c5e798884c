"""Judging a briefing: a whole one holds, and each slip is found."""

from __future__ import annotations

from typing import Any

import pytest

from aiir_lab.records import AiirError, Briefing
from aiir_lab.review import review_briefing

GOOD = {
    "id": "moderation",
    "title": "Harmful outputs during the news, and what we ask for",
    "what_happened": "For 10 days from 29 May our assistant showed 5,277 harmful outputs on one news story. "
    "Users reported them from the first hour, and a person took up the alert 82 hours after the news.",
    "causes": "Several conditions met. The filter was trained on data that were 285 days old, no test "
    "attack had run for 239 days, and the alert went to a mailbox. A monthly attack on our own filter "
    "alone would have avoided about 63% of the harm.",
    "plan": "Running the same days again, four changes bring 5,277 harmful outputs down to 1,800. They also "
    "withhold 350 harmless outputs, which we think is a fair price.",
    "ask": "We ask you to approve EUR 120,000 and 2 engineers for one year, and to decide by 30 June.",
    "risk_left": "About 1,800 harmful outputs would remain, most of them in the first hours before any "
    "report arrives. The head of trust and safety accepts this remainder in writing.",
    "measures": "Time from news to a person at work: below 30 minutes, tried in a drill every month. You see "
    "the figure each quarter.",
}


def briefing(**changes: Any) -> Briefing:
    return Briefing.from_dict(GOOD | changes)


def test_a_whole_one_holds() -> None:
    review = review_briefing(briefing())
    assert review.findings == ()
    assert review.score == 1
    assert "100%" in review.to_markdown()


@pytest.mark.parametrize(
    ("changes", "open_line"),
    [
        (
            {"what_happened": "Our assistant showed harmful outputs on one news story for days."},
            "what_happened",
        ),
        ({"causes": None}, "causes"),
        ({"plan": "It will be much better after four changes."}, "plan"),
        ({"ask": "We ask you to approve more people by 30 June."}, "ask"),
        ({"ask": "It costs EUR 120,000 until 30 June."}, "ask"),
        ({"ask": "We ask you to approve EUR 120,000."}, "ask"),
        ({"risk_left": "About 1,800 harmful outputs remain."}, "risk_left"),
        ({"measures": "Below 30 minutes."}, "measures"),
        ({"plan": GOOD["plan"] + " Recall and Shapley shares improve."}, "plain"),
        ({"causes": GOOD["causes"] + " The engineer should have been more careful."}, "blameless"),
        ({"plan": GOOD["plan"] * 12}, "length"),
    ],
)
def test_each_slip_is_found(changes: dict[str, Any], open_line: str) -> None:
    review = review_briefing(briefing(**changes))
    assert [name for name, holds in review.held.items() if not holds] == [open_line]
    assert "○ open" in review._repr_html_()


def test_nothing_written_holds_nothing() -> None:
    assert review_briefing(Briefing(id="x", title="X")).score == 0
    with pytest.raises(AiirError, match="expected a Briefing, got dict"):
        review_briefing(GOOD)  # type: ignore[arg-type]
