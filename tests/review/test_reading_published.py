"""Shapes of published post-mortems that were once read wrongly; the sentences are ours."""

from __future__ import annotations

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
