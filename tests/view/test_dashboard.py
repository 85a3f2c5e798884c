"""A dashboard shows what was visible, and the truth only where it is asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aiir_lab.records.errors import AiirError, NotFoundError
from aiir_lab.simulate import simulate
from aiir_lab.view import alt_text, draw_dashboard


@pytest.fixture(scope="module")
def run():
    return simulate("moderation_failure", seed=4, size="sample")


def test_each_number_has_a_row_with_its_unit(run):
    columns = ["reports_24h", "flag_rate_24h"]
    fig = draw_dashboard(run, columns=columns)
    lines = [trace for trace in fig.data if trace.mode == "lines"]
    assert [trace.name for trace in lines] == columns
    assert list(lines[0].y) == run.observe()["dashboard"]["reports_24h"].tolist()
    units = run.columns.query("table == 'dashboard'").set_index("column")["unit"]
    assert fig.layout.yaxis.title.text == units["reports_24h"]
    assert fig.layout.yaxis2.title.text == units["flag_rate_24h"]
    assert "reports_24h from" in alt_text(fig)


def test_the_truth_is_there_only_on_request(run):
    onset = f"{run.reveal().onset_utc:%Y-%m-%d %H:%M}"
    seen, beside = draw_dashboard(run), draw_dashboard(run, with_truth=True)
    assert onset not in alt_text(seen)
    assert "truth" not in seen.to_json()
    assert onset in alt_text(beside)
    bars = beside.data[-1]
    assert bars.type == "bar"
    assert sum(bars.y) == pytest.approx(run.harm.amount, rel=0.02)
    assert len(beside.layout.shapes) == len({trace.yaxis for trace in beside.data})


def test_until_cuts_what_came_later(run):
    middle = run.started_utc + timedelta(days=6)
    fig = draw_dashboard(run, until=middle)
    seen = run.observe(until=middle)["dashboard"]
    assert len(fig.data[0].x) == len(seen) < len(run.observe()["dashboard"])
    assert "Nothing was shown yet" in alt_text(draw_dashboard(run, until=run.started_utc))


def test_alerts_are_counted(run):
    fired = len(run.observe()["alerts"])
    assert f"Alerts: {fired}." in alt_text(draw_dashboard(run))


def test_mistakes_are_named(run):
    with pytest.raises(NotFoundError, match="dashboard"):
        draw_dashboard(run, table="dashbord")
    with pytest.raises(NotFoundError, match="reports_24h"):
        draw_dashboard(run, columns=["reports_24"])
    with pytest.raises(AiirError, match="one text"):
        draw_dashboard(run, columns="reports_24h")
    with pytest.raises(AiirError, match="Expected a Run"):
        draw_dashboard("run")
