"""The append-only record of a meeting: one JSON line for the head, one for each move with what came of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from aiir_lab.records.errors import AiirError
from aiir_lab.tabletop.meeting.play import Turn
from aiir_lab.tabletop.meeting.rules import load_rules
from aiir_lab.tabletop.meeting.script import MeetingScript

VERSION = 1


class TranscriptError(AiirError):
    """A transcript does not say what replaying its moves gives."""


def head_of(script: MeetingScript, seed: int) -> dict[str, Any]:
    """The first line: which meeting, which seed, and a digest of its file and of the rules."""
    digest = hashlib.sha256((script.to_json() + load_rules().to_json()).encode()).hexdigest()[:16]
    return {"kind": "meeting", "version": VERSION, "meeting": script.id, "seed": seed, "digest": digest}


def line_of(turn: Turn) -> dict[str, Any]:
    """One turn as plain data."""
    return {
        "kind": "turn",
        "number": turn.number,
        "start_min": turn.start_min,
        "end_min": turn.end_min,
        "text": turn.text,
        "to": turn.to,
        "rules": [{"kind": f.kind, "rule": f.rule, "words": f.words} for f in turn.fired],
        "lines": [{"who": line.who, "text": line.text} for line in turn.lines],
        "surfaced": list(turn.surfaced),
        "turned": turn.turned,
        "left": turn.left,
        "safety": {who: float(value) for who, value in turn.safety.items()},
    }


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The lines of a log. A last line that was cut off while it was written counts as not written.

    Raises
    ------
    TranscriptError
        A line is no JSON object.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TranscriptError(f"{path}: cannot be read ({error}). Give another log.") from None
    *whole, rest = text.split("\n")
    lines = []
    for number, line in enumerate(whole, start=1):
        if (data := _object(line)) is None:
            raise TranscriptError(
                f"{path}, line {number}: expected a JSON object, got {line[:60]!r}. "
                "Take a copy of the log, or start another one."
            )
        lines.append(data)
    # the journal sets a torn last line aside when the next one is written, and ends one that is whole
    return lines if (last := _object(rest)) is None else [*lines, last]


def _object(line: str) -> dict[str, Any] | None:
    try:
        data = json.loads(line)
    except ValueError:
        return None
    return data if isinstance(data, dict) else None


def check_head(head: Any, script: MeetingScript, seed: int, *, where: str) -> None:
    """Raise TranscriptError unless a first line belongs to this meeting."""
    wanted = head_of(script, seed)
    if not isinstance(head, dict) or head.get("kind") != "meeting":
        raise TranscriptError(f"{where}: the first line is not the head of a meeting. Give its own log.")
    for key in ("version", "meeting", "seed", "digest"):
        if head.get(key) != wanted[key]:
            raise TranscriptError(
                f"{where}: {key} is {head.get(key)!r}, this meeting has {wanted[key]!r}. "
                "Start another one with another log."
            )


def moves_of(lines: Sequence[Any], *, where: str) -> list[str]:
    """The texts that were said, from the lines after the head."""
    moves = []
    for number, line in enumerate(lines, start=2):
        text = line.get("text") if isinstance(line, dict) else None
        if not isinstance(text, str):
            raise TranscriptError(
                f"{where}, line {number}: expected a turn with its text, got {str(line)[:60]}."
            )
        moves.append(text)
    return moves


def compare(recorded: Any, replayed: dict[str, Any], *, where: str) -> None:
    """Raise TranscriptError where a recorded turn is not what replaying its moves gives."""
    if recorded == replayed:
        return
    differs = [
        key for key in replayed if not isinstance(recorded, dict) or recorded.get(key) != replayed[key]
    ]
    extra = sorted(set(recorded) - set(replayed)) if isinstance(recorded, dict) else []
    key = (differs or extra or ["the turn"])[0]
    got = recorded.get(key) if isinstance(recorded, dict) else recorded
    raise TranscriptError(
        f"{where}: {key} is {str(got)[:80]!r}; replaying the moves gives {str(replayed.get(key))[:80]!r}. "
        "The transcript was changed after the meeting, or it belongs to another version of it."
    )
