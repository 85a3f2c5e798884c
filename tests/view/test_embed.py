from __future__ import annotations

import json
import re

import plotly.graph_objects as go
from hypothesis import given
from hypothesis import strategies as st

from aiir_lab.view.embed import figure_html, plotly_script, script_json

anything = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(anything)
def test_no_content_can_leave_its_script(value):
    text = script_json(value)
    assert not re.search(r"[<>&\u2028\u2029]", text)
    assert json.loads(text) == value


def test_not_a_number_becomes_no_value():
    assert script_json({"y": [1.0, float("nan"), float("inf")]}) == '{"y": [1.0, null, null]}'


def test_a_figure_carries_its_text():
    fig = go.Figure(layout={"meta": {"alt": 'Harm "falls" <b>'}})
    part = figure_html(fig, div_id="f1")
    assert 'role="img" aria-label="Harm &quot;falls&quot; &lt;b&gt;"' in part
    assert "<figcaption><details><summary>Figure as text</summary>" in part
    assert "<details>" not in figure_html(fig, div_id="f1", shows_alt=False)


def test_plotly_comes_with_the_package():
    script = plotly_script(nonce="abc")
    assert "plotly.js v" in script
    assert script.count('<script nonce="abc">') == 3
    assert " src=" not in re.sub(r"<script nonce=\"abc\">.*?</script>", "", script, flags=re.S)
