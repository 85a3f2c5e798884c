"""Beginner lesson 3: a public failure taken apart. Answers carry the id of the incident that was chosen."""

from __future__ import annotations

import math
from functools import partial
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator

from aiir_lab.catalog import load_postmortem, postmortem_ids
from aiir_lab.grade.question import Criterion, Question
from aiir_lab.grade.questions._own_report import REPORT_CRITERIA
from aiir_lab.records import Postmortem
from aiir_lab.records.actions import Strength
from aiir_lab.records.causes import Strand
from aiir_lab.records.timeline import ClockMark, EventKind

FIXED = "cloudflare-2025-11-18"

# Things that are noticed or happen; all other kinds are something that people chose to do.
_NOT_CHOSEN = (EventKind.SIGNAL, EventKind.ALERT, EventKind.DETECTION, EventKind.OTHER)

# The first message in which the organisation itself speaks to people outside about the problem: its number
# among the record's messages, several where their order is not published. This is our reading.
FIRST_OUTWARD: dict[str, tuple[int, ...]] = {
    "air-canada-chatbot": (4,),
    "anthropic-three-issues-2025": (2,),
    "aws-s3-2017-02-28": (1,),
    "aws-us-east-1-2025-10": (1,),
    "cloudflare-2025-11-18": (4,),
    "crowdstrike-channel-file-291": (2, 3),
    "cruise-oct-2023": (4, 9),
    "gemini-images-feb-2024": (2,),
    "gitlab-2017": (3,),
    "google-cloud-2025-06-12": (1, 2),
    "knight-capital-2012": (3,),
    "microsoft-tay-2016": (1,),
    "openai-chatgpt-redis-2023": (2, 3),
    "openai-gpt4o-sycophancy-2025": (2,),
    "openai-outage-2024-12-11": (2,),
    "pytorch-nightly-torchtriton-2022": (2,),
    "replit-agent-2025": (4,),
    "twitter-image-crop": (2,),
    "uber-atg-tempe-2018": (3,),
    "vision-bias-2015-2021": (2, 3),
    "xai-grok-hate-speech-2025-07": (3,),
    "xai-grok-prompt-2025-05": (3, 4),
    "zillow-offers-2021": (1, 2),
}


def _known(id: str) -> str:
    if id not in postmortem_ids():
        raise ValueError("an id of the catalogue, such as 'gitlab-2017'")
    return id


def _minutes_of(value: Any) -> Any:
    # a whole Duration, or a table cell of it, says the same
    return value.get("minutes") if isinstance(value, dict) else value


_Incident = Annotated[str, AfterValidator(_known)]
_Number = int | Literal["silent"] | None


class _Timeline(BaseModel):
    incident: _Incident
    began: _Number = None
    noticed: _Number = None
    stopped: _Number = None
    decisions: list[int] | None = None


class _Trigger(BaseModel):
    incident: _Incident
    event: _Number = None
    technical: int | None = None
    process: int | None = None
    tooling: int | None = None


class _Communication(BaseModel):
    incident: _Incident
    first_outward: int | None = None
    timed: int | None = None
    longest_silence_min: float | Literal["silent"] | None = None


class _Action(BaseModel):
    action: int | str | None = None
    factor: int | None = None
    strength: Strength | None = None


class _Actions(BaseModel):
    incident: _Incident
    first: _Action
    second: _Action


def _is_within(minutes: float) -> bool | str:
    duration = load_postmortem(FIXED).timeline.duration("time_to_detect")
    low, high = duration.low_min, duration.high_min
    if low is None or high is None:
        return f"{FIXED} bears no onset or no detection."
    if low <= minutes <= high:
        return True
    if low <= minutes / 60 <= high or low <= minutes * 60 <= high:
        return "The size fits another unit; minutes are asked for."
    if minutes < 0:
        return "Negative: start and end are swapped."
    return "Shorter than the account allows." if minutes < low else "Longer than the account allows."


def _is_exact(minutes: float) -> bool:
    expected = load_postmortem(FIXED).timeline.duration("time_to_detect").minutes
    return expected is not None and math.isclose(minutes, expected, abs_tol=0.01)


def _in_range(number: object, items: tuple[Any, ...], what: str) -> bool | str:
    if number is None:
        return "Nothing given."
    if isinstance(number, int) and not 1 <= number <= len(items):
        return f"There is no {what} {number}; they are numbered from 1 to {len(items)}."
    return True


