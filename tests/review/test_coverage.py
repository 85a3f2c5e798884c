"""Coverage of the NIST AI RMF: states, gaps, ids that do not exist, search."""

from __future__ import annotations

from typing import Any

import pytest

from aiir_lab.records import AiirError, NotFoundError
from aiir_lab.review import atlas_coverage, rmf_coverage, search_rmf
from aiir_lab.review.coverage import CORE


def test_states_by_hand() -> None:
    shown = ["MEASURE 2.7", "manage-2.4", "MEASURE 2.7"]
    coverage = rmf_coverage(incident=shown, plan=["MANAGE 2.4", "MAP 1.1"])
    assert coverage.incident == ("MEASURE 2.7", "MANAGE 2.4")
    assert coverage.unanswered == ("MEASURE 2.7",)
    assert set(coverage.gaps) == set(CORE) - {"MEASURE 2.7", "MANAGE 2.4"}
    frame = coverage.to_frame()
    assert len(frame) == 72
    assert frame["state"].value_counts().to_dict() == {
        "not touched": 72 - 16 - 1,
        "core gap": 14,
        "incident and plan": 1,
        "incident only": 1,
        "plan only": 1,
    }
    assert "MEASURE 2.7" in coverage.to_markdown()
    assert "3 of 72" in coverage._repr_html_()


def test_nothing_touched_leaves_the_core_as_gaps() -> None:
    assert rmf_coverage().gaps == CORE


@pytest.mark.parametrize("field", ["incident", "plan"])
def test_an_unknown_id_names_the_nearest(field: str) -> None:
    with pytest.raises(NotFoundError, match=r"Did you mean .*MANAGE 2\.4"):
        rmf_coverage(**{field: ["MANAGE 2.5"]})
    with pytest.raises(AiirError, match=r"list of ids"):
        rmf_coverage(**{field: "MANAGE 2.4"})


def test_search_needs_all_words() -> None:
    found = search_rmf("incident communit")
    assert {"MANAGE 4.3", "MEASURE 3.3"} <= set(found.index)
    assert "GOVERN 2.1" not in found.index
    assert search_rmf("INCIDENT").index.tolist() == search_rmf("incident").index.tolist()
    assert search_rmf("incident zebra").empty
    assert len(search_rmf("")) == 72
    assert search_rmf("manage 2.4").index.tolist() == ["MANAGE 2.4"]


def test_atlas_by_hand() -> None:
    coverage = atlas_coverage(incident=["AML.T0020", "aml.t0031"], plan={"t0020": ["m0025", "AML.M0007"]})
    assert coverage.incident == ("AML.T0020", "AML.T0031")
    assert coverage.unanswered == ("AML.T0031",)
    assert coverage.mitigations == ("AML.M0007", "AML.M0025")
    assert coverage.to_frame().loc["AML.T0020", "mitigations"].startswith("AML.M0025 Maintain")
    assert "no mitigation" in coverage.to_markdown()
    assert "adversary" in atlas_coverage()._repr_html_()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"incident": ["AML.T0021"]}, r"Did you mean"),
        ({"plan": {"AML.T0020": ["AML.M0099"]}}, r"Did you mean"),
        ({"incident": "AML.T0020"}, r"list of ids"),
        ({"incident": ["AML.M0025"]}, r"no technique.*AML\.T"),
        ({"plan": {"AML.T0020": ["AML.T0031"]}}, r"no mitigation.*AML\.M"),
    ],
)
def test_an_atlas_id_that_does_not_fit_is_named(given: dict[str, Any], expected: str) -> None:
    with pytest.raises(AiirError, match=expected):
        atlas_coverage(**given)
