"""Criteria of a briefing: the rubric, and figures that agree with a replay."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from aiir_lab.grade.question import Criterion
from aiir_lab.records import Briefing
from aiir_lab.review.briefing import RUBRIC, review_briefing


def _holds(answer: Any, *, line: str, page_of: Callable[[Any], Briefing | None]) -> bool | str:
    page = page_of(answer)
    if page is None:
        return "There is no page yet."
    review = review_briefing(page)
    said = [finding.message for finding in review.findings if finding.field == line]
    return review.held[line] or " ".join(said)


def rubric_criteria(page_of: Callable[[Any], Briefing | None]) -> tuple[Criterion, ...]:
    """One criterion for each line of the rubric; ``page_of`` takes the page out of an answer."""
    return tuple(
        Criterion(
            text,
            partial(_holds, line=line, page_of=page_of),
            "lab.review_briefing(page) says what is missing.",
        )
        for line, text in RUBRIC.items()
    )


def says(briefing: Briefing, figure: float, *, within: float) -> bool:
    """Whether a figure stands in it, to a share of itself or half a unit."""
    text = " ".join(briefing.sections().values())
    given = [float(number.replace(",", "")) for number in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]
    wanted = abs(figure)
    return any(abs(number - wanted) <= max(within * wanted, 0.5) for number in given)


def agrees(briefing: Briefing, *, before: float, after: float) -> bool | str:
    """Whether the harm before and after the plan stands in it, to within 5 %."""
    for name, wanted in (("before", before), ("after", after)):
        if not says(briefing, wanted, within=0.05):
            return f"The harm {name} the plan, as measured, is not in it."
    return True
