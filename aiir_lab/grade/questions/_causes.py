"""Criteria of causes that were tested by replay, and of a plan whose effect was measured, for any run."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from aiir_lab.grade.question import Criterion
from aiir_lab.records import ActionItem, CauseGraph, Strand

if TYPE_CHECKING:
    import pandas as pd

    from aiir_lab.review import PlanReview
    from aiir_lab.review.plan.measuring import PlanEffect
    from aiir_lab.simulate import Run

NOT_MEASURED = "No action names a control, so nothing can be replayed."


class Shares(BaseModel):
    """An estimate of the factors' shares, and what the replays say."""

    model_config = ConfigDict(extra="forbid")

    estimate: dict[str, float | None] | None = None
    largest: str | None = None
    misjudged: str | None = None
    partners: list[str] | None = None


class Plan(BaseModel):
    """A plan with the graph that it answers, and what was measured of it."""

    model_config = ConfigDict(extra="forbid")

    graph: CauseGraph | None = None
    actions: list[ActionItem] | None = None
    left: float | None = None
    keystone: str | None = None


class Inquiry:
    """What a run says about causes and plans.

    Parameters
    ----------
    world : str
        Name of its world.
    run_of : callable
        Returns the run; it is played when the first answer is judged, not on import.
    """

    def __init__(self, world: str, run_of: Callable[[], Run]) -> None:
        self._world, self._run_of = world, run_of
        self._judged = lru_cache(maxsize=32)(self._judge)

    @cached_property
    def run(self) -> Run:
        """The run."""
        return self._run_of()

    @cached_property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables of its world."""
        from aiir_lab.simulate.world import load_world

        return tuple(load_world(self._world).schema)

    @cached_property
    def shares(self) -> pd.DataFrame:
        """Exact shares of its main factors, by factor."""
        from aiir_lab.simulate import attribute

        return attribute(self.run).set_index("factor")

    def _judge(self, plan: str) -> PlanReview:
        from aiir_lab.review import review_plan

        read = Plan.model_validate_json(plan)
        return review_plan(read.actions or [], graph=read.graph or CauseGraph(problem="?"), run=self.run)

    def review(self, plan: Plan) -> PlanReview:
        """The review of a plan; several criteria ask, the replays are made once."""
        return self._judged(plan.model_dump_json(include={"graph", "actions"}))

    def has_strand(self, graph: CauseGraph, *, strand: Strand) -> bool | str:
        causes = [cause for cause in graph.causes if cause.strand == strand]
        if not causes:
            return f"No cause has the strand {strand.value}."
        if any(table in (cause.evidence or "") for cause in causes for table in self.tables):
            return True
        return "Its evidence names no table of the run."

    def estimates_everything(self, answer: Shares) -> bool | str:
        given = answer.estimate or {}
        missing = [factor for factor in self.run.main_factors if given.get(factor) is None]
        unknown = [factor for factor in given if factor not in self.run.main_factors]
        if missing or unknown:
            named = (("Missing", missing), ("Unknown", unknown))
            return " ".join(f"{label}: {', '.join(names)}." for label, names in named if names)
        total = sum(float(value or 0) for value in given.values())
        return abs(total - 1) <= 0.01 or f"They sum to {total:.2f}."

    def finds_misjudged(self, answer: Shares) -> bool | str:
        given = answer.estimate or {}
        if any(given.get(factor) is None for factor in self.run.main_factors):
            return "Without an estimate for every factor nothing can be compared."
        if answer.misjudged not in self.run.main_factors:
            return "It is none of the main factors."
        gaps = {
            factor: abs(float(given[factor] or 0) - float(self.shares["share"][factor])) for factor in given
        }
        return gaps[answer.misjudged] >= max(gaps.values()) - 1e-6

    def free_of(self, *kinds: str, is_measured: bool = False) -> Any:
        def holds(plan: Plan) -> bool | str:
            if not plan.actions:
                return "There is no action yet."
            if is_measured and self.review(plan).effect is None:
                return NOT_MEASURED
            found = [finding for finding in self.review(plan).findings if finding.kind in kinds]
            return not found or f"{found[0].field}: {found[0].message}".removeprefix(": ")

        return holds

    def has_a_strong_action(self, plan: Plan) -> bool | str:
        strengths = [review.strength for review in self.review(plan).reviews] if plan.actions else []
        return "stronger" in strengths or f"They are {', '.join(strengths) or 'not there yet'}."

    def effect(self, plan: Plan) -> PlanEffect | None:
        """What its controls do in the replay; None where it names none."""
        return self.review(plan).effect if plan.actions else None

    def avoids_enough(self, plan: Plan, *, least: float) -> bool | str:
        effect = self.effect(plan)
        if effect is None:
            return NOT_MEASURED
        return effect.avoided_share >= least or f"It avoids {effect.avoided_share:.0%}."

    def knows_what_is_left(self, plan: Plan) -> bool | str:
        effect = self.effect(plan)
        if effect is None or plan.left is None:
            return "Nothing measured yet."
        return abs(plan.left - effect.after) <= max(0.01 * abs(effect.after), 1)

    def knows_the_keystone(self, plan: Plan, *, fewest: int) -> bool | str:
        effect = self.effect(plan)
        if effect is None or len(effect.by_control) < fewest:
            return f"Measured actions that it takes: {fewest} or more."
        return plan.keystone == effect.by_control["avoided_last"].idxmax()

    def graph_criteria(self) -> tuple[Criterion, ...]:
        """What is asked of a cause graph, 7 points."""
        return (
            *(
                Criterion(
                    f"It holds a cause of the strand {strand.value} with evidence from a table",
                    partial(self.has_strand, strand=strand),
                    f"Name the table in the evidence. The run has {', '.join(self.tables)}.",
                )
                for strand in Strand
            ),
            *_GRAPH_CRITERIA,
        )

    def estimate_criteria(self) -> tuple[Criterion, ...]:
        """What is asked of an estimate against the measured shares, 3 points."""
        return (
            Criterion(
                "The estimate gives every factor a share, and they sum to 1",
                self.estimates_everything,
                "An estimate is not graded for being right, but for being made.",
            ),
            Criterion(
                "The factor with the largest share",
                lambda answer: answer.largest == self.shares["share"].idxmax(),
                "The first row of lab.attribute(run).",
            ),
            Criterion(
                "The factor that you misjudged most",
                self.finds_misjudged,
                "The largest gap between your estimate and the measured share, up or down.",
            ),
        )

    def action_criteria(self) -> tuple[Criterion, ...]:
        """What is asked of the actions themselves, 3 points."""
        return (
            Criterion(
                "Each strand is answered by an action",
                self.free_of("strand_without_action", "action_without_cause", "no_actions"),
                "factor is the id of the cause that an action answers.",
            ),
            Criterion(
                "Every action has one owner, a date and a measure that can be checked",
                self.free_of("not_smart"),
                "lab.review_action_item(action).problems says what is missing.",
            ),
            Criterion(
                "At least one action holds without anybody's memory",
                self.has_a_strong_action,
                "What blocks, reverts or routes by itself?",
            ),
        )

    def effect_criteria(self, *, fewest_controls: int = 2) -> tuple[Criterion, ...]:
        """What is asked of the knowledge about its effect, 3 points."""
        return (
            Criterion(
                "Nothing in it does harm or does nothing",
                self.free_of("makes_worse", "avoids_nothing", is_measured=True),
                "Some controls sound right and are not.",
            ),
            Criterion(
                "You say how much harm is left",
                self.knows_what_is_left,
                "review.effect.after; leaders will ask for it.",
            ),
            Criterion(
                "You know the action that the plan can least do without",
                partial(self.knows_the_keystone, fewest=fewest_controls),
                "Its control is the one with the largest avoided_last.",
            ),
        )


def has_a_cause_behind_a_cause(graph: CauseGraph) -> bool:
    return any(len(chain) >= 2 for chain in graph.chains())


def joins_branches(graph: CauseGraph) -> bool | str:
    ends = len(graph.root_causes())
    return ends >= 3 or f"Its causes come down to {ends}."


def is_blameless(graph: CauseGraph) -> bool | str:
    from aiir_lab.review import review_language

    for cause in graph.causes:
        found = review_language(cause.text, words=False)
        if found:
            return f"{cause.id}: {found[0].message}"
    return bool(graph.causes)


def reaches_conditions(graph: CauseGraph) -> bool | str:
    from aiir_lab.review import review_whys

    chains = [chain for chain in graph.chains() if len(chain) >= 2]
    verdicts = [review_whys(graph.problem, chain).verdict for chain in chains]
    if "stops_at_person" in verdicts:
        return "A chain ends at a person."
    return (
        "reaches_system_cause" in verdicts or f"The chains are read as {', '.join(verdicts) or 'too short'}."
    )


_GRAPH_CRITERIA = (
    Criterion(
        "Behind a cause stands another cause",
        has_a_cause_behind_a_cause,
        "What made that condition last? leads_to may name another cause.",
    ),
    Criterion(
        "At least three causes have nothing behind them: the branches stay apart",
        joins_branches,
        "One chain cannot hold three strands.",
    ),
    Criterion(
        "A chain ends at a condition that the organisation can change",
        reaches_conditions,
        "lab.review_whys(graph.problem, chain) says where each chain of graph.chains() ends.",
    ),
    Criterion(
        "It points at nobody",
        is_blameless,
        "Which condition made it likely, whoever had been there?",
    ),
)
