"""Judge a plan: does it answer the causes, in all three strands, with actions that hold, and what is left?

Sources: the strands (technical debt, process gap, tooling failure) are those of the course; strength is the
action hierarchy of the VA National Center for Patient Safety; owner, date and measure follow PagerDuty's
post-mortem guide; "prevent, detect, mitigate, process" are the kinds that guide asks a plan to cover. What an
action avoids is measured by replay, never estimated here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from aiir_lab.records import ActionItem, AiirError, CauseGraph, NotFoundError, Strand
from aiir_lab.review.actions import ActionReview, review_action_item
from aiir_lab.review.finding import Finding
from aiir_lab.review.plan.measuring import PlanEffect, measure_plan

if TYPE_CHECKING:
    import pandas as pd

    from aiir_lab.simulate import Run

PROBLEM_KINDS = (
    "no_actions",
    "only_weak_actions",
    "strand_without_action",
    "cause_without_action",
    "cause_without_evidence",
    "action_without_cause",
    "not_smart",
    "avoids_nothing",
    "makes_worse",
)

_STRAND_WORDS = {
    Strand.TECHNICAL: "technical debt",
    Strand.PROCESS: "a process gap",
    Strand.TOOLING: "a tooling failure",
}


@dataclass(frozen=True)
class PlanReview:
    """What a facilitator would say about a plan, and what a replay says.

    Parameters
    ----------
    actions : tuple of ActionItem
    reviews : tuple of ActionReview
        One for each action, in the same order.
    strands : dict of Strand to tuple of int
        Numbers of the actions (from 1) that answer a cause of that strand.
    effect : PlanEffect or None
        Measured by replay; None where no run was given or no action names a control.
    findings : tuple of Finding
        What to mend, that which would help most first; ``field`` names the action or cause.
    """

    actions: tuple[ActionItem, ...]
    reviews: tuple[ActionReview, ...]
    strands: dict[Strand, tuple[int, ...]]
    effect: PlanEffect | None
    findings: tuple[Finding, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found to mend."""
        return not self.findings

    def to_frame(self) -> pd.DataFrame:
        """One row for each action.

        Returns
        -------
        DataFrame
            Index ``action`` (int, from 1); ``description``, ``factor``, ``strand``, ``strength`` (str or
            None), ``is_smart`` (bool), ``control`` (str or None), ``avoided_alone``, ``avoided_last``
            (float64, unit of the harm; NaN where the action maps to no control).
        """
        import pandas as pd

        strand_of = {number: strand for strand, numbers in self.strands.items() for number in numbers}
        rows = []
        for number, (action, review) in enumerate(zip(self.actions, self.reviews, strict=True), start=1):
            alone, last = math.nan, math.nan
            if self.effect is not None and action.control is not None:
                alone, last = self.effect.of(action.control)
            rows.append(
                {
                    "action": number,
                    "description": action.description,
                    "factor": action.factor,
                    "strand": strand_of[number].value if number in strand_of else None,
                    "strength": review.strength,
                    "is_smart": review.is_smart,
                    "control": action.control,
                    "avoided_alone": alone,
                    "avoided_last": last,
                }
            )
        return pd.DataFrame(rows).set_index("action")

    def to_markdown(self) -> str:
        """The review as Markdown: the measured effect, a line for each action, what to mend."""
        from aiir_lab.review.plan.report import tabled

        return tabled(self).to_markdown()

    def _repr_html_(self) -> str:
        from aiir_lab.review.plan.report import tabled

        return tabled(self).to_fragment()


def review_plan(
    actions: Iterable[Any],
    *,
    graph: CauseGraph,
    run: Run | None = None,
    incident_closed: date | str | None = None,
) -> PlanReview:
    """Judge the actions of a root-cause plan and, with a run, measure them.

    Parameters
    ----------
    actions : iterable of ActionItem or dict
        ``factor`` names the cause of the graph that an action answers, by its id; ``control`` the control of
        the incident world that it puts in place, where there is one.
    graph : CauseGraph
        The causes.
    run : Run, optional
        The run in which the incident happened; each control is replayed alone and in combination.
    incident_closed : date or str, optional
        Passed on to the judge of single actions.

    Returns
    -------
    PlanReview

    Raises
    ------
    NotFoundError
        An action names a cause that the graph, or a control that the world, does not have.
    AiirError
        ``graph`` is no CauseGraph, or two actions name the same control.
    RecordError
        An action is no action item.

    Examples
    --------
    >>> graph = CauseGraph.from_whys("Harmful posts were shown", ["No red team tried new spellings"])
    >>> plan = review_plan([{"description": "Train the team", "factor": "why-1"}], graph=graph)
    >>> plan.findings[0].kind
    'only_weak_actions'
    """
    if not isinstance(graph, CauseGraph):
        raise AiirError(
            f"review_plan: graph must be a CauseGraph, got {type(graph).__name__}. "
            "Build one: CauseGraph(problem=..., causes=[Cause(id=..., text=..., strand=..., leads_to=...)])."
        )
    items = tuple(
        action if isinstance(action, ActionItem) else ActionItem.from_dict(action, where=f"action {number}")
        for number, action in enumerate(actions, start=1)
    )
    _check_names(items, graph, run)
    reviews = tuple(review_action_item(item, incident_closed=incident_closed) for item in items)
    strands = _strands(items, graph)
    controls = [item.control for item in items if item.control is not None]
    effect = measure_plan(run, controls) if run is not None and controls else None
    findings = (
        *_whole(items, reviews),
        *_missing_strands(strands, graph),
        *_causes(items, graph),
        *_single(items, reviews),
        *(_measured(items, effect) if effect else ()),
    )
    return PlanReview(items, reviews, strands, effect, findings)


