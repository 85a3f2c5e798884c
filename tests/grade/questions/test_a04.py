"""Questions of advanced lesson 4, with right, wrong, partial, malformed and untouched answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aiir_lab.grade.bank import load_question, questions_of
from aiir_lab.grade.probing import call_probe
from aiir_lab.grade.questions.a04 import PROBE, SEEDS, TABLES, TRIAL, tried
from aiir_lab.monitor import evaluate_monitor, keep_attempt, read_attempts
from aiir_lab.monitor.ready import reference_policy
from aiir_lab.monitor.recorded import alarm_times
from aiir_lab.monitor.watching import watch


def judge(monitor: Any) -> Any:
    return load_question("a04-monitor").judge(call_probe(monitor, PROBE))


def test_the_reference_earns_all() -> None:
    assert judge(reference_policy("assistant_injection").monitor).is_full


def test_recorded_tables_give_the_same_alarms_as_the_run_itself() -> None:
    monitor, run = reference_policy("assistant_injection").monitor, TRIAL.run(SEEDS[0])
    recorded = TRIAL.inputs(SEEDS[:1])[0]
    assert set(TABLES) < set(recorded)
    expected = [alarm.at_utc.isoformat() for alarm in watch(monitor, run) if alarm.at_utc]
    assert alarm_times(monitor, **recorded) == expected != []


@pytest.mark.parametrize(
    ("monitor", "most"),
    [
        (lambda tables, now: False, 0),
        (lambda tables, now: True, 1),
        (lambda tables, now: len(tables["refunds"]) / 0, 0),
        (lambda tables, now: "yes", 0),
        (lambda tables, now: tables["no_such_table"].empty, 0),
    ],
    ids=["silent", "crying wolf", "breaks", "no truth value", "unknown table"],
)
def test_bad_monitors_earn_next_to_nothing(monitor: Any, most: float) -> None:
    assert judge(monitor).score <= most


@pytest.mark.parametrize("question", list(questions_of("a04")))
def test_untouched_and_malformed(question: str) -> None:
    judged = load_question(question)
    assert not judged.judge(None).is_attempted
    for malformed in ("x", 3, [1, 2], [{"output": ["soon"]}], {"x": {"y": 1}}):
        assert judged.judge(malformed).score == 0


def test_tempting_and_affordable() -> None:
    assert tried() == ("refunds", "refunds_without_order")
    right = {"most": "refunds", "affordable": "refunds_without_order"}
    assert load_question("a04-tempting").judge(right).is_full
    swapped = {"most": "refunds_without_order", "affordable": "refunds"}
    assert load_question("a04-tempting").judge(swapped).score == 0


def test_versions() -> None:
    # by hand from the registry of the lesson: the first bad label is of 7 March, v4's data end on 2 March
    right = {"previous": "v10", "margin_days": 45, "version": "v4"}
    question = load_question("a04-version")
    assert question.judge(right).is_full
    assert question.judge(right | {"margin_days": 14}).score == 2
    assert question.judge(right | {"version": "v9"}).score == 2
    assert question.judge(right | {"version": "v2"}).score == 2
    assert question.judge(right | {"margin_days": 4000}).score == 2


def test_attempts_are_kept_and_ranked(tmp_path: Path) -> None:
    path = tmp_path / "attempts.jsonl"
    assert read_attempts(path).empty
    quiet, loud = (lambda tables, now: False), (lambda tables, now: True)
    done = evaluate_monitor(
        {"quiet": quiet, "loud": loud},
        scenario="assistant_injection",
        seeds=[31],
        size="sample",
        response=["kill_switch"],
    )
    keep_attempt(done, path=path)
    path.write_text(path.read_text() + '{"name": "cut of')
    assert list(read_attempts(path)["name"]) == ["loud", "quiet"]
    assert list(read_attempts(path, alarm_budget=1)["name"]) == ["quiet", "loud"]
