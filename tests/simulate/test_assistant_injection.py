"""The world assistant_injection: its parts, and whether an investigation finds the planted truth."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import pytest

from aiir_lab.simulate import attribute, replay, simulate

SEEDS = (1, 2, 3, 4, 5)


@pytest.fixture(scope="module")
def runs():
    return {seed: simulate("assistant_injection", seed=seed) for seed in SEEDS}


def find_unasked_refunds(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """What the lesson teaches: refunds whose own message asks for none; learn the words from early days."""
    paid = tables["refunds"].set_index("conversation_id")
    own = tables["messages"].query("source == 'customer'").set_index("conversation_id")
    words = own["text"].str.split().explode()
    early = own.index[own["sent_utc"] < own["sent_utc"].min() + timedelta(days=6)]
    seen = words[words.index.isin(early)]
    refunded = seen.index.isin(paid.index)
    share = seen[refunded].value_counts() / seen.value_counts()
    asks_for_it = set(share.index[share > 3 * refunded.mean()])
    hits = words.isin(asks_for_it).groupby(level=0).sum()
    kind = tables["conversations"].set_index("conversation_id")["document_kind"]
    frame = paid.join(hits.rename("own_words")).join(kind)
    return frame[frame["own_words"] <= 1]


@pytest.mark.parametrize("seed", SEEDS)
def test_refunds_that_the_message_does_not_ask_for_find_kind_and_onset(runs, seed):
    truth = runs[seed].reveal()
    unasked = find_unasked_refunds(runs[seed].observe())
    late = unasked[unasked["paid_utc"] > runs[seed].ended_utc - timedelta(days=8)]
    kind = late["document_kind"].value_counts().index[0]
    assert kind == truth.details["document_kind"]
    times = unasked[unasked["document_kind"] == kind]["paid_utc"].sort_values()
    onset = times[(times.shift(-3) - times) < pd.Timedelta(hours=24)].iloc[0]
    assert abs(onset - truth.onset_utc) < timedelta(hours=60)
    mine = unasked[unasked["document_kind"] == kind].index
    assert pd.Series(mine).isin(set(truth.affected["conversations"])).mean() > 0.8


@pytest.mark.parametrize("seed", SEEDS)
def test_the_number_of_refunds_points_at_the_promotion(runs, seed):
    tables, truth = runs[seed].observe(), runs[seed].reveal()
    nights = tables["dashboard"]
    usual = nights["refunds"].iloc[:5]
    jump = nights[nights["refunds"] > usual.mean() + 3 * usual.std()]["night_utc"].iloc[0]
    assert jump < truth.onset_utc + timedelta(hours=12)
    assert jump - truth.details["promo_from_utc"] < timedelta(days=2)
    assert set(tables["alerts"]["rule"]) == {"answers_slow"}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_model_obeys_documents_because_it_reads_them_as_wishes(runs, seed):
    run = runs[seed]
    assert run.reveal().details["paid_share"] > 0.5
    apart = replay(run, controls=["input_provenance"])
    assert apart.harm.amount < 0.1 * run.harm.amount
    assert apart.reveal().details["paid_share"] < 0.1
    assert apart.costs.set_index("what")["amount"]["requests not understood"] > 0


@pytest.mark.parametrize("seed", SEEDS)
def test_records_that_go_to_strangers_count_in_the_harm(runs, seed):
    run = runs[seed]
    truth = run.reveal().details
    assert truth["records_disclosed"] > 0
    # Refunds to attackers and disclosures are the harm, but for a conversation or two of ordinary mistakes
    # that the documents displaced.
    counted = truth["unauthorised_usd"] + truth["records_disclosed"] * truth["usd_per_disclosure"]
    assert run.harm.amount == pytest.approx(counted, rel=0.05)
    tables = run.observe()
    calls = tables["tool_calls"].set_index("call_id")
    sent = calls[(calls["tool"] == "send_records") & (calls["status"] == "done")].index
    assert len(sent) > truth["records_disclosed"], "most who ask for records ask for their own"
    stopped = replay(run, controls=["kill_switch"], at=run.reveal().onset_utc)
    assert stopped.reveal().details["records_disclosed"] == 0


def test_a_limit_on_refunds_does_not_stop_the_records(runs):
    run = runs[1]
    limited = replay(run, controls=["refund_limit"])
    assert limited.reveal().details["records_disclosed"] == run.reveal().details["records_disclosed"]
    assert limited.harm.amount < run.harm.amount


def test_a_decision_has_consequences_from_then_on_and_its_cost(runs):
    run = runs[1]
    onset = run.reveal().onset_utc
    early, late = (replay(run, controls=["kill_switch"], at=onset + timedelta(days=d)) for d in (2, 6))
    assert early.harm.amount < late.harm.amount < run.harm.amount
    assert early.costs["amount"].iloc[0] > late.costs["amount"].iloc[0] > 0


def test_a_filter_that_knows_half_of_the_words_helps_in_part(runs):
    left = [replay(r, controls=["injection_filter"]).harm.amount / r.harm.amount for r in runs.values()]
    assert 0.02 < sum(left) / len(left) < 0.98


def test_attribution_accounts_for_all_that_the_controls_remove():
    run = simulate("assistant_injection", seed=1, size="sample")
    shares = attribute(run)
    everything = replay(run, controls=[run.factors[f] for f in run.main_factors])
    assert shares["shapley_harm"].sum() == pytest.approx(run.harm.amount - everything.harm.amount)
