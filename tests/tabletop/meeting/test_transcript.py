"""The transcript: append-only, replayed on resuming, and a change in it is noticed."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from aiir_lab import start_meeting
from aiir_lab.tabletop.meeting import TranscriptError, replay_transcript
from tests.tabletop.meeting.facilitators import GOOD, lead


@pytest.fixture(scope="module")
def transcript() -> list[dict[str, Any]]:
    return lead(start_meeting("moderation_failure", seed=7), GOOD[:8]).transcript


def test_a_replay_gives_the_same_result(transcript: list[dict[str, Any]]) -> None:
    again = replay_transcript(json.loads(json.dumps(transcript)))
    assert again.transcript == transcript
    assert again.result().to_markdown() == replay_transcript(transcript).result().to_markdown()


def test_a_log_only_grows_and_goes_on_where_it_ends(tmp_path: Path) -> None:
    log = tmp_path / "new folder" / "meeting.jsonl"
    seen = b""
    for move in GOOD[:6]:
        start_meeting("moderation_failure", seed=7, log=log).say(move)
        assert log.read_bytes().startswith(seen)
        seen = log.read_bytes()
    straight = lead(start_meeting("moderation_failure", seed=7), GOOD[:6])
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert lines == straight.transcript


def test_a_line_cut_off_while_writing_counts_as_not_said(tmp_path: Path) -> None:
    log = tmp_path / "meeting.jsonl"
    lead(start_meeting("moderation_failure", seed=7, log=log), GOOD[:4])
    whole = log.read_text(encoding="utf-8")
    log.write_text(whole[:-30], encoding="utf-8")
    meeting = start_meeting("moderation_failure", seed=7, log=log)
    assert len(meeting.turns) == 3
    meeting.say(GOOD[3])
    assert log.read_text(encoding="utf-8") == whole


CHANGES = {
    "surfaced": lambda turn: turn["surfaced"].append("no_budget"),
    "safety": lambda turn: turn["safety"].update(filter_owner=99.0),
    "lines": lambda turn: turn["lines"].clear(),
    "end_min": lambda turn: turn.update(end_min=0.0),
    "rules": lambda turn: turn["rules"].clear(),
    "number": lambda turn: turn.update(number=99),
    "bonus": lambda turn: turn.update(bonus=1),
}


@pytest.mark.parametrize("field", CHANGES)
def test_a_changed_outcome_is_noticed(field: str, transcript: list[dict[str, Any]]) -> None:
    changed = copy.deepcopy(transcript)
    CHANGES[field](changed[4])
    with pytest.raises(TranscriptError, match=rf"line 5: {field}"):
        replay_transcript(changed)


def test_a_changed_move_does_not_keep_its_answers(transcript: list[dict[str, Any]]) -> None:
    changed = copy.deepcopy(transcript)
    changed[4]["text"] = "On-call, why did you not look?"
    with pytest.raises(TranscriptError, match="line 5"):
        replay_transcript(changed)


def test_a_move_taken_out_is_noticed(transcript: list[dict[str, Any]]) -> None:
    with pytest.raises(TranscriptError, match="line 3"):
        replay_transcript([*transcript[:2], *transcript[3:]])


@pytest.mark.parametrize("lines", [[], [None], [{"kind": "turn"}], [{"seed": "7"}], [{"seed": True}], ["x"]])
def test_what_is_no_transcript_is_refused(lines: list[Any]) -> None:
    with pytest.raises(TranscriptError):
        replay_transcript(lines)


def test_a_log_of_another_seed_is_refused(tmp_path: Path) -> None:
    log = tmp_path / "meeting.jsonl"
    start_meeting("moderation_failure", seed=7, log=log).say(GOOD[2])
    before = log.read_bytes()
    with pytest.raises(TranscriptError, match="seed is 7, this meeting has 3"):
        start_meeting("moderation_failure", seed=3, log=log)
    log.write_text("no json\n", encoding="utf-8")
    with pytest.raises(TranscriptError, match="line 1"):
        start_meeting("moderation_failure", seed=7, log=log)
    assert before  # the log of the first meeting was not touched until we overwrote it ourselves
