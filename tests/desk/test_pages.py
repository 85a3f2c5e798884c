"""The pages in a real headless Chromium: live, whole on a phone, nothing fetched from elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from aiir_lab.desk import DeskClients, DeskProcess, desk_clients

SIZES = {"desktop": (1280, 800), "phone": (390, 844)}


@pytest.fixture(scope="module")
def story(desk: DeskProcess) -> Iterator[DeskClients]:
    """An incident in progress, with long and strange texts in it."""
    for library in ("pagerduty", "jira", "atlassian", "opsgenie_sdk"):
        pytest.importorskip(library, reason="the extra 'ops' is not installed")
    with desk_clients(desk.announce) as clients:
        clients.desk.set_clock(datetime(2026, 3, 2, 9, 12, tzinfo=UTC))
        clients.desk.run_clock(rate=0)
        events = clients.pagerduty_events
        events.trigger(
            "Fraud scores of three merchants drop to zero", "monitor", severity="critical", dedup_key="a"
        )
        events.trigger("x" * 300, "monitor", severity="warning", dedup_key="b")
        events.acknowledge("b")
        parts = {part["name"]: part["id"] for part in clients.statuspage.page_get_components(clients.page_id)}
        incident = {
            "name": "Fraud scores are unreliable",
            "status": "identified",
            "body": "We have stopped automatic blocking. Next update at 10:00 UTC.",
            "components": {parts["Fraud scoring"]: "partial_outage"},
        }
        clients.statuspage.page_create_incident(clients.page_id, incident)
        clients.jira.create_issue(project="AIR", issuetype="Task", summary="Gate labels", labels=["sev1"])
        yield clients


@pytest.fixture
def page(browser: Any, story: DeskClients, request: pytest.FixtureRequest) -> Iterator[Any]:
    width, height = SIZES[getattr(request, "param", "desktop")]
    context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    opened = context.new_page()
    opened.complaints, opened.asked = [], []
    opened.on("console", lambda message: opened.complaints.append(message.text))
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.on("request", lambda sent: opened.asked.append(sent.url))
    yield opened
    context.close()


def address(clients: DeskClients, name: str) -> str:
    urls = clients.announcement["urls"]  # type: ignore[index]
    return {"status": f"{urls['statuspage_public']}/", "board": f"{urls['board']}/"}.get(
        name, f"{urls['board']}/{name}"
    )


@pytest.mark.parametrize("page", SIZES, indirect=True)
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("board", "Fraud scores of three merchants"),
        ("oncall", "Level 1"),
        ("actions", "Gate labels"),
        ("status", "Partial System Outage"),
    ],
)
def test_each_page_is_whole(page: Any, story: DeskClients, name: str, text: str, tmp_path: Path) -> None:
    page.goto(address(story, name))
    assert page.get_by_text(text).first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "no sideways scrolling"
    assert page.complaints == []
    base = address(story, "board").removesuffix("board/")
    assert [url for url in page.asked if not url.startswith(base)] == []
    picture = Path(os.environ.get("AIIR_SCREENSHOTS", tmp_path)) / f"{name}-{page.viewport_size['width']}.png"
    page.screenshot(path=picture, full_page=True)
    assert picture.stat().st_size > 5_000


@pytest.mark.parametrize("name", ["board", "oncall", "actions", "status"])
def test_each_page_can_be_used_without_seeing_it(page: Any, story: DeskClients, name: str) -> None:
    page.goto(address(story, name))
    assert page.locator("html[lang=en]").count() == 1
    assert page.locator("main").count() == page.locator("h1").count() == 1
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => Number(h.tagName[1]))")
    assert all(later - level <= 1 for level, later in pairwise(levels)), levels
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    assert page.locator("#live").get_attribute("aria-live") is None, "a whole page read aloud would be noise"
    assert page.locator("[role=status]").count() == 1


def test_what_changes_is_seen_without_reload(page: Any, story: DeskClients) -> None:
    page.goto(address(story, "board"))
    page.evaluate("window.stillHere = true")
    story.pagerduty_events.trigger("Came in while you watched", "monitor", severity="error", dedup_key="live")
    page.get_by_text("Came in while you watched").first.wait_for(timeout=5_000)
    story.pagerduty_events.resolve("live")
    page.locator("section", has_text="Resolved").get_by_role("heading", name="Came in while").wait_for(
        timeout=5_000
    )
    assert page.evaluate("window.stillHere") is True


def test_an_opened_log_stays_open(page: Any, story: DeskClients) -> None:
    page.goto(address(story, "board"))
    page.locator("summary").first.click()
    story.pagerduty_events.trigger("Another one", "monitor", severity="info", dedup_key="another")
    page.get_by_text("Another one").first.wait_for(timeout=5_000)
    assert page.locator("details[open]").count() == 1


def test_the_escalation_is_seen_climbing(page: Any, story: DeskClients) -> None:
    story.pagerduty_events.trigger("Climbs", "monitor", severity="critical", dedup_key="climbs")
    page.goto(address(story, "oncall"))
    from playwright.sync_api import expect

    card = page.locator("article", has_text="Climbs")
    assert card.locator("li.told").count() == 1
    card.get_by_text("in 05:00").wait_for(timeout=5_000)
    story.desk.advance(minutes=5)
    expect(card.locator("li.told")).to_have_count(2)
    story.desk.run_clock(rate=900)
    card.get_by_text("Level 6, 7").wait_for()
    expect(card.locator("li.told")).to_have_count(5)
    story.desk.run_clock(rate=0)


def test_links_lead_from_page_to_page(page: Any, story: DeskClients) -> None:
    page.goto(address(story, "board"))
    for name, heading in (
        ("On call", "On call"),
        ("Actions", "Action items"),
        ("Incidents", "Incident board"),
    ):
        page.get_by_role("link", name=name).click()
        assert page.get_by_role("heading", level=1).inner_text() == heading
    page.get_by_role("link", name="Status page").click()
    page.get_by_role("link", name="Fraud scores are unreliable").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Fraud scores are unreliable"


def test_no_link_is_absolute(page: Any, story: DeskClients) -> None:
    for name in ("board", "oncall", "actions", "status"):
        page.goto(address(story, name))
        places = page.evaluate(
            "[...document.querySelectorAll('[href],[src]')]"
            ".map(e => e.getAttribute('href') || e.getAttribute('src'))"
        )
        assert places
        assert [place for place in places if place.startswith(("/", "http"))] == []
