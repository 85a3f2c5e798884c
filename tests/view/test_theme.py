from __future__ import annotations

import itertools

import plotly.graph_objects as go
import plotly.io as pio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiir_lab.records import Severity
from aiir_lab.view.theme import (
    INK,
    PALETTE,
    SEVERITY_SYMBOLS,
    alt_text,
    blank_figure,
    contrast,
    finish,
    plain,
    text_colour_on,
    wrap,
)


def test_the_theme_has_a_name_and_is_nobodys_default():
    assert "aiir" in pio.templates
    assert pio.templates.default == "plotly"


def test_text_reads_alike_in_light_and_dark():
    light, dark = contrast(INK, "#ffffff"), contrast(INK, "#111111")
    assert light == pytest.approx(dark, rel=0.02)
    assert min(light, dark) > 4.3  # the most that one grey can have against both


@pytest.mark.parametrize("colour", PALETTE)
def test_a_label_on_a_filled_marker_has_good_contrast(colour):
    assert contrast(text_colour_on(colour), colour) >= 4.5


def test_severity_is_told_by_symbol_too():
    assert len(set(SEVERITY_SYMBOLS.values())) == len(Severity)


def test_colours_differ():
    assert all(one != other for one, other in itertools.combinations(PALETTE, 2))


def test_backgrounds_are_transparent_and_the_title_is_the_claim():
    fig = finish(go.Figure(), title="Harm stops", alt="Harm\nstops at nine", height=100)
    assert fig.layout.template.layout.paper_bgcolor == "rgba(0,0,0,0)"
    assert fig.layout.title.text == "<b>Harm stops</b>"
    assert alt_text(fig) == "Harm stops at nine"


def test_a_blank_figure_says_why():
    fig = blank_figure("Nothing to see", title="Empty")
    assert "Nothing to see" in fig.layout.annotations[0].text
    assert alt_text(fig) == "Empty. Nothing to see"


def test_a_figure_of_others_still_gets_a_text():
    fig = go.Figure(go.Scatter(y=[1], name="harm &amp; cost"), layout={"title": {"text": "<b>Falling</b>"}})
    assert alt_text(fig) == "Figure: Falling; harm &amp; cost"
    assert alt_text(go.Figure()) == "Figure without a description"


def test_markup_and_formulas_are_shown_as_written():
    assert plain("<b>$5 & $6</b>") == "&lt;b&gt;&#36;5 &amp; &#36;6&lt;/b&gt;"


@given(st.text(max_size=300), st.integers(8, 80))
def test_wrapping_never_lets_markup_through(text, width):
    joined = "".join(wrap(text, width, max_lines=3))
    assert "<" not in joined
    assert "$" not in joined
