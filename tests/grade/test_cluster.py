"""Submissions on a Dask cluster: limits kept, nothing but data back."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest

from aiir_lab.grade.cluster import Cluster, read_execution, run_request
from aiir_lab.grade.execute import CellRun, Execution
from aiir_lab.grade.sandbox import Limits, SandboxError, why_unavailable

pytestmark = [pytest.mark.xdist_group("class"), pytest.mark.filterwarnings("default")]
needs_cluster = pytest.mark.skipif(bool(why_unavailable()), reason=f"no sandbox: {why_unavailable()}")


@needs_cluster
def test_a_submission_meets_the_limits_of_a_worker_too(dask_cluster: Any) -> None:
    looping = ["while True:\n    pass", "import os\nprint(os.listdir('.'))", "os._exit(3)", "1"]
    with Cluster(dask_cluster.scheduler_address) as cluster:
        ran = cluster.execute(looping, limits=Limits(cell_s=0.5), files={"table.csv": b"a\n1\n"})
    assert ran.cells[0].problem == "interrupted after 0.5 s"
    assert "table.csv" in ran.cells[1].outputs[0]["text"]
    assert "exit code 3" in ran.stopped


def test_nobody_at_the_address() -> None:
    pytest.importorskip("distributed", reason="pip install 'aiir-lab[cluster]'")
    with pytest.raises(SandboxError, match="No Dask scheduler answers"):
        Cluster("tcp://127.0.0.1:9", timeout_s=0.5)


def test_a_worker_of_another_version_says_so() -> None:
    with pytest.raises(SandboxError, match="Install the same on both"):
        run_request({"version": "0.0.0"})


GOOD = asdict(
    Execution((CellRun([{"output_type": "stream", "name": "stdout", "text": "x"}], 1, 0.1),), "", 1.0, 0.1)
)


@pytest.mark.parametrize(
    "text",
    [
        None,
        b"{}",
        "{",
        "[]",
        json.dumps(GOOD | {"cells": []}),
        json.dumps(GOOD | {"seconds": "soon"}),
        json.dumps(GOOD | {"cells": [{"outputs": "x"}]}),
        "[" * 100_000,
    ],
)
def test_what_is_no_result_is_refused(text: Any) -> None:
    with pytest.raises(SandboxError, match="A worker sent"):
        read_execution(text, count=1, limits=Limits())


def test_a_result_is_counted_and_shaped_again() -> None:
    assert read_execution(json.dumps(GOOD), count=1, limits=Limits()).cells[0].outputs[0]["text"] == "x"
    odd = [{"output_type": "stream", "name": "x", "text": "y" * 100}, {"output_type": "evil"}, {}]
    cell = GOOD["cells"][0] | {"outputs": odd}
    ran = read_execution(json.dumps(GOOD | {"cells": [cell]}), count=1, limits=Limits(cell_output_bytes=50))
    assert ran.cells[0].outputs == []
    assert "over the limit" in ran.cells[0].problem
