"""Harm with and without controls, the waterfall of an attribution, the trade-off of monitors."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from aiir_lab.monitor import evaluate_monitor
from aiir_lab.records.errors import AiirError
from aiir_lab.simulate import replay, simulate
from aiir_lab.view import alt_text, draw_attribution, draw_harm, draw_tradeoff


@pytest.fixture(scope="module")
def run():
    return simulate("moderation_failure", seed=4, size="sample")


def test_each_run_is_a_line_that_ends_at_its_harm(run):
    at = run.reveal().onset_utc + timedelta(hours=12)
    safe = replay(run, controls=["safe_mode"], at=at)
    fig = draw_harm(run, safe)
    assert [trace.name for trace in fig.data] == ["as it happened", "safe_mode"]
    for trace, one in zip(fig.data, (run, safe), strict=True):
        assert trace.y[-1] == pytest.approx(one.harm.amount)
    assert len({trace.line.dash for trace in fig.data}) == 2, "not by colour alone"
    marked = {note.text: note.x for note in fig.layout.annotations}
    assert marked == {"onset": run.reveal().onset_utc, "safe_mode": at}
    assert f"{safe.harm.amount:,.0f}" in fig.layout.title.text
    assert "less" in fig.layout.title.text
    assert run.harm.unit in fig.layout.yaxis.title.text
    assert f"{run.harm.amount:,.0f} {run.harm.unit}" in alt_text(fig)


def test_one_run_is_enough_and_two_worlds_are_refused(run):
    assert len(draw_harm(run).data) == 1
    with pytest.raises(AiirError, match="these differ"):
        draw_harm(run, simulate("moderation_failure", seed=5, size="sample"))
    with pytest.raises(AiirError, match="nothing"):
        draw_harm()
    with pytest.raises(AiirError, match="2 names for 1 runs"):
        draw_harm(run, labels=["a", "b"])


def test_the_waterfall_goes_from_the_rest_to_the_whole():
    shares = pd.DataFrame(
        {"factor": ["open_door", "slow_alert"], "shapley_harm": [60.0, 30.0], "share": [2 / 3, 1 / 3]}
    )
    shares.attrs.update(harm_with_all_factors=100.0, harm_with_no_factor=10.0, unit="usd")
    fig = draw_attribution(shares)
    (bars,) = fig.data
    assert list(bars.x) == [10.0, 60.0, 30.0, 100.0]
    assert list(bars.measure) == ["absolute", "relative", "relative", "total"]
    assert sum(bars.x[:-1]) == bars.x[-1]
    assert bars.text[1] == "+60 (67%)"
    assert fig.layout.title.text.startswith("<b>open_door carries 67%")
    assert "slow_alert +30 (33%)" in alt_text(fig)
    assert fig.layout.xaxis.title.text == "harm (usd)"


def test_what_is_no_attribution_is_refused():
    with pytest.raises(AiirError, match="shapley_harm"):
        draw_attribution(pd.DataFrame({"factor": ["x"]}))
    empty = pd.DataFrame({"factor": [], "shapley_harm": [], "share": []})
    assert "names no factor" in alt_text(draw_attribution(empty))


@pytest.fixture(scope="module")
def tried():
    def late(tables, now):
        return tables["outputs"].shape[0] > 7_000

    return evaluate_monitor(
        {"late": late, "never": lambda tables, now: False},
        scenario="moderation_failure", seeds=[4, 5], size="sample",
    )  # fmt: skip


def test_points_are_the_seeds_and_the_median(tried):
    fig = draw_tradeoff(tried)
    assert [trace.name for trace in fig.data] == ["late", "late", "never", "never"]
    late = tried.rows[tried.rows["monitor"] == "late"]
    assert list(fig.data[0].x[:2]) == late["false_alarms_per_week"].tolist()
    assert list(fig.data[0].y[:2]) == late["delay_hours"].tolist()
    assert fig.data[0].y[2] == tried.summary.loc["late", "delay_hours_median"]
    assert list(fig.data[1].y[:2]) == late["harm_avoided_share"].tolist()
    assert len({trace.marker.symbol for trace in fig.data}) == 2
    assert "never: detected in 0 of 2, median delay never" in alt_text(fig)


def test_never_stands_above_all_that_was_found(tried):
    fig = draw_tradeoff(tried)
    never = fig.data[2].y
    assert np.isfinite(never).all()
    assert min(never) > max(fig.data[0].y)
    assert "never" in [note.text for note in fig.layout.annotations]


def test_the_claim_does_not_take_luck_for_skill(tried):
    rows = tried.rows.assign(is_coincidence=tried.rows["is_detected"])
    lucky = type(tried)(tried.scenario, tried.unit, tried.response, 30.0, rows, tried.alarms)
    assert "None of 2 monitors" in draw_tradeoff(lucky).layout.title.text


def test_without_a_response_there_is_one_panel(tried):
    plain = type(tried)(tried.scenario, tried.unit, (), 30.0, tried.rows, tried.alarms)
    assert len(draw_tradeoff(plain).data) == 2
    with pytest.raises(AiirError, match="evaluate_monitor"):
        draw_tradeoff(tried.rows)
