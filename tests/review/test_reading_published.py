"""Shapes of published post-mortems that were once read wrongly; the sentences are ours."""

from __future__ import annotations

import pytest

import aiir_lab as lab


def _times(text: str) -> list[str | None]:
    read = lab.read_postmortem(text)
    return [event.at_utc and f"{event.at_utc:%Y-%m-%d %H:%M}" for event in read.timeline.events]


def test_month_and_day_in_brackets_are_no_part_of_the_words() -> None:
    text = (
        "# March 26th, 2019: pool outage\n\nAll times in PDT (UTC-7).\n\n## Timeline\n\n"
        "- [03-20 16:46] The spec is updated, the pod is not\n- [03-26 23:04] The node is drained\n"
        "- [12-05 16:21] A change is merged\n"
    )
    assert _times(text) == ["2019-03-20 23:46", "2019-03-27 06:04", None]  # 12-05 may be May


def test_a_range_of_days_begins_on_its_first() -> None:
    text = (
        "# Cache trouble\n\n**Date:** January 14-19, 2026\n\n## Timeline\n\n| Time (UTC) | Event |\n"
        "|---|---|\n| Jan 14, 10:18 AM | A customer writes |\n| Jan 17, 8:13 PM | Rolled back |\n"
    )
    assert _times(text) == ["2026-01-14 10:18", "2026-01-17 20:13"]
    event = lab.read_postmortem("# X, 2026-02-08\n\n## Timeline\n\n- **Feb 2-5** - Kills seen\n").timeline
    assert event.events[0].text == "Kills seen"


def test_a_timeline_in_a_code_block_is_read_and_a_log_is_not() -> None:
    text = "# Stall, 2021-05-09\n\n## Timeline (UTC)\n\n```\n21:48: The last block\n22:11: Seen\n```\n"
    assert _times(text) == ["2021-05-09 21:48", "2021-05-09 22:11"]
    log = "# Stall, 2021-05-09\n\n## Timeline (UTC)\n\n- 21:48 Stalled\n\n```\n21:48:02 ERROR x\n```\n"
    assert _times(log) == ["2021-05-09 21:48"]


def test_a_date_with_hyphens_is_read_where_it_is_clear_and_asked_where_it_is_not() -> None:
    clear = "# Site down 5-26-21\n\n## Timeline\n\n- 04:49 PM UTC Renamed\n"
    assert _times(clear) == ["2021-05-26 16:49"]
    unclear = "# Stall\n\n## Timeline (all times UTC)\n\n01-10-2024\n\n\t19:32 - Stalled\n\n\t19:38 - Seen\n"
    assert _times(unclear) == [None, None]


def test_finding_the_recovery_is_no_detection() -> None:
    text = "# Nodes, 2023-02-14\n\n## Timeline (UTC)\n\n- 11:01 The balancer detects new nodes as healthy\n"
    assert lab.read_postmortem(text).timeline.detected_utc is None


def test_a_title_filled_in_under_a_template_heading() -> None:
    assert (
        lab.read_postmortem("# Incident Title\n\nSign-in outage\n\n## Summary\n\nX.\n").title
        == "Sign-in outage"
    )


def test_a_time_left_open_is_asked_for() -> None:
    text = (
        "# Queue stall\n\nAll times in UTC.\n\n## Timeline\n\n| Time | Event |\n|---|---|\n"
        "| 2026-03-02 HH:mm | What happened. |\n| 2026-03-02 09:05 | The queue grows |\n"
        "| 2026-03-02 11:?? | Workers added |\n"
    )
    (question,) = lab.read_postmortem(text).questions
    assert (question.kind, question.line) == ("unclear_time", 9)
    assert "(line 9, 11)" in question.message
    assert not lab.read_postmortem(text.replace("HH:mm", "08:55").replace("11:??", "11:20")).questions
    # a format named in a sentence is no entry
    assert not lab.read_postmortem("# Stall\n\n## Summary\n\nOur log writes HH:MM only.\n").questions


def test_a_time_on_a_line_of_its_own_has_its_words_below() -> None:
    text = "# Stall, 2026-03-02\n\n## Timeline\n\n09:05 UTC:\nThe queue grows.\n09:20 UTC:\nWorkers added.\n"
    events = lab.read_postmortem(text).timeline.events
    assert [(event.line, event.text) for event in events] == [(5, "The queue grows."), (7, "Workers added.")]


def test_south_african_time_is_known() -> None:
    assert _times("# Stall, 2026-03-02\n\n## Timeline\n\n- 1AM SAST Database locked\n") == [
        "2026-03-01 23:00"
    ]


def test_a_ticked_action_is_done_and_a_labelled_line_is_an_action() -> None:
    text = (
        "# Stall\n\n## Remediation\n\n- \u2705 Cap the queue\n- Test the cap\n\n"
        "We learned to ask sooner.\n\n**Action item:** Page at 500 jobs. Owner: @noor\n"
    )
    items = lab.read_postmortem(text).action_items
    assert [(item.description, item.status, item.owner, item.line) for item in items] == [
        ("Cap the queue", "done", None, 5),
        ("Test the cap", None, None, 6),
        ("Page at 500 jobs", None, "noor", 10),
    ]


