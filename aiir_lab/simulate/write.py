"""Write the tables of a world to disk at any size: partitioned parquet, in bounded memory."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, SupportsIndex

import numpy as np
import pandas as pd

from aiir_lab.records.errors import AiirError
from aiir_lab.simulate.run import Run, simulate
from aiir_lab.simulate.scale import copy_cases, make_pool, split_pool, to_json
from aiir_lab.simulate.schema import Column, Table, conform
from aiir_lab.simulate.world import World, load_world, play_once

CHUNK_ROWS = 500_000  # of the main table: about 200 MB with all that belongs to it
FIRST_ID = 10**10  # above every id of a play, so that the two never meet
Progress = Callable[[int, int], None]
Piece = tuple[int, int, dict[str, pd.DataFrame]]  # day, number within the day, growing tables


@dataclass(frozen=True)
class Written:
    """What `write_tables` has written.

    Attributes
    ----------
    out : Path
        The folder.
    rows : dict of str to int
        Rows of each table.
    files, bytes : int
        Number of parquet files and their size.
    seconds : float
        Time it took, wall clock.
    """

    out: Path
    rows: dict[str, int]
    files: int
    bytes: int
    seconds: float


def write_tables(
    name: str,
    *,
    rows: int,
    out: str | Path,
    seed: int = 0,
    difficulty: str = "normal",
    progress: Progress | None = None,
    chunk_rows: int = CHUNK_ROWS,
) -> Written:
    """Write the observable tables of a world as parquet files.

    Up to the largest play of the world, every table is that of
    ``simulate(name, size=rows)``. Beyond, the growing tables (requests, decisions, labels ...)
    hold `rows` rows, written day by day in chunks, and the small tables (registry,
    dashboard, alerts ...) are those of one play. ``manifest.json`` says which is which.

    Parameters
    ----------
    name : str
        A world.
    rows : int
        Rows of its main table.
    out : path
        A new or empty folder.
    seed, difficulty
        As for :func:`simulate`.
    progress : callable, default None
        Called as ``progress(rows_done, rows_in_all)`` after each chunk.
    chunk_rows : int, default 250 000
        Rows drawn at a time; memory grows with it, not with `rows`.

    Returns
    -------
    Written

    Raises
    ------
    AiirError
        When `rows` is out of range or the folder holds something already.

    Notes
    -----
    Beyond a play, a day's cases are written again and again as other cases (see scale.py): with new
    numbers, in another second of the same minute, otherwise alike. The cases are those of the largest
    play, which is copy 0 as it stands; number modulo `STRIDE` leads back to it, and so to the affected
    rows of its `reveal()`. `fraud_poisoning` draws up to 20 000 new payments for each day first, which
    the models of a lesson-size play decide, and copies those.

    ``out/TABLE/date=YYYY-MM-DD/part-N.parquet`` for growing tables (the date is the UTC day of
    the main table's row, so that joins stay inside a partition), ``out/TABLE/part-0.parquet`` for the
    others. DuckDB: ``SELECT * FROM 'out/transactions/**/*.parquet'``; Polars: ``pl.scan_parquet``;
    Dask: ``dd.read_parquet``.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     done = write_tables("fraud_poisoning", rows=20_000, out=folder, seed=7)
    >>> done.rows["transactions"]
    20000
    """
    begun = time.perf_counter()
    world, target = load_world(name), Path(out)
    total = _read_rows(world, rows)
    if target.exists() and any(target.iterdir()):
        raise AiirError(
            f"out={str(target)!r} is not empty. Expected a new or empty folder; nothing was written."
        )
    expands = total > world.max_rows
    source = ("lesson" if world.fresh_per_day else world.max_rows) if expands else total
    run = simulate(name, seed=seed, difficulty=difficulty, size=source)
    counts = dict.fromkeys(world.schema, 0)
    with Writer(target) as writer:
        for table, frame in run.observe().items():
            if not (expands and table in world.growing):
                writer.write(frame, world.schema[table], f"{table}/part-0.parquet")
                counts[table] = len(frame)
        if expands:
            done = 0
            for day, piece, tables in _ahead(draw_pieces(world, run, total, chunk_rows)):
                date = (pd.Timestamp(run.started_utc) + pd.Timedelta(days=day)).date().isoformat()
                for table, frame in tables.items():
                    if len(frame):
                        writer.write(frame, world.schema[table], f"{table}/date={date}/part-{piece}.parquet")
                        counts[table] += len(frame)
                done += len(tables[world.main_table])
                if progress is not None:
                    progress(done, total)
        elif progress is not None:
            progress(total, total)
        _write_manifest(target, run, counts, expands=expands)
        return Written(target, counts, writer.files, writer.bytes, time.perf_counter() - begun)


def split_rows(total: int, weights: Any) -> list[int]:
    """Share rows out by weight, in whole numbers that add up.

    Examples
    --------
    >>> split_rows(10, [1, 1, 2])
    [2, 3, 5]
    """
    edges = np.floor(np.cumsum(weights) / np.sum(weights) * total + 1e-9).astype(np.int64)
    return np.diff(edges, prepend=0).tolist()  # type: ignore[no-any-return]


def _read_rows(world: World, rows: object) -> int:
    if isinstance(rows, bool) or not isinstance(rows, SupportsIndex):
        raise AiirError(f"rows={rows!r} is not a whole number. Nearest valid: rows={world.sizes['lesson']}.")
    total = int(rows)
    largest = None if world.growing else world.max_rows
    if total < world.min_rows or (largest is not None and total > largest):
        nearest = world.min_rows if total < world.min_rows else largest
        upper = "any number" if largest is None else str(largest)
        raise AiirError(
            f"rows={total} is out of range for {world.name}: {world.min_rows} to {upper} rows of "
            f"{world.main_table!r}; nearest valid: rows={nearest}."
        )
    return total


def draw_pieces(world: World, run: Run, total: int, chunk_rows: int) -> Iterator[Piece]:
    """Draw day by day, busy days with more rows, as in the play."""
    played = play_once(world, run._stage, run._plan, incident=True)
    tables = {name: run.observe()[name] for name in world.growing}
    when = tables[world.main_table][world.schema[world.main_table].visible_from]
    day_of_case = (when - pd.Timestamp(run.started_utc)).dt.days.to_numpy()
    first_day, next_id = int(day_of_case.min()), FIRST_ID  # a world may show what was before its start
    pools = {} if world.fresh_per_day else split_pool(make_pool(world, tables), day_of_case.astype(np.int64))
    for day, rows in enumerate(split_rows(total, np.bincount(day_of_case - first_day)), first_day):
        if not rows:
            continue
        if world.fresh_per_day:
            fresh = min(rows, world.fresh_per_day)
            pool = make_pool(world, world.expand(run._stage, played, day=day, rows=fresh, first_id=next_id))
            next_id += fresh
        else:
            pool = pools[day]
        start = 0
        for piece, size in enumerate(split_rows(rows, np.ones(-(-rows // chunk_rows)))):
            if size:
                yield day, piece, copy_cases(pool, run.setting, day=day, piece=piece, start=start, rows=size)
            start += size


def _ahead(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Draw the next piece while this one is written: two cores, two pieces in memory."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        coming = pool.submit(next, pieces, None)
        while (piece := coming.result()) is not None:
            coming = pool.submit(next, pieces, None)
            yield piece


class Writer:
    """One DuckDB connection that turns frames into parquet files."""

    def __init__(self, out: Path, *, threads: int = 2) -> None:
        import duckdb

        self.out = out
        self.files = 0
        self.bytes = 0
        self.connection = duckdb.connect(config={"memory_limit": "512MB", "threads": threads})

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def write(self, frame: pd.DataFrame, table: Table, place: str) -> None:
        """Write one file; chunks come from `expand` as they are and are held to the schema in SQL."""
        path = self.out / place
        path.parent.mkdir(parents=True, exist_ok=True)
        plain = frame if place.count("/") > 1 else conform(place, frame, table)
        for column, spec in table.columns.items():
            if spec.dtype == "object" and not isinstance(plain[column].dtype, pd.CategoricalDtype):
                plain = plain.assign(**{column: plain[column].map(to_json)})
        self.connection.register("piece", plain)
        columns = ", ".join(_select(plain, column, spec) for column, spec in table.columns.items())
        quoted = str(path).replace("'", "''")
        # Measured (benchmarks/bench_simulate.py): trying to compress numbers that do not repeat takes longer
        # than drawing them. Names repeat and go through a dictionary; numbers and times are stored as
        # differences (parquet version 2).
        self.connection.execute(
            f"COPY (SELECT {columns} FROM piece) TO '{quoted}' "
            "(FORMAT parquet, COMPRESSION uncompressed, PARQUET_VERSION v2, DICTIONARY_SIZE_LIMIT 200)"
        )
        self.connection.unregister("piece")
        self.files += 1
        self.bytes += path.stat().st_size


def _select(frame: pd.DataFrame, column: str, spec: Column) -> str:
    if spec.dtype == "float":
        return f'CAST("{column}" AS DOUBLE) AS "{column}"'
    if isinstance(frame[column].dtype, pd.CategoricalDtype):
        return f'"{column}"'  # parquet keeps it as text, and as one number a row on the way
    kind = {"str": "VARCHAR", "int": "BIGINT", "bool": "BOOLEAN", "time": "TIMESTAMPTZ"}.get(spec.dtype)
    return f'CAST("{column}" AS {kind}) AS "{column}"' if kind else f'"{column}"'


def _write_manifest(out: Path, run: Run, counts: dict[str, int], *, expands: bool) -> None:
    """Say what is in the folder, with the documentation of every column; nothing of the truth."""
    growing = run._world.growing if expands else ()
    text = {
        "world": run.name,
        "seed": run.seed,
        "difficulty": run.difficulty,
        "company": run.company,
        "started_utc": run.started_utc.isoformat(),
        "ended_utc": run.ended_utc.isoformat(),
        "tables": {
            name: {
                "rows": counts[name],
                "what": table.what,
                "drawn": "at this size"
                if name in growing or not expands
                else f"in a play of {run.rows} rows",
                "columns": {
                    column: {"dtype": spec.dtype, "unit": spec.unit, "meaning": spec.meaning}
                    for column, spec in table.columns.items()
                },
            }
            for name, table in run._world.schema.items()
        },
    }
    out.mkdir(parents=True, exist_ok=True)
    (out / "manifest.json").write_text(json.dumps(text, indent=2) + "\n", encoding="utf-8")
