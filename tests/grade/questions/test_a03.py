"""Questions of advanced lesson 3, with right, wrong, partial, malformed and untouched answers."""

from __future__ import annotations

from typing import Any

import pytest

from aiir_lab.catalog import load_playbook
from aiir_lab.grade.bank import load_question, questions_of
from aiir_lab.grade.questions.a03 import DETECTED, SITUATIONS, draft, exercise_of
from aiir_lab.records import Playbook
from aiir_lab.review import rmf_coverage

SHOWN = {
    "outdated_filter": "MANAGE 4.2",
    "no_red_teaming": "MEASURE 2.7",
    "delayed_alert": "MEASURE 2.4",
    "nobody_may_switch_off": "MANAGE 2.4",
    "no_topic_review": "MAP 3.5",
}
WHY = {
    "outdated_filter": "No continual improvement was built into updates: one filter stood on an old snapshot",
    "no_red_teaming": "Nobody evaluated the security of the filter: red_team_runs has no new spellings",
    "delayed_alert": "Behaviour in production was monitored by a nightly sum; the alerts went to a mailbox",
    "nobody_may_switch_off": "No responsibility was assigned to switch the topic off: on-call had to ask",
    "no_topic_review": "No human oversight was defined for outputs on a trending topic, whatever the views",
}
ANSWERED = ["MANAGE 4.2", "MEASURE 2.7", "MEASURE 2.4", "MANAGE 2.4"]
ATLAS = {"red_team_set": "AML.M0003", "spelling_normaliser": "m0010"}


def mapping(
    shown: dict[str, str] = SHOWN, plan: list[str] = ANSWERED, why: dict[str, str] = WHY
) -> dict[str, Any]:
    covered = rmf_coverage(incident=shown.values(), plan=plan)
    rows = {factor: {"rmf": id, "why": why[factor]} for factor, id in shown.items()}
    open_ones = {"unanswered": covered.unanswered, "gaps": covered.gaps}
    return {"incident": rows, "plan": plan, "atlas": ATLAS} | open_ones


def mended() -> dict[str, Any]:
    """The draft, mended as in the lesson."""
    data = draft().to_dict()
    steps = {task["id"]: task for task in data["tasks"]}
    data["office_hours"] = ["product"]
    data["updates"] |= {"every_min": 20}
    data["decisions"][0] |= {"role": "on_call", "fallback": "incident_commander"}
    steps["save-evidence"] |= {"role": "on_call", "from_min": 0, "by_min": 10}
    steps["stop-spread"] |= {"depends_on": ["save-evidence"], "controls": ["on_call_switch", "kill_switch"]}
    steps["mend-filter"] |= {"by_min": 90, "controls": ["spelling_normaliser", "input_provenance"]}
    steps["answer-press"] |= {"from_min": 20}
    words = "Thank you for telling us. We have limited the topic, and we will write to you by TIME UTC."
    support = {"id": "tell-agents", "role": "customer_support", "from_min": 60, "by_min": 75}
    notice = {"id": "tell-dpa", "role": "legal", "from_min": 60, "by_min": 1_440, "what": "Ask counsel"}
    data["tasks"] += [
        support | {"what": "Give every agent the answer", "template": words},
        notice | {"answers_clock": "gdpr-33", "decision": "report-outside"},
    ]
    return data


def without(id: str) -> dict[str, Any]:
    data = mended()
    data["tasks"] = [task for task in data["tasks"] if task["id"] != id]
    return data


def changed(id: str, **fields: Any) -> dict[str, Any]:
    data = mended()
    data["tasks"] = [task | fields if task["id"] == id else task for task in data["tasks"]]
    return data


@pytest.fixture(scope="module")
def right() -> dict[str, Any]:
    here, there = (exercise_of(draft(), name) for name in DETECTED)
    went = here.to_frame().dropna(subset="control")
    latest = went["late_min"].idxmax()
    return {
        "a03-mapping": mapping(),
        "a03-clocks": dict(SITUATIONS),
        "a03-breaks": {
            "latest_task": latest,
            "begins_after_hours": went.at[latest, "start_min"] / 60,
            "price": here.harm_with - here.harm_at_once,
            "does_nothing": [found.field for found in there.findings if found.kind == "unknown_control"],
        },
        "a03-playbook": mended(),
    }


def missed(question: str, answer: Any) -> list[str]:
    return [result.text for result in load_question(question).judge(answer).results if not result.is_held]


