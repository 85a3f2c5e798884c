"""Advanced lesson 5: a briefing for leadership, from measured results."""

from __future__ import annotations

from functools import cache, partial

from pydantic import BaseModel, ConfigDict

from aiir_lab.grade.question import Criterion, Question
from aiir_lab.grade.questions._page import agrees, rubric_criteria
from aiir_lab.grade.questions.a02 import incident
from aiir_lab.records import Briefing
from aiir_lab.review.plan.measuring import PlanEffect, measure_plan

CONTROLS = ("red_team_set", "spelling_normaliser", "alert_routing", "on_call_switch")
"""The plan that the lesson presents: that of lesson 2."""


@cache
def effect() -> PlanEffect:
    """What the plan does in the replay."""
    return measure_plan(incident(), CONTROLS)


def half() -> tuple[str, float]:
    """The control to fund first, and the harm left when only it is there."""
    alone = effect().by_control["avoided_alone"]
    return str(alone.idxmax()), effect().before - float(alone.max())


def withheld() -> float:
    """Innocent outputs that the whole plan withholds or cuts off."""
    costs = effect().costs
    return float(costs.loc[costs["what"].str.startswith("innocent outputs"), "amount"].sum())


class _Figures(BaseModel):
    model_config = ConfigDict(extra="forbid")

    before: float | None = None
    after: float | None = None
    withheld: float | None = None
    fund_first: str | None = None
    left_with_first: float | None = None


class _Reply(BaseModel):
    """A reply, and what it stands on."""

    model_config = ConfigDict(extra="forbid")

    choice: str | None = None
    left_share: float | None = None
    decides: str | None = None
    first: str | None = None
    not_avoided: float | None = None


class _Choice(BaseModel):
    model_config = ConfigDict(extra="forbid")

    promise: _Reply | None = None
    law: _Reply | None = None
    half: _Reply | None = None


ANSWERS = {"promise": "c", "law": "a", "half": "b"}


def grounds() -> dict[str, dict[str, float | str]]:
    """What each reply stands on: the share that is left, who decides, the price of half a plan."""
    first, left = half()
    return {
        "promise": {"left_share": effect().after / effect().before},
        "law": {"decides": "legal"},
        "half": {"first": first, "not_avoided": left - effect().after},
    }


def _wanted() -> dict[str, float | str]:
    first, left = half()
    measured: dict[str, float | str] = {"before": effect().before, "after": effect().after}
    return measured | {"withheld": withheld(), "fund_first": first, "left_with_first": left}


def _is_measured(answer: _Figures, *, field: str) -> bool | str:
    given, wanted = getattr(answer, field), _wanted()[field]
    if given is None:
        return "Nothing given."
    if isinstance(wanted, str):
        return given == wanted or f"Not {given!r}."
    return abs(given - wanted) <= max(0.01 * abs(wanted), 1) or f"The replay does not say {given:,.0f}."


def _chooses(answer: _Choice, *, field: str) -> bool | str:
    given: _Reply = getattr(answer, field) or _Reply()
    if given.choice is None:
        return "Nothing chosen."
    if given.choice.strip().lower() != ANSWERS[field]:
        return "A board would ask on."
    for name, wanted in grounds()[field].items():
        said = getattr(given, name)
        if said is None:
            return f"{name} is what it stands on; without it, it is a guess."
        holds = said == wanted if isinstance(wanted, str) else abs(said - wanted) <= 0.02 * abs(wanted)
        if not holds:
            return f"It stands on {name}={said!r}, which was not measured so."
    return True


QUESTIONS = (
    Question(
        id="a05-figures",
        title="The figures of the page",
        shape=_Figures,
        expected="a dict with the keys before, after, withheld, fund_first, left_with_first",
        criteria=tuple(
            Criterion(text, partial(_is_measured, field=field), hint)
            for field, text, hint in (
                ("before", "Harm without the plan", "run.harm.amount"),
                ("after", "Harm with the whole plan", "lab.replay(run, controls=controls).harm.amount"),
                (
                    "withheld",
                    "Innocent outputs that the plan withholds",
                    "whole.costs, rows of the plan.",
                ),
                ("fund_first", "The control to fund first", "Replay each control alone."),
                (
                    "left_with_first",
                    "Harm left with only that one",
                    "The smallest of those replays.",
                ),
            )
        ),
    ),
    Question(
        id="a05-briefing",
        title="One page for leadership",
        shape=Briefing,
        expected="a lab.Briefing",
        criteria=(
            *rubric_criteria(lambda page: page),
            Criterion(
                "Its figures are those of the replay",
                lambda page: agrees(page, before=effect().before, after=effect().after),
                "Harm before and after the plan, rounded to within 5%.",
                points=2,
            ),
        ),
    ),
    Question(
        id="a05-board",
        title="Hard questions",
        shape=_Choice,
        expected="a dict with the keys promise, law, half, each a dict with choice and what it stands on",
        criteria=(
            Criterion(
                "Can you promise that it will not happen again?",
                partial(_chooses, field="promise"),
                "What is left, as a figure, and how soon it would be seen.",
            ),
            Criterion("Are we in breach?", partial(_chooses, field="law"), "Who decides that?"),
            Criterion(
                "What if we fund only half?",
                partial(_chooses, field="half"),
                "Which part was measured alone, and what stays open?",
            ),
        ),
    ),
)
