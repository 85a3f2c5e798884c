"""``aiir drill`` with piped input: play, leave, go on, and the facilitator's look."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from aiir_lab.cli.app import app
from aiir_lab.tabletop import verify_log

FIRST = """\
ack
sev SEV2 "Records of persons went to somebody without a right to them."
tell incident_commander
look dashboard 3
decide kill_swich "slip"
frobnicate
say customer "unclosed
options
todo
"""
THEN = """\
decide kill_switch "The refund tool pays people without an order right now."
wait 60
wash "We switched it off early." "The alert came from finance."
"""


def test_a_drill_is_left_and_goes_on(tmp_path: Path) -> None:
    log, report = tmp_path / "run.jsonl", tmp_path / "report.md"
    command = ["drill", "assistant_injection", "--seed", "7", "--log", str(log)]
    first = CliRunner().invoke(app, command, input=FIRST)
    assert first.exit_code == 0, first.output
    assert "ALERT" in first.output
    assert "kill_switch" in first.output  # the slip was answered with the nearest name
    assert "There is no command 'frobnicate'" in first.output
    assert "quotation mark" in first.output
    assert "Left at minute 10" in first.output

    hidden = CliRunner().invoke(app, [*command, "--facilitator"])
    assert "Expected action" in hidden.output
    assert "For the facilitator only" in hidden.output

    then = CliRunner().invoke(app, [*command, "--report", str(report)], input=THEN)
    assert then.exit_code == 0, then.output
    assert "points" in then.output
    assert "# After-action report" in report.read_text()
    assert verify_log(log).is_finished


def test_an_unknown_exercise_is_named() -> None:
    result = CliRunner().invoke(app, ["drill", "assistant_inject"])
    assert "assistant_injection" in str(result.exception)
