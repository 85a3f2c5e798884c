"""A candidate practises with the keyboard alone, in JupyterLab: write, judge, follow-up, next, speak."""

from __future__ import annotations

from typing import Any

import nbformat

from aiir_lab.catalog.interview import load_interview_question
from aiir_lab.interview.history import FILE, History
from tests.browser.conftest import Lab
from tests.browser.notebook_page import NotebookPage

SOURCE = "import aiir_lab as lab\nlab.practise(count=2, level='beginner')"


def test_practice_with_tab_and_space(jupyterlab: Lab, page: Any) -> None:
    worked = load_interview_question("fragmented-communication").worked_strong
    assert worked is not None
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [nbformat.v4.new_code_cell(SOURCE)]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(notebook, jupyterlab.folder / "practice.ipynb")
    NotebookPage(page, jupyterlab.url("practice.ipynb")).run_all()
    panel = page.locator(".jp-OutputArea-output").first
    writing = panel.locator("textarea")
    writing.wait_for()

    writing.focus()
    page.keyboard.insert_text(worked.text().replace("\n\n", " "))
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    said = panel.locator("[role=status]")
    said.wait_for()
    assert "what was found" in said.inner_text()
    assert "4 of 4" in said.inner_text().replace("\xa0", " ")
    assert "Follow-up" in panel.inner_text()

    writing.focus()
    page.keyboard.type("I would ask the commander first.")
    for key in ("Tab", "Space"):
        page.keyboard.press(key)
    panel.get_by_text("Question 2 of 2").wait_for()

    writing.focus()
    for key in ("Tab", "Tab", "Space"):  # past "Judge my answer" to "I spoke it"
        page.keyboard.press(key)
    first = panel.locator("input[type=number]").first
    first.wait_for()
    first.focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("4")
    for _ in range(6):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    panel.get_by_text("with your own scores").wait_for()

    kept = History(jupyterlab.folder / FILE).attempts
    assert [(attempt.mode, attempt.follow_up is None) for attempt in kept] == [
        ("written", True),
        ("written", False),
        ("spoken", True),
    ]
    assert kept[2].own_scores is not None
    assert kept[2].own_scores["context"] == 4
