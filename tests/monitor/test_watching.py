"""A learner's own function: what it sees, what it may answer, and what it is told when it breaks."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from aiir_lab.monitor import Alarm, AlertRule, alarm_frame, watch
from aiir_lab.records.errors import AiirError
from aiir_lab.simulate import Looks, simulate

pytestmark = pytest.mark.xdist_group("monitor")


@pytest.fixture(scope="module")
def run():
    return simulate("moderation_failure", seed=4, size="sample")


def test_what_it_sees_is_what_was_visible_then(run):
    middle = run.started_utc + (run.ended_utc - run.started_utc) / 2
    looks = Looks(run)
    for until in (run.started_utc, middle, run.ended_utc):
        seen, look = run.observe(until=until), looks.at(until)
        assert list(look) == list(seen)
        for name, frame in seen.items():
            pd.testing.assert_frame_equal(look[name], frame)


def test_no_row_of_the_future_and_no_trace_of_a_vandal(run):
    def vandal(tables, now):
        outputs = tables["outputs"]
        assert (outputs["generated_utc"] <= now).all()
        outputs.loc[:, "topic"] = "mine"
        outputs["new"] = 1
        return "new" in tables["decisions"]

    before = run.digest()
    assert watch(vandal, run, every_hours=72) == []
    assert run.digest() == before
    assert "mine" not in set(run.observe()["outputs"]["topic"])


@pytest.mark.parametrize("answer", [True, np.True_, Alarm("look"), [Alarm("a", where="a")]])
def test_answers_that_are_alarms(run, answer):
    alarms = watch(lambda tables, now: answer, run, every_hours=24 * 7)
    assert [a.at_utc for a in alarms] == [run.started_utc + timedelta(days=7 * k) for k in (1, 2, 3)]
    frame = alarm_frame(alarms)
    assert str(frame["at_utc"].dtype) == "datetime64[us, UTC]"
    assert len(frame) == 3


@pytest.mark.parametrize("answer", [False, np.False_, [], ()])
def test_answers_that_are_none(run, answer):
    assert watch(lambda tables, now: answer, run, every_hours=24 * 7) == []


def test_none_is_named_with_the_monitor_and_the_time(run):
    def forgets_to_return(tables, now):
        len(tables["outputs"]) > 10  # noqa: B015

    when = f"{run.started_utc + timedelta(days=7):%Y-%m-%d %H:%M} UTC"
    with pytest.raises(AiirError, match=f"'forgets_to_return' at {when} .*seed 4.* returned None.*return"):
        watch(forgets_to_return, run, every_hours=24 * 7)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (0.7, "the number 0.7.*threshold"),
        ("yes", "'yes'"),
        (pd.Series([True]), "Series"),
        ([True, Alarm()], "list"),
    ],
)
def test_wrong_answers_are_told_apart(run, answer, told):
    with pytest.raises(AiirError, match=told):
        watch(lambda tables, now: answer, run, every_hours=24 * 7)


def test_a_crash_names_the_monitor_the_time_and_what_went_wrong(run):
    def crashes_in_week_two(tables, now):
        return now > run.started_utc + timedelta(days=8) and tables["outputz"].empty

    when = f"{run.started_utc + timedelta(days=14):%Y-%m-%d}"
    with pytest.raises(AiirError, match=f"'crashes_in_week_two' broke at {when}.*outputz.*Did you mean"):
        watch(crashes_in_week_two, run, every_hours=24 * 7)


def test_one_that_is_too_slow_is_stopped_and_named(run):
    with pytest.raises(AiirError, match="'<lambda>' is too slow: 1 of 3 steps"):
        watch(lambda tables, now: False, run, every_hours=24 * 7, limit_s=0.0)


def test_memory_does_not_leak_from_one_run_to_the_next(run):
    class Counts:
        name = "counts"

        def __init__(self):
            self.steps = 0

        def __call__(self, tables, now):
            self.steps += 1
            return self.steps == 2

    monitor = Counts()
    assert len(watch(monitor, run, every_hours=24 * 7)) == 1
    assert len(watch(monitor, run, every_hours=24 * 7)) == 1
    assert monitor.steps == 0


def test_the_rule_is_applied(run):
    rule = AlertRule(for_hours=24 * 7, cooldown_hours=24 * 30)
    alarms = watch(lambda tables, now: True, run, every_hours=24 * 7, rule=rule)
    assert [a.at_utc for a in alarms] == [run.started_utc + timedelta(days=14)]


@pytest.mark.parametrize("every", [0, -3, 10_000, "daily"])
def test_a_wrong_interval_names_the_nearest(run, every):
    with pytest.raises(AiirError, match="nearest valid: every_hours="):
        watch(lambda tables, now: True, run, every_hours=every)


def test_what_cannot_be_called_is_named(run):
    with pytest.raises(AiirError, match="cannot be called"):
        watch(3, run)


def test_a_run_without_the_incident_differs_only_after_the_onset(run):
    clean, onset = run.without_incident(), run.reveal().onset_utc
    before = onset - timedelta(seconds=1)
    for name, frame in run.observe(until=before).items():
        pd.testing.assert_frame_equal(clean.observe(until=before)[name], frame)
    assert clean.digest() != run.digest()
    assert clean.harm.amount == 0.0
    with pytest.raises(AiirError, match="no incident"):
        clean.reveal()
