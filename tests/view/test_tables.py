"""Tables for reading: alignment, plain numbers, gaps."""

from __future__ import annotations

import pandas as pd

from aiir_lab.view import draw_table

FRAME = pd.DataFrame(
    {"why": ["because <b>", None], "bound": [50000.0, float("nan")], "count": [3, 4]}, index=["one", "two"]
)


def test_numbers_are_plain_and_gaps_are_dashes() -> None:
    html = draw_table(FRAME).to_html()
    assert ">50,000<" in html
    assert ">3<" in html
    assert html.count(">–<") == 2
    assert "nan" not in html.lower()


def test_markup_is_shown_as_text() -> None:
    assert "because &lt;b&gt;" in draw_table(FRAME).to_html()


def test_only_text_is_aligned_to_the_left() -> None:
    html = draw_table(FRAME).to_html()
    assert "td.col0" in html
    assert "td.col1" not in html


def test_the_frame_is_not_changed() -> None:
    before = FRAME.copy()
    draw_table(FRAME).to_html()
    pd.testing.assert_frame_equal(FRAME, before)
