"""A machine without bubblewrap or user namespaces: a refusal with the reason and the remedy."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from aiir_lab.grade.sandbox import Sandbox, SandboxError, availability, why_unavailable
from aiir_lab.grade.sandbox.files import gather_files, shadows_module


@pytest.fixture(autouse=True)
def _anew() -> Any:
    why_unavailable.cache_clear()
    yield
    why_unavailable.cache_clear()


def test_without_bubblewrap_nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(availability.shutil, "which", lambda name: None)
    with pytest.raises(
        SandboxError, match=r"bubblewrap is not installed: apt install bubblewrap.*--no-sandbox"
    ):
        Sandbox()


def test_on_another_system_nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(availability.sys, "platform", "darwin")
    with pytest.raises(SandboxError, match="Isolation needs Linux; this is darwin"):
        Sandbox()


def test_without_user_namespaces_the_reason_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], 1, "", "bwrap: No permissions to create new namespace\n")

    monkeypatch.setattr(availability.shutil, "which", lambda name: "/usr/bin/bwrap")
    monkeypatch.setattr(availability, "shown", list)  # wherever the tests are run, also below /tmp
    monkeypatch.setattr(availability.subprocess, "run", refuse)
    assert "No permissions to create new namespace" in why_unavailable()
    assert "apparmor" in why_unavailable()


def test_only_plain_files_that_shadow_nothing_go_in(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "rates.csv").write_text("a")
    (tmp_path / "helper_of_mine.py").write_text("x = 1")
    (tmp_path / "pandas.py").write_text("x = 1")
    (tmp_path / "link.csv").symlink_to("/etc/passwd")
    (tmp_path / "lesson.ipynb").write_text("{}")
    (tmp_path / ".hidden").write_text("x")
    files, left_out = gather_files(tmp_path)
    assert sorted(files) == ["data/rates.csv", "helper_of_mine.py"]
    assert [line.split("'")[1] for line in left_out] == ["link.csv", "pandas.py"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("pytest.py", True),
        ("json/__init__.py", True),
        ("json.csv", False),
        ("mine.py", False),
        ("numpy.so", True),
    ],
)
def test_shadowing(name: str, expected: bool) -> None:
    assert shadows_module(name) is expected
