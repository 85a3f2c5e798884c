"""How grading scales with the workers of a Dask cluster, here all on one machine.

Run: ``uv run python benchmarks/bench_cluster.py [--submissions 12] [--workers 1 2] [--repeats 1]``.

Each submission burns the same CPU time in its sandbox. Efficiency is the time of one worker, divided by the
number of workers and by the time of so many. It says something only for as many workers as cores are free:
look at the load average, and repeat, which keeps the best time.

What bounds a large cluster is the driver, which alone checks, judges and writes. So a class is graded on a
cluster in processes of its own, and the CPU time of the driver with its judges is told for each submission:
one driver feeds as many workers as that goes into the time a submission takes on one.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psutil
from bench_grade import submissions as hand_in
from distributed import LocalCluster

from aiir_lab.classroom.batch import Batch
from aiir_lab.classroom.course import Course
from aiir_lab.grade.cluster import Cluster

LESSON = "beginner-01_severity_and_first_update"
# a cluster whose processes are not the driver's
APART = """
import sys
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50) as one:
        print(one.scheduler_address, flush=True)
        sys.stdin.read()
"""

CELLS = [
    "import time",
    "end = time.process_time() + 1.0\nwhile time.process_time() < end:\n    pass",
    "print(1)",
]


def seconds_with(workers: int, submissions: int) -> float:
    """Wall seconds for all submissions, with every sandbox warm."""
    with (
        LocalCluster(
            n_workers=workers, threads_per_worker=1, dashboard_address=None, silence_logs="CRITICAL"
        ) as local,
        Cluster(local.scheduler_address) as cluster,
        ThreadPoolExecutor(2 * workers) as pool,
    ):
        list(pool.map(lambda _: cluster.execute(["1"]), range(2 * workers)))
        begin = time.perf_counter()
        list(pool.map(lambda _: cluster.execute(CELLS), range(submissions)))
        return time.perf_counter() - begin


@contextmanager
def cluster_apart(folder: Path) -> Iterator[str]:
    """The address of a cluster of two workers in processes of its own."""
    script = folder / "cluster.py"
    script.write_text(APART)
    process = subprocess.Popen([sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin
    assert process.stdout
    try:
        yield process.stdout.readline().decode().strip()
    finally:
        process.stdin.close()
        process.wait(30)


def used_s() -> tuple[float, float]:
    """CPU seconds of this process, and of those that judge for it."""
    here = psutil.Process()
    judges = [child for child in here.children() if any("judge_worker" in part for part in child.cmdline())]
    return tuple(  # type: ignore[return-value]
        sum(sum(process.cpu_times()[:2]) for process in group) for group in ([here], judges)
    )


def driver(submissions: int) -> None:
    """Grade a class on a cluster and tell what the driver used for each submission."""
    with tempfile.TemporaryDirectory() as name, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        folder = Path(name)
        course = Course.create(folder / "course", course_id="bench")
        students = list(hand_in(course, LESSON, 5 + submissions))
        with cluster_apart(folder) as address:
            batch = Batch(course, LESSON, scheduler=address)
            list(batch.grade(students=students[:5]))  # everything is warm
            begin, before = time.perf_counter(), used_s()
            done = list(batch.grade(students=students[5:]))
            wall, after = time.perf_counter() - begin, used_s()
    failed = [outcome for outcome in done if outcome.problem]
    here, judging = ((now - then) / submissions for now, then in zip(after, before, strict=True))
    print(
        f"driver: {here:.3f} s of CPU a submission and {judging:.3f} s in its judges, over {len(done)} "
        f"submissions ({len(failed)} failed, {wall:.1f} s); load average {os.getloadavg()[0]:.1f}"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--submissions", type=int, default=12)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--repeats", type=int, default=1)
    options = parser.parse_args()
    taken: dict[int, float] = {}
    for workers in options.workers:
        taken[workers] = min(
            seconds_with(workers, options.submissions) for _ in range(max(1, options.repeats))
        )
        first = options.workers[0]
        efficiency = taken[first] * first / (workers * taken[workers])
        print(
            f"{workers} worker(s): {taken[workers]:.1f} s for {options.submissions} submissions, efficiency "
            f"{efficiency:.0%}; load average {os.getloadavg()[0]:.1f}"
        )
    driver(options.submissions)


if __name__ == "__main__":
    main()
