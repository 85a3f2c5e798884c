"""Grading of one lesson: our path against ``nbgrader autograde`` and against the cells' own time, in one run.

Run: ``uv run python benchmarks/bench_grade.py [--submissions 60] [--lesson beginner-01...] [--cell-s 30]``.

The same submissions (right, half right, untouched, looping, crashing, in turn) are graded by nbgrader's own
``autograde``, one after the other in one process, and by our batch with one worker and one warm sandbox. The
limit on a looping cell is the same for both (a second figure is with a shorter one for ours); keep it above
what a cold import cell takes, or nbgrader gives up on honest submissions. Where a kernel dies nbgrader gives
no score at all, ours counts what was answered before. "plain" is the CPU time of the code cells in plain
Python, in a child of a process that has the libraries loaded. One sequential worker each: figures are per
core. Where others use the machine, wall time says little: CPU seconds (this process, kernels, judges) stand
beside it, and the load average. The last lines say what is left: the floor, and how far each ratio could go
at most.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil

from aiir_lab.classroom.batch import Batch
from aiir_lab.classroom.course import Course, lessons
from aiir_lab.classroom.source import read_source
from aiir_lab.grade.execute import execute
from aiir_lab.grade.grading import Graded
from aiir_lab.grade.sandbox import Limits, shared_sandbox

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
        begin, used = time.perf_counter(), time.process_time()
        for cell in cells:
            exec(compile("".join(cell["source"]), "cell", "exec"), space)
        os.write(tell, f"{time.perf_counter() - begin} {time.process_time() - used}".encode())
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
            solution = solved[cell.metadata.nbgrader.grade_id]
            # people write differently, and a judge remembers what it has read
            cell.source = solution.replace("We are ", f"We, of office {number}, are ")
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


@dataclass
class Cost:
    """What one submission took."""

    wall_s: float
    cpu_s: float


def used_s() -> float:
    """CPU seconds of this process, of the children that have ended, and of the workers that judge."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    judges = 0.0
    for child in psutil.Process().children():
        if any("judge_worker" in word for word in child.cmdline()):
            times = child.cpu_times()
            judges += times.user + times.system
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime + judges


def stock(course: Course, lesson: str, handed: dict[str, str]) -> tuple[dict[str, Cost], dict[str, float]]:
    """What nbgrader's own autograde took, and the scores of those that it did not give up on."""
    costs: dict[str, Cost] = {}
    given_up = set()
    for student in handed:
        begin, used = time.perf_counter(), used_s()
        result = course.api.autograde(lesson, student, force=True, create=True)
        costs[student] = Cost(time.perf_counter() - begin, used_s() - used)
        if not result["success"]:
            given_up.add(student)
    with course.api.gradebook as gradebook:
        scores = {
            submission.student.id: sum(notebook.code_score for notebook in submission.notebooks)
            for submission in gradebook.assignment_submissions(lesson)
            if submission.student.id not in given_up
        }
    return costs, scores


def ours(
    course: Course, lesson: str, cell_s: float, students: list[str] | None = None
) -> tuple[dict[str, Graded], dict[str, Cost]]:
    """Results and costs of a batch of one worker: read, run, judge, keep on disk, save to the gradebook."""
    limits = Limits(cell_s=cell_s)
    batch = Batch(course, lesson, workers=1, limits=limits)
    results: dict[str, Graded] = {}
    costs: dict[str, Cost] = {}
    begin, used = time.perf_counter(), used_s()
    for outcome in batch.grade(force=True, students=students):
        assert not outcome.problem, outcome
        kept = json.loads((course.folder / "graded" / lesson / f"{outcome.student}.json").read_text())
        result = results[outcome.student] = Graded.from_dict(kept["graded"], kept["notebook"])
        # the kernel is no child of this process
        cpu_s = used_s() - used + result.seconds["cpu"]
        costs[outcome.student] = Cost(time.perf_counter() - begin, cpu_s)
        begin, used = time.perf_counter(), used_s()
    return results, costs


