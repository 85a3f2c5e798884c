"""A meeting to lead: say something, hear what people answer, keep the transcript."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiir_lab.records.errors import AiirError
from aiir_lab.records.journal import Journal
from aiir_lab.tabletop.meeting.figures import Figures, placeholders, run_of
from aiir_lab.tabletop.meeting.loading import list_meetings, load_meeting_script
from aiir_lab.tabletop.meeting.options import list_options
from aiir_lab.tabletop.meeting.play import Play, Turn
from aiir_lab.tabletop.meeting.result import MeetingResult
from aiir_lab.tabletop.meeting.rules import load_rules
from aiir_lab.tabletop.meeting.script import MeetingScript
from aiir_lab.tabletop.meeting.transcript import (
    TranscriptError,
    check_head,
    compare,
    head_of,
    line_of,
    moves_of,
    read_lines,
)

if TYPE_CHECKING:
    import pandas as pd


class Said:
    """What came of one move; shows as the lines of the transcript."""

    def __init__(self, turn: Turn, names: dict[str, str]) -> None:
        self.turn, self._names = turn, names

    @property
    def kinds(self) -> tuple[str, ...]:
        """How the move was read."""
        return self.turn.kinds

    @property
    def surfaced(self) -> tuple[str, ...]:
        """The facts that came out."""
        return self.turn.surfaced

    def __repr__(self) -> str:
        turn = self.turn
        read = "; ".join(f"{f.kind} ({f.rule}: “{f.words}”)" if f.words else f.kind for f in turn.fired)
        lines = [f"[{turn.start_min:g} min] You: {turn.text}", f"    read as: {read}"]
        lines += [f"{self._names.get(line.who, line.who)}: {line.text}" for line in turn.lines]
        return "\n".join(lines)


class Meeting:
    """A meeting that you lead. Made by :func:`start_meeting`.

    Attributes
    ----------
    script : MeetingScript
        Who takes part, what there is to know.
    seed : int
        Seed of the run that it is about.
    """

    def __init__(self, script: MeetingScript, *, seed: int, log: Path | None = None) -> None:
        self.script, self.seed = script, seed
        self._figures = Figures(script, run_of(script.world, seed, script.size))
        self._play = Play(script, self._figures, load_rules())
        self._names = {person.id: person.name for person in script.participants}
        self._log = log
        if log is not None:
            self._resume(log)

    def say(self, text: str) -> Said:
        """Say something in your own words.

        Parameters
        ----------
        text : str
            Begin with a name to address somebody: ``"On-call, how did the alert reach you?"``. Without a name
            and with "you", it goes to whoever spoke last; otherwise to the room. At most 250 words.

        Returns
        -------
        Said
            How it was read, with the rules that fired, and what was answered.

        Raises
        ------
        AiirError
            The meeting is over, or nothing was said.
        """
        turn = self._play.take(text)
        if self._log is not None:
            Journal(self._log).append(line_of(turn))
        return Said(turn, self._names)

    def choose(self, option: int) -> Said:
        """Say one of the `options`, by its number from 1."""
        options = self.options
        if isinstance(option, bool) or not isinstance(option, int) or not 1 <= option <= len(options):
            has = f"the options 1 to {len(options)}" if options else "no options: it is over"
            raise AiirError(f"The meeting has {has}, got {option!r}. Choose one of them, or say() your own.")
        return self.say(options[option - 1])

    @property
    def options(self) -> list[str]:
        """What you may choose from now, good and tempting alike; your own words are as welcome."""
        return list_options(self._play, seed=self.seed)

    @property
    def situation(self) -> str:
        """What happened, and what you are asked to do."""
        return " ".join(self._fill(self.script.situation))

    @property
    def document(self) -> list[str]:
        """The draft timeline that everybody at the table has."""
        return self._fill(sorted(self.script.document, key=self._moment))

    @property
    def minute(self) -> float:
        """Minutes since the meeting was opened."""
        return self._play.minute

    @property
    def is_over(self) -> bool:
        """Whether it was closed, or the time is up."""
        return self._play.is_over

    @property
    def pending(self) -> str:
        """What was just brought up and waits for your answer; empty where nothing does."""
        item = self._play.pending
        return f"{self._names[item.who]}: {self._play.says['interruption', item.id]}" if item else ""

    @property
    def turns(self) -> list[Turn]:
        """The moves so far with what came of them."""
        return list(self._play.turns)

    @property
    def transcript(self) -> list[dict[str, Any]]:
        """The record as plain data, head first: what a log holds line by line, and what a check takes."""
        return [head_of(self.script, self.seed), *(line_of(turn) for turn in self._play.turns)]

    @property
    def rules(self) -> pd.DataFrame:
        """All rules as one table; see :meth:`MeetingRules.to_frame`."""
        return load_rules().to_frame()

    def survey(self) -> pd.DataFrame:
        """What each participant would answer to the seven items of psychological safety now.

        Returns
        -------
        DataFrame
            Index ``item`` (str, our words, "(r)" where agreeing means less safety); one column per
            participant, 1 (disagree) to 7 (agree), float. The last row is the safety, 0 to 100.
        """
        import pandas as pd

        room, people = self._play.room, self.script.participants
        rows = {
            f"{item.number}. {item.text}{' (r)' if item.is_reversed else ''}": [
                room.survey(person.id)[item.number] for person in people
            ]
            for item in load_rules().items
        }
        rows["safety, 0 to 100"] = [round(room.safety(person.id), 1) for person in people]
        table = pd.DataFrame.from_dict(rows, orient="index", columns=[person.name for person in people])
        return table.rename_axis("item")

    def result(self) -> MeetingResult:
        """What came out, what stayed hidden and why, who felt how safe; also before the end."""
        return MeetingResult(self._play)

    def __repr__(self) -> str:
        lines = [f"{self.script.title} (seed {self.seed}), minute {self.minute:g} of {self.script.minutes:g}"]
        lines += [repr(Said(turn, self._names)) for turn in self._play.turns]
        if self.is_over:
            lines.append("The meeting is over: see result().")
        else:
            lines += [f"  {number} {text}" for number, text in enumerate(self.options, start=1)]
            lines.append('Say something with meeting.say("..."), or choose with meeting.choose(1).')
        return "\n".join(lines)

    def _fill(self, texts: Sequence[str]) -> list[str]:
        filled = (self._figures.fill(text) for text in texts)
        return [text for text in filled if text is not None]

    def _moment(self, text: str) -> tuple[bool, str]:
        """In which order the lines of the draft stand: by the first time in them."""
        times = [self._figures.value(name) for name in placeholders(text) if name != "company"]
        at = next((time for time in times if isinstance(time, datetime)), None)
        return (at is None, at.isoformat() if at else "")

    def _resume(self, log: Path) -> None:
        lines = read_lines(log) if log.exists() else []
        if not lines:
            Journal(log).append(head_of(self.script, self.seed))
            return
        self._follow(lines, where=str(log))

    def _follow(self, lines: Sequence[Any], *, where: str) -> None:
        check_head(lines[0], self.script, self.seed, where=where)
        for number, text in enumerate(moves_of(lines[1:], where=where), start=1):
            try:
                turn = self._play.take(text)
            except AiirError as error:
                raise TranscriptError(f"{where}, line {number + 1}: {error}") from None
            compare(lines[number], json.loads(json.dumps(line_of(turn))), where=f"{where}, line {number + 1}")


def start_meeting(meeting: str | Path, *, seed: int = 0, log: str | Path | None = None) -> Meeting:
    """Start a simulated blameless post-mortem that you lead, or go on where its log ends.

    Parameters
    ----------
    meeting : str or Path
        ``"moderation_failure"``, or the path of a YAML file of your own (docs/meetings.md).
    seed : int, default 0
        Seed of the world: another one gives other times, figures and tickets.
    log : str or Path, optional
        Where the transcript is kept, one JSON line per move; only ever added to. If it exists, its moves are
        replayed and the meeting goes on from there. None: nothing is kept.

    Returns
    -------
    Meeting
        ``.say(text)``, ``.choose(number)``, ``.options``, ``.transcript``, ``.result()``.

    Raises
    ------
    NotFoundError
        There is no such meeting.
    RecordError
        The file of a meeting is not sound; each problem with line and field.
    TranscriptError
        The log belongs to another meeting or seed, or was changed by hand.

    Examples
    --------
    >>> meeting = start_meeting("moderation_failure", seed=7)
    >>> said = meeting.say("Welcome. The purpose today is to learn, and this is blameless.")
    >>> said.kinds
    ('open_purpose', 'restate_rules')
    """
    return Meeting(load_meeting_script(meeting), seed=seed, log=None if log is None else Path(log))


def replay_transcript(lines: Sequence[Any], *, script: MeetingScript | None = None) -> Meeting:
    """Play the moves of a transcript again, and make sure that it says what they give.

    Parameters
    ----------
    lines : list of dict
        ``meeting.transcript``, or the lines of a log.
    script : MeetingScript, optional
        The meeting; None: the course's meeting that the head names.

    Raises
    ------
    TranscriptError
        A line says something else than the replay; the message names it.
    """
    head = lines[0] if lines else None
    seed = head.get("seed") if isinstance(head, dict) else None
    if not isinstance(head, dict) or not isinstance(seed, int) or isinstance(seed, bool):
        raise TranscriptError("This is no transcript: the first line is not the head of a meeting.")
    name = str(head.get("meeting"))
    if script is None and name not in list_meetings():
        # a transcript names a meeting of the course, never a file of its own choice
        raise TranscriptError(
            f"The course has no meeting {name!r}: expected one of {', '.join(list_meetings())}."
        )
    made = Meeting(script or load_meeting_script(name), seed=seed)
    made._follow(lines, where="transcript")
    return made
