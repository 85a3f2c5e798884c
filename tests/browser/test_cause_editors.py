"""A learner writes a tree of whys with the keyboard alone and sees the fishbone follow, in JupyterLab."""

from __future__ import annotations

from typing import Any

import nbformat

from tests.browser.conftest import Lab
from tests.browser.notebook_page import NotebookPage

CELLS = (
    "import aiir_lab as lab",
    'editor = lab.edit_whys("Goods of small sellers were mislabelled")\neditor',
    "lab.edit_fishbone(editor)",
)
TEXTS = "() => [...document.querySelectorAll('.widget-text input')].map(field => field.value)"


def test_whys_by_keyboard_and_the_fishbone_follows(jupyterlab: Lab, page: Any) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    # else JupyterLab asks which kernel to take
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    nbformat.write(notebook, jupyterlab.folder / "editors.ipynb")
    open_page = NotebookPage(page, jupyterlab.url("editors.ipynb"))
    open_page.run_all()

    first = page.locator("button", has_text="Why? (from the problem)")
    first.wait_for()
    first.focus()
    press, write = page.keyboard.press, page.keyboard.type
    press("Space")  # adds a row and puts the cursor into it
    page.wait_for_function("() => document.activeElement.placeholder === 'because ...'")
    write("The model met photos unlike its training set")
    for _ in range(2):  # past the strand to the button "Why?"
        press("Tab")
    press("Space")
    page.wait_for_function(
        "() => document.activeElement.placeholder === 'because ...' && !document.activeElement.value"
    )
    write("The release process requires no test by seller")
    press("Tab")
    for _ in range(2):  # strand: technical, then process
        press("Space")
    page.locator(".widget-html [role=status]", has_text="reaches a condition").first.wait_for()

    bones = page.locator(".jp-OutputArea-output", has_text="Fishbone").last
    bones.scroll_into_view_if_needed()
    page.locator("svg.main-svg text", has_text="The release process requires").first.wait_for(timeout=30_000)
    assert page.evaluate(TEXTS).count("The release process requires no test by seller") == 2
