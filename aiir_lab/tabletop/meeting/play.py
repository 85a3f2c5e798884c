"""One move after the other: who answers, what comes out, what people bring up, what the clock says."""

from __future__ import annotations

from dataclasses import dataclass, field

from aiir_lab.records.errors import AiirError
from aiir_lab.tabletop.meeting.figures import Figures
from aiir_lab.tabletop.meeting.reading import Fired, Reading, read_words
from aiir_lab.tabletop.meeting.room import Room
from aiir_lab.tabletop.meeting.rules import MeetingRules
from aiir_lab.tabletop.meeting.script import Fact, Holder, Interruption, MeetingScript

MAX_WORDS = 250
_LOUD_FIRST = {"loud": 0, "normal": 1, "quiet": 2}


@dataclass(frozen=True)
class Line:
    """Something said at the table."""

    who: str
    text: str


@dataclass(frozen=True)
class Kept:
    """A fact that was asked for and did not come out."""

    fact: str
    who: str
    turn: int
    reason: str
    safety: float
    needs: float


@dataclass(frozen=True)
class Turn:
    """One move and what came of it."""

    number: int
    start_min: float
    end_min: float
    text: str
    to: str
    fired: tuple[Fired, ...]
    lines: tuple[Line, ...]
    surfaced: tuple[str, ...]
    turned: str
    left: str
    pending: str
    safety: dict[str, float] = field(default_factory=dict)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of move, each once."""
        return tuple(dict.fromkeys(fired.kind for fired in self.fired))


class Play:
    """The state of one meeting. The same script, run and moves always give the same play."""

    def __init__(self, script: MeetingScript, figures: Figures, rules: MeetingRules) -> None:
        self.script, self.rules, self.figures = script, rules, figures
        self.room = Room(script, rules)
        self.turns: list[Turn] = []
        self.told: dict[str, tuple[str, int]] = {}
        self.kept: list[Kept] = []
        self.minute = 0.0
        self.is_open = False
        self.is_over = False
        self.pending: Interruption | None = None
        self.says: dict[tuple[str, str], str] = {}
        self.interruptions: list[Interruption] = []
        self.speaker = ""
        self._asked: list[tuple[str, frozenset[str]]] = []
        self._read: dict[str, float] = {}
        self._put_figures_in()

    @property
    def facts(self) -> list[Fact]:
        """The facts that this run holds; one whose figures do not exist in it is not part of the meeting."""
        return [
            fact for fact in self.script.facts if any((fact.id, h.who) in self.says for h in fact.holders)
        ]

    def take(self, text: str) -> Turn:
        """Let the facilitator say something.

        Raises
        ------
        AiirError
            The meeting is over, or nothing was said.
        """
        text = self._check(text)
        read = read_words(text, self.script, self.rules)
        number, start = len(self.turns) + 1, self.minute
        to = self._resolve(read)
        fired = self._complete(read, to)
        kinds = tuple(dict.fromkeys(item.kind for item in fired))
        before_opening = kinds == ("talk_beforehand",)
        turned, left, lines = "", "", []
        if self.pending and not before_opening:
            turned, left = self._settle(number, kinds, read)
        for kind in kinds:
            self.room.move(number, kind, to=to)
        surfaced: list[str] = []
        if before_opening:
            lines.append(Line(to, "Thank you for telling me beforehand."))
        else:
            self.is_open = True
            lines += self._answer(number, to, fired, read, surfaced)
            self.minute = round(start + self._cost(kinds, read, surfaced, left), 2)
        if "close" in kinds or self.minute >= self.script.minutes:
            self.is_over = True
            self.pending = None
            if "close" not in kinds:
                lines.append(Line("clock", "The hour is over, people leave for their next meeting."))
        elif not before_opening:
            self.pending = self._interrupt()
            if self.pending:
                lines.append(Line(self.pending.who, self.says["interruption", self.pending.id]))
        turn = Turn(
            number,
            start,
            self.minute,
            text,
            to,
            fired,
            tuple(lines),
            tuple(surfaced),
            turned,
            left,
            self.pending.id if self.pending else "",
            {person.id: self.room.safety(person.id) for person in self.script.participants},
        )
        self.turns.append(turn)
        self._asked.append((to, read.stems))
        return turn

    def _check(self, text: str) -> str:
        if self.is_over:
            raise AiirError(
                f"This meeting ended at minute {self.minute:g}; nobody is there to answer. "
                "Look at its result(), or start another one with a new log."
            )
        if not isinstance(text, str) or not text.strip():
            raise AiirError(f"A facilitator says something: expected text, got {text!r}. Write a sentence.")
        text = " ".join(text.split())
        if len(text.split()) > MAX_WORDS:
            raise AiirError(
                f"That is {len(text.split())} words; nobody listens beyond {MAX_WORDS}. Say it shorter."
            )
        return text

    def _resolve(self, read: Reading) -> str:
        if read.to != "you":
            return read.to
        if self.pending and self.pending.kind == "silence":
            return self.pending.who
        return self.speaker or "room"

    def _complete(self, read: Reading, to: str) -> tuple[Fired, ...]:
        """Add what only the state can tell, and take away what it forbids."""
        fired = list(read.fired)
        kinds = {item.kind for item in fired}
        if "talk_beforehand" in kinds:
            count = sum("talk_beforehand" in turn.kinds for turn in self.turns)
            if self.is_open or count >= self.rules.beforehand_limit or to == "room":
                fired = [item for item in fired if item.kind != "talk_beforehand"]
            elif not read.harmful:
                return tuple(item for item in fired if item.kind == "talk_beforehand")
        if self._is_formula(read, to):
            fired = [item for item in fired if not self.rules.kind(item.kind).asks]
            fired.append(Fired("asked_before", "same words", "nearly the same words as before"))
        elif self._stays(read, to) and "follow_up" not in kinds:
            fired.append(Fired("follow_up", "stays with the speaker", to))
        elif read.asks and not read.harmful and "draw_out" not in kinds and self._is_quiet(to):
            fired.append(Fired("draw_out", "has been quiet", to))
        return tuple(fired) or (Fired("remark", "no rule", ""),)

    def _is_quiet(self, to: str) -> bool:
        if to == "room":
            return False
        if self.pending and self.pending.kind == "silence" and self.pending.who == to:
            return True
        spoke = {line.who for turn in self.turns for line in turn.lines}
        return self.script.participant(to).voice == "quiet" and to not in spoke

    def _stays(self, read: Reading, to: str) -> bool:
        """Whether a question without a topic goes to the person who has just told something."""
        told = self.turns and any(self.told[id][0] == to for id in self.turns[-1].surfaced)
        return bool(told and read.to == "you" and read.asks and not read.harmful and not read.topics)

    def _is_formula(self, read: Reading, to: str) -> bool:
        if not read.asks:
            return False
        same = [who for who, words in self._asked if _overlap(words, read.stems) >= self.rules.same_words]
        return to in same or len(same) >= self.rules.same_words_limit

    def _settle(self, number: int, kinds: tuple[str, ...], read: Reading) -> tuple[str, str]:
        assert self.pending is not None  # asked before
        row = self.rules.interruption(self.pending.kind)
        done, self.pending = self.pending, None
        if set(row.answered_by) & set(kinds) and not read.harmful:
            return done.id, ""
        self.room.leave(number, done.kind, about=done.about)
        return "", done.id

    def _cost(self, kinds: tuple[str, ...], read: Reading, surfaced: list[str], left: str) -> float:
        clock = self.rules.clock
        minutes = clock.turn + clock.answer * len(surfaced) + max(0, read.n_words - 40) / clock.words_per_min
        minutes += max((self.rules.kind(kind).minutes for kind in kinds), default=0.0)
        if left:
            kind = next(item.kind for item in self.script.interruptions if item.id == left)
            minutes += self.rules.interruption(kind).minutes
        return minutes

    def _answer(
        self, number: int, to: str, fired: tuple[Fired, ...], read: Reading, surfaced: list[str]
    ) -> list[Line]:
        kinds = {item.kind for item in fired}
        if "read_document" in kinds and not read.harmful[1:]:
            return self._read_out(number, surfaced)
        if read.harmful:
            return self._defend(number, to, read)
        if not read.asks or kinds & {"asked_before", "close"}:
            return [self._plain(to, number)] if to != "room" and "acknowledge" not in kinds else []
        for who in [to] if to != "room" else self._by_voice():
            found = self._find(who, read, kinds)
            if found is None:
                continue
            fact, holder = found
            needs = holder.needs + (self.rules.room_needs if to == "room" else 0)
            safety = self.room.safety(who)
            self.speaker = who
            if safety < needs:
                self.kept.append(Kept(fact.id, who, number, "not safe enough", safety, needs))
                return [self._pick(who, "guarded", number)]
            self.told[fact.id] = (who, number)
            surfaced.append(fact.id)
            return [Line(who, self.says[fact.id, who])]
        return [self._point_on(to, read, number)]

    def _find(self, who: str, read: Reading, kinds: set[str]) -> tuple[Fact, Holder] | None:
        """The fact that this question opens with this person."""
        open_facts = [
            (fact, holder)
            for fact in self.facts
            for holder in fact.holders
            if holder.who == who
            and fact.id not in self.told
            and (fact.id, who) in self.says
            and all(id in self.told or id not in {f.id for f in self.facts} for id in fact.after)
        ]
        if "stacked_question" in kinds:
            return next(((f, h) for f, h in open_facts if h.is_first), None)
        by_topic = {fact.id: (fact, holder) for fact, holder in open_facts}
        if "went_well" not in kinds or len(read.topics) > 1:
            for id in read.topics:
                if id in by_topic:
                    return by_topic[id]
        last = [id for id, (teller, _) in self.told.items() if teller == who][-1:]
        if last and kinds & {"follow_up", "to_system"}:
            for fact, holder in open_facts:
                if last[0] in fact.after:
                    return fact, holder
        if not read.topics:
            return next(((f, h) for f, h in open_facts if h.is_first), None)
        return next((by_topic[id] for id in read.topics if id in by_topic), None)

    def _by_voice(self) -> list[str]:
        people = [person for person in self.script.participants if person.voice != "quiet"]
        return [person.id for person in sorted(people, key=lambda person: _LOUD_FIRST[person.voice])]

    def _read_out(self, number: int, surfaced: list[str]) -> list[Line]:
        """Whoever hears the draft nods: what it says is on the table, and no more than that."""
        for fact in self.facts:
            if fact.in_document and fact.id not in self.told:
                self.told[fact.id] = ("document", number)
                surfaced.append(fact.id)
        return [Line("room", "(People look at their screens. Nobody adds anything.)")]

    def _defend(self, number: int, to: str, read: Reading) -> list[Line]:
        who = to if to != "room" else self.speaker
        for id in read.topics:
            fact = self.script.fact(id)
            for holder in fact.holders:
                if id not in self.told and holder.who == who:
                    safety = self.room.safety(who)
                    self.kept.append(Kept(id, who, number, "asked so that it closes", safety, holder.needs))
        return [self._pick(who, "defensive", number)] if who else []

    def _point_on(self, to: str, read: Reading, number: int) -> Line:
        """Whoever does not know, and feels safe, says who may."""
        if to == "room":
            loud = self._by_voice()[0]
            return self._pick(loud, "plain", number)
        self.speaker = to
        for id in read.topics:
            others = [h.who for h in self.script.fact(id).holders if h.who != to]
            if id not in self.told and len(others) < len(self.script.fact(id).holders):
                return Line(to, self._after_whom(self.script.fact(id)))
            if id not in self.told and others and self.room.safety(to) >= 50:
                name = self.script.participant(others[0]).name
                return Line(to, f"I do not know that at first hand. {name} was closer to it.")
        return self._plain(to, number)

    def _after_whom(self, fact: Fact) -> str:
        """Who should speak first, where a fact lies behind another one."""
        known = {item.id: item for item in self.facts}
        first = next((known[id] for id in fact.after if id in known and id not in self.told), None)
        if first is None:
            return "I cannot say more on that."
        name = self.script.participant(first.holders[0].who).name
        return f"I can speak to that once {name} has said what came first."

    def _plain(self, who: str, number: int) -> Line:
        self.speaker = who
        return self._pick(who, "plain", number)

    def _pick(self, who: str, manner: str, number: int) -> Line:
        texts = getattr(self.script.participant(who), manner)
        return Line(who, texts[number % len(texts)])

    def _interrupt(self) -> Interruption | None:
        done = {turn.pending for turn in self.turns}
        fresh = [item for item in self.interruptions if item.id not in done]
        for item in fresh:
            if (
                item.after_fact
                and item.after_fact in self.told
                and self.told[item.after_fact][0] != "document"
            ):
                return item
        return next((i for i in fresh if i.at_min is not None and i.at_min <= self.minute), None)

    def _put_figures_in(self) -> None:
        for fact in self.script.facts:
            for holder in fact.holders:
                text = self.figures.fill(holder.says, as_of=holder.as_of)
                if text is not None:
                    self.says[fact.id, holder.who] = text
        for item in self.script.interruptions:
            text = self.figures.fill(item.says)
            if text is not None:
                self.says["interruption", item.id] = text
                self.interruptions.append(item)


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 1.0
