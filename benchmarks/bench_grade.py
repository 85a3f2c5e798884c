"""Grading of one lesson: our path against ``nbgrader autograde`` and against the cells' own time, in one run.

Run: ``uv run python benchmarks/bench_grade.py [--submissions 60] [--lesson beginner-01...] [--cell-s 30]``.

The same submissions (right, half right, untouched, looping, crashing, in turn) are graded by nbgrader's own
``autograde``, one after the other in one process, and by ``grade_notebook`` with one warm sandbox. The limit
on a looping cell is the same for both; keep it above what a cold import cell takes, or nbgrader gives up on
honest submissions. Where a kernel dies nbgrader gives no score at all, ours counts what was answered before.
The last column is what the code cells take in plain Python, in a child of a process that has the libraries
loaded. One sequential worker each: figures are per core.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections import defaultdict
from pathlib import Path

import nbformat

from aiir_lab.classroom.course import Course, lessons
from aiir_lab.classroom.source import read_source
from aiir_lab.grade.grading import Graded, grade_notebook
from aiir_lab.grade.sandbox import Limits, Sandbox
from aiir_lab.grade.template import Template

KINDS = ("right", "half right", "untouched", "looping", "crashing")

# warms up, then runs the cells of each notebook in a child of its own and prints the seconds
PLAIN = """
import json, os, sys, time
os.environ["AIIR_CHECK"] = "capture"
from aiir_lab.grade.sandbox.warmup import warm_up
warm_up()
for path in sys.argv[1:]:
    cells = [c for c in json.load(open(path))["cells"] if c["cell_type"] == "code"]
    told, tell = os.pipe()
    if os.fork() == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        space = {"display": lambda *a, **k: None, "get_ipython": lambda: None}
        begin = time.perf_counter()
        for cell in cells:
            exec(compile("".join(cell["source"]), "cell", "exec"), space)
        os.write(tell, json.dumps(time.perf_counter() - begin).encode())
        os._exit(0)
    os.wait()
    print(os.read(told, 100).decode())
"""


def submissions(course: Course, lesson: str, count: int) -> dict[str, str]:
    """Hand in ``count`` submissions; student -> kind."""
    source = lessons()[lesson]
    released = course.release(lesson) / f"{source.stem}.ipynb"
    solved = {cell.id: cell.source for cell in read_source(source).cells}
    handed: dict[str, str] = {}
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        notebook = nbformat.read(released, as_version=4)
        marked = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("solution")]
        share = {"right": 1.0, "untouched": 0.0}.get(kind, 0.5)
        for cell in marked[: round(len(marked) * share)]:
            cell.source = solved[cell.metadata.nbgrader.grade_id]
        last = [cell for cell in marked if cell.cell_type == "code"][-1]
        if kind == "looping":
            last.source = "while True:\n    pass"
        elif kind == "crashing":
            last.source = "import os\nos._exit(1)"
        student = f"student{number:03}"
        folder = course.folder / "submitted" / student / lesson
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / released.name)
        handed[student] = kind
    return handed


def stock(course: Course, lesson: str, handed: dict[str, str]) -> tuple[dict[str, float], dict[str, float]]:
    """Seconds by nbgrader's own autograde, and the scores of those that it did not give up on."""
    seconds: dict[str, float] = {}
    given_up = set()
    for student in handed:
        begin = time.perf_counter()
        result = course.api.autograde(lesson, student, force=True, create=True)
        seconds[student] = time.perf_counter() - begin
        if not result["success"]:
            given_up.add(student)
    with course.api.gradebook as gradebook:
        scores = {
            submission.student.id: sum(notebook.code_score for notebook in submission.notebooks)
            for submission in gradebook.assignment_submissions(lesson)
            if submission.student.id not in given_up
        }
    return seconds, scores


