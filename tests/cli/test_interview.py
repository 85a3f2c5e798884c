"""``aiir interview`` as a learner uses it, from a pipe."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from aiir_lab.catalog.interview import load_interview_question
from aiir_lab.interview import History

STRONG = load_interview_question("fragmented-communication").worked_strong
assert STRONG is not None
ANSWER = STRONG.text()


def practise(given: str | bytes, *arguments: object, history: Path) -> subprocess.CompletedProcess[str]:
    """Run the command with an answer on standard input."""
    code = "from aiir_lab.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "interview", "--history", str(history), *map(str, arguments)],
        input=given.encode() if isinstance(given, str) else given,
        capture_output=True,
        timeout=120,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode(errors="replace")
    )


@pytest.fixture
def history(tmp_path: Path) -> Path:
    return tmp_path / "history.jsonl"


def test_answer_follow_up_skip_and_come_back(history: Path) -> None:
    given = f"{ANSWER}\n.\nI would ask the commander who was careless.\n.\n:skip\n"
    done = practise(given, "--count", 2, "--competency", "communication", history=history)
    assert done.returncode == 0, done.stderr
    assert "learning  4 of 4" in done.stdout
    assert "Follow-up:" in done.stdout
    assert "careless" in done.stdout
    assert "comes back on" in done.stdout
    assert [bool(attempt.follow_up) for attempt in History(history).attempts] == [False, True]
    assert json.loads(history.read_text().splitlines()[0])["scores"]["learning"] == 4
    later = practise("", "--due", history=history)
    assert later.returncode == 0
    assert "Nothing is due" in later.stdout


def test_nothing_answered_and_below_the_bar(history: Path) -> None:
    assert practise("", history=history).returncode == 1
    assert not history.exists()
    weak_text = "We fixed it, and then it was much better than it had been before that day.\n"
    weak = practise(weak_text, "--fail-under", 0.5, "--count", 1, history=history)
    assert weak.returncode == 1
    assert "Mean score" in weak.stdout


def test_quitting_keeps_what_was_answered(history: Path) -> None:
    done = practise(f"{ANSWER}\n.\n:quit\n", history=history)
    assert done.returncode == 0
    assert len(History(history).attempts) == 1


def test_any_bytes_are_an_answer(history: Path) -> None:
    done = practise(b"\xff\xfe\x00 [bold]x[/bold] " * 400 + b"\n.\n.\n", "--count", 1, history=history)
    assert done.returncode == 0
    assert "Traceback" not in done.stderr


def test_spoken(history: Path) -> None:
    done = practise("\n\nwell\n3 2 4 3 2 4\n.\n", "--spoken", "--count", 1, history=history)
    assert done.returncode == 0, done.stderr
    assert "Six numbers" in done.stdout
    (attempt,) = History(history).attempts
    assert (attempt.mode, attempt.own_scores and attempt.own_scores["tone"]) == ("spoken", 4)


@pytest.mark.parametrize("ending", [".md", ".html"])
def test_mock_interview_with_a_report(history: Path, tmp_path: Path, ending: str) -> None:
    report = tmp_path / "deep" / f"report{ending}"
    given = f"{ANSWER}\n.\nThe commander decides.\n.\n:skip\n"
    done = practise(given, "--mock", "--minutes", 10, "--report", report, history=history)
    assert done.returncode == 0, done.stderr
    assert "1 of 2 questions answered" in report.read_text()
    assert "Mean score" in done.stdout


def test_wrong_calls(history: Path) -> None:
    for arguments, words in (
        (("--level", "expert"), "beginner"),
        (("--competency", "cooking"), "competency"),
        (("--mock", "--report", "report.pdf"), ".md or .html"),
    ):
        done = practise("", *arguments, history=history)
        assert done.returncode == 2
        assert words in done.stderr
        assert "Traceback" not in done.stderr


def test_a_history_that_cannot_be_written_keeps_nothing_silent(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = practise(f"{ANSWER}\n.\n", history=tmp_path / "file" / "history.jsonl")
    assert done.returncode == 2
    assert "cannot be" in done.stderr


def test_a_damaged_line_is_named(history: Path) -> None:
    history.write_text('{"question": 3}\n')
    done = practise("", history=history)
    assert "left out" in done.stdout


def test_the_second_opinion_is_off_until_set_up(history: Path) -> None:
    done = practise(f"{ANSWER}\n.\n.\n", "--opinion", "--count", 1, history=history)
    assert done.returncode == 0
    assert "No endpoint is set up" in done.stdout


def test_the_second_opinion_asks_each_time(history: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("URL", "http://127.0.0.1:9"), ("MODEL", "small"), ("KEY", "sk-secret-7")):
        monkeypatch.setenv(f"AIIR_OPINION_{name}", value)
    given = f"{ANSWER}\n.\nn\n.\n{ANSWER}\n.\ny\n.\n"
    done = practise(given, "--opinion", "--count", 2, history=history)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("NOTHING HAS BEEN SENT YET") == 2
    assert done.stdout.count("Not sent.") == 1
    assert done.stdout.count("could not be asked") == 1
    assert "sk-secret-7" not in done.stdout + done.stderr
