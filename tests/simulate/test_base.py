"""The base machinery, on the smallest world: the one printed in the room's README."""

from __future__ import annotations

import re
import sys
import types
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import aiir_lab.simulate as room
from aiir_lab.records.errors import AiirError, NotFoundError
from aiir_lab.simulate import attribute, measure_interactions, measure_subsets, replay, simulate
from aiir_lab.simulate.randomness import derive_seed, draw_by_key, draw_stream
from aiir_lab.simulate.world import WORLDS


@pytest.fixture(autouse=True)
def small_world(monkeypatch):
    readme = (Path(room.__file__).parent / "README.md").read_text(encoding="utf-8")
    code = re.findall(r"```python\n(.*?)```", readme, flags=re.S)[-1]
    module = types.ModuleType("small_world_of_readme")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(compile(code, "README.md", "exec"), module.__dict__)
    monkeypatch.setitem(WORLDS, "small_world", f"{module.__name__}:SmallWorld")


def test_same_seed_same_tables_other_seed_other_case():
    one, same, other = (simulate("small_world", seed=s) for s in (3, 3, 4))
    assert one.digest() == same.digest()
    assert one.digest() != other.digest()
    assert one.company != other.company


def test_harm_is_the_excess_over_the_world_without_incident():
    run = simulate("small_world", seed=3)
    assert run.harm.amount > 0
    assert run.harm.per_hour.sum() == pytest.approx(run.harm.amount)
    # The model is retrained half-way: what the flipped labels do cannot show before.
    assert (run.harm.per_hour.iloc[:24] == 0).all()
    assert run.harm.cumulative.iloc[-1] == pytest.approx(run.harm.amount)


def test_replay_adds_controls_and_keeps_the_ones_there():
    run = simulate("small_world", seed=3)
    fixed = replay(run, controls=["region_check"])
    assert fixed.harm.amount < 0.3 * run.harm.amount
    assert replay(fixed).harm.amount == fixed.harm.amount
    assert dict(run.active_controls) == {}, "the run passed in is not changed"


def test_replay_with_nothing_equals_the_run_and_after_the_end_changes_nothing():
    run = simulate("small_world", seed=3)
    assert replay(run, controls=[]).digest() == run.digest()
    late = replay(run, controls=["region_check"], at=run.ended_utc + timedelta(days=1))
    assert late.digest() == run.digest()
    assert late.harm.amount == run.harm.amount


def test_an_earlier_start_wins_when_a_control_is_given_twice():
    run = simulate("small_world", seed=3)
    t = run.started_utc + timedelta(hours=10)
    twice = replay(replay(run, controls=["region_check"], at=t), controls=["region_check"])
    assert dict(twice.active_controls) == {"region_check": None}
    mapped = replay(run, controls={"region_check": t})
    assert dict(mapped.active_controls) == {"region_check": t}


def test_observe_until_hides_the_future_and_gives_copies():
    run = simulate("small_world", seed=3)
    noon = run.started_utc + timedelta(hours=12)
    early = run.observe(until=noon)["parcels"]
    assert 0 < len(early) < len(run.observe()["parcels"])
    assert early["sent_utc"].max() <= noon
    frame = run.observe()["parcels"]
    frame["region"] = 99
    assert run.observe()["parcels"]["region"].max() < 99


def test_columns_document_every_column():
    run = simulate("small_world", seed=3)
    said = run.columns.groupby("table")["column"].agg(list)
    for name, frame in run.observe().items():
        assert list(frame.columns) == said[name]


def test_reveal_tells_onset_rows_and_factor():
    run = simulate("small_world", seed=3)
    truth = run.reveal()
    assert run.started_utc < truth.onset_utc < run.ended_utc
    rows = run.observe()["parcels"].set_index("parcel_id").loc[truth.affected["parcels"]]
    assert {f"region={r}" for r in rows["region"]} == set(truth.cohorts)
    assert truth.factors == {"no_region_check": "region_check"}
    assert truth.interactions.empty, "one factor alone has nobody to interact with"


def test_attribution_of_one_factor_is_what_its_control_prevents():
    run = simulate("small_world", seed=3)
    shares = attribute(run)
    prevented = run.harm.amount - replay(run, controls=["region_check"]).harm.amount
    assert shares["shapley_harm"].tolist() == pytest.approx([prevented])
    assert shares["share"].tolist() == [1.0]
    assert len(measure_subsets(run)) == 2
    assert measure_interactions(run).empty


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: simulate("smal_world"), "small_world"),
        (lambda: simulate("small_world", seed=-1), "nearest valid: seed=0"),
        (lambda: simulate("small_world", seed="seven"), "whole number"),
        (lambda: simulate("small_world", difficulty="hardest"), "'hard'"),
        (lambda: simulate("small_world", size="lessson"), "'lesson'"),
        (lambda: simulate("small_world", size=10), "nearest valid: size=200"),
        (lambda: simulate("small_world", size=10**9), "nearest valid: size=20000"),
        (lambda: simulate("small_world", size=2.5), "'lesson'"),
        (lambda: simulate("small_world", controls=["regoin_check"]), "region_check"),
        (lambda: simulate("small_world", controls="region_check"), "Expected a list"),
        (lambda: replay("small_world"), "Expected a Run"),
        (lambda: attribute(simulate("small_world"), factors=["no_regionchek"]), "no_region_check"),
        (lambda: attribute(simulate("small_world"), factors=[]), "Range: 1 to 8"),
        (lambda: simulate("small_world").control("x"), "region_check"),
    ],
)
def test_a_wrong_call_is_told_what_would_be_right(call, words):
    with pytest.raises(AiirError, match=re.escape(words)):
        call()


def test_times_without_a_timezone_are_refused_with_the_right_one():
    run = simulate("small_world", seed=3)
    with pytest.raises(AiirError, match="2026-03-02T09:00:00Z"):
        replay(run, controls=["region_check"], at=datetime(2026, 3, 2, 9))  # noqa: DTZ001
    with pytest.raises(AiirError, match="not a time"):
        run.observe(until="teatime")


def test_not_found_is_a_lookup_error_too():
    with pytest.raises(LookupError):
        simulate("nowhere")
    assert issubclass(NotFoundError, AiirError)


def test_streams_depend_on_seed_and_purpose_only():
    assert derive_seed(7, "fraud_poisoning", "amounts") == 14499857891330012116074031616080395413
    a, b = draw_stream(7, "w", "a").random(4), draw_stream(7, "w", "b").random(4)
    assert not np.allclose(a, b)
    assert (a == draw_stream(7, "w", "a").random(4)).all()


def test_numbers_by_key_do_not_depend_on_the_other_keys():
    keys = np.arange(50_000)
    every = draw_by_key(7, "w", "tickets", keys=keys)
    assert (every[keys % 3 == 0] == draw_by_key(7, "w", "tickets", keys=keys[keys % 3 == 0])).all()
    assert abs(every.mean() - 0.5) < 0.01
    assert np.histogram(every, bins=10, range=(0, 1))[0].min() > 4_700
    assert abs(np.corrcoef(every[:-1], every[1:])[0, 1]) < 0.02
    other = draw_by_key(8, "w", "tickets", keys=keys)
    assert abs(np.corrcoef(every, other)[0, 1]) < 0.02


def test_times_are_utc():
    run = simulate("small_world", seed=3)
    assert run.started_utc.tzinfo == UTC
    sent = run.observe()["parcels"]["sent_utc"]
    assert isinstance(sent.dtype, pd.DatetimeTZDtype)
