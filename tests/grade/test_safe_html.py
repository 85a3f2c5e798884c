from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest

from aiir_lab.grade.safe_html import clean_html, clean_outputs


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='data:text/html,<script>1</script>'>x</a>",
        "<iframe src='https://example.org'></iframe>",
        "<svg onload=alert(1)><animate onbegin=alert(1)></svg>",
        "<b onmouseover='alert(1)'>x</b>",
        "<form action='https://example.org'><input></form>",
        "<meta http-equiv=refresh content='0;url=https://example.org'>",
        "<p style='background-image:url(https://example.org/x)'>x</p>",
        "<style>body{display:none}</style>",
        "<details ontoggle=alert(1) open><summary onerror=alert(1)><img src=x onload=alert(1)></details>",
        "<!-- <script> --><math><mi xlink:href='javascript:alert(1)'>",
    ],
)
def test_nothing_that_acts_is_left(text: str) -> None:
    left = clean_html(text).lower()
    for mark in (
        "<script",
        "onerror",
        "onload",
        "onmouseover",
        "onbegin",
        "ontoggle",
        "javascript:",
        "data:",
        "<iframe",
    ):
        assert mark not in left
    for mark in ("<form", "<input", "<meta", "<style", "url(", "<svg", "<img", "xlink"):
        assert mark not in left


def test_a_table_stays_a_table() -> None:
    shown = pd.DataFrame({"a": [1]}).to_html()
    left = clean_html(shown)
    assert left.count("<td>") == shown.count("<td>")
    assert 'class="dataframe"' in left


def test_what_folds_still_folds() -> None:
    folded = "<details><summary>Figure as text</summary><p>It rises.</p></details>"
    assert clean_html(folded) == folded
    assert clean_html("<details open name='x'>a</details>") == "<details open>a</details>"
    assert clean_html("<summary>a<details>") == "<summary>a<details></details></summary>"


def test_a_styled_table_shows_no_style_sheet() -> None:
    styled = pd.DataFrame({"a": [1]}).style.set_table_styles(
        [{"selector": "td", "props": [("color", "red")]}]
    )
    left = clean_html(styled.to_html())
    assert left.count("<td") == 1
    assert "color: red" not in left
    # what is put together again by taking something out is cleaned as well
    assert "<script" not in clean_html("<scr<script></script>ipt>act()</script><style><script>")
    assert clean_html("<style>" * 50_000 + "x")[-1] == "x"


def test_figures_stay_data_and_other_active_forms_go() -> None:
    figure = {"data": [], "layout": {}}
    data = {
        "application/vnd.plotly.v1+json": figure,
        "application/javascript": "alert(1)",
        "image/svg+xml": "<svg onload=alert(1)>",
        "text/html": "<b>kept</b><script>1</script>",
        "text/plain": "x",
    }
    (output,) = clean_outputs([{"output_type": "display_data", "data": data, "metadata": {}}])
    assert set(output["data"]) == {"application/vnd.plotly.v1+json", "text/html", "text/plain"}
    assert output["data"]["application/vnd.plotly.v1+json"] == figure
    assert output["data"]["text/html"].startswith("<b>kept</b>")


def test_several_threads_never_mix_their_documents() -> None:
    documents = ["".join(f"<p><b>{name} {row}</b><i>{row}" for row in range(40)) for name in "abcdefgh"] * 4
    expected = [clean_html(document) for document in documents]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(clean_html, documents)) == expected
