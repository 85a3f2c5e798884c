"""Seconds to simulate each world at lesson size; rows per second to disk against bare numpy.

Run: ``python benchmarks/bench_simulate.py [--rows 1000000] [--worlds fraud_poisoning ...]``.
The baseline draws as many random columns of as many rows as the growing tables have with bare
numpy, and writes nothing; it is measured in the same run. Aims: each world under 3 s at lesson
size on 2 cores; to disk within 5 times the baseline; peak memory under 2 GiB at any size.
"""

from __future__ import annotations

import argparse
import importlib.util
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import sklearn.ensemble  # noqa: F401  # its import is not what is measured

from aiir_lab.simulate import simulate
from aiir_lab.simulate.world import WORLDS, load_world
from aiir_lab.simulate.write import CHUNK_ROWS, Writer, draw_pieces, write_tables


def measure_lesson(name: str, seed: int) -> None:
    """Simulate and observe one world at lesson size."""
    wall, cpu = time.perf_counter(), time.process_time()
    tables = simulate(name, seed=seed).observe()
    seconds, cpu_seconds = time.perf_counter() - wall, time.process_time() - cpu
    rows = sum(len(frame) for frame in tables.values())
    print(
        f"{name:20s} {seconds:6.2f} s wall {cpu_seconds:6.2f} s CPU  {rows:8,d} rows in {len(tables)} tables"
    )


def draw_bare(rows: dict[str, int], columns: dict[str, int], seed: int) -> None:
    """Draw as many uniform columns of as many rows with bare numpy, in chunks."""
    rng = np.random.default_rng(seed)
    for table, count in rows.items():
        for start in range(0, count, CHUNK_ROWS):
            for _ in range(columns[table]):
                rng.random(min(CHUNK_ROWS, count - start))


def measure_scale(name: str, rows: int, seed: int, folder: str | None) -> None:
    """Draw, and draw and write, `rows` rows of a world's main table; compare with the baseline.

    Playing the world once is not in it: it takes as long for a million rows as for a hundred.
    """
    world = load_world(name)
    source = "lesson" if world.fresh_per_day else world.max_rows
    playing = measure(lambda: simulate(name, seed=seed, size=source).observe())
    run = simulate(name, seed=seed, size=source)
    counts = dict.fromkeys(world.growing, 0)

    def draw_world() -> None:
        for _, _, made in draw_pieces(world, run, rows, CHUNK_ROWS):
            for table, frame in made.items():
                counts[table] += len(frame)

    def write_world() -> None:
        with tempfile.TemporaryDirectory(dir=folder) as out:
            done = write_tables(name, rows=rows, out=out, seed=seed)
            print(f"  {done.files} files, {done.bytes / 1e6:,.0f} MB")

    run.observe()  # the copies are taken from it; building it is not what is measured
    drawn = measure(draw_world)
    floor = measure_floor(name, seed, source, counts)
    columns = {table: len(world.schema[table].columns) for table in world.growing}
    bare = measure(lambda: draw_bare(counts, columns, seed))
    print(f"{name}, {rows:,} rows of {world.main_table}, {sum(counts.values()):,} rows in all")
    wall, cpu = measure(write_world)
    written = (wall - playing[0], cpu - playing[1])
    print(f"  one play of {source} rows {playing[0]:.2f} s wall {playing[1]:.2f} s CPU")
    for what, (wall, cpu) in {
        "bare numpy": bare,
        "drawn": drawn,
        "floor": floor,
        "drawn and written": written,
    }.items():
        ratio = f"ratio {cpu / bare[1]:5.1f} in CPU, {wall / bare[0]:5.1f} in wall time"
        print(f"  {what:18s} {wall:7.2f} s wall {cpu:7.2f} s CPU  {rows / wall:11,.0f} rows/s  {ratio}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  peak memory of this process {peak:,.0f} MiB")


def measure_floor(name: str, seed: int, source: str | int, counts: dict[str, int]) -> tuple[float, float]:
    """Seconds that DuckDB takes to write as many rows on one thread when nothing has to be drawn."""
    world = load_world(name)
    run = simulate(name, seed=seed, size=source)
    _, _, made = next(iter(draw_pieces(world, run, sum(counts.values()) // 2, CHUNK_ROWS)))
    wall = cpu = 0.0
    with tempfile.TemporaryDirectory() as out:
        writer = Writer(Path(out), threads=1)
        for table, frame in made.items():
            if len(frame):
                once = measure(
                    lambda t=table, f=frame: writer.write(f, world.schema[t], f"{t}/date=x/part.parquet")
                )
                wall += once[0] * counts[table] / len(frame)
                cpu += once[1] * counts[table] / len(frame)
    return wall, cpu


def measure(work: Callable[[], None]) -> tuple[float, float]:
    """Wall and CPU seconds of some work. On a shared machine the CPU seconds are the fair ones."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--worlds", nargs="*", default=None)
    parser.add_argument("--folder", default=None, help="where to write, and delete, the tables")
    asked = parser.parse_args()
    there = [name for name, place in WORLDS.items() if importlib.util.find_spec(place.partition(":")[0])]
    for name in asked.worlds or there:
        measure_lesson(name, asked.seed)
    for name in asked.worlds or there:
        if load_world(name).growing:
            measure_scale(name, asked.rows, asked.seed, asked.folder)


if __name__ == "__main__":
    main()
