"""The exported pages as a reader meets them: drawn, readable, moved by keys, silent on the network."""

from __future__ import annotations

import pytest

from aiir_lab.view import export_report, export_slides


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_draws_its_figures(pm, tmp_path, open_page, scheme):
    seen = open_page(export_report(pm, tmp_path, formats=["html"])["html"], scheme=scheme)
    seen.page.wait_for_selector("#fishbone svg.main-svg", timeout=30_000)
    assert seen.page.locator(".js-plotly-plot").count() == 3
    assert seen.problems == []
    assert all(url.startswith("file:") for url in seen.requests)
    # text of figures takes the ink of the page, and stays inside it
    ink = seen.page.eval_on_selector("body", "node => getComputedStyle(node).color")
    label = seen.page.eval_on_selector("#timeline .ytick text", "node => getComputedStyle(node).fill")
    assert label == ink
    assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


OUTSIDE_ITS_FIGURE = """
() => {
  const box = document.querySelector("#timeline").getBoundingClientRect();
  const leaves = (edge) => edge.width > 0 && (edge.left < box.left - 1 || edge.right > box.right + 1
    || edge.top < box.top - 1 || edge.bottom > box.bottom + 1);
  return [...document.querySelectorAll("#timeline text")]
    .filter((node) => leaves(node.getBoundingClientRect())).map((node) => node.textContent);
}
"""


def test_no_text_of_the_timeline_leaves_the_figure(pm, tmp_path, open_page):
    seen = open_page(export_report(pm, tmp_path, formats=["html"])["html"])
    seen.page.wait_for_selector("#timeline svg.main-svg", timeout=30_000)
    assert seen.page.evaluate(OUTSIDE_ITS_FIGURE) == []


@pytest.mark.parametrize("export", [export_report, export_slides])
def test_no_hostile_script_runs(hostile, tmp_path, open_page, export):
    seen = open_page(export(hostile, tmp_path, formats=["html"])["html"])
    seen.page.wait_for_selector("svg.main-svg", state="attached", timeout=30_000)
    seen.page.hover("body")
    assert seen.page.evaluate("window.pwned") is None
    assert seen.problems == []


def test_keys_move_the_slides(pm, tmp_path, open_page):
    seen = open_page(export_slides(pm, tmp_path)["html"])
    page = seen.page
    page.wait_for_selector("body.ready")

    def heading() -> str:
        return page.inner_text(".slide.shown h1, .slide.shown h2")

    assert heading() == pm.title
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    assert heading().startswith("Timeline")
    box = page.locator(".slide.shown .fill").bounding_box()
    plot = page.locator(".slide.shown .js-plotly-plot").bounding_box()
    assert plot["height"] <= box["height"] + 1
    assert plot["width"] <= box["width"] + 2
    page.keyboard.press("ArrowLeft")
    assert heading() == "What happened"
    page.keyboard.press("End")
    assert heading() == "Peer feedback"
    page.fill("input[name=reviewer]", "A peer")
    page.keyboard.press("ArrowLeft")  # inside the text, not between slides
    assert heading() == "Peer feedback"
    assert page.inner_text("#where") == "8 / 8"
    assert seen.problems == []
    assert all(url.startswith("file:") for url in seen.requests)
