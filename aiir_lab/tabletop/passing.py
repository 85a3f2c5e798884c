"""Time passes on the exercise clock: injects, rows of the living world and answers reach the inbox."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from aiir_lab.tabletop.case import Case, plan_of
from aiir_lab.tabletop.duties import escalations_due, update_due
from aiir_lab.tabletop.exercise import Feed
from aiir_lab.tabletop.judging import GRID_MIN, holds
from aiir_lab.tabletop.state import Letter, State
from aiir_lab.tabletop.wording import fill

FIGURES_EVERY_MIN = 60.0  # a table is cut for each look, so conditions on figures are judged once an hour


def pass_time(state: State, minutes: float, case: Case) -> State:
    """Move the clock, at most to the end of the exercise, and deliver what arrives on the way."""
    start, end = state.minute, min(state.minute + minutes, case.exercise.minutes)
    return _deliver(state, start, end, case)


def open_inbox(state: State, case: Case) -> State:
    """The state at minute 0: what is there when the players sit down."""
    return _deliver(state, -GRID_MIN, 0.0, case)


def _deliver(state: State, start: float, end: float, case: Case) -> State:
    rows = sorted(_rows(state, start, end, case), key=lambda letter: (letter.at_min, letter.id))
    for stop in _stops(start, end):
        due = [letter for letter in state.expected if letter.at_min <= stop]
        arriving = due + [letter for letter in rows if letter.at_min <= stop]
        rows = [letter for letter in rows if letter.at_min > stop]
        timed = [
            inject
            for inject in case.facilitation.event_list
            if inject.at_min is not None
            and inject.at_min <= stop
            and inject.id not in state.fired
            and case.difficulty in inject.levels
        ]
        fired = dict(state.fired)
        for inject in timed:
            at = max(inject.at_min or 0.0, 0.0)
            fired[inject.id] = at
            arriving.append(
                Letter(
                    inject.id,
                    at,
                    inject.sender,
                    inject.channel,
                    inject.text,
                    inject.is_alert,
                    inject.needs_reply,
                )
            )
        arriving.sort(key=lambda letter: (letter.at_min, letter.id))
        written = tuple(_write(letter, state, case) for letter in arriving)
        state = replace(
            state,
            minute=max(stop, 0.0),
            inbox=state.inbox + written,
            fired=fired,
            expected=tuple(letter for letter in state.expected if letter.at_min > stop),
        )
        if stop % GRID_MIN == 0:
            state = _fire_conditions(state, stop, case)
            state = _remind(state, stop, case)
    return state


def _stops(start: float, end: float) -> Iterator[float]:
    """Every point of the grid after the start, then the end."""
    first = math.floor(start / GRID_MIN) + 1
    for step in range(first, math.floor(end / GRID_MIN) + 1):
        yield GRID_MIN * step
    if end % GRID_MIN:
        yield end


def _fire_conditions(state: State, minute: float, case: Case) -> State:
    for inject in case.facilitation.event_list:
        if inject.when is None or inject.id in state.fired or case.difficulty not in inject.levels:
            continue
        if inject.when.figure and minute % FIGURES_EVERY_MIN:
            continue
        if holds(inject.when, state, case, minute):
            letter = Letter(
                inject.id,
                minute,
                inject.sender,
                inject.channel,
                inject.text,
                inject.is_alert,
                inject.needs_reply,
            )
            state = replace(
                state,
                inbox=(*state.inbox, _write(letter, state, case)),
                fired={**state.fired, inject.id: minute},
            )
    return state


def _remind(state: State, minute: float, case: Case) -> State:
    """The scribe notices what is overdue, once each; on the hard level nobody does."""
    if case.difficulty == "hard" or state.severity is None:
        return state
    notices = []
    due = update_due(state, case.matrix)
    if due is not None and due < minute:
        text = f"A status update was due at minute {due:g}; it is minute {minute:g} and none has gone out."
        notices.append((f"scribe-update-{due:g}", text))
    for item in escalations_due(state, case.matrix):
        if item.told_min is None and item.due_min < minute:
            role, fallback = item.role.value.replace("_", " "), item.fallback.value.replace("_", " ")
            text = (
                f"By the matrix, {role} had to hear of it by minute {item.due_min:g} (fallback: {fallback})."
            )
            notices.append((f"scribe-escalation-{item.role.value}", text))
    known = {letter.id for letter in state.inbox}
    new = tuple(
        Letter(name, minute, "scribe", "incident channel", text)
        for name, text in notices
        if name not in known
    )
    return replace(state, inbox=state.inbox + new) if new else state


def _rows(state: State, start: float, end: float, case: Case) -> Iterator[Letter]:
    """Rows of the world's tables that appear in the time: the world as the decisions have made it."""
    if start < 0 or end <= start:
        return
    for feed in case.exercise.feeds:
        yield from _rows_of(feed, state, start, end, case)


def _rows_of(feed: Feed, state: State, start: float, end: float, case: Case) -> Iterator[Letter]:
    column = case.visible_from(feed.table)
    frame = case.look(plan_of(state), end)[feed.table]
    day = timedelta(days=1)
    frame = frame.loc[frame[column] > case.at(start) - day]
    for name, value in feed.where.items():
        frame = frame.loc[frame[name] == value]
    # the first few of each day, whatever steps the clock is moved in
    frame = frame.assign(_rank=frame.groupby(frame[column].dt.floor("D")).cumcount())
    fresh = frame.loc[(frame[column] > case.at(start)) & (frame["_rank"] < feed.at_most_per_day)]
    key = next(iter(frame.columns))
    for row in fresh.to_dict("records"):
        minute = (row[column].to_pydatetime() - case.started_utc).total_seconds() / 60
        text = fill(feed.text, lambda name, row=row: row[name])  # type: ignore[misc]
        yield Letter(f"{feed.table}-{row[key]}", round(minute, 2), feed.sender, feed.channel, text)


def _write(letter: Letter, state: State, case: Case) -> Letter:
    """Fill a text with the figures of the minute at which it arrives."""
    if "{" not in letter.text:
        return letter
    return replace(letter, text=fill(letter.text, lambda name: _value(name, state, letter.at_min, case)))


def _value(name: str, state: State, minute: float, case: Case) -> str:
    now = case.at(minute)
    if name in case.exercise.figures:
        return case.say_figure(name, plan_of(state), minute)
    last = state.updates[-1].at_min if state.updates else 0.0
    return {
        "company": case.company,
        "clock": f"{now:%H:%M} UTC",
        "today": f"{now:%Y-%m-%d}",
        "weekday": f"{now:%A}",
        "severity": state.severity.value if state.severity else "no severity yet",
        "minutes_since_update": f"{minute - last:.0f}",
    }.get(name, "{" + name + "}")  # braces in a row of the world are no figure of ours
