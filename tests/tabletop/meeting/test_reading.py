"""How words are read: by rules that are shown, in the wordings people use."""

from __future__ import annotations

import pytest

from aiir_lab.tabletop.meeting import load_meeting_script, load_rules
from aiir_lab.tabletop.meeting.reading import Reading, read_words

SCRIPT = load_meeting_script("moderation_failure")


def read(text: str) -> Reading:
    return read_words(text, SCRIPT, load_rules())


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("We are here to learn, not to judge.", {"open_purpose", "restate_rules"}),
        ("The aim of today is to understand what happened.", {"open_purpose"}),
        ("Everybody acted in good faith with what they had.", {"restate_rules"}),
        ("Nobody here is to blame.", {"restate_rules"}),
        ("What did you see on the dashboard?", {"open_question", "cue_question"}),
        ("Tell us what was in front of you that morning.", {"open_question", "cue_question", "go_forward"}),
        ("What options did you have at that point?", {"open_question", "cue_question", "go_forward"}),
        ("And what happened next?", {"open_question", "go_forward"}),
        ("What about our process made that likely?", {"open_question", "to_system"}),
        ("How did that come about?", {"open_question", "follow_up"}),
        ("What lies behind that?", {"open_question", "follow_up"}),
        ("What went well that night?", {"open_question", "went_well", "go_forward"}),
        ("Thanks, that was not easy to say.", {"acknowledge"}),
        ("Five more minutes on this, then we move on.", {"timebox"}),
        ("Let us park that idea.", {"park_fix"}),
        ("We stop here for today, and let it soak.", {"close", "soak"}),
        ("What made that human error likely?", {"open_question", "to_system"}),
        ("Support, we haven't heard from you.", {"draw_out"}),
        ("Hello everybody.", {"remark"}),
        ("How do you normally know that it still works?", {"open_question", "cue_question", "to_system"}),
        ("Had anyone tried odd spellings before?", {"closed_question"}),
    ],
)
def test_what_helps(text: str, kinds: set[str]) -> None:
    assert set(read(text).kinds) == kinds
    assert not read(text).harmful


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("So, who approved this filter?", "accusing_question"),
        ("Whose job was it?", "accusing_question"),
        ("On-call, why did you not look?", "accusing_question"),
        ("Filter owner, how could you miss that?", "accusing_question"),
        ("How could you take them for opinions?", "accusing_question"),
        ("Why was the filter not retrained?", "why_question"),
        ("The filter owner was careless.", "blame"),
        ("On-call failed to read the mail.", "blame"),
        ("Then let us note human error.", "human_error"),
        ("You should have paged somebody.", "counterfactual"),
        ("If you had looked on Saturday, we would have caught it.", "counterfactual"),
        ("In my view the filter was too old.", "opinion"),
        ("Obviously the mailbox is the problem.", "opinion"),
        ("I agree with Legal.", "take_sides"),
        ("The director is right, of course.", "take_sides"),
        ("Filter owner, you must retrain it by Friday.", "force_action"),
        ("Let me read the document aloud.", "read_document"),
    ],
)
def test_what_harms_opens_nothing(text: str, kind: str) -> None:
    found = read(text)
    assert kind in found.kinds
    assert kind in found.harmful
    assert not found.asks


@pytest.mark.parametrize(
    "text",
    ["Did you see it?", "Was the alert on, yes or no?", "It was old, right?", "So you saw the signal?"],
)
def test_a_closed_question_is_no_open_one(text: str) -> None:
    assert "closed_question" in read(text).kinds
    assert not read(text).asks
    assert not read(text).harmful


def test_a_statement_asks_nobody() -> None:
    found = read("On-call, back to the timeline, as it was at that time.")
    assert found.kinds == ("go_forward",)
    assert not found.asks


def test_a_closed_question_that_opens_after_the_comma() -> None:
    assert read("Did it page anybody, and how did that look?").asks


@pytest.mark.parametrize(
    ("text", "to"),
    [
        ("On-call, what did you see?", "on_call"),
        ("Thank you, director. Support, what were users reporting?", "support"),
        ("What did you see, trust and safety?", "trust_safety"),
        ("I would like to turn to support.", "support"),
        ("What did support tell users?", "room"),
        ("What did you do then?", "you"),
        ("How did that come about?", "you"),
        ("What became of that ticket?", "you"),
        ("What happened?", "room"),
    ],
)
def test_whom_it_addresses(text: str, to: str) -> None:
    assert read(text).to == to


def test_a_name_is_no_topic() -> None:
    assert "red_team_found" not in read("Trust and safety, what did you see?").topics
    assert read("Filter owner, what happened?").topics == ()


def test_every_rule_that_fires_says_on_which_words() -> None:
    found = read("Thank you. On-call, what in the process kept the alert in a mailbox?")
    assert all(fired.rule and fired.words for fired in found.fired)
    assert {fired.kind: fired.words for fired in found.fired}["acknowledge"] == "thank you"


def test_every_tempting_way_to_ask_opens_less_than_the_question() -> None:
    for fact in SCRIPT.facts:
        good, bad = read(fact.question), read(fact.tempting)
        assert good.asks
        assert not good.harmful
        assert bad.harmful or not bad.asks, fact.tempting
