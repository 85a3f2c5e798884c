from __future__ import annotations

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from aiir_lab.records import AiirError
from aiir_lab.view import draw_timeline, export_notebook_html
from aiir_lab.view.offline import PLOTLY_MIME, EmbedFigures

FIGURE = {"data": [{"type": "scatter", "y": [3, 1]}], "layout": {"title": {"text": "Harm falls"}}}


def shown(*bundles):
    return new_code_cell(
        "show()", outputs=[new_output("display_data", data=bundle, metadata={}) for bundle in bundles]
    )


def embedded(*cells):
    notebook, _ = EmbedFigures().preprocess(new_notebook(cells=list(cells)), {})
    return [output["data"] for cell in notebook.cells for output in cell.get("outputs", [])]


def test_a_figure_becomes_html_with_its_text():
    (data,) = embedded(
        shown({PLOTLY_MIME: FIGURE, "text/html": "<div>an older form</div>", "image/png": "x"})
    )
    assert set(data) == {"text/html"}
    assert 'aria-label="Figure: Harm falls"' in data["text/html"]
    assert "an older form" not in data["text/html"]


def test_plotly_comes_once_and_ids_differ():
    parts = embedded(shown({PLOTLY_MIME: FIGURE}, {PLOTLY_MIME: FIGURE}), shown({PLOTLY_MIME: FIGURE}))
    pages = "".join(part["text/html"] for part in parts)
    assert pages.count("plotly.js v") == 1
    assert all(pages.count(f'<div id="aiir-figure-{number}"') == 1 for number in (1, 2, 3))


def test_everything_else_is_left_as_it_is():
    cell = shown({"text/html": "<table></table>", "text/plain": "t"})
    stream = new_code_cell("print()", outputs=[new_output("stream", text="x")])
    before = nbformat.from_dict([dict(cell.outputs[0].data)])
    notebook, _ = EmbedFigures().preprocess(new_notebook(cells=[cell, stream, new_markdown_cell("# a")]), {})
    assert [dict(notebook.cells[0].outputs[0].data)] == before
    assert notebook.cells[1].outputs[0].text == "x"


def test_two_notebooks_both_bring_plotly():
    embed = EmbedFigures()
    for _ in range(2):
        notebook, _ = embed.preprocess(new_notebook(cells=[shown({PLOTLY_MIME: FIGURE})]), {})
        assert "plotly.js v" in notebook.cells[0].outputs[0].data["text/html"]


def write(path, *cells):
    nbformat.write(new_notebook(cells=list(cells)), path)
    return path


def test_the_page_stands_beside_the_notebook(tmp_path):
    path = write(tmp_path / "lesson.ipynb", shown({PLOTLY_MIME: FIGURE}))
    page = export_notebook_html(path)
    assert page == tmp_path / "lesson.html"
    text = page.read_text(encoding="utf-8")
    assert "Content-Security-Policy" in text
    assert '<script src="http' not in text


@pytest.mark.parametrize("content", ["{", '{"cells": 3}', "\x00\x01"])
def test_a_damaged_notebook_is_explained(tmp_path, content):
    path = tmp_path / "lesson.ipynb"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(AiirError, match="not a notebook that can be read"):
        export_notebook_html(path)
    assert path.read_text(encoding="utf-8") == content


def test_a_missing_notebook_is_explained(tmp_path):
    with pytest.raises(AiirError, match="There is no notebook"):
        export_notebook_html(tmp_path / "none.ipynb")


def test_an_executed_notebook_keeps_its_figures_offline(tmp_path, open_page):
    import papermill

    source = write(
        tmp_path / "source.ipynb",
        new_code_cell("from aiir_lab.view import draw_timeline\nfrom aiir_lab.records import Timeline"),
        new_code_cell(
            "draw_timeline(Timeline(events=[{'at_utc': '2026-03-02T09:00Z', 'text': 'First wrong label'}]))"
        ),
    )
    done = tmp_path / "done.ipynb"
    papermill.execute_notebook(source, done, kernel_name="python3", progress_bar=False)
    seen = open_page(export_notebook_html(done))
    seen.page.wait_for_selector("svg.main-svg", timeout=30_000)
    assert "First wrong label" in seen.page.text_content(".js-plotly-plot")
    assert seen.page.get_attribute("[role=img]", "aria-label").startswith("Timeline.")
    assert seen.problems == []
    assert all(url.startswith("file:") for url in seen.requests)


def test_nbgraders_feedback_shows_figures(tmp_path, open_page, pm):
    """The same exporter and template that nbgrader's feedback uses, with our preprocessor in its list."""
    from pathlib import Path

    from nbconvert import HTMLExporter
    from nbgrader.server_extensions.formgrader import handlers

    room = Path(handlers.__file__).parent
    exporter = HTMLExporter(
        template_name="feedback",
        extra_template_basedirs=[str(room / "templates")],
        extra_template_paths=[str(room / "static/node_modules/bootstrap/dist/css")],
        preprocessors=["aiir_lab.view.offline.EmbedFigures"],
    )
    notebook = new_notebook(cells=[shown({PLOTLY_MIME: draw_timeline(pm).to_plotly_json()})])
    resources = {"nbgrader": {"score": 1, "max_score": 1, "late_penalty": 0}, "metadata": {"name": "lesson"}}
    page, _ = exporter.from_notebook_node(nbformat.from_dict(notebook), resources=resources)
    path = tmp_path / "feedback.html"
    path.write_text(page, encoding="utf-8")
    seen = open_page(path)
    seen.page.wait_for_selector("svg.main-svg", timeout=30_000)
    assert "Rollback" in seen.page.text_content(".js-plotly-plot")
