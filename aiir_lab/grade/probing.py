"""Questions that ask for a function: it is called on inputs without their truth, its outputs are the answer.

A learner's kernel calls it on public inputs. Where a class is graded, the confined kernel first runs the
whole notebook, then gets the instructor's inputs and calls the function; what it returned is judged outside
with the truth, which never was inside. Inputs and outputs cross as JSON; tables become columns of JSON.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from aiir_lab.grade.answers import AnswerError, to_data

_TABLE = "__table__"
_functions: dict[str, Callable[..., Any]] = {}


@dataclass(frozen=True)
class Probe:
    """The inputs on which a function is called.

    Parameters
    ----------
    inputs : callable
        Returns the inputs: a sequence of mappings from parameter name to JSON data or DataFrame, without
        anything that gives the truth away.
    through : str
        ``"module:function"`` of this package that does the call: it takes the function and one input, and
        returns what is judged. Without it the function is called with the input as keyword arguments.

    Examples
    --------
    >>> double = Probe(lambda: [{"x": 2}, {"x": 3}])
    >>> call_probe(lambda x: 2 * x, double)
    [{'output': 4}, {'output': 6}]
    """

    inputs: Callable[[], Sequence[Mapping[str, Any]]]
    through: str = ""


def call_probe(function: Callable[..., Any], probe: Probe) -> list[dict[str, Any]]:
    """Call a function on every input; each gives ``{"output": ...}`` or ``{"error": text}``."""
    return _call(function, probe.inputs(), probe.through)


def remember_function(question_id: str, function: Callable[..., Any]) -> None:
    """Keep a function that was handed in until the probe's inputs arrive."""
    _functions[question_id] = function


def probe_cell(question_id: str, probe: Probe) -> str:
    """The code that a confined kernel runs after the last cell; its output is the answer."""
    request = {
        "question": question_id,
        "through": probe.through,
        "inputs": [{name: _encode(value) for name, value in item.items()} for item in probe.inputs()],
    }
    # a kernel repeats the code that it runs, and a message over a limit is lost: tables go packed
    packed = base64.b64encode(zlib.compress(json.dumps(request).encode("utf-8"))).decode("ascii")
    return f"__import__('aiir_lab.grade.probing').grade.probing.answer_probe({packed!r})"


def answer_probe(packed: str) -> None:
    """Inside the confined kernel: call the remembered function and leave what it gave as the answer."""
    from IPython.display import display

    from aiir_lab.grade.judging import ANSWER_MIME

    request = json.loads(zlib.decompress(base64.b64decode(packed)))
    bundle: dict[str, Any] = {"version": 1, "question": request["question"], "answer": None}
    inputs = [{name: _decode(value) for name, value in item.items()} for item in request["inputs"]]
    try:
        bundle["answer"] = to_data(_call(_functions[request["question"]], inputs, request["through"]))
    except AnswerError as error:
        bundle["refused"] = str(error)[:500]
    display({"text/plain": "The function was called.", ANSWER_MIME: bundle}, raw=True)


def _call(
    function: Callable[..., Any], inputs: Sequence[Mapping[str, Any]], through: str
) -> list[dict[str, Any]]:
    caller = None
    if through:
        module, _, name = through.partition(":")
        caller = getattr(import_module(module), name)
    outputs: list[dict[str, Any]] = []
    for item in inputs:
        try:
            given = caller(function, **item) if caller else function(**item)
            outputs.append({"output": to_data(given)})
        except Exception as error:  # whatever the learner's function raises is its output
            outputs.append({"error": f"{type(error).__name__}: {str(error)[:200]}"})
    return outputs


def _encode(value: Any) -> Any:
    if not hasattr(value, "columns"):
        return value
    columns = {}
    for name in value.columns:
        column = value[name]
        kind = str(column.dtype)
        plain = column.astype(str).where(column.notna(), None) if kind.startswith("datetime") else column
        columns[str(name)] = [kind, json.loads(plain.to_json(orient="values"))]
    return {_TABLE: columns}


def _decode(value: Any) -> Any:
    if not (isinstance(value, dict) and set(value) == {_TABLE}):
        return value
    import pandas as pd

    columns = {}
    for name, (kind, values) in value[_TABLE].items():
        if kind.startswith("datetime"):
            columns[name] = pd.to_datetime(pd.Series(values), utc="UTC" in kind, format="ISO8601").astype(
                kind
            )
        else:
            columns[name] = pd.Series(values, dtype=kind if kind != "str" else "str")
    return pd.DataFrame(columns)
