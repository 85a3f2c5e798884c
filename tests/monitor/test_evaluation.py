"""What monitors are worth, on three seeds: the taught one, one that always cries, one that never does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from aiir_lab.monitor import (
    AlertRule,
    ModelRegistry,
    RollbackPolicy,
    evaluate_monitor,
    ready_monitors,
    watch,
)
from aiir_lab.records.errors import AiirError, NotFoundError
from aiir_lab.simulate import replay, simulate

pytestmark = pytest.mark.xdist_group("monitor")
SEEDS = (1, 2, 3)


def always(tables, now):
    return True


def never(tables, now):
    return False


@pytest.fixture(scope="module")
def done():
    taught = ready_monitors("fraud_poisoning")["source_disagreement"]
    monitors = {"taught": taught, "strict": replace(taught, threshold=7.0), "always": always, "never": never}
    return evaluate_monitor(
        monitors, seeds=SEEDS, size="sample", every_hours=48, response="rollback_model",
        rule=AlertRule(routing_delay_min=60),
    )  # fmt: skip


def rows_of(done, monitor) -> pd.DataFrame:
    return done.rows[done.rows["monitor"] == monitor].set_index("seed")


def test_the_taught_monitor_finds_the_poisoning_with_few_false_alarms(done):
    rows = rows_of(done, "taught")
    assert rows["is_detected"].all()
    assert not rows["is_coincidence"].any()
    assert (rows["delay_hours"] < 24 * 42).all()
    assert (rows["false_alarms_per_week"] <= 0.5).all()
    assert rows["false_alarms_before_onset"].sum() == 0
    assert (rows["harm_avoided_share"] > 0.5).all()


def test_what_it_names_is_what_was_planted(done):
    for seed in SEEDS:
        mine = done.alarms.query("monitor == 'taught' and seed == @seed and not is_clean")
        sources = simulate("fraud_poisoning", seed=seed, size="sample").reveal().details["sources"]
        assert mine["where"].iloc[0] in {f"source_id={one}" for one in sources}


def test_one_that_always_cries_is_quick_by_luck_and_pays_for_it(done):
    rows = rows_of(done, "always")
    assert (rows["delay_hours"] <= 48).all()
    assert rows["is_coincidence"].all()
    assert np.allclose(rows["false_alarms_per_week"], 3.5)
    assert (rows["false_alarms_before_onset"] > 5).all()


def test_one_that_never_does_avoids_nothing(done):
    rows = rows_of(done, "never")
    assert not rows["is_detected"].any()
    assert np.isinf(rows["delay_hours"]).all()
    assert (rows["harm_avoided"] == 0).all()
    assert rows["detected_utc"].isna().all()
    assert np.isinf(done.summary.loc["never", "delay_hours_median"])


def test_a_higher_threshold_is_never_earlier_nor_noisier(done):
    low, high = rows_of(done, "taught"), rows_of(done, "strict")
    assert (high["delay_hours"] >= low["delay_hours"]).all()
    assert (high["false_alarms_clean"] <= low["false_alarms_clean"]).all()


def test_harm_avoided_is_what_a_replay_from_that_time_says(done):
    row = rows_of(done, "taught").loc[2]
    run = simulate("fraud_poisoning", seed=2, size="sample")
    assert row["acted_utc"] == row["detected_utc"] + timedelta(minutes=90)
    left = replay(run, controls=["rollback_model"], at=row["acted_utc"]).harm.amount
    assert row["harm_avoided"] == pytest.approx(run.harm.amount - left)
    assert row["harm"] == pytest.approx(run.harm.amount)


def test_tables_are_as_documented(done):
    rows = done.to_frame()
    assert len(rows) == 4 * len(SEEDS)
    assert str(rows["onset_utc"].dtype) == str(rows["detected_utc"].dtype) == "datetime64[us, UTC]"
    rows["harm"] = 0.0
    assert (done.rows["harm"] > 0).all(), "to_frame gives a copy"
    summary = done.summary
    assert summary.index.tolist() == ["taught", "strict", "always", "never"]
    assert summary.loc["taught", "delay_hours_median"] == rows_of(done, "taught")["delay_hours"].median()
    assert "taught" in done._repr_html_()
    assert done.unit == "usd"


def test_the_same_seeds_give_the_same_answer():
    def once():
        return evaluate_monitor(
            lambda tables, now: tables["reports"].shape[0] % 7 == 0,
            scenario="moderation_failure", seeds=[5], size="sample", every_hours=24,
        )  # fmt: skip

    one, two = once(), once()
    pd.testing.assert_frame_equal(one.rows, two.rows)
    pd.testing.assert_frame_equal(one.alarms, two.alarms)
    assert one.response == ("safe_mode",), "the first decision of that world that mitigates"


def test_a_policy_goes_back_to_a_version_from_before_the_onset():
    run = simulate("fraud_poisoning", seed=2, size="sample")
    alarm = watch(ready_monitors("fraud_poisoning")["source_disagreement"], run, every_hours=48)[0]
    registry = ModelRegistry.from_tables(run.observe(until=alarm.at_utc))
    policy = RollbackPolicy(choose="before", margin_days=28)
    step = policy.decide(registry, alarm)
    assert registry.get(step.version).data_to_utc < run.reveal().onset_utc
    assert registry.get(step.replaced).data_to_utc > run.reveal().onset_utc
    after = policy.apply(run, alarm)
    assert after.active_controls["rollback_model"] == step.at_utc
    assert after.harm.amount < run.harm.amount
    # Production did go back, and stays with one version: the registry alone would not prove it.
    used = after.observe()["decisions"].set_index("decided_utc")["model_version"]
    back = registry.roll_back(at=step.at_utc, to=used[step.at_utc :].iloc[0], why=step.why)
    assert back.verify(after.observe()["decisions"], since=step.at_utc).is_ok
    assert not back.verify(run.observe()["decisions"], since=step.at_utc).is_ok


def test_mistakes_are_named():
    with pytest.raises(AiirError, match="range\\(5\\)"):
        evaluate_monitor(never, seeds=5)
    with pytest.raises(AiirError, match="no seed"):
        evaluate_monitor(never, seeds=[])
    with pytest.raises(AiirError, match="a seed twice"):
        evaluate_monitor(never, seeds=[1, 1])
    with pytest.raises(AiirError, match="empty mapping"):
        evaluate_monitor({}, seeds=[1])
    with pytest.raises(AiirError, match="response_delay_min=-5"):
        evaluate_monitor(never, seeds=[1], response_delay_min=-5)
    with pytest.raises(NotFoundError, match="fraud_poisoning"):
        evaluate_monitor(never, seeds=[1], scenario="fraud_poisonning")
    with pytest.raises(NotFoundError, match="safe_mode"):
        evaluate_monitor(never, seeds=[1], scenario="moderation_failure", size="sample", response="safe_mod")
    with pytest.raises(NotFoundError, match="ready monitors"):
        ready_monitors("nothing")
