"""From a file to a verdict: real lessons, the instructor's keys, functions that are asked for."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pydantic import BaseModel

from aiir_lab.catalog.course_files import course_path
from aiir_lab.classroom.build import build, sources
from aiir_lab.classroom.source import read_source, to_text
from aiir_lab.grade.bank import load_question
from aiir_lab.grade.feedback import as_html, as_text
from aiir_lab.grade.grading import Graded, grade_notebook, rejudge
from aiir_lab.grade.judging import ANSWER_MIME
from aiir_lab.grade.keys import KeyFileError, Keys
from aiir_lab.grade.notebook import NotebookError
from aiir_lab.grade.probing import Probe, _decode, _encode, call_probe
from aiir_lab.grade.question import Criterion, Question
from aiir_lab.grade.sandbox import Sandbox
from aiir_lab.grade.suspicion import look_at
from aiir_lab.grade.template import Template
from aiir_lab.records import NotFoundError

LESSONS = [path for path in sources(course_path("notebooks")) if path.parent.name == "beginner"]


def hand_in(folder: Path, text: str) -> Path:
    path = folder / "lesson" / "lesson.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def template_of(source: Path) -> Template:
    return Template(json.loads(build(source)))


DESK = course_path("notebooks", "beginner", "05_status_page.py")
"""Its cells drive the ops desk, on the loopback that each kernel has for itself."""


@pytest.mark.parametrize("source", [*LESSONS[:2], DESK], ids=lambda path: path.stem[:2])
def test_solved_lessons_earn_full_marks_and_nothing_is_noticed(
    sandbox: Sandbox, tmp_path: Path, source: Path
) -> None:
    path = hand_in(tmp_path, to_text(read_source(source)))
    before = path.read_bytes()
    graded = grade_notebook(path, template=template_of(source), sandbox=sandbox)
    assert graded.state == "graded"
    assert [v.question_id for v in graded.verdicts if not v.is_full] == []
    assert [notice.kind for notice in graded.notices] == []
    assert all(graded.prose.values())
    assert graded.is_isolated
    assert path.read_bytes() == before


def test_an_untouched_lesson_is_not_attempted(sandbox: Sandbox, tmp_path: Path) -> None:
    graded = grade_notebook(
        hand_in(tmp_path, build(LESSONS[0])), template=template_of(LESSONS[0]), sandbox=sandbox
    )
    assert graded.score == 0
    assert not any(verdict.is_attempted for verdict in graded.verdicts)
    assert not any(graded.prose.values())
    assert graded.notices == ()


@pytest.mark.slow
def test_scores_are_the_same_without_isolation(sandbox: Sandbox, tmp_path: Path) -> None:
    path = hand_in(tmp_path, to_text(read_source(LESSONS[0])))
    inside = grade_notebook(path, template=template_of(LESSONS[0]), sandbox=sandbox)
    with Sandbox(is_isolated=False) as open_sandbox:
        outside = grade_notebook(path, template=template_of(LESSONS[0]), sandbox=open_sandbox)
    assert outside.verdicts == inside.verdicts
    assert not outside.is_isolated
    assert outside.to_dict()["is_isolated"] is False


def test_nbgrader_reads_the_score_and_the_learner_the_feedback(sandbox: Sandbox, tmp_path: Path) -> None:
    from nbformat import from_dict, validate
    from nbgrader.utils import determine_grade

    source = LESSONS[0]
    path = hand_in(tmp_path, to_text(read_source(source)))
    graded = grade_notebook(path, template=template_of(source), sandbox=sandbox)
    notebook = from_dict(graded.notebook)
    validate(notebook)
    read = {
        cell.metadata.nbgrader.grade_id: determine_grade(cell)
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("locked")
    }
    assert {id: score for id, (score, _) in read.items()} == {v.question_id: v.score for v in graded.verdicts}
    shown = [o.data for cell in notebook.cells for o in cell.get("outputs", []) if "data" in o]
    assert sum(ANSWER_MIME in data for data in shown) == len(graded.verdicts)


def test_results_are_plain_data_and_can_be_judged_again(sandbox: Sandbox, tmp_path: Path) -> None:
    path = hand_in(tmp_path, to_text(read_source(LESSONS[0])))
    graded = grade_notebook(path, template=template_of(LESSONS[0]), sandbox=sandbox)
    again = Graded.from_dict(json.loads(json.dumps(graded.to_dict())))
    assert rejudge(again).verdicts == graded.verdicts

    def stricter(id: str) -> Question:
        return replace(load_question(id), criteria=(Criterion("never", lambda _: False, "no"),))

    assert rejudge(again, stricter).score == 0


KEY = """
from aiir_lab.grade.question import Criterion
HIDDEN = {"b01-leader": [
    Criterion("the secret text", lambda answer: len(answer) == 3, "secret hint", points=4),
]}
"""


def test_hidden_criteria_share_the_points_and_do_not_show(tmp_path: Path) -> None:
    (tmp_path / "b01.py").write_text(KEY)
    keys = Keys(tmp_path)
    public, full = load_question("b01-leader"), keys.question("b01-leader")
    assert full.points == public.points
    matrix = __import__("aiir_lab").load_escalation_matrix()
    right = {
        level: {"leader": matrix.leader(level), "may_switch_off": list(matrix.may_switch_off(level))}
        for level in ("SEV1", "SEV2", "SEV3", "SEV4")
    }
    data = json.loads(json.dumps(right, default=str))
    assert public.judge(data).is_full
    verdict = full.judge(data)
    assert verdict.score == pytest.approx(public.points**2 / (public.points + 4))
    assert "secret" not in as_text(verdict) + as_html(verdict)
    assert "✗ A further check" in as_text(verdict)
    assert keys.question("b01-severity") == load_question("b01-severity")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("1 / 0", KeyFileError),
        ("HIDDEN = {'b01-leader': [3]}", KeyFileError),
        ("PROBES = {'b01-leader': 3}", KeyFileError),
        ("HIDDEN = {'b01-laeder': []}", NotFoundError),
    ],
)
def test_wrong_key_files_say_so(tmp_path: Path, text: str, error: type[Exception]) -> None:
    (tmp_path / "b01.py").write_text(text)
    with pytest.raises(error, match=r"b01"):
        Keys(tmp_path).question("b01-leader")


class Called(BaseModel):
    output: float | None = None
    error: str | None = None


def asks_for_a_function(inputs: list[dict[str, Any]], truth: list[float]) -> Callable[[str], Question]:
    def holds(answer: list[Called]) -> bool:
        return [item.output for item in answer] == truth

    question = Question(
        id="b01-leader",
        title="A function",
        shape=list[Called],
        criteria=(
            Criterion("sums the amounts", holds, "Sum them.", points=load_question("b01-leader").points),
        ),
        probe=Probe(lambda: inputs),
    )
    return lambda id: question if id == "b01-leader" else load_question(id)


@pytest.mark.parametrize(
    ("code", "score"),
    [
        ("def authority(table):\n    return table['usd'].sum()", 4.0),
        ("def authority(table):\n    return 3.0", 0.0),
        ("def authority(table):\n    raise SystemExit", 0.0),
        ("def authority(table):\n    import os\n    os._exit(0)", 0.0),
        ("authority = 3", 0.0),
    ],
    ids=["right", "constant", "raises", "exits", "no function"],
)
def test_a_function_is_called_on_hidden_inputs_and_judged_outside(
    sandbox: Sandbox, tmp_path: Path, code: str, score: float
) -> None:
    tables = [pd.DataFrame({"usd": [1.0, 2.0]}), pd.DataFrame({"usd": [5.5]})]
    question_of = asks_for_a_function([{"table": table} for table in tables], [3.0, 5.5])
    notebook = json.loads(build(LESSONS[0]))
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "b01-leader-answer":
            cell["source"] = code
    graded = grade_notebook(
        hand_in(tmp_path, json.dumps(notebook)),
        template=template_of(LESSONS[0]),
        sandbox=sandbox,
        question_of=question_of,
    )
    (verdict,) = [v for v in graded.verdicts if v.question_id == "b01-leader"]
    assert verdict.score == score
    assert score or verdict.problem or verdict.results


def test_tables_cross_as_they_are() -> None:
    times = pd.to_datetime(["2026-03-02T09:00:00Z", None, "2026-03-02T09:05:30.25Z"], format="ISO8601")
    table = pd.DataFrame(
        {
            "at_utc": times,
            "n": [1, 2, 3],
            "share": [0.5, None, 1.0],
            "name": ["a", None, "ü"],
            "is_fraud": [True, False, True],
        }
    )
    back = _decode(json.loads(json.dumps(_encode(table))))
    pd.testing.assert_frame_equal(back, table)
    assert call_probe(lambda table: len(table), Probe(lambda: [{"table": table}])) == [{"output": 3}]


def test_no_honest_solution_is_worth_a_look() -> None:
    looked = {
        source.stem: reasons
        for source in sources(course_path("notebooks"))
        for cell in read_source(source).cells
        if cell.metadata.get("nbgrader", {}).get("solution") and (reasons := look_at(cell.source))
    }
    assert looked == {}


def test_a_template_needs_graded_cells(tmp_path: Path) -> None:
    path = hand_in(tmp_path, json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(NotebookError, match="no graded cell"):
            Template.read(path)
