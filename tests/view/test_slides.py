from __future__ import annotations

import re

from aiir_lab.records import Postmortem
from aiir_lab.view import export_slides
from aiir_lab.view.slides import RATINGS, RUBRIC


def page_of(pm, folder, **options):
    return export_slides(pm, folder, **options)["html"].read_text(encoding="utf-8")


def test_the_slides_in_their_order(pm, tmp_path):
    headings = re.findall(r"<h[12]>([^<]+?)\s*(?:<span.*?)?</h[12]>", page_of(pm, tmp_path))
    assert headings == [
        pm.title,
        "What happened",
        "Timeline",
        "What was the trigger?",
        "Who told whom?",
        "Corrective actions that matter most",
        "Questions",
        "Peer feedback",
    ]


def test_the_last_slide_is_the_feedback_form(pm, tmp_path):
    form = page_of(pm, tmp_path).split("Peer feedback")[1]
    assert form.count('type="radio"') == len(RUBRIC) * len(RATINGS)
    assert all(name in form for name, _ in RUBRIC)


def test_actions_and_questions_can_be_chosen(pm, tmp_path):
    page = page_of(pm, tmp_path, actions=[1], questions=["Why now?"])
    actions = page.split("Corrective actions that matter most")[1].split("Questions")[0]
    assert "wiki page" in actions
    assert "Block promotion" not in actions
    assert "<li>Why now?</li>" in page


def test_an_empty_post_mortem_gives_slides_too(tmp_path):
    page = page_of(Postmortem(id="a", title="Only a title"), tmp_path)
    assert page.count('<section class="slide') == 8
    assert "No corrective action is named" in page


def test_a_second_export_is_numbered(pm, tmp_path):
    export_slides(pm, tmp_path)
    assert export_slides(pm, tmp_path)["html"].name == "inc-7-slides-2.html"
