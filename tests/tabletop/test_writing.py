"""The guide's own text makes an exercise, and what is wrong in one is named with line and field."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aiir_lab.records.errors import NotFoundError, RecordError
from aiir_lab.tabletop import load_exercise, start_exercise

GUIDE = Path(__file__).parents[2] / "docs" / "writing_an_exercise.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The exercise of the guide, from nothing but its text."""
    blocks = re.findall(r"^## (\w+\.yaml)\n\n```yaml\n(.*?)^```", GUIDE.read_text(), re.MULTILINE | re.DOTALL)
    assert [name for name, _ in blocks] == ["players.yaml", "facilitator.yaml"]
    for name, text in blocks:
        (tmp_path / name).write_text(text)
    return tmp_path


def test_the_guide_makes_an_exercise_that_can_be_played(folder: Path) -> None:
    session = start_exercise(folder, seed=3)
    assert session.name == "vision_release"
    assert "{" not in session.inbox[0].text
    session.acknowledge()
    session.declare_severity("SEV2")
    session.escalate("incident_commander")
    session.query("slices")
    session.decide("rollback_model", rationale="The release takes down pictures of small sellers.")
    session.advance(minutes=120)
    assert {"still-down", "decoy-confidence"} <= {message.id for message in session.inbox}
    session.decide("relist_affected", rationale="What was taken down wrongly comes back.")
    session.finish()
    report = session.after_action()
    assert report.harm.amount < 0.5 * report.harm.no_response
    assert {rating.objective: rating.rating.value for rating in report.objectives} == {
        "recognise": "P",
        "contain": "P",
    }


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("players.yaml", "world: vision_bias", "world: vision_bais", r"line 3, world: .*vision_bias"),
        ("players.yaml", "table: slices", "table: slice", r"line \d+, evidence\.1\.table: .*'slices'"),
        ("players.yaml", "[rollback_model]", "[rollbck]", r"decisions\.0\.controls\.0: .*rollback_model"),
        (
            "players.yaml",
            "column: mean_confidence",
            "column: mean",
            r"figures\.confidence: .*mean_confidence",
        ),
        ("players.yaml", "minutes: 1440 ", "minutes: -5 ", r"line 5, minutes: expected .*greater than 0"),
        ("players.yaml", "cost_min: 5,", "cots_min: 5,", r"evidence\.0\.cots_min: there is no such field"),
        ("players.yaml", "roles: [product, ", "roles: [legal, ", r"decisions\.1\.roles\.0: .*'legal'"),
        ("players.yaml", "{company} checks", "{compny} checks", r"situation: .*'company'"),
        ("facilitator.yaml", "objective: contain", "objective: contian", r"objective: .*'contain'"),
        ("facilitator.yaml", "looked_at: [slices]", "looked_at: [slics]", r"when\.looked_at: .*'slices'"),
        ("facilitator.yaml", "at_min: 10", "at_min: 99999", r"event_list\.1\.at_min: expected at most 1440"),
        ("facilitator.yaml", "harmed_group: 2", "harmed_grup: 2", r"harmed_grup: .*harmed_group"),
        ("facilitator.yaml", "{appeals_day}", "{appeals_dy}", r"event_list\.0\.text: .*appeals_day"),
        ("facilitator.yaml", "    at_min: 0\n", "", r"event_list\.0: expected either at_min or when"),
        ("facilitator.yaml", "exercise: vision_release", "exercise: other", r"line 1, exercise: expected"),
        ("facilitator.yaml", "hard: [60, 90]", "hard: [90, 60]", r"hours_after_onset|start"),
    ],
)
def test_a_mistake_is_named(folder: Path, file: str, old: str, new: str, says: str) -> None:
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))
    with pytest.raises(RecordError, match=says) as found:
        load_exercise(folder)
    assert re.search(r"line \d+", str(found.value))
    assert file in str(found.value)


def test_an_empty_file_and_a_missing_folder(folder: Path) -> None:
    (folder / "players.yaml").write_text("")
    with pytest.raises(RecordError):
        load_exercise(folder)
    with pytest.raises(NotFoundError, match="fraud_poisoning"):
        load_exercise("fraud_poisonning")
