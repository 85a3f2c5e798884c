"""Advanced lesson 5: a briefing for leadership, from measured results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from aiir_lab.grade.own_data import OwnData, evidence
from aiir_lab.grade.question import Criterion, Question
from aiir_lab.grade.questions._page import agrees, rubric_criteria, says
from aiir_lab.grade.questions.a02 import SIZE, WORLD, incident
from aiir_lab.records import Briefing

if TYPE_CHECKING:
    from aiir_lab.simulate import Run

CONTROLS = ("red_team_set", "spelling_normaliser", "alert_routing", "on_call_switch")
"""The plan that the lesson presents: that of lesson 2."""


@dataclass(frozen=True)
class Figures:
    """What the replays of the plan say, in the unit of the harm."""

    before: float
    after: float
    withheld: float  # innocent outputs that the whole plan withholds or cuts off
    left_with: dict[str, float]  # control -> harm left when only it is there

    @property
    def fund_first(self) -> str:
        """The control that avoids most alone."""
        return min(self.left_with, key=self.left_with.__getitem__)

    @property
    def left_with_first(self) -> float:
        return self.left_with[self.fund_first]

    def grounds(self) -> dict[str, dict[str, float | str]]:
        """What each reply stands on: the share that is left, who decides, the price of half a plan."""
        return {
            "promise": {"left_share": self.after / self.before},
            "law": {"decides": "legal"},
            "half": {"first": self.fund_first, "not_avoided": self.left_with_first - self.after},
        }


def figures_of(run: Run) -> Figures:
    """Replay a run with the whole plan, and with each control alone."""
    from aiir_lab.simulate import replay

    whole = replay(run, controls=list(CONTROLS))
    paid = whole.costs[whole.costs["control"].isin(CONTROLS)]
    innocent = paid.loc[paid["what"].str.startswith("innocent outputs"), "amount"]
    return Figures(
        before=run.harm.amount,
        after=whole.harm.amount,
        withheld=float(innocent.sum()),
        left_with={name: replay(run, controls=[name]).harm.amount for name in CONTROLS},
    )


@cache
def figures() -> Figures:
    """Those of the lesson's run."""
    return figures_of(incident())


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
Known = Callable[[], Figures]
"""Gives the figures when the first answer is judged, not on import."""


def _is_measured(known: Known, field: str, answer: _Figures) -> bool | str:
    given, wanted = getattr(answer, field), getattr(known(), field)
    if given is None:
        return "Nothing given."
    if isinstance(wanted, str):
        return given == wanted or f"Not {given!r}."
    return abs(given - wanted) <= max(0.01 * abs(wanted), 1) or f"The replay does not say {given:,.0f}."


def _chooses(known: Known, field: str, answer: _Choice) -> bool | str:
    given: _Reply = getattr(answer, field) or _Reply()
    if given.choice is None:
        return "Nothing chosen."
    if given.choice.strip().lower() != ANSWERS[field]:
        return "A board would ask on."
    for name, wanted in known().grounds()[field].items():
        said = getattr(given, name)
        if said is None:
            return f"{name} is what it stands on; without it, it is a guess."
        holds = said == wanted if isinstance(wanted, str) else abs(said - wanted) <= 0.02 * abs(wanted)
        if not holds:
            return f"It stands on {name}={said!r}, which was not measured so."
    return True


def questions_for(known: Known) -> tuple[Question, ...]:
    """The questions, judged against the figures of one run."""
    return (
        Question(
            id="a05-figures",
            title="The figures of the page",
            shape=_Figures,
            expected="a dict with the keys before, after, withheld, fund_first, left_with_first",
            criteria=tuple(
                Criterion(text, partial(_is_measured, known, field), hint)
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
                    lambda page: agrees(page, before=known().before, after=known().after),
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
                    partial(_chooses, known, "promise"),
                    "What is left, as a figure, and how soon it would be seen.",
                ),
                Criterion("Are we in breach?", partial(_chooses, known, "law"), "Who decides that?"),
                Criterion(
                    "What if we fund only half?",
                    partial(_chooses, known, "half"),
                    "Which part was measured alone, and what stays open?",
                ),
            ),
        ),
    )


QUESTIONS = questions_for(figures)


def _own_questions(case: dict[str, Any]) -> tuple[Question, ...]:
    """The questions about one learner's incident, each with what shows that it is theirs."""

    def known() -> Figures:
        return Figures(**case)

    shown = {
        "a05-figures": evidence(
            "a harm of your own run.what_if", partial(_is_of_this_table, known), "Look it up in the table."
        ),
        "a05-briefing": evidence(
            "the harm without the plan, and the harm left with all of it or with the first control",
            partial(_stands_on, known),
            "Write the figures of your own run.what_if, not rounded further than to tens.",
        ),
        "a05-board": evidence(
            "a left_share or a not_avoided of your own figures",
            partial(_replies_from, known),
            "Divide and subtract your own figures, and do not round them.",
        ),
    }
    return tuple(replace(question, evidence=shown[question.id]) for question in questions_for(known))


def _is_near(given: float | None, wanted: float, *, slack: float) -> bool:
    return given is not None and abs(given - wanted) <= slack


def _is_of_this_table(known: Known, answer: _Figures) -> bool:
    fields = ("before", "after", "left_with_first")
    return any(_is_near(getattr(answer, name), getattr(known(), name), slack=1) for name in fields)


def _stands_on(known: Known, page: Briefing) -> bool:
    f = known()
    return says(page, f.before, within=0.005) and (
        says(page, f.after, within=0.01) or says(page, f.left_with_first, within=0.01)
    )


def _replies_from(known: Known, answer: _Choice) -> bool:
    f, promise, half = known(), answer.promise or _Reply(), answer.half or _Reply()
    return _is_near(promise.left_share, f.after / f.before, slack=5e-5) or _is_near(
        half.not_avoided, f.left_with_first - f.after, slack=1
    )


def _what_if(case: dict[str, Any]) -> list[dict[str, Any]]:
    f = Figures(**case)
    rows: list[tuple[str, str, float, float | None]]
    rows = [("nothing", "", f.before, 0.0), ("plan", " ".join(CONTROLS), f.after, f.withheld)]
    rows[1:1] = [(name, name, left, None) for name, left in f.left_with.items()]
    columns = ("option", "controls", "harm_left", "innocent_withheld")
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _suits(case: dict[str, Any]) -> bool:
    """Whether the plan is one to present: it helps, a part is left, and no control does all of it alone."""
    f = Figures(**case)
    second = sorted(f.left_with.values())[1]
    is_clear = second - f.left_with_first > 0.02 * f.before
    return 0.05 <= f.after / f.before <= 0.5 and f.left_with_first > 1.1 * f.after and is_clear


OWN = OwnData(WORLD, lambda run: asdict(figures_of(run)), _own_questions, _what_if, size=SIZE, suits=_suits)
