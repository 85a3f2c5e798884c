"""Questions of advanced lesson 1, with right, wrong, partial, malformed and untouched answers."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from aiir_lab.catalog.course_files import course_path
from aiir_lab.grade.answers import MAX_BYTES
from aiir_lab.grade.bank import load_question, questions_of
from aiir_lab.grade.question import Verdict
from aiir_lab.grade.questions import a01
from aiir_lab.tabletop.meeting import load_meeting_script, start_meeting
from tests.tabletop.meeting.facilitators import BLAMING, GOOD, SAME_TO_EACH, lead

EFFECTS = {
    "a": "accuses",
    "b": "counterfactual",
    "c": "opens",
    "d": "opinion",
    "e": "takes_sides",
    "f": "closes_answer",
    "g": "opens",
    "h": "human_error",
}
DIAGNOSIS = {
    "move": 2,
    "rule": "accusing_question",
    "hidden": ["stale_snapshot", "red_team_found", "no_path_from_support"],
}
TURNED = {
    "blame": "Nobody is on trial here. On-call, what in the process routed this alert to a mailbox?",
    "hindsight": "We know that now. Trust and safety, what did the reports look like at that time?",
    "fix": "I park that on the list, for after the timeline.",
}


@pytest.fixture(scope="module")
def transcript() -> list[dict[str, Any]]:
    return lead(start_meeting("moderation_failure", seed=7), GOOD).transcript


def judge(id: str, answer: Any) -> Verdict:
    return load_question(id).judge(answer)


def failed(verdict: Verdict) -> list[str]:
    return [result.text for result in verdict.results if not result.is_held]


def test_the_questions() -> None:
    assert list(questions_of("a01")) == ["a01-sentences", "a01-diagnose", "a01-turn", "a01-meeting"]


@pytest.mark.parametrize(
    ("id", "answer"), [("a01-sentences", EFFECTS), ("a01-diagnose", DIAGNOSIS), ("a01-turn", TURNED)]
)
def test_a_right_answer_earns_full_marks(id: str, answer: Any) -> None:
    assert judge(id, answer).is_full, failed(judge(id, answer))


@pytest.mark.parametrize("id", ["a01-sentences", "a01-diagnose", "a01-turn", "a01-meeting"])
@pytest.mark.parametrize("untouched", [None, {}, [], "  "])
def test_an_untouched_answer_is_not_attempted(id: str, untouched: Any) -> None:
    assert not judge(id, untouched).is_attempted


@pytest.mark.parametrize("id", ["a01-sentences", "a01-diagnose", "a01-turn", "a01-meeting"])
@pytest.mark.parametrize("malformed", [7, True, "S", ["situation"], {"x": 1}, {"move": {"y": 2}}, "\x00💥"])
def test_a_malformed_answer_says_what_was_expected(id: str, malformed: Any) -> None:
    verdict = judge(id, malformed)
    assert verdict.score == 0
    assert verdict.problem.startswith("Expected")


def test_the_notebook_shows_what_is_judged() -> None:
    path: Path = course_path("notebooks", "advanced", "01_facilitate_a_blameless_postmortem.ipynb")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    text = " ".join("".join(cell["source"]).replace("\n", " ") for cell in cells)
    for sentence in a01.SENTENCES.values():
        assert sentence in text
    for remark in a01.REMARKS.values():
        assert remark.split(": ", 1)[1] in text
    assert f'"{a01.MEETING}", seed={a01.SEED}' in text


class TestSentences:
    @pytest.mark.parametrize("word", sorted(set(EFFECTS.values())))
    def test_one_word_for_all_earns_nothing(self, word: str) -> None:
        assert judge("a01-sentences", dict.fromkeys(EFFECTS, word)).score == 0

    def test_one_wrong_costs_its_pair(self) -> None:
        assert judge("a01-sentences", EFFECTS | {"a": "opens"}).score == 3


class TestDiagnose:
    def test_naming_every_fact_earns_nothing_for_them(self) -> None:
        every = [fact.id for fact in load_meeting_script("moderation_failure").facts]
        assert judge("a01-diagnose", DIAGNOSIS | {"hidden": every}).score == 2

    def test_the_right_move_by_another_rule(self) -> None:
        assert judge("a01-diagnose", DIAGNOSIS | {"rule": "opinion"}).score == 2


class TestTurn:
    @pytest.mark.parametrize(
        ("kind", "text"),
        [
            ("blame", "On-call, why did you not read the mail?"),
            ("blame", "Let us stay blameless, please."),
            ("blame", "What in the process made this likely?"),  # fits any remark at all
            ("blame", "I agree with the director. What in the process kept the alert in a mailbox?"),
            ("hindsight", "Yes, the reports are clear, looking back."),
            ("hindsight", "Trust and safety, did you read the reports?"),
            ("fix", "I think a normaliser would not help with such spellings."),
            ("fix", "Good, that is your action item: buy it by Friday."),
        ],
    )
    def test_what_does_not_turn(self, kind: str, text: str) -> None:
        verdict = judge("a01-turn", TURNED | {kind: text})
        assert verdict.score == 5, failed(verdict)

    def test_one_formula_for_all_is_heard_as_one(self) -> None:
        magic = "I park that. No blame: what in the process made alert and reports normal at that time?"
        assert not judge("a01-turn", dict.fromkeys(TURNED, magic)).is_full

    def test_other_words_than_ours(self) -> None:
        own = {
            "blame": "Let me turn that: what about our tooling let an alert sit in a mailbox?",
            "hindsight": "What did moderators see back then, before anybody knew of new spellings?",
            "fix": "This idea goes to the parking lot, and we return to the timeline.",
        }
        assert judge("a01-turn", own).is_full, judge("a01-turn", own)


class TestMeeting:
    def test_a_good_meeting(self, transcript: list[dict[str, Any]]) -> None:
        assert judge("a01-meeting", transcript).is_full, failed(judge("a01-meeting", transcript))

    @pytest.mark.parametrize(("moves", "most"), [(BLAMING, 1), (SAME_TO_EACH, 3)], ids=["blaming", "formula"])
    def test_a_bad_meeting_earns_little(self, moves: list[str], most: float) -> None:
        led = lead(start_meeting("moderation_failure", seed=7), moves)
        assert judge("a01-meeting", led.transcript).score <= most

    def test_half_a_meeting_earns_part(self) -> None:
        led = lead(start_meeting("moderation_failure", seed=7), GOOD[:13])
        score = judge("a01-meeting", led.transcript).score
        assert 4 <= score <= 8

    def test_a_changed_transcript_earns_nothing(self, transcript: list[dict[str, Any]]) -> None:
        forged = lead(start_meeting("moderation_failure", seed=7), BLAMING[:4]).transcript
        forged[2]["surfaced"] = ["no_budget", "hand_run"]
        verdict = judge("a01-meeting", forged)
        assert verdict.score == 0
        assert "replaying the moves gives" in verdict.results[0].message

    @pytest.mark.parametrize("field", ["seed", "meeting", "digest", "version"])
    def test_another_head_earns_nothing(self, field: str, transcript: list[dict[str, Any]]) -> None:
        forged = copy.deepcopy(transcript)
        forged[0][field] = {"seed": 3, "version": 99}.get(field, "/tmp/easy.yaml")
        assert judge("a01-meeting", forged).score == 0

    def test_its_size_fits_an_answer(self, transcript: list[dict[str, Any]]) -> None:
        assert len(json.dumps(transcript)) < MAX_BYTES / 4
