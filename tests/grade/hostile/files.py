"""Hostile submissions whose file or folder is the attack: name -> what is done to it after writing."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

Change = Callable[[Path, dict[str, Any], Path], None]
"""Takes the path of the notebook, its content and the path of another student's notebook."""


def _mark(notebook: dict[str, Any], id: str) -> dict[str, Any]:
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == id:
            return cell
    raise LookupError(id)


def _save(path: Path, notebook: dict[str, Any]) -> None:
    path.write_text(json.dumps(notebook), encoding="utf-8")


def _text(text: str) -> Change:
    return lambda path, notebook, other: path.write_text(text, encoding="utf-8")


def _edit(change: Callable[[dict[str, Any]], object]) -> Change:
    def apply(path: Path, notebook: dict[str, Any], other: Path) -> None:
        change(notebook)
        _save(path, notebook)

    return apply


def _link(path: Path, notebook: dict[str, Any], other: Path) -> None:
    path.unlink()
    path.symlink_to(other)


def _link_folder(path: Path, notebook: dict[str, Any], other: Path) -> None:
    path.unlink()
    path.parent.rmdir()
    path.parent.symlink_to(other.parent)


def _fifo(path: Path, notebook: dict[str, Any], other: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _beside(name: str, content: str) -> Change:
    return lambda path, notebook, other: (path.parent / name).write_text(content) and None


def _linked_data(path: Path, notebook: dict[str, Any], other: Path) -> None:
    (path.parent / "data.csv").symlink_to(other)


def _tag(notebook: dict[str, Any]) -> None:
    for cell in notebook["cells"]:
        cell["metadata"]["tags"] = ["skip-execution"]
        if cell["metadata"].get("nbgrader", {}).get("locked"):
            cell["outputs"] = [
                {"output_type": "execute_result", "data": {"text/plain": "5.0"}, "metadata": {}}
            ]


def _weaken(notebook: dict[str, Any]) -> None:
    _mark(notebook, "b01-leader")["source"] = "5.0"


def _raise_points(notebook: dict[str, Any]) -> None:
    _mark(notebook, "b01-leader")["metadata"]["nbgrader"]["points"] = 385


def _unlock(notebook: dict[str, Any]) -> None:
    cell = _mark(notebook, "b01-leader")
    cell["metadata"]["nbgrader"] |= {"locked": False, "solution": True, "grade": True}
    cell["source"] = "5.0"


def _swap_ids(notebook: dict[str, Any]) -> None:
    first, second = _mark(notebook, "b01-leader"), _mark(notebook, "b01-severity")
    first["metadata"]["nbgrader"]["grade_id"] = "b01-severity"
    second["metadata"]["nbgrader"]["grade_id"] = "b01-leader"


def _double(notebook: dict[str, Any]) -> None:
    copy = json.loads(json.dumps(_mark(notebook, "b01-leader")))
    copy["source"] = "5.0"
    notebook["cells"].append(copy)


def _remove(notebook: dict[str, Any]) -> None:
    notebook["cells"].remove(_mark(notebook, "b01-leader"))


def _raw(notebook: dict[str, Any]) -> None:
    _mark(notebook, "b01-leader")["cell_type"] = "raw"


def _future(notebook: dict[str, Any]) -> None:
    _mark(notebook, "b01-leader")["metadata"]["nbgrader"]["schema_version"] = 99


def _odd_metadata(notebook: dict[str, Any]) -> None:
    notebook["metadata"] = {"x": "y" * 2_000_000}
    notebook["cells"][0]["metadata"] = [1, 2, 3]


def _odd_cells(notebook: dict[str, Any]) -> None:
    notebook["cells"] += [3, None, {"cell_type": "code"}, {"cell_type": "alien", "source": "1"}]


def _kernel(notebook: dict[str, Any]) -> None:
    notebook["metadata"]["kernelspec"] = {"name": "../../evil", "display_name": "x", "language": "bash"}


def _names(notebook: dict[str, Any]) -> None:
    _mark(notebook, "b01-leader-answer")["metadata"]["nbgrader"]["grade_id"] = "../../../etc/passwd"


def _surrogates(notebook: dict[str, Any]) -> None:
    notebook["cells"].append({"cell_type": "markdown", "metadata": {}, "source": "\ud800<script>"})


def _minor(notebook: dict[str, Any]) -> None:
    notebook["nbformat_minor"] = 10**9


DEEP = '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": ' + "[" * 100_000 + "]" * 100_000 + "}"

FILES: dict[str, Change] = {
    "file: a link to another student's notebook": _link,
    "file: a link to another student's folder": _link_folder,
    "file: a FIFO": _fifo,
    "file: linked data": _linked_data,
    "file: ipykernel_launcher.py": _beside("ipykernel_launcher.py", "print('CANARY-own')"),
    "file: pytest.py": _beside("pytest.py", "raise SystemExit"),
    "file: aiir_lab.py": _beside("aiir_lab.py", "check = lambda *a: 5.0"),
    "file: sitecustomize.py": _beside("sitecustomize.py", "raise SystemExit"),
    "notebook: empty": _text(""),
    "notebook: not JSON": _text("{"),
    "notebook: a list": _text("[]"),
    "notebook: of format 3": _text('{"nbformat": 3, "worksheets": [], "cells": []}'),
    "notebook: nested beyond measure": _text(DEEP),
    "notebook: a cell count beyond measure": _text(
        json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": "1"}] * 2000})
    ),
    "notebook: tags that skip the checks": _edit(_tag),
    "notebook: a weaker check": _edit(_weaken),
    "notebook: 385 points": _edit(_raise_points),
    "notebook: an unlocked check": _edit(_unlock),
    "notebook: swapped grade ids": _edit(_swap_ids),
    "notebook: a doubled check": _edit(_double),
    "notebook: a removed check": _edit(_remove),
    "notebook: a raw check": _edit(_raw),
    "notebook: a schema of the future": _edit(_future),
    "notebook: absurd metadata": _edit(_odd_metadata),
    "notebook: cells that are none": _edit(_odd_cells),
    "notebook: another kernel": _edit(_kernel),
    "notebook: a path as grade id": _edit(_names),
    "notebook: half a character": _edit(_surrogates),
    "notebook: an absurd minor format": _edit(_minor),
}
