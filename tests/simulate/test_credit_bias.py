"""The world credit_bias: its parts, and whether an investigation finds the planted truth."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from aiir_lab.simulate import attribute, replay, simulate

SEEDS = (1, 2, 3, 4, 5)


@pytest.fixture(scope="module")
def runs():
    return {seed: simulate("credit_bias", seed=seed) for seed in SEEDS}


def join_appeals(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Decided appeals with what was applied for."""
    appeals = tables["appeals"].drop(columns="received_utc")
    return (
        tables["appeal_decisions"]
        .merge(appeals, on="appeal_id")
        .merge(tables["applications"], on="application_id")
    )


def investigate(tables: dict[str, pd.DataFrame]) -> tuple[str, set[str], str]:
    """What the lesson teaches: upheld appeals by group and slice, the field they correct, then the feeds.

    Returns the group, the postcodes of flats, and the number of the feed change.
    """
    upheld = join_appeals(tables).query("upheld")
    field = upheld["corrected_field"].value_counts().index[0]
    wrong = upheld[upheld["corrected_field"] == field]
    group = wrong["declared_group"].value_counts().index[0]
    flats = wrong[wrong["housing"] == "rents_flat"]["postcode"].value_counts()
    postcodes = set(flats.index[flats > 0.25 * flats.iloc[0]])
    # When their applications were scored: the first days on which the corrected record was used.
    first = wrong[wrong["postcode"].isin(postcodes)]["received_utc"].sort_values().iloc[:5].min()
    changes = tables["feed_changes"]
    fits = changes[changes["fields"].str.contains(field) & (changes["at_utc"] <= first)]
    return group, postcodes, fits["change_id"].iloc[-1]


@pytest.mark.parametrize("seed", SEEDS)
def test_appeals_by_group_and_the_field_they_correct_find_feed_and_slices(runs, seed):
    truth = runs[seed].reveal()
    group, postcodes, change = investigate(runs[seed].observe())
    assert group == truth.details["group"]
    assert postcodes == set(truth.details["postcodes"])
    assert change == truth.details["feed_change"]
    at = runs[seed].observe()["feed_changes"].set_index("change_id")["at_utc"][change]
    assert abs(at - truth.onset_utc) < timedelta(hours=1)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_approval_rate_that_the_meeting_looks_at_stays_level(runs, seed):
    tables, truth = runs[seed].observe(), runs[seed].reveal()
    nights = tables["dashboard"]
    before = nights["night_utc"] < truth.onset_utc
    later = nights["night_utc"] > truth.onset_utc + timedelta(days=8)
    rate = nights["approval_rate"]
    assert abs(rate[later].mean() - rate[before].mean()) < 0.02
    assert "approval_rate" not in set(tables["alerts"]["rule"])
    details = truth.details
    assert details["rejected_good_rate_group"] > details["rejected_good_rate_group_without"] + 0.05
    assert details["rejected_good_rate_others"] < details["rejected_good_rate_others_without"]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_new_model_near_the_onset_is_not_the_reason(runs, seed):
    run = runs[seed]
    assert abs(run.reveal().details["newer_model_live_utc"] - run.reveal().onset_utc) < timedelta(days=5)
    assert replay(run, controls=["rollback_model"]).harm.amount > 0.9 * run.harm.amount
    assert replay(run, controls=["rollback_feed"]).harm.amount == 0
    versions = run.observe()["model_registry"]
    assert versions["test_auc_rate"].min() > 0.7, "both look well where nobody looks by group"


@pytest.mark.parametrize("seed", SEEDS)
def test_repayment_comes_too_late_to_see_it(runs, seed):
    run = runs[seed]
    truth = run.reveal()
    known = run.observe(until=truth.onset_utc + timedelta(days=30))["audit_outcomes"]
    received = known.merge(run.observe()["applications"], on="application_id")["received_utc"]
    assert (received < truth.onset_utc).all()


def test_people_turned_away_by_an_empty_file_repay_when_approved_at_random(runs):
    rows = []
    for run in runs.values():
        tables = run.observe()
        audit = tables["audit_outcomes"].merge(tables["decisions"], on="application_id")
        audit["was_moved"] = audit["application_id"].isin(run.reveal().affected["applications"])
        rows.append(audit[audit["score"] < audit["cutoff"]])
    paid = pd.concat(rows).groupby("was_moved")["paid_first_instalments"].mean()
    assert paid[True] > paid[False] + 0.05


def test_a_decision_has_consequences_from_then_on_and_its_cost(runs):
    run = runs[1]
    onset = run.reveal().onset_utc
    early, late = (
        replay(run, controls=["rollback_feed"], at=onset + timedelta(days=days)) for days in (7, 28)
    )
    assert 0 < early.harm.amount < late.harm.amount < run.harm.amount
    assert early.costs["amount"].iloc[0] > late.costs["amount"].iloc[0] > 0
    changes = late.observe()["feed_changes"]
    assert changes["note"].eq("back to the former bureau").sum() == 1
    filled = replay(run, controls=["data_contract"]).costs["amount"].iloc[0]
    assert filled > 0


def test_a_cutoff_that_stays_lets_the_old_alert_see_it(runs):
    fired = 0
    for run in runs.values():
        fixed = replay(run, controls=["fixed_cutoff"], at=run.reveal().onset_utc - timedelta(days=1))
        alerts = fixed.observe()["alerts"]
        seen = alerts[(alerts["rule"] == "approval_rate") & (alerts["fired_utc"] > run.reveal().onset_utc)]
        fired += len(seen) > 0
        assert fixed.harm.amount < 0.6 * run.harm.amount
    assert fired == len(runs)


def test_letters_come_with_a_date_by_which_to_answer(runs):
    for run in runs.values():
        letters = run.observe()["complaints"]
        assert {"tenants' association", "supervisory authority"} <= set(letters["sender"])
        assert (letters["due_utc"] - letters["received_utc"] == timedelta(days=15)).all()
        letter = letters[letters["sender"] == "supervisory authority"]["received_utc"].iloc[0]
        assert letter > run.reveal().onset_utc
        calm = replay(run, controls=["rollback_feed"]).observe()["complaints"]
        assert set(calm["sender"]) == {"customer"}
    assert "Art. 73(2)" in runs[1].observe()["duties"]["basis"].str.cat(sep=" ")


def test_attribution_accounts_for_all_that_the_controls_remove():
    run = simulate("credit_bias", seed=1, size="sample")
    shares = attribute(run)
    everything = replay(run, controls=[run.factors[f] for f in run.main_factors])
    assert shares["shapley_harm"].sum() == pytest.approx(run.harm.amount - everything.harm.amount)


def test_the_score_is_a_trained_model_and_knows_no_group(runs):
    from sklearn.metrics import roc_auc_score

    run = runs[1]
    stage, applications = run._stage, run.observe()["applications"]
    assert not {"group", "declared_group"} & set(applications.columns)
    early = stage.second < stage.scene.onset_s
    scores = run.observe()["decisions"]["score"].to_numpy()
    assert roc_auc_score(stage.people.is_good[early], scores[early]) > 0.7
    assert np.mean(scores[early]) == pytest.approx(stage.people.is_good[early].mean(), abs=0.03)
