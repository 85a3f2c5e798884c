"""Make ``own_cases.json`` again, after a change of the lesson or its world: run this file from the root."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from aiir_lab.classroom.course import Course, lessons
from aiir_lab.classroom.own_data import OwnRelease
from aiir_lab.classroom.source import learner_version, read_source, to_text
from aiir_lab.grade.grading import grade_notebook
from aiir_lab.grade.sandbox import Sandbox
from aiir_lab.grade.template import Template

LESSON = "intermediate-02_investigate_a_poisoned_model"
KEY = "11" * 32
STUDENTS = ("ben", "ana", "cal", "dee", "eva", "fay", "gus", "hal", "ivy")
"""The first incident that is drawn for the first one can be solved, so that the test draws one only."""


def main() -> None:
    """Release, solve with the lesson's own solution, keep."""
    source = lessons()[LESSON]
    with tempfile.TemporaryDirectory() as folder, Sandbox() as sandbox:
        course = Course.create(Path(folder), course_id="test")
        (course.folder / "keys").mkdir()
        (course.folder / "keys" / "own_data.key").write_text(KEY)
        own = OwnRelease(course, LESSON)
        solved = course.folder / "source" / LESSON / f"{source.stem}.ipynb"
        released = course.folder / "shared.ipynb"
        released.write_text(to_text(learner_version(read_source(source))))
        shared = grade_notebook(solved, template=Template.read(released), sandbox=sandbox)
        made: dict[str, Any] = {"shared": {a.question_id: a.data for a in shared.answers}, "students": {}}
        for outcome in own.release(list(STUDENTS)):
            assert not outcome.problem, outcome
            record = json.loads(own.record_path(outcome.student).read_text())
            made["students"][outcome.student] = {name: record[name] for name in ("case", "answers")}
            if outcome.student == STUDENTS[0]:
                assert record["attempt"] == 0, f"put another student than {outcome.student} first"
    lines = [f'"{student}": {json.dumps(one)}' for student, one in made["students"].items()]
    students = ",\n".join(lines)  # a line each: the ids of some hundred payments are no reading
    text = f'{{"shared": {json.dumps(made["shared"])},\n"students": {{\n{students}\n}}}}\n'
    Path(__file__).with_name("own_cases.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
