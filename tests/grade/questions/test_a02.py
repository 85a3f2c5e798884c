"""Questions of advanced lesson 2, with right, wrong, partial, malformed and untouched answers."""

from __future__ import annotations

from typing import Any

import pytest

from aiir_lab.catalog.course_files import course_path
from aiir_lab.grade.bank import load_question, questions_of
from aiir_lab.grade.questions.a02 import incident, measured_evidence, shares
from aiir_lab.records import Cause, CauseGraph, Strand
from aiir_lab.review.plan.measuring import measure_plan
from aiir_lab.simulate import replay

CAUSES: dict[str, dict[str, Any]] = {
    "old-snapshot": {
        "text": "The filter stood on a snapshot of data from nine months before",
        "strand": "technical",
        "leads_to": ["problem"],
        "evidence": "filter_versions: snapshot_utc",
    },
    "no-pipeline": {
        "text": "Retraining was a set of hand-run steps without an owner or a schedule",
        "strand": "technical",
        "leads_to": ["old-snapshot"],
        "evidence": "tickets: SAF-198",
    },
    "no-red-team": {
        "text": "No release required that new spellings are tried on the filter",
        "strand": "process",
        "leads_to": ["problem"],
        "evidence": "red_team_runs: none for months",
    },
    "mailbox-alert": {
        "text": "The alert was a nightly sum that was routed to a mailbox instead of the on-call pager",
        "strand": "tooling",
        "leads_to": ["problem"],
        "evidence": "alerts: route mailbox",
    },
}
CAUSES["no-switch"] = {
    "text": "No rule allowed on-call to withhold a topic without asking",
    "strand": "process",
    "leads_to": ["problem"],
    "evidence": "decisions: outputs on the topic were shown throughout",
}
PROBLEM = "Harmful outputs on the news were shown for days"
ACTIONS = {
    "red_team_set": (
        "no-red-team",
        "Block each filter release that misses more than one in ten of the monthly red-team prompts",
        "In the replay of these days harmful impressions fall below 2,500",
    ),
    "spelling_normaliser": (
        "old-snapshot",
        "Undo digits, doubled letters and dots automatically before the filter reads",
        "Recall on the respelled test set is at least 0.8",
    ),
    "alert_routing": (
        "mailbox-alert",
        "Route the hourly alert on confirmed reports automatically to the on-call pager",
        "Time to acknowledge is below 30 minutes in the monthly drill",
    ),
    "on_call_switch": (
        "no-switch",
        "Let on-call withhold a trending topic for one day with a switch in the console",
        "In the quarterly drill the topic is withheld within 15 minutes",
    ),
}
LEARNT_FROM_A_SENTENCE = {
    "outdated_filter": 0.4,
    "no_red_teaming": 0.2,
    "delayed_alert": 0.2,
    "nobody_may_switch_off": 0.1,
    "no_topic_review": 0.1,
}


def graph(**changes: dict[str, Any] | None) -> dict[str, Any]:
    """The right graph with causes changed, added, or (None) left out."""
    causes = CAUSES | changes
    return {"problem": PROBLEM, "causes": [{"id": id, **fields} for id, fields in causes.items() if fields]}


def action(control: str, **changes: Any) -> dict[str, Any]:
    factor, description, metric = ACTIONS.get(
        control, ("old-snapshot", f"Switch {control} on automatically", "Harm falls below 2,500 impressions")
    )
    fields = {"factor": factor, "description": description, "success_metric": metric, "control": control}
    return fields | {"owner": "Filter lead", "due": "2025-07-31"} | changes


def plan(*controls: str, **changes: Any) -> dict[str, Any]:
    names = controls or tuple(ACTIONS)
    left = replay(incident(), controls=names).harm.amount
    without = {
        name: replay(incident(), controls=[other for other in names if other != name]).harm.amount
        for name in names
    }
    whole = {"graph": graph(), "actions": [action(name) for name in names], "left": left}
    return whole | {"keystone": max(names, key=lambda name: without[name])} | changes


@pytest.fixture(scope="module")
def right() -> dict[str, Any]:
    table = shares()["share"]
    pairs = incident().reveal().interactions
    pair = pairs.loc[pairs["interaction_harm"].idxmin()]
    gaps = {name: abs(value - table[name]) for name, value in LEARNT_FROM_A_SENTENCE.items()}
    return {
        "a02-evidence": measured_evidence(),
        "a02-graph": graph(),
        "a02-shares": {
            "estimate": LEARNT_FROM_A_SENTENCE,
            "largest": table.idxmax(),
            "misjudged": max(gaps, key=lambda name: gaps[name]),
            "partners": [pair["factor_b"], pair["factor_a"]],
        },
        "a02-plan": plan(),
    }


def missed(question: str, answer: Any) -> list[str]:
    return [result.text for result in load_question(question).judge(answer).results if not result.is_held]


@pytest.mark.parametrize("question", list(questions_of("a02")))
def test_right_untouched_and_malformed(question: str, right: dict[str, Any]) -> None:
    judged = load_question(question)
    assert missed(question, right[question]) == []
    assert not judged.judge(None).is_attempted
    for malformed in ("filter", 3, [1, 2], {"x": {"y": 1}}):
        assert judged.judge(malformed).score == 0


