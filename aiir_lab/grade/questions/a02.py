"""Advanced lesson 2: causes that were tested, and a plan whose effect was measured."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from aiir_lab.grade.question import Criterion, Question
from aiir_lab.records import ActionItem, CauseGraph, Strand

if TYPE_CHECKING:
    import pandas as pd

    from aiir_lab.review import PlanReview
    from aiir_lab.simulate import Run

WORLD, SEED, SIZE = "moderation_failure", 7, "sample"
LEAST_AVOIDED = 0.6
"""Share of the harm that a plan has to avoid in the replay; the lesson says so."""
MOST_WITHHELD = 500
"""Innocent outputs that the plan's controls may withhold or cut off; the lesson says so."""

_NOT_MEASURED = "No action names a control, so nothing can be replayed."


@cache
def incident() -> Run:
    """The run that the lesson investigates."""
    from aiir_lab.simulate import simulate

    return simulate(WORLD, seed=SEED, size=SIZE)


@cache
def shares() -> pd.DataFrame:
    """Exact shares of its main factors."""
    from aiir_lab.simulate import attribute

    return attribute(incident()).set_index("factor")


@cache
def measured_evidence() -> dict[str, float]:
    """What the tables say about each strand."""
    tables = incident().observe()
    messages, filters = tables["messages"], tables["filter_versions"]
    news = messages.loc[messages["sender"] == "press office", "received_utc"].min()
    live = filters[filters["live_utc"] <= news].iloc[-1]
    last_run = tables["red_team_runs"]["run_utc"].max()
    alert = tables["alerts"].loc[lambda rows: rows["fired_utc"] > news].iloc[0]
    return {
        "snapshot_age_days": (news - live["snapshot_utc"]).total_seconds() / 86_400,
        "days_without_red_team": (news - last_run).total_seconds() / 86_400,
        "hours_to_acknowledge": (alert["acknowledged_utc"] - news).total_seconds() / 3_600,
    }


class _Evidence(BaseModel):
    model_config = ConfigDict(extra="forbid")

    snapshot_age_days: float | None = None
    days_without_red_team: float | None = None
    hours_to_acknowledge: float | None = None


class _Shares(BaseModel):
    model_config = ConfigDict(extra="forbid")

    estimate: dict[str, float | None] | None = None
    largest: str | None = None
    misjudged: str | None = None
    partners: list[str] | None = None


class _Plan(BaseModel):
    model_config = ConfigDict(extra="forbid")

    graph: CauseGraph | None = None
    actions: list[ActionItem] | None = None
    left: float | None = None
    keystone: str | None = None


def _is_measured(evidence: _Evidence, *, field: str) -> bool | str:
    given, wanted = getattr(evidence, field), measured_evidence()[field]
    if given is None:
        return "Nothing given."
    if abs(given - wanted) <= max(0.02 * wanted, 0.5):
        return True
    for factor, unit in ((24, "hours"), (1 / 24, "days"), (1 / 3600, "seconds"), (1 / 60, "minutes")):
        if abs(given * factor - wanted) <= 0.02 * wanted or abs(given / factor - wanted) <= 0.02 * wanted:
            return f"The size fits another unit, perhaps {unit}; look at the name of the field."
    return "Smaller than the tables say." if given < wanted else "Larger than the tables say."


def _evidence(text: str, field: str, hint: str) -> Criterion:
    return Criterion(text, partial(_is_measured, field=field), hint, points=2)


def _has_strand(graph: CauseGraph, *, strand: Strand) -> bool | str:
    causes = [cause for cause in graph.causes if cause.strand == strand]
    if not causes:
        return f"No cause has the strand {strand.value}."
    tables = list(incident().observe())
    if any(table in (cause.evidence or "") for cause in causes for table in tables):
        return True
    return "Its evidence names no table of the run."


def _has_a_cause_behind_a_cause(graph: CauseGraph) -> bool:
    return any(len(chain) >= 2 for chain in graph.chains())


def _joins_branches(graph: CauseGraph) -> bool | str:
    ends = len(graph.root_causes())
    return ends >= 3 or f"Its causes come down to {ends}."


def _is_blameless(graph: CauseGraph) -> bool | str:
    from aiir_lab.review import review_language

    for cause in graph.causes:
        found = review_language(cause.text)
        if found:
            return f"{cause.id}: {found[0].message}"
    return bool(graph.causes)


