"""The capstone: built for every world, solved for full marks, no truth in what is released."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
import yaml

from aiir_lab.catalog.course_files import course_path
from aiir_lab.classroom.capstone import make_capstone
from aiir_lab.classroom.course import Course, CourseError
from aiir_lab.classroom.source import learner_version
from aiir_lab.grade.bank import load_question, questions_of
from aiir_lab.grade.keys import KeyFileError, Keys
from aiir_lab.grade.notebook import read_lesson
from aiir_lab.grade.questions._capstone import TABLES, TRIAL_SEEDS, Case, is_capstone
from aiir_lab.grade.questions._mapping import FITS, exists
from aiir_lab.records import NotFoundError, RecordError
from aiir_lab.simulate import list_worlds
from aiir_lab.simulate.world import load_world
from aiir_lab.tabletop.meeting import load_meeting_script, start_meeting
from tests.tabletop.meeting.facilitators import lead_by_the_book

CHEAP = "assistant_injection"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course without lessons, so that nothing else is built."""
    (tmp_path / "course" / "source").mkdir(parents=True)
    (tmp_path / "course" / "nbgrader_config.py").touch()
    return Course(tmp_path / "course")


def run(notebook: Any, folder: Path) -> Path:
    folder.mkdir()
    nbformat.write(notebook, folder / "capstone.ipynb")
    done = folder / "done.ipynb"
    with warnings.catch_warnings():
        warnings.simplefilter("default")  # those of Jupyter's own machinery are not ours to fail on
        papermill.execute_notebook(
            folder / "capstone.ipynb", done, cwd=folder, kernel_name="python3", progress_bar=False
        )
    return done


@pytest.mark.slow
def test_solved_it_earns_full_marks_and_untouched_nothing(course: Course, tmp_path: Path) -> None:
    made = make_capstone(course, world=CHEAP, seed=41, hidden_seeds=(1, 2))
    source = nbformat.read(made.source, as_version=4)
    solved = read_lesson(run(source, tmp_path / "solved"))
    assert [verdict.question_id for verdict in solved.verdicts if not verdict.is_full] == []
    assert [verdict.question_id for verdict in solved.verdicts] == list(questions_of(made.name))
    untouched = read_lesson(run(learner_version(source), tmp_path / "untouched"))
    assert untouched.points == solved.points
    assert not any(verdict.is_attempted for verdict in untouched.verdicts)


@pytest.mark.parametrize("world", [CHEAP, "vision_bias", "demand_drift"])
def test_what_is_released_holds_no_truth(world: str, course: Course) -> None:
    made = make_capstone(course, world=world, seed=43, hidden_seeds=(71, 72))
    released = json.dumps(learner_version(nbformat.read(made.source, as_version=4)))
    truth = Case(world, 43).run.reveal()
    assert truth.mechanism not in released
    assert truth.onset_utc.strftime("%Y-%m-%dT%H:%M") not in released
    assert "reference_policy" not in released
    assert "SOLUTION" not in released
    assert "{{" not in released
    key = made.key.read_text(encoding="utf-8")
    assert "SEEDS = (71, 72)" in key
    assert made.key.parent == course.folder / "keys"


@pytest.mark.parametrize("world", list_worlds())
def test_every_world_has_what_a_capstone_asks(world: str) -> None:
    case = Case.read(f"c43_{world}")
    assert list(questions_of(case.prefix)) == [
        f"c43_{world}-{name}"
        for name in (
            *("meeting", "causes", "shares", "plan", "framework", "playbook", "monitor", "briefing"),
        )
    ]
    schema = load_world(world).schema
    assert all(name in schema and not schema[name].is_view for name in TABLES[world])
    assert case.trial_seeds == tuple(seed for seed in TRIAL_SEEDS[world] if seed != 43)[:2]
    assert load_meeting_script(world).world == world
    for control in load_world(world).control_names:
        assert FITS[control]
        assert all(exists(id) for id in FITS[control])


