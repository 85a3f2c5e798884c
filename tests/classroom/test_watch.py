"""Grading on arrival: whole files only, one bad file never stops it, and it goes on where it was."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aiir_lab.classroom import watch
from aiir_lab.classroom.course import Course, CourseError
from aiir_lab.classroom.watch import Watcher
from aiir_lab.cli.app import app

from .conftest import LESSON, NOTEBOOK

pytestmark = [
    pytest.mark.xdist_group("small_class"),
    pytest.mark.filterwarnings("default"),  # nbgrader's own machinery warns
]


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


def released(course: Course) -> str:
    return (course.folder / "release" / LESSON / f"{NOTEBOOK}.ipynb").read_text()


def drop(inbox: Path, student: str, text: str) -> Path:
    path = inbox / student / "work" / f"{NOTEBOOK}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def states(watcher: Watcher) -> dict[str, str]:
    return {one.student: one.state for one in watcher.arrivals()}


def test_only_what_is_whole_is_taken(
    small_class: Course, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = released(small_class)
    watcher = Watcher(small_class, inbox)
    path = drop(inbox, "ana", text[:200])
    assert states(watcher) == {}, "seen for the first time"
    assert states(watcher) == {}, "half of it is there, and more may come"
    path.write_text(text)
    assert states(watcher) == {}, "it has just changed"
    assert states(watcher) == {"ana": "new"}
    assert states(watcher) == {}
    path.write_text(text + " ")
    assert (states(watcher), states(watcher)) == ({}, {"ana": "updated"})

    drop(inbox, "ben", "{ torn")
    drop(inbox, "eve", "[" * 100_000)
    drop(inbox, "no id", text)
    os.mkfifo(inbox / "ana" / "work" / "pipe.ipynb")
    (inbox / "fay").mkdir()
    os.mkfifo(inbox / "fay" / f"{NOTEBOOK}.ipynb")
    states(watcher)
    assert set(states(watcher)) == {"no id", "fay"}, "refused at once"
    monkeypatch.setattr(watch, "PATIENCE_S", 0.0)
    assert states(watcher) == dict.fromkeys(("ben", "eve"), "refused: not a readable notebook")
    assert states(watcher) == {}, "said once"
    # started again, nothing is taken twice
    again = Watcher(small_class, inbox)
    states(again)
    assert states(again)["ana"] == "same"


def test_a_lesson_that_cannot_be_graded_is_said_once_and_tried_again(
    small_class: Course, inbox: Path
) -> None:
    text = released(small_class)
    path = small_class.folder / "release" / LESSON / f"{NOTEBOOK}.ipynb"
    path.unlink()
    drop(inbox, "ana", text)
    watcher = Watcher(small_class, inbox, is_isolated=False)
    assert list(watcher.look()) == []
    (line,) = watcher.look()
    assert "1 not graded yet" in line
    assert "aiir classroom release" in line
    assert list(watcher.look()) == []
    with pytest.raises(CourseError, match="is no folder"):
        Watcher(small_class, inbox / "none")


def start(course: Course, inbox: Path) -> subprocess.Popen[str]:
    command = [
        sys.executable,
        "-Xfaulthandler",
        "-c",
        "from aiir_lab.cli import main; main()",
        "classroom",
        "watch",
        str(inbox),
    ]
    command += ["--course", str(course.folder), "--every", "0.2"]
    command += ["--no-sandbox"]  # test_batch confines; here only the way in matters, and this starts faster
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def test_an_interrupt_that_python_drops_ends_the_watching_all_the_same(
    small_class: Course, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(_: Watcher) -> Iterator[str]:
        with suppress(KeyboardInterrupt):  # as in the clean-up of an object
            signal.raise_signal(signal.SIGINT)
        yield "looked"

    monkeypatch.setattr(Watcher, "look", look)
    handler = signal.getsignal(signal.SIGINT)
    command = ["watch", str(inbox), "--course", str(small_class.folder), "--no-sandbox", "--every", "30"]
    result = CliRunner().invoke(app, ["classroom", *command])
    assert result.exit_code == 0
    assert result.output.count("looked") == 1
    assert "taken up at the next start" in result.output
    assert signal.getsignal(signal.SIGINT) is handler


def test_it_grades_on_arrival_ends_on_ctrl_c_and_goes_on(small_class: Course, inbox: Path) -> None:
    text = released(small_class)
    results = small_class.folder / "graded" / LESSON
    drop(inbox, "bad id!", text)
    drop(inbox, "sly", json.dumps({**json.loads(text), "nbformat": 3}))
    drop(inbox, "ana", text)
    process = start(small_class, inbox)
    try:
        assert process.stdout is not None
        said = ""
        while not all(f"{student}: {LESSON}: " in said for student in ("ana", "sly", "bad id!")):
            line = process.stdout.readline()
            assert line, process.communicate()
            said += line
        process.send_signal(signal.SIGINT)
        try:
            rest, problems = process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGABRT)  # faulthandler then says where it stands
            raise AssertionError(process.communicate()) from None
        assert (process.returncode, "Traceback" in problems) == (0, False), problems
        assert "taken up at the next start" in rest
        assert f"ana: {LESSON}: 0 of 34" in said
        assert "refused: the notebook has format '3'" in said
        assert "the folder's name is no student id" in said
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
    # started again: what is graded is not graded again
    before = {path: path.stat().st_mtime_ns for path in results.glob("*.json")}
    again = Watcher(small_class, inbox, is_isolated=False)
    assert [line for _ in range(3) for line in again.look() if "bad id" not in line] == []
    assert {path: path.stat().st_mtime_ns for path in results.glob("*.json")} == before
    with small_class.api.gradebook as book:
        assert {one.student.id for one in book.assignment_submissions(LESSON)} == {"ana", "sly"}
