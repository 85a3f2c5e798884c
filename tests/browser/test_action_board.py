"""A learner joins strands in the cause graph and writes an action with the keyboard alone, in JupyterLab."""

from __future__ import annotations

import os
from typing import Any

import nbformat

from tests.browser.conftest import Lab
from tests.browser.notebook_page import NotebookPage

CELLS = (
    "import aiir_lab as lab\n"
    "graph = lab.CauseGraph.from_outline('''Goods of small sellers were hidden\n"
    "- [technical] The training set held catalogue pictures only (evidence: model_versions)\n"
    "    - [process] No release required a test by seller (evidence: deploys)\n"
    "- [tooling] The dashboard shows one line for all sellers (evidence: dashboard)''')",
    "editor = lab.edit_causes(graph)\neditor",
    "board = lab.action_board(graph=graph)\nboard",
)
FOCUSED = "() => document.activeElement.placeholder === 'Do what? Begin with a verb'"


def test_the_board_and_the_graph_by_keyboard(jupyterlab: Lab, page: Any) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    nbformat.write(notebook, jupyterlab.folder / "board.ipynb")
    NotebookPage(page, jupyterlab.url("board.ipynb")).run_all()
    press, write = page.keyboard.press, page.keyboard.type

    page.locator("button", has_text="Add a cause").wait_for()
    process = page.locator(".jupyter-widgets button[title='Let it lead to 2']").last
    process.focus()
    press("Space")  # the process gap now stands behind the dashboard, too
    page.locator("svg.main-svg text", has_text="behind several others").first.wait_for(timeout=30_000)
    _picture(page, "graph")

    add = page.locator("button", has_text="Add an action")
    add.focus()
    press("Space")
    page.wait_for_function(FOCUSED)
    write("Block each release automatically that falls short on a slice of sellers")
    for text in ("Model lead", "2026-04-01", "No slice below 0.9 in the monthly check"):
        press("Tab")
        write(text)
    press("Tab")
    page.locator("[role=status]", has_text="●●● stronger").wait_for()
    assert page.locator("input[placeholder^='due']").input_value() == "2026-04-01", "what was typed is kept"
    page.locator("[role=status]", has_text="Owner, date and measure hold").wait_for()
    card = page.locator("button[title='Move to the column on the right']").first
    card.focus()
    press("Space")
    page.locator(".widget-html", has_text="Process gap (1)").first.wait_for()
    page.locator("[role=status]", has_text="No action answers technical debt").wait_for()
    page.locator("button", has_text="Add an action").scroll_into_view_if_needed()
    _picture(page, "board")


def _picture(page: Any, name: str) -> None:
    """For whoever wants to look: AIIR_PICTURES names a folder."""
    if folder := os.environ.get("AIIR_PICTURES"):
        page.set_viewport_size({"width": 1280, "height": 720})
        page.wait_for_timeout(500)
        page.screenshot(path=f"{folder}/{name}.png")
