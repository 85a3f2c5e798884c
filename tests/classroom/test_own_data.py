"""An incident for each learner: who answers with a neighbour's answers gets next to nothing.

``own_cases.json`` holds what is true of the incidents that the key below gives nine students in each lesson,
and the answers of the lesson's own solution to each and to the shared incident (``make_own_cases.py``).
"""

from __future__ import annotations

import json
import shutil
import stat
import statistics
import warnings
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import nbformat
import pytest

from aiir_lab.classroom.batch import Batch
from aiir_lab.classroom.collect import collect
from aiir_lab.classroom.course import Course, CourseError, lessons
from aiir_lab.classroom.own_data import FORMAT, MOST_ELSEWHERE, OwnRelease, draw_seed, read_students
from aiir_lab.classroom.source import read_source
from aiir_lab.grade import bank
from aiir_lab.grade.checking import check
from aiir_lab.grade.feedback import as_text
from aiir_lab.grade.judging import judge_answer, take_answer
from aiir_lab.grade.own_data import OwnDataError, own_data_of, share_earned
from aiir_lab.grade.question import TAKEN_DOWN, Question
from aiir_lab.grade.sandbox import why_unavailable
from aiir_lab.records import AiirError

pytestmark = [pytest.mark.xdist_group("class"), pytest.mark.filterwarnings("default")]
LESSON = "intermediate-02_investigate_a_poisoned_model"
KEY = "11" * 32
STORED = json.loads(Path(__file__).with_name("own_cases.json").read_text(encoding="utf-8"))
CASES = STORED["i02"]["students"]
FIRST = next(iter(CASES))
IS_ISOLATED = not why_unavailable()


def asked_of(case: dict[str, Any], lesson: str = "i02") -> dict[str, Question]:
    return {q.id.removeprefix(f"{lesson}-"): q for q in own_data_of(lesson).questions_for(case)}


def rounded(data: Any) -> Any:
    """The same but for the last digits, in which machines differ."""
    return json.loads(json.dumps(data), parse_float=lambda text: round(float(text), 6))


@pytest.mark.parametrize("lesson", STORED)
def test_right_answers_earn_full_marks_on_their_own_incident_alone(lesson: str) -> None:
    students = STORED[lesson]["students"]

    def earned(answers: dict[str, Any], student: str, *, is_shown: bool = True) -> float:
        asked = asked_of(students[student]["case"], lesson).values()
        return share_earned(asked if is_shown else [replace(q, evidence=None) for q in asked], answers)

    assert {earned(one["answers"], student) for student, one in students.items()} == {1.0}
    pairs = [(students[a]["answers"], b) for a, b in permutations(students, 2)]
    across = [earned(*pair) for pair in pairs]
    assert len(across) == 72
    assert statistics.mean(across) <= 0.03
    assert max(across) <= MOST_ELSEWHERE == 0.1
    # nor do the answers to the course's public incident help
    assert max(earned(STORED[lesson]["shared"], student) for student in students) <= 0.1
    # it is the evidence that does it: these incidents have much in common
    unshown = [earned(*pair, is_shown=False) for pair in pairs]
    assert statistics.mean(unshown) > 0.1
    assert max(unshown) > 0.25


def test_every_question_of_such_a_lesson_asks_for_evidence() -> None:
    able = [lesson for lesson in bank.lessons() if lesson in STORED]
    assert able == ["i02", "a05"]
    for lesson in able:
        own = own_data_of(lesson).questions_for({})
        assert {q.id: q.points for q in own} == {q.id: q.points for q in bank.questions_of(lesson).values()}
        assert all(q.evidence for q in own)


