"""Criteria of a meeting that was led, for any script; its transcript is replayed with ours."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, Any

from pydantic import Field

from aiir_lab.grade.question import Criterion
from aiir_lab.tabletop.meeting import (
    Meeting,
    MeetingResult,
    MeetingScript,
    TranscriptError,
    load_rules,
    replay_transcript,
)

Lines = Annotated[list[dict[str, Any]], Field(min_length=2)]
"""The shape of a transcript: head first, then at least one move."""


class Led:
    """What came of a meeting that a transcript tells.

    Parameters
    ----------
    script_of : callable
        Returns the script; ours, whatever the transcript says.
    seed : int, optional
        The run that the meeting has to be about; None: any.
    """

    def __init__(self, script_of: Callable[[], MeetingScript], *, seed: int | None = None) -> None:
        self._script_of, self._seed = script_of, seed
        self._replay = lru_cache(maxsize=8)(self._play_again)

    def _play_again(self, text: str) -> Meeting:
        return replay_transcript(json.loads(text), script=self._script_of())

    def meeting(self, lines: list[dict[str, Any]]) -> Meeting:
        """The meeting, played again."""
        return self._replay(json.dumps(lines))

    def result(self, lines: list[dict[str, Any]]) -> MeetingResult:
        """Its result."""
        return self.meeting(lines).result()

    def is_true(self, lines: list[dict[str, Any]]) -> bool | str:
        try:
            meeting = self.meeting(lines)
        except TranscriptError as error:
            return str(error)
        if self._seed is not None and meeting.seed != self._seed:
            return f"It is a meeting about seed {meeting.seed}; asked for is seed {self._seed}."
        return len(meeting.turns) >= 5 or "It has fewer than five moves."

    def surfaced(self, lines: list[dict[str, Any]], *, share: float) -> bool | str:
        result = self.result(lines)
        count = len(result.surfaced) + len(result.hidden)
        return result.share >= share or f"{len(result.surfaced)} of {count} came out."

    def opens_well(self, lines: list[dict[str, Any]]) -> bool:
        kinds: set[str] = set()
        rules = load_rules()
        for turn in self.meeting(lines).turns:
            kinds |= set(turn.kinds)
            if (
                any(rules.kind(kind).asks for kind in turn.kinds)
                or len(kinds & {"open_purpose", "restate_rules"}) == 2
            ):
                break
        return {"open_purpose", "restate_rules"} <= kinds

    def covers_strands(self, lines: list[dict[str, Any]]) -> bool | str:
        thin = [name for name, (told, count) in self.result(lines).strands.items() if told / count < 2 / 3]
        return not thin or f"Thin: {', '.join(thin)}."

    def leaves_nobody_worse(self, lines: list[dict[str, Any]]) -> bool | str:
        safety = self.result(lines).safety
        lower = [str(name) for name in safety.columns if safety[name].iloc[-1] < safety[name].iloc[0]]
        return (
            self.result(lines).share >= 0.5 and not lower
        ) or f"Lower than before: {', '.join(lower) or 'nobody'}."

    def turns_most(self, lines: list[dict[str, Any]]) -> bool | str:
        turned, brought = self.result(lines).turned
        enough = min(4, max(1, len(self._script_of().interruptions)))
        return (brought >= enough and turned / brought >= 0.75) or f"{turned} of {brought} were turned."

    def closes(self, lines: list[dict[str, Any]]) -> bool | str:
        meeting = self.meeting(lines)
        kinds = {kind for turn in meeting.turns for kind in turn.kinds}
        if meeting.result().share < 0.5:
            return "Fewer than half of the facts are on the table."
        if "force_action" in kinds:
            return "A fix was decided in the meeting."
        return {"close", "soak"} <= set(meeting.turns[-1].kinds) and meeting.minute <= meeting.script.minutes

    def _share(self, share: float, text: str, hint: str) -> Criterion:
        return Criterion(text, lambda lines: self.surfaced(lines, share=share), hint, points=2)

    def criteria(self) -> tuple[Criterion, ...]:
        """What is asked of a meeting, 12 points."""
        return (
            Criterion(
                "The transcript is what its moves give", self.is_true, "Hand in meeting.transcript as it is."
            ),
            Criterion(
                "Opened with purpose and rules, before the first question",
                self.opens_well,
                "Say what the meeting is for, and that nobody is on trial.",
            ),
            self._share(
                0.5, "Half of the facts came out", "Ask everybody how and what, on one topic at a time."
            ),
            self._share(
                0.7, "More than two thirds came out", "Follow what you hear: what lies behind that answer?"
            ),
            self._share(
                0.85,
                "Nearly all came out",
                "Who has not spoken, and what was brought up that you left standing?",
            ),
            Criterion(
                "Technology, process and tooling: two thirds of each",
                self.covers_strands,
                "The result shows which strand is thin.",
            ),
            Criterion(
                "Half of the facts, and nobody leaves with less safety than they came with",
                self.leaves_nobody_worse,
                "See result().changes for the moves that cost somebody.",
            ),
            Criterion(
                "Three of four things that people brought up were turned",
                self.turns_most,
                "Answer what was just said in your very next move.",
            ),
            Criterion(
                "Closed by you, in time, with the fixes left to soak",
                self.closes,
                "Close it yourself, decide nothing, and give the fixes two days.",
            ),
        )
