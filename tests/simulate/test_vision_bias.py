"""The world vision_bias: its pictures, its people, and whether an investigation finds the planted truth."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from aiir_lab.records.errors import AiirError
from aiir_lab.simulate import attribute, replay, simulate
from aiir_lab.simulate.vision_bias import read_pixels
from aiir_lab.simulate.vision_bias.pictures import (
    GOODS,
    SETTINGS,
    SIDE,
    draw_pictures,
    write_pixels,
)
from aiir_lab.simulate.vision_bias.world import spread_hours

SEEDS = (1, 2, 3, 4, 5, 6)


@pytest.fixture(scope="module")
def runs():
    return {seed: simulate("vision_bias", seed=seed) for seed in SEEDS}


def look(pixels: pd.Series) -> pd.DataFrame:
    """What a learner can measure: how bright ground and goods are, how large, how tall for their width."""
    image = np.array([[int(d, 16) for d in text] for text in pixels], dtype=float).reshape(-1, SIDE, SIDE)
    edge = np.concatenate([image[:, 0], image[:, -1], image[:, :, 0], image[:, :, -1]], axis=1)
    ground = np.median(edge, axis=1)
    goods = np.abs(image - ground[:, None, None]) > np.maximum(1.5, 0.25 * ground)[:, None, None]
    area = goods.sum(axis=(1, 2)).clip(1)
    span = goods.any(axis=2).sum(axis=1), goods.any(axis=1).sum(axis=1)
    level = (image * goods).sum(axis=(1, 2)) / area
    return pd.DataFrame(
        {"ground": ground, "goods": level, "area": area, "tall": span[0] / np.maximum(span[1], 1)},
        index=pixels.index,
    )


def find_slice(tables: dict[str, pd.DataFrame]) -> tuple[str, bool]:
    """What the lesson teaches: overturned suppressions for each request, by region and size of the seller."""
    version = tables["predictions"].set_index("request_id")["model_version"]
    frame = tables["requests"].merge(tables["sellers"], on="seller_id").set_index("request_id")
    decided = tables["appeal_decisions"]
    frame["upheld"] = frame.index.isin(decided.loc[decided["outcome"] == "upheld", "request_id"])
    rates = frame.groupby([version, "region", "is_small"])["upheld"].agg(["mean", "sum"])
    old, new = rates.loc["goods-7.4"], rates.loc["goods-8.0"]
    rise = (new["mean"] - old["mean"].reindex(new.index).fillna(0.0)) * (new["sum"] >= 4)
    return rise.idxmax()


@pytest.mark.parametrize("seed", SEEDS)
def test_overturned_suppressions_by_slice_find_the_sellers_and_the_dashboard_does_not(runs, seed):
    run = runs[seed]
    tables, truth = run.observe(), run.reveal()
    region, is_small = find_slice(tables)
    assert (region, bool(is_small)) == (truth.details["region"], True)
    # The naive way: the client whose suppressions jump most in a day is the one that uploaded badly.
    frame = (
        tables["requests"]
        .merge(tables["sellers"], on="seller_id")
        .merge(tables["predictions"], on="request_id")
    )
    frame = frame[frame["action"] != "list"]
    daily = frame.groupby(["client", frame["at_utc"].dt.floor("D")]).size()
    assert daily.idxmax()[0] == truth.details["bad_upload_client"]
    spike = tables["dashboard"].set_index("shown_utc")["suppression_rate"].idxmax()
    worst_day = frame[frame["at_utc"].between(spike - timedelta(days=1), spike)]
    mine = worst_day["request_id"].isin(truth.affected["requests"])
    assert mine.mean() < 0.3, "the day that stands out on the dashboard is mostly the bad upload"


@pytest.mark.parametrize("seed", SEEDS)
def test_the_overturned_pictures_look_alike(runs, seed):
    """Pictures whose suppression was overturned differ from catalogue pictures in one way."""
    tables, truth = runs[seed].observe(), runs[seed].reveal()
    region, _ = find_slice(tables)
    known = tables["sellers"]
    sellers = known.loc[(known["region"] == region) & known["is_small"], "seller_id"]
    theirs = tables["requests"].loc[tables["requests"]["seller_id"].isin(sellers), "request_id"]
    released = tables["predictions"].query("model_version == 'goods-8.0'")["request_id"]
    upheld = tables["appeal_decisions"].query("outcome == 'upheld'")["request_id"]
    bad = (
        tables["pictures"]
        .set_index("request_id")["pixels"]
        .loc[sorted(set(theirs) & set(upheld) & set(released))]
    )
    way = truth.details["settings"]
    assert (way.loc[bad.index] == truth.details["picture"]).mean() > 0.7
    # Against catalogue pictures of goods of the same category, measured in their own spread.
    declared, pixels = (
        tables[t].set_index("request_id")[c] for t, c in (("requests", "declared"), ("pictures", "pixels"))
    )
    catalogue = tables["sellers"].query("not is_small")["seller_id"]
    usual = tables["requests"].loc[tables["requests"]["seller_id"].isin(catalogue), "request_id"].head(800)
    fine, odd = look(pixels.loc[usual]), look(bad)
    groups = fine.groupby(declared.loc[usual])
    kind = declared.loc[odd.index]
    middle, spread = (frame.loc[kind].set_index(odd.index) for frame in (groups.median(), groups.std()))
    shift = ((odd - middle).abs() / spread).median()
    expected = {"dark_table": "ground", "dim_room": "ground", "lying_flat": "tall", "from_afar": "area"}
    assert shift[expected[truth.details["picture"]]] > 1.5, shift


@pytest.mark.parametrize("seed", SEEDS)
def test_the_release_fails_on_the_group_and_its_own_test_set_does_not_say_so(runs, seed):
    details = runs[seed].reveal().details
    versions = runs[seed].observe()["model_versions"].set_index("version")["golden_accuracy"]
    assert details["accuracy_on_group_release"] < 0.5 < details["accuracy_on_group_diverse"]
    assert details["accuracy_all_release"] > 0.9
    assert versions["goods-8.0"] > versions["goods-7.4"] - 0.02


def test_seeds_differ_in_what_is_hit(runs):
    assert len({r.reveal().details["picture"] for r in runs.values()}) >= 3
    assert len({r.reveal().details["region"] for r in runs.values()}) >= 3


def test_a_release_trained_on_every_way_of_photographing_does_no_harm(runs):
    for run in runs.values():
        assert replay(run, controls=["diverse_training_set"]).harm.amount == 0
        assert replay(run, controls=["slice_check"]).harm.amount < 0.6 * run.harm.amount


def test_rolling_back_does_not_bring_listings_back_and_deciding_again_does(runs):
    """Mitigation is not resolution: what is down stays down."""
    for run in runs.values():
        at = run.reveal().onset_utc + timedelta(days=3)
        back = replay(run, controls=["rollback_model"], at=at)
        both = replay(run, controls=["rollback_model", "relist_affected"], at=at)
        assert both.harm.amount < back.harm.amount
        after = back.harm.per_hour[back.harm.per_hour.index >= at]
        assert after.iloc[:12].sum() > both.harm.per_hour[both.harm.per_hour.index >= at].iloc[:12].sum()


def test_an_earlier_decision_saves_more_and_costs_are_measured(runs):
    run = runs[1]
    at = run.reveal().onset_utc
    early, late = (replay(run, controls=["pause_suppression"], at=at + timedelta(hours=h)) for h in (6, 96))
    assert early.harm.amount < late.harm.amount < run.harm.amount
    left_up = [r.costs.set_index("what")["amount"]["wrong listings left up"] for r in (run, late, early)]
    assert left_up[0] < left_up[1] < left_up[2]
    assert replay(run, controls=["slice_check"], at=at + timedelta(hours=1)).harm.amount == run.harm.amount, (
        "a check before a release comes too late after it"
    )


def test_automatic_rollback_needs_appeals_that_are_decided_fast(runs):
    alone = together = 0.0
    for run in runs.values():
        fast = replay(run, controls=["fast_appeals"])
        alone += run.harm.amount - replay(run, controls=["auto_rollback"]).harm.amount
        fired = {
            name: r.observe()["alerts"].query("rule == 'overturned_by_region'")["fired_utc"].min()
            for name, r in (
                ("slow", replay(run, controls=["auto_rollback"])),
                ("fast", replay(fast, controls=["auto_rollback"])),
            )
        }
        if not pd.isna(fired["slow"]) and not pd.isna(fired["fast"]):
            together += (fired["slow"] - fired["fast"]) > timedelta(0)
    assert alone > 0
    assert together >= 3


def test_attribution_accounts_for_all_that_the_controls_remove(runs):
    run = runs[3]
    shares = attribute(run)
    everything = replay(run, controls=[run.factors[f] for f in run.main_factors])
    assert shares["shapley_harm"].sum() == pytest.approx(run.harm.amount - everything.harm.amount)


def test_pictures_can_be_read_back_and_differ_by_kind():
    goods, setting = np.arange(len(GOODS)), np.zeros(len(GOODS), dtype=int)
    pictures = draw_pictures(np.random.default_rng(5), goods=goods, setting=setting)
    assert (read_pixels(write_pixels(pictures[2])) == pictures[2].reshape(SIDE, SIDE)).all()
    assert len({write_pixels(p) for p in pictures}) == len(GOODS)


def test_each_way_of_photographing_shows_in_the_picture():
    rng = np.random.default_rng(6)
    seen = {
        name: look(
            pd.Series(
                [
                    write_pixels(p)
                    for p in draw_pictures(rng, goods=rng.integers(0, 6, 300), setting=np.full(300, i))
                ]
            )
        ).median()
        for i, name in enumerate(SETTINGS)
    }
    assert seen["dark_table"]["goods"] > seen["dark_table"]["ground"]
    assert seen["dim_room"]["ground"] < 0.6 * seen["studio"]["ground"]
    assert seen["from_afar"]["area"] < 0.5 * seen["studio"]["area"]


@pytest.mark.parametrize("wrong", ["f" * 255, "g" * 256, None])
def test_what_is_no_picture_is_told_so(wrong):
    with pytest.raises(AiirError, match="256 digits"):
        read_pixels(wrong)


def test_listing_hours_are_spread_exactly():
    start, end = np.array([1800.0, 0.0, 1800.0]), np.array([5400.0, 7200.0, 3000.0])
    hours = spread_hours(start, end)
    assert hours[:3] == pytest.approx([0.5 + 1.0 + 1200 / 3600, 0.5 + 1.0, 0.0])
    assert hours.sum() == pytest.approx((end - start).sum() / 3600)
