"""Hostile submissions: none gains, none reads or writes outside, none stops the others, all are named."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from aiir_lab.grade import bank
from aiir_lab.grade.grading import Graded, grade_notebook
from aiir_lab.grade.keys import Keys
from aiir_lab.grade.sandbox import Limits, Sandbox
from aiir_lab.grade.template import Template
from tests.grade.hostile.corpus import ANSWER, FIRST
from tests.grade.hostile.files import FILES

SECRET = "CANARY-4711"
UNANSWERED, ANSWERED = "b01-leader", "b01-severity"
RIGHT = """
matrix, measures = lab.load_severity_matrix(), lab.load_vignette_measures()
severity = {
    id: matrix.classify(dict(zip(rows["criterion"], rows["high"]))).severity
    for id, rows in measures.groupby("id")
}
"""
STUB = "authority = {level: {'leader': None} for level in ('SEV1', 'SEV2', 'SEV3', 'SEV4')}"
NAMES = [*FIRST, *ANSWER, *FILES]


def cell(source: str, **mark: Any) -> dict[str, Any]:
    marked = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False} | mark
    metadata = {"nbgrader": marked} if mark else {}
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": metadata,
        "outputs": [],
        "source": source,
    }


def notebook(*, first: str = "1", leader: str = STUB, severity: str = RIGHT) -> dict[str, Any]:
    cells = [cell(first), cell("import aiir_lab as lab")]
    for id, name, source in ((UNANSWERED, "authority", leader), (ANSWERED, "severity", severity)):
        points = bank.load_question(id).points
        cells.append(cell(source, grade_id=f"{id}-answer", solution=True))
        cells.append(cell(f'lab.check("{id}", {name})', grade_id=id, grade=True, locked=True, points=points))
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


@dataclass
class Course:
    """A course folder with secrets, one submission per attack, and what grading made of each."""

    folder: Path
    marker: Path
    before: dict[str, bytes]
    results: dict[str, Graded]
    honest: Graded
    last: Graded


@pytest.fixture(scope="module")
def course(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    folder = tmp_path_factory.mktemp("course")
    marker = Path("/tmp/aiir-hostile-marker")
    marker.unlink(missing_ok=True)
    (folder / "gradebook.db").write_text(SECRET)
    (folder / "keys").mkdir()
    (folder / "keys" / "b01.py").write_text(
        "from aiir_lab.grade.question import Criterion\n"
        f"HIDDEN = {{'b01-leader': [Criterion('{SECRET}', lambda answer: True, 'hint')]}}\n"
    )
    other = folder / "submitted" / "ben" / "lesson" / "lesson.ipynb"
    other.parent.mkdir(parents=True)
    solved = notebook(leader=f"authority = {{}}  # {SECRET}")
    other.write_text(json.dumps(solved))
    with socket.create_server(("127.0.0.1", 0)) as service:
        places = {
            "{secret}": str(folder / "gradebook.db"),
            "{other}": str(other),
            "{course}": str(folder),
            "{marker}": str(marker),
            "{ports}": repr([service.getsockname()[1]]),
        }
        paths = {name: _write(folder / "submitted" / f"eve{n}", name, places) for n, name in enumerate(NAMES)}
        for name, change in FILES.items():
            change(paths[name], json.loads(paths[name].read_text()), other)
        before = _snapshot(folder)
        template = Template(notebook(severity="severity = None"))
        keys = Keys(folder / "keys")

        def grade(path: Path) -> Graded:
            return grade_notebook(
                path,
                template=template,
                sandbox=sandbox,
                question_of=keys.question,
                limits=Limits(cell_s=2, wall_s=60, flood_bytes=40_000_000, memory_mib=512),
                root=folder / "submitted",
            )

        good = _write(folder / "submitted" / "zoe", "honest", places)
        honest = grade(good)
        with ThreadPoolExecutor(4) as pool:
            results = dict(zip(NAMES, pool.map(lambda name: grade(paths[name]), NAMES), strict=True))
        last = grade(good)
        good.unlink()
        good.parent.rmdir()
        good.parent.parent.rmdir()
    yield Course(folder, marker, before, results, honest, last)
    marker.unlink(missing_ok=True)


def _write(student: Path, name: str, places: dict[str, str]) -> Path:
    content = notebook(first=FIRST.get(name, "1"), leader=ANSWER.get(name, STUB))
    for entry in content["cells"]:
        for mark, value in places.items():
            entry["source"] = entry["source"].replace(mark, value)
    path = student / "lesson" / "lesson.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(content))
    return path


def _snapshot(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    return {str(path): path.read_bytes() for path in files}


def test_the_corpus_is_large_enough() -> None:
    assert len(NAMES) == len(set(NAMES)) >= 50


def scores(graded: Graded) -> dict[str, float]:
    return {verdict.question_id: verdict.score for verdict in graded.verdicts}


def test_an_honest_submission_is_right_before_and_after_all_the_others(course: Course) -> None:
    full = bank.load_question(ANSWERED).points
    for graded in (course.honest, course.last):
        assert (graded.state, graded.notices) == ("graded", ())
        assert scores(graded) == {UNANSWERED: 0.0, ANSWERED: full}


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_gained(course: Course, name: str) -> None:
    found, honest = scores(course.results[name]), scores(course.honest)
    assert set(found) == set(honest)
    assert found[UNANSWERED] == 0
    assert found[ANSWERED] <= honest[ANSWERED]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_the_machine_is_read(course: Course, name: str) -> None:
    graded = course.results[name]
    assert SECRET not in json.dumps([cell.get("outputs") for cell in graded.notebook.get("cells", [])])
    assert SECRET not in json.dumps([answer.to_dict() for answer in graded.answers])


@pytest.mark.parametrize("name", NAMES)
def test_the_instructor_can_read_what_happened(course: Course, name: str) -> None:
    graded = course.results[name]
    said = [graded.reason, *(notice.text for notice in graded.notices)]
    said += [answer.problem for answer in graded.answers]
    assert any(said)
    assert Graded.from_dict(json.loads(json.dumps(graded.to_dict()))).to_dict() == graded.to_dict()


def test_nothing_outside_is_written(course: Course) -> None:
    assert _snapshot(course.folder) == course.before
    assert not course.marker.exists()


def test_what_harms_only_the_unanswered_question_leaves_the_other_one_its_score(course: Course) -> None:
    """Reading, writing and reaching out in vain does not cost an honest answer its points."""
    for name, graded in course.results.items():
        if name.split(":")[0] in {"read", "write", "network", "html"}:
            assert scores(graded)[ANSWERED] > 0, name


def test_what_is_shown_does_not_act(course: Course) -> None:
    for name, graded in course.results.items():
        shown = [
            str(output.get("data", {}).get("text/html", "")).lower()
            for entry in graded.notebook.get("cells", [])
            for output in entry.get("outputs", [])
        ]
        assert not [text for text in shown if "<script" in text or "onerror" in text], name


def test_outputs_stay_within_their_limits(course: Course) -> None:
    for name, graded in course.results.items():
        assert len(json.dumps(graded.notebook)) < 20 * 2**20, name
