"""STAR-L: each part judged for what it must show."""

from __future__ import annotations

import re

import pytest

from aiir_lab.catalog.interview import StarPart, load_interview_question
from aiir_lab.interview import StarL, review_star_l, star_l
from aiir_lab.records import AiirError, RecordError

STRONG = load_interview_question("biased-model-postmortem").worked_strong
assert STRONG is not None
STORY = star_l(**STRONG.parts(), question="biased-model-postmortem", basis="own")


def kinds(story: StarL, part: str) -> list[str]:
    return [finding.kind for finding in story.review().parts[StarPart(part)].findings]


def test_a_strong_story_has_nothing_to_mend() -> None:
    assert STORY.review().ok, STORY.review()


@pytest.mark.parametrize(
    ("part", "text", "kind"),
    [
        ("situation", "Our model was biased and that was of course a really bad thing.", "nobody_affected"),
        ("task", "The model had to be repaired and the release had to be explained.", "no_task_of_mine"),
        (
            "action",
            "We met and they took the model back, and we wrote the review together.",
            "more_we_than_i",
        ),
        (
            "action",
            "I invited the team, I wrote the review, and I sent it to all of them.",
            "nothing_unknown",
        ),
        ("result", "It went a lot better afterwards and all of the users were happy again.", "not_measured"),
        ("result", "In the end there were 600 photos that the group had chosen for us.", "no_before_after"),
        (
            "learning",
            "I learned that people must be more careful and look at the data more closely.",
            "only_care",
        ),
        (
            "learning",
            "We raised the threshold of the alert from 0.7 to 0.8, and it is better now.",
            "only_a_detail",
        ),
        ("learning", "The junior analyst was careless, so the plan now has a gate that blocks.", "judgement"),
        ("task", "Fix it.", "empty_part"),
        ("result", None, "empty_part"),
    ],
)
def test_each_flaw_is_named(part: str, text: str | None, kind: str) -> None:
    assert kind in kinds(STORY.fill(**{part: text}), part)


def test_offsets_count_within_the_part() -> None:
    text = "The gate is new. The analyst was careless with the labels that day."
    (finding,) = [
        one for one in STORY.fill(learning=text).review().parts[StarPart.LEARNING].findings if one.end
    ]
    assert "careless" in text[finding.start : finding.end]


def test_length_and_balance() -> None:
    long = STORY.fill(situation=f"{STORY.situation} " * 12)
    assert {finding.kind for finding in long.review().findings} == {"too_long", "unbalanced"}


def test_filling_answers_the_open_questions_of_a_part() -> None:
    story = StarL(open_questions={"task": ("Which role?",), "result": ("Which figure?",)})
    filled = story.fill(task="I was the commander on duty that night and had to decide alone.")
    assert set(filled.open_questions) == {StarPart.RESULT}
    assert "Which figure?" in filled.to_story()
    with pytest.raises(AiirError, match="moral"):
        story.fill(moral="x")


def test_round_trip() -> None:
    assert StarL.from_yaml(STORY.to_yaml()) == STORY
    assert StarL.from_json(STORY.to_json()) == STORY


def test_wrong_input() -> None:
    with pytest.raises(AiirError, match="has parts"):
        review_star_l("one piece of text without any heading in it")
    with pytest.raises(RecordError, match="basis"):
        star_l(basis="invented")


def test_an_empty_story_names_every_part() -> None:
    assert {one.findings[0].kind for one in star_l().review().parts.values()} == {"empty_part"}


def test_too_short() -> None:
    short = star_l(action="I paused the model, although I did not know yet whether it was the reason.")
    assert [finding.kind for finding in short.review().findings] == ["too_short"]


@pytest.mark.parametrize(
    ("learning", "is_care"),
    [
        ("Every training run now records the hash of its data, so a bad batch is refused.", False),
        ("The training set is checked for duplicates by the loader.", False),
        ("We need more training for the team.", True),
    ],
)
def test_a_training_run_is_no_course(learning: str, is_care: bool) -> None:
    import tomllib
    from importlib import resources

    text = resources.files("aiir_lab.interview").joinpath("signs.toml").read_text(encoding="utf-8")
    patterns = tomllib.loads(text)["learning"]["only_care"]["words"]
    assert any(re.search(pattern, learning, re.IGNORECASE) for pattern in patterns) is is_care
