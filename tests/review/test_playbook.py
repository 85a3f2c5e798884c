"""Exercising a playbook: the schedule by hand, every kind of break, and harm measured by replay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aiir_lab.catalog import load_playbook
from aiir_lab.records import AiirError, NotFoundError, Playbook
from aiir_lab.review import exercise_playbook
from aiir_lab.review.playbook.breaks import BREAK_KINDS, find_breaks
from aiir_lab.review.playbook.schedule import play
from aiir_lab.simulate import Run, replay, simulate

SATURDAY = datetime(2025, 3, 8, 7, tzinfo=UTC)
CONTROLS = ("kill_switch", "human_approval", "input_provenance")


def mended(**changes: dict[str, Any]) -> Playbook:
    """The model playbook with fields of tasks, decisions or the whole changed; None leaves a part out."""
    data = load_playbook("moderation").model_dump(mode="json")
    for part in ("tasks", "decisions"):
        asked = changes.pop(part, {})
        data[part] = [
            item | (asked.get(item["id"]) or {})
            for item in data[part]
            if asked.get(item["id"], {}) is not None
        ]
    return Playbook.from_dict(data | changes)


def kinds(playbook: Playbook, at: datetime = SATURDAY, clocks: tuple[str, ...] | None = None) -> set[str]:
    asked = playbook.legal_clocks if clocks is None else clocks
    return {finding.kind for finding in find_breaks(playbook, play(playbook, at), CONTROLS, asked)}


def test_the_model_playbook_holds_even_on_a_saturday_morning() -> None:
    assert kinds(load_playbook("moderation")) == set()


def test_each_task_waits_for_what_it_needs() -> None:
    late = mended(tasks={"keep-evidence": {"by_min": 45}})
    played = {item.task.id: item for item in play(late, SATURDAY)}
    # by hand: evidence ends at 45, switching off takes 10 minutes, hardening 100 more
    assert played["switch-off"].start_min == 45
    assert played["switch-off"].waited_for == "task 'keep-evidence'"
    assert played["harden-input"].end_min == 45 + 10 + 100
    assert played["harden-input"].late_min == 155 - 120


def test_an_office_role_that_decides_alone_waits_for_monday() -> None:
    alone = mended(decisions={"switch-off": {"role": "product", "fallback": None}})
    played = {item.task.id: item for item in play(alone, SATURDAY)}
    # Saturday 07:00 to Monday 09:00 are 50 hours
    assert played["switch-off"].start_min == 50 * 60
    assert {"decider_not_reached", "nobody_stands_in"} <= kinds(alone)
    stand_in = mended(decisions={"switch-off": {"role": "product", "fallback": "on_call"}})
    assert next(item for item in play(stand_in, SATURDAY) if item.task.id == "switch-off").start_min == 10
    tuesday = SATURDAY + timedelta(days=3, hours=3)
    assert "decider_not_reached" not in kinds(alone, tuesday)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"decisions": {"switch-off": {"switches_model_off": False}}}, "nobody_may_switch_off"),
        ({"decisions": {"say-in-public": {"fallback": None}}}, "nobody_stands_in"),
        ({"tasks": {"keep-evidence": {"by_min": 30}}}, "prerequisite_later"),
        ({"tasks": {"press-line": {"role": "legal"}}}, "role_overloaded"),
        ({"tasks": {"keep-evidence": {"keeps_evidence": False}}}, "evidence_not_kept"),
        ({"tasks": {"switch-off": {"controls": ["safe_mode"]}}}, "unknown_control"),
        ({"updates": None}, "update_gap"),
        ({"updates": {"role": "communications_lead", "first_by_min": 15, "every_min": 60}}, "update_gap"),
        ({"tasks": {"first-update": {"from_min": 60, "by_min": 70}}}, "update_gap"),
        ({"tasks": {"tell-data-protection": None}}, "clock_unanswered"),
        ({"tasks": {"tell-data-protection": {"by_min": 73 * 60}}}, "clock_missed"),
    ],
)
def test_each_slip_is_found(changes: dict[str, Any], kind: str) -> None:
    assert kind in BREAK_KINDS
    assert kind in kinds(mended(**changes))


def test_a_chained_clock_counts_from_the_notice_before_it() -> None:
    notices = [
        ("initial", 60, 1_200, "dora-initial"),
        ("later", 3_000, 1_200 + 72 * 60 + 60, "dora-intermediate"),
    ]
    data = load_playbook("moderation").model_dump(mode="json")
    data["tasks"] += [
        {"id": id, "role": "legal", "from_min": a, "by_min": b, "what": "Notify", "answers_clock": clock}
        for id, a, b, clock in notices
    ]
    played = play(Playbook.from_dict(data), SATURDAY)
    found = find_breaks(Playbook.from_dict(data), played, CONTROLS, ("dora-initial", "dora-intermediate"))
    assert [finding.field for finding in found if finding.kind == "clock_missed"] == ["dora-intermediate"]


@pytest.fixture(scope="module")
def run() -> Run:
    return simulate("assistant_injection", seed=7, size="sample")


def test_harm_is_what_a_replay_with_these_times_says(run: Run) -> None:
    went = exercise_playbook(load_playbook("moderation"), run=run, detected_utc=SATURDAY)
    assert went.controls["kill_switch"] == SATURDAY + timedelta(minutes=20)
    assert went.harm_with == replay(run, controls=went.controls).harm.amount
    assert went.harm_at_once <= went.harm_with < went.harm_without == run.harm.amount
    assert went.holds
    assert "Nothing broke" in went.to_markdown()


def test_a_decision_that_waits_costs_harm(run: Run) -> None:
    prompt = exercise_playbook(load_playbook("moderation"), run=run, detected_utc=SATURDAY)
    alone = mended(decisions={"switch-off": {"role": "product", "fallback": None}})
    waits = exercise_playbook(alone, run=run, detected_utc=SATURDAY)
    assert waits.harm_with > prompt.harm_with
    assert "T+50:00" in waits.to_markdown()
    assert "<ol>" in waits._repr_html_()
    assert waits.to_frame().at["switch-off", "start_min"] == 3_000


def test_what_cannot_be_exercised_is_said(run: Run) -> None:
    playbook = load_playbook("moderation")
    with pytest.raises(NotFoundError, match="Did you mean 'gdpr-33'"):
        exercise_playbook(playbook, run=run, detected_utc=SATURDAY, clocks=["gdpr-34"])
    with pytest.raises(AiirError, match="with its zone"):
        exercise_playbook(playbook, run=run, detected_utc=SATURDAY.replace(tzinfo=None))
    with pytest.raises(AiirError, match="the run lasts from"):
        exercise_playbook(playbook, run=run, detected_utc=datetime(2026, 3, 8, tzinfo=UTC))
    with pytest.raises(AiirError, match="expected a Playbook, got dict"):
        exercise_playbook({}, run=run, detected_utc=SATURDAY)  # type: ignore[arg-type]
