"""What each observable table is made of, and how a table is held to its own documentation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from aiir_lab.records.errors import AiirError

_DTYPES = {
    "str": "object",
    "int": "int64",
    "float": "float64",
    "bool": "bool",
    "time": "datetime64[us, UTC]",
    "object": "object",
}


@dataclass(frozen=True)
class Column:
    """One documented column.

    Parameters
    ----------
    dtype : {"str", "int", "float", "bool", "time", "object"}
        ``"time"`` is ``datetime64[us, UTC]``, ``"str"`` may be missing,
        ``"object"`` is for pictures and nested messages.
    unit : str
        ``"USD"``, ``"UTC"``, ``"rate 0-1"``, ``"id"`` or ``""``.
    meaning : str
        One line.
    decimals : int, default 4
        Floats are rounded to this many places, which keeps the bytes equal between machines.
    planned : bool, default False
        A time known in advance (a due date): it stays visible before it comes.
    """

    dtype: str
    unit: str
    meaning: str
    decimals: int = 4
    planned: bool = False


@dataclass(frozen=True)
class Table:
    """One documented table that a responder can query.

    Parameters
    ----------
    what : str
        One line: what a row is.
    columns : mapping of str to Column
        In the order they are shown.
    visible_from : str
        The time column that says when a row could be seen; empty for a view
        or for what was known from the start.
    is_view : bool, default False
        Computed from the other tables by ``World.views``.
    """

    what: str
    columns: Mapping[str, Column]
    visible_from: str = ""
    is_view: bool = False


def conform(name: str, frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Bring a frame to its documented columns, dtypes and rounding.

    Raises
    ------
    AiirError
        When a column is missing or undocumented: a mistake in the world, named.
    """
    missing = [c for c in table.columns if c not in frame.columns]
    extra = [c for c in frame.columns if c not in table.columns]
    if missing or extra:
        raise AiirError(
            f"Table {name!r} does not match its documentation: missing {missing}, undocumented {extra}. "
            "Mend the world's `schema` or its `tables`."
        )
    data = {}
    for column, spec in table.columns.items():
        values = frame[column]
        if spec.dtype == "float":
            values = values.astype("float64").round(spec.decimals)
        elif isinstance(values.dtype, pd.CategoricalDtype):
            values = values.astype("object")
        elif spec.dtype not in ("str", "object"):
            values = values.astype(_DTYPES[spec.dtype])  # type: ignore[call-overload]
        data[column] = values
    return pd.DataFrame(data).reset_index(drop=True)


def seen_by(frame: pd.DataFrame, table: Table, until_utc: datetime) -> pd.DataFrame:
    """Keep what was known at a time: rows that had appeared, and no time stamp from the future."""
    seen = frame
    if table.visible_from:
        seen = frame.loc[frame[table.visible_from] <= until_utc].reset_index(drop=True)
    later = [c for c, spec in table.columns.items() if spec.dtype == "time" and not spec.planned]
    for column in later:
        if column != table.visible_from and (seen[column] > until_utc).any():
            seen = seen.assign(**{column: seen[column].where(seen[column] <= until_utc)})
    return seen


def describe(schema: Mapping[str, Table]) -> pd.DataFrame:
    """List every column of every table.

    Returns
    -------
    DataFrame
        table, column, dtype, unit, meaning (all str).
    """
    rows = [
        (name, column, _DTYPES[spec.dtype] if spec.dtype != "str" else "str", spec.unit, spec.meaning)
        for name, table in schema.items()
        for column, spec in table.columns.items()
    ]
    return pd.DataFrame(rows, columns=["table", "column", "dtype", "unit", "meaning"])