WRONG = {
    "naive": ({"auc_change": 0.2}, 2),
    "pattern": ({"low_usd": 1.0}, 2),
    "onset": ({"onset_utc": "2024-01-01"}, 0),
    "versions": ({"first_blind": "v1"}, 2),
    "missed": ({"estimate_usd": 1.0}, 2),
    "rollback": ({"reason": "It is fine."}, 3),
    "decision": ({"choice": "freeze"}, 2),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_slip_costs_its_own_points_and_missing_evidence_all(name: str) -> None:
    question, right = asked_of(CASES[FIRST]["case"])[name], CASES[FIRST]["answers"][f"i02-{name}"]
    slip, score = WRONG[name]
    assert question.judge(right | slip).score == score
    if "payments" not in right:
        return
    neighbour = next(reversed(CASES.values()))["answers"][question.id]["payments"]
    shown = right["payments"][:2] + neighbour[:3]
    verdict = question.judge(right | {"payments": shown})
    assert verdict.score == 0
    assert "2 of 5 are. Three to ten transaction ids" in as_text(verdict)
    assert "nothing else in this answer counts" in as_text(verdict)
    assert "payments" in question.judge(right | {"payments": right["payments"][:2]}).problem
    assert question.judge(right | {"payments": [*range(11)]}).problem


@pytest.mark.parametrize(
    ("name", "slip", "score"),
    [
        ("figures", {"after": 1.0, "fund_first": "alert_routing"}, 3),
        ("figures", {"before": 1.0, "after": 2.0, "left_with_first": 3.0}, 0),
        ("briefing", {"ask": "We need more people."}, 10),
        ("briefing", {"risk_left": "Nothing remains."}, 10),
        ("board", {"law": {"choice": "b", "decides": "legal"}}, 2),
        ("board", {"promise": {"choice": "c", "left_share": 0.3}}, 2),
    ],
)
def test_slips_in_the_briefing_lesson(name: str, slip: dict[str, Any], score: float) -> None:
    one = STORED["a05"]["students"][FIRST]
    question = asked_of(one["case"], "a05")[name]
    assert question.judge(one["answers"][question.id] | slip).score == score


def test_a_page_with_a_neighbours_figures_earns_nothing_however_well_it_is_written() -> None:
    students = STORED["a05"]["students"]
    one, other = students[FIRST], students["gus"]
    question, page = asked_of(one["case"], "a05")["briefing"], one["answers"]["a05-briefing"]
    figures = {f"{one['case'][name]:,.0f}": f"{other['case'][name]:,.0f}" for name in ("before", "after")}
    swapped = json.dumps(page)
    for own, copied in figures.items():
        swapped = swapped.replace(own, copied)
    verdict = question.judge(json.loads(swapped))
    assert verdict.score == 0
    assert "Evidence: the harm without the plan" in as_text(verdict)


def test_accusing_another_partner_costs_as_much_as_before() -> None:
    one = CASES[FIRST]
    question, right = asked_of(one["case"])["source"], one["answers"]["i02-source"]
    honest = next(partner for partner in one["case"]["contradicted"] if partner not in right)
    assert question.judge(right | {honest: one["case"]["contradicted"][honest]}).score == 2
    assert question.judge(dict.fromkeys(right, 0)).score == 0
    # beside a count of one's own the criteria say what is wrong
    assert "None of them is" in as_text(question.judge({honest: one["case"]["contradicted"][honest]}))


def test_an_incident_too_much_like_a_released_one_is_not_handed_out(tmp_path: Path) -> None:
    own = OwnRelease(Course.create(tmp_path, course_id="test"), LESSON)
    (first, one), (second, other) = list(CASES.items())[:2]
    for student, told in {first: one, second: other}.items():
        assert own.is_apart(told["case"], told["answers"])
        own.record_path(student).parent.mkdir(parents=True, exist_ok=True)
        own.record_path(student).write_text(json.dumps({"format": FORMAT, "files": {}} | told))
    assert not own.is_apart(other["case"], other["answers"])
    # it is enough that answers fit in one direction
    assert not own.is_apart(one["case"], {})
    assert not own.is_apart(CASES["gus"]["case"], one["answers"])


def test_seeds_are_spread_over_all_that_a_world_knows() -> None:
    drawn = [
        draw_seed(bytes([n]), lesson="i02", student=student, world="fraud_poisoning", attempt=attempt)
        for n in range(10)
        for student in ("ana", "ben")
        for attempt in range(50)
    ]
    assert len(set(drawn)) == len(drawn)
    assert all(0 <= seed < 2**63 for seed in drawn)
    # half of them above the middle: no short range to search
    assert 400 < sum(seed > 2**62 for seed in drawn) < 600


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course with the lesson released to one student, and another one who is not on the roster."""
    folder = tmp_path_factory.mktemp("course")
    made = Course.create(folder / "course", course_id="test")
    (made.folder / "keys").mkdir()
    (made.folder / "keys" / "own_data.key").write_text(KEY)
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        assert [outcome.problem for outcome in OwnRelease(made, LESSON).release([FIRST])] == [""]
    return made


def handout(course: Course, student: str = FIRST) -> Path:
    return OwnRelease(course, LESSON).handout(student)


def test_the_release_is_what_the_key_gives_and_holds_no_truth(course: Course) -> None:
    record = json.loads(OwnRelease(course, LESSON).record_path(FIRST).read_text())
    assert rounded(record["case"]) == rounded(CASES[FIRST]["case"])
    assert record["attempt"] == 0
    seed = draw_seed(bytes.fromhex(KEY), lesson="i02", student=FIRST, world="fraud_poisoning")
    text = (handout(course) / f"{lessons()[LESSON].stem}.ipynb").read_text()
    for secret in (str(seed), KEY, "SOLUTION", "reveal", "simulate(", "replay("):
        assert secret not in text
    assert "lab.open_incident()" in text
    names = {path.name for path in handout(course).rglob("*") if path.is_file()}
    assert not any("truth" in name or "case" in name or name.endswith(".key") for name in names)
    assert (course.folder / "release" / LESSON).is_dir()
    assert not (course.folder / "release" / LESSON / "incident").exists()


def test_releasing_again_keeps_an_incident_and_makes_a_lost_one_again(course: Course) -> None:
    path = handout(course) / "incident" / "labels.csv.gz"
    before = path.read_bytes()
    path.write_bytes(b"tampered with")
    with pytest.raises(CourseError, match="not as it was released"):
        OwnRelease(course, LESSON).files(FIRST)
    problems = [outcome.problem for outcome in OwnRelease(course, LESSON).release([FIRST])]
    assert len(problems) == 1
    assert "not as it was released" in problems[0]
    path.unlink()
    assert [outcome.problem for outcome in OwnRelease(course, LESSON).release([FIRST])] == [""]
    assert path.read_bytes() == before


def test_grading_knows_whose_incident_is_whose(course: Course, tmp_path: Path) -> None:
    solved = {cell.id: cell.source for cell in read_source(lessons()[LESSON], is_own=True).cells}
    notebook = nbformat.read(handout(course) / f"{lessons()[LESSON].stem}.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = solved[cell.metadata.nbgrader.grade_id]
    name = f"{lessons()[LESSON].stem}.ipynb"
    for student in (FIRST, "stranger"):
        (tmp_path / student).mkdir()
        nbformat.write(notebook, tmp_path / student / name)
    collect(course, tmp_path)
    # a table made up to fit some answer is not the one that is used
    forged = course.folder / "submitted" / FIRST / LESSON / "incident" / "feedback_by_merchant.csv.gz"
    forged.parent.mkdir()
    forged.write_bytes(b"source_id\n")
    done = {o.student: o.problem for o in Batch(course, LESSON, is_isolated=IS_ISOLATED).grade()}
    assert done[FIRST] == ""
    assert "stranger has no incident" in done["stranger"]
    graded = json.loads((course.folder / "graded" / LESSON / f"{FIRST}.json").read_text())["graded"]
    assert graded["score"] == graded["points"] == 28
    assert any("feedback_by_merchant" in notice["text"] for notice in graded["notices"])
    again = list(Batch(course, LESSON, is_isolated=IS_ISOLATED).regrade())
    assert {outcome.student: bool(outcome.problem) for outcome in again} == {FIRST: False, "stranger": True}


def test_a_lost_key_is_not_replaced_in_silence(course: Course, tmp_path: Path) -> None:
    copy = Course(tmp_path / "course")
    shutil.copytree(course.folder / "keys", copy.folder / "keys")
    key = copy.folder / "keys" / "own_data.key"
    key.unlink()
    with pytest.raises(CourseError, match=r"own_data\.key is lost, but 1 incidents"):
        list(OwnRelease(copy, LESSON).release(["ben"]))
    key.write_text("abc")
    with pytest.raises(CourseError, match="damaged"):
        list(OwnRelease(copy, LESSON).release(["ben"]))
    shutil.rmtree(copy.folder / "keys")
    made = OwnRelease(copy, LESSON)._key()
    assert len(made) == 32
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert OwnRelease(copy, LESSON)._key() == made


def test_releases_of_both_kinds_do_not_mix(course: Course, tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="--per-student"):
        course.release(LESSON)
    other = Course.create(tmp_path / "course", course_id="test")
    source = next((other.folder / "source" / LESSON).glob("*.ipynb"))
    source.write_text(source.read_text().replace("A model can be poisoned", "My own title"))
    with pytest.raises(CourseError, match="was changed"):
        list(OwnRelease(other, LESSON).release(["ben"]))
    assert "My own title" in source.read_text()


@pytest.mark.parametrize(
    ("prefix", "why"),
    [
        ("b01", "published or written"),
        ("a02", "replaying the world"),
        ("i03", "while the learner decides"),
        ("i06", "the same in every"),
    ],
)
def test_other_lessons_are_refused_with_the_reason(prefix: str, why: str) -> None:
    with pytest.raises(OwnDataError, match=f"{why}.*Lessons that can: i02, a05"):
        own_data_of(prefix)


def test_mistakes_in_a_roster_are_named(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_text("name,student_id\nDoe,ana\nRoe, ben \n")
    assert read_students(path) == ["ana", "ben"]
    for text, problem in {
        "student_id\n": "names nobody",
        "student_id\nana\n../x\n": "'../x' is no student id",
        "student_id\nana\nana\n": "stands there twice",
        "name,age\na,b\n": "It needs student_id",
    }.items():
        path.write_text(text)
        with pytest.raises(AiirError, match=problem):
            read_students(path)
    with pytest.raises(CourseError, match="There is no roster"):
        read_students(tmp_path / "none.csv")


def test_a_learners_check_takes_the_answer_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "incident").mkdir()
    manifest = {"format": 1, "lesson": "i02", "world": "fraud_poisoning", "company": "x"}
    times = {"started_utc": "2026-01-05T00:00:00+00:00", "ended_utc": "2026-04-05T00:00:00+00:00"}
    (tmp_path / "incident" / "manifest.json").write_text(json.dumps(manifest | times))
    monkeypatch.chdir(tmp_path)
    assert check("i02-source", {"partner-101": 40}) == 0
    shown = capsys.readouterr().out
    assert TAKEN_DOWN in shown
    assert "taken down (worth 4)" in shown  # "0 of 4" would be a verdict
    check("i02-source", ["partner-101"])
    assert "Expected a dict of partners and their contradicted rows" in capsys.readouterr().out
    # who forgets the evidence is told now, not when it is graded
    check("i02-onset", {"onset_utc": "2025-03-03"})
    assert "and payments (three to ten transaction ids)" in capsys.readouterr().out
    check("i02-onset", {"onset_utc": None, "payments": None})
    assert "not attempted yet" in capsys.readouterr().out
    # whoever reads the notebook without the key does not judge it either
    bundle = {"version": 1, "question": "i02-source", "answer": {"partner-101": 40}, "is_own": True}
    answer = take_answer("i02-source", [{"data": {"application/vnd.aiir.answer+json": bundle}}])
    assert judge_answer(answer).problem == TAKEN_DOWN
    # a lesson without such incidents has no other form of its answers
    forged = take_answer(
        "b01-leader",
        [{"data": {"application/vnd.aiir.answer+json": bundle | {"question": "b01-leader"}}}],
    )
    assert judge_answer(forged).score == 0
