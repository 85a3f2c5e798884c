"""The severity grid: what it shows, and what it keeps from a learner who has not answered yet."""

from __future__ import annotations

import pytest

from aiir_lab.catalog.vignettes import vignettes
from aiir_lab.view.severity_grid import draw_severity_grid

LEVELS = {vignette.id: vignette.severity for vignette in vignettes()}


@pytest.mark.parametrize("classified", [None, {}, {"gnome-carousel": None}, {"gnome-carousel": "bad"}])
def test_nothing_is_revealed_before_it_is_classified(classified: dict[str, object] | None) -> None:
    figure = draw_severity_grid({"gnome-carousel": "SEV1"}, classified=classified)
    assert not figure.data
    assert "Classify the vignettes first" in figure.layout.meta["alt"]


def test_cells_hold_levels_and_gaps() -> None:
    figure = draw_severity_grid({"gnome-carousel": "SEV1"}, classified=LEVELS)
    grid = figure.data[0]
    row = dict(zip(grid.x, grid.z[list(grid.y).index("gnome-carousel")], strict=True))
    assert row["your prediction"] == 1
    assert row["your level"] == 4
    assert row["users_affected"] == 4
    assert row["harmful_outputs"] is None
    assert [LEVELS[id].rank for id in grid.y] == sorted(LEVELS[id].rank for id in grid.y)


def test_every_coloured_cell_has_its_number() -> None:
    figure = draw_severity_grid(None, classified=LEVELS)
    coloured = sum(value is not None for row in figure.data[0].z for value in row)
    assert len(figure.layout.annotations) == coloured


@pytest.mark.parametrize(
    ("predicted", "claim"),
    [
        ({}, "The worst measure decides"),
        ({"gnome-carousel": "SEV4", "drift-alarm": None}, "agree with every prediction"),
        ({"gnome-carousel": "SEV1", "drift-alarm": "SEV4"}, "disagree with 1 of 2 predictions"),
    ],
)
def test_the_title_is_what_was_seen(predicted: dict[str, object], claim: str) -> None:
    assert claim in draw_severity_grid(predicted, classified=LEVELS).layout.title.text


def test_wrong_levels_are_drawn_as_the_learner_gave_them() -> None:
    figure = draw_severity_grid(None, classified={"gnome-carousel": "SEV2"})
    assert figure.layout.meta["alt"] == "Level of each vignette: gnome-carousel SEV2."