def plain(course: Course, lesson: str, students: list[str]) -> list[Cost]:
    """What the code cells alone take."""
    name = f"{lessons()[lesson].stem}.ipynb"
    paths = [str(course.folder / "submitted" / student / lesson / name) for student in students]
    env = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", PLAIN, *paths], env=env, capture_output=True, text=True, check=True
    )
    return [Cost(*map(float, line.split())) for line in done.stdout.splitlines()]


def empty(cells: int) -> Cost:
    """What a confined kernel takes for as many cells that do nothing: no grading by a kernel is below it."""
    runs = [execute(["pass"] * cells, sandbox=shared_sandbox()) for _ in range(9)]
    return Cost(statistics.median(run.seconds for run in runs), statistics.median(run.cpu_s for run in runs))


def main() -> None:
    """Grade, compare, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--submissions", type=int, default=60)
    parser.add_argument("--lesson", default=next(iter(lessons())))
    parser.add_argument("--cell-s", type=float, default=30, help="limit on a cell, for both")
    parser.add_argument("--short-s", type=float, default=10, help="one for ours alone")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        course = Course.create(Path(folder, "course"), course_id="bench")
        settings = course.folder / "nbgrader_config.py"
        text = settings.read_text().replace("timeout = 120", f"timeout = {int(options.cell_s)}")
        settings.write_text(text)
        handed = submissions(course, options.lesson, options.submissions)
        copy = Course(Path(shutil.copytree(course.folder, Path(folder, "ours"))))
        print("load average at the start:", *(f"{load:.1f}" for load in os.getloadavg()))
        begin = time.perf_counter()
        shared_sandbox()
        print(f"warm sandbox ready after {time.perf_counter() - begin:.1f} s (once per run)")
        results, own = ours(copy, options.lesson, options.cell_s)
        looping = [student for student, kind in handed.items() if kind == "looping"]
        short = ours(copy, options.lesson, options.short_s, looping)[1]
        code = [cell for cell in results[next(iter(handed))].notebook["cells"] if cell["cell_type"] == "code"]
        nothing = empty(len(code))
        theirs, scores = stock(course, options.lesson, handed)
        honest = [student for student, kind in handed.items() if kind in {"right", "untouched"}]
        alone = dict(zip(honest, plain(course, options.lesson, honest), strict=True))
        report(handed, results, own, theirs, scores, alone)
        floor(options, handed, results, own, theirs, short, alone, nothing)
        print("load average at the end:", *(f"{load:.1f}" for load in os.getloadavg()))


def report(
    handed: dict[str, str],
    results: dict[str, Graded],
    own: dict[str, Cost],
    theirs: dict[str, Cost],
    scores: dict[str, float],
    alone: dict[str, Cost],
) -> None:
    """Print the table, the ratios and what is left."""
    print("median seconds a submission, wall (CPU)")
    print(f"{'kind':12} {'n':>3} {'nbgrader':>15} {'ours':>15} {'ratio':>12} {'plain':>6}  equal scores")
    groups: dict[str, list[str]] = defaultdict(list)
    for student, kind in handed.items():
        groups[kind].append(student)
    for kind, students in groups.items():
        stock_wall, stock_cpu = middle(theirs, students)
        wall, cpu = middle(own, students)
        bare = [alone[student].cpu_s for student in students if student in alone]
        both = [student for student in students if student in scores]
        equal = sum(abs(scores[student] - results[student].score) < 1e-6 for student in both)
        shown = f"{statistics.median(bare):6.2f}" if bare else f"{'-':>6}"
        print(
            f"{kind:12} {len(students):3} {stock_wall:7.2f} ({stock_cpu:5.2f}) {wall:7.2f} ({cpu:5.2f}) "
            f"{stock_wall / wall:5.1f} ({stock_cpu / cpu:4.1f}) {shown}  {equal} of {len(both)} graded by it"
        )
    quiet = [student for student, kind in handed.items() if kind != "looping"]
    for name, students in (("all", list(handed)), ("without the looping ones", quiet)):
        wall = sum(theirs[s].wall_s for s in students) / sum(own[s].wall_s for s in students)
        cpu = sum(theirs[s].cpu_s for s in students) / sum(own[s].cpu_s for s in students)
        rate = 60 * len(students) / sum(own[s].cpu_s for s in students)
        print(f"{name}: {wall:.1f} x by wall, {cpu:.1f} x by CPU; ours {rate:.0f} a minute and core by CPU")
    full = statistics.mean(own[s].wall_s for s in alone)
    parts = {
        name: statistics.mean(results[student].seconds[name] for student in alone)
        for name in ("boot", "cells", "run", "judge", "total")
    }
    parts["end"] = parts["run"] - parts["boot"] - parts["cells"]
    parts["preflight"] = parts["total"] - parts["run"] - parts["judge"]
    parts["keep and save"] = full - parts["total"]
    shown = json.dumps({name: round(value, 3) for name, value in parts.items()})
    print("what is left, mean wall seconds of these:", shown)


def floor(
    options: argparse.Namespace,
    handed: dict[str, str],
    results: dict[str, Graded],
    own: dict[str, Cost],
    theirs: dict[str, Cost],
    short: dict[str, Cost],
    alone: dict[str, Cost],
    nothing: Cost,
) -> None:
    """Print what stands between ours and its bounds, and how far each ratio could go at most."""
    for unit in ("wall_s", "cpu_s"):
        bare, kernel = mean(alone, alone, unit), getattr(nothing, unit)
        print(
            f"right and untouched, means, {unit}: cells alone {bare:.3f}, so 1.5 x + 0.3 allows "
            f"{1.5 * bare + 0.3:.3f}; ours {mean(own, alone, unit):.3f}; a kernel with empty cells "
            f"{kernel:.3f}"
        )
    inside = statistics.mean(results[student].seconds["cpu"] for student in alone)
    outside = mean(own, alone, "cpu_s") - inside
    print(f"CPU of these: kernel {inside:.3f} s, protocol, judge, clean, save {outside:.3f} s")
    quiet = [student for student, kind in handed.items() if kind != "looping"]
    loops = [student for student in handed if student not in quiet]
    least = Cost(
        mean(alone, alone, "wall_s") + nothing.wall_s,
        mean(alone, alone, "cpu_s") + nothing.cpu_s,
    )
    for unit in ("wall_s", "cpu_s"):
        stock_quiet, stock_loop = mean(theirs, quiet, unit), mean(theirs, loops, unit)
        low, share = getattr(least, unit), len(loops) / len(handed)
        stock_all = (1 - share) * stock_quiet + share * stock_loop
        ours_quiet, ours_short = mean(own, quiet, unit), mean(short, loops, unit)
        print(
            f"{unit}: without looping ones at most {stock_quiet / low:.1f} x (kernel and cells alone); with "
            f"them at most {stock_all / ((1 - share) * low + share * options.cell_s):.1f} x at the same "
            f"limit of {options.cell_s:g} s, were all else free; measured with ours at {options.short_s:g} s "
            f"{stock_all / ((1 - share) * ours_quiet + share * ours_short):.1f} x; 10 x of all needs "
            f"{(stock_all / 10 - (1 - share) * ours_quiet) / share:.1f} s a looping one"
        )


def mean(costs: dict[str, Cost], students: Iterable[str], unit: str) -> float:
    """Mean ``wall_s`` or ``cpu_s``."""
    return statistics.mean(getattr(costs[student], unit) for student in students)


def middle(costs: dict[str, Cost], students: list[str]) -> tuple[float, float]:
    """Median wall and CPU seconds."""
    return (
        statistics.median(costs[student].wall_s for student in students),
        statistics.median(costs[student].cpu_s for student in students),
    )


if __name__ == "__main__":
    main()
