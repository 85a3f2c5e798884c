"""Beginner lesson 2: the anatomy of a post-mortem.

What is right is computed from the catalogue; only the ten sentences of the first question are written down.
"""

from __future__ import annotations

import math
from functools import cache, partial
from statistics import mean, median
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator

from aiir_lab.catalog import load_postmortem, postmortem_ids
from aiir_lab.grade.question import Criterion, Question
from aiir_lab.records import AiDetails
from aiir_lab.records.timeline import DURATIONS, Duration

OPENED = "google-cloud-2025-06-12"
DATED = "openai-gpt4o-sycophancy-2025"
STARTS = ("17:45", "17:49", "17:51")
ENDS = ("20:49", "01:18")
"""The starts and ends that the report on the opened incident gives, in UTC; see its contradictions."""

PARTS = {
    "a": ("trigger", "It is the last thing that happened before harm began."),
    "b": ("contributing_factors", "It was true long before that day, and it made the incident possible."),
    "c": ("impact", "It is a measured consequence."),
    "d": ("detection", "It says how somebody came to know."),
    "e": ("resolution", "It says what ended it, for now and for good."),
    "f": ("messages", "Somebody told somebody else something, through a channel."),
    "g": ("action_items", "It has an owner and a date, and it lies in the future."),
    "h": ("got_lucky", "It helped, and nobody had planned it."),
    "i": ("gaps", "It says what is not known."),
    "j": ("ai", "Only a system with a model has this."),
}

_OTHER_PARTS = {"summary", "timeline", "went_well", "went_badly", "contradictions"}


def _none_if_nan(value: Any) -> Any:
    return None if value != value or value == "nan" else value


_Minutes = Annotated[float | None, BeforeValidator(_none_if_nan)]


class _Span(BaseModel):
    shortest: float | None = None
    longest: float | None = None


class _Averages(BaseModel):
    mean_clock: float | None = None
    median_clock: float | None = None
    mean_all: float | None = None
    median_all: float | None = None


class _Pair(BaseModel):
    worse: str | None = None
    longer: str | None = None


class _Bounds(BaseModel):
    low_hours: float | None = None
    high_hours: float | None = None
    bounds_only: list[str] | None = None


class _AiFields(BaseModel):
    rare: list[str] | None = None
    never: str | None = None


@cache
def durations(name: str) -> dict[str, Duration]:
    """One duration of every incident in the catalogue, by the id of the incident."""
    return {id: load_postmortem(id).timeline.duration(name) for id in postmortem_ids()}


def clock_minutes(name: str) -> list[float]:
    """Minutes between two clock times, where an incident gives both."""
    return [
        d.minutes for d in durations(name).values() if d.minutes is not None and d.precision.is_clock_time
    ]


def all_minutes(name: str) -> list[float]:
    """The same, and the minutes between two calendar days."""
    return [d.minutes for d in durations(name).values() if d.minutes is not None]


@cache
def ai_field_counts() -> dict[str, int]:
    """In how many records each AI field says something."""
    filled = [details.to_dict() for id in postmortem_ids() if (details := load_postmortem(id).ai)]
    return {name: sum(name in fields for fields in filled) for name in AiDetails.model_fields}


def _is_part(letter: str, answer: dict[str, str | None]) -> bool | str:
    given = answer.get(letter)
    if given is None or not given.strip():
        return "Nothing given."
    part = given.strip().lower().replace(" ", "_")
    known = {name for name, _ in PARTS.values()} | _OTHER_PARTS
    return part == PARTS[letter][0] if part in known else f"There is no part {given!r}; see the table."


def _is_duration(name: str, answer: dict[str, float | None]) -> bool | str:
    if name not in answer:
        return f"There is no entry {name!r}."
    duration = durations(name)[OPENED]
    given = answer[name]
    if duration.minutes is None:
        return True if given is None else f"A number, but the account gives no time of {duration.missing[0]}."
    if given is None:
        return "None, but the account gives both marks."
    if math.isclose(given, duration.minutes, abs_tol=0.51):
        return True
    if math.isclose(given * 60, duration.minutes, rel_tol=0.01):
        return "This looks like hours; minutes are asked for."
    return "Negative: start and end are swapped." if given < 0 else False


