"""Where a document can be read in two ways: nothing is mixed or guessed in silence."""

from __future__ import annotations

import pytest

from aiir_lab.records import ClockMark
from aiir_lab.review import read_postmortem, review_postmortem

TWO = """# Incidents of March 2026

## Incident 1: wrong labels, 2026-03-02

### Timeline (UTC)
- 09:00 Errors begin after the release
- 10:00 Incident resolved

## Incident 2: slow search, 2026-03-09

### Timeline (UTC)
- 14:00 Latency rises
- 15:00 Incident resolved
"""


def test_the_timelines_of_two_incidents_are_not_mixed() -> None:
    pm = read_postmortem(TWO)
    assert [event.line for event in pm.timeline.events] == [6, 7]
    (question,) = [one for one in pm.questions if one.kind == "several_incidents"]
    assert question.line == 9
    assert "slow search" in question.message
    assert review_postmortem(pm).findings[0] == question  # the rest holds for the first incident only


def test_what_is_asked_is_said_also_where_no_timeline_was_found() -> None:
    text = "# Stall of 2 March\n\n## Summary\n\nSlow between 1900 and 2130.\n"
    assert "unclear_time" in {finding.kind for finding in review_postmortem(read_postmortem(text)).findings}


@pytest.mark.parametrize(
    "text",
    [
        "# One\n## Timeline\n- 2026-03-02 09:00 UTC Errors\n## Detailed timeline\n- 09:10 UTC Ana joins\n",
        "# Outage of 2026-03-02\n## What happened\n### Timeline\n- 09:00 UTC Errors\n## Actions\n- A gate\n",
    ],
)
def test_one_incident_is_read_whole(text: str) -> None:
    assert "several_incidents" not in {question.kind for question in read_postmortem(text).questions}


def test_a_range_of_military_times_has_one_zone_and_day() -> None:
    pm = read_postmortem(
        "# Outage\n\nBetween 1900 and 2100 UTC on 2026-03-02 all logins failed. "
        "At 1925 UTC end users alerted us through support.\n"
    )
    first, second = pm.timeline.events
    assert f"{first.at_utc:%Y-%m-%d %H:%M}" == "2026-03-02 19:00"
    assert first.marks == (ClockMark.ONSET,)
    assert second.marks == (ClockMark.DETECTED,)


def test_a_range_across_midnight_takes_no_day_from_its_end() -> None:
    pm = read_postmortem("# Outage\n\nBetween 2300 and 0100 UTC on 2026-03-02 all logins failed.\n")
    assert pm.timeline.events[0].at_utc is None
    assert "unclear_date" in {question.kind for question in pm.questions}


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        ("Between 1900 and 2100 all logins failed.", True),
        ("From 0900 to 1130 orders were lost.", True),
        ("Between 2019 and 2021 the model was retrained yearly.", False),
        ("Between 19:00 and 21:00 UTC all logins failed.", False),
    ],
)
def test_bare_times_are_asked_about(words: str, asks: bool) -> None:
    kinds = {question.kind for question in read_postmortem(f"# Outage\n\n{words}\n").questions}
    assert ("unclear_time" in kinds) is asks


@pytest.mark.parametrize(
    "words",
    [
        "End users alerted us",
        "Two customers complained by phone",
        "The fault was reported by several merchants",
        "A partner wrote to us about wrong prices",
        "Support called the on-call: carts are empty",
    ],
)
def test_people_who_tell_us_are_the_detection_and_no_alert(words: str) -> None:
    pm = read_postmortem(f"# Outage 2026-03-02\n## Timeline (UTC)\n- 08:50 Release\n- 09:12 {words}\n")
    assert ClockMark.DETECTED in pm.timeline.events[1].marks
    assert ClockMark.ALERTED not in pm.timeline.events[1].marks
