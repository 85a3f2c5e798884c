"""fraud_poisoning: the taught method finds what was planted, the first ideas do not, controls matter."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from aiir_lab.simulate import attribute, measure_interactions, replay, simulate
from aiir_lab.simulate.fraud_poisoning.tables import checksum_labels

pytestmark = pytest.mark.xdist_group("fraud_poisoning")  # one worker: the runs are shared
SEEDS = (0, 7)


@pytest.fixture(scope="module", params=SEEDS)
def run(request):
    return simulate("fraud_poisoning", seed=request.param)


def accuse_sources(tables) -> pd.Series:
    """The taught method: feedback that clears what analysts and chargebacks call fraud, by source, in sum."""
    seen = (
        tables["feedback_by_merchant"].groupby("source_id")[["trusted_fraud_rows", "contradicted_rows"]].sum()
    )
    usual = seen["contradicted_rows"].median() / seen["trusted_fraud_rows"].median()
    expected = seen["trusted_fraud_rows"] * usual
    return (seen["contradicted_rows"] - expected) / np.sqrt(expected * (1 - usual) + 1)


def rank_cohorts(run) -> list[tuple[str, str]]:
    """Chargebacks of the second half of the run against the first, by category and device; worst first."""
    tables = run.observe()
    paid = tables["transactions"]
    paid = paid.assign(back=paid["transaction_id"].isin(tables["chargebacks"]["transaction_id"]))
    early = paid["at_utc"] < run.started_utc + timedelta(days=26)
    by = ["category", "device"]
    usual = paid[early].groupby(by)["back"].mean()
    late = paid[~early].groupby(by)["back"].agg(["sum", "size"])
    excess = (late["sum"] - usual * late["size"]) / np.sqrt(usual * late["size"] + 1)
    return excess.sort_values(ascending=False).index.tolist()


def test_cumulative_disagreement_by_source_finds_the_stolen_keys(run):
    score = accuse_sources(run.observe())
    assert set(score.index[score > 6]) == set(run.reveal().details["sources"])


def test_chargebacks_by_cohort_find_the_pattern_among_forty(run):
    details = run.reveal().details
    assert (details["category"], details["device"]) in rank_cohorts(run)[:3]


def test_the_cohort_is_not_to_be_seen_before_the_onset(run):
    score = accuse_sources(run.observe(until=run.reveal().onset_utc))
    assert not (score > 6).any()


def test_headline_metrics_stay_fine_while_the_pattern_gets_through(run):
    shown = run.observe()["dashboard"]
    before, after = shown.iloc[:21], shown.iloc[-14:]
    assert after["eval_auc"].mean() > 0.9
    assert after["eval_auc"].mean() > before["eval_auc"].mean() - 0.05
    assert after["eval_precision"].mean() > before["eval_precision"].mean() - 0.05
    # A chart of the approval rate that asks for two days in a row beyond three sigma stays silent too.
    rate = shown["approval_rate"]
    out = (rate - before["approval_rate"].mean()).abs() > 3 * before["approval_rate"].std()
    assert not (out & out.shift(fill_value=False)).any()
    # Meanwhile the share of the attacked pattern that is declined collapses.
    tables, d = run.observe(), run.reveal().details
    seen = tables["transactions"].merge(tables["decisions"], on="transaction_id")
    low, high = d["amount_usd"]
    hit = seen[(seen["category"] == d["category"]) & (seen["device"] == d["device"])]
    declined = hit[hit["amount_usd"].between(low, high)].set_index("at_utc")["action"] == "decline"
    onset = run.reveal().onset_utc
    assert declined[:onset].mean() > 0.5
    assert declined[run.ended_utc - timedelta(days=14) :].mean() < 0.5 * declined[:onset].mean()


def test_every_batch_passes_its_own_check_but_for_a_false_alarm(run):
    batches = run.observe()["ingestion_batches"]
    assert (~batches["is_passed"]).sum() <= 1


def test_naive_suspects_are_not_the_stolen_keys(run):
    tables, guilty = run.observe(), set(run.reveal().details["sources"])
    by_source = (
        tables["feedback_by_merchant"].groupby("source_id")[["feedback_rows", "legitimate_rows"]].sum()
    )
    most_legitimate = (by_source["legitimate_rows"] / by_source["feedback_rows"]).nlargest(3).index
    assert not guilty & set(most_legitimate)
    feedback = tables["labels"].query("channel == 'partner_feedback'")
    middle = run.started_utc + timedelta(days=49)
    grown = feedback[feedback["labelled_at_utc"] > middle]["source_id"].value_counts()
    growth = grown / feedback["source_id"].value_counts()
    assert growth.idxmax() not in guilty


def test_hard_hides_the_keys_among_careless_partners():
    run = simulate("fraud_poisoning", seed=3, difficulty="hard")
    guilty = set(run.reveal().details["sources"])
    assert len(guilty) == 3
    score = accuse_sources(run.observe())
    assert guilty <= set(score.nlargest(8).index)
    assert set(run.reveal().details["decoy_sources"]) & set(score.nlargest(5).index)


def test_strong_controls_prevent_most_and_a_weak_one_does_not(run):
    def left(name):
        return replay(run, controls=[name]).harm.amount / run.harm.amount

    assert left("provenance_gate") < 0.35
    assert left("golden_canary") < 0.35
    assert left("cohort_check") < 0.35
    assert left("rate_limit") > 0.6
    assert left("kill_switch") > 1.0, "rules alone miss more than the poisoned model does"


def test_a_decision_counts_from_its_time_on_and_an_earlier_one_counts_more(run):
    onset = run.reveal().onset_utc
    early, late = onset + timedelta(days=14), onset + timedelta(days=42)
    harms = [replay(run, controls=["rollback_model"], at=at).harm for at in (early, late)]
    assert harms[0].amount < harms[1].amount < run.harm.amount
    same = run.harm.per_hour.index < late
    assert (harms[1].per_hour[same] == run.harm.per_hour[same]).all()


def test_freezing_feedback_stops_labels_and_nothing_else_at_once(run):
    at = run.reveal().onset_utc + timedelta(days=10)
    frozen = replay(run, controls=["freeze_feedback"], at=at)
    labels = frozen.observe()["labels"]
    partner = labels["channel"] == "partner_feedback"
    after = labels["labelled_at_utc"] >= at
    assert (labels[partner & after]["status"] == "refused").all()
    assert (labels[partner & ~after]["status"] == "taken_in").mean() > 0.98
    assert frozen.harm.amount < run.harm.amount
    costs = frozen.costs.set_index(["control", "what"])["amount"]
    assert costs["freeze_feedback", "honest labels refused"] > 1_000


def test_human_review_costs_hours_and_shows_in_the_decisions(run):
    reviewed = replay(run, controls=["human_review"])
    costs = reviewed.costs.set_index(["control", "what"])["amount"]
    count = reviewed.observe()["decisions"]["is_reviewed"].sum()
    assert costs["human_review", "review time"] == pytest.approx(count * 4 / 60, abs=1e-3)
    assert count > 100


def test_the_kill_switch_takes_the_model_out(run):
    at = run.started_utc + timedelta(days=70)
    off = replay(run, controls=["kill_switch"], at=at).observe()
    decided = off["decisions"].set_index("decided_utc")["model_version"]
    assert set(decided[at:]) == {"rules"}
    assert "rules" not in set(decided[: at - timedelta(seconds=1)])
    assert (off["deploys"]["change"] == "rules decide; the model is off").sum() == 1


def test_checksums_can_be_recomputed_and_lineage_names_the_next_version():
    tables = simulate("fraud_poisoning", seed=1, size="sample").observe()
    batches = tables["ingestion_batches"].set_index("batch_id")
    grouped = tables["labels"].groupby("batch_id")
    for batch_id, batch in list(grouped)[::40]:
        assert batches.loc[batch_id, "sha256"] == checksum_labels(batch)
        assert batches.loc[batch_id, "row_count"] == len(batch)
    assert batches["row_count"].sum() == len(tables["labels"])
    trained = tables["model_registry"].set_index("version")["trained_utc"]
    used = batches[batches["next_version"] != ""]
    assert (trained.reindex(used["next_version"]).to_numpy() >= used["closed_utc"].to_numpy()).all()


def test_tables_fit_together():
    tables = simulate("fraud_poisoning", seed=1, size="sample").observe()
    ids = tables["transactions"]["transaction_id"]
    assert len(ids) == 24_000
    assert ids.is_unique
    assert tables["decisions"]["transaction_id"].equals(ids)
    assert tables["labels"]["transaction_id"].isin(ids).all()
    assert tables["labels"]["label_id"].is_unique
    assert tables["transactions"]["merchant_id"].isin(tables["merchants"]["merchant_id"]).all()
    assert tables["merchants"]["source_id"].isin(tables["sources"]["source_id"]).all()
    decided = set(tables["decisions"]["model_version"])
    promoted = tables["model_registry"].query("status == 'promoted'")["version"]
    assert decided == set(promoted)
    lag = tables["chargebacks"].merge(tables["transactions"], on="transaction_id")
    days = (lag["received_utc"] - lag["at_utc"]).dt.days
    assert days.between(9, 71).all()
    assert 24 < days.median() < 32


def test_attribution_adds_up_over_all_subsets():
    run = simulate("fraud_poisoning", seed=7)
    factors = ["open_feedback_channel", "evaluation_on_training_labels", "unlimited_feedback"]
    shares = attribute(run, factors=factors)
    explained = shares.attrs["harm_with_all_factors"] - shares.attrs["harm_with_no_factor"]
    assert shares["shapley_harm"].sum() == pytest.approx(explained)
    assert shares["share"].sum() == pytest.approx(1.0)
    share = shares.set_index("factor")["share"]
    assert share["open_feedback_channel"] > 0.25
    assert share["evaluation_on_training_labels"] > 0.25
    assert abs(share["unlimited_feedback"]) < 0.2
    alone = run.harm.amount - replay(run, controls=["golden_canary"]).harm.amount
    assert shares.set_index("factor")["harm_removed_alone"]["evaluation_on_training_labels"] == pytest.approx(
        alone
    )
    pairs = measure_interactions(run, factors=factors).set_index(["factor_a", "factor_b"])
    # Either control breaks the chain, so the two factors need each other.
    assert pairs["interaction_harm"]["open_feedback_channel", "evaluation_on_training_labels"] > 0