def _reaches_conditions(graph: CauseGraph) -> bool | str:
    from aiir_lab.review import review_whys

    chains = [chain for chain in graph.chains() if len(chain) >= 2]
    verdicts = [review_whys(graph.problem, chain).verdict for chain in chains]
    if "stops_at_person" in verdicts:
        return "A chain ends at a person."
    return (
        "reaches_system_cause" in verdicts or f"The chains are read as {', '.join(verdicts) or 'too short'}."
    )


def _estimates_everything(answer: _Shares) -> bool | str:
    given = answer.estimate or {}
    missing = [factor for factor in incident().main_factors if given.get(factor) is None]
    unknown = [factor for factor in given if factor not in incident().main_factors]
    if missing or unknown:
        named = (("Missing", missing), ("Unknown", unknown))
        return " ".join(f"{label}: {', '.join(names)}." for label, names in named if names)
    total = sum(float(value or 0) for value in given.values())
    return abs(total - 1) <= 0.01 or f"They sum to {total:.2f}."


def _finds_misjudged(answer: _Shares) -> bool | str:
    given = answer.estimate or {}
    if any(given.get(factor) is None for factor in incident().main_factors):
        return "Without an estimate for every factor nothing can be compared."
    if answer.misjudged not in incident().main_factors:
        return "It is none of the five factors."
    gaps = {factor: abs(float(given[factor] or 0) - shares().at[factor, "share"]) for factor in given}
    return gaps[answer.misjudged] >= max(gaps.values()) - 1e-6


def _finds_partners(answer: _Shares) -> bool | str:
    given = set(answer.partners or [])
    if len(given) != 2:
        return "Two factors are asked for."
    rows = incident().reveal().interactions
    top = rows.loc[rows["interaction_harm"].idxmin()]
    return given == {top["factor_a"], top["factor_b"]}


@cache
def _judged(plan: str) -> PlanReview:
    from aiir_lab.review import review_plan

    read = _Plan.model_validate_json(plan)
    return review_plan(read.actions or [], graph=read.graph or CauseGraph(problem="?"), run=incident())


def _review(plan: _Plan) -> PlanReview:
    # several criteria ask; the replays are made once
    return _judged(plan.model_dump_json(include={"graph", "actions"}))


def _free_of(*kinds: str, is_measured: bool = False) -> Any:
    def holds(plan: _Plan) -> bool | str:
        if not plan.actions:
            return "There is no action yet."
        if is_measured and _review(plan).effect is None:
            return _NOT_MEASURED
        found = [finding for finding in _review(plan).findings if finding.kind in kinds]
        return not found or f"{found[0].field}: {found[0].message}".removeprefix(": ")

    return holds


def _has_a_strong_action(plan: _Plan) -> bool | str:
    strengths = [review.strength for review in _review(plan).reviews] if plan.actions else []
    return "stronger" in strengths or f"They are {', '.join(strengths) or 'not there yet'}."


def _avoids_enough(plan: _Plan) -> bool | str:
    effect = _review(plan).effect if plan.actions else None
    if effect is None:
        return _NOT_MEASURED
    return effect.avoided_share >= LEAST_AVOIDED or f"It avoids {effect.avoided_share:.0%}."


def _keeps_the_product(plan: _Plan) -> bool | str:
    effect = _review(plan).effect if plan.actions else None
    if effect is None:
        return _NOT_MEASURED
    costs = effect.costs[effect.costs["what"].str.startswith("innocent outputs")]
    withheld = float(costs["amount"].sum())
    return withheld <= MOST_WITHHELD or f"It withholds or cuts off {withheld:,.0f}."


def _knows_what_is_left(plan: _Plan) -> bool | str:
    effect = _review(plan).effect if plan.actions else None
    if effect is None or plan.left is None:
        return "Nothing measured yet."
    return abs(plan.left - effect.after) <= max(0.01 * abs(effect.after), 1)


def _knows_the_keystone(plan: _Plan) -> bool | str:
    effect = _review(plan).effect if plan.actions else None
    if effect is None or len(effect.by_control) < 2:
        return "It takes at least two measured actions."
    return plan.keystone == effect.by_control["avoided_last"].idxmax()


