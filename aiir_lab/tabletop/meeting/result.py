"""What a meeting brought to light, what stayed hidden and why, and where it turned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiir_lab.records.causes import Strand
from aiir_lab.tabletop.meeting.play import Play, Turn

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class TurningPoint:
    """A move after which the meeting went another way."""

    turn: int
    minute: float
    is_good: bool
    what: str
    effect: str
    better: str


class MeetingResult:
    """The measured outcome of a meeting.

    Attributes
    ----------
    surfaced, hidden : tuple of str
        Titles of the facts that came out, and of those that did not.
    share : float
        Facts that came out, of all in this run, 0 to 1.
    """

    def __init__(self, play: Play) -> None:
        self._play = play
        self.title = play.script.title
        self.surfaced = tuple(fact.title for fact in play.facts if fact.id in play.told)
        self.hidden = tuple(fact.title for fact in play.facts if fact.id not in play.told)
        self.share = len(self.surfaced) / len(play.facts)
        self.minutes = play.minute
        self.is_over = play.is_over

    @property
    def strands(self) -> dict[str, tuple[int, int]]:
        """Strand -> facts that came out, facts in all."""
        counts = {}
        for strand in Strand:
            facts = [fact for fact in self._play.facts if fact.strand == strand]
            if facts:
                counts[strand.value] = (sum(fact.id in self._play.told for fact in facts), len(facts))
        return counts

    @property
    def turned(self) -> tuple[int, int]:
        """How many of the things that people brought up were turned, and how many there were."""
        turns = self._play.turns
        return sum(bool(t.turned) for t in turns), sum(bool(t.turned or t.left) for t in turns)

    @property
    def timeline_minutes(self) -> float:
        """Minutes spent on questions about what happened; guides give it 35 to 40 of 60."""
        rules = self._play.rules
        asking = [t for t in self._play.turns if any(rules.kind(kind).asks for kind in t.kinds)]
        return round(sum(turn.end_min - turn.start_min for turn in asking), 1)

    @property
    def facts(self) -> pd.DataFrame:
        """Every fact of the meeting.

        Returns
        -------
        DataFrame
            Index ``fact`` (str); ``title``, ``strand`` (str); ``surfaced`` (bool); ``turn`` (Int64, the move
            that opened it); ``told_by`` (str); ``why_hidden`` (str, empty where it came out).
        """
        import pandas as pd

        play, rows = self._play, []
        for fact in play.facts:
            who, turn = play.told.get(fact.id, ("", None))
            rows.append(
                {
                    "fact": fact.id,
                    "title": fact.title,
                    "strand": fact.strand.value,
                    "surfaced": fact.id in play.told,
                    "turn": turn,
                    "told_by": self._name(who),
                    "why_hidden": "" if fact.id in play.told else self._why_hidden(fact.id),
                }
            )
        return pd.DataFrame(rows).set_index("fact").astype({"turn": "Int64"})

    @property
    def safety(self) -> pd.DataFrame:
        """Safety of everybody over time.

        Returns
        -------
        DataFrame
            Index ``minute`` (float, the first row before the first move); one column per participant,
            0 to 100 (float64).
        """
        import pandas as pd

        people = self._play.script.participants
        rows = [{person.name: person.start for person in people}]
        rows += [{person.name: turn.safety[person.id] for person in people} for turn in self._play.turns]
        index = pd.Index([0.0, *(turn.end_min for turn in self._play.turns)], name="minute")
        return pd.DataFrame(rows, index=index).astype(float)

    @property
    def changes(self) -> pd.DataFrame:
        """Which move changed whose safety.

        Returns
        -------
        DataFrame
            ``turn`` (int64), ``who`` (str), ``rule`` (str, row of ``meeting.rules``), ``points`` (float64).
        """
        import pandas as pd

        rows = [(c.turn, self._name(c.who), c.rule, c.points) for c in self._play.room.ledger]
        return pd.DataFrame(rows, columns=["turn", "who", "rule", "points"])

    @property
    def turning_points(self) -> list[TurningPoint]:
        """The moves that closed or opened the room, in order, each with the better move."""
        return [point for turn in self._play.turns for point in self._points_of(turn)]

    def _points_of(self, turn: Turn) -> list[TurningPoint]:
        play = self._play
        kinds = [play.rules.kind(kind) for kind in turn.kinds]
        worst = self._loss(turn.number)
        found = []
        for kind in kinds:
            # what was left is told below, with the author's own words on it
            if kind.harms or (kind.instead and not kind.helps and kind.id != "remark"):
                found.append(
                    TurningPoint(
                        turn.number, turn.start_min, False, f"{kind.what}: “{turn.text}”", worst, kind.instead
                    )
                )
        for id, is_good in ((turn.turned, True), (turn.left, False)):
            item = next((item for item in play.interruptions if item.id == id), None)
            if item is None:
                continue
            name = self._name(item.who)
            what = f"{name}: “{play.says['interruption', item.id]}” " + (
                "was turned" if is_good else f"was left standing, you said “{turn.text}”"
            )
            found.append(
                TurningPoint(
                    turn.number, turn.start_min, is_good, what, self._effect(turn, is_good), item.better
                )
            )
        return found

    def _effect(self, turn: Turn, is_good: bool) -> str:
        if is_good:
            titles = [self._play.script.fact(id).title for id in turn.surfaced]
            return (
                f"In the same move came out: {'; '.join(titles)}." if titles else "Nobody lost safety by it."
            )
        return self._loss(turn.number)

    def _loss(self, number: int) -> str:
        lost: dict[str, float] = {}
        for change in self._play.room.ledger:
            if change.turn == number:
                lost[change.who] = lost.get(change.who, 0.0) + change.points
        hit = sorted((points, who) for who, points in lost.items() if points <= -0.5)[:2]
        parts = [f"{self._name(who)} {points:.0f} points" for points, who in hit]
        return f"Safety: {', '.join(parts)}." if parts else "It cost time and opened nothing."

    def _why_hidden(self, id: str) -> str:
        play, fact = self._play, self._play.script.fact(id)
        kept = [item for item in play.kept if item.fact == id]
        if kept:
            last = kept[-1]
            text = (
                f"Asked in move {last.turn}; {self._name(last.who)} did not feel safe enough "
                f"({last.safety:.0f}, needs {last.needs:.0f})."
                if last.reason == "not safe enough"
                else f"Move {last.turn} asked {self._name(last.who)} in a way that closes."
            )
            return text + self._closed_by(last.who, last.turn)
        known = {item.id for item in play.facts}
        missing = [a for a in fact.after if a in known and a not in play.told]
        if missing:
            return f"It lies behind another fact that stayed hidden: {play.script.fact(missing[0]).title}."
        who = " or ".join(self._name(h.who) for h in fact.holders if (id, h.who) in play.says)
        return f"Nobody asked {who} about it."

    def _closed_by(self, who: str, until: int) -> str:
        losses = [c for c in self._play.room.ledger if c.who == who and c.points < 0 and c.turn <= until]
        if not losses:
            return ""
        worst = min(losses, key=lambda change: change.points)
        return (
            f" What closed them most: move {worst.turn}, {worst.rule.replace('_', ' ')} ({worst.points:.0f})."
        )

    def _name(self, who: str) -> str:
        names = {person.id: person.name for person in self._play.script.participants}
        return names.get(who, who)

    def to_markdown(self) -> str:
        """The debrief: figures, what stayed hidden and why, the turning points with the better move."""
        turned, brought = self.turned
        lines = [
            f"# Debrief: {self.title}",
            "",
            f"{len(self.surfaced)} of {len(self._play.facts)} facts came out in {self.minutes:g} minutes, "
            f"{self.timeline_minutes:g} of them on the timeline (guides: 35 to 40 of 60). "
            f"{turned} of {brought} things that people brought up were turned.",
            "",
            "## What came out",
            "",
            *[f"- {title}" for title in self.surfaced],
            "",
            "## What stayed hidden, and why",
            "",
            *[
                f"- **{row.title}** ({row.strand}). {row.why_hidden}"
                for row in _rows(self.facts)
                if not row.surfaced
            ],
            "",
            "## Turning points",
            "",
        ]
        for point in self.turning_points:
            sign = "✓" if point.is_good else "✗"
            lines.append(f"- {sign} minute {point.minute:g}, move {point.turn}. {point.what}. {point.effect}")
            if not point.is_good:
                lines.append(f"  - Better: {point.better}")
        return "\n".join(lines) + "\n"

    def _repr_markdown_(self) -> str:
        return self.to_markdown()

    def __repr__(self) -> str:
        return self.to_markdown()


def _rows(frame: Any) -> Any:
    return frame.itertuples()
