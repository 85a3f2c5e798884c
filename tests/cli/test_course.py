from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

LESSON = "beginner/01_severity_and_first_update.ipynb"


def aiir(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does."""
    code = "from aiir_lab.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=300,
    )


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ws")
    done = aiir("lab", folder, "--no-start")
    assert done.returncode == 0, done.stderr
    assert "notebooks copied" in done.stdout
    return folder


def test_check_runs_an_untouched_lesson_and_falls_short(workspace: Path) -> None:
    before = (workspace / LESSON).read_bytes()
    done = aiir("check", workspace / LESSON, "--json")
    assert done.returncode == 1
    result = json.loads(done.stdout)
    assert result["score"] == 0
    assert result["errors"] == []
    assert result["questions"]
    assert not any(question["attempted"] for question in result["questions"])
    assert (workspace / LESSON).read_bytes() == before


def test_check_shows_errors_of_the_learners_code(workspace: Path) -> None:
    notebook = json.loads((workspace / LESSON).read_text())
    notebook["cells"] = [
        {
            "cell_type": "code",
            "id": "a",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": "1/0",
        }
    ]
    path = workspace / "broken.ipynb"
    path.write_text(json.dumps(notebook))
    done = aiir("check", path)
    assert done.returncode == 1
    assert "cell 1: ZeroDivisionError" in done.stdout


def test_check_survives_a_cell_that_never_ends(workspace: Path) -> None:
    notebook = json.loads((workspace / LESSON).read_text())
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "execution_count": None}
    notebook["cells"] = [cell | {"source": "while True:\n    pass"}]
    path = workspace / "endless.ipynb"
    path.write_text(json.dumps(notebook))
    done = aiir("check", path, "--timeout", "2")
    assert done.returncode == 1
    assert "stopped" in done.stdout


def test_check_of_a_damaged_or_missing_file(workspace: Path) -> None:
    path = workspace / "torn.ipynb"
    path.write_text("{")
    for target, words in ((path, "is damaged"), (workspace / "none.ipynb", "cannot be read")):
        done = aiir("check", target)
        assert done.returncode == 2
        assert words in done.stderr
        assert "Traceback" not in done.stderr


def test_progress(workspace: Path) -> None:
    done = aiir("progress", workspace, "--json")
    assert done.returncode == 0
    result = json.loads(done.stdout)
    assert result["next"].endswith(LESSON)
    assert all(lesson["score"] == 0 for lesson in result["lessons"])


def test_progress_without_a_workspace(tmp_path: Path) -> None:
    done = aiir("progress", tmp_path / "none")
    assert done.returncode == 2
    assert "aiir lab" in done.stderr


def test_wrong_call() -> None:
    assert aiir("nonsense").returncode == 2


def test_version() -> None:
    done = aiir("--version")
    assert done.returncode == 0
    assert done.stdout.startswith("aiir_lab ")


def test_doctor_names_what_it_looked_for() -> None:
    done = aiir("doctor")
    assert done.returncode == 0
    assert "nbgrader" in done.stdout
