"""Inputs on their way into the confined kernel: packed, and there as they were."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
import pandas as pd
import pytest

from aiir_lab.grade import probing
from aiir_lab.grade.judging import ANSWER_MIME
from aiir_lab.grade.probing import Probe, answer_probe, probe_cell, remember_function
from aiir_lab.grade.sandbox import Limits


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: found.append(data))
    monkeypatch.setattr(probing, "_functions", {})
    return found


def packed_in(code: str) -> str:
    call = ast.parse(code).body[0].value  # type: ignore[attr-defined]
    return str(ast.literal_eval(call.args[0]))


def test_large_tables_fit_a_message_and_arrive_as_they_were(shown: list[dict[str, Any]]) -> None:
    rng = np.random.default_rng(0)
    table = pd.DataFrame(
        {
            "at_utc": pd.date_range("2026-01-01", periods=60_000, freq="min", tz="UTC"),
            "seller": rng.choice(["north", "south"], 60_000),
            "amount_usd": rng.integers(0, 50_000, 60_000) / 100,
        }
    )
    code = probe_cell("a04-monitor", Probe(lambda: [{"table": table}] * 3))
    assert len(code) < Limits().message_bytes
    given: list[pd.DataFrame] = []
    remember_function("a04-monitor", lambda table: given.append(table) or len(table))
    answer_probe(packed_in(code))
    pd.testing.assert_frame_equal(given[2], table, check_freq=False)
    assert shown[0][ANSWER_MIME]["answer"] == [{"output": 60_000}] * 3
