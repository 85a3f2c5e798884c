from __future__ import annotations

import json
from pathlib import Path

from tests.cli.test_course import aiir


def test_simulate_writes_tables_once(tmp_path: Path) -> None:
    done = aiir("simulate", "fraud_poisoning", "--out", tmp_path / "x", "--rows", "20000", "--seed", "3")
    assert done.returncode == 0, done.stderr
    assert list((tmp_path / "x" / "transactions").rglob("*.parquet"))
    again = aiir("simulate", "fraud_poisoning", "--out", tmp_path / "x")
    assert again.returncode == 2
    assert "not empty" in again.stderr


def test_replay_compares_harm() -> None:
    done = aiir("replay", "fraud_poisoning", "--seed", "7", "--control", "golden_canary", "--json")
    assert done.returncode == 0, done.stderr
    harm = json.loads(done.stdout)["harm"]
    assert harm["golden_canary"] < 0.3 * harm["as it happened"]


def test_wrong_names_are_named() -> None:
    for arguments, words in (
        (["simulate", "fraud_poisonin", "--out", "x"], "'fraud_poisoning'"),
        (["replay", "fraud_poisoning", "--control", "golden_canari"], "'golden_canary'"),
    ):
        done = aiir(*arguments)
        assert done.returncode == 2
        assert words in done.stderr
        assert "Traceback" not in done.stderr
