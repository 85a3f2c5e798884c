"""An unacknowledged page climbs the one matrix by itself, on a clock that the test controls."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from aiir_lab.desk.clock import DeskClock
from aiir_lab.desk.desk import Desk
from aiir_lab.desk.model import Alert, Policy
from aiir_lab.desk.plan import DUE_DAYS, Plan, default_matrix, person_id, policy_id
from aiir_lab.records.errors import AiirError, NotFoundError
from aiir_lab.records.escalation import EscalationMatrix

START = datetime(2026, 3, 2, 9, 12, tzinfo=UTC)


@pytest.fixture
def desk() -> Desk:
    return Desk(clock=DeskClock(now_utc=START, rate=0))


def page(desk: Desk, *, severity: str = "SEV1", key: str = "drift") -> Alert:
    alert, _ = desk.paging.open(
        vendor="pagerduty",
        scope=desk.keys.routing_key,
        dedup_key=key,
        title="Scores drift",
        severity=severity,
        service_id="P1",
        actor="monitor",
        channel="api",
    )
    return alert


def pass_minutes(desk: Desk, minutes: float) -> Alert:
    assert isinstance(desk.clock, DeskClock)
    desk.clock.advance(minutes=minutes)
    desk.paging.climb()
    (alert,) = desk.store.find(Alert)
    return alert


def test_it_climbs_level_by_level_at_the_matrix_minutes(desk: Desk) -> None:
    assert page(desk).level == 1
    assert pass_minutes(desk, 4.9).level == 1
    assert pass_minutes(desk, 0.1).level == 2
    assert pass_minutes(desk, 5).level == 3
    assert pass_minutes(desk, 5).level == 4
    assert pass_minutes(desk, 15).level == 5
    assert pass_minutes(desk, 600).level == 5


def test_one_long_jump_logs_every_level_at_its_own_minute(desk: Desk) -> None:
    page(desk)
    alert = pass_minutes(desk, 240)
    climbs = [entry for entry in desk.paging.entries(alert) if entry.action == "escalate"]
    assert [(entry.created_utc - START) / timedelta(minutes=1) for entry in climbs] == [5, 10, 15, 30]
    assert [entry.level for entry in climbs] == [2, 3, 4, 5]


def test_acknowledging_stops_it_and_unacknowledging_starts_it_over(desk: Desk) -> None:
    alert = page(desk)
    desk.paging.acknowledge(alert, actor="me", channel="api")
    assert pass_minutes(desk, 60).level == 1
    desk.paging.retrigger(alert, actor="me", channel="api", reason="Handed back")
    assert pass_minutes(desk, 4).level == 1
    assert pass_minutes(desk, 1).level == 2


def test_resolving_ends_it(desk: Desk) -> None:
    desk.paging.resolve(page(desk), actor="me", channel="api")
    alert = pass_minutes(desk, 60)
    assert (alert.level, alert.assigned) == (1, [])


def test_the_stand_in_is_paged_with_the_next_level(desk: Desk) -> None:
    page(desk)
    roles = ("incident_commander", "communications_lead", "ml_engineer")
    assert pass_minutes(desk, 5).assigned == [person_id(role) for role in roles]


def test_escalating_by_hand_keeps_the_distance_to_the_level_after(desk: Desk) -> None:
    alert = page(desk)
    desk.paging.escalate(alert, actor="me", channel="api")
    assert alert.level == 2
    assert pass_minutes(desk, 4.9).level == 2
    assert pass_minutes(desk, 0.1).level == 3


def test_a_snooze_ends_and_the_page_climbs_again(desk: Desk) -> None:
    alert = page(desk)
    desk.paging.snooze(alert, until_utc=START + timedelta(minutes=30), actor="me", channel="api")
    assert pass_minutes(desk, 29).status == "acknowledged"
    assert pass_minutes(desk, 1).status == "triggered"
    assert pass_minutes(desk, 5).level == 2


def test_severities_climb_at_their_own_pace(desk: Desk) -> None:
    for severity in ("SEV1", "SEV2", "SEV3", "SEV4"):
        page(desk, severity=severity, key=severity)
    assert isinstance(desk.clock, DeskClock)
    desk.clock.advance(minutes=15)
    desk.paging.climb()
    assert {alert.severity: alert.level for alert in desk.store.find(Alert)} == {
        "SEV1": 4,
        "SEV2": 2,
        "SEV3": 1,
        "SEV4": 1,
    }


def test_any_matrix_drives_it() -> None:
    steps = [
        {
            "severity": severity,
            "level": 1,
            "role": "security",
            "within_min": 3,
            "fallback": "legal",
            "leads": True,
        }
        for severity in ("SEV1", "SEV2", "SEV3", "SEV4")
    ]
    matrix = EscalationMatrix.from_dict({"title": "Only security", "steps": steps})
    desk = Desk(clock=DeskClock(now_utc=START, rate=0), matrix=matrix)
    alert = page(desk)
    assert (alert.level, alert.assigned) == (1, [person_id("security")])
    assert pass_minutes(desk, 600).level == 1


def test_the_matrix_of_the_plan_becomes_policies_and_due_dates() -> None:
    plan = Plan(default_matrix())
    assert plan.steps == Plan().steps
    policies = {policy.severity: policy for policy in plan.policies()}
    for severity, policy in policies.items():
        steps = default_matrix().for_severity(str(severity))
        minutes = sorted({step.within_min for step in steps})
        assert [rule.after_min for rule in policy.rules] == [0, *minutes[1:]]
        assert [level for rule in policy.rules for level in rule.levels] == [step.level for step in steps]
        assert all(later.after_min - rule.after_min >= 1 for rule, later in pairwise(policy.rules))
        assert policy.id == policy_id(str(severity))
    closed = START.date()
    for severity, days in DUE_DAYS.items():
        assert plan.due_date(severity, closed=closed) == closed + timedelta(days=days)
    with pytest.raises(NotFoundError):
        plan.due_date("SEV9", closed=closed)


def test_the_desks_own_matrix_is_the_courses() -> None:
    from aiir_lab.catalog import load_escalation_matrix

    assert default_matrix() == load_escalation_matrix()


def test_a_desk_restarted_with_another_matrix_follows_the_new_one(tmp_path) -> None:  # type: ignore[no-untyped-def]
    first = Desk(tmp_path / "desk.db")
    first.store.close()
    steps = [
        {
            "severity": severity,
            "level": 1,
            "role": "legal",
            "within_min": 0,
            "fallback": "product",
            "leads": True,
        }
        for severity in ("SEV1", "SEV2", "SEV3", "SEV4")
    ]
    second = Desk(tmp_path / "desk.db", matrix=EscalationMatrix.from_dict({"title": "Legal", "steps": steps}))
    policy = second.store.get(Policy, policy_id("SEV1"))
    assert policy is not None
    assert [rule.targets for rule in policy.rules] == [[person_id("legal")]]
    assert second.keys == first.keys
    second.store.close()


def test_the_clock_runs_stops_and_jumps() -> None:
    seconds = [1000.0]
    clock = DeskClock(now_utc=START, read_seconds=lambda: seconds[0])
    clock.run(rate=900)
    seconds[0] += 1
    assert clock.now() - START == timedelta(minutes=15)
    clock.run(rate=0)
    seconds[0] += 100
    assert clock.now() - START == timedelta(minutes=15)
    clock.advance(minutes=1.5)
    assert clock.now() - START == timedelta(minutes=16.5)
    again = DeskClock(read_seconds=lambda: seconds[0])
    again.restore(clock.to_dict())
    assert again.now() == clock.now()


@pytest.mark.parametrize(
    "wrong",
    [
        lambda clock: clock.run(rate=-1),
        lambda clock: clock.run(rate=10_000),
        lambda clock: clock.advance(minutes=-1),
        lambda clock: clock.advance(minutes=float("nan")),
        lambda clock: clock.set(datetime(2026, 1, 1)),  # noqa: DTZ001
    ],
)
def test_the_clock_refuses_what_no_clock_does(wrong) -> None:  # type: ignore[no-untyped-def]
    clock = DeskClock(now_utc=START, rate=0)
    with pytest.raises(AiirError):
        wrong(clock)
    assert clock.now() == START