def _bears(marks: tuple[ClockMark, ...], field: str, answer: _Timeline) -> bool | str:
    given = getattr(answer, field)
    events = load_postmortem(answer.incident).timeline.events
    problem = _in_range(given, events, "event")
    if problem is not True:
        return problem
    first = [number for number, event in enumerate(events, 1) if marks[0] in event.marks]
    close = [number for number, event in enumerate(events, 1) if set(marks) & set(event.marks)]
    if given == "silent":
        return True if not first else "The record does hold an event for this."
    return given in (first or close)


def _decisions(answer: _Timeline) -> bool | str:
    events = load_postmortem(answer.incident).timeline.events
    chosen = answer.decisions or []
    for number in chosen:
        problem = _in_range(number, events, "event")
        if problem is not True:
            return problem
        if events[number - 1].kind in _NOT_CHOSEN:
            return f"Number {number} was noticed or happened; nobody chose it."
    return len(set(chosen)) >= 2 or f"{len(set(chosen))} given; two are asked for."


def _is_trigger(answer: _Trigger) -> bool | str:
    events = load_postmortem(answer.incident).timeline.events
    problem = _in_range(answer.event, events, "event")
    if problem is not True:
        return problem
    triggers = [number for number, event in enumerate(events, 1) if event.kind is EventKind.TRIGGER]
    if answer.event == "silent":
        return True if not triggers else "One of the events is the trigger."
    if not triggers:
        return "Here the trigger was no single moment on the timeline; there is a word for that."
    return answer.event in triggers


def _is_on_strand(strand: Strand, answer: _Trigger) -> bool | str:
    factors = load_postmortem(answer.incident).contributing_factors
    number = getattr(answer, strand.value)
    problem = _in_range(number, factors, "condition")
    if problem is not True:
        return problem
    return factors[number - 1].strand is strand or f"The catalogue files condition {number} elsewhere."


def _is_first_outward(answer: _Communication) -> bool | str:
    problem = _in_range(answer.first_outward, load_postmortem(answer.incident).messages, "message")
    if problem is not True:
        return problem
    return answer.first_outward in FIRST_OUTWARD.get(answer.incident, ())


def _silence_min(incident: str) -> float | None:
    times = sorted(message.at_utc for message in load_postmortem(incident).messages if message.at_utc)
    gaps = [(later - earlier).total_seconds() / 60 for earlier, later in pairwise(times)]
    return max(gaps, default=None)


def _counts_times(answer: _Communication) -> bool | str:
    if answer.timed is None:
        return "Nothing given."
    return answer.timed == sum(m.at_utc is not None for m in load_postmortem(answer.incident).messages)


def _is_silence(answer: _Communication) -> bool | str:
    given, expected = answer.longest_silence_min, _silence_min(answer.incident)
    if given is None:
        return "Nothing given."
    if expected is None:
        return True if given == "silent" else "Fewer than two messages bear a time."
    if given == "silent":
        return "At least two messages bear a time."
    if math.isclose(float(given) * 60, expected, rel_tol=0.01):
        return "This looks like hours; minutes are asked for."
    return math.isclose(float(given), expected, rel_tol=0.005, abs_tol=1)


def _belong(answer: _Actions) -> bool | str:
    published = load_postmortem(answer.incident).action_items
    for choice in (answer.first, answer.second):
        problem = _in_range(choice.action, published, "action")
        if problem is not True:
            return problem
        if isinstance(choice.action, str) and len(published) >= 2:
            return "The account publishes at least two; choose from them by number."
        if isinstance(choice.action, str) and len(choice.action.split()) < 5:
            return "An action of your own needs a whole sentence."
    return answer.first.action != answer.second.action or "Both are the same."


def _address(answer: _Actions) -> bool | str:
    factors = load_postmortem(answer.incident).contributing_factors
    numbers = [answer.first.factor, answer.second.factor]
    for number in numbers:
        problem = _in_range(number, factors, "condition")
        if problem is not True:
            return problem
    strands = {factors[number - 1].strand for number in numbers if number}
    return len(strands) == 2 or "Both conditions lie on the same strand."


def _claims_strength(answer: _Actions) -> bool | str:
    from aiir_lab.review import review_action_item

    published = load_postmortem(answer.incident).action_items
    order = [strength.value for strength in Strength]
    for name, choice in (("first", answer.first), ("second", answer.second)):
        if choice.strength is None:
            return f"The {name} one has no strength."
        if _in_range(choice.action, published, "action") is not True:
            continue  # the first criterion says so
        text = published[choice.action - 1].description if isinstance(choice.action, int) else choice.action
        read = review_action_item(str(text)).strength
        # strength is a judgement: one step apart is an opinion, two are a misreading
        if abs(order.index(read) - order.index(choice.strength.value)) > 1:
            return f"The {name} one reads like the other end of the scale."
    return True


