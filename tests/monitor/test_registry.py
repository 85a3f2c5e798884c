"""Promote, roll back, verify; and which version a policy goes back to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from aiir_lab.monitor import Alarm, AlertRule, ModelRegistry, ModelVersion, RollbackPolicy
from aiir_lab.records.errors import AiirError, NotFoundError

START = datetime(2026, 3, 2, tzinfo=UTC)


def at(days: float) -> datetime:
    return START + timedelta(days=days)


@pytest.fixture
def registry():
    """v1 to v4, one a week, v3 held at a gate."""
    frame = pd.DataFrame(
        {
            "version": ["v1", "v2", "v3", "v4"],
            "trained_utc": [at(0), at(7), at(14), at(21)],
            "window_from_utc": [None, at(0), at(0), at(0)],
            "window_to_utc": [at(0), at(7), at(14), at(21)],
            "eval_auc": [0.9, 0.91, 0.92, 0.93],
            "status": ["promoted", "promoted", "held", "promoted"],
        }
    )
    batches = pd.DataFrame({"batch_id": ["b0", "b1", "b2"], "next_version": ["v2", "v2", ""]})
    return ModelRegistry.from_tables({"model_registry": frame, "ingestion_batches": batches})


def test_it_reads_a_table_and_knows_who_decided_when(registry):
    assert registry.active == "v4"
    assert [registry.active_at(at(d)) for d in (-1, 0, 8, 15, 22)] == ["", "v1", "v2", "v2", "v4"]
    assert registry.get("v3").status == "held"
    assert registry.get("v2").batches == ("b0", "b1")
    assert registry.get("v4").metrics["eval_auc"] == 0.93
    assert registry.get("v1").data_from_utc is None


def test_lineage_goes_back_to_the_first(registry):
    lineage = registry.lineage("v4")
    assert lineage["version"].tolist() == ["v4", "v2", "v1"]
    assert lineage["batches"].tolist() == [0, 2, 0]
    assert str(lineage["data_to_utc"].dtype) == "datetime64[us, UTC]"


def test_a_rollback_marks_the_bad_one_and_leaves_the_old_record_alone(registry):
    back = registry.roll_back(at=at(23), why="misses fraud")
    assert back.active == "v2"
    assert back.get("v4").status == "rolled_back"
    assert registry.active == "v4"
    assert back.to_frame().iloc[-1].to_dict() == {
        "at_utc": pd.Timestamp(at(23)), "action": "roll_back", "version": "v2",
        "replaced": "v4", "why": "misses fraud",
    }  # fmt: skip
    assert back.roll_back(at=at(24)).active == "v1", "a second one does not come back to the bad version"
    assert registry.roll_back(at=at(23), to="v1").active == "v1"


def test_what_makes_no_sense_is_refused(registry):
    with pytest.raises(AiirError, match="was rolled back"):
        registry.roll_back(at=at(23)).promote("v4", at=at(24))
    with pytest.raises(AiirError, match="before the last change"):
        registry.promote("v3", at=at(20))
    with pytest.raises(AiirError, match="decides already"):
        registry.promote("v4", at=at(30))
    with pytest.raises(AiirError, match="registered already"):
        registry.add(ModelVersion("v4", at(30)))
    with pytest.raises(AiirError, match="was trained"):
        registry.add(ModelVersion("v5", at(40))).promote("v5", at=at(30))
    with pytest.raises(AiirError, match="no earlier version"):
        ModelRegistry((ModelVersion("v1", at(0)),)).promote("v1", at=at(0)).roll_back(at=at(1))
    with pytest.raises(NotFoundError, match="v4"):
        registry.promote("v44", at=at(30))
    with pytest.raises(NotFoundError, match="table"):
        ModelRegistry.from_tables({"labels": pd.DataFrame()})


def test_verify_believes_production_and_not_the_registry(registry):
    back = registry.roll_back(at=at(23), why="test")
    times = [at(22.9), at(23.1), at(23.2), at(23.3)]
    done = pd.DataFrame({"decided_utc": times, "model_version": ["v4", "v2", "v2", "v2"]})
    assert back.verify(done, since=at(22)).is_ok
    stuck = done.assign(model_version=["v4", "v4", "v4", "v2"])
    said = back.verify(stuck, since=at(22))
    assert not said.is_ok
    assert said.problems == ("2 decisions by 'v4' while the registry says 'v2'",)
    assert not back.verify(done, since=at(30)).is_ok, "no decision is no proof"


def test_a_policy_goes_to_the_previous_version_or_to_one_from_before(registry):
    alarm = Alarm("partner-3 contradicts", at_utc=at(25))
    step = RollbackPolicy().decide(registry, alarm)
    assert (step.version, step.replaced, step.at_utc) == ("v2", "v4", at(25) + timedelta(minutes=30))
    older = RollbackPolicy(choose="before", margin_days=20)
    assert older.decide(registry, alarm).version == "v1"
    with pytest.raises(AiirError, match="smaller margin_days"):
        RollbackPolicy(choose="before", margin_days=90).decide(registry, alarm)
    with pytest.raises(NotFoundError, match="before"):
        RollbackPolicy(choose="befor")
    with pytest.raises(AiirError, match="has no time"):
        RollbackPolicy().acts_at(Alarm())


def test_delays_add_up():
    rule, policy = AlertRule(routing_delay_min=45), RollbackPolicy(response_delay_min=15)
    assert policy.acts_at(Alarm(at_utc=START), rule=rule) == START + timedelta(hours=1)


def test_it_reads_the_registries_of_other_worlds_too():
    live = {"live_utc": [at(0), at(9)], "training_rows": [10, 20]}
    for table, column in (("model_versions", "version"), ("model_registry", "model_version")):
        registry = ModelRegistry.from_tables({table: pd.DataFrame({column: ["a", "b"], **live})})
        assert registry.active == "b"
        assert registry.get("b").parent == "a"
    with pytest.raises(NotFoundError, match="version"):
        ModelRegistry.from_tables({"model_registry": pd.DataFrame(live)})
