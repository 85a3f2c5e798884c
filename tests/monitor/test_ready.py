"""The reference policy of each world: it finds the incident, names the slice, and is worth its response."""

from __future__ import annotations

import pytest

from aiir_lab.monitor import evaluate_monitor, ready_monitors, reference_policy
from aiir_lab.records.errors import NotFoundError
from aiir_lab.simulate import simulate
from aiir_lab.simulate.world import WORLDS

pytestmark = pytest.mark.xdist_group("monitor")
SEEDS = (2, 4)
# What looks most natural to watch, and stays silent or cries at innocent things.
TEMPTING = {
    "vision_bias": "confidence",
    "credit_bias": "score_drift",
    "demand_drift": "sales_drift",
    "assistant_injection": "document_drift",
    "moderation_failure": "topic_drift",
}
# A sample of this world has some ten reviews a day: too few for a rate of them, whoever watches.
SIZES = {"moderation_failure": "lesson"}
# fraud_poisoning: tests/monitor/test_evaluation.py
LEARNED = tuple(TEMPTING)


@pytest.fixture(scope="module", params=LEARNED)
def done(request):
    policy = reference_policy(request.param)
    tempting = ready_monitors(request.param)[TEMPTING[request.param]]
    size = SIZES.get(request.param, "sample")
    return evaluate_monitor(
        {"taught": policy.monitor, "tempting": tempting},
        scenario=request.param, seeds=SEEDS, size=size, response=policy.response,
        every_hours=72 if request.param == "credit_bias" else 24,
    )  # fmt: skip


def test_the_taught_monitor_finds_the_incident_and_does_not_cry_wolf(done):
    rows = done.rows[done.rows["monitor"] == "taught"]
    assert rows["is_detected"].all()
    assert not rows["is_coincidence"].any()
    # A slice of a sample play is small: it takes days to stand out, and a week's window two weeks.
    assert (rows["delay_hours"] < 24 * 16).all()
    assert (rows["false_alarms_per_week"] <= 0.5).all()
    assert (rows["harm_avoided_share"] > 0.1).all()
    assert (rows["harm_with_response"] <= rows["harm"]).all()


def test_what_it_names_is_what_was_planted(done):
    if done.scenario == "moderation_failure":
        pytest.skip("watches all that is shown together")
    for seed in SEEDS:
        mine = done.alarms.query("monitor == 'taught' and seed == @seed and not is_clean")
        if len(mine):
            truth = simulate(done.scenario, seed=seed, size="sample").reveal()
            where = set(mine["where"].iloc[0].replace("is_small=True", "seller=small").split(", "))
            planted = {part for cohort in truth.cohorts for part in cohort.split(", ")}
            assert where <= planted, (where, planted)


def test_the_tempting_one_is_later_or_silent_or_lucky(done):
    late = done.rows.pivot(index="seed", columns="monitor", values="delay_hours")
    luck = done.rows.pivot(index="seed", columns="monitor", values="is_coincidence")
    assert ((late["tempting"] >= late["taught"]) | luck["tempting"]).all()


def test_every_world_has_monitors_and_a_reference_that_it_knows():
    for name in WORLDS:
        policy = reference_policy(name)
        assert policy.name in ready_monitors(name)
        assert len(ready_monitors(name)) >= 4
        controls = simulate(name, seed=1, size="sample").controls if name != "fraud_poisoning" else None
        assert controls is None or set(policy.response) <= set(controls)
    with pytest.raises(NotFoundError, match="reference policy"):
        reference_policy("nothing")
