"""A whole short exercise, played with the keyboard in JupyterLab, from the alert to the report."""

from __future__ import annotations

from typing import Any

import nbformat

from aiir_lab.tabletop import verify_log
from tests.browser.conftest import Lab
from tests.browser.notebook_page import NotebookPage

CELL = """import aiir_lab as lab
session = lab.start_exercise("assistant_injection", seed=7, log="browser.jsonl")
lab.exercise_panel(session)"""
UPDATE = (
    "Since this morning, refunds through our assistant are paused. Orders and deliveries are not affected. "
    "We are looking into it. Next update at 10:30 UTC."
)


def test_a_short_exercise_by_keyboard(jupyterlab: Lab, page: Any) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    # else JupyterLab asks which kernel to take
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    nbformat.write(notebook, jupyterlab.folder / "tabletop.ipynb")
    NotebookPage(page, jupyterlab.url("tabletop.ipynb")).run_all()

    def said(text: str) -> None:
        page.locator(".widget-html [role=status]", has_text=text).first.wait_for(timeout=30_000)

    def press(text: str) -> None:
        pressed = page.locator("button.jupyter-button:visible", has_text=text).first
        pressed.wait_for()
        pressed.focus()
        page.keyboard.press("Space")

    def write(text: str) -> None:
        page.locator("textarea:visible").first.focus()
        page.keyboard.type(text)
        page.keyboard.press("Tab")

    press("Acknowledge")
    said("Acknowledged: finance")
    press("Refunds of the last")
    said("Looked at:")
    page.locator("svg.main-svg").first.wait_for()
    page.locator(".jp-OutputArea-output table td").first.wait_for()
    press("Keep a copy")
    said("Kept a copy")
    press("Decide")
    write("Money goes to customers without orders.")
    press("SEV2")
    said("Declared SEV2")
    press("○ incident commander")
    write("Refunds without orders. I propose to switch the refund tool off.")
    press("Send")
    said("Told incident commander")
    press("Decide")
    write("It stops the harm in minutes, and people can pay refunds by hand.")
    press("Switch the refund tool off")
    said("Decided: Switch")
    press("Write")
    press("Status update")
    write(UPDATE)
    press("Send")
    said("Posted: investigating")
    press("Hot wash")
    page.locator("button:visible", has_text="End the exercise").wait_for()  # the pane is there
    write("We stopped it first.")
    press("End the exercise")
    page.locator(".jp-OutputArea-output h2", has_text="Strengths").first.wait_for(timeout=30_000)

    outcome = verify_log(jupyterlab.folder / "browser.jsonl")
    assert outcome.ok, outcome.problem
    assert outcome.is_finished