def _one_is_strong(answer: _Actions) -> bool | str:
    given = {answer.first.strength, answer.second.strength} - {None}
    return bool(given - {Strength.WEAKER}) or "Both ask people to take more care."


QUESTIONS = (
    Question(
        id="b03-time-to-detect",
        title="Time to detect",
        shape=Annotated[float, BeforeValidator(_minutes_of)],
        expected="a number of minutes, such as 12 or 12.0",
        criteria=(
            Criterion(
                "It lies within what the two published times allow",
                _is_within,
                "From onset (harm began), to detected (a responder, not a test, was on it).",
            ),
            Criterion(
                "It is the difference between the two times",
                _is_exact,
                "Take the events that bear the marks onset and detected; both are known to the minute.",
            ),
        ),
    ),
    Question(
        id="b03-timeline",
        title="The timeline and its decisions",
        shape=_Timeline,
        expected="a dict with incident, began, noticed, stopped (event numbers or 'silent') and decisions",
        criteria=(
            Criterion(
                "When harm began, or that the account is silent",
                partial(_bears, (ClockMark.ONSET,), "began"),
                "The first effect on anybody outside, if the account dates it.",
            ),
            Criterion(
                "When it was noticed, or that the account is silent",
                partial(_bears, (ClockMark.DETECTED, ClockMark.ACKNOWLEDGED), "noticed"),
                "Somebody recognised the problem for what it was. A rule that fires is an alert.",
            ),
            Criterion(
                "When the harm stopped, or that the account is silent",
                partial(_bears, (ClockMark.MITIGATED, ClockMark.RESOLVED), "stopped"),
                "The last step of the repair after which the main harm was over, not the first attempt.",
            ),
            Criterion(
                "Two key decisions",
                _decisions,
                "Look for verbs of people who could have done otherwise: stop, announce, roll back, wait.",
                2.0,
            ),
        ),
    ),
    Question(
        id="b03-trigger",
        title="Trigger and conditions",
        shape=_Trigger,
        expected="a dict with incident, event (a number or 'silent'), technical, process, tooling (numbers)",
        criteria=(
            Criterion(
                "The event that set it off",
                _is_trigger,
                "The last thing before harm began; without it, nothing would have happened that day.",
            ),
            Criterion(
                "A technical condition",
                partial(_is_on_strand, Strand.TECHNICAL),
                "It lives in model, data, code or infrastructure.",
            ),
            Criterion(
                "A condition in the process",
                partial(_is_on_strand, Strand.PROCESS),
                "It lives in how people work together: reviews, tests before release, agreements, handovers.",
            ),
            Criterion(
                "A condition in the tooling",
                partial(_is_on_strand, Strand.TOOLING),
                "It lives in what people had at hand to see, stop or undo something.",
            ),
        ),
    ),
    Question(
        id="b03-communication",
        title="Who told whom",
        shape=_Communication,
        expected="a dict with incident, first_outward, timed (numbers), longest_silence_min (or 'silent')",
        criteria=(
            Criterion(
                "The first message in which the organisation speaks to people outside about the problem",
                _is_first_outward,
                "Not by users, outsiders or a machine; not inside; not before anybody saw a problem.",
                2.0,
            ),
            Criterion(
                "How many messages bear an exact time",
                _counts_times,
                "Count what is not missing in the column at_utc.",
            ),
            Criterion(
                "The longest silence between two timed messages",
                _is_silence,
                "Sort the times, take the differences, take the largest one; minutes.",
            ),
        ),
    ),
    Question(
        id="b03-actions",
        title="Two corrective actions",
        shape=_Actions,
        expected="a dict with incident, and first and second, each a dict with action, factor, strength",
        criteria=(
            Criterion(
                "Two different actions of this incident",
                _belong,
                "Use their numbers. Where fewer than two were published, add one in your own words.",
            ),
            Criterion(
                "They address conditions on two different strands",
                _address,
                "Give the number of the condition that each one changes; two strands, not one.",
                2.0,
            ),
            Criterion(
                "Each has a strength that its words bear out",
                _claims_strength,
                "Stronger works without anybody remembering it; weaker asks people to remember.",
            ),
            Criterion(
                "At least one is more than weaker",
                _one_is_strong,
                "Which one would still work on a tired night, in two years?",
            ),
        ),
    ),
    Question(
        id="b03-report",
        title="Your one-page report",
        shape=Postmortem,
        expected="a lab.Postmortem(...)",
        criteria=REPORT_CRITERIA,
    ),
)
