"""How grading scales with the workers of a Dask cluster, here all on one machine.

Run: ``uv run python benchmarks/bench_cluster.py [--submissions 12] [--workers 1 2]``.

Each submission burns the same CPU time in its sandbox. Efficiency is the time of one worker, divided by the
number of workers and by the time of so many. It says something only for as many workers as cores are free:
look at the load average.
"""

from __future__ import annotations

import argparse
import os
import time
from concurrent.futures import ThreadPoolExecutor

from distributed import LocalCluster

from aiir_lab.grade.cluster import Cluster

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


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--submissions", type=int, default=12)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    options = parser.parse_args()
    taken: dict[int, float] = {}
    for workers in options.workers:
        taken[workers] = seconds_with(workers, options.submissions)
        first = options.workers[0]
        efficiency = taken[first] * first / (workers * taken[workers])
        print(
            f"{workers} worker(s): {taken[workers]:.1f} s for {options.submissions} submissions, efficiency "
            f"{efficiency:.0%}; load average {os.getloadavg()[0]:.1f}"
        )


if __name__ == "__main__":
    main()
