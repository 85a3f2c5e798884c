"""NIST AI RMF 1.0 as a dataset: the 19 categories and 72 subcategories, described in our own words.

Source: NIST AI 100-1, https://doi.org/10.6028/NIST.AI.100-1
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Self

from pydantic import model_validator

from aiir_lab.catalog.course_files import course_path
from aiir_lab.records.base import Line, Record, Text
from aiir_lab.records.rmf import CATEGORY_IDS, SUBCATEGORY_IDS, RmfFunction, RmfSubcategory

if TYPE_CHECKING:
    import pandas as pd


class RmfCategory(Record):
    """One of the 19 categories of the Core."""

    id: Line
    function: RmfFunction
    description: Line


class RmfIndex(Record):
    """The whole file: complete, and in the order of the Core."""

    title: Line
    note: Text
    sources: tuple[Line, ...]
    categories: tuple[RmfCategory, ...]
    subcategories: tuple[RmfSubcategory, ...]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for kind, got, expected in (
            ("categories", [item.id for item in self.categories], CATEGORY_IDS),
            ("subcategories", [item.id for item in self.subcategories], SUBCATEGORY_IDS),
        ):
            if tuple(got) != expected:
                missing = [id for id in expected if id not in got]
                flaw = f"{', '.join(missing)} missing" if missing else "another order or number"
                raise ValueError(f"all {len(expected)} {kind} in the order of the Core, not with {flaw}")
        named = [(item.id, item.function, item.id) for item in self.categories]
        named += [(item.id, item.function, item.category) for item in self.subcategories]
        for id, function, category in named:
            if not id.startswith(f"{function} ") or not id.startswith(category):
                raise ValueError(f"the function and category that {id} is named after")
        return self


@cache
def load_rmf() -> RmfIndex:
    """Load the index as a record; loaded once per process.

    Examples
    --------
    >>> len(load_rmf().categories)
    19
    """
    return RmfIndex.from_file(course_path("datasets", "ai_rmf", "nist_ai_rmf.yaml"))


def ai_rmf() -> pd.DataFrame:
    """The 72 subcategories of NIST AI RMF 1.0, in the order GOVERN, MAP, MEASURE, MANAGE.

    Returns
    -------
    DataFrame
        ``id`` (str, such as ``MANAGE 2.4``), ``function``, ``category`` (str),
        ``description`` (str, our paraphrase: quote the Core itself where exact words matter),
        ``incident_use`` (str, where it matters in incident work; missing for most).

    Examples
    --------
    >>> ai_rmf()["function"].value_counts()["GOVERN"].item()
    19
    """
    import pandas as pd

    columns = ["id", "function", "category", "description", "incident_use"]
    rows = [item.model_dump(mode="json", include=set(columns)) for item in load_rmf().subcategories]
    return pd.DataFrame(rows, columns=columns)


def ai_rmf_categories() -> pd.DataFrame:
    """The 19 categories of NIST AI RMF 1.0, in the order of the Core.

    Returns
    -------
    DataFrame
        ``id`` (str, such as ``MANAGE 2``), ``function``, ``description`` (str, our paraphrase).

    Examples
    --------
    >>> len(ai_rmf_categories())
    19
    """
    import pandas as pd

    return pd.DataFrame([item.model_dump(mode="json") for item in load_rmf().categories])
