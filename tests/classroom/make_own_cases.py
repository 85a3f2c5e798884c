"""Make ``own_cases.json`` again, after a change of a lesson or its world.

Run this file from the root; name lessons, such as ``i02``, to leave the others as they are.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from aiir_lab.classroom.course import Course, lessons
from aiir_lab.classroom.own_data import OwnRelease
from aiir_lab.classroom.source import learner_version, read_source, to_text
from aiir_lab.grade.grading import grade_notebook
from aiir_lab.grade.sandbox import Sandbox
from aiir_lab.grade.template import Template

LESSONS = {
    "i02": "intermediate-02_investigate_a_poisoned_model",
    "a05": "advanced-05_present_to_leadership",
}
KEY = "11" * 32
STUDENTS = ("ben", "ana", "cal", "dee", "eva", "fay", "gus", "hal", "ivy")
"""In i02 the first incident drawn for the first one can be solved, so that the test draws one only."""
TARGET = Path(__file__).with_name("own_cases.json")


def make(lesson: str) -> dict[str, Any]:
    """Release, solve with the lesson's own solution, keep."""
    source = lessons()[lesson]
    with tempfile.TemporaryDirectory() as folder, Sandbox() as sandbox:
        course = Course.create(Path(folder), course_id="test")
        (course.folder / "keys").mkdir()
        (course.folder / "keys" / "own_data.key").write_text(KEY)
        own = OwnRelease(course, lesson)
        solved = course.folder / "source" / lesson / f"{source.stem}.ipynb"
        released = course.folder / "shared.ipynb"
        released.write_text(to_text(learner_version(read_source(source))))
        shared = grade_notebook(solved, template=Template.read(released), sandbox=sandbox)
        made: dict[str, Any] = {"shared": {a.question_id: a.data for a in shared.answers}, "students": {}}
        for outcome in own.release(list(STUDENTS)):
            assert not outcome.problem, outcome
            record = json.loads(own.record_path(outcome.student).read_text())
            made["students"][outcome.student] = {name: record[name] for name in ("case", "answers")}
            if (own.prefix, outcome.student) == ("i02", STUDENTS[0]):
                assert record["attempt"] == 0, f"put another student than {outcome.student} first"
    return made


def main(*only: str) -> None:
    """Make all, or only some."""
    made = json.loads(TARGET.read_text(encoding="utf-8")) if only else {}
    made |= {name: make(lesson) for name, lesson in LESSONS.items() if not only or name in only}
    # a line for each student: the ids of some hundred payments are no reading
    parts = []
    for name, one in made.items():
        students = ",\n".join(f"{json.dumps(s)}: {json.dumps(told)}" for s, told in one["students"].items())
        parts.append(
            f'{json.dumps(name)}: {{"shared": {json.dumps(one["shared"])},\n"students": {{\n{students}}}}}'
        )
    TARGET.write_text("{" + ",\n".join(parts) + "}\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
