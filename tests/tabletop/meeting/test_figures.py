"""What people say stands in the tables of the run, and could be read there at their moment."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pandas as pd
import pytest

from aiir_lab import start_meeting
from aiir_lab.simulate import Run, simulate
from aiir_lab.tabletop.meeting import load_meeting_script
from aiir_lab.tabletop.meeting.figures import Figures
from tests.tabletop.meeting.facilitators import GOOD, lead

SCRIPT = load_meeting_script("moderation_failure")
_TIME = re.compile(r"(\d{1,2} [A-Z][a-z]{2} \d{4}), (\d\d:\d\d) UTC")


@pytest.fixture(scope="module", params=[7, 3])
def run(request: pytest.FixtureRequest) -> Run:
    return simulate("moderation_failure", seed=request.param, size="sample")


@pytest.fixture(scope="module")
def figures(run: Run) -> Figures:
    return Figures(SCRIPT, run)


def test_figures_against_the_tables(run: Run, figures: Figures) -> None:
    tables = run.observe()
    news = tables["messages"].query("sender == 'press office'")["received_utc"].min()
    alert = tables["alerts"].query("fired_utc > @news").iloc[0]
    versions = tables["filter_versions"].query("live_utc <= @news")
    live = versions.loc[versions["live_utc"].idxmax()]
    assert figures.value("news") == news
    assert figures.value("alert") == alert["fired_utc"]
    waited = (alert["acknowledged_utc"] - alert["fired_utc"]).total_seconds() / 3600
    assert figures.value("waited") == pytest.approx(waited)
    assert figures.value("filter") == live["version"]
    assert figures.value("snapshot_age") == pytest.approx(
        (news - live["snapshot_utc"]).total_seconds() / 86400
    )
    assert figures.value("recall") == live["test_recall"]
    assert figures.value("red_passed") == tables["red_team_runs"]["passed_filter"].sum()
    assert figures.value("mail_ticket") == "SAF-260"
    withheld = (tables["decisions"]["action"] == "withhold") & (tables["decisions"]["decided_utc"] > news)
    assert figures.value("withheld") == withheld.sum()


def test_a_figure_as_of_a_moment_is_what_could_be_seen_then(run: Run, figures: Figures) -> None:
    press = figures.value("press")
    seen = run.observe(until=press)["dashboard"]
    assert figures.value("precision", as_of="press") == seen["precision_of_blocks_72h"].dropna().iloc[-1]
    assert figures.value("precision", as_of="press") != figures.value("precision")
    opened = run.observe(until=figures.value("pressed"))["alerts"]
    since = opened[opened["acknowledged_utc"] > figures.value("news")]
    assert figures.value("opened", as_of="pressed") == len(since)


def test_nobody_names_a_time_that_lies_after_their_moment(figures: Figures) -> None:
    checked = 0
    for fact in SCRIPT.facts:
        for holder in fact.holders:
            said = figures.fill(holder.says, as_of=holder.as_of)
            if said is None or not holder.as_of:
                continue
            limit = figures.value(holder.as_of)
            for day, hour in _TIME.findall(said):
                at = datetime.strptime(f"{day} {hour}", "%d %b %Y %H:%M").replace(tzinfo=UTC)
                assert at <= limit, (fact.id, said)
                checked += 1
    assert checked >= 8


def test_a_fact_whose_figures_a_run_lacks_is_no_part_of_the_meeting() -> None:
    # in this run no alert fired before the news
    run = simulate("moderation_failure", seed=0, size="sample")
    assert Figures(SCRIPT, run).value("early_alert") is None
    result = lead(start_meeting("moderation_failure", seed=0), GOOD).result()
    assert "false_alarms" not in result.facts.index
    assert result.share == 1.0


def test_no_text_is_left_with_an_open_brace(figures: Figures) -> None:
    for fact in SCRIPT.facts:
        for holder in fact.holders:
            assert "{" not in (figures.fill(holder.says, as_of=holder.as_of) or "")
    assert "{" not in " ".join(figures.fill(text) or "" for text in SCRIPT.situation)


def test_truth_is_not_asked() -> None:
    from pathlib import Path

    import aiir_lab.tabletop.meeting as room

    for path in Path(str(room.__file__)).parent.glob("*.py"):
        assert "reveal(" not in path.read_text(encoding="utf-8"), path


def test_times_are_read_in_utc(figures: Figures) -> None:
    assert pd.Timestamp(figures.value("alert")).tzinfo is not None
