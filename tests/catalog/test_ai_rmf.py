"""The AI RMF dataset: complete, in order, and refused when it is not."""

from __future__ import annotations

import pytest

from aiir_lab.catalog import ai_rmf, ai_rmf_categories, course_path
from aiir_lab.catalog.rmf import RmfIndex, load_rmf
from aiir_lab.records import RecordError


def test_all_72_in_the_order_of_the_core() -> None:
    table = ai_rmf()
    assert len(table) == 72
    assert list(table.columns) == ["id", "function", "category", "description", "incident_use"]
    assert list(table["function"].unique()) == ["GOVERN", "MAP", "MEASURE", "MANAGE"]
    assert table["function"].value_counts().to_dict() == {
        "GOVERN": 19,
        "MAP": 18,
        "MEASURE": 22,
        "MANAGE": 13,
    }
    assert table["id"].is_unique
    assert table["description"].is_unique
    assert table["description"].str.len().min() > 20


def test_every_subcategory_belongs_to_one_of_19_categories() -> None:
    assert len(ai_rmf_categories()) == 19
    assert set(ai_rmf()["category"]) == set(ai_rmf_categories()["id"])


def test_the_off_switch_is_where_it_belongs() -> None:
    row = ai_rmf().set_index("id").loc["MANAGE 2.4"]
    assert "switch off" in row["description"]
    assert row["incident_use"]


def test_a_missing_subcategory_is_named() -> None:
    data = load_rmf().to_dict()
    data["subcategories"] = [item for item in data["subcategories"] if item["id"] != "MAP 3.3"]
    with pytest.raises(RecordError, match=r"MAP 3\.3 missing"):
        RmfIndex.from_dict(data)


def test_a_subcategory_in_the_wrong_category_is_named() -> None:
    data = load_rmf().to_dict()
    data["subcategories"][0]["category"] = "GOVERN 2"
    with pytest.raises(RecordError, match=r"GOVERN 1\.1 is named after"):
        RmfIndex.from_dict(data)


def test_an_error_names_file_line_and_field() -> None:
    text = course_path("datasets", "ai_rmf", "nist_ai_rmf.yaml").read_text(encoding="utf-8")
    with pytest.raises(RecordError, match=r"line \d+, subcategories\.0\.id: .*GOVERN 1\.99"):
        RmfIndex.from_yaml(text.replace("id: GOVERN 1.1\n", "id: GOVERN 1.99\n", 1))
