"""The severity and escalation matrices: every level can be reached, every bound counts."""

from __future__ import annotations

import pytest

from aiir_lab.catalog import course_path, load_escalation_matrix, load_severity_matrix
from aiir_lab.records import Role, Severity

CRITERIA = [criterion.name for criterion in load_severity_matrix().criteria]


@pytest.mark.parametrize("name", CRITERIA)
def test_each_bound_earns_its_level_and_anything_less_does_not(name: str) -> None:
    matrix = load_severity_matrix()
    criterion = next(item for item in matrix.criteria if item.name == name)
    for level in (Severity.SEV1, Severity.SEV2, Severity.SEV3):
        bound = getattr(criterion, level.value.lower())
        if bound is not None:
            assert matrix.classify({name: bound}).severity is level
            assert not matrix.classify({name: bound - 0.01}).severity.is_at_least(level)


def test_nothing_measured_is_the_lowest_level_and_says_what_is_open() -> None:
    decision = load_severity_matrix().classify({})
    assert decision.severity is Severity.SEV4
    assert list(decision.not_measured) == CRITERIA


def test_the_worst_criterion_decides_not_the_sum() -> None:
    decision = load_severity_matrix().classify({"users_affected": 4, "money_lost": 4000, "legal_clock": 0})
    assert decision.severity is Severity.SEV3
    assert load_severity_matrix().classify({"users_affected": 0.1, "legal_clock": 1}).decided_by == (
        "legal_clock",
    )


def test_the_dimensions_that_ai_incidents_need_are_there() -> None:
    needed = {"harmed_group", "irreversible", "retraining_on_bad_data", "legal_clock", "harmful_outputs"}
    assert needed <= set(CRITERIA)


def test_somebody_may_switch_the_model_off_at_every_severity() -> None:
    matrix = load_escalation_matrix()
    for severity in Severity:
        assert matrix.may_switch_off(severity), severity


def test_worse_incidents_are_escalated_sooner_and_reported_more_often() -> None:
    matrix = load_escalation_matrix()
    first = [matrix.for_severity(severity)[0].within_min for severity in Severity]
    assert first == sorted(first)
    updates = [matrix.update_every_min[severity] for severity in Severity]
    assert updates == [20, 30, 120, 1440]
    assert matrix.leader("SEV1") is Role.INCIDENT_COMMANDER
    assert {step.role for step in matrix.due("SEV1", 30)} >= {Role.LEGAL, Role.EXECUTIVE}


def test_the_card_speaks_about_every_criterion() -> None:
    card = course_path("datasets", "practice", "README.md").read_text(encoding="utf-8")
    for criterion in load_severity_matrix().criteria:
        bounds = " / ".join(
            "none" if bound is None else f"{bound:g}"
            for bound in (criterion.sev1, criterion.sev2, criterion.sev3)
        )
        rows = [line for line in card.splitlines() if line.startswith(f"| `{criterion.name}`")]
        assert len(rows) == 1, criterion.name
        assert bounds in rows[0]
