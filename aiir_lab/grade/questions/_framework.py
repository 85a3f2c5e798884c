"""Criteria of a plan mapped to the NIST AI RMF and MITRE ATLAS: the learner's own causes, any run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from aiir_lab.grade.question import Criterion
from aiir_lab.grade.questions._mapping import Mapped, exists, fits, mitigations_named, reasoned
from aiir_lab.records import ActionItem, CauseGraph, NotFoundError, check_rmf_id

if TYPE_CHECKING:
    from aiir_lab.simulate import Run


class FrameworkAnswer(BaseModel):
    """A plan with its causes, and for each cause that it answers a subcategory with a reason."""

    model_config = ConfigDict(extra="forbid")

    graph: CauseGraph | None = None
    actions: list[ActionItem] | None = None
    rmf: dict[str, Mapped | None] | None = None
    atlas: dict[str, str | None] | None = None
    gaps: list[str] | None = None

    def controls_of(self, cause: str) -> list[str]:
        """Controls of the actions that answer a cause."""
        return [item.control for item in self.actions or [] if item.factor == cause and item.control]

    @property
    def answered(self) -> list[str]:
        """Causes that an action answers, in the order of the graph."""
        named = {item.factor for item in self.actions or []}
        return [cause.id for cause in self.graph.causes if cause.id in named] if self.graph else []


def framework_criteria(run_of: Callable[[], Run]) -> tuple[Criterion, ...]:
    """What is asked of a mapping, 10 points; ``run_of`` returns the run that it is about."""
    return (
        Criterion(
            "Every cause that the plan answers is mapped, and nothing else",
            _is_whole,
            "The keys of rmf are the ids of those causes of your graph that an action names as its factor.",
            points=2,
        ),
        Criterion(
            "Each subcategory speaks about what the plan changes for that cause",
            partial(_all_fit, run_of=run_of),
            "lab.search_rmf('word') reads ids, descriptions and uses.",
            points=3,
        ),
        Criterion(
            "Each reason says what the subcategory asks for and where it was missing here",
            partial(_all_reasoned, run_of=run_of),
            "Take up its words, and name the evidence of your cause.",
            points=3,
        ),
        Criterion(
            "The controls that ATLAS knows as mitigations, and None for the others",
            partial(_names_mitigations, run_of=run_of),
            "An id for each control that works against an adversary: run.control(name), lab.atlas().",
        ),
        Criterion(
            "Core subcategories that nobody looked at",
            _follows,
            "lab.rmf_coverage(incident=...).gaps, with the ids that you gave.",
        ),
    )


def _rows(answer: FrameworkAnswer) -> dict[str, Mapped]:
    return {cause: row or Mapped() for cause, row in (answer.rmf or {}).items()}


def _is_whole(answer: FrameworkAnswer) -> bool | str:
    given, wanted = set(_rows(answer)), set(answer.answered)
    if not wanted:
        return "There is no cause that an action answers yet."
    if wanted - given:
        return f"Not mapped: {', '.join(sorted(wanted - given))}."
    return given == wanted or f"No action answers {', '.join(sorted(given - wanted))}."


def _all_fit(answer: FrameworkAnswer, *, run_of: Callable[[], Run]) -> bool | str:
    known, is_judged = run_of().controls, False
    for cause, row in _rows(answer).items():
        controls = [name for name in answer.controls_of(cause) if name in known]
        is_judged |= bool(controls)
        held = fits(row.rmf, controls) if controls else _is_real(row.rmf)
        if held is not True:
            return f"{cause}: {held}"
    return is_judged or "No action names a control, so there is nothing to compare with."


def _is_real(id: str | None) -> bool | str:
    try:
        return bool(check_rmf_id(id or ""))
    except NotFoundError as error:
        return str(error)


def _all_reasoned(answer: FrameworkAnswer, *, run_of: Callable[[], Run]) -> bool | str:
    rows = _rows(answer)
    if not rows or answer.graph is None:
        return "Nothing is mapped yet."
    seen: dict[str, str] = {}
    for cause, row in rows.items():
        held = reasoned(row, list(_about(answer, cause, run_of())))
        if held is not True:
            return f"{cause}: {held}"
        said = " ".join((row.why or "").casefold().split())
        if said in seen:
            return f"{cause} and {seen[said]} have one reason; each is weak in its own way."
        seen[said] = cause
    return True


def _about(answer: FrameworkAnswer, cause: str, run: Run) -> Iterable[str]:
    found = next((item for item in answer.graph.causes if item.id == cause), None) if answer.graph else None
    if found is not None:
        yield found.text
        yield found.evidence or ""
    for name in answer.controls_of(cause):
        if name in run.controls:
            yield f"{name} {run.control(name).what}"


def _names_mitigations(answer: FrameworkAnswer, *, run_of: Callable[[], Run]) -> bool | str:
    run, given = run_of(), answer.atlas or {}
    controls = {item.control for item in answer.actions or [] if item.control in run.controls}
    if not controls:
        return "No action names a control of this world."
    return mitigations_named(given, run=run, controls=sorted(map(str, controls)))


def _follows(answer: FrameworkAnswer) -> bool | str:
    from aiir_lab.review import rmf_coverage

    ids = [row.rmf for row in _rows(answer).values() if row.rmf]
    if not ids or not all(exists(id) for id in ids):
        return "The mapping is not whole yet."
    wanted = rmf_coverage(incident=ids).gaps
    given = {check_rmf_id(id) for id in answer.gaps or [] if exists(id)}
    return given == set(wanted) or f"Yours has {len(given)}; the coverage of your mapping has {len(wanted)}."
