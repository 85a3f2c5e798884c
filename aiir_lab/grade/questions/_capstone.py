"""The capstone: the arc of the advanced level on any world and seed, with criteria computed from that run.

The prefix of its question ids says all that they depend on: ``c41_fraud_poisoning`` is the world
``fraud_poisoning`` at seed 41, ``c41m_fraud_poisoning`` the same with a meeting that the instructor wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from aiir_lab.grade.question import Criterion, Question
from aiir_lab.grade.questions._causes import NOT_MEASURED, Inquiry, Plan, Shares
from aiir_lab.grade.questions._facilitating import Led, Lines
from aiir_lab.grade.questions._framework import FrameworkAnswer, framework_criteria
from aiir_lab.grade.questions._page import agrees, rubric_criteria
from aiir_lab.grade.questions._playing import played_criteria
from aiir_lab.grade.questions._watching import Output, Trial, played
from aiir_lab.records import Briefing, CauseGraph, NotFoundError, Playbook
from aiir_lab.simulate.world import list_worlds, load_world
from aiir_lab.tabletop.meeting import MeetingScript, load_meeting_script, parse_meeting_script

if TYPE_CHECKING:
    from aiir_lab.simulate import Run

SIZE = "sample"
SHARE_OF_BEST = 0.75
"""Of what the best choice among the main controls avoids, a plan has to avoid this much."""
MEETING_FILE = "meeting.yaml"
"""Where a learner's copy of an instructor's own meeting stands, beside the notebook."""

# What a monitor may see: what answers need, without the tables that would be heavy to hand over.
TABLES: dict[str, tuple[str, ...]] = {
    "fraud_poisoning": (
        *("transactions", "decisions", "labels", "sources", "merchants", "chargebacks", "dashboard"),
    ),
    "vision_bias": (
        *("requests", "predictions", "appeals", "appeal_decisions", "audits", "sellers", "dashboard"),
    ),
    "credit_bias": ("applications", "decisions", "appeals", "appeal_decisions", "feed_changes", "dashboard"),
    "moderation_failure": ("outputs", "decisions", "reviews", "reports", "dashboard"),
    "demand_drift": ("sales", "forecasts", "orders", "stock", "dashboard"),
    "assistant_injection": ("conversations", "refunds", "orders_on_file", "dashboard", "tickets"),
}

# Seeds on which the reference policy detects within the budget, so that there is something to compare with.
TRIAL_SEEDS: dict[str, tuple[int, int, int]] = {
    "fraud_poisoning": (44, 46, 48),
    "vision_bias": (42, 43, 44),
    "credit_bias": (43, 44, 45),
    "moderation_failure": (45, 47, 48),
    "demand_drift": (43, 44, 45),
    "assistant_injection": (42, 43, 44),
}
_PREFIX = re.compile(r"c(0|[1-9]\d{0,8})(m?)_([a-z_]+)")


def is_capstone(prefix: str) -> bool:
    """Whether a prefix of question ids names a capstone, such as ``c41_fraud_poisoning``."""
    found = _PREFIX.fullmatch(prefix)
    return found is not None and found[3] in list_worlds()


class _Page(BaseModel):
    model_config = ConfigDict(extra="forbid")

    page: Briefing | None = None
    controls: list[str] | None = None


class _Shares(Shares):
    together: str | None = None


@dataclass(frozen=True)
class Case:
    """A world at a seed, and all that criteria ask about it.

    Parameters
    ----------
    world : str
    seed : int
    has_own_meeting : bool, default False
        The instructor wrote the meeting.
    """

    world: str
    seed: int
    has_own_meeting: bool = False

    @classmethod
    def read(cls, prefix: str) -> Case:
        """The case that a prefix names.

        Raises
        ------
        NotFoundError
            It names none.
        """
        found = _PREFIX.fullmatch(prefix)
        if found is None or found[3] not in list_worlds():
            raise NotFoundError("capstone", prefix, [f"c41_{world}" for world in list_worlds()])
        return cls(found[3], int(found[1]), bool(found[2]))

    @property
    def prefix(self) -> str:
        """What its question ids begin with."""
        return f"c{self.seed}{'m' if self.has_own_meeting else ''}_{self.world}"

    @property
    def run(self) -> Run:
        """The run of the incident."""
        return played(self.world, self.seed, SIZE)

    @cached_property
    def inquiry(self) -> Inquiry:
        """What the run says about causes and plans."""
        return Inquiry(self.world, lambda: self.run)

    @cached_property
    def best_avoided(self) -> float:
        """What the best choice among the main controls avoids, from the start."""
        from aiir_lab.simulate.attribution import measure_subsets

        return self.run.harm.amount - float(measure_subsets(self.run)["harm"].min())

    @property
    def detected_utc(self) -> datetime:
        """When the incident is recognised in the exercise: a third of the way through, on the full hour."""
        onset = self.run.reveal().onset_utc
        at = onset + (self.run.ended_utc - onset) / 3
        return at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)

    @property
    def trial_seeds(self) -> tuple[int, ...]:
        """Two runs on which a monitor is tried where the learner stands."""
        return tuple(seed for seed in TRIAL_SEEDS[self.world] if seed != self.seed)[:2]

    def trial(self, seeds: Sequence[int]) -> Trial:
        """A monitor's trial on runs of this world."""
        from aiir_lab.monitor.ready import reference_policy

        response = reference_policy(self.world).response
        return Trial(self.world, seeds, tables=TABLES[self.world], response=response)

    def script(self) -> MeetingScript:
        """The meeting where the learner stands: the course's, or the instructor's beside the notebook."""
        return load_meeting_script(Path(MEETING_FILE) if self.has_own_meeting else self.world)


