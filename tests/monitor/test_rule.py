"""From what a monitor says at each step to what somebody gets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from aiir_lab.monitor import Alarm, AlertRule
from aiir_lab.monitor.rule import apply_rule
from aiir_lab.records.errors import AiirError

START = datetime(2026, 3, 2, tzinfo=UTC)


def raised_at(rule: AlertRule, said: str, *, hours: int = 6, alarm: Alarm | None = None) -> list[int]:
    """Steps at which an alarm is raised, for a condition that is there (x) or not (.)."""
    times = [START + timedelta(hours=hours * place) for place in range(len(said))]
    steps = [
        (now, [alarm or Alarm()] if letter == "x" else []) for now, letter in zip(times, said, strict=True)
    ]
    return [times.index(one.at_utc) for one in apply_rule(rule, steps)]


def test_at_once_and_again_after_the_cooldown():
    assert raised_at(AlertRule(cooldown_hours=24), "..xxxxxxx..") == [2, 6]
    assert raised_at(AlertRule(cooldown_hours=0), ".xx.x") == [1, 2, 4]


def test_a_condition_must_hold_without_a_break():
    rule = AlertRule(for_hours=12, cooldown_hours=100)
    assert raised_at(rule, "x.xx.xx.xxx") == [10]
    assert raised_at(rule, "xx.xx.xx") == []


def test_a_cooldown_does_not_start_anew_when_the_condition_blinks():
    assert raised_at(AlertRule(cooldown_hours=24), "x.x.x.x") == [0, 4]


def test_each_slice_counts_for_itself():
    steps = [
        (START + timedelta(hours=6 * place), [Alarm(where=name) for name in names])
        for place, names in enumerate(("a", "ab", "b"))
    ]
    said = [(one.at_utc, one.where) for one in apply_rule(AlertRule(cooldown_hours=24), steps)]
    assert said == [(START, "a"), (START + timedelta(hours=6), "b")]


@pytest.mark.parametrize(("value", "fires"), [(3.9, False), (4.0, True), (float("nan"), False)])
def test_a_threshold_drops_what_is_below(value, fires):
    assert bool(raised_at(AlertRule(threshold=4.0), "x", alarm=Alarm(value=value))) == fires


def test_out_of_range_is_named():
    with pytest.raises(AiirError, match="cooldown_hours=-1"):
        AlertRule(cooldown_hours=-1)
