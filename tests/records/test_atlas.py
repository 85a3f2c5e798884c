"""Ids of MITRE ATLAS: what exists, what is near, and that nothing of the course names another."""

from __future__ import annotations

import re

import pytest
from pydantic import ValidationError

import aiir_lab as lab
from aiir_lab.catalog import course_path
from aiir_lab.records import ATLAS_NAMES, AiDetails, check_atlas_id
from aiir_lab.records.errors import NotFoundError
from aiir_lab.simulate import simulate
from aiir_lab.simulate.world import WORLDS, load_world


@pytest.mark.parametrize("text", ["AML.M0025", "aml.m0025", " m0025 "])
def test_an_id_is_brought_to_its_standard_form(text):
    assert check_atlas_id(text) == "AML.M0025"


@pytest.mark.parametrize("text", ["AML.M0035x", "AML.T9999", "GOVERN 1.1", "", "AML.M1"])
def test_an_id_that_is_not_there_names_near_ones(text):
    with pytest.raises(NotFoundError, match=r"ATLAS id|Known"):
        check_atlas_id(text)


def test_near_means_near():
    with pytest.raises(NotFoundError, match=r"AML\.M0010"):
        check_atlas_id("AML.M0110")


def test_records_take_ids_of_the_right_shape_and_only_mitigations_that_exist():
    assert AiDetails(atlas_ids=("AML.T0020", "AML.T0055", "AML.M0034")).atlas_ids[1] == "AML.T0055"
    assert AiDetails(atlas_ids=("t0020",)).atlas_ids == ("AML.T0020",)
    for wrong in ("AML.M0077", "T9020", "AML.T20"):
        with pytest.raises(ValidationError, match="MITRE ATLAS"):
            AiDetails(atlas_ids=(wrong,))


def test_the_table_holds_all_mitigations():
    table = lab.atlas()
    assert list(table.columns) == ["id", "kind", "name", "version"]
    assert table["kind"].value_counts()["mitigation"] == 35
    assert table["id"].is_unique
    assert table["name"].is_unique
    assert table.set_index("id")["name"]["AML.M0003"] == "Model Hardening"


def test_every_id_in_worlds_and_post_mortems_is_in_the_list():
    named = {r for world in WORLDS for c in load_world(world).controls for r in c.references}
    named = {one for one in named if one.startswith("AML.")}
    named |= set(simulate("fraud_poisoning", seed=1, size="sample").reveal().details["atlas"])
    for path in course_path("datasets", "post_mortems").glob("*.yaml"):
        named |= set(re.findall(r"AML\.[A-Z]{1,2}\d{4}(?:\.\d{3})?", path.read_text(encoding="utf-8")))
    assert len(named) >= 12
    assert named <= set(ATLAS_NAMES), named - set(ATLAS_NAMES)
