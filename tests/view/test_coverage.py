"""The figure of the RMF: every subcategory a cell, letters beside colours, a text alternative."""

from __future__ import annotations

import pytest

from aiir_lab.records import AiirError
from aiir_lab.review import rmf_coverage
from aiir_lab.view import draw_rmf_coverage


def test_every_subcategory_has_a_cell_and_gaps_are_written() -> None:
    figure = draw_rmf_coverage(rmf_coverage(incident=["MANAGE 2.4"], plan=["MAP 1.1"]))
    cells = [cell for row in figure.data[0].z for cell in row if cell is not None]
    assert len(cells) == 72
    letters = [note.text for note in figure.layout.annotations]
    assert (letters.count("gap"), letters.count("I"), letters.count("P")) == (15, 1, 1)
    assert "plan only MAP 1.1" in figure.layout.meta["alt"]
    assert "MANAGE 4.3" in figure.layout.meta["alt"]


def test_something_else_is_refused() -> None:
    with pytest.raises(AiirError, match="expected an RmfCoverage, got list"):
        draw_rmf_coverage([])  # type: ignore[arg-type]
