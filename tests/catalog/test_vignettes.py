"""Vignettes: sound, varied, and their severity derived from nothing but the matrix."""

from __future__ import annotations

import pytest

from aiir_lab.catalog.practice import load_severity_matrix
from aiir_lab.catalog.vignettes import (
    Vignette,
    load_vignette,
    load_vignette_measures,
    load_vignettes,
    vignettes,
)
from aiir_lab.records import NotFoundError, RecordError, Severity

TOY = {
    "id": "toy",
    "title": "Toy",
    "domain": "toy",
    "kind": "incident",
    "text": "Something.",
    "measures": [
        {"criterion": "users_affected", "low": 4, "high": 6},
        {"criterion": "money_lost", "low": 0, "high": 0},
    ],
}


def test_unsure_means_the_higher_level() -> None:
    toy = Vignette.from_dict(TOY)
    assert toy.severity == Severity.SEV2
    assert toy.severity_if_low == Severity.SEV3


def test_estimates_in_the_wrong_order_are_refused() -> None:
    measure = {"criterion": "users_affected", "low": 7, "high": 6}
    with pytest.raises(RecordError, match="not above the high one"):
        Vignette.from_dict(TOY | {"measures": [measure]})


def test_there_are_at_least_twelve_and_every_level_occurs() -> None:
    assert len(vignettes()) >= 12
    assert {vignette.severity for vignette in vignettes()} == set(Severity)
    assert {vignette.kind for vignette in vignettes()} == {"incident", "near_miss", "hazard"}


def test_every_measure_names_a_criterion_and_every_criterion_is_used() -> None:
    known = {criterion.name for criterion in load_severity_matrix().criteria}
    assert set(load_vignette_measures()["criterion"]) == known


def test_some_are_uncertain_in_a_way_that_matters() -> None:
    assert sum(vignette.severity != vignette.severity_if_low for vignette in vignettes()) >= 4


def test_the_tables_hold_no_severity() -> None:
    assert list(load_vignettes().columns) == ["title", "domain", "kind", "text"]
    assert list(load_vignette_measures().columns) == ["id", "criterion", "low", "high", "unit"]
    assert set(load_vignette_measures()["id"]) == set(load_vignettes().index)


def test_an_unknown_id_names_the_nearest() -> None:
    with pytest.raises(NotFoundError, match="gnome-carousel"):
        load_vignette("gnome-carusel")
