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
STUDENTS = ("ben", "dee", "gus")
"""Those of whom the first incident that is drawn can be solved, so that the test draws one only."""


def main() -> None:
    """Release, solve with the lesson's own solution, keep."""
    source = lessons()[LESSON]
    with tempfile.TemporaryDirectory() as folder, Sandbox() as sandbox:

        def answers(path: Path, files: dict[str, bytes]) -> dict[str, Any]:
            graded = grade_notebook(path, template=template, sandbox=sandbox, files=files)
            return {answer.question_id: answer.data for answer in graded.answers}

        course = Course.create(Path(folder), course_id="test")
        (course.folder / "keys").mkdir()
        (course.folder / "keys" / "own_data.key").write_text(KEY)
        own = OwnRelease(course, LESSON)
        solved = course.folder / "source" / LESSON / f"{source.stem}.ipynb"
        released = course.folder / "shared.ipynb"
        released.write_text(to_text(learner_version(read_source(source))))
        template = Template.read(released)
        made: dict[str, Any] = {"shared": answers(solved, {}), "students": {}}
        for outcome in own.release(list(STUDENTS)):
            assert not outcome.problem, outcome
            record = json.loads(own.record_path(outcome.student).read_text())
            assert record["attempt"] == 0, f"take another student than {outcome.student}"
            made["students"][outcome.student] = {
                "case": record["case"],
                "answers": answers(solved, own.files(outcome.student)),
            }
    target = Path(__file__).with_name("own_cases.json")
    target.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