def ours(course: Course, lesson: str, handed: dict[str, str], cell_s: float) -> dict[str, Graded]:
    """Results of grade_notebook, one after the other."""
    name = f"{lessons()[lesson].stem}.ipynb"
    template = Template.read(course.folder / "release" / lesson / name)
    begin = time.perf_counter()
    with Sandbox() as sandbox:
        print(f"warm sandbox ready after {time.perf_counter() - begin:.1f} s (once per run)")
        return {
            student: grade_notebook(
                course.folder / "submitted" / student / lesson / name,
                template=template,
                sandbox=sandbox,
                limits=Limits(cell_s=cell_s),
            )
            for student in handed
        }


def plain(course: Course, lesson: str, students: list[str]) -> list[float]:
    """Seconds of the code cells alone."""
    name = f"{lessons()[lesson].stem}.ipynb"
    paths = [str(course.folder / "submitted" / student / lesson / name) for student in students]
    env = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", PLAIN, *paths], env=env, capture_output=True, text=True, check=True
    )
    return [float(line) for line in done.stdout.split()]


def main() -> None:
    """Grade, compare, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--submissions", type=int, default=60)
    parser.add_argument("--lesson", default=next(iter(lessons())))
    parser.add_argument("--cell-s", type=float, default=30)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        course = Course.create(Path(folder, "course"), course_id="bench")
        settings = course.folder / "nbgrader_config.py"
        text = settings.read_text().replace("timeout = 120", f"timeout = {int(options.cell_s)}")
        settings.write_text(text)
        handed = submissions(course, options.lesson, options.submissions)
        results = ours(course, options.lesson, handed, options.cell_s)
        seconds, scores = stock(course, options.lesson, handed)
        honest = [student for student, kind in handed.items() if kind in {"right", "untouched"}]
        alone = dict(zip(honest, plain(course, options.lesson, honest), strict=True))
        report(handed, results, seconds, scores, alone)


def report(
    handed: dict[str, str],
    results: dict[str, Graded],
    seconds: dict[str, float],
    scores: dict[str, float],
    alone: dict[str, float],
) -> None:
    """Print the table, the ratios and what is left."""
    print(f"{'kind':12} {'n':>3} {'nbgrader s':>11} {'ours s':>8} {'ratio':>7} {'plain s':>8}  equal scores")
    groups: dict[str, list[str]] = defaultdict(list)
    for student, kind in handed.items():
        groups[kind].append(student)
    for kind, students in groups.items():
        theirs = statistics.median(seconds[student] for student in students)
        own = statistics.median(results[student].seconds["total"] for student in students)
        bare = [alone[student] for student in students if student in alone]
        both = [student for student in students if student in scores]
        equal = sum(abs(scores[student] - results[student].score) < 1e-6 for student in both)
        shown = f"{statistics.median(bare):8.2f}" if bare else f"{'-':>8}"
        row = f"{kind:12} {len(students):3} {theirs:11.2f} {own:8.2f} {theirs / own:7.1f} {shown}"
        print(f"{row}  {equal} of {len(both)} that nbgrader graded")
    theirs, own = sum(seconds.values()), sum(result.seconds["total"] for result in results.values())
    quiet = [student for student, kind in handed.items() if kind != "looping"]
    print(f"all: {theirs:.1f} s against {own:.1f} s, {theirs / own:.1f} x")
    ratio = sum(seconds[s] for s in quiet) / sum(results[s].seconds["total"] for s in quiet)
    print(f"without the looping ones, which cost both the limit: {ratio:.1f} x")
    bare, full = statistics.mean(alone.values()), statistics.mean(results[s].seconds["total"] for s in alone)
    print(f"cells alone {bare:.2f} s, ours {full:.2f} s; 1.5 x + 0.3 s would be {1.5 * bare + 0.3:.2f} s")
    parts = {
        name: statistics.mean(results[student].seconds[name] for student in alone)
        for name in ("boot", "cells", "run", "judge", "total")
    }
    parts["preflight and the rest"] = parts["total"] - parts["run"] - parts["judge"]
    shown = json.dumps({name: round(value, 3) for name, value in parts.items()})
    print("what is left, mean seconds of right and untouched ones:", shown)


if __name__ == "__main__":
    main()
