"""Advanced lesson 2: causes that were tested, and a plan whose effect was measured."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from aiir_lab.grade.question import Criterion, Question
from aiir_lab.grade.questions._causes import NOT_MEASURED, Inquiry, Plan, Shares
from aiir_lab.records import CauseGraph

if TYPE_CHECKING:
    import pandas as pd

    from aiir_lab.simulate import Run

WORLD, SEED, SIZE = "moderation_failure", 7, "sample"
LEAST_AVOIDED = 0.6
"""Share of the harm that a plan has to avoid in the replay; the lesson says so."""
MOST_WITHHELD = 500
"""Innocent outputs that the plan's controls may withhold or cut off; the lesson says so."""


@cache
def incident() -> Run:
    """The run that the lesson investigates."""
    from aiir_lab.simulate import simulate

    return simulate(WORLD, seed=SEED, size=SIZE)


INQUIRY = Inquiry(WORLD, incident)


def shares() -> pd.DataFrame:
    """Exact shares of its main factors."""
    return INQUIRY.shares


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


def _keeps_the_product(plan: Plan) -> bool | str:
    effect = INQUIRY.effect(plan)
    if effect is None:
        return NOT_MEASURED
    costs = effect.costs[effect.costs["what"].str.startswith("innocent outputs")]
    withheld = float(costs["amount"].sum())
    return withheld <= MOST_WITHHELD or f"It withholds or cuts off {withheld:,.0f}."


def _finds_partners(answer: Shares) -> bool | str:
    given = set(answer.partners or [])
    if len(given) != 2:
        return "Two factors are asked for."
    rows = incident().reveal().interactions
    top = rows.iloc[int(rows["interaction_harm"].to_numpy().argmin())]
    return given == {top["factor_a"], top["factor_b"]}


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
        criteria=INQUIRY.graph_criteria(),
    ),
    Question(
        id="a02-shares",
        title="Estimate, then measure",
        shape=Shares,
        expected="a dict with the keys estimate (factor to share), largest, misjudged, partners (two)",
        criteria=(
            *INQUIRY.estimate_criteria(),
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
        shape=Plan,
        expected="a dict with the keys graph, actions, left and keystone",
        criteria=(
            *INQUIRY.action_criteria(),
            Criterion(
                f"In the replay the plan avoids at least {LEAST_AVOIDED:.0%} of the harm",
                partial(INQUIRY.avoids_enough, least=LEAST_AVOIDED),
                "control names what of the world an action puts in place; run.controls lists them.",
                points=3,
            ),
            Criterion(
                f"At most {MOST_WITHHELD} innocent outputs pay for it",
                _keeps_the_product,
                "review.effect.costs says what each control was measured to cost.",
                points=2,
            ),
            *INQUIRY.effect_criteria(),
        ),
    ),
)
