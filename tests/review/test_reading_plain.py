"""A document in its writer's own words: no section is called what a template calls it."""

from __future__ import annotations

import pytest

import aiir_lab as lab

DOCUMENT = """\
# Incident review: image tagging labelled people as things

**Status:** final draft · **Owner:** Lina (Vision platform) · **Severity:** 1

On Tuesday, 14 April 2026, at about 9:40 in the morning (Pacific Time) a customer sent a screenshot. \
Support saw it at 10:05 and opened a ticket. At 11:15am we switched the label group to a fallback. \
The bad labels stopped at 11:22. On Thursday at 4pm the retrained model went live and we closed the incident.

## What happened
Version 3.8 of the tagger had been trained on a new crawl. The mean over all classes had gone up.

## Why it was possible
1. The evaluation report has no breakdown by cohort (tooling).
2. The crawl was bought without a data sheet (process).
3. The tagger has one global threshold from 2019 (technical debt).

## What we will do
| What | Who | When |
|---|---|---|
| Block a release where recall of any cohort is below 0.85 | Marek | 2026-05-15 |
| Require a data sheet in the purchasing checklist | Lina | 30 April |
"""


@pytest.fixture(scope="module")
def read() -> lab.ReadPostmortem:
    return lab.read_postmortem(DOCUMENT)


def test_fields_beside_each_other_and_the_opening_paragraph(read: lab.ReadPostmortem) -> None:
    assert (read.status, read.owner, str(read.severity)) == ("final draft", "Lina (Vision platform)", "SEV1")
    assert read.summary
    assert read.summary.startswith("On Tuesday")
    assert read.lines["summary"] == 5


def test_times_in_prose_their_part_of_the_day_and_their_weekday(read: lab.ReadPostmortem) -> None:
    events = read.timeline.events
    assert [f"{event.at_utc:%d %H:%M}" for event in events] == [
        "14 16:40",
        "14 17:05",
        "14 18:15",
        "14 18:22",
        "16 23:00",  # the Thursday after that Tuesday
    ]
    marks = {str(mark): event.text for event in events for mark in event.marks}
    assert marks["detected"].startswith("Support saw it")
    assert marks["mitigated"].startswith("The bad labels stopped")
    assert marks["resolved"].startswith("On Thursday")
    assert [question.kind for question in read.questions] == ["carried_zone"]


def test_causes_with_their_strand_and_actions_by_plain_headings(read: lab.ReadPostmortem) -> None:
    factors = [(str(factor.strand), factor.text) for factor in read.contributing_factors]
    assert factors == [
        ("tooling", "The evaluation report has no breakdown by cohort"),
        ("process", "The crawl was bought without a data sheet"),
        ("technical", "The tagger has one global threshold from 2019"),
    ]
    actions = [(item.owner, str(item.due), item.line) for item in read.action_items]
    assert actions == [("Marek", "2026-05-15", 18), ("Lina", "2026-04-30", 19)]


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("On Monday at 09:00 UTC it was fixed.", "20 09:00"),
        ("At 16:00 UTC on Wednesday it was fixed.", "15 16:00"),
        ("On Tuesday at 23:00 UTC it was fixed.", "14 23:00"),
        ("At 9:30 in the evening UTC it was fixed.", "14 21:30"),
        ("At 10 in the evening UTC it was fixed.", "14 22:00"),
    ],
)
def test_a_weekday_is_the_next_one(said: str, day: str) -> None:
    text = f"# Tags\n\n## Timeline\n\nOn Tuesday, 14 April 2026, at 08:00 UTC it broke. {said}\n"
    assert f"{lab.read_postmortem(text).timeline.events[-1].at_utc:%d %H:%M}" == day


BREAD = """\
Incident 4411 - demand forecast went negative
=============================================

Impact: 38 shops did not get fresh bread.
Reported by: shop manager, Lyon

What happened: At 2026-03-12 02:00 UTC the nightly job read a calendar whose columns had moved. \
At 04:30 orders were sent.

Next steps
----------
* read by name, refuse the file otherwise -> Bilal, 19/03
* alert on shops without orders => In\u00e8s, 03/26
* say sooner that bread is late -> Ann, 05/03
"""


