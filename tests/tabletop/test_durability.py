"""A session that is killed, paused or played in other steps stays the same session."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from aiir_lab.records.errors import AiirError
from aiir_lab.tabletop import start_exercise, verify_log
from aiir_lab.tabletop.sight import Sight

_PLAYER = """
import sys
from aiir_lab.tabletop import start_exercise
session = start_exercise("assistant_injection", seed=7, log=sys.argv[1])
while True:
    session.note("x" * 3000)
    session.advance(minutes=1)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
def test_a_killed_session_goes_on_at_its_minute(tmp_path: Path) -> None:
    log = tmp_path / "run.jsonl"
    process = subprocess.Popen([sys.executable, "-c", _PLAYER, str(log)])
    try:
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline and (not log.exists() or log.stat().st_size < 60_000):
            time.sleep(0.05)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    whole = log.read_bytes().count(b"\n")
    assert whole > 10
    session = start_exercise("assistant_injection", seed=7, log=log)
    assert len(session.entries) in (whole, whole + 1)  # a last line may lack its line end only
    assert session.clock.minute == session.entries[-1].at_min == (len(session.entries) - 1) // 2
    session.advance(minutes=5)
    assert verify_log(log).ok


def test_the_steps_of_the_clock_do_not_matter() -> None:
    many = start_exercise("assistant_injection", seed=7)
    for _ in range(40):
        many.advance(minutes=7)
    once = start_exercise("assistant_injection", seed=7)
    once.advance(minutes=280)
    assert many._state == once._state


def test_real_time_stops_while_paused(tmp_path: Path) -> None:
    now = [0.0]
    log = tmp_path / "run.jsonl"
    session = start_exercise(
        "assistant_injection", seed=7, log=log, pace="accelerated", time_source=lambda: now[0]
    )
    now[0] += 60  # a real minute is twelve on the exercise clock
    session.tick()
    assert session.clock.minute == 12
    session.pause()
    now[0] += 3600
    session.tick()
    with pytest.raises(AiirError, match="paused"):
        session.advance(minutes=1)
    session.resume()
    assert session.clock.minute == 12
    now[0] += 30
    session.note("Back again.")
    assert session.clock.minute == 18
    now[0] += 9_999  # the laptop was closed
    again = start_exercise(
        "assistant_injection", seed=7, log=log, pace="accelerated", time_source=lambda: now[0]
    )
    assert again.clock.minute == 18


def test_a_second_session_on_the_same_log_is_noticed(tmp_path: Path) -> None:
    log = tmp_path / "run.jsonl"
    first = start_exercise("assistant_injection", seed=7, log=log)
    start_exercise("assistant_injection", seed=7, log=log).acknowledge()
    with pytest.raises(AiirError, match="another session"):
        first.acknowledge()
    assert verify_log(log).ok


def test_a_state_that_was_made_up_is_found(tmp_path: Path) -> None:
    """A chain that fits is not enough: the actions are played again."""
    from aiir_lab.tabletop.log import Log, read_log

    log = tmp_path / "run.jsonl"
    start_exercise("assistant_injection", seed=7, log=log).advance(minutes=100)
    forged = Log(tmp_path / "forged.jsonl")
    for entry in read_log(log.read_text(), where="log"):
        then = {**entry.then, "minute": min(entry.at_min, 2.0)}
        forged.append(entry.action, entry.data, then)
    found = verify_log(tmp_path / "forged.jsonl")
    assert not found.ok
    assert "line 2: advance leads to another state" in found.problem


def test_players_see_nothing_of_the_facilitator(tmp_path: Path) -> None:
    session = start_exercise("assistant_injection", seed=7)
    truth = session._case.facilitation
    shown = [
        getattr(session, name)
        for name in dir(session)
        if not name.startswith("_") and isinstance(getattr(Sight, name, None), property)
    ]
    text = repr(shown)
    assert len(shown) > 20
    for secret in (truth.truth[:60], "hours_after_onset", str(session._case.onset_utc), "expects="):
        assert secret not in text
    later = {inject.id for inject in truth.event_list} - {message.id for message in session.inbox}
    assert not [name for name in later if name in text]


def test_an_absent_role_is_reached_by_its_fallback() -> None:
    session = start_exercise("credit_bias", seed=7)
    session.acknowledge()
    session.declare_severity("SEV1")
    session.escalate("product")  # stands in for the executive by the matrix
    executive = next(item for item in session.escalations if item.role == "executive")
    assert executive.told == "product"
    assert not executive.is_late


def test_a_team_hands_roles_round() -> None:
    session = start_exercise("assistant_injection", seed=7, mode="team", players={"legal": "Ana"})
    session.take_role("legal")
    assert session.role == "legal"
    session.hand_over("security", to="Ben")
    session.escalate("security")
    session.advance(minutes=60)
    assert session.roles["security"] == "Ben"  # type: ignore[index]
    assert not [message for message in session.inbox if message.sender == "security"]
    with pytest.raises(AiirError, match="script"):
        session.take_role("product")
