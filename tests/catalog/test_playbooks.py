"""The playbook and legal clocks of the course: complete, sourced, in agreement with matrix and worlds."""

from __future__ import annotations

import pytest

from aiir_lab.catalog import (
    legal_clocks,
    load_escalation_matrix,
    load_legal_rules,
    load_playbook,
    playbook_ids,
)
from aiir_lab.records import NotFoundError, Playbook, Role
from aiir_lab.simulate.world import load_world


def test_the_model_playbook_is_cross_functional_and_survives_markdown() -> None:
    playbook = load_playbook("moderation")
    roles = {task.role for task in playbook.tasks}
    assert {Role.ML_ENGINEER, Role.LEGAL, Role.COMMUNICATIONS_LEAD, Role.CUSTOMER_SUPPORT} <= roles
    assert Playbook.from_markdown(playbook.to_markdown()) == playbook
    assert Playbook.from_yaml(playbook.to_yaml()) == playbook
    for clock in playbook.legal_clocks:
        assert load_legal_rules().rule(clock)


def test_it_agrees_with_the_escalation_matrix() -> None:
    playbook, matrix = load_playbook("moderation"), load_escalation_matrix()
    assert set(playbook.may_switch_off()) <= set(matrix.may_switch_off(playbook.severity))
    assert playbook.updates is not None
    assert playbook.updates.every_min <= matrix.update_every_min[playbook.severity]


@pytest.mark.parametrize("world", ["moderation_failure", "assistant_injection"])
def test_its_controls_exist(world: str) -> None:
    known = set(load_world(world).control_names)
    for task in load_playbook("moderation").tasks:
        assert not task.controls or known & set(task.controls)


def test_an_unknown_playbook_is_named() -> None:
    assert playbook_ids() == ["moderation", "moderation_draft"]
    with pytest.raises(NotFoundError, match="Did you mean 'moderation'"):
        load_playbook("moderations")


def test_the_clocks_are_facts_with_a_source() -> None:
    table = legal_clocks().set_index("id")
    hours = table["within_hours"].to_dict()
    assert [hours[f"ai-act-73-{number}"] for number in (2, 3, 4)] == [15 * 24, 2 * 24, 10 * 24]
    assert (hours["gdpr-33"], hours["dora-initial"], hours["nis2-early"]) == (72, 24, 24)
    assert not table.loc[["nis2-early", "nis2-notification", "gdpr-33"], "is_checked"].any()
    assert table["source"].str.startswith("https://").all()
    assert "fraud" in str(table.at["ai-act-73-2", "trap"])
