"""What a reader needs first of a post-mortem, chosen and worded once for page and slides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from aiir_lab.records.actions import ActionItem, Strength
from aiir_lab.records.errors import AiirError
from aiir_lab.records.postmortem import Postmortem
from aiir_lab.records.severity import Severity
from aiir_lab.records.timeline import Duration, EventKind, Timeline
from aiir_lab.view.timescale import say_span

# The kinds that carry the story when only a few events fit; those with a clock mark come before all others.
_STORY = (
    EventKind.TRIGGER,
    EventKind.DETECTION,
    EventKind.MITIGATION,
    EventKind.RESOLUTION,
    EventKind.ALERT,
    EventKind.ESCALATION,
    EventKind.COMMUNICATION,
    EventKind.DECISION,
    EventKind.SIGNAL,
    EventKind.FOLLOWUP,
    EventKind.OTHER,
)
_STRENGTHS = (Strength.STRONGER, Strength.INTERMEDIATE, Strength.WEAKER, None)

# Severity is written with a symbol as well, the same as in the figures.
SEVERITY_SIGNS = {Severity.SEV1: "◆", Severity.SEV2: "■", Severity.SEV3: "●", Severity.SEV4: "▲"}


@dataclass(frozen=True)
class Measure:
    """One duration as a reader meets it."""

    name: str
    pair: str
    value: str
    note: str


def measures_of(timeline: Timeline) -> list[Measure]:
    """The four durations in words; a silent source is said to be silent."""
    return [_measure(duration) for duration in timeline.metrics().values()]


def _measure(duration: Duration) -> Measure:
    name = duration.name.replace("_", " ").capitalize()
    pair = duration.pair.replace("->", "→")
    if duration.missing or duration.low_min is None or duration.high_min is None:
        return Measure(name, pair, "not given", f"no time of {' or '.join(duration.missing)}")
    low, high = (say_span(timedelta(minutes=max(end, 0))) for end in (duration.low_min, duration.high_min))
    precision = f"known to the {duration.precision.value}"
    if duration.minutes is None:
        return Measure(name, pair, f"{low} to {high}", precision)
    if duration.minutes < 1:
        return Measure(name, pair, f"up to {high}", precision)
    exact = say_span(timedelta(minutes=duration.minutes))
    return Measure(name, pair, exact, precision if low == high else f"{low} to {high}")


def key_events(timeline: Timeline, *, limit: int = 8) -> list[int]:
    """Numbers (from 1) of the events that tell the story: those with clock marks first, then by kind."""
    ranked = sorted(
        range(len(timeline.events)),
        key=lambda place: (
            timeline.events[place].at_utc is None,
            not timeline.events[place].marks,
            _STORY.index(timeline.events[place].kind),
            place,
        ),
    )
    return sorted(place + 1 for place in ranked[:limit])


def top_actions(pm: Postmortem, chosen: tuple[int, ...] | list[int] | None = None) -> list[ActionItem]:
    """Two corrective actions: the chosen ones (numbers from 1), or else the strongest, in their order.

    Raises
    ------
    AiirError
        A number names no action item.
    """
    if chosen is not None:
        wrong = [number for number in chosen if not 1 <= number <= len(pm.action_items)]
        if wrong:
            raise AiirError(
                f"{pm.id} has {len(pm.action_items)} action items, numbered from 1; "
                f"there is no number {wrong[0]}. "
                "Give the numbers of those that mattered most, such as actions=(1, 3)."
            )
        return [pm.action_items[number - 1] for number in chosen]
    return sorted(pm.action_items, key=lambda item: _STRENGTHS.index(item.strength))[:2]


def trigger_of(pm: Postmortem) -> str | None:
    """The trigger as written, or else the first timeline event of that kind."""
    if pm.trigger:
        return pm.trigger
    return next((event.text for event in pm.timeline.events if event.kind is EventKind.TRIGGER), None)


def default_questions(pm: Postmortem) -> list[str]:
    """Questions for the audience: two that always help, and what the account leaves out."""
    questions = [
        "Which of the two actions would have made this incident smaller, and how would you show it?",
        "What would have let the responders see it sooner?",
    ]
    return questions + [f"The account leaves this open: {gap}" for gap in pm.gaps[:2]]
