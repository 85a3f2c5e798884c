"""`aiir classroom grade --scheduler`: the scores of one machine, also where a worker is killed midway."""

from __future__ import annotations

import json
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from aiir_lab.classroom.course import Course, lessons
from aiir_lab.classroom.source import read_source
from aiir_lab.grade.sandbox import why_unavailable
from tests.classroom.conftest import LESSON

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("class"), pytest.mark.filterwarnings("default")]
needs_sandbox = pytest.mark.skipif(bool(why_unavailable()), reason=f"no sandbox: {why_unavailable()}")
SHARES = {"ana": 1.0, "ben": 0.5, "eve": 0.0, "joe": 0.75, "kim": 1.0, "zoe": 0.25}
"""How much of the lesson each student solved; kim's kernel dies in the middle."""


def hand_in(course: Course) -> None:
    source = lessons()[LESSON]
    solved = {cell.id: cell.source for cell in read_source(source).cells}
    for student, share in SHARES.items():
        notebook = nbformat.read(course.folder / "release" / LESSON / f"{source.stem}.ipynb", as_version=4)
        marked = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("solution")]
        for cell in marked[: round(len(marked) * share)]:
            cell.source = solved[cell.metadata.nbgrader.grade_id]
        if student == "kim":
            marked[2].source = "import os\nos._exit(3)"
        folder = course.folder / "submitted" / student / LESSON
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{source.stem}.ipynb")


def verdicts(folder: Path) -> dict[str, Any]:
    """What was kept for each student, without what depends on the machine."""
    kept = {}
    for path in (folder / "graded" / LESSON).glob("*.json"):
        graded = json.loads(path.read_text(encoding="utf-8"))["graded"]
        kept[path.stem] = {
            name: graded[name] for name in ("state", "score", "verdicts", "answers", "notices")
        }
    return kept


@needs_sandbox
def test_a_killed_worker_changes_no_score(
    small_class: Course, aiir: Callable[..., tuple[int, str]], dask_cluster: Any, tmp_path: Path
) -> None:
    hand_in(small_class)
    here = shutil.copytree(small_class.folder, tmp_path / "here")
    assert aiir("classroom", "grade", LESSON, "--course", here)[0] == 0

    with dask_cluster.get_client() as client:
        pids = client.run(os.getpid)
    killed = []

    def kill_one() -> None:
        results, end = small_class.folder / "graded" / LESSON, time.monotonic() + 300
        while not list(results.glob("*.json")) and time.monotonic() < end:
            time.sleep(0.01)
        killed.append(len(list(results.glob("*.json"))))
        os.kill(next(iter(pids.values())), signal.SIGKILL)

    killer = threading.Thread(target=kill_one)
    killer.start()
    code, said = aiir(
        *("classroom", "grade", LESSON, "--course", small_class.folder),
        *("--scheduler", dask_cluster.scheduler_address),
    )
    killer.join()
    assert code == 0, said
    assert 0 < killed[0] < len(SHARES), "it was killed midway"
    there = verdicts(small_class.folder)
    assert there == verdicts(here)
    assert set(there) == set(SHARES)
    assert there["ana"]["score"] > there["joe"]["score"] > there["zoe"]["score"] >= there["eve"]["score"] == 0
    assert there["kim"]["state"] == "stopped"


def test_without_a_sandbox_it_is_refused_before_anything_is_said(
    aiir: Callable[..., tuple[int, str]],
) -> None:
    code, said = aiir("classroom", "grade", "--no-sandbox", "--scheduler", "tcp://127.0.0.1:9")
    assert code == 2
    assert "on a cluster every submission is confined" in said
    assert "WITHOUT A SANDBOX" not in said
