"""Intermediate lesson 2 with an incident for each learner: what is true of one, and what shows whose it is.

Incidents of one kind resemble each other, so an answer that fits one is a fair guess on the next: 14 % of the
points. Here every answer therefore brings something that only the learner's own tables hold.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, Field, TypeAdapter, create_model

from aiir_lab.grade.own_data import evidence
from aiir_lab.grade.question import Criterion, Question
from aiir_lab.grade.questions._poisoned import (
    OPTIONS,
    Case,
    Truth,
    contradicted_by_source,
    harms_of,
    payments_of_pattern,
    truth_of,
)

if TYPE_CHECKING:
    from aiir_lab.simulate import Run

Payments = Annotated[list[int], Field(min_length=3, max_length=10)]
"""Transaction ids. Of these three must be of the pattern; more than ten are no evidence but a list."""

AUC_TOLERANCE = 5e-4  # it is worked out of two columns, so it is exact but for rounding
SHARE_TOLERANCE = 2e-3  # the table gives shares to three decimals


class OwnCase(Case):
    """The incident of one learner, from the data that :func:`case_of` gave."""

    harm_tolerance = 0.36
    """The learner has the share that an option leaves, of a loss that can only be estimated."""

    count_tolerance = (
        0.2  # the range of amounts is taken without strays, so a victim at its edge may be missed
    )
    share_tolerance = 0.05

    def __init__(self, data: dict[str, Any]) -> None:
        self._data = data

    @cached_property
    def truth(self) -> Truth:
        return TypeAdapter(Truth).validate_python(self._data["truth"])

    @cached_property
    def harms(self) -> dict[str, float]:
        return dict(self._data["harms"])

    @cached_property
    def payments(self) -> frozenset[int]:
        """The payments of the pattern, and those that the false labels are about."""
        return frozenset(self._data["payments"])

    @cached_property
    def contradicted(self) -> dict[str, int]:
        """Partner -> how many of its labels are contradicted; each partner of the company."""
        return dict(self._data["contradicted"])


def case_of(run: Run) -> dict[str, Any]:
    """What is true of a run, as JSON data."""
    truth = truth_of(run)
    return {
        "truth": TypeAdapter(Truth).dump_python(truth, mode="json"),
        "harms": harms_of(run),
        "payments": payments_of_pattern(run, truth),
        "contradicted": contradicted_by_source(run),
    }


def what_if(case: dict[str, Any]) -> list[dict[str, Any]]:
    """What a learner is told who cannot replay: the share of the harm that each option leaves."""
    whole = case["truth"]["harm_usd"]
    return [
        {"option": name, "controls": " ".join(OPTIONS[name]), "harm_left_share": round(harm / whole, 3)}
        for name, harm in case["harms"].items()
    ]


def own_questions(questions: Sequence[Question], case: OwnCase) -> tuple[Question, ...]:
    """The questions of the lesson, each with the evidence that its answer has to bring."""
    asked = {question.id: question for question in questions}

    def ask(id: str, text: str, holds: Any, hint: str, **changed: Any) -> None:
        asked[id] = replace(asked[id], evidence=evidence(text, partial(holds, case), hint), **changed)

    ask(
        "i02-naive",
        "a partner or an AUC of your own tables",
        _is_of_these_tables,
        "Work it out of the tables in your folder.",
    )
    ask(
        "i02-source",
        "a partner of your own tables with its contradicted rows",
        _counts,
        "Sum contradicted_rows by source_id.",
        shape=dict[str, int],
        expected='a dict of partners and their contradicted rows, such as {"partner-101": 40}',
    )
    onset = asked["i02-onset"]
    timed = [replace(c, holds=partial(_of_the_time, c)) for c in onset.criteria]
    asked[onset.id] = replace(
        onset, shape=_timed(onset.shape), criteria=tuple(timed),
        expected="a dict with onset_utc",
    )  # fmt: skip
    for id in ("i02-pattern", "i02-onset", "i02-versions", "i02-missed", "i02-rollback"):
        ask(
            id,
            "three payments of the pattern, from your own tables",
            _shows_payments,
            "Three to ten transaction ids that show it.",
            shape=_shown(asked[id].shape),
            expected=f"{asked[id].expected}, and payments (three to ten transaction ids)",
        )
    ask(
        "i02-decision",
        "the options in the proportion of your own run.what_if",
        _keeps_proportion,
        "Each option leaves its harm_left_share of the one loss that you estimated.",
    )
    return tuple(asked.values())


# A shape is made once: a release judges every pair of its learners.
@cache
def _timed(shape: Any) -> type[BaseModel]:
    return create_model("_Onset", onset_utc=(shape, ...))


@cache
def _shown(shape: type[BaseModel]) -> type[BaseModel]:
    return create_model("_Shown", __base__=shape, payments=(Payments, ...))


def _is_of_these_tables(case: OwnCase, answer: Any) -> bool:
    t = case.truth
    is_close = answer.auc_change is not None and abs(answer.auc_change - t.auc_change) <= AUC_TOLERANCE
    return bool(is_close or answer.most_legitimate == t.most_legitimate)


def _counts(case: OwnCase, answer: dict[str, int]) -> bool:
    return any(case.contradicted.get(partner) == count for partner, count in answer.items())


def _of_the_time(criterion: Criterion, answer: Any) -> bool | str:
    return criterion.holds(answer.onset_utc)


def _shows_payments(case: OwnCase, answer: Any) -> bool | str:
    found = len(set(answer.payments) & case.payments)
    return found >= 3 or f"{found} of {len(answer.payments)} are."


def _keeps_proportion(case: OwnCase, answer: Any) -> bool:
    """Whether three options stand to each other as in the table, whatever the loss was estimated at."""
    given, harms = answer.harm_usd or {}, case.harms
    known = [name for name in harms if name in given]
    # two alone prove nothing: "rollback" and "both" often leave the same
    return any(
        sum(
            math.isclose(
                given[name] / given[base],
                harms[name] / harms[base],
                rel_tol=SHARE_TOLERANCE,
                abs_tol=SHARE_TOLERANCE,
            )
            for name in known
        )
        >= 3
        for base in known
        if given[base] > 0 and harms[base] > 0
    )
