"""Interview questions as an assignment: made, released, handed in, autograded, graded by hand."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path

import nbformat
import pytest

from aiir_lab.catalog.interview import load_interview_question
from aiir_lab.classroom.collect import collect
from aiir_lab.classroom.course import Course, CourseError
from aiir_lab.classroom.interview import POINTS, make_interview
from aiir_lab.grade.notebook import PROSE_STUB
from aiir_lab.grade.sandbox import why_unavailable
from aiir_lab.records import NotFoundError

IS_ISOLATED = not why_unavailable()
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("default"),  # nbgrader's own machinery warns
]
IDS = ("fragmented-communication", "biased-model-postmortem")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course without lessons, so that nothing else is built."""
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        course = Course.create(tmp_path_factory.mktemp("course"), course_id="test")
    for lesson in (course.folder / "source").iterdir():
        shutil.rmtree(lesson)
    return course


def test_from_source_to_a_grade_by_hand(course: Course, tmp_path: Path) -> None:
    source = make_interview(course, "interview-1", questions=IDS)
    assert course.lessons() == ["interview-1"]
    model = source.read_text()
    asked = [nbformat.reads(model, 4).cells[place].source for place in (1, 3)]
    assert [load_interview_question(id).question in text for id, text in zip(IDS, asked, strict=True)] == [
        True
    ] * 2

    released = nbformat.read(course.release("interview-1") / "interview-1.ipynb", as_version=4)
    worked = load_interview_question(IDS[0]).worked_strong
    assert worked is not None
    assert worked.task in model
    text = "\n".join(cell.source for cell in released.cells)
    assert worked.task not in text, "the worked answers stay with the instructor"
    assert load_interview_question(IDS[0]).rubric["tone"]["4"] in text

    answers = [cell for cell in released.cells if cell.metadata.get("nbgrader", {}).get("solution")]
    assert [cell.source for cell in answers] == [PROSE_STUB] * 2
    answers[0].source = worked.text()
    (tmp_path / "ana").mkdir()
    nbformat.write(released, tmp_path / "ana" / "interview-1.ipynb")
    assert [item.state for item in collect(course, tmp_path)] == ["new"]
    assert [outcome.problem for outcome in course.grade("interview-1", is_isolated=IS_ISOLATED)] == [""]
    with course.api.gradebook as gradebook:
        first = gradebook.find_grade(f"interview-{IDS[0]}", "interview-1", "interview-1", "ana")
        assert (first.max_score, first.needs_manual_grade) == (POINTS, True)
        first.manual_score, first.needs_manual_grade = 21.0, False
        gradebook.db.commit()
    with course.api.gradebook as gradebook:
        assert gradebook.find_submission("interview-1", "ana").score == 21.0
        assert gradebook.find_submission("interview-1", "ana").max_score == 2 * POINTS


def test_drawn_questions_follow_the_seed(course: Course) -> None:
    texts = [
        make_interview(course, f"drawn-{place}", level="beginner", count=2, seed=seed).read_text()
        for place, seed in enumerate((1, 1, 2))
    ]
    ids = [[cell.id for cell in nbformat.reads(text, 4).cells if "interview-" in cell.id] for text in texts]
    assert len(ids[0]) == 2
    assert ids[0] == ids[1] != ids[2]


def test_every_question_of_the_bank_can_be_asked(course: Course) -> None:
    made = make_interview(course, "all", count=10_000)
    assert nbformat.read(made, 4).cells[1].source.startswith("## 1. ")


def test_what_cannot_be_made(course: Course, tmp_path: Path) -> None:
    make_interview(course, "taken", count=1)
    before = (course.folder / "source" / "taken" / "taken.ipynb").read_bytes()
    for name in ("taken", "../x", "Upper", ""):
        with pytest.raises(CourseError):
            make_interview(course, name, count=1)
    assert (course.folder / "source" / "taken" / "taken.ipynb").read_bytes() == before
    with pytest.raises(NotFoundError, match="fragmented"):
        make_interview(course, "x", questions=["fragmented"])
    with pytest.raises(NotFoundError, match="beginner"):
        make_interview(course, "x", level="expert")
    with pytest.raises(CourseError, match="aiir classroom init"):
        make_interview(Course(tmp_path), "x")
    assert not (course.folder / "source" / "x").exists()
