"""The learner's workspace: course notebooks copied once, never overwritten once they were worked in.

A small manifest remembers the shipped content of each notebook. So three cases can be told apart: the
learner's file is still as shipped (a newer version may replace it), it was worked in (it stays, and the
learner is told that a newer version exists), or it is missing (it is copied).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from aiir_lab.catalog.course_files import course_path
from aiir_lab.grade.notebook import NotebookError, read_notebook
from aiir_lab.records import AiirError

_MANIFEST = Path(".aiir") / "shipped.json"


class WorkspaceError(AiirError):
    """The workspace cannot be set up; what was there before is untouched."""


@dataclass
class SetUp:
    """What setting a workspace up did; paths are relative to ``folder``."""

    folder: Path
    copied: list[Path] = field(default_factory=list)
    refreshed: list[Path] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)
    newer: list[Path] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)


def set_up(folder: Path) -> SetUp:
    """Bring a workspace up to the installed course without touching the learner's work.

    Raises
    ------
    WorkspaceError
        The folder is a file, cannot be written, or the disk is full.
    """
    shipped = _shipped()
    done = SetUp(folder.resolve())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        manifest = _read_manifest(folder)
        for relative, content in shipped.items():
            manifest[str(relative.as_posix())] = _set_up_one(folder, relative, content, manifest, done)
        write_whole(folder / _MANIFEST, json.dumps(manifest, indent=1, sort_keys=True).encode())
    except FileExistsError:
        raise WorkspaceError(f"{folder} is a file. Name another folder: aiir lab FOLDER.") from None
    except OSError as error:
        raise WorkspaceError(
            f"The workspace {folder} cannot be written: {error.strerror}. Nothing of yours was changed. "
            "Free some space or name another folder: aiir lab FOLDER."
        ) from None
    return done


def _shipped() -> dict[Path, bytes]:
    root = course_path("notebooks")
    paths = sorted(path for path in root.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)
    return {path.relative_to(root): path.read_bytes() for path in paths}


def _set_up_one(folder: Path, relative: Path, content: bytes, manifest: dict[str, str], done: SetUp) -> str:
    """Set one notebook up; return the digest of the shipped version that the learner's copy stems from."""
    target, digest = folder / relative, _digest(content)
    known = manifest.get(relative.as_posix())
    if not target.exists():
        write_whole(target, content)
        done.copied.append(relative)
        return digest
    current = target.read_bytes()
    if current == content:
        done.kept.append(relative)
        return digest
    if known == _digest(current):
        write_whole(target, content)
        done.refreshed.append(relative)
        return digest
    done.kept.append(relative)
    try:
        read_notebook(target)
    except NotebookError as error:
        done.damaged.append(str(error))
    if known != digest:
        done.newer.append(relative)
    # a learner's copy keeps its origin, so that the notice stays until they take the newer version
    return known or ""


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _read_manifest(folder: Path) -> dict[str, str]:
    # a lost or damaged manifest costs a convenience, never work: every file then counts as worked in
    with contextlib.suppress(OSError, ValueError):
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        if isinstance(manifest, dict):
            return {str(key): str(value) for key, value in manifest.items()}
    return {}


def write_whole(path: Path, content: bytes) -> None:
    """Write all of a file or nothing of it, also when the disk fills up midway."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
