from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_course import aiir
from tests.review.test_postmortem import EXCELLENT, POOR


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    (tmp_path / "good.md").write_text(EXCELLENT)
    (tmp_path / "poor.md").write_text(POOR)
    return tmp_path


def test_exit_codes_follow_the_verdict(documents: Path) -> None:
    good, poor = aiir("review", documents / "good.md"), aiir("review", documents / "poor.md")
    assert (good.returncode, poor.returncode) == (0, 1)
    assert good.stdout.startswith("excellent")
    assert "poor.md:3: " in poor.stdout
    assert aiir("review", documents / "poor.md", "--fail-under", "0").returncode == 0


def test_formats(documents: Path) -> None:
    path = documents / "good.md"
    assert json.loads(aiir("review", path, "--format", "json").stdout)["verdict"] == "excellent"
    assert json.loads(aiir("review", path, "--format", "sarif").stdout)["version"] == "2.1.0"
    assert aiir("review", path, "--format", "html").stdout.startswith("<!doctype html>")


def test_what_cannot_be_read_is_an_error_of_the_call(tmp_path: Path) -> None:
    (tmp_path / "latin.md").write_bytes(b"# \xff\xfe\n")
    for arguments in (["none.md"], [tmp_path / "latin.md"], [tmp_path], ["x.md", "--timezone", "Mars"]):
        done = aiir("review", *arguments)
        assert done.returncode == 2
        assert done.stderr.startswith("aiir: ")
        assert "Traceback" not in done.stderr


def test_lint(documents: Path) -> None:
    assert aiir("lint", documents / "good.md").returncode == 0
    done = aiir("lint", documents / "poor.md", "--format", "json")
    assert done.returncode == 1
    rows = json.loads(done.stdout)
    assert {row["line"] for row in rows} >= {3, 4}
    assert all(row["file"].endswith("poor.md") for row in rows)
