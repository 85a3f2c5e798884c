"""Every world beyond its largest play: cases that belong together stay together, copy 0 is the play."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aiir_lab.simulate import simulate
from aiir_lab.simulate.scale import STRIDE, copy_cases, make_pool, split_pool
from aiir_lab.simulate.world import WORLDS, load_world
from aiir_lab.simulate.write import draw_pieces, write_tables

pytestmark = pytest.mark.xdist_group("write")


@pytest.fixture(scope="module", params=WORLDS)
def grown(request):
    """A sample play, and what is written for 2.5 times as many rows in small pieces."""
    run = simulate(request.param, seed=5, size="sample")
    rows = run.rows * 5 // 2
    pieces = list(draw_pieces(run._world, run, rows, 700))
    tables = {name: pd.concat([made[name] for _, _, made in pieces]) for name in run._world.growing}
    return run, rows, tables, pieces


def test_every_world_grows(grown):
    run, rows, tables, _ = grown
    world = run._world
    assert world.growing[0] == world.main_table
    assert len(tables[world.main_table]) == rows
    for name, frame in tables.items():
        assert list(frame.columns) == list(world.schema[name].columns)
        if name != "messages":  # several texts of one conversation
            assert frame.iloc[:, 0].is_unique, name


def test_tables_grow_in_the_same_proportion(grown):
    run, rows, tables, _ = grown
    seen = run.observe()
    for name, frame in tables.items():
        if len(seen[name]) > 1_000:
            assert len(frame) / len(seen[name]) == pytest.approx(rows / run.rows, rel=0.1), name


def test_what_follows_from_a_case_comes_with_it(grown):
    run, _, tables, _ = grown
    world = run._world
    if world.name in ("credit_bias", "demand_drift"):
        pytest.skip("linked through another table: the next tests look at them")
    cases = set(tables[world.main_table].iloc[:, 0])
    for name in world.growing:
        assert set(world.case_of(name, tables)) <= cases, name


def test_a_copied_store_is_another_store_whose_sales_add_up():
    run = simulate("demand_drift", seed=5, size="sample")
    world, seen = run._world, run.observe()
    pool = make_pool(world, {name: seen[name] for name in world.growing})
    made = copy_cases(pool, run.setting, day=0, piece=0, start=0, rows=2 * pool.cases)
    assert made["sales"]["store_id"].nunique() == 2 * seen["sales"]["store_id"].nunique()
    of_store = {name: made[name].groupby("store_id").size() for name in ("sales", "forecasts")}
    assert (of_store["sales"] == 3 * of_store["forecasts"]).all()
    assert len(made["stock"]) == len(made["orders"]) == len(made["forecasts"])


def test_copy_0_is_the_play_itself(grown):
    run, _, tables, _ = grown
    world = run._world
    if world.fresh_per_day:
        pytest.skip("draws new cases; tests/simulate/test_write.py looks at them")
    for name, seen in run.observe().items():
        if name not in world.growing:
            continue
        key = str(seen.columns[0])
        times = [c for c, spec in world.schema[name].columns.items() if spec.dtype == "time"]
        zero = tables[name][tables[name][key] < STRIDE].sort_values(key, kind="stable")
        expected = seen.sort_values(key, kind="stable")
        assert zero[key].tolist() == expected[key].tolist(), name
        for column in times:
            assert (zero[column].to_numpy() == expected[column].to_numpy())[expected[column].notna()].all()


def test_copies_move_within_the_minute_and_all_that_follows_moves_along(grown):
    run, _, tables, _ = grown
    world = run._world
    main = tables[world.main_table]
    key, seen_at = str(main.columns[0]), world.schema[world.main_table].visible_from
    base = main[main[key] < STRIDE].set_index(key)[seen_at]
    copied = main[main[key] >= STRIDE]
    origin = copied[key] % STRIDE
    there = origin.isin(base.index)
    if world.fresh_per_day and not len(copied):
        pytest.skip("fewer rows than new cases")
    before = pd.DatetimeIndex(base.reindex(origin[there]))
    after = pd.DatetimeIndex(copied.loc[there, seen_at])
    assert (before.floor("min") == after.floor("min")).all()


def test_links_of_copies_lead_to_copies():
    """Appeals name their application in every copy, and times keep their distance."""
    run = simulate("credit_bias", seed=5, size="sample")
    world, seen = run._world, run.observe()
    pool = make_pool(world, {name: seen[name] for name in world.growing})
    made = copy_cases(pool, run.setting, day=0, piece=0, start=0, rows=3 * pool.cases)
    appeals = made["appeals"].set_index("appeal_id")
    decided = made["appeal_decisions"]
    assert set(decided["appeal_id"]) <= set(appeals.index)
    received = made["applications"].set_index("application_id")["received_utc"]
    wait = appeals["received_utc"] - pd.Series(
        received.reindex(appeals["application_id"]).array, appeals.index
    )
    first = wait[wait.index < STRIDE]
    for copy in (1, 2):
        other = wait[(wait.index >= copy * STRIDE) & (wait.index < (copy + 1) * STRIDE)]
        assert (other.to_numpy() == first.to_numpy()).all()
    assert len(wait) == 3 * len(first)


def test_pieces_put_together_are_the_whole():
    run = simulate("moderation_failure", seed=5, size="sample")
    world, seen = run._world, run.observe()
    pool = make_pool(world, {name: seen[name] for name in world.growing})
    some = split_pool(pool, np.arange(pool.cases) % 7)[3]
    rows, cut = 2 * some.cases + 100, some.cases // 3
    one = copy_cases(some, run.setting, day=3, piece=0, start=0, rows=rows)
    two = [
        copy_cases(some, run.setting, day=3, piece=p, start=s, rows=r)
        for p, (s, r) in enumerate([(0, cut), (cut, rows - cut)])
    ]
    for name in world.growing:
        key = str(one[name].columns[0])
        parts = pd.concat([piece[name] for piece in two])
        assert sorted(parts[key]) == sorted(one[name][key]), name


def test_truth_leads_to_every_copy(tmp_path, monkeypatch):
    import duckdb

    world = load_world("assistant_injection")
    monkeypatch.setattr(type(world), "max_rows", 5_000)
    done = write_tables("assistant_injection", rows=12_000, out=tmp_path, seed=5)
    assert done.rows["conversations"] == 12_000
    truth = simulate("assistant_injection", seed=5, size=5_000).reveal()
    ids = duckdb.sql(
        f"SELECT conversation_id % {STRIDE} AS id FROM '{tmp_path}/conversations/**/*.parquet'"
    ).df()["id"]
    share = ids.isin(set(truth.affected["conversations"])).mean()
    assert share == pytest.approx(len(truth.affected["conversations"]) / 5_000, rel=0.1)