def _check_names(items: Sequence[ActionItem], graph: CauseGraph, run: Run | None) -> None:
    known = [cause.id for cause in graph.causes]
    seen: dict[str, int] = {}
    for number, item in enumerate(items, start=1):
        if item.factor is not None and item.factor not in known:
            raise NotFoundError(f"cause in this graph (factor of action {number})", item.factor, known)
        if item.control is None:
            continue
        if run is not None and item.control not in run.controls:
            raise NotFoundError(
                f"control of {run.name} (control of action {number})", item.control, list(run.controls)
            )
        if item.control in seen:
            raise AiirError(
                f"Actions {seen[item.control]} and {number} both name the control {item.control!r}, so "
                "neither could be measured. Join them, or let one of them name no control."
            )
        seen[item.control] = number


def _strands(items: Sequence[ActionItem], graph: CauseGraph) -> dict[Strand, tuple[int, ...]]:
    of_cause = {cause.id: cause.strand for cause in graph.causes}
    return {
        strand: tuple(
            number
            for number, item in enumerate(items, start=1)
            if item.factor is not None and of_cause[item.factor] == strand
        )
        for strand in Strand
    }


def _remark(kind: str, message: str, suggestion: str, field: str = "") -> Finding:
    return Finding(0, 0, kind, message, suggestion, rule=f"plan.{kind}", field=field)


def _whole(items: Sequence[ActionItem], reviews: Sequence[ActionReview]) -> list[Finding]:
    if not items:
        return [
            _remark(
                "no_actions",
                "There is no action, so nothing changes.",
                "Begin with the cause that carries the largest share of the harm.",
            )
        ]
    if all(review.strength == "weaker" for review in reviews):
        return [
            _remark(
                "only_weak_actions",
                "Every action asks people to remember or to know more; under pressure none will hold.",
                "Add at least one action that works without anybody's memory, such as a gate that blocks.",
            )
        ]
    return []


def _missing_strands(strands: dict[Strand, tuple[int, ...]], graph: CauseGraph) -> list[Finding]:
    found = []
    for strand, numbers in strands.items():
        if numbers:
            continue
        has_cause = any(cause.strand == strand for cause in graph.causes)
        words = _STRAND_WORDS[strand]
        found.append(
            _remark(
                "strand_without_action",
                f"No action answers {words}."
                if has_cause
                else f"The graph holds no cause that is {words}, and so the plan answers none.",
                "Choose the cause of this strand with the largest share, and change the condition."
                if has_cause
                else "Ask what in this strand let the incident grow, or say why there is nothing.",
                strand.value,
            )
        )
    return found


def _causes(items: Sequence[ActionItem], graph: CauseGraph) -> list[Finding]:
    answered = {item.factor for item in items}
    found = [
        _remark(
            "cause_without_action",
            f"Nothing is done about {cause.id!r}, which nothing else in the graph explains.",
            "Add an action, or write down why this condition is accepted.",
            cause.id,
        )
        for cause in graph.root_causes()
        if cause.id not in answered
    ]
    found += [
        _remark(
            "cause_without_evidence",
            f"{cause.id!r} names no evidence, so it is an opinion.",
            "Name the table, figure, ticket or replay that shows it.",
            cause.id,
        )
        for cause in graph.causes
        if not cause.evidence
    ]
    return found


def _single(items: Sequence[ActionItem], reviews: Sequence[ActionReview]) -> list[Finding]:
    found = []
    for number, (item, review) in enumerate(zip(items, reviews, strict=True), start=1):
        field = f"action {number}"
        if item.factor is None:
            found.append(
                _remark(
                    "action_without_cause",
                    "It names no cause that it answers.",
                    "Give its factor: the id of a cause in the graph.",
                    field,
                )
            )
        if review.problems:
            first = review.problems[0]
            kinds = ", ".join(dict.fromkeys(problem.kind for problem in review.problems))
            found.append(_remark("not_smart", f"{first.message} ({kinds})", first.suggestion, field))
    return found


def _measured(items: Sequence[ActionItem], effect: PlanEffect) -> list[Finding]:
    found = []
    noise = 0.005 * abs(effect.before)
    for number, item in enumerate(items, start=1):
        if item.control is None:
            continue
        alone, last = effect.of(item.control)
        if max(alone, last) < -noise:
            found.append(
                _remark(
                    "makes_worse",
                    f"{item.control!r} adds {-max(alone, last):,.0f} {effect.unit} in the replay.",
                    "Take it out, or say what else it is for.",
                    f"action {number}",
                )
            )
        elif max(alone, last) <= noise:
            found.append(
                _remark(
                    "avoids_nothing",
                    f"{item.control!r} avoids next to nothing of this incident, alone or beside the others.",
                    "Keep it only for another reason, and say which.",
                    f"action {number}",
                )
            )
    return found
