"""Writing at any size: partitions that readers understand, bounded chunks, the same world."""

from __future__ import annotations

import json

import duckdb
import pytest

from aiir_lab.records.errors import AiirError
from aiir_lab.simulate import simulate
from aiir_lab.simulate.fraud_poisoning import FraudPoisoning
from aiir_lab.simulate.write import FIRST_ID, split_rows, write_tables

pytestmark = pytest.mark.xdist_group("write")


@pytest.fixture(scope="module")
def big(tmp_path_factory):
    """More rows than one play may hold, in chunks smaller than a day."""
    patch = pytest.MonkeyPatch()
    patch.setattr(FraudPoisoning, "max_rows", 60_000)
    steps: list[tuple[int, int]] = []
    out = tmp_path_factory.mktemp("big") / "tables"
    done = write_tables(
        "fraud_poisoning",
        rows=100_000,
        out=out,
        seed=7,
        chunk_rows=1_000,
        progress=lambda *s: steps.append(s),
    )
    patch.undo()
    return done, steps


def query(done, text):
    """Run SQL with {table} standing for all files of a table."""
    places = {
        name: f"read_parquet('{done.out}/{name}/**/*.parquet', hive_partitioning=true)" for name in done.rows
    }
    return duckdb.sql(text.format(**places)).fetchall()


def test_a_play_that_fits_is_written_as_observed(tmp_path):
    done = write_tables("fraud_poisoning", rows=20_000, out=tmp_path, seed=7)
    tables = simulate("fraud_poisoning", seed=7, size=20_000).observe()
    assert done.rows == {name: len(frame) for name, frame in tables.items()}
    seen = tables["transactions"].sort_values("transaction_id")
    text = "SELECT transaction_id, amount_usd, category, epoch(at_utc) FROM {transactions} ORDER BY ALL"
    read = list(zip(*query(done, text), strict=True))
    assert list(read[0]) == seen["transaction_id"].tolist()
    assert list(read[1]) == seen["amount_usd"].tolist()
    assert list(read[2]) == seen["category"].tolist()
    assert list(read[3]) == [t.timestamp() for t in seen["at_utc"]]


def test_beyond_a_play_every_row_is_there_once(big):
    done, steps = big
    text = "SELECT count(*), count(DISTINCT transaction_id), min(transaction_id) FROM {transactions}"
    assert query(done, text) == [(100_000, 100_000, FIRST_ID)]
    assert done.rows["transactions"] == 100_000
    assert steps[-1] == (100_000, 100_000)
    assert steps == sorted(steps)
    assert len(steps) > 98, "days larger than a chunk are written in pieces"


def test_partitions_are_days_and_joins_stay_inside(big):
    done, _ = big
    days = """
        SELECT count(DISTINCT date), bool_and(CAST(date AS DATE) = CAST(at_utc AT TIME ZONE 'UTC' AS DATE))
        FROM {transactions}"""
    assert query(done, days) == [(98, True)]
    lost = "SELECT count(*) FROM {labels} l ANTI JOIN {transactions} t USING (transaction_id, date)"
    assert query(done, lost) == [(0,)]


def test_the_incident_is_in_the_big_tables_too(big):
    done, _ = big
    truth = simulate("fraud_poisoning", seed=7).reveal()
    low, high = truth.details["amount_usd"]
    onset = f"TIMESTAMPTZ '{truth.onset_utc.isoformat()}'"
    text = f"""
        SELECT at_utc < {onset} AS early, avg((action = 'decline')::INT)
        FROM {{transactions}} JOIN {{decisions}} USING (transaction_id)
        WHERE category = '{truth.details["category"]}' AND device = '{truth.details["device"]}'
          AND amount_usd BETWEEN {low} AND {high}
          AND (at_utc < {onset} OR at_utc > {onset} + INTERVAL 50 DAY)
        GROUP BY early ORDER BY early"""
    (_, late), (_, early) = query(done, text)
    assert early > 0.5
    assert late < 0.5 * early


def test_the_manifest_documents_columns_and_holds_no_truth(big):
    done, _ = big
    text = (done.out / "manifest.json").read_text(encoding="utf-8")
    tables = json.loads(text)["tables"]
    assert tables["transactions"]["drawn"] == "at this size"
    assert tables["dashboard"]["drawn"] == "in a play of 60000 rows"
    assert tables["transactions"]["columns"]["amount_usd"]["unit"] == "USD"
    for source in simulate("fraud_poisoning", seed=7).reveal().details["sources"]:
        assert source not in text


def test_days_do_not_depend_on_what_was_drawn_before():
    run = simulate("fraud_poisoning", seed=7, size="sample")
    world, outcome = run._world, run._outcome

    def draw(day):
        return world.expand(run._stage, outcome, day=day, rows=400, first_id=FIRST_ID)

    first, other, again = draw(50), draw(51), draw(50)
    for name in world.growing:
        assert first[name].equals(again[name]), name
    assert not first["transactions"].equals(other["transactions"])


def test_wrong_calls_are_told_what_would_be_right(tmp_path):
    with pytest.raises(AiirError, match="nearest valid: rows=20000"):
        write_tables("fraud_poisoning", rows=10, out=tmp_path)
    with pytest.raises(AiirError, match="whole number"):
        write_tables("fraud_poisoning", rows="many", out=tmp_path)
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(AiirError, match="not empty"):
        write_tables("fraud_poisoning", rows=20_000, out=tmp_path)
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "keep"


def test_rows_are_shared_out_in_whole_numbers():
    assert split_rows(10, [1, 1, 2]) == [2, 3, 5]
    assert sum(split_rows(1_000_003, [0.3, 1.7, 2.9] * 33)) == 1_000_003
