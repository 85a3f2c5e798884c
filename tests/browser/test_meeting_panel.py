"""A facilitator leads a meeting with the keyboard alone, in JupyterLab."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import nbformat

from tests.browser.conftest import Lab
from tests.browser.notebook_page import NotebookPage

SOURCE = (
    "import aiir_lab as lab\n"
    "meeting = lab.start_meeting('moderation_failure', seed=7, log='meeting.jsonl')\n"
    "lab.meeting_panel(meeting)"
)


def test_a_meeting_with_tab_and_space(jupyterlab: Lab, page: Any) -> None:
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(SOURCE)], metadata={"kernelspec": kernel}
    )
    nbformat.write(notebook, jupyterlab.folder / "meeting.ipynb")
    NotebookPage(page, jupyterlab.url("meeting.ipynb")).run_all()
    panel = page.locator(".jp-OutputArea-output").first
    writing = panel.locator("textarea")
    writing.wait_for()
    look(page, "meeting-start")

    writing.focus()
    page.keyboard.insert_text(
        "The purpose today is to learn, and this is blameless. On-call, how did the alert reach you?"
    )
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    panel.get_by_text("The nightly rule fired").wait_for()
    said = panel.locator("[role=status]").first.inner_text()
    assert "restate rules (blameless" in said
    assert "human error" in said, "the director answers"
    assert writing.input_value() == ""
    assert "leans in" not in panel.inner_text(), "how people seem is hidden until asked for"

    panel.locator("input[type=checkbox]").focus()
    page.keyboard.press("Space")
    panel.get_by_text("arms folded").first.wait_for()
    look(page, "meeting-cues")

    first = panel.get_by_role("button", name="Say 1", exact=True)
    first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # "Say 2"
    panel.get_by_text("What was said before (moves: 1)").wait_for()
    writing.focus()
    page.keyboard.insert_text("Let us close the meeting here.")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    panel.get_by_text("The meeting is over.").wait_for()
    assert not writing.is_visible()
    look(page, "meeting-end")

    lines = (jupyterlab.folder / "meeting.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 4
    assert json.loads(lines[1])["surfaced"] == ["page_by_mail"]


def look(page: Any, name: str) -> None:
    """Keep a picture where the environment asks for it."""
    if folder := os.environ.get("AIIR_SCREENSHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"))
