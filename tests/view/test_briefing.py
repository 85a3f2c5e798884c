"""A briefing on paper: exports are whole pages, nothing is overwritten, every name is what one expects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aiir_lab.catalog import board_questions
from aiir_lab.records import AiirError, Briefing
from aiir_lab.view import export_briefing


def briefing(**changes: Any) -> Briefing:
    fields = {
        "id": "moderation",
        "title": "Harmful outputs during the news",
        "what_happened": "For 10 days our assistant showed 5,277 harmful outputs.",
        "ask": "We ask you to approve EUR 120,000 by 30 June.",
    }
    return Briefing.from_dict(fields | changes)


def test_the_board_asks_what_a_plan_has_to_answer() -> None:
    table = board_questions()
    assert len(table) == 6
    assert "counsel" in table.at["law", "needs"]


def test_export_escapes_numbers_and_keeps(tmp_path: Path) -> None:
    written = export_briefing(briefing(title="<b>Bold</b>", ask=None), tmp_path)
    page = written["html"].read_text(encoding="utf-8")
    assert "&lt;b&gt;Bold" in page
    assert "5,277" in page
    assert "Nothing is written yet." in page
    assert written["slides"].read_text(encoding="utf-8").count('class="slide') == 7
    again = export_briefing(briefing(), tmp_path)
    assert again["html"] != written["html"]
    with pytest.raises(AiirError, match="there is no 'docx'"):
        export_briefing(briefing(), tmp_path, formats=["docx"])


def test_slides_alone_are_named_after_the_briefing(tmp_path: Path) -> None:
    export_briefing(briefing(), tmp_path, formats=["html"])
    first = export_briefing(briefing(), tmp_path, formats=["slides"])["slides"]
    assert first.name == "moderation-slides.html"
    again = export_briefing(briefing(), tmp_path, formats=["slides"])["slides"]
    assert again.name == "moderation-slides-2.html"
    both = export_briefing(briefing(), tmp_path)
    assert [path.name for path in both.values()] == ["moderation-2.html", "moderation-2-slides.html"]
