from __future__ import annotations

import errno
import json
import socket
from pathlib import Path

import pytest

from aiir_lab.classroom import workspace
from aiir_lab.classroom.jupyter import command
from aiir_lab.classroom.workspace import WorkspaceError, set_up

LESSON = Path("beginner") / "01_severity_and_first_update.ipynb"


def work_in(folder: Path) -> str:
    """Change a notebook as a learner would; return its new text."""
    notebook = json.loads((folder / LESSON).read_text())
    notebook["cells"][0]["source"] = ["# Mine\n"]
    text = json.dumps(notebook)
    (folder / LESSON).write_text(text)
    return text


def ship_newer(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Pretend that the installed course has a newer version of one lesson."""
    shipped = workspace._shipped()
    newer = shipped[LESSON] + b"\n"
    monkeypatch.setattr(workspace, "_shipped", lambda: shipped | {LESSON: newer})
    return newer


def test_first_run_copies_the_course(tmp_path: Path) -> None:
    done = set_up(tmp_path / "ws")
    assert LESSON in done.copied
    assert Path("start_here.ipynb") in done.copied
    assert not list((tmp_path / "ws").rglob("*.py")), "solutions stay out of the workspace"
    assert not list((tmp_path / "ws").rglob("*.part"))


def test_second_run_keeps_work(tmp_path: Path) -> None:
    set_up(tmp_path)
    mine = work_in(tmp_path)
    done = set_up(tmp_path)
    assert (tmp_path / LESSON).read_text() == mine
    assert (done.copied, done.refreshed, done.newer) == ([], [], [])


def test_work_is_kept_and_the_newer_version_is_announced_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(tmp_path)
    mine = work_in(tmp_path)
    newer = ship_newer(monkeypatch)
    for _ in range(2):
        assert set_up(tmp_path).newer == [LESSON]
        assert (tmp_path / LESSON).read_text() == mine
    (tmp_path / LESSON).rename(tmp_path / "mine.ipynb")
    assert set_up(tmp_path).copied == [LESSON]
    assert (tmp_path / LESSON).read_bytes() == newer


def test_an_untouched_lesson_is_brought_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(tmp_path)
    newer = ship_newer(monkeypatch)
    assert set_up(tmp_path).refreshed == [LESSON]
    assert (tmp_path / LESSON).read_bytes() == newer


def test_a_lost_manifest_costs_no_work(tmp_path: Path) -> None:
    set_up(tmp_path)
    mine = work_in(tmp_path)
    (tmp_path / ".aiir" / "shipped.json").write_text("{")
    assert set_up(tmp_path).newer == [LESSON]
    assert (tmp_path / LESSON).read_text() == mine


def test_a_damaged_notebook_is_named_and_left_alone(tmp_path: Path) -> None:
    set_up(tmp_path)
    (tmp_path / LESSON).write_text("{ torn")
    done = set_up(tmp_path)
    assert "damaged" in done.damaged[0]
    assert str(LESSON) in done.damaged[0]
    assert (tmp_path / LESSON).read_text() == "{ torn"


def test_a_full_disk_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(tmp_path)
    before = (tmp_path / LESSON).read_bytes()
    ship_newer(monkeypatch)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(workspace.os, "fsync", full)
    with pytest.raises(WorkspaceError, match="No space left on device"):
        set_up(tmp_path)
    assert (tmp_path / LESSON).read_bytes() == before
    assert not list(tmp_path.rglob("*.part"))


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "ws").write_text("mine")
    with pytest.raises(WorkspaceError, match="is a file"):
        set_up(tmp_path / "ws")
    assert (tmp_path / "ws").read_text() == "mine"


def test_the_server_stays_on_loopback_and_keeps_its_token(tmp_path: Path) -> None:
    arguments = command(tmp_path, port=None, with_browser=True)
    assert "--ServerApp.ip=127.0.0.1" in arguments
    assert not any("token" in argument or "password" in argument for argument in arguments)
    assert not any("open_browser" in argument for argument in arguments)


def test_a_busy_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(WorkspaceError, match=f"Port {port} is in use"):
            command(tmp_path, port=port, with_browser=False)
