"""Post-mortems as people write them: every time in UTC, or a question."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aiir_lab.records import AiirError, Postmortem, Severity
from aiir_lab.review import ReadPostmortem, read_postmortem


def times(pm: ReadPostmortem) -> list[str | None]:
    return [f"{event.at_utc:%d %H:%M}" if event.at_utc else None for event in pm.timeline.events]


def marks(pm: ReadPostmortem) -> dict[str, str]:
    return {
        mark.value: f"{event.at_utc:%H:%M}"
        for event in pm.timeline.events
        if event.at_utc
        for mark in event.marks
    }


def kinds(pm: ReadPostmortem) -> list[str]:
    return [question.kind for question in pm.questions]


SRE_LIKE = """# Search returns nothing for rare words (incident #12)

**Date**: 2026-03-02

**Authors**: Ada, Ben

**Status**: Complete

**Summary**: Search was down for 66 minutes.

**Impact**: 1.2 million queries lost.

**Root Causes**: A cache without a limit filled the memory.

**Trigger**: A word that is in no document.

**Detection**: An alert on errors paged on-call.

## Action Items

| Action Item | Type | Owner | Bug |
| --- | --- | --- | --- |
| Limit the cache | prevent | Ada | n/a **DONE** |
| Drain clusters by script | mitigate | Ben | BUG-7 **TODO** |

## Lessons Learned

### What went well
- The alert came quickly

### What went wrong
- Nobody had rehearsed it

### Where we got lucky
- Traffic was low

## Timeline

2026-03-02 (*all times UTC*)

* 14:51 A post names a new word
* 14:54 **OUTAGE BEGINS**: backends run out of memory
* 14:55 Ada receives a pager storm
* 15:01 **INCIDENT BEGINS** Ada declares incident #12
* 15:36 **OUTAGE MITIGATED**, traffic is served
* 16:30 **INCIDENT ENDS**, 30 minutes of normal service
"""


def test_a_document_in_the_style_of_the_sre_workbook() -> None:
    pm = read_postmortem(SRE_LIKE)
    assert pm.title == "Search returns nothing for rare words (incident #12)"
    assert pm.authors == ("Ada", "Ben")
    assert str(pm.date) == "2026-03-02"
    assert times(pm)[0] == "02 14:51"
    assert marks(pm) == {
        "onset": "14:54",
        "alerted": "14:55",
        "detected": "15:01",
        "mitigated": "15:36",
        "resolved": "16:30",
    }
    assert [(item.description, item.owner, item.kind, item.status) for item in pm.action_items] == [
        ("Limit the cache", "Ada", "prevent", "done"),
        ("Drain clusters by script", "Ben", "mitigate", "open"),
    ]
    assert pm.action_items[1].ticket == "BUG-7"
    assert pm.contributing_factors[0].text.startswith("A cache without a limit")
    assert pm.impact == ("1.2 million queries lost.",)
    assert (pm.went_well, pm.went_badly, pm.got_lucky) == (
        ("The alert came quickly",),
        ("Nobody had rehearsed it",),
        ("Traffic was low",),
    )
    assert pm.severity is None
    assert kinds(pm) == []


def test_it_says_where_everything_came_from() -> None:
    pm = read_postmortem(SRE_LIKE)
    rows = SRE_LIKE.split("\n")
    for event in pm.timeline.events:
        assert event.line is not None
        assert str(event.when_text) in rows[event.line - 1]
    for item in pm.action_items:
        assert item.line is not None
        assert item.description in rows[item.line - 1]
    assert "**Trigger**" in rows[pm.lines["trigger"] - 1]


ATLASSIAN_LIKE = """# INC-7: Wrong labels on dark pictures

| Field | Value |
|---|---|
| Severity | SEV-2 |
| Incident date | 2 March 2026 |
| Owner | Ada Nowak |
| Detected | 2026-03-02 23:12 CET |

## Fault
The resize step inverted dark pictures.

## Timeline (all times CET)

