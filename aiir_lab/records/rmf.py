"""NIST AI RMF 1.0 (NIST AI 100-1, January 2023): its four functions, and which ids exist.

Only the structure is kept here, so that any record can check an id; the descriptions are a dataset.
Source: https://doi.org/10.6028/NIST.AI.100-1
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from aiir_lab.records.base import Line, Record
from aiir_lab.records.errors import NotFoundError


class RmfFunction(StrEnum):
    """The four functions of the Core."""

    GOVERN = "GOVERN"
    MAP = "MAP"
    MEASURE = "MEASURE"
    MANAGE = "MANAGE"


# Subcategories per category, in order: GOVERN 1 has 7, GOVERN 2 has 3 ...
SUBCATEGORY_COUNTS: dict[RmfFunction, tuple[int, ...]] = {
    RmfFunction.GOVERN: (7, 3, 2, 3, 2, 2),
    RmfFunction.MAP: (6, 3, 5, 2, 2),
    RmfFunction.MEASURE: (3, 13, 3, 3),
    RmfFunction.MANAGE: (4, 4, 2, 3),
}

CATEGORY_IDS: tuple[str, ...] = tuple(
    f"{function} {number}"
    for function, counts in SUBCATEGORY_COUNTS.items()
    for number in range(1, len(counts) + 1)
)

SUBCATEGORY_IDS: tuple[str, ...] = tuple(
    f"{function} {category}.{number}"
    for function, counts in SUBCATEGORY_COUNTS.items()
    for category, count in enumerate(counts, start=1)
    for number in range(1, count + 1)
)


def check_rmf_id(text: str) -> str:
    """Return the id of a subcategory in its standard form (``manage-2.4`` -> ``MANAGE 2.4``).

    Raises
    ------
    NotFoundError
        No subcategory has this id; the message names the nearest ones.
    """
    standard = re.sub(r"[\s_-]+", " ", text.strip()).upper()
    if standard not in SUBCATEGORY_IDS:
        raise NotFoundError("AI RMF subcategory", text, list(SUBCATEGORY_IDS))
    return standard


def _check_in_record(text: str) -> str:
    try:
        return check_rmf_id(text)
    except NotFoundError as error:
        raise ValueError(f"an AI RMF subcategory id ({error})") from None


RmfId = Annotated[str, AfterValidator(_check_in_record)]
"""An id of one of the 72 subcategories, such as ``MANAGE 2.4``."""


class RmfSubcategory(Record):
    """One of the 72 outcomes of the Core, described in our own words."""

    id: RmfId
    function: RmfFunction
    category: Line
    description: Line
    incident_use: Line | None = Field(default=None, description="where it matters in incident work")