def test_the_evidence_is_what_the_tables_say() -> None:
    # by hand from the printed tables of the lesson: 17 August 2024 to 29 May 2025, 2 October to 29 May,
    # and an alert that was taken up at 09:00 on 2 June
    found = measured_evidence()
    assert found["snapshot_age_days"] == pytest.approx(285, abs=1)
    assert found["days_without_red_team"] == pytest.approx(239, abs=1)
    assert 80 < found["hours_to_acknowledge"] < 100


@pytest.mark.parametrize("factor", [24, 1 / 24])
def test_another_unit_is_named(factor: float) -> None:
    wrong = {name: value * factor for name, value in measured_evidence().items()}
    verdict = load_question("a02-evidence").judge(wrong)
    assert verdict.score == 0
    assert all("unit" in result.message for result in verdict.results)


def test_the_trap_in_the_table_costs_its_points() -> None:
    verdict = load_question("a02-evidence").judge(measured_evidence() | {"snapshot_age_days": 1.4})
    assert verdict.score == verdict.points - 2


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (graph(**{"mailbox-alert": None}), "It holds a cause of the strand tooling"),
        (
            graph(
                **{"no-red-team": CAUSES["no-red-team"] | {"evidence": "everybody knows"}, "no-switch": None}
            ),
            "It holds a cause",
        ),
        (graph(**{"no-pipeline": None}), "Behind a cause stands another cause"),
        (
            graph(
                **{"no-pipeline": CAUSES["no-pipeline"] | {"text": "The on-call engineer forgot to retrain"}}
            ),
            "It points at nobody",
        ),
    ],
    ids=["strand", "evidence", "flat", "blame"],
)
def test_a_slip_in_the_graph_costs_its_point(answer: dict[str, Any], expected: str) -> None:
    assert any(text.startswith(expected) for text in missed("a02-graph", answer))


def test_one_chain_does_not_hold_three_strands() -> None:
    chain = CauseGraph(
        problem=PROBLEM,
        causes=[
            Cause(id="a", text=CAUSES["old-snapshot"]["text"], strand=Strand.TECHNICAL, leads_to=["problem"]),
            Cause(id="b", text=CAUSES["no-pipeline"]["text"], strand=Strand.PROCESS, leads_to=["a"]),
        ],
    )
    assert "At least three causes have nothing behind them: the branches stay apart" in missed(
        "a02-graph", chain.to_dict()
    )


def test_an_estimate_is_needed_before_anything_is_compared(right: dict[str, Any]) -> None:
    answer = right["a02-shares"]
    assert len(missed("a02-shares", answer | {"estimate": None})) == 2
    half = dict(LEARNT_FROM_A_SENTENCE, outdated_filter=0.9)
    assert "The estimate gives every factor a share, and they sum to 1" in missed(
        "a02-shares", answer | {"estimate": half}
    )
    assert missed("a02-shares", answer | {"partners": ["outdated_filter", "no_red_teaming"]}) == [
        "The two factors of which either alone is enough for much of the harm"
    ]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (lambda: plan("alert_routing"), "In the replay the plan avoids at least"),
        (lambda: plan("safe_mode", *ACTIONS), "At most 500 innocent outputs pay for it"),
        (lambda: plan("rollback_model", *ACTIONS), "Nothing in it does harm or does nothing"),
        (lambda: plan(left=100), "You say how much harm is left"),
        (lambda: plan(keystone="alert_routing"), "You know the action"),
        (
            lambda: plan() | {"actions": [action(name, owner=None) for name in ACTIONS]},
            "Every action has one owner",
        ),
        (lambda: plan() | {"actions": [action("red_team_set")]}, "Each strand is answered"),
    ],
    ids=["too little", "silent", "harmful", "left", "keystone", "owner", "strand"],
)
def test_a_slip_in_the_plan_costs_its_point(answer: Any, expected: str) -> None:
    assert any(text.startswith(expected) for text in missed("a02-plan", answer()))


def test_words_alone_earn_little() -> None:
    words = [
        {"description": "Train the team in new spellings", "factor": "no-red-team"},
        {"description": "Remind on-call to read the mailbox", "factor": "mailbox-alert"},
        {"description": "Write a wiki page on the filter", "factor": "old-snapshot"},
    ]
    verdict = load_question("a02-plan").judge({"graph": graph(), "actions": words})
    assert verdict.score <= 1


def test_the_figures_of_the_model_answer_are_those_of_the_replay() -> None:
    text = course_path("notebooks", "advanced", "02_root_cause_plan.py").read_text(encoding="utf-8")
    prose = text.split('prose="a02-director"')[1].split("# %%")[0]
    effect = measure_plan(incident(), list(ACTIONS))
    pair = ["alert_routing", "on_call_switch"]
    together = effect.before - replay(incident(), controls=pair).harm.amount
    alone, last = effect.by_control["avoided_alone"], effect.by_control["avoided_last"]
    prose = " ".join(prose.replace("\n#", " ").split())
    for said in (
        f"paging alone avoids {alone[pair[0]]:,.0f}, the switch alone {alone[pair[1]]:,.0f}",
        f"both together {together:,.0f}.",
        f"the switch still adds {last[pair[1]]:,.0f} and the alert {last[pair[0]]:,.0f}",
        f"with a red-team set alone it is {alone['red_team_set']:,.0f}",
        f"about {round(effect.after, -2):,.0f} impressions remain",
    ):
        assert said in prose