| Time | Event | Who |
|---|---|---|
| 22:40 | Release 4.2 goes live, first wrong labels | release bot |
| 23:05 | Alert "label drift" fires | monitoring |
| 23:12 | On-call acknowledges the page | on-call |
| 00:20 | Rolled back to 4.1; error rate drops to normal | on-call |
| 04:40 | Incident resolved after verification | commander |

## Root causes
- Technical: the resize step had no test on dark pictures
- Process: the release list asks for no review by slice

## Corrective actions
1. Block releases that fail on a slice (Owner: Jan Kowalski, due 2026-03-20) PM-12
2. Rehearse the rollback. Owner: the team
- [ ] Dashboard by client, @maria, by March 30
"""


def test_tables_past_midnight_in_another_zone() -> None:
    pm = read_postmortem(ATLASSIAN_LIKE)
    assert pm.severity is Severity.SEV2
    assert times(pm) == ["02 21:40", "02 22:05", "02 22:12", "02 23:20", "03 03:40"]
    assert marks(pm)["detected"] == "22:12"
    assert marks(pm)["mitigated"] == "23:20"
    assert pm.timeline.events[0].actor == "release bot"
    assert pm.trigger == "The resize step inverted dark pictures."
    assert [factor.strand for factor in pm.contributing_factors] == ["technical", "process"]
    found = [(item.description, item.owner, str(item.due)) for item in pm.action_items]
    assert found == [
        ("Block releases that fail on a slice", "Jan Kowalski", "2026-03-20"),
        ("Rehearse the rollback", "the team", "None"),
        ("Dashboard by client", "maria", "2026-03-30"),
    ]


def test_a_narrative_with_times_in_prose() -> None:
    pm = read_postmortem(
        "Scoring incident\n\nOn March 2, 2026 at 9:12 AM PST the service started returning stale scores. The "
        "on-call engineer was paged at 9:55 AM and acknowledged at 9:58 AM. We rolled back at 10:30 AM and "
        "errors dropped to normal. The incident was resolved at 11:15 AM.\n"
    )
    assert times(pm) == ["02 17:12", "02 17:55", "02 17:58", "02 18:30", "02 19:15"]
    assert marks(pm)["onset"] == "17:12"
    assert marks(pm)["acknowledged"] == "17:58"
    assert marks(pm)["resolved"] == "19:15"
    assert kinds(pm) == ["carried_zone"]


BARE = "# Outage\n\n## Timeline\n- 23:50 first errors\n- 00:10 on-call paged\n- 00:05 a graph is noticed\n"


def test_without_zone_or_date_nothing_is_guessed() -> None:
    pm = read_postmortem(BARE)
    assert times(pm) == [None, None, None]
    assert pm.timeline.onset_utc is None
    assert [event.when_text for event in pm.timeline.events] == ["23:50", "00:10", "00:05"]
    assert kinds(pm) == ["no_date"]
    assert kinds(read_postmortem(BARE, date="2026-03-02")) == ["no_time_zone"]


def test_zone_and_date_of_the_caller_serve_where_the_document_is_silent() -> None:
    pm = read_postmortem(BARE, timezone="Europe/Warsaw", date="2026-03-02")
    assert times(pm) == ["02 22:50", "02 23:10", "02 23:05"]
    assert times(read_postmortem(ATLASSIAN_LIKE, timezone="Asia/Tokyo"))[0] == "02 21:40", (
        "the document counts first"
    )


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # out of order by minutes stays on the day; back by hours is the next day
        (["10:00 a", "10:20 b", "10:05 c"], ["02 10:00", "02 10:20", "02 10:05"]),
        (["20:00 a", "09:00 b", "10:00 c"], ["02 20:00", "03 09:00", "03 10:00"]),
        (["23:50 a", "00:10 b", "23:55 c", "00:20 d"], ["02 23:50", "03 00:10", "02 23:55", "03 00:20"]),
        (["22:00 a", "next day 08:00 b"], ["02 22:00"]),
        (["2026-03-04 08:00 a", "09:00 b"], ["04 08:00", "04 09:00"]),
        (["Mar 3, 08:00 a", "Mar 4, 07:00 b"], ["03 08:00", "04 07:00"]),
        (["9:05 AM a", "12:10 PM b", "12:30 am c"], ["02 09:05", "02 12:10", "03 00:30"]),
        (["09:00 a", "10:30 CET b", "09:45 UTC c"], ["02 09:00", "02 09:30", "02 09:45"]),
        (["09:00 UTC (10:00 CET) a", "09:10 - 09:20 b"], ["02 09:00", "02 09:10"]),
        (
            ["`09:00` a", "**09:10** b", "[09:20] c", "~09:30 d"],
            ["02 09:00", "02 09:10", "02 09:20", "02 09:30"],
        ),
        (["09:00:30 a", "0915 UTC b", "9h20 c"], ["02 09:00", "02 09:15", "02 09:20"]),
        (["2026-03-02T09:00:00Z a", "2026-03-02T10:30:00+01:00 b"], ["02 09:00", "02 09:30"]),
        (["24:00 a"], ["03 00:00"]),
    ],
)
def test_lines_of_a_timeline(lines: list[str], expected: list[str]) -> None:
    text = "# X\nDate: 2026-03-02\n## Timeline (UTC)\n" + "\n".join(f"- {line}" for line in lines)
    assert times(read_postmortem(text)) == expected


def test_dates_in_headings_head_their_entries() -> None:
    text = "# X\n## Timeline (UTC)\n### 2 March 2026\n- 22:00 a\n### 3 March 2026\n- 08:00 b\n"
    assert times(read_postmortem(text)) == ["02 22:00", "03 08:00"]


@pytest.mark.parametrize(
    ("day", "lines", "expected", "question"),
    [
        # the clocks go back on 25 October: 02:30 exists twice, and the order tells which
        (
            "2026-10-25",
            ["01:50 a", "02:30 b", "02:10 c", "03:20 d"],
            ["23:50", "00:30", "01:10", "02:20"],
            True,
        ),
        # the clocks go forward on 29 March: 02:30 does not exist
        ("2026-03-29", ["01:50 a", "02:30 b", "03:10 c"], ["00:50", "01:30", "01:10"], True),
        ("2026-03-30", ["01:50 a", "02:30 b"], ["23:50", "00:30"], False),
    ],
)
def test_across_a_clock_change(day: str, lines: list[str], expected: list[str], question: bool) -> None:
    text = f"# X\nDate: {day}\n## Timeline (Europe/Warsaw)\n" + "\n".join(f"- {line}" for line in lines)
    pm = read_postmortem(text)
    assert [f"{event.at_utc:%H:%M}" for event in pm.timeline.events if event.at_utc] == expected
    assert ("doubtful_time" in kinds(pm)) == question


@pytest.mark.parametrize(
    ("written", "level", "asks"),
    [
        ("Severity: SEV-1", "SEV1", False),
        ("**Severity:** 2", "SEV2", False),
        ("sev3 incident", "SEV3", False),
        ("Severity: Critical", "SEV1", True),
        ("Severity: P2", "SEV2", True),
        ("Severity: SEV0", "SEV1", True),
        ("Severity: dreadful", None, True),
        ("nothing", None, False),
    ],
)
def test_severity(written: str, level: str | None, asks: bool) -> None:
    pm = read_postmortem(f"# X\n\n{written}\n")
    assert pm.severity == level
    assert ("severity" in kinds(pm)) == asks


def test_a_date_that_can_be_two_days_is_asked_for() -> None:
    pm = read_postmortem("# X\n## Timeline (UTC)\n- 02/03/2026 09:00 a\n- 14/03/2026 09:00 b\n")
    assert times(pm) == [None, "14 09:00"]
    assert "unclear_date" in kinds(pm)


def test_words_that_say_it_did_not_happen_bear_no_mark() -> None:
    pm = read_postmortem(
        "# X\nDate: 2026-03-02\n## Timeline (UTC)\n- 09:00 Errors begin\n"
        "- 09:10 Not acknowledged by on-call\n- 09:20 Rollback attempted, errors do not drop to normal\n"
    )
    assert marks(pm) == {"onset": "09:00"}


def test_word_processors_hyphens_and_blanks_are_read() -> None:
    pm = read_postmortem(
        "# Outage on 2025\u201105\u201120\nSeverity: SEV\u20111\n## Timeline (UTC)\n"
        "- 08:41 First alert: errors over 20\u00a0%\n- 08:46 On\u2011call confirms a global outage\n"
        "- 09:02 Flag set to 0, errors drop\n"
    )
    assert (pm.severity, times(pm)) == ("SEV1", ["20 08:41", "20 08:46", "20 09:02"])
    assert marks(pm) == {"alerted": "08:41", "detected": "08:46", "mitigated": "09:02"}


def test_our_own_records_come_back_as_they_were(tmp_path: Path) -> None:
    pm = Postmortem(id="x", title="X", severity="SEV2", date="2026-03-02")
    for ending, text in (("json", pm.to_json()), ("yaml", pm.to_yaml())):
        path = tmp_path / f"x.{ending}"
        path.write_text(text)
        found = read_postmortem(path)
        assert (found.id, found.severity, found.date) == (pm.id, pm.severity, pm.date)
        assert read_postmortem(text).title == "X"


def test_json_of_another_shape() -> None:
    text = json.dumps(
        {
            "title": "Wrong labels",
            "severity": "SEV2",
            "timeline": [
                {"time": "2026-03-02T09:00:00Z", "description": "Errors begin"},
                {"time": "2026-03-02T09:12:00Z", "description": "On-call acknowledges the page"},
            ],
            "action_items": [{"description": "Block releases", "owner": "Ada", "due": "2026-04-01"}],
        }
    )
    pm = read_postmortem(text)
    assert (pm.title, pm.severity) == ("Wrong labels", "SEV2")
    assert pm.timeline.metrics()["time_to_detect"].minutes == 12
    assert [(item.description, item.owner, str(item.due)) for item in pm.action_items] == [
        ("Block releases", "Ada", "2026-04-01")
    ]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "is empty"),
        ("no/such/file.md", "No such file"),
        (Path("no/such/file.md"), "No such file"),
        ("[1, 2]\n", None),
        ("{", "not JSON"),
        ('{"id": "x", "title": "x", "severity": "bad"}', "severity"),
        ("title: [\n", "not YAML"),
    ],
)
def test_what_cannot_be_read_is_named(source: str | Path, words: str | None) -> None:
    if words is None:
        assert read_postmortem(source).timeline.events == ()
        return
    with pytest.raises(AiirError, match=words):
        read_postmortem(source)


def test_parameters_are_checked() -> None:
    with pytest.raises(AiirError, match="'Europe/Warsaw'"):
        read_postmortem("# X\n", timezone="Mars/Olympus")
    with pytest.raises(AiirError, match="'2026-03-02'"):
        read_postmortem("# X\n", date="yesterday")


_PIECES = st.sampled_from(
    [
        "# T",
        "## Timeline (UTC)",
        "- 09:00 x",
        "| Time | Event |\n|---|---|\n| 09:00 | x |",
        "```",
        "---",
        "> 09:00 x",
        "25:61 x",
        "2026-13-45 99:99",
        "Severity: SEV9",
        "- [ ] do x (@a, due 31/02/2026)",
        "<!-- -->",
        "\x0b",
        "~~~",
        "**Timeline**",
        "12:00 Foo/Bar",
        "09:00+99:99 x",
        "02/29/2025 09:00 x",
        "Date: 0000-00-00",
        "* * *\n  - 10:00",
    ]
)


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(st.one_of(_PIECES, st.text(max_size=30)), max_size=12).map("\n".join))
def test_any_text_gives_a_result_or_a_clear_error(text: str) -> None:
    try:
        pm = read_postmortem(text)
    except AiirError:
        return
    count = pm.document.count("\n") + 1
    for event in pm.timeline.events:
        assert event.line is not None
        assert 1 <= event.line <= count