def _spans() -> list[float]:
    minutes = [[int(h) * 60 + int(m) for h, m in (t.split(":") for t in times)] for times in (STARTS, ENDS)]
    return [(end - start) % (24 * 60) for start in minutes[0] for end in minutes[1]]


def _is_span(choose: Any, field: str, answer: _Span) -> bool | str:
    given = getattr(answer, field)
    if given is None:
        return "Nothing given."
    if abs(given - choose(_spans())) <= 0.5:
        return True
    if given in _spans():
        return "The report supports this one, but it is not the extreme."
    return False


def _counts(name: str, answer: dict[str, int]) -> bool | str:
    if name not in answer:
        return f"There is no entry {name!r}."
    if answer[name] == len(all_minutes(name)) != len(clock_minutes(name)):
        return "Pairs of calendar days are counted too."
    return answer[name] == len(clock_minutes(name))


def _is_average(field: str, answer: _Averages) -> bool | str:
    given = getattr(answer, field)
    if given is None:
        return "Nothing given."
    kind, scope = field.split("_")
    values = (clock_minutes if scope == "clock" else all_minutes)("time_to_mitigate")
    if math.isclose(given, (mean if kind == "mean" else median)(values), rel_tol=0.01):
        return True
    if math.isclose(given, (median if kind == "mean" else mean)(values), rel_tol=0.01):
        return "Mean and median are swapped."
    return False


def _both(answer: _Pair) -> tuple[str, str]:
    for id in (answer.worse, answer.longer):
        if id not in postmortem_ids():
            raise ValueError(f"the catalogue holds no incident {id!r}")
    return str(answer.worse), str(answer.longer)


def _is_worse(answer: _Pair) -> bool | str:
    worse, longer = (load_postmortem(id) for id in _both(answer))
    if worse.severity is None or longer.severity is None:
        return False
    # SEV1 is the worst, so the worse one comes first in the alphabet
    return worse.severity.value < longer.severity.value or f"{worse.severity} against {longer.severity}."


def _is_surely_shorter(answer: _Pair) -> bool | str:
    worse, longer = (durations("time_to_mitigate")[id] for id in _both(answer))
    if worse.high_min is None or longer.low_min is None:
        return "One of the two accounts gives no bounds."
    return worse.high_min < longer.low_min or "Their bounds overlap, or the order is the other way round."


def _is_bound(field: str, answer: _Bounds) -> bool | str:
    given = getattr(answer, field)
    if given is None:
        return "Nothing given."
    duration = durations("time_to_detect")[DATED]
    minutes = duration.low_min if field == "low_hours" else duration.high_min
    if minutes is not None and math.isclose(given, minutes, rel_tol=0.01):
        return "This looks like minutes; hours are asked for."
    return minutes is not None and math.isclose(given, minutes / 60, abs_tol=0.51)


def _bounds_only() -> set[str]:
    found = durations("time_to_detect").items()
    return {id for id, d in found if d.minutes is None and d.low_min is not None}


def _sets(expected: set[str], given: list[str] | None, *, extra: bool) -> bool | str:
    chosen = set(given or ())
    if not chosen:
        return "Nothing given."
    wrong = len(chosen - expected) if extra else len(expected - chosen)
    return wrong == 0 or f"{wrong} too many." if extra else wrong == 0 or f"{wrong} missing."


def _rare() -> set[str]:
    return {name for name, count in ai_field_counts().items() if count < len(postmortem_ids()) / 2}


def _is_never(answer: _AiFields) -> bool:
    return ai_field_counts().get(str(answer.never)) == 0


_NAMED = {name: name.replace("_", " ") for name in DURATIONS}