@pytest.mark.parametrize("world", [CHEAP, "vision_bias", "credit_bias", "demand_drift"])
def test_criteria_come_from_the_world_at_that_seed(world: str) -> None:
    case, other = Case.read(f"c41_{world}"), Case.read(f"c43_{world}")
    assert case.run.harm.amount != other.run.harm.amount
    assert case.best_avoided > 0
    assert case.run.reveal().onset_utc < case.detected_utc < case.run.ended_utc
    pairs = case.run.reveal().interactions
    pair = pairs.loc[pairs["interaction_harm"].abs().idxmax()]
    shares = case.inquiry.shares["share"]
    factors = case.run.main_factors
    right = {
        "estimate": dict.fromkeys(factors, 1 / len(factors)),
        "largest": shares.idxmax(),
        "misjudged": (shares - 1 / len(factors)).abs().idxmax(),
        "partners": [pair["factor_b"], pair["factor_a"]],
        "together": "either" if pair["interaction_harm"] > 0 else "both",
    }
    question = load_question(f"c41_{world}-shares")
    assert question.judge(right).is_full
    wrong = right | {"largest": shares.idxmin(), "together": "perhaps"}
    assert question.judge(wrong).score == question.points - 2


def test_another_meeting_than_that_of_the_seed_earns_little() -> None:
    led = lead_by_the_book(start_meeting(CHEAP, seed=41)).transcript
    assert load_question(f"c41_{CHEAP}-meeting").judge(led).is_full
    verdict = load_question(f"c43_{CHEAP}-meeting").judge(led)
    assert any("seed 41; asked for is seed 43" in result.message for result in verdict.results)


class TestKeys:
    def test_an_own_meeting_is_judged_by_the_key(
        self, course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        own = yaml.safe_load(course_path("datasets", "meetings", f"{CHEAP}.yaml").read_text(encoding="utf-8"))
        own |= {"id": "ours", "facts": own["facts"][:3], "interruptions": own["interruptions"][:1]}
        path = tmp_path / "ours.yaml"
        path.write_text(json.dumps(own), encoding="utf-8")  # JSON is YAML
        made = make_capstone(course, world=CHEAP, seed=41, meeting=path, hidden_seeds=(1, 2))
        assert made.name == f"c41m_{CHEAP}"
        assert (made.source.parent / "meeting.yaml").read_text() == path.read_text()
        led = lead_by_the_book(start_meeting(path, seed=41)).transcript
        keys = Keys(course.folder / "keys")
        question = keys.question(f"{made.name}-meeting")
        assert question.judge(led).results[0].is_held
        # without the key, the meeting is looked for where the learner stands
        monkeypatch.chdir(tmp_path)
        assert not load_question(f"{made.name}-meeting").judge(led).results[0].is_held
        monitor = keys.question(f"{made.name}-monitor")
        assert monitor.points == load_question(f"{made.name}-monitor").points
        assert monitor.probe != load_question(f"{made.name}-monitor").probe

    def test_a_key_that_gives_other_points_is_named(self, tmp_path: Path) -> None:
        (tmp_path / f"c41_{CHEAP}.py").write_text(
            "from dataclasses import replace\nfrom aiir_lab.grade.bank import load_question\n"
            f"asked = load_question('c41_{CHEAP}-shares')\n"
            "QUESTIONS = [replace(asked, criteria=asked.criteria[:2])]\n"
        )
        with pytest.raises(KeyFileError, match="Give it the same"):
            Keys(tmp_path).question(f"c41_{CHEAP}-shares")


def test_what_cannot_be_made_is_named_and_changes_nothing(course: Course, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="fraud_poisoning"):
        make_capstone(course, world="fraud_poisonin", seed=1)
    with pytest.raises(CourseError, match="out of range"):
        make_capstone(course, world=CHEAP, seed=-1)
    with pytest.raises(CourseError, match="is no course"):
        make_capstone(Course(tmp_path), world=CHEAP, seed=1)
    with pytest.raises(RecordError):
        make_capstone(course, world=CHEAP, seed=1, meeting=tmp_path / "none.yaml")
    path = course_path("datasets", "meetings", "vision_bias.yaml")
    with pytest.raises(CourseError, match="about vision_bias"):
        make_capstone(course, world=CHEAP, seed=1, meeting=path)
    assert list((course.folder / "source").iterdir()) == []
    make_capstone(course, world=CHEAP, seed=1, hidden_seeds=(1, 2))
    with pytest.raises(CourseError, match="already"):
        make_capstone(course, world=CHEAP, seed=1, hidden_seeds=(1, 2))


@pytest.mark.parametrize("text", ["c41_fraud", "c_fraud_poisoning", "c041_vision_bias", "b03", "c1-2", ""])
def test_what_is_no_capstone(text: str) -> None:
    assert not is_capstone(text)
