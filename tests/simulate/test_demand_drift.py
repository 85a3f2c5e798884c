"""The world demand_drift: its parts, and whether an investigation finds the planted truth."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from aiir_lab.simulate import attribute, replay, simulate

SEEDS = (1, 2, 3, 4, 5)


@pytest.fixture(scope="module")
def runs():
    return {seed: simulate("demand_drift", seed=seed) for seed in SEEDS}


def compare_by_cell(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """What the lesson teaches: sold (for a whole day of opening) by forecast, per day and cell."""
    run_days = tables["sales"][
        tables["sales"]["closed_utc"] > tables["stock"]["counted_utc"].min().floor("D")
    ]
    frame = run_days.reset_index(drop=True).join(tables["forecasts"][["forecast_units"]])
    frame["wanted"] = frame["units_sold"] / tables["stock"]["empty_after_rate"].to_numpy()
    frame["day"] = frame["closed_utc"].dt.floor("D")
    total = frame.groupby(["day", "region", "product_group"])[["wanted", "forecast_units"]].sum()
    return np.log(total["wanted"] / total["forecast_units"]).unstack(["region", "product_group"])


def find_cell_and_onset(tables: dict[str, pd.DataFrame]) -> tuple[tuple[str, str], pd.Timestamp]:
    """The cell furthest from the others in the last four weeks, and when it left its own early range."""
    off = compare_by_cell(tables)
    off = off.sub(off.median(axis=1), axis=0)
    cell = off.tail(28).abs().mean().idxmax()
    mine = off[cell]
    spread = mine.iloc[:14].std()
    out = (mine - mine.iloc[:14].mean()).abs() > 3 * spread
    return cell, out[(out.rolling(5).sum().shift(-4) >= 4)].index[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_error_by_region_and_group_finds_the_shift_and_its_day(runs, seed):
    truth = runs[seed].reveal()
    cell, onset = find_cell_and_onset(runs[seed].observe())
    assert cell == (truth.details["region"], truth.details["product_group"])
    assert abs(onset - truth.onset_utc) < timedelta(days=6)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_dashboard_over_all_stores_does_not_show_it(runs, seed):
    tables, truth = runs[seed].observe(), runs[seed].reveal()
    nights = tables["dashboard"].iloc[7:]
    before = nights["night_utc"] < truth.onset_utc
    assert nights.loc[~before, "error_rate"].mean() < 1.15 * nights.loc[before, "error_rate"].mean()
    assert set(tables["alerts"]["rule"]) == {"late_delivery"}
    off = compare_by_cell(tables)[(truth.details["region"], truth.details["product_group"])]
    assert off.tail(14).abs().mean() > 2 * off.head(14).abs().mean()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_new_model_near_the_onset_is_not_the_reason(runs, seed):
    run = runs[seed]
    assert abs(run.reveal().details["newer_model_live_utc"] - run.reveal().onset_utc) < timedelta(days=5)
    assert replay(run, controls=["rollback_model"]).harm.amount > 0.95 * run.harm.amount


@pytest.mark.parametrize("seed", SEEDS)
def test_the_promotion_near_the_onset_is_forecast_well(runs, seed):
    truth, tables = runs[seed].reveal(), runs[seed].observe()
    decoy = truth.details["promotion_decoy"]
    assert decoy != truth.details["product_group"]
    off = compare_by_cell(tables)[(truth.details["region"], decoy)]
    near = (off.index >= truth.onset_utc - timedelta(days=4)) & (
        off.index < truth.onset_utc + timedelta(days=9)
    )
    # Promotions were in the training data: sales jump, the error hardly does.
    assert off[near].abs().mean() < 0.2
    hot = compare_by_cell(tables)[(truth.details["region"], truth.details["product_group"])]
    assert off.tail(28).abs().mean() < 0.5 * hot.tail(28).abs().mean()


def test_a_shift_may_go_either_way(runs):
    ratios = [run.reveal().details["level_ratio"] for run in runs.values()]
    assert min(ratios) < 0.8 < 1.25 < max(ratios)


def test_a_decision_has_consequences_from_then_on_and_its_cost(runs):
    run = runs[1]
    onset = run.reveal().onset_utc
    early, late = (
        replay(run, controls=["shadow_model"], at=onset + timedelta(days=days)) for days in (7, 24)
    )
    assert early.harm.amount < late.harm.amount < run.harm.amount
    assert early.costs["amount"].iloc[0] > late.costs["amount"].iloc[0] > 0
    paged = replay(run, controls=["drift_alert"])
    assert paged.costs.set_index("what")["amount"]["pages"] >= 1
    asked = paged.observe()["model_registry"]
    assert (asked["why"] == "asked for by on-call").any()
    assert len(run.observe()["model_registry"]) == 2


def test_a_page_helps_more_where_planners_may_correct(runs):
    total = dict.fromkeys([(), ("drift_alert",), ("drift_alert", "manual_override")], 0.0)
    for run in runs.values():
        for names in total:
            total[names] += replay(run, controls=names).harm.amount
    assert total[("drift_alert", "manual_override")] < total[("drift_alert",)] < total[()]


def test_empty_shelves_hide_demand_and_the_till_hours_give_it_back(runs):
    run = next(r for r in runs.values() if r.reveal().details["level_ratio"] > 1.3)
    tables, truth = run.observe(), run.reveal()
    hot = tables["sales"]["sale_id"].isin(truth.affected["sales"]).to_numpy()[-len(tables["stock"]) :]
    sold = tables["sales"]["units_sold"].to_numpy()[-len(tables["stock"]) :]
    ratio_sold = sold[hot].sum() / tables["forecasts"]["forecast_units"][hot].sum()
    wanted = sold / tables["stock"]["empty_after_rate"].to_numpy()
    ratio_wanted = wanted[hot].sum() / tables["forecasts"]["forecast_units"][hot].sum()
    assert ratio_sold < 1.15 < ratio_wanted


def test_attribution_accounts_for_all_that_the_controls_remove():
    run = simulate("demand_drift", seed=1, size="sample")
    shares = attribute(run)
    everything = replay(run, controls=[run.factors[f] for f in run.main_factors])
    assert shares["shapley_harm"].sum() == pytest.approx(run.harm.amount - everything.harm.amount)


def test_models_of_a_run_are_those_of_plain_scikit_learn(runs):
    from sklearn.linear_model import Ridge

    from aiir_lab.simulate.demand_drift import forecaster

    market = runs[1]._stage.market
    sold = market.plain.astype(float)
    version = forecaster.fit(runs[1]._stage, market, sold, 32, 112)
    mine = market.group == 2
    x = np.concatenate([forecaster._features(market, sold, version.level, d)[mine] for d in range(32, 112)])
    y = np.log1p(sold[32:112][:, mine]).ravel()
    plain = Ridge(alpha=0.3, fit_intercept=False).fit(x, y)
    assert np.allclose(plain.coef_[-3:], version.coef[2][-3:])
