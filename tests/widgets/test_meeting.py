"""The meeting panel by its buttons, as a facilitator presses them, and as text."""

from __future__ import annotations

from html import escape

import pytest

from aiir_lab import meeting_panel, start_meeting
from aiir_lab.widgets import MeetingPanel


@pytest.fixture
def panel() -> MeetingPanel:
    return meeting_panel(start_meeting("moderation_failure", seed=7))


def test_it_opens_with_situation_draft_and_people(panel: MeetingPanel) -> None:
    assert escape(panel.meeting.situation) in panel.latest.value
    assert panel.meeting.document[0] in panel.latest.value
    assert "minute 0 of 60" in panel.table.value
    for person in panel.meeting.script.participants:
        assert f"<b>{person.name}</b>" in panel.table.value


def test_own_words(panel: MeetingPanel) -> None:
    panel.writing.value = "The purpose is to learn. On-call, how did the alert <b>reach</b> you?"
    panel.say_button.click()
    assert panel.writing.value == ""
    assert "role='status'" in panel.latest.value
    assert "The nightly rule fired" in panel.latest.value
    assert "open purpose (purpose: “purpose is”)" in panel.latest.value
    assert "&lt;b&gt;reach" in panel.latest.value, "what was written is shown as text"
    assert "speaks" in panel.table.value


def test_options_by_number(panel: MeetingPanel) -> None:
    wanted = panel.meeting.options[1]
    assert escape(wanted) in panel.offer.value
    panel.choices[1].click()
    assert panel.meeting.turns[0].text == wanted


def test_an_option_leaves_what_is_being_written_in_its_place(panel: MeetingPanel) -> None:
    panel.writing.value = "On-call, how"
    before = panel.children
    panel.choices[1].click()
    assert panel.writing.value == "On-call, how"
    assert len(panel.meeting.turns) == 1
    # a front end builds other children anew, and with them the field in which somebody is writing
    assert all(one is other for one, other in zip(before, panel.children, strict=True))


def test_nothing_written_says_so_and_costs_nothing(panel: MeetingPanel) -> None:
    panel.writing.value = "   "
    panel.say_button.click()
    assert "expected text" in panel.latest.value
    assert panel.meeting.turns == []


def test_what_was_written_stays_where_it_cannot_be_said(panel: MeetingPanel) -> None:
    panel.writing.value = "word " * 251
    panel.say_button.click()
    assert "Say it shorter" in panel.latest.value
    assert panel.writing.value.startswith("word word")


def test_how_people_seem_is_hidden_until_asked_for(panel: MeetingPanel) -> None:
    assert "arms folded" not in panel.table.value
    panel.cues.value = True
    assert "◔ arms folded" in panel.table.value
    panel.cues.value = False
    assert "arms folded" not in panel.table.value


def test_the_end(panel: MeetingPanel) -> None:
    for text in ("Filter owner, why did you let it get so old?", "Let us close the meeting here."):
        panel.writing.value = text
        panel.say_button.click()
    assert "0 of 18 facts came out" in panel.offer.value
    assert "What was said before (moves: 1)" in panel.past.value
    assert panel.writing not in panel.children


def test_text_where_there_is_no_front_end(panel: MeetingPanel) -> None:
    text = panel._repr_mimebundle_()["text/plain"]
    assert "1 " in text
    assert panel.meeting.options[0] in text
    assert 'meeting.say("...")' in text


def test_a_panel_goes_on_where_the_meeting_is(panel: MeetingPanel) -> None:
    panel.meeting.say("The purpose is to learn.")
    again = meeting_panel(panel.meeting)
    assert "The purpose is to learn." in again.latest.value
