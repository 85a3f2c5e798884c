"""Outputs as they arrive from a kernel that is not trusted: checked, counted, and cut where too much."""

from __future__ import annotations

import json
from typing import Any

from aiir_lab.grade.sandbox import Limits

_KINDS = {"stream", "display_data", "execute_result", "error"}


class Budget:
    """What a notebook may still put out."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.received = 0
        self.kept = 0

    def receive(self, size: int) -> bool:
        """Count a message; whether more may be received."""
        self.received += size
        return self.received <= self.limits.flood_bytes


class OutputList:
    """The outputs of one cell, in the form of the notebook format.

    Parameters
    ----------
    budget : Budget
        Shared by all cells of a notebook.
    kept : list
        Where the outputs go.
    """

    def __init__(self, budget: Budget, kept: list[dict[str, Any]]) -> None:
        self._budget, self._kept = budget, kept
        self._bytes = 0
        self._dropped = 0
        self._is_to_clear = False
        self._ids: list[str | None] = []

    @property
    def problem(self) -> str:
        """What was cut, if anything."""
        return f"{self._dropped} outputs over the limit were dropped" if self._dropped else ""

    def add(self, kind: Any, content: dict[str, Any]) -> None:
        """Take one message of the kernel's; anything that is no output is ignored."""
        if kind == "clear_output":
            self._is_to_clear = True
            if not content.get("wait"):
                self._clear()
            return
        if kind == "update_display_data":
            kind, content = "display_data", content | {"is_update": True}
        if kind not in _KINDS:
            return
        output = _shape(kind, content)
        size = _size(output)
        limits = self._budget.limits
        is_over = (
            self._bytes + size > limits.cell_output_bytes
            or self._budget.kept + size > limits.output_bytes
            or (len(self._kept) >= limits.cell_outputs and not self._continues(output))
        )
        if is_over:
            self._dropped += 1
            return
        if self._is_to_clear:
            self._clear()
        self._bytes += size
        self._budget.kept += size
        if content.get("is_update"):
            self._replace(content, output)
        elif self._continues(output):
            self._kept[-1]["text"] += output["text"]
        else:
            self._kept.append(output)
            self._ids.append(_display_id(content))

    def _continues(self, output: dict[str, Any]) -> bool:
        if output["output_type"] != "stream" or not self._kept:
            return False
        last = self._kept[-1]
        return bool(last["output_type"] == "stream" and last["name"] == output["name"])

    def _replace(self, content: dict[str, Any], output: dict[str, Any]) -> None:
        wanted = _display_id(content)
        for place, id in enumerate(self._ids):
            if id is not None and id == wanted:
                self._kept[place] |= {"data": output["data"], "metadata": output["metadata"]}

    def _clear(self) -> None:
        self._is_to_clear = False
        self._kept.clear()
        self._ids.clear()


def _shape(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    if kind == "stream":
        name = "stderr" if content.get("name") == "stderr" else "stdout"
        return {"output_type": "stream", "name": name, "text": _text(content.get("text"))}
    if kind == "error":
        lines = content.get("traceback")
        return {
            "output_type": "error",
            "ename": _text(content.get("ename")),
            "evalue": _text(content.get("evalue")),
            "traceback": [_text(line) for line in lines] if isinstance(lines, list) else [],
        }
    data, metadata = content.get("data"), content.get("metadata")
    shaped: dict[str, Any] = {
        "output_type": kind,
        "data": {str(mime): _value(str(mime), value) for mime, value in data.items()}
        if isinstance(data, dict)
        else {},
        "metadata": metadata if isinstance(metadata, dict) else {},
    }
    if kind == "execute_result":
        count = content.get("execution_count")
        shaped["execution_count"] = count if type(count) is int else None
    return shaped


def _value(mime: str, value: Any) -> Any:
    return value if mime.endswith("json") else _text(value)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "".join(_text(part) for part in value if isinstance(part, str))
    return value if isinstance(value, str) else str(value)


def _size(output: dict[str, Any]) -> int:
    return len(json.dumps(output))


def _display_id(content: dict[str, Any]) -> str | None:
    transient = content.get("transient")
    id = transient.get("display_id") if isinstance(transient, dict) else None
    return id if isinstance(id, str) else None