@cache
def capstone_questions(prefix: str) -> tuple[Question, ...]:
    """The questions of a capstone, in the order in which they are asked."""
    case = Case.read(prefix)
    return (
        meeting_question(case, case.script),
        Question(
            id=f"{prefix}-causes",
            title="The cause graph",
            shape=CauseGraph,
            expected="a lab.CauseGraph",
            criteria=case.inquiry.graph_criteria(),
        ),
        Question(
            id=f"{prefix}-shares",
            title="Estimate, then measure",
            shape=_Shares,
            expected="a dict with the keys estimate, largest, misjudged, partners (two), together",
            criteria=(
                *case.inquiry.estimate_criteria(),
                Criterion(
                    "The two factors that act together most",
                    partial(_finds_partners, case=case),
                    "The interaction that is farthest from zero, above or below.",
                ),
                Criterion(
                    "How they act together",
                    partial(_finds_together, case=case),
                    "Above zero either control breaks the chain ('either'); below zero both are needed "
                    "('both').",
                ),
            ),
        ),
        Question(
            id=f"{prefix}-plan",
            title="The plan, measured",
            shape=Plan,
            expected="a dict with the keys graph, actions, left and keystone",
            criteria=(
                *case.inquiry.action_criteria(),
                Criterion(
                    f"It avoids at least {SHARE_OF_BEST:.0%} of what the best choice among the main controls "
                    "avoids",
                    partial(_avoids_enough, case=case),
                    "Controls may stand in each other's way; try the plan without one of them.",
                    points=3,
                ),
                *case.inquiry.effect_criteria(fewest_controls=1),
            ),
        ),
        Question(
            id=f"{prefix}-framework",
            title="The plan on the map",
            shape=FrameworkAnswer,
            expected="a dict with the keys graph, actions, rmf (cause to rmf and why), atlas, gaps",
            criteria=framework_criteria(lambda: case.run),
        ),
        Question(
            id=f"{prefix}-playbook",
            title="A playbook that was exercised",
            shape=Playbook,
            expected="a lab.Playbook",
            criteria=played_criteria(case),
        ),
        monitor_question(case, case.trial_seeds),
        Question(
            id=f"{prefix}-briefing",
            title="One page for leadership",
            shape=_Page,
            expected="a dict with the keys page (a lab.Briefing) and controls (those of the plan)",
            criteria=(
                *rubric_criteria(lambda answer: answer.page),
                Criterion(
                    "Its figures are those of the replay",
                    partial(_agrees, case=case),
                    "Harm before and after the plan, rounded to within 5%.",
                    points=2,
                ),
            ),
        ),
    )


def meeting_question(case: Case, script_of: Callable[[], MeetingScript]) -> Question:
    """The question on the meeting; an instructor's key gives the script of a meeting of their own."""
    return Question(
        id=f"{case.prefix}-meeting",
        title="Your meeting",
        shape=Lines,
        expected="meeting.transcript: a list, head first, with at least one move",
        criteria=Led(script_of, seed=case.seed).criteria(),
    )


def monitor_question(case: Case, seeds: Sequence[int]) -> Question:
    """The question on the monitor; an instructor's key gives runs that nobody has seen."""
    trial = case.trial(seeds)
    return Question(
        id=f"{case.prefix}-monitor",
        title="Your monitor on runs you have not seen",
        shape=list[Output],
        expected="the function itself",
        probe=trial.probe,
        criteria=trial.criteria(hint="In which rows does the harm begin, and what do they have in common?"),
    )


def key_questions(prefix: str, *, seeds: Sequence[int], meeting: str | None = None) -> tuple[Question, ...]:
    """What an instructor's key puts in place of the public questions.

    Parameters
    ----------
    prefix : str
        The capstone.
    seeds : sequence of int
        Runs on which monitors are judged.
    meeting : str, optional
        The YAML of the instructor's own meeting.
    """
    case = Case.read(prefix)
    replaced = (monitor_question(case, seeds),)
    if meeting is None:
        return replaced
    return (*replaced, meeting_question(case, lambda: parse_meeting_script(meeting)))


def _strongest(case: Case) -> tuple[set[str], float]:
    rows = case.run.reveal().interactions
    top = rows.iloc[int(rows["interaction_harm"].abs().to_numpy().argmax())]
    return {str(top["factor_a"]), str(top["factor_b"])}, float(top["interaction_harm"])


def _finds_partners(answer: _Shares, *, case: Case) -> bool | str:
    given = set(answer.partners or [])
    return given == _strongest(case)[0] if len(given) == 2 else "Two factors are asked for."


def _finds_together(answer: _Shares, *, case: Case) -> bool | str:
    pair, value = _strongest(case)
    if set(answer.partners or []) != pair:
        return "First find the pair."
    return answer.together == ("either" if value > 0 else "both")


def _avoids_enough(plan: Plan, *, case: Case) -> bool | str:
    effect = case.inquiry.effect(plan)
    if effect is None:
        return NOT_MEASURED
    reached = effect.avoided / case.best_avoided
    return reached >= SHARE_OF_BEST - 1e-9 or f"It reaches {reached:.0%} of that."


def _agrees(answer: _Page, *, case: Case) -> bool | str:
    from aiir_lab.simulate import replay

    if answer.page is None or not answer.controls:
        return "A page and the controls of its plan are needed."
    after = replay(case.run, controls=answer.controls).harm.amount
    return agrees(answer.page, before=case.run.harm.amount, after=after)


def list_tables(world: str) -> tuple[str, ...]:
    """The tables that learners look at first: the small ones that every review needs."""
    wanted = ("alerts", "tickets", "deploys", "feed_changes", "model_registry", "model_versions")
    return tuple(name for name in (*wanted, "filter_versions") if name in load_world(world).schema)