def test_reports_detect_and_a_further_finding_does_not() -> None:
    text = "# Login, 2026-03-02\n\n## Timeline (UTC)\n\n"
    reported = text + "- 09:05 Reports of failing logins\n- 09:30 Mei joined the call\n"
    assert f"{lab.read_postmortem(reported).timeline.detected_utc:%H:%M}" == "09:05"
    cause = text + "- 09:05 We discovered the true cause\n"
    assert lab.read_postmortem(cause).timeline.detected_utc is None
    many = text + "- 09:05 More than 40 customers reported errors\n"
    assert f"{lab.read_postmortem(many).timeline.detected_utc:%H:%M}" == "09:05"
    further = (
        text
        + "- 09:05 Operators respond to alarms\n- 09:30 Further gaps in pages of the site are discovered\n"
    )
    read = lab.read_postmortem(further).timeline
    assert f"{read.detected_utc:%H:%M} {read.acknowledged_utc:%H:%M}" == "09:05 09:05"


def test_a_colon_between_day_and_time_loses_no_time() -> None:
    text = "# Key misuse\n\n## Timeline\n\nMarch 2, 2026: 7:56am UTC\nThe bank wrote.\n\n"
    text += "2026-03-03: 16:00 UTC Closed.\n"
    assert _times(text) == ["2026-03-02 07:56", "2026-03-03 16:00"]
    assert lab.read_postmortem(text).timeline.events[0].text == "The bank wrote."


def test_who_is_told_decides_whether_it_is_a_detection() -> None:
    text = "# Routes, 2026-03-02\n\n## Timeline (UTC)\n\n- 09:05 {} informed of wrong routes\n"
    assert lab.read_postmortem(text.format("Platform team member")).timeline.detected_utc is not None
    assert lab.read_postmortem(text.format("Partners were")).timeline.detected_utc is None


def test_in_prose_a_time_is_of_the_day_that_opens_its_paragraph() -> None:
    text = (
        "# Two weeks in March\n\nOn 2 March 2026, labels were wrong.\n\n"
        "Also on 6 March 2026, the store was locked. We found that at 2:10am UTC a job had begun.\n\n"
        "A key from 3 January 2025 had run out. At 4:00am UTC it was renewed.\n"
    )
    assert _times(text) == ["2026-03-06 02:10", "2026-03-06 04:00"]


@pytest.mark.parametrize(
    ("line", "first"),
    [
        ("Date: 2026-03-03 (Europe/Berlin)", "2026-03-03 07:10"),
        ("**Date:** 3 March 2026, 08:10-10:20 CET", "2026-03-03 07:10"),
        ("**Incident date:** 2026-03-03 – UTC", "2026-03-03 08:10"),
        ("Date: 2026-03-03 (written by the Europe/Berlin office)", None),
    ],
)
def test_a_zone_beside_the_day_is_that_of_its_times(line: str, first: str | None) -> None:
    text = f"# Forty times the stock\n\n{line}\n\n## Timeline\n\n- 08:10 The retrain ends\n"
    assert _times(text)[0] == first


@pytest.mark.parametrize(
    ("when", "first"),
    [
        ("2026-03-03 08:10-10:20 CET", "2026-03-03 07:10"),  # no zone ten hours west of Greenwich
        ("2026-03-03 8AM-10AM CET", "2026-03-03 07:00"),
        ("2026-03-03 08:10:00-05:00", "2026-03-03 13:10"),
        ("2026-03-03T08:10-05:00", "2026-03-03 13:10"),
        ("2026-03-03 08:10+01:00", "2026-03-03 07:10"),
    ],
)
def test_a_dash_between_times_is_a_range_and_in_iso_8601_an_offset(when: str, first: str) -> None:
    assert _times(f"# Stock\n\n## Timeline\n\n- {when} Orders go out\n") == [first]


def test_whoever_declares_the_incident_has_detected_it() -> None:
    text = "# Stock, 2026-03-03\n\n## Timeline (UTC)\n\n- 09:30 Priya declared the incident\n"
    assert f"{lab.read_postmortem(text).timeline.detected_utc:%H:%M}" == "09:30"
    over = lab.read_postmortem(text.replace("the incident", "the incident closed")).timeline
    assert over.detected_utc is None
    assert f"{over.resolved_utc:%H:%M}" == "09:30"


def test_an_owner_and_a_measure_without_their_full_labels() -> None:
    text = (
        "# Stock\n\n## Action items\n\n"
        "- Cap orders at the gate; owner Priya; due 2026-03-20; "
        "success: a replay of 3 March blocks 212 orders\n"
    )
    (item,) = lab.read_postmortem(text).action_items
    assert (item.description, item.owner) == ("Cap orders at the gate", "Priya")
    assert (f"{item.due}", item.success_metric) == ("2026-03-20", "a replay of 3 March blocks 212 orders")
