"""Meetings in YAML: the course's, one built from the guide on another world, and what is wrong in a file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aiir_lab import start_meeting
from aiir_lab.catalog.course_files import course_path
from aiir_lab.records import NotFoundError, RecordError
from aiir_lab.simulate import list_worlds, simulate
from aiir_lab.tabletop.meeting import list_meetings, load_meeting_script, replay_transcript
from tests.tabletop.meeting.facilitators import lead, lead_by_the_book

DOCS = Path(__file__).parents[3] / "docs" / "meetings.md"


@pytest.fixture
def guide(tmp_path: Path) -> Path:
    """The whole meeting of the guide, as a file."""
    (text,) = re.findall(r"```yaml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    path = tmp_path / "shelves.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_meetings_of_the_course_are_sound() -> None:
    assert set(list_meetings()) == set(list_worlds())
    for name in list_meetings():
        assert load_meeting_script(name).id == name


@pytest.mark.parametrize("world", [world for world in list_worlds() if world != "moderation_failure"])
def test_skill_brings_the_facts_out_and_blame_does_not(world: str) -> None:
    led = lead_by_the_book(start_meeting(world, seed=41))
    turned, brought = led.result().turned
    assert led.result().share >= 0.85
    assert turned == brought >= 4
    assert set(led.result().strands) == {"technical", "process", "tooling"}
    closed = lead(start_meeting(world, seed=41), [fact.tempting for fact in led.script.facts])
    assert closed.result().share < 0.3


def test_a_meeting_from_the_guide_runs_on_another_world(guide: Path) -> None:
    meeting = start_meeting(guide, seed=3, log=guide.with_suffix(".jsonl"))
    meeting.say("The purpose today is to learn. This is blameless.")
    first = meeting.say("Modeller, what data did the model know at that time?")
    alerts = simulate("demand_drift", seed=3, size="sample").observe()["alerts"]
    fired = alerts["fired_utc"].min()
    assert first.surfaced == ("old_model",)
    assert f"{fired.day} {fired:%b %Y, %H:%M} UTC" in meeting.situation
    meeting.say("We are not here to find whom to blame. Planner, how do orders normally get made?")
    meeting.say(
        "Planner, what did the shops tell you about empty shelves, and how do their tickets normally travel?"
    )
    meeting.say("Let us close the meeting here. The fixes soak for two days.")
    assert meeting.result().share == 1.0
    assert start_meeting(guide, seed=3, log=guide.with_suffix(".jsonl")).transcript == meeting.transcript
    again = replay_transcript(meeting.transcript, script=load_meeting_script(guide))
    assert again.result().to_markdown() == meeting.result().to_markdown()


def test_an_unknown_meeting_names_the_known() -> None:
    with pytest.raises(NotFoundError, match="moderation_failure"):
        load_meeting_script("moderation_failur")


# what is changed in the guide's meeting -> what the error says, with the line of the change
BROKEN = {
    "world: demand_drift ": (
        "world: demand_drive ",
        r"line \d+, world: expected one of .*got 'demand_drive'",
    ),
    "table: alerts, column: rule": (
        "table: alarms, column: rule",
        r"line \d+, figures.rule.table: expected one",
    ),
    "column: fired_utc": ("column: fired_at", r"line \d+, figures.alert: .*'fired_at'.*fired_utc"),
    "from: alert, to: answered": ("from: alert, to: answer", r"line \d+, figures.waited: .*'answer'"),
    "after: [old_model]": ("after: [old_modell]", r"line \d+, facts.1.after: .*'old_modell'"),
    "what data did the model know at that time": (
        "why did you not retrain the model",
        r"facts.0.question: .*accusing",
    ),
    '"Modeller, what data': ('"What data', r"facts.0.question: expected it to address one of modeller"),
    "{sold_out} tickets": ("117 tickets since 09:30", r"facts.1.holders.0.says: .*instead of '09:30'"),
    "{data_age} before": ("{data_ages} before", r"facts.0.holders.0.says: .*'data_ages'"),
    "as_of: answered\n        is_first": (
        "as_of: later\n        is_first",
        r"facts.0.holders.0.as_of: .*'later'",
    ),
    "kind: blame": ("kind: blaming", r"interruptions.0.kind: .*'blaming'"),
    "whom to blame. Planner, how do orders normally get made?": (
        "a name.",
        r"interruptions.0.replies.0: .*it is read as",
    ),
    "    after_fact: old_model": (
        "    at_min: 3\n    after_fact: old_model",
        r"interruptions.0: expected one of at_min",
    ),
    "strand: technical": ("strand: technic", r"line \d+, facts.0.strand: expected"),
    "voice: quiet": ("voice: shy", r"line \d+, participants.0.voice: expected"),
    "aliases: [modeller]": (
        "aliases: [planner]",
        r"participants.\d.aliases: 'planner' stands for two people",
    ),
    "id: modeller": ("id: planner", r"participants.0: 'planner' stands twice"),
    "minutes: 30": ("minutes: 30\nlength: 30", r"line \d+, length: there is no such field"),
    "title: The shelves": ("titel: The shelves", r"title: expected a value, got nothing"),
    "unit: minutes}": ("unit: weeks}", r"figures.waited.unit: expected"),
    "take: count,": ("take: number,", r"figures.sold_out.take: expected"),
}


@pytest.mark.parametrize("old", BROKEN)
def test_a_mistake_is_named_with_line_and_field(old: str, guide: Path) -> None:
    text = guide.read_text(encoding="utf-8")
    new, message = BROKEN[old]
    assert text.count(old) >= 1
    guide.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RecordError) as caught:
        load_meeting_script(guide)
    assert re.search(message, str(caught.value)), caught.value
    assert re.search(r"line \d+", str(caught.value))


@pytest.mark.parametrize("text", ["", "[]", "id: [", "\x00", "7", "id: x\nid: y\n"])
def test_what_is_no_meeting_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RecordError):
        load_meeting_script(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="cannot be read"):
        load_meeting_script(tmp_path / "none.yaml")


def test_the_card_and_the_files_are_there() -> None:
    folder = course_path("datasets", "meetings")
    meetings = {f"{name}.yaml" for name in list_worlds()}
    assert {path.name for path in folder.iterdir()} == {"README.md", "rules.yaml"} | meetings