QUESTIONS = (
    Question(
        id="a02-evidence",
        title="Evidence for three strands",
        shape=_Evidence,
        expected="a dict with the keys snapshot_age_days, days_without_red_team, hours_to_acknowledge",
        criteria=(
            _evidence(
                "Technical: the age of the snapshot under the filter",
                "snapshot_age_days",
                "The version that was live when the news broke, and its snapshot_utc; newest_data_utc is a "
                "handful of outputs that was added later.",
            ),
            _evidence(
                "Process: the time since anybody last tried to get past it",
                "days_without_red_team",
                "From the last run in red_team_runs to the news.",
            ),
            _evidence(
                "Tooling: the time until a person took up an alert",
                "hours_to_acknowledge",
                "The first alert that fired after the news; from the news to acknowledged_utc, in hours.",
            ),
        ),
    ),
    Question(
        id="a02-graph",
        title="The cause graph",
        shape=CauseGraph,
        expected="a lab.CauseGraph",
        criteria=(
            *(
                Criterion(
                    f"It holds a cause of the strand {strand.value} with evidence from a table",
                    partial(_has_strand, strand=strand),
                    "Name the table in the evidence, such as 'alerts: route mailbox'.",
                )
                for strand in Strand
            ),
            Criterion(
                "Behind a cause stands another cause",
                _has_a_cause_behind_a_cause,
                "Why was the snapshot so old? Why had nobody tried? leads_to may name another cause.",
            ),
            Criterion(
                "At least three causes have nothing behind them: the branches stay apart",
                _joins_branches,
                "One chain cannot hold three strands.",
            ),
            Criterion(
                "A chain ends at a condition that the organisation can change",
                _reaches_conditions,
                "lab.review_whys(graph.problem, chain) says where each chain of graph.chains() ends.",
            ),
            Criterion(
                "It points at nobody",
                _is_blameless,
                "Which condition made it likely, whoever had been there?",
            ),
        ),
    ),
    Question(
        id="a02-shares",
        title="Estimate, then measure",
        shape=_Shares,
        expected="a dict with the keys estimate (factor to share), largest, misjudged, partners (two)",
        criteria=(
            Criterion(
                "The estimate gives every factor a share, and they sum to 1",
                _estimates_everything,
                "An estimate is not graded for being right, but for being made.",
            ),
            Criterion(
                "The factor with the largest share",
                lambda answer: answer.largest == shares()["share"].idxmax(),
                "The first row of lab.attribute(run).",
            ),
            Criterion(
                "The factor that you misjudged most",
                _finds_misjudged,
                "The largest gap between your estimate and the measured share, up or down.",
            ),
            Criterion(
                "The two factors of which either alone is enough for much of the harm",
                _finds_partners,
                "Such a pair has an interaction far below zero: both controls are needed.",
            ),
        ),
    ),
    Question(
        id="a02-plan",
        title="The plan, measured",
        shape=_Plan,
        expected="a dict with the keys graph, actions, left and keystone",
        criteria=(
            Criterion(
                "Each strand is answered by an action",
                _free_of("strand_without_action", "action_without_cause", "no_actions"),
                "factor is the id of the cause that an action answers.",
            ),
            Criterion(
                "Every action has one owner, a date and a measure that can be checked",
                _free_of("not_smart"),
                "lab.review_action_item(action).problems says what is missing.",
            ),
            Criterion(
                "At least one action holds without anybody's memory",
                _has_a_strong_action,
                "What blocks, reverts or routes by itself?",
            ),
            Criterion(
                f"In the replay the plan avoids at least {LEAST_AVOIDED:.0%} of the harm",
                _avoids_enough,
                "control names what of the world an action puts in place; run.controls lists them.",
                points=3,
            ),
            Criterion(
                f"At most {MOST_WITHHELD} innocent outputs pay for it",
                _keeps_the_product,
                "review.effect.costs says what each control was measured to cost.",
                points=2,
            ),
            Criterion(
                "Nothing in it does harm or does nothing",
                _free_of("makes_worse", "avoids_nothing", is_measured=True),
                "Some controls sound right and are not.",
            ),
            Criterion(
                "You say how much harm is left",
                _knows_what_is_left,
                "review.effect.after; leaders will ask for it.",
            ),
            Criterion(
                "You know the action that the plan can least do without",
                _knows_the_keystone,
                "Its control is the one with the largest avoided_last.",
            ),
        ),
    ),
)
