"""A file of JSON lines survives crashes, other writers and full disks."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from aiir_lab.records import journal as module
from aiir_lab.records.journal import Journal, JournalError

WRITER = """
import sys
from pathlib import Path
from aiir_lab.records.journal import Journal
journal = Journal(Path(sys.argv[1]))
for number in range(40):
    journal.append({"writer": sys.argv[2], "number": number, "filling": "x" * 3000})
"""


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "deep" / "notes.jsonl")


def test_nothing_yet(journal: Journal) -> None:
    assert journal.read() == ([], [])


def test_lines_come_back_as_written(journal: Journal) -> None:
    rows = [{"a": 1}, {"text": "zwei\nZeilen, \u2028 und mehr"}, {"a": None}, {"half": "\ud800"}]
    for row in rows:
        journal.append(row)
    assert journal.read() == (rows, [])
    assert len(journal.path.read_bytes().split(b"\n")) == 5


@pytest.mark.parametrize("cut", [1, 5, 12])
def test_a_torn_line_is_set_aside_and_the_rest_goes_on(journal: Journal, cut: int) -> None:
    journal.append({"n": 1})
    journal.append({"n": 2, "text": "long"})
    journal.path.write_bytes(journal.path.read_bytes()[:-cut])
    rows, problems = journal.read()
    # without its line end alone, the line is still whole
    assert (rows, len(problems)) == (
        ([{"n": 1}, {"n": 2, "text": "long"}], 0) if cut == 1 else ([{"n": 1}], 1)
    )
    journal.append({"n": 3})
    rows, problems = journal.read()
    assert [row["n"] for row in rows] == ([1, 2, 3] if cut == 1 else [1, 3])
    assert problems == []
    torn = journal.path.with_name("notes.jsonl.torn")
    assert torn.exists() == (cut != 1)
    if cut != 1:
        assert torn.read_bytes().startswith(b'{"n":2')


def test_a_damaged_line_in_the_middle_is_named_and_kept(journal: Journal) -> None:
    journal.append({"n": 1})
    with journal.path.open("ab") as file:
        file.write(b"\xff\x00 rubbish\n[1]\n\n")
    journal.append({"n": 2})
    rows, problems = journal.read()
    assert [row["n"] for row in rows] == [1, 2]
    assert [problem.split(":")[0] for problem in problems] == ["notes.jsonl, line 2", "notes.jsonl, line 3"]
    assert b"rubbish" in journal.path.read_bytes()


def test_two_processes_write_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "shared.jsonl"
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), name]) for name in "ab"]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    rows, problems = Journal(path).read()
    assert problems == []
    for name in "ab":
        assert [row["number"] for row in rows if row["writer"] == name] == list(range(40))


def test_a_writer_killed_midway_leaves_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "killed.jsonl"
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER.replace("range(40)", "range(10**6)"), str(path), "a"]
    )
    while not path.exists() or path.stat().st_size < 30_000:
        assert writer.poll() is None
    writer.kill()
    writer.wait()
    journal = Journal(path)
    journal.append({"number": -1})
    rows, problems = journal.read()
    assert problems == []
    assert [row["number"] for row in rows[:-1]] == list(range(len(rows) - 1))
    assert rows[-1] == {"number": -1}


def test_another_holder_is_named(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_WAIT_S", 0.1)
    journal.append({"n": 1})
    with (
        journal.path.open("a+b") as file,
        module._locked(file, journal.path),
        pytest.raises(JournalError, match="another program"),
    ):
        journal.append({"n": 2})
    journal.append({"n": 3})
    assert [row["n"] for row in journal.read()[0]] == [1, 3]


def test_no_place_to_write(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(JournalError, match="cannot be written"):
        Journal(tmp_path / "file" / "notes.jsonl").append({"n": 1})
    (tmp_path / "folder").mkdir()
    with pytest.raises(JournalError, match="cannot be read"):
        Journal(tmp_path / "folder").read()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk(tmp_path: Path) -> None:
    (tmp_path / "full.jsonl").symlink_to("/dev/full")
    with pytest.raises(JournalError, match="No space left"):
        Journal(tmp_path / "full.jsonl").append({"n": 1})


def test_one_line_has_a_limit(journal: Journal) -> None:
    with pytest.raises(JournalError, match="Shorten"):
        journal.append({"text": "x" * 2**20})
    assert not journal.path.exists()
    journal.append(json.loads('{"n": 1}'))
