"""A session as Python: its calls lead to the same log."""

from __future__ import annotations

from pathlib import Path

import aiir_lab as lab
from aiir_lab.tabletop import start_exercise, verify_log


def test_the_code_plays_the_same_session_again(tmp_path: Path) -> None:
    session = start_exercise("assistant_injection", seed=7, difficulty="easy")
    session.acknowledge()
    session.hypothesis('Something "odd"\nwith refunds')
    session.note("A note")
    session.query("refunds")
    session.keep_evidence("tool_calls")
    session.declare_severity("SEV2", rationale="Money leaves.")
    session.escalate("incident_commander", "Refunds without orders.")
    session.message("ml_engineer", "Can the tool be closed?")
    session.decide("kill_switch", rationale="It stops the harm at once.")
    session.post_update("Refunds are paused. Next update 10:00 UTC.", stage="identified", next_update_min=30)
    session.decide_legal("gdpr_article_33", "ask_counsel", rationale="Records were sent.")
    session.advance(minutes=45)
    session.hot_wash(went_well=["We stopped it."], to_improve="Tell legal sooner.")
    made: dict[str, object] = {"lab": lab}
    exec(session.code, made)
    again = made["session"]
    assert again.log_text == session.log_text  # type: ignore[attr-defined]
    assert "\n" not in session.code.split("\n")[1]


def test_the_text_of_the_log_is_its_file(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    session = start_exercise("assistant_injection", seed=7, difficulty="easy", log=path)
    session.acknowledge()
    assert session.log_text == path.read_text(encoding="utf-8")
    copy = tmp_path / "copy.jsonl"
    copy.write_text(session.log_text, encoding="utf-8")
    assert verify_log(copy).ok