def test_labels_that_ask_a_question_and_actions_with_an_arrow() -> None:
    read = lab.read_postmortem(BREAD)
    assert read.summary
    assert read.summary.startswith("At 2026-03-12 02:00")
    assert read.detection == "shop manager, Lyon"
    assert [f"{event.at_utc:%H:%M}" for event in read.timeline.events] == ["02:00", "04:30"]
    assert [(item.description, item.owner, item.due and str(item.due)) for item in read.action_items] == [
        ("read by name, refuse the file otherwise", "Bilal", "2026-03-19"),
        ("alert on shops without orders", "In\u00e8s", "2026-03-26"),
        ("say sooner that bread is late", "Ann", None),  # 5 March or 3 May
    ]
    assert "impact_without_affected" not in {finding.kind for finding in lab.review_postmortem(read).findings}


def test_owner_date_and_ticket_at_the_end_are_no_part_of_what_is_to_be_done() -> None:
    text = (
        "# Notes, 2026-05-06\n\n## Actions\n\n- [ ] Take fields of an allow list (Tove, 20 May)\n"
        "- [x] Ask for internal data in the gate - @rokafor - 2026-05-12 - OPS-8812\n"
    )
    items = lab.read_postmortem(text).action_items
    assert [(item.description, item.owner, str(item.due), item.ticket) for item in items] == [
        ("Take fields of an allow list", "Tove", "2026-05-20", None),
        ("Ask for internal data in the gate", "rokafor", "2026-05-12", "OPS-8812"),
    ]


@pytest.mark.parametrize(
    ("entry", "mark"),
    [
        ("First leaked note (found later in the logs)", "onset"),
        ("Retrieval switched off for all tenants", "mitigated"),
        ("Duplicate orders stopped", "mitigated"),
        ("The on-call saw wrong labels in the sample", "detected"),
    ],
)
def test_entries_in_plain_words_bear_their_mark(entry: str, mark: str) -> None:
    text = f"# Notes\n\n## Timeline (UTC)\n\n- 2026-05-06 11:12 {entry}\n"
    (event,) = lab.read_postmortem(text).timeline.events
    assert [str(one) for one in event.marks] == [mark]


BAD_NIGHT = """\
# PIR 2026-017

22:40 – Fraud scores drop to zero. (all times local, Warsaw)
22:55 – Grafana: "score_mean < 0.01" fires in #fraud-alerts
23:34 – Kasia acks
00:20 – Rules-only mode on
08:00 – stand-down

To do
- Scorer refuses NULL features. Owner: M. Haas; done when a replay of the night is refused
"""


def test_a_night_in_a_list_without_markup_in_the_time_of_a_city() -> None:
    read = lab.read_postmortem(BAD_NIGHT, date="2026-03-22")
    assert [f"{event.at_utc:%d %H:%M}" for event in read.timeline.events] == [
        "22 21:40",
        "22 21:55",
        "22 22:34",
        "22 23:20",
        "23 07:00",
    ]
    marks = {str(mark): event.line for event in read.timeline.events for mark in event.marks}
    assert marks == {
        "onset": 3,
        "alerted": 4,
        "detected": 5,
        "acknowledged": 5,
        "mitigated": 6,
        "resolved": 7,
    }
    (item,) = read.action_items
    assert (item.owner, item.success_metric) == ("M. Haas", "a replay of the night is refused")
    assert read.summary is None


def test_a_rollback_contains_where_nothing_shows_it_more_plainly() -> None:
    text = "# Stock\n\n## Timeline (UTC)\n\n- 2026-03-03 09:55 Rollback to v41\n- 10:20 Orders stopped\n"
    assert f"{lab.read_postmortem(text).timeline.mitigated_utc:%H:%M}" == "10:20"
    alone = text.replace("- 10:20 Orders stopped\n", "")
    assert f"{lab.read_postmortem(alone).timeline.mitigated_utc:%H:%M}" == "09:55"


def test_an_opening_paragraph_without_a_title_and_a_city_in_brackets() -> None:
    text = (
        "---\ntitle: Two areas\n---\n\n**TL;DR** In two areas most applicants were declined for nine days.\n"
        "Nobody compared areas.\n\n### Chronology\n\n- 2026-02-11 09:40 (Paris) The team saw the ratio\n"
    )
    read = lab.read_postmortem(text)
    assert read.summary == (
        "In two areas most applicants were declined for nine days. Nobody compared areas."
    )
    assert f"{read.timeline.detected_utc:%H:%M}" == "08:40"
