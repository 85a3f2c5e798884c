"""Questions of advanced lesson 5, with right, wrong, partial, malformed and untouched answers."""

from __future__ import annotations

from typing import Any

import pytest

from aiir_lab.grade.bank import load_question, questions_of
from aiir_lab.grade.questions.a05 import ANSWERS, figures


def page(**changes: Any) -> dict[str, Any]:
    before, after = figures().before, figures().after
    fields = {
        "id": "moderation-briefing",
        "title": "Harmful outputs during the news",
        "what_happened": f"For 10 days our assistant showed {before:,.0f} harmful outputs on one news story. "
        "The first alert went to a mailbox, and was taken up more than 80 hours after the news.",
        "causes": "Several conditions met. The filter stood on data that were 285 days old, no test "
        "attack had run for 239 days, the alert woke nobody, and no rule let on-call switch a topic off.",
        "plan": f"We ran the same days again. With four changes, {before:,.0f} harmful outputs become "
        f"{after:,.0f} harmful outputs, and 349 harmless outputs are withheld.",
        "ask": "We ask you to approve EUR 180,000 and 2 engineers for one year, and to decide by 30 June.",
        "risk_left": f"About {after:,.0f} harmful outputs would remain. The head of trust and safety accepts "
        "this remainder in writing.",
        "measures": "From the news to a person at work: below 30 minutes, tried in a drill every month. "
        "You see the figure each quarter, together with the share of test prompts that get through.",
    }
    return fields | changes


def replies(**changes: dict[str, Any]) -> dict[str, Any]:
    said = {name: {"choice": letter.upper(), **figures().grounds()[name]} for name, letter in ANSWERS.items()}
    return said | changes


@pytest.fixture(scope="module")
def right() -> dict[str, Any]:
    fields = ("before", "after", "withheld", "fund_first", "left_with_first")
    return {
        "a05-figures": {name: getattr(figures(), name) for name in fields},
        "a05-briefing": page(),
        "a05-board": replies(),
    }


def missed(question: str, answer: Any) -> list[str]:
    return [result.text for result in load_question(question).judge(answer).results if not result.is_held]


@pytest.mark.parametrize("question", list(questions_of("a05")))
def test_right_untouched_and_malformed(question: str, right: dict[str, Any]) -> None:
    judged = load_question(question)
    assert missed(question, right[question]) == []
    assert not judged.judge(None).is_attempted
    for malformed in ("page", 3, [1, 2], {"x": {"y": 1}}):
        assert judged.judge(malformed).score == 0


def test_figures_of_another_plan_cost_their_points(right: dict[str, Any]) -> None:
    wrong = right["a05-figures"] | {"after": figures().before, "fund_first": "on_call_switch"}
    assert missed("a05-figures", wrong) == ["Harm with the whole plan", "The control to fund first"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"ask": "We need more people."}, "An amount, a decision that is wanted, and a date"),
        ({"risk_left": "Nothing remains."}, "What remains as a figure, and who accepts it"),
        ({"plan": "With four changes 9,000 harmful outputs become 12 outputs."}, None),
    ],
)
def test_a_slip_on_the_page_costs_its_point(changes: dict[str, Any], expected: str | None) -> None:
    found = missed("a05-briefing", page(**changes))
    assert found == ([expected] if expected else [])


def test_figures_that_nobody_measured_are_found() -> None:
    before, after = f"{figures().before:,.0f}", f"{figures().after:,.0f}"
    invented = {name: text.replace(before, "9,000").replace(after, "12") for name, text in page().items()}
    assert missed("a05-briefing", invented) == ["Its figures are those of the replay"]


def test_a_guess_earns_nothing() -> None:
    letters = {name: {"choice": letter} for name, letter in ANSWERS.items()}
    assert load_question("a05-board").judge(letters).score == 0
    for letter in "abc":
        answer = {name: {"choice": letter, **figures().grounds()[name]} for name in ANSWERS}
        assert load_question("a05-board").judge(answer).score == 1


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("promise", {"left_share": 0.5}),
        ("promise", {"left_share": 34.0}),
        ("law", {"decides": "executive"}),
        ("half", {"first": "alert_routing"}),
        ("half", {"not_avoided": 0.0}),
    ],
)
def test_a_reply_on_other_ground_earns_nothing(name: str, changes: dict[str, Any]) -> None:
    answer = replies(**{name: replies()[name] | changes})
    assert load_question("a05-board").judge(answer).score == 2
