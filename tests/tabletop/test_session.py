"""A session: what an action does, what the log keeps, and that both are one thing."""

from __future__ import annotations

from pathlib import Path

import pytest

from aiir_lab.records.errors import AiirError, NotFoundError
from aiir_lab.tabletop import play_log, start_exercise, verify_log
from aiir_lab.tabletop.session import Session


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A response that does the first things right, on a log."""
    session = start_exercise("fraud_poisoning", seed=7, log=tmp_path_factory.mktemp("log") / "run.jsonl")
    session.acknowledge()
    session.declare_severity("SEV2", rationale="A model learns from labels that analysts contradict.")
    session.escalate("incident_commander")
    session.query("feedback_by_merchant")
    session.keep_evidence("labels")
    session.decide("freeze_feedback", rationale="Stops the inflow before the next training run.")
    session.advance(minutes=60)
    return session


def test_the_alert_has_figures_of_the_world(played: Session) -> None:
    alert = played.inbox[0]
    assert alert.is_alert
    assert alert.is_acknowledged
    assert "{" not in alert.text
    table = played._case.look({}, 0.0)["feedback_by_merchant"]
    assert f"calls {table['contradicted_rows'].sum():,} legitimate" in alert.text


def test_actions_cost_their_minutes(played: Session) -> None:
    assert [entry.at_min for entry in played.entries] == [0, 1, 3, 5, 25, 30, 40, 100]


def test_a_decision_changes_what_happens_next(played: Session) -> None:
    frozen = next(decision for decision in played.decisions if decision.name == "freeze_feedback")
    assert frozen.works_at_min == 60
    idle = play_log(played.log_path)
    later = played.clock.minute + 1440
    as_played = played._case.look({"freeze_feedback": 60.0}, later)["labels"]
    without = idle._case.look({}, later)["labels"]
    assert (as_played["status"] == "taken_in").sum() < (without["status"] == "taken_in").sum()


def test_the_log_is_verified_and_played_again(played: Session) -> None:
    assert verify_log(played.log_path).ok
    again = play_log(played.log_path)
    assert again._state == played._state
    again.advance(minutes=5)
    assert verify_log(played.log_path).lines == len(played.entries)


def test_it_resumes_at_its_minute(played: Session) -> None:
    resumed = start_exercise("fraud_poisoning", seed=7, log=played.log_path)
    assert resumed.clock == played.clock
    assert resumed.inbox == played.inbox


def test_a_log_of_another_case_is_refused(played: Session) -> None:
    with pytest.raises(AiirError, match="line 1: this log has seed=7"):
        start_exercise("fraud_poisoning", seed=8, log=played.log_path)


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (lambda s: s.decide("rollbck_model"), "rollback_model"),
        (lambda s: s.query("feedback_by_merchants"), "feedback_by_merchant"),
        (lambda s: s.escalate("lgal"), "legal"),
        (lambda s: s.declare_severity("SEV5"), "SEV4"),
        (lambda s: s.acknowledge("nothing"), "There is no message"),
    ],
)
def test_a_slip_names_the_nearest_and_changes_nothing(played: Session, act: object, says: str) -> None:
    before = played._state
    with pytest.raises(NotFoundError, match=says):
        act(played)  # type: ignore[operator]
    assert played._state is before


def test_who_was_not_told_cannot_decide() -> None:
    session = start_exercise("fraud_poisoning", seed=7)
    with pytest.raises(AiirError, match="escalate to one of them first"):
        session.decide("cohort_check")
    with pytest.raises(AiirError, match="declare the severity first"):
        session.decide("kill_switch")


def test_a_changed_line_is_named(played: Session, tmp_path: Path) -> None:
    lines = played.log_path.read_text().splitlines(keepends=True)
    lines[5] = lines[5].replace("labels", "alerts")
    changed = tmp_path / "changed.jsonl"
    changed.write_text("".join(lines))
    assert "line 6: changed after it was written" in verify_log(changed).problem
    with pytest.raises(AiirError, match="line 6"):
        start_exercise("fraud_poisoning", seed=7, log=changed)


def test_a_missing_line_is_named(played: Session, tmp_path: Path) -> None:
    lines = played.log_path.read_text().splitlines(keepends=True)
    cut = tmp_path / "cut.jsonl"
    cut.write_text("".join(lines[:2] + lines[3:]))
    assert "line 3" in verify_log(cut).problem


def test_a_cut_last_line_is_kept_aside(played: Session, tmp_path: Path) -> None:
    text = played.log_path.read_text()
    log = tmp_path / "run.jsonl"
    log.write_text(text[:-40])
    resumed = start_exercise("fraud_poisoning", seed=7, log=log)
    assert resumed.clock.minute == 40
    assert "kept in run.jsonl.cut" in str(resumed.repaired)
    aside = (tmp_path / "run.jsonl.cut").read_text()
    assert text.endswith(aside.rstrip("\n") + text[-40:])
    resumed.advance(minutes=60)
    assert log.read_text() == text