@pytest.mark.parametrize("question", list(questions_of("a03")))
def test_right_untouched_and_malformed(question: str, right: dict[str, Any]) -> None:
    judged = load_question(question)
    assert missed(question, right[question]) == []
    assert not judged.judge(None).is_attempted
    for malformed in ("playbook", 3, [1, 2], {"x": {"y": 1}}):
        assert judged.judge(malformed).score == 0


def test_the_draft_breaks_as_the_lesson_says(right: dict[str, Any]) -> None:
    answer = right["a03-breaks"]
    # Sunday 06:00 to Monday 09:00, by hand
    assert answer["latest_task"] == "stop-spread"
    assert answer["begins_after_hours"] == 27
    assert answer["price"] > 0
    assert sorted(answer["does_nothing"]) == ["mend-filter", "stop-spread"]


def test_an_unknown_id_is_named_with_the_nearest() -> None:
    answer = mapping()
    answer["incident"]["delayed_alert"]["rmf"] = "MEASURE 2.44"
    verdict = load_question("a03-mapping").judge(answer)
    said = next(result.message for result in verdict.results if "delayed alert" in result.text)
    assert "MEASURE 2.4" in said


def test_one_id_for_everything_earns_little() -> None:
    same = dict.fromkeys(SHOWN, "MANAGE 4.1")
    assert len(missed("a03-mapping", mapping(same, ["MANAGE 4.1"]))) >= 4


PLAN = "The plan lists those of your ids that its four controls answer, and no other"
REASON = "Each reason says what the subcategory asks for and where it was missing here"


def test_ids_beyond_what_the_plan_answers_cost() -> None:
    assert missed("a03-mapping", mapping(plan=[*ANSWERED, "GOVERN 1.1"])) == [PLAN]
    assert PLAN in missed("a03-mapping", mapping(plan=list(SHOWN.values())))
    assert PLAN in missed("a03-mapping", mapping(plan=ANSWERED[:3]))


@pytest.mark.parametrize(
    "why",
    [
        "",
        "It fits.",
        "Monitor the system's and its components' behaviour in production.",  # the description, copied
        "The alerts of the nightly rule went to a mailbox that nobody reads on a weekend",  # no framework
        "Behaviour in production was monitored badly, and someone has to care more about quality",  # nowhere
        WHY["no_topic_review"],
    ],
)
def test_a_guess_without_a_reason_costs(why: str) -> None:
    assert missed("a03-mapping", mapping(why=WHY | {"delayed_alert": why})) == [REASON]


@pytest.mark.parametrize(
    "atlas",
    [
        {},
        ATLAS | {"red_team_set": "AML.M0005"},
        ATLAS | {"alert_routing": "AML.M0024"},
        ATLAS | {"safe_mode": "AML.M0020"},
        ATLAS | {"red_team_set": "AML.M0099"},
    ],
)
def test_wrong_mitigations_cost_their_point(atlas: dict[str, str]) -> None:
    assert len(missed("a03-mapping", mapping() | {"atlas": atlas})) == 1


def test_the_fraud_trap_costs_its_point() -> None:
    wrong = dict(SITUATIONS) | {"bank_fraud_model": "ai-act-73-2"}
    assert missed("a03-clocks", wrong) == ["The clock to ask about first: bank fraud model"]
    assert len(missed("a03-clocks", dict.fromkeys(SITUATIONS, "gdpr-33"))) == len(SITUATIONS) - 1


def test_another_teams_playbook_is_no_mended_draft() -> None:
    verdict = load_question("a03-playbook").judge(load_playbook("moderation").to_dict())
    assert verdict.score <= 2


def test_the_draft_as_it_was_earns_little() -> None:
    assert load_question("a03-playbook").judge(draft().to_dict()).score <= 3


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (without("answer-press"), "Every task of the draft is still there"),
        (without("tell-agents"), "ML engineers, legal, communications and customer support all have"),
        (changed("tell-agents", template="Soon."), "Support is handed something"),
        (without("tell-dpa"), "Nothing breaks in moderation_failure"),
        (changed("stop-spread", controls=["on_call_switch"]), "Nothing breaks in assistant_injection"),
        (changed("mend-filter", controls=["input_provenance"]), "It avoids at least 35%"),
        (changed("stop-spread", controls=["safe_mode", "kill_switch"]), "At most 500 innocent outputs"),
    ],
    ids=["lost", "support", "words", "clock", "other world", "too little", "silent"],
)
def test_a_slip_in_the_playbook_costs_its_point(answer: dict[str, Any], expected: str) -> None:
    assert Playbook.from_dict(answer)
    assert any(text.startswith(expected) for text in missed("a03-playbook", answer))
