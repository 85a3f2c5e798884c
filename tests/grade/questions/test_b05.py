"""Questions of beginner lesson 5, with right, wrong, partial, malformed and untouched answers."""

from __future__ import annotations

from typing import Any

import pytest

from aiir_lab.grade.bank import load_question, questions_of
from aiir_lab.grade.question import Verdict

# as the desk returns it, newest post first; of the many fields only a few
POSTS = {
    "investigating": (
        "14:00",
        "Since 13:46 UTC about one in six card payments from Portugal is declined. "
        "Buyers can pay by bank transfer. We are investigating. Next update by 14:30 UTC.",
    ),
    "identified": (
        "14:25",
        "A change on our side led to the declined card payments from Portugal. We undid it at 14:20 UTC; "
        "fewer payments are declined now. Next update by 14:50 UTC.",
    ),
    "monitoring": (
        "14:50",
        "Since 14:31 UTC card payments from Portugal are declined no more often than usual. We are watching "
        "whether it stays so. Next update by 15:20 UTC.",
    ),
    "resolved": (
        "15:15",
        "Card payments from Portugal work as usual since 14:31 UTC. 2,310 payments were declined in error. "
        "None was charged, and buyers can pay again.",
    ),
}
STAGES = list(POSTS)


def incident(
    last: str = "resolved",
    *,
    texts: dict[str, str] | None = None,
    times: dict[str, str] | None = None,
    without: tuple[str, ...] = (),
    state: str | None = None,
    name: str = "Card payments from Portugal are declined more often",
    component: str = "Fraud scoring",
) -> dict[str, Any]:
    """What the desk returns after the post of the stage ``last``."""
    told = [stage for stage in STAGES[: STAGES.index(last) + 1] if stage not in without]
    posts = [
        {
            "id": stage,
            "status": stage,
            "body": (texts or {}).get(stage, POSTS[stage][1]),
            "created_at": f"2026-03-02T{(times or {}).get(stage, POSTS[stage][0])}:00.000Z",
        }
        for stage in told
    ]
    state = state or ("operational" if last == "resolved" else "partial_outage")
    return {
        "id": "x1",
        "name": name,
        "status": last,
        "components": [{"id": "c1", "name": component, "status": state}],
        "incident_updates": posts[::-1],
    }


def judge(stage: str, answer: Any) -> Verdict:
    return load_question("b05-first" if stage == "investigating" else f"b05-{stage}").judge(answer)


def missed(stage: str, answer: Any) -> list[str]:
    return [result.text for result in judge(stage, answer).results if not result.is_held]


@pytest.mark.parametrize("stage", STAGES)
def test_right_answers_earn_all(stage: str) -> None:
    assert missed(stage, incident(stage)) == []
    assert judge(stage, incident(stage)).is_full


@pytest.mark.parametrize("question", list(questions_of("b05")))
def test_untouched_and_malformed(question: str) -> None:
    assert not load_question(question).judge(None).is_attempted
    for malformed in ("resolved", 3, {"name": "x"}, [incident()], {"name": "x", "status": "resolved"}):
        verdict = load_question(question).judge(malformed)
        assert verdict.is_attempted
        assert verdict.score <= 0.25 * verdict.points


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"state": "operational"}, "The state of that component"),
        ({"state": "major_outage"}, "The state of that component"),
        ({"component": "Assistant"}, "It names the one component"),
        ({"name": "fs-41 declines too much, probably the vendor's feed"}, "The title says the symptom"),
        ({"texts": {"investigating": POSTS["investigating"][1].replace("14:30", "15:30")}}, "It promises"),
        (
            {
                "texts": {
                    "investigating": "We are investigating an issue at the moment. Next update by 14:30 UTC."
                }
            },
            "The text says who is affected",
        ),
        (
            {
                "texts": {
                    "investigating": POSTS["investigating"][1] + " It is probably our vendor's address feed."
                }
            },
            "Nothing in it will have to be taken back",
        ),
    ],
    ids=["green", "red", "component", "title", "late", "no impact", "bet"],
)
def test_a_slip_in_the_first_post_costs_its_point(change: dict[str, Any], expected: str) -> None:
    found = missed("investigating", incident("investigating", **change))
    assert any(text.startswith(expected) for text in found), found
    assert judge("investigating", incident("investigating", **change)).score >= 5


@pytest.mark.parametrize("stage", STAGES[1:])
def test_a_late_post_breaks_the_promise_before_it(stage: str) -> None:
    late = incident(stage, times={stage: "15:40"})
    assert missed(stage, late)[0] == "It comes by the time that the post before it promised"


def test_a_promise_across_midnight_is_kept() -> None:
    texts = {
        "investigating": POSTS["investigating"][1].replace("14:30", "00:15"),
        "identified": POSTS["identified"][1].replace("14:50", "00:25"),
    }
    times = {"investigating": "23:50", "identified": "23:59"}
    assert missed("identified", incident("identified", texts=texts, times=times)) == []


@pytest.mark.parametrize("stage", ["monitoring", "resolved"])
def test_a_stage_left_out_is_named(stage: str) -> None:
    verdict = judge(stage, incident(stage, without=("identified",)))
    assert "Not told: identified" in verdict.results[0].message


def test_the_last_post_owes_figures_and_an_answer_about_the_money() -> None:
    vague = incident(
        texts={"resolved": "Card payments from Portugal work as usual since 14:31 UTC. It is over."}
    )
    assert missed("resolved", vague) == ["The last post says what remains for those who were hit"]
    assert "The page shows the component as operational again" in missed(
        "resolved", incident(state="partial_outage")
    )
