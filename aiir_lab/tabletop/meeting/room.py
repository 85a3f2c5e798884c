"""How safe each person feels, and which move changed it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from aiir_lab.tabletop.meeting.rules import HIGH, LOW, MeetingRules
from aiir_lab.tabletop.meeting.script import MeetingScript


@dataclass(frozen=True)
class Change:
    """One change of one person's safety, in points from 0 to 100."""

    turn: int
    who: str
    rule: str
    points: float


@dataclass
class Room:
    """The people of a meeting with their seven scores each, 1 to 7, reversed items turned round."""

    script: MeetingScript
    rules: MeetingRules
    scores: dict[str, dict[int, float]] = field(init=False)
    ledger: list[Change] = field(default_factory=list)
    _used: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.scores = {
            person.id: {item.number: LOW + person.start / 100 * (HIGH - LOW) for item in self.rules.items}
            for person in self.script.participants
        }

    def safety(self, who: str) -> float:
        """A person's safety, 0 to 100: the mean of the seven scores on that scale."""
        scores = self.scores[who].values()
        return round((sum(scores) / len(scores) - LOW) / (HIGH - LOW) * 100, 2)

    def survey(self, who: str) -> dict[int, float]:
        """What this person would answer to the seven items, 1 (disagree) to 7; reversed items as asked."""
        return {
            item.number: round(
                LOW + HIGH - self.scores[who][item.number]
                if item.is_reversed
                else self.scores[who][item.number],
                1,
            )
            for item in self.rules.items
        }

    def move(self, turn: int, kind: str, *, to: str) -> None:
        """Let a move of the facilitator have its effect; what helps wears off, what harms does not."""
        row = self.rules.kind(kind)
        factor = 1.0
        if row.helps:
            # what is said to one person does not wear for the next one
            key = f"{kind}>{to}" if row.asked else kind
            factor = self.rules.wear ** self._used[key]
            self._used[key] += 1
        for person in self.script.participants:
            size = row.asked if person.id == to else row.room
            self._change(turn, person.id, kind, row.items, size * factor)

    def leave(self, turn: int, kind: str, *, about: str) -> None:
        """Let something that was brought up and not turned have its effect."""
        row = self.rules.interruption(kind)
        for person in self.script.participants:
            size = row.target if person.id == about else row.room
            self._change(turn, person.id, f"left: {kind}", row.items, size)

    def _change(self, turn: int, who: str, rule: str, items: Sequence[int], size: float) -> None:
        before = self.safety(who)
        for item in items:
            self.scores[who][item] = min(HIGH, max(LOW, self.scores[who][item] + size))
        points = round(self.safety(who) - before, 2)
        if points:
            self.ledger.append(Change(turn, who, rule, points))