QUESTIONS = (
    Question(
        id="b02-parts",
        title="The parts of a post-mortem",
        shape=dict[str, str | None],
        expected='a dict from letter to part, such as {"a": "summary"}',
        criteria=tuple(
            Criterion(f"Statement {letter}", partial(_is_part, letter), hint, 0.5)
            for letter, (_, hint) in PARTS.items()
        ),
    ),
    Question(
        id="b02-durations",
        title="Four durations of one incident",
        shape=dict[str, _Minutes],
        expected='a dict from duration to minutes or None, such as {"time_to_detect": 12.0}',
        criteria=tuple(
            Criterion(
                f"{_NAMED[name].capitalize()} (from {pair[0]} to {pair[1]})",
                partial(_is_duration, name),
                "Find the rows that bear its two marks. Where one is missing, the honest answer is None.",
            )
            for name, pair in DURATIONS.items()
        ),
    ),
    Question(
        id="b02-one-report",
        title="How long was it, by one and the same report",
        shape=_Span,
        expected='a dict with minutes for both, such as {"shortest": 10, "longest": 20}',
        criteria=(
            Criterion(
                "The shortest duration that the report supports",
                partial(_is_span, min, "shortest"),
                "The latest start and the earliest end. 00:00 PDT is 07:00 UTC.",
            ),
            Criterion(
                "The longest",
                partial(_is_span, max, "longest"),
                "The earliest start and the latest end. The banner's end is after midnight in UTC.",
            ),
        ),
    ),
    Question(
        id="b02-clock-times",
        title="How many incidents give minutes at all",
        shape=dict[str, int],
        expected='a dict from duration to a whole number, such as {"time_to_detect": 3}',
        criteria=tuple(
            Criterion(
                f"Incidents with a {_NAMED[name]} between two clock times",
                partial(_counts, name),
                "Keep rows that have minutes and whose precision is second, minute or hour; then count.",
            )
            for name in DURATIONS
        ),
    ),
    Question(
        id="b02-mean",
        title="Mean and median",
        shape=_Averages,
        expected="a dict with the keys mean_clock, median_clock, mean_all, median_all, in minutes",
        criteria=tuple(
            Criterion(text, partial(_is_average, field), hint)
            for field, text, hint in (
                ("mean_clock", "The mean between clock times", "Only the rows of the mask."),
                ("median_clock", "The median between clock times", "The same rows, another method."),
                ("mean_all", "The mean with the dated incidents", "All rows that have minutes."),
                ("median_all", "The median with the dated incidents", "All rows that have minutes."),
            )
        ),
    ),
    Question(
        id="b02-severity",
        title="Worse, and yet shorter",
        shape=_Pair,
        expected='a dict with two ids of the catalogue, {"worse": "...", "longer": "..."}',
        criteria=(
            Criterion("The first has the worse severity", _is_worse, "SEV1 is the worst level."),
            Criterion(
                "Its time to mitigate is surely shorter, also at the edge of the bounds",
                _is_surely_shorter,
                "Compare high_min of the one with low_min of the other.",
                2.0,
            ),
        ),
    ),
    Question(
        id="b02-bounds",
        title="What a date can bear",
        shape=_Bounds,
        expected="a dict with the keys low_hours, high_hours (numbers) and bounds_only (a list of ids)",
        criteria=(
            Criterion(
                "The fewest hours that the two dates allow",
                partial(_is_bound, "low_hours"),
                "low_min of this incident's row, in hours.",
            ),
            Criterion(
                "The most hours that they allow",
                partial(_is_bound, "high_hours"),
                "high_min of this incident's row, in hours.",
            ),
            Criterion(
                "Every incident that allows only bounds is listed",
                lambda answer: _sets(_bounds_only(), answer.bounds_only, extra=False),
                "Their minutes are missing, their low_min is not.",
            ),
            Criterion(
                "No other incident is listed",
                lambda answer: _sets(_bounds_only(), answer.bounds_only, extra=True),
                "An incident with minutes, or one that is silent about a mark, does not belong here.",
            ),
        ),
    ),
    Question(
        id="b02-ai-fields",
        title="What accounts of AI incidents do not say about the AI",
        shape=_AiFields,
        expected="a dict with the keys rare (a list of field names) and never (one field name)",
        criteria=(
            Criterion(
                "Every field that fewer than half of the accounts fill is listed",
                lambda answer: _sets(_rare(), answer.rare, extra=False),
                "Count what is not missing in each column, and compare with half the number of rows.",
                2.0,
            ),
            Criterion(
                "No other field is listed",
                lambda answer: _sets(_rare(), answer.rare, extra=True),
                "Fields of at least half of the accounts do not belong here.",
            ),
            Criterion("The field that nobody fills", _is_never, "Its count is zero."),
        ),
    ),
)  # fmt: skip
