"""Plans: what is missing is named, and what is there is measured by replay."""

from __future__ import annotations

from typing import Any

import pytest

from aiir_lab.records import ActionItem, AiirError, Cause, CauseGraph, NotFoundError, RecordError, Strand
from aiir_lab.review import PlanReview, review_plan
from aiir_lab.simulate import Run, replay, simulate

GRAPH = CauseGraph(
    problem="Harmful posts were shown during the news",
    causes=(
        Cause(
            id="old-filter",
            text="The filter knew the spellings of last spring only",
            strand=Strand.TECHNICAL,
            leads_to=("problem",),
            evidence="filter_versions: trained in spring",
        ),
        Cause(
            id="no-red-team",
            text="Nobody was asked to try new spellings before a release",
            strand=Strand.PROCESS,
            leads_to=("old-filter",),
            evidence="red_team_runs: none since spring",
        ),
        Cause(
            id="mailbox-alert",
            text="The alert was a nightly sum that went to a mailbox",
            strand=Strand.TOOLING,
            leads_to=("problem",),
            evidence="alerts: route mailbox",
        ),
    ),
)
SMART = {
    "owner": "Trust lead",
    "due": "2026-04-01",
    "success_metric": "Harm in the replay below 5,000 impressions",
}


def action(description: str, factor: str | None, **fields: Any) -> dict[str, Any]:
    return {"description": description, "factor": factor, **SMART, **fields}


GOOD = [
    action("Block each release that fails the monthly red-team set", "no-red-team", control="red_team_set"),
    action(
        "Retrain the filter automatically twice a week on reviewed posts",
        "old-filter",
        control="spelling_normaliser",
    ),
    action(
        "Page on-call automatically when confirmed reports double", "mailbox-alert", control="alert_routing"
    ),
]


def kinds(review: PlanReview) -> list[str]:
    return [finding.kind for finding in review.findings]


@pytest.fixture(scope="module")
def run() -> Run:
    return simulate("moderation_failure", seed=7, size="sample")


@pytest.fixture(scope="module")
def measured(run: Run) -> PlanReview:
    return review_plan(GOOD, graph=GRAPH, run=run)


def test_a_sound_plan_has_nothing_to_mend(measured: PlanReview) -> None:
    assert kinds(measured) == []
    assert measured.strands == {Strand.TECHNICAL: (2,), Strand.PROCESS: (1,), Strand.TOOLING: (3,)}


def test_what_is_measured_is_what_a_replay_gives(measured: PlanReview, run: Run) -> None:
    effect = measured.effect
    assert effect is not None
    assert effect.before == run.harm.amount
    everything = ["red_team_set", "spelling_normaliser", "alert_routing"]
    assert effect.after == replay(run, controls=everything).harm.amount
    assert 0 < effect.avoided_share <= 1
    alone = replay(run, controls=["red_team_set"]).harm.amount
    assert effect.by_control.at["red_team_set", "avoided_alone"] == run.harm.amount - alone
    without = replay(run, controls=["spelling_normaliser", "alert_routing"]).harm.amount
    assert effect.by_control.at["red_team_set", "avoided_last"] == without - effect.after
    hours = effect.costs.set_index("control").loc["red_team_set"]
    assert hours["avoided_per_unit"] == pytest.approx((run.harm.amount - alone) / hours["amount"])


def test_the_table_and_the_report_say_the_same(measured: PlanReview) -> None:
    frame = measured.to_frame()
    assert list(frame["strand"]) == ["process", "technical", "tooling"]
    assert frame["avoided_alone"].notna().all()
    text = measured.to_markdown()
    assert "Nothing to mend" in text
    assert f"{measured.effect.after:,.0f} are left" in text  # type: ignore[union-attr]
    assert "<table>" in measured._repr_html_()


def test_only_weak_actions_are_told_so() -> None:
    weak = [
        action("Remind the team to look at the mailbox", "mailbox-alert"),
        action("Train moderators in new spellings", "no-red-team"),
        action("Write a wiki page about the filter", "old-filter"),
    ]
    review = review_plan(weak, graph=GRAPH)
    assert kinds(review)[0] == "only_weak_actions"
    assert review.effect is None
    assert "Not measured" in review.to_markdown()


@pytest.mark.parametrize(("left_out", "strand"), [(0, "process"), (1, "technical"), (2, "tooling")])
def test_a_missing_strand_is_told_so(left_out: int, strand: str) -> None:
    plan = [item for number, item in enumerate(GOOD) if number != left_out]
    findings = [f for f in review_plan(plan, graph=GRAPH).findings if f.kind == "strand_without_action"]
    assert [finding.field for finding in findings] == [strand]


def test_a_graph_without_a_strand_is_told_so() -> None:
    graph = CauseGraph(problem=GRAPH.problem, causes=GRAPH.causes[:2])
    (finding,) = [f for f in review_plan(GOOD[:2], graph=graph).findings if f.field == "tooling"]
    assert "holds no cause" in finding.message


def test_a_root_cause_left_alone_and_an_opinion_are_named() -> None:
    causes = (*GRAPH.causes, Cause(id="no-owner", text="The filter had no owner", leads_to=("old-filter",)))
    review = review_plan(GOOD, graph=CauseGraph(problem=GRAPH.problem, causes=causes))
    assert {(f.kind, f.field) for f in review.findings} == {
        ("cause_without_action", "no-owner"),
        ("cause_without_evidence", "no-owner"),
    }


def test_a_control_that_does_harm_or_nothing_is_named(run: Run) -> None:
    plan = [action("Roll the filter back automatically", "old-filter", control="rollback_model")]
    review = review_plan(plan, graph=GRAPH, run=run)
    assert {"makes_worse", "avoids_nothing"} & set(kinds(review))


def test_single_actions_are_judged_too() -> None:
    review = review_plan([*GOOD, {"description": "Improve things"}], graph=GRAPH)
    found = {finding.kind for finding in review.findings if finding.field == "action 4"}
    assert found == {"action_without_cause", "not_smart"}


def test_an_empty_plan_is_no_error() -> None:
    review = review_plan([], graph=GRAPH)
    assert kinds(review)[0] == "no_actions"
    assert "no action" in review.to_markdown().lower()


@pytest.mark.parametrize(
    ("actions", "error", "words"),
    [
        ([action("Block it", "old-filtre")], NotFoundError, "old-filter"),
        ([action("Block it", "old-filter", control="red_team")], NotFoundError, "red_team_set"),
        ([GOOD[0], GOOD[0]], AiirError, "Actions 1 and 2"),
        ([{"owner": "x"}], RecordError, "action 1"),
    ],
    ids=["cause", "control", "twice", "no description"],
)
def test_bad_input_names_the_item(actions: list[Any], error: type[Exception], words: str, run: Run) -> None:
    with pytest.raises(error, match=words):
        review_plan(actions, graph=GRAPH, run=run)


def test_the_graph_must_be_one() -> None:
    with pytest.raises(AiirError, match="CauseGraph"):
        review_plan([ActionItem(description="Block it")], graph="causes")  # type: ignore[arg-type]
