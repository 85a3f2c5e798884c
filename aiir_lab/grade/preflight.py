"""Before anything runs: a submission is refused, or brought back to the shape in which it was released.

The released notebook says which cells are graded, what locked cells contain and what they are worth; of the
submission only the learner's own cells are taken. Whatever had to be changed becomes a notice that the
instructor can read. One bad submission is one refusal, never an exception.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiir_lab.grade.sandbox.files import gather_files
from aiir_lab.grade.suspicion import look_at
from aiir_lab.grade.template import Template, copy_cell, mark_of, text_of

MAX_BYTES = 20 * 2**20
MAX_CELLS, MAX_SOURCE_CHARS = 500, 200_000
_MOST_METADATA = 10_000
"""Characters of metadata in a cell or a notebook beyond which it is worth a notice."""

_CELL_ID = re.compile(r"^[A-Za-z0-9_-]{1,64}$")
_SKIPPING = {"skip-execution", "raises-exception"}
_KINDS = {"code", "markdown", "raw"}


@dataclass(frozen=True)
class Notice:
    """Something that was changed or left out before the run; ``cell`` counts from 1, 0 is the whole."""

    kind: str
    text: str
    cell: int = 0


@dataclass(frozen=True)
class Checked:
    """A submission that may run, or the reason why it may not (``refusal``)."""

    notebook: dict[str, Any] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    refusal: str = ""


def preflight(path: Path, template: Template, *, root: Path | None = None) -> Checked:
    """Read a submission and bring it into the shape of its release.

    Parameters
    ----------
    path : Path
        The notebook that was handed in. Plain files beside it become its working folder.
    template : Template
        The notebook as it was released.
    root : Path, optional
        The folder below which nothing may be a link; by default the folder of the notebook.

    Returns
    -------
    Checked
        Never raises for what a submission contains.
    """
    text, refusal = _read(path, root or path.parent)
    if refusal:
        return Checked(refusal=refusal)
    cells, notices, refusal = _cells(text)
    if refusal:
        return Checked(notices=tuple(notices), refusal=refusal)
    restored = _restore(cells, template, notices)
    notices += _suspicions(restored, template)
    files, left_out = gather_files(path.parent)
    notices += [Notice("file", sentence) for sentence in left_out]
    notebook = template.empty() | {"cells": _give_ids(restored)}
    return Checked(notebook, files, tuple(notices))


def _read(path: Path, root: Path) -> tuple[str, str]:
    for part in (path, *path.parents):
        if part.is_symlink():
            return "", f"{part.name!r} is a link, not what it should be; nothing behind it was read"
        if part == root:
            break
    try:
        # opened without following links, so that nothing can be exchanged after the look
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        return "", f"the notebook cannot be read: {error.strerror}"
    with os.fdopen(descriptor, "rb") as file:
        info = os.fstat(file.fileno())
        if not stat.S_ISREG(info.st_mode):
            return "", "the notebook is a folder or a special file, not a plain one"
        if info.st_size > MAX_BYTES:
            return (
                "",
                f"the notebook has {info.st_size / 2**20:.0f} MiB; at most {MAX_BYTES // 2**20} are read",
            )
        content = file.read(MAX_BYTES + 1)
    try:
        return content.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return "", "the notebook is not UTF-8 text"


def _cells(text: str) -> tuple[list[dict[str, Any]], list[Notice], str]:
    try:
        # NaN and Infinity are no JSON; nothing that is kept needs them
        notebook = json.loads(text, parse_constant=lambda _: None)
    except ValueError as error:
        return [], [], f"the notebook is not JSON: {error}"
    except RecursionError:
        return [], [], "the notebook is nested beyond measure"
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        return [], [], "the file is JSON, but no notebook: it has no list of cells"
    if notebook.get("nbformat") != 4:
        return [], [], f"the notebook has format {str(notebook.get('nbformat'))[:20]!r}; format 4 is read"
    if len(notebook["cells"]) > MAX_CELLS:
        return [], [], f"the notebook has {len(notebook['cells']):,} cells; at most {MAX_CELLS} are read"
    notices: list[Notice] = []
    minor = notebook.get("nbformat_minor")
    if type(minor) is not int or not 0 <= minor <= 5:
        notices.append(Notice("format", f"minor format {str(minor)[:20]!r} was read as 5"))
    metadata = notebook.get("metadata")
    if not isinstance(metadata, dict) or len(json.dumps(metadata)) > _MOST_METADATA:
        notices.append(Notice("metadata", "metadata of the notebook that no notebook needs were dropped"))
    else:
        kernel = metadata.get("kernelspec")
        name = kernel.get("name") if isinstance(kernel, dict) else None
        if name not in {None, "python3", "python"}:
            notices.append(Notice("kernel", f"it names the kernel {str(name)[:60]!r}; the course's was used"))
    kept: list[dict[str, Any]] = []
    for number, cell in enumerate(notebook["cells"], start=1):
        problem = _shape_problem(cell)
        if problem:
            notices.append(Notice("cell", f"left out: {problem}", number))
        else:
            text = _clean(text_of(cell))
            if text != text_of(cell):
                notices.append(Notice("cell", "characters that are none were replaced", number))
            kept.append({**cell, "number": number, "source": text})
    return kept, notices, ""


def _shape_problem(cell: Any) -> str:
    if not isinstance(cell, dict) or cell.get("cell_type") not in _KINDS:
        return "it is no cell that Jupyter knows"
    source = cell.get("source")
    if isinstance(source, list):
        source = source if all(isinstance(line, str) for line in source) else None
    if not isinstance(source, str | list):
        return "its source is no text"
    if sum(len(line) for line in source) > MAX_SOURCE_CHARS:
        return f"its source has more than {MAX_SOURCE_CHARS:,} characters"
    return ""


def _clean(text: str) -> str:
    # half of a surrogate pair cannot be written to a file
    return text.encode("utf-8", "replace").decode("utf-8")


def _restore(cells: list[dict[str, Any]], template: Template, notices: list[Notice]) -> list[dict[str, Any]]:
    seen: set[str] = set()
    restored: list[dict[str, Any]] = []
    for cell in cells:
        _notice_metadata(cell, notices)
        id = mark_of(cell).get("grade_id")
        wanted = template.cells.get(id) if isinstance(id, str) else None
        if "nbgrader" in _metadata(cell) and (wanted is None or id in seen):
            shown = str(id)[:60]
            kind, why = (
                ("doubled", "stands twice; only the first one is graded")
                if wanted
                else ("unknown", "is not in the release; it is an ordinary cell now")
            )
            notices.append(Notice(kind, f"the graded cell {shown!r} {why}", cell["number"]))
            wanted = None
        if wanted is None:
            restored.append(_own(cell))
        else:
            seen.add(str(id))
            restored.append(_marked(cell, wanted, notices))
    return _add_missing(restored, template, seen, notices)


def _suspicions(cells: list[dict[str, Any]], template: Template) -> list[Notice]:
    released = {text_of(cell) for cell in template.notebook["cells"]}
    own = [cell for cell in cells if cell["cell_type"] == "code" and cell["source"] not in released]
    places = {id(cell): number for number, cell in enumerate(cells, start=1)}
    found = [(places[id(cell)], look_at(cell["source"])) for cell in own]
    return [Notice("code", f"worth a look: {', '.join(reasons)}", n) for n, reasons in found if reasons]


def _notice_metadata(cell: dict[str, Any], notices: list[Notice]) -> None:
    metadata = cell.get("metadata")
    tags = _metadata(cell).get("tags") or []
    skipping = [tag for tag in tags if tag in _SKIPPING] if _is_texts(tags) else []
    if skipping:
        notices.append(Notice("tag", f"the tag {skipping[0]!r} was dropped; the cell ran", cell["number"]))
    if metadata is not None and (
        not isinstance(metadata, dict) or len(json.dumps(metadata)) > _MOST_METADATA
    ):
        notices.append(Notice("metadata", "metadata that no cell needs were dropped", cell["number"]))


def _own(cell: dict[str, Any]) -> dict[str, Any]:
    return copy_cell(cell["cell_type"], cell["source"], {}, id=cell.get("id"))


def _marked(cell: dict[str, Any], wanted: dict[str, Any], notices: list[Notice]) -> dict[str, Any]:
    mark, right = mark_of(cell), mark_of(wanted)
    id, number = right["grade_id"], cell["number"]
    version = mark.get("schema_version")
    if version != right.get("schema_version"):
        notices.append(Notice("metadata", f"{id!r}: schema version {str(version)[:20]} is not ours", number))
    changed = [
        name for name in ("grade", "solution", "locked", "points") if mark.get(name) != right.get(name)
    ]
    if changed:
        notices.append(Notice("metadata", f"{id!r}: {', '.join(changed)} were set back", number))
    if cell["cell_type"] != wanted["cell_type"]:
        notices.append(Notice("type", f"{id!r} was turned into a {cell['cell_type']} cell; set back", number))
    is_locked = bool(right.get("locked"))
    if is_locked and cell["source"] != text_of(wanted):
        notices.append(Notice("locked", f"{id!r} was changed; the released text was used", number))
    source = text_of(wanted) if is_locked else cell["source"]
    return copy_cell(wanted["cell_type"], source, {"nbgrader": dict(right)}, id=cell.get("id"))


def _add_missing(
    cells: list[dict[str, Any]], template: Template, seen: set[str], notices: list[Notice]
) -> list[dict[str, Any]]:
    place = -1
    for id, wanted in template.cells.items():
        if id in seen:
            place = next(n for n, cell in enumerate(cells) if mark_of(cell).get("grade_id") == id)
            continue
        # behind the graded cell that comes before it in the release
        place += 1
        added = copy_cell(
            wanted["cell_type"], text_of(wanted), {"nbgrader": dict(mark_of(wanted))}, id=wanted.get("id")
        )
        cells.insert(place, added)
        notices.append(Notice("missing", f"{id!r} was not there; the released cell was put back"))
    return cells


def _give_ids(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    seen: set[str] = set()
    for number, cell in enumerate(cells, start=1):
        id = cell["id"]
        if not (isinstance(id, str) and _CELL_ID.match(id)) or id in seen:
            id = f"cell-{number}"
            while id in seen:
                id += "-x"
        seen.add(id)
        cell["id"] = id
    return cells


def _metadata(cell: dict[str, Any]) -> dict[str, Any]:
    metadata = cell.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
