"""Answers are data: whatever a learner hands in becomes plain JSON before anybody judges it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any

from aiir_lab.records import AiirError, Record

MAX_BYTES = 256 * 1024
"""An answer larger than this is not taken: no question needs more."""


MAX_DEPTH = 20
"""An answer nested deeper than this is not taken: no question needs that either."""


class AnswerError(AiirError):
    """What was handed in cannot be taken as an answer."""


def to_data(answer: object) -> Any:
    """Turn an answer into plain JSON data.

    Parameters
    ----------
    answer : object
        ``None`` (not attempted), numbers, text, dates, enums, records, lists, sets, mappings, numpy
        scalars and arrays, pandas Series (to a mapping, or a list where its index is 0, 1, 2 ...) and
        DataFrames (to a list of rows).

    Returns
    -------
    object
        ``None``, bool, int, float, str, list or dict with text keys. Sets are sorted. A float that is
        not finite becomes text (``"nan"``), because JSON has no such number.

    Raises
    ------
    AnswerError
        The answer is of another type, or larger than :data:`MAX_BYTES` as JSON.

    Examples
    --------
    >>> to_data({"onset": date(2026, 3, 2), "roles": {"scribe"}})
    {'onset': '2026-03-02', 'roles': ['scribe']}
    """
    data = _convert(answer, depth=0)
    size = len(json.dumps(data))
    if size > MAX_BYTES:
        raise AnswerError(
            f"The answer is {size:,} bytes as JSON; at most {MAX_BYTES:,} are taken. "
            "Hand in the result itself, not the table it came from."
        )
    return data


def is_untouched(data: Any) -> bool:
    """Whether nothing was filled in: ``None``, or containers that hold nothing else."""
    if isinstance(data, dict):
        return all(is_untouched(value) for value in data.values())
    if isinstance(data, list):
        return all(is_untouched(value) for value in data)
    return data is None or (isinstance(data, str) and not data.strip())


def _convert(answer: object, *, depth: int) -> Any:
    if depth >= MAX_DEPTH:
        raise AnswerError(
            f"The answer is nested more than {MAX_DEPTH} levels deep (or contains itself). Hand in less."
        )
    if answer is None or isinstance(answer, bool):
        return answer
    if isinstance(answer, Enum):
        return _convert(answer.value, depth=depth)
    if isinstance(answer, str):
        return str(answer)
    if isinstance(answer, int):
        return int(answer)
    if isinstance(answer, float):
        return float(answer) if math.isfinite(answer) else str(float(answer))
    if isinstance(answer, datetime | date):
        return answer.isoformat() if answer == answer else None  # NaT is not equal to itself
    if isinstance(answer, Record):
        return answer.to_dict()
    if isinstance(answer, Mapping):
        return {_key(key): _convert(value, depth=depth + 1) for key, value in answer.items()}
    if isinstance(answer, set | frozenset):
        return sorted((_convert(item, depth=depth + 1) for item in answer), key=lambda item: json.dumps(item))
    if isinstance(answer, list | tuple):
        return [_convert(item, depth=depth + 1) for item in answer]
    return _convert_from_libraries(answer, depth=depth)


def _convert_from_libraries(answer: object, *, depth: int) -> Any:
    # By module and attribute, so that judging needs neither pandas nor numpy.
    module = type(answer).__module__.split(".")[0]
    if module == "pandas" and type(answer).__name__ in {"NAType", "NaTType"}:
        return None
    if module == "pandas" and hasattr(answer, "to_dict"):
        if hasattr(answer, "columns"):
            return _convert(answer.to_dict("records"), depth=depth + 1)
        is_plain = list(answer.index) == list(range(len(answer)))  # type: ignore[attr-defined,arg-type]
        return _convert(answer.tolist() if is_plain else answer.to_dict(), depth=depth + 1)  # type: ignore[attr-defined]
    if module in {"pandas", "numpy"} and hasattr(answer, "tolist"):
        plain = answer.tolist()
        if type(plain) is not type(answer):
            return _convert(plain, depth=depth + 1)
    raise AnswerError(
        f"The answer is of type {type(answer).__name__}, which cannot be judged. "
        "Hand in a number, text, a list, a dict, a table or a record; for a duration, its minutes."
    )


def _key(key: object) -> str:
    plain = _convert(key, depth=1)
    return plain if isinstance(plain, str) else json.dumps(plain)
