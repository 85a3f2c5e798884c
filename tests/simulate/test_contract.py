"""The promises that every incident world keeps."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from datetime import timedelta

import pytest

from aiir_lab.simulate import replay, simulate
from aiir_lab.simulate.world import DIFFICULTIES, WORLDS

NAMES = [name for name, place in WORLDS.items() if importlib.util.find_spec(place.partition(":")[0])]


@pytest.fixture(scope="module", params=NAMES)
def run(request):
    return simulate(request.param, seed=11, size="sample")


def test_same_seed_same_bytes_in_another_process(run):
    call = f"simulate({run.name!r}, seed=11, size='sample')"
    code = f"from aiir_lab.simulate import simulate; print({call}.digest())"
    # Another hash salt and another number of threads must not matter.
    env = {**os.environ, "PYTHONHASHSEED": "123", "OMP_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True)
    assert done.stdout.strip() == run.digest()


def test_another_seed_is_another_case(run):
    others = [simulate(run.name, seed=s, size="sample") for s in (12, 13)]
    assert len({r.digest() for r in (run, *others)}) == 3
    assert len({r.company for r in (run, *others)}) > 1
    onsets = {r.reveal().onset_utc - r.started_utc for r in (run, *others)}
    assert len(onsets) > 1, "the onset must not be the same for all seeds"


def test_tables_are_documented_and_not_empty(run):
    documented = run.columns.groupby("table")["column"].agg(list)
    for name, frame in run.observe().items():
        assert list(frame.columns) == documented[name]
        assert len(frame) > 0, name
    assert run.columns["meaning"].str.len().min() > 3


def test_nothing_of_the_truth_is_in_one_column(run, find_leaks):
    assert find_leaks(run) == []


def test_truth_is_complete(run):
    truth = run.reveal()
    assert run.started_utc < truth.onset_utc < run.ended_utc
    assert len(truth.mechanism) > 40
    assert truth.cohorts
    assert truth.harm.amount > 0
    before = truth.harm.per_hour[truth.harm.per_hour.index < truth.onset_utc.replace(minute=0, second=0)]
    assert before.abs().sum() == 0, "no harm before the onset"


def test_replay_with_nothing_is_the_run_itself(run):
    again = replay(run, controls=[])
    assert again.digest() == run.digest()
    assert again.harm.amount == run.harm.amount


@pytest.mark.parametrize("when", ["after the end", "at the onset"])
def test_a_control_changes_nothing_before_it_starts(run, when):
    at = run.ended_utc + timedelta(days=1) if when == "after the end" else run.reveal().onset_utc
    later = replay(run, controls=run.controls, at=at)
    earlier = run.harm.per_hour.index < at - timedelta(hours=1)
    assert (later.harm.per_hour[earlier] == run.harm.per_hour[earlier]).all()
    if when == "after the end":
        assert later.harm.amount == run.harm.amount
        assert later.digest() == run.digest()


def test_every_control_is_described_and_every_main_factor_has_one(run):
    assert set(run.main_factors) <= set(run.factors)
    assert 3 <= len(run.main_factors) <= 6
    for name in run.controls:
        control = run.control(name)
        assert control.what.endswith(".")
        assert control.cost


def test_some_control_is_strong_and_some_is_weak(run):
    left = {c: replay(run, controls=[c]).harm.amount / run.harm.amount for c in run.controls}
    assert min(left.values()) < 0.4, left
    assert max(left.values()) > 0.5, left


def test_difficulties_differ(run):
    assert len({simulate(run.name, seed=11, size="sample", difficulty=d).digest() for d in DIFFICULTIES}) == 3
