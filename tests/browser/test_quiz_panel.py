"""A learner answers a self-check with the keyboard alone, in JupyterLab."""

from __future__ import annotations

from typing import Any

from tests.browser.conftest import Lab
from tests.browser.notebook_page import NotebookPage

SHOW_QUIZ = """() => {
  const content = window.jupyterapp.shell.currentWidget.content;
  const index = content.widgets.findIndex(cell => cell.model.sharedModel.getSource().includes('lab.quiz('));
  content.scrollToItem(index, 'center');
}"""


def test_a_self_check_with_tab_and_space(jupyterlab: Lab, page: Any) -> None:
    notebook = NotebookPage(page, jupyterlab.url("beginner/01_severity_and_first_update.ipynb"))
    notebook.run_all()
    page.evaluate(SHOW_QUIZ)
    options = page.locator(".widget-radio-box input")
    options.first.wait_for()
    said = page.locator(".widget-html [role=status]").first

    options.first.focus()
    for key in ("Space", "Tab", "Tab", "Tab", "Space"):  # first option, past the others to the button
        page.keyboard.press(key)
    said.wait_for()
    assert "Not this one" in said.inner_text()
    assert "Hint:" in said.inner_text()

    for key in ("Shift+Tab", "Shift+Tab", "Space", "Tab", "Tab", "Space"):  # back to the second one
        page.keyboard.press(key)
    page.locator(".widget-html [role=status]", has_text="Right.").first.wait_for()
    # the other options gave way: one of each question at most
    assert [option.is_checked() for option in options.all()[:3]] == [False, True, False]
