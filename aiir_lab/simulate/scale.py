"""Grow the tables of one day beyond a play: the cases of the day again, as other cases."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from aiir_lab.simulate.randomness import draw_stream
from aiir_lab.simulate.schema import Table
from aiir_lab.simulate.world import Setting, World

STRIDE = 10**12  # between the numbers of one copy and the next: above every number of a play
MINUTE_US = 60_000_000
NO_TIME = np.iinfo(np.int64).min  # NaT, as its count of microseconds

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Part:
    """The rows of one growing table that belong to the cases of a pool."""

    columns: Mapping[str, NDArray[Any]]  # texts as numbers, times in microseconds
    texts: Mapping[str, pd.Index[Any]]  # what the numbers of a text column stand for
    numbers: frozenset[str]  # columns that number rows: another copy, another number
    times: Mapping[str, bool]  # time columns, and whether some are missing
    case: Ints  # place of the row's case in the main table of the pool

    def take(self, rows: Ints, case: Ints) -> Part:
        """Keep some rows, whose cases have other places now."""
        columns = {name: values[rows] for name, values in self.columns.items()}
        return Part(columns, self.texts, self.numbers, self.times, case)


@dataclass(frozen=True)
class Pool:
    """Cases: rows of the main table, with the rows of other tables that follow from them."""

    parts: Mapping[str, Part]
    second: Ints  # of the minute in which each case began

    @property
    def cases(self) -> int:
        """How many there are."""
        return len(self.second)


def make_pool(world: World, tables: Mapping[str, pd.DataFrame]) -> Pool:
    """Make the cases of the growing tables ready to be copied."""
    main = tables[world.main_table]
    ids = main.iloc[:, 0].to_numpy(dtype=np.int64)
    order = np.argsort(ids, kind="stable")
    numbers = frozenset(world.grown_ids) | {str(tables[name].columns[0]) for name in world.growing}
    parts = {}
    for name in world.growing:
        asked = world.case_of(name, tables)
        case = order[np.minimum(np.searchsorted(ids[order], asked), len(ids) - 1)]
        known = ids[case] == asked
        frame = tables[name] if known.all() else tables[name][known]
        parts[name] = _make_part(world.schema[name], frame, case[known], numbers)
    micro = parts[world.main_table].columns[world.schema[world.main_table].visible_from]
    return Pool(parts, (micro % MINUTE_US) // 1_000_000)


def split_pool(pool: Pool, group: Ints) -> dict[int, Pool]:
    """Split cases by group, for instance by their day."""
    found, sizes = np.unique(group, return_counts=True)
    place = np.empty(len(group), dtype=np.int64)  # of a case within its group
    by_group = np.argsort(group, kind="stable")
    place[by_group] = np.arange(len(group)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    rows = {}
    for name, part in pool.parts.items():
        order = np.argsort(group[part.case], kind="stable")
        edges = np.searchsorted(group[part.case][order], found, side="right")[:-1]
        rows[name] = np.split(order, edges)
    made = {}
    for number, one in enumerate(found.tolist()):
        parts = {
            name: part.take(rows[name][number], place[part.case[rows[name][number]]])
            for name, part in pool.parts.items()
        }
        made[one] = Pool(parts, pool.second[group == one])
    return made


def copy_cases(
    pool: Pool, setting: Setting, *, day: int, piece: int, start: int, rows: int
) -> dict[str, pd.DataFrame]:
    """Write rows `start` to ``start + rows`` of the endless sequence of copies of a pool.

    Copy 0 is the pool itself. Every other copy gives its cases new numbers and begins them in another
    second of the same minute, all that follows by as much later or earlier; it never crosses
    midnight, the onset (at a full minute) or a release.
    """
    first, last = start // pool.cases, (start + rows - 1) // pool.cases
    copies = np.arange(first, last + 1, dtype=np.int64)
    shift = np.zeros((len(copies), pool.cases), dtype=np.int64)
    # Where everything happens on the full minute, by a timetable, it does so in every copy.
    if pool.second.any():
        rng = draw_stream(setting.seed, setting.world, "copies", day, piece)
        np.subtract(rng.integers(0, 60, shift.shape, dtype=np.uint8), pool.second, out=shift)
        shift *= 1_000_000
        shift[copies == 0] = 0
    # Which cases a copy has that is cut off by the end of a piece, must not follow their order in time.
    rank = draw_stream(setting.seed, setting.world, "order of copies", day).permutation(pool.cases)
    low, high = start - first * pool.cases, start + rows - last * pool.cases
    kept = np.ones((len(copies), pool.cases), dtype=bool)
    kept[0] &= rank >= low
    kept[-1] &= rank < high
    whole = slice(int(low > 0), len(copies) - int(high < pool.cases))
    return {name: _copy_part(part, copies, shift, kept, whole) for name, part in pool.parts.items()}


def to_json(value: Any) -> str:
    """Write what is in a cell (a message, a picture) as text that a file can hold."""
    return json.dumps(value, default=lambda v: v.tolist() if hasattr(v, "tolist") else str(v))


def _make_part(table: Table, frame: pd.DataFrame, case: Ints, numbers: frozenset[str]) -> Part:
    columns: dict[str, NDArray[Any]] = {}
    texts: dict[str, pd.Index[Any]] = {}
    for column, spec in table.columns.items():
        values = frame[column]
        if spec.dtype in ("str", "object"):  # messages and pictures: as JSON text
            plain = values if spec.dtype == "str" else values.map(to_json)
            coded = plain.astype("category")
            columns[column], texts[column] = coded.cat.codes.to_numpy(), coded.cat.categories
        elif spec.dtype == "time":
            columns[column] = values.dt.as_unit("us").astype("int64").to_numpy()
        else:
            columns[column] = values.to_numpy()
    times = {c: bool((columns[c] == NO_TIME).any()) for c, s in table.columns.items() if s.dtype == "time"}
    return Part(columns, texts, numbers & columns.keys(), times, case)


def _copy_part(part: Part, copies: Ints, shift: Ints, kept: NDArray[np.bool_], whole: slice) -> pd.DataFrame:
    """Copy the rows of one table: whole copies at once, those cut off one by one."""
    cut = [i for i in range(len(copies)) if not whole.start <= i < whole.stop]
    places = [np.flatnonzero(kept[i][part.case]) for i in cut]
    count, rows = max(whole.stop - whole.start, 0), len(part.case)
    total = count * rows + sum(map(len, places))
    is_main = rows == shift.shape[1] and bool((part.case == np.arange(rows)).all())
    later = shift[whole] if is_main or not part.times else shift[whole][:, part.case]
    data: dict[str, Any] = {}
    for column, values in part.columns.items():
        flat = np.empty(total, dtype=values.dtype)
        block = flat[: count * rows].reshape(count, rows)
        if column in part.numbers:
            np.add(values, copies[whole, None] * STRIDE, out=block)
        elif column in part.times:
            np.add(values, later, out=block)
        else:
            block[:] = values
        end = count * rows
        for i, place in zip(cut, places, strict=True):
            some = flat[end : end + len(place)]
            some[:] = values[place]
            if column in part.numbers:
                some += copies[i] * STRIDE
            elif column in part.times:
                some += shift[i][part.case[place]]
            end += len(place)
        if column in part.times:
            if part.times[column]:  # a missing time stays missing; no shift reaches beyond a minute
                flat[flat < NO_TIME + 2 * MINUTE_US] = NO_TIME
                flat[flat > -NO_TIME - 2 * MINUTE_US] = NO_TIME
            data[column] = pd.DatetimeIndex(flat.view("M8[us]"), tz="UTC")
        elif column in part.texts:
            data[column] = pd.Categorical.from_codes(flat, part.texts[column])
        else:
            data[column] = flat
    return pd.DataFrame(data, copy=False)
