"""The timeline of a session: what was planted, what arrived, what was done, with the clock marks."""

from __future__ import annotations

from collections.abc import Iterator

from aiir_lab.records.communication import Stage
from aiir_lab.records.timeline import ClockMark, Confidence, EventKind, Timeline, TimelineEvent
from aiir_lab.tabletop.case import Case
from aiir_lab.tabletop.state import State, Taken

_Event = tuple[float, EventKind, str, str]


def tell_timeline(state: State, case: Case, contained: Taken | None) -> Timeline:
    """Timed facts in order, with onset, alerted, detected, acknowledged, mitigated and resolved marked.

    Mitigated is when the decision that contained the spread began to work; resolved is the update that said
    so, and only where a decision had contained it by then.
    """
    onset = TimelineEvent(
        at_utc=case.onset_utc,
        text="The incident begins in the world. Nobody could know it then.",
        kind=EventKind.TRIGGER,
        marks=(ClockMark.ONSET,),
        actor="world",
        confidence=Confidence.DERIVED,
    )
    told = sorted(_events(state), key=lambda event: event[0])
    marks = _marks(state, told, contained)
    events = [
        TimelineEvent(at_utc=case.at(at), text=text, kind=kind, actor=actor, marks=marks.get(number, ()))
        for number, (at, kind, actor, text) in enumerate(told)
    ]
    return Timeline(events=(onset, *events))


def _events(state: State) -> Iterator[_Event]:
    for letter in state.inbox:
        if letter.is_alert:
            text = f"{letter.sender}: {_short(letter.text)}"
            yield letter.at_min, EventKind.ALERT, letter.sender, text
        else:
            # the log has the words; a timeline needs to know that something came, and from whom
            text = f"Message from {letter.sender.replace('_', ' ')} ({letter.channel}): {letter.id}."
            yield letter.at_min, EventKind.SIGNAL, letter.sender, text
    for name, at in state.acknowledged.items():
        yield at, EventKind.DETECTION, "players", f"Taken on: {name}, by on-call."
    for declared in state.severities:
        reason = f" {declared.rationale}" if declared.rationale else ""
        yield declared.at_min, EventKind.DECISION, "players", f"{declared.severity} declared.{reason}"
    for told in state.told:
        yield told.at_min, EventKind.ESCALATION, told.by.value, f"Told: {told.role.value.replace('_', ' ')}."
    for look in state.looks:
        verb = "Kept as evidence" if look.is_kept else "Looked at"
        yield look.at_min, EventKind.OTHER, "players", f"{verb}: {look.name} ({look.rows} rows)."
    for taken in state.decisions:
        reason = f" Reason: {taken.rationale}" if taken.rationale else ""
        name = taken.name.replace("_", " ")
        yield taken.at_min, EventKind.DECISION, taken.role.value, f"Decided: {name}.{reason}"
        yield taken.works_min, EventKind.MITIGATION, "world", f"In effect: {name}."
    for update in state.updates:
        text = f"Status update ({update.stage}): {_short(update.text)}"
        yield update.at_min, EventKind.COMMUNICATION, "players", text
    for said in state.said:
        yield said.at_min, EventKind.COMMUNICATION, said.by.value, f"To {said.to}: {_short(said.text)}"
    for choice in state.legal:
        text = f"Legal clock {choice.name}: {choice.answer.replace('_', ' ')}. {choice.rationale}".strip()
        yield choice.at_min, EventKind.DECISION, "players", text


def _marks(state: State, told: list[_Event], contained: Taken | None) -> dict[int, tuple[ClockMark, ...]]:
    found: dict[int, tuple[ClockMark, ...]] = {}

    def mark(number: int | None, *marks: ClockMark) -> None:
        if number is not None:
            found[number] = (*found.get(number, ()), *marks)

    def first(*kinds: EventKind, text: str = "", since: float = 0.0) -> int | None:
        return next(
            (n for n, e in enumerate(told) if e[1] in kinds and e[3].startswith(text) and e[0] >= since), None
        )

    mark(first(EventKind.ALERT), ClockMark.ALERTED)
    detected = state.detected_min
    if detected is not None:
        seen = next(n for n, e in enumerate(told) if e[0] == detected and e[2] == "players")
        mark(seen, ClockMark.DETECTED, ClockMark.ACKNOWLEDGED)
    if contained is not None:
        mark(
            first(EventKind.MITIGATION, text=f"In effect: {contained.name.replace('_', ' ')}"),
            ClockMark.MITIGATED,
        )
        resolved = f"Status update ({Stage.RESOLVED.value})"
        mark(first(EventKind.COMMUNICATION, text=resolved, since=contained.works_min), ClockMark.RESOLVED)
    return found


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 240 else text[:237] + "..."
