"""A meeting as a whole: who leads it well brings out nearly everything, who does not nearly nothing."""

from __future__ import annotations

import random
import re

import pytest

from aiir_lab import start_meeting
from aiir_lab.records import AiirError
from aiir_lab.tabletop.meeting import Meeting
from tests.tabletop.meeting.facilitators import (
    BLAMING,
    EVERY_WORD,
    GOOD,
    OWN_WORDS,
    PASSIVE,
    SAME_TO_EACH,
    SAME_TO_THE_ROOM,
    lead,
)

SEED = 7


def new(seed: int = SEED) -> Meeting:
    return start_meeting("moderation_failure", seed=seed)


@pytest.mark.parametrize("seed", [7, 3, 0])
def test_skilled_facilitation_brings_out_nearly_everything(seed: int) -> None:
    result = lead(new(seed), GOOD).result()
    assert result.share >= 0.9, result.hidden
    assert result.is_over
    assert result.minutes <= 60
    assert (result.safety.iloc[-1] > result.safety.iloc[0]).all()


@pytest.mark.parametrize(
    ("moves", "most"),
    [(PASSIVE, 0.2), (BLAMING, 0.2), (SAME_TO_THE_ROOM, 0.2), (SAME_TO_EACH, 0.4), (EVERY_WORD, 0.4)],
    ids=["passive", "blaming", "same sentence", "same sentence to each", "every word at once"],
)
def test_who_leads_badly_learns_little(moves: list[str], most: float) -> None:
    opening = GOOD[2:3] if moves in (SAME_TO_EACH, EVERY_WORD) else []
    assert lead(new(), [*opening, *moves]).result().share <= most


def test_choosing_blindly_is_no_way_through() -> None:
    shares = []
    for seed in range(12):
        luck, meeting = random.Random(seed), new()
        while not meeting.is_over:
            meeting.choose(luck.randint(1, len(meeting.options)))
        shares.append(meeting.result().share)
    assert sum(shares) / len(shares) < 0.5
    assert max(shares) < 0.85


def test_the_best_choices_alone_bring_out_nearly_everything() -> None:
    meeting = new()
    script = meeting.script
    meeting.say(script.general[3])
    meeting.say(script.general[0])
    good = [fact.question for fact in script.facts]
    while not meeting.is_over:
        options = meeting.options
        replies = [item.replies[0] for item in script.interruptions]
        fresh = [turn.text for turn in meeting.turns]
        best = [o for o in options if o in replies] or [o for o in options if o in good and o not in fresh]
        meeting.say(best[0] if best else script.general[-1])
    assert meeting.result().share >= 0.75, meeting.result()


def test_words_of_ones_own_go_a_long_way() -> None:
    """Written before they were tried: 10 of 18 facts then, 15 once misreadings were mended."""
    result = lead(new(5), OWN_WORDS).result()
    assert result.share >= 0.7, result.hidden
    assert result.turned[0] >= 3


def test_a_question_without_a_topic_stays_with_who_has_just_told_something() -> None:
    meeting = lead(new(), [*GOOD[:3], "PR, how did the journalist reach you?"])
    said = meeting.say("And what did you need then that you could not get?")
    assert said.kinds[-1] == "follow_up"
    assert said.surfaced == ("no_numbers",)


def test_who_is_asked_before_the_story_is_that_far_says_who_comes_first() -> None:
    meeting = lead(new(), GOOD[2:3])
    said = meeting.say("Director, how was the monthly red team treated in the planning of the budget?")
    assert said.surfaced == ()
    assert "Trust and safety has said what came first" in repr(said)


def test_blame_closes_and_the_result_says_which_move_closed_whom() -> None:
    meeting = lead(
        new(),
        [
            "Filter owner, why did you let it get so old?",
            "Filter owner, what was the filter trained on when the news broke?",
        ],
    )
    fact = meeting.result().facts.loc["stale_snapshot"]
    assert not fact["surfaced"]
    assert "did not feel safe enough" in fact["why_hidden"]
    assert "move 1, accusing question" in fact["why_hidden"]


def test_another_seed_tells_other_figures_and_no_figure_is_typed() -> None:
    one, other = lead(new(7), GOOD), lead(new(3), GOOD)
    for first, second in zip(one.turns, other.turns, strict=True):
        assert first.kinds == second.kinds
    spoken = [line.text for turn in one.turns for line in turn.lines if re.search(r"\d", line.text)]
    again = {line.text for turn in other.turns for line in turn.lines}
    assert len(spoken) >= 15
    # a filter always takes as long to build, and nothing is ever withheld: that one answer is the same
    assert len(again & set(spoken)) <= 1


def test_the_same_moves_give_the_same_meeting() -> None:
    assert lead(new(), BLAMING).transcript == lead(new(), BLAMING).transcript


def test_after_the_end_nobody_answers() -> None:
    meeting = lead(new(), [*GOOD[:3], GOOD[-1]])
    assert meeting.is_over
    assert meeting.options == []
    with pytest.raises(AiirError, match="ended at minute"):
        meeting.say("One more question: how did the alert reach you?")


@pytest.mark.parametrize("text", ["", "   ", None, 3, "word " * 251])
def test_what_cannot_be_said_costs_no_move(text: object) -> None:
    meeting = new()
    with pytest.raises(AiirError):
        meeting.say(text)  # type: ignore[arg-type]
    assert meeting.turns == []


@pytest.mark.parametrize("option", [0, 99, "1", True, None])
def test_a_choice_that_is_not_there_is_refused(option: object) -> None:
    with pytest.raises(AiirError, match="options 1 to"):
        new().choose(option)  # type: ignore[arg-type]


def test_the_seven_items_follow_what_happens() -> None:
    meeting = new()
    before = meeting.survey()
    meeting.say("Filter owner, why did you let it get so old?")
    after = meeting.survey()
    column = "Filter owner"
    assert len(after) == 8
    assert after.loc[before.index[0], column] > before.loc[before.index[0], column], "item 1 is reversed"
    assert after.loc[before.index[1], column] < before.loc[before.index[1], column]
    assert after.iloc[-1][column] < before.iloc[-1][column]


def test_the_rules_are_one_table_with_a_source_each() -> None:
    rules = new().rules
    assert (rules["source"].str.len() > 0).all()
    assert (rules.loc[rules["effect"] == "harms", "asked"] <= 0).all()
    assert (rules.loc[rules["effect"] == "helps", "asked"] >= 0).all()
    assert "secondary page" in rules.loc["acknowledge", "source"]
    assert rules.loc["left: blame", "turned_by"] == "to_system, restate_rules"
