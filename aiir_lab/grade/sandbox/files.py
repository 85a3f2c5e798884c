"""Which files of a submission's folder go into its sandbox: plain ones that shadow nothing."""

from __future__ import annotations

import os
import stat
import sys
from functools import cache
from pathlib import Path

MAX_FILES, MAX_TOTAL_BYTES = 100, 16 * 2**20
"""More than this is not copied: a huge folder once took 26 s."""

_OURS = {"timestamp.txt"}


def gather_files(folder: Path) -> tuple[dict[str, bytes], list[str]]:
    """Read what a notebook may find beside itself.

    Parameters
    ----------
    folder : Path
        The folder of the submission.

    Returns
    -------
    (dict, list)
        Relative name -> content, and a sentence for every file that was left out and why. Notebooks are
        left out in silence: the kernel gets its cells one by one.
    """
    files: dict[str, bytes] = {}
    left_out: list[str] = []
    total = 0
    for path in _walk(folder, left_out, folder):
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".ipynb" or name in _OURS:
            continue
        reason = _refusal(path, name)
        content = b""
        if not reason:
            content = _read(path)
            total += len(content)
            if len(files) >= MAX_FILES:
                reason = f"more than {MAX_FILES} files"
            elif total > MAX_TOTAL_BYTES:
                total -= len(content)
                reason = f"more than {MAX_TOTAL_BYTES // 2**20} MiB in all"
        if reason:
            left_out.append(f"{name!r} was left out: {reason}")
        else:
            files[name] = content
    return files, left_out


def _walk(folder: Path, left_out: list[str], root: Path) -> list[Path]:
    found: list[Path] = []
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if len(found) > 10 * MAX_FILES:
            left_out.append("the rest of the folder was left out: too many entries")
            break
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            inner = Path(entry.path)
            if len(inner.relative_to(root).parts) > 4:
                left_out.append(f"{inner.relative_to(root).as_posix()!r} was left out: nested too deep")
            else:
                found += _walk(inner, left_out, root)
        else:
            found.append(Path(entry.path))
    return found


def _refusal(path: Path, name: str) -> str:
    info = path.lstat()
    if stat.S_ISLNK(info.st_mode):
        return "a link, not a file"
    if not stat.S_ISREG(info.st_mode):
        return "a special file"
    if info.st_nlink > 1:
        return "a hard link to another file"
    if info.st_size > MAX_TOTAL_BYTES:
        return f"larger than {MAX_TOTAL_BYTES // 2**20} MiB"
    if shadows_module(name):
        return "it has the name of a module that the course or Python uses"
    return ""


def shadows_module(name: str) -> bool:
    """Whether Python would find this file in place of a module that is installed."""
    first = name.split("/")[0].split(".")[0]
    is_code = name.endswith((".py", ".so", ".pyc", ".pyd", ".pth")) or "/" in name
    return is_code and first in _installed()


@cache
def _installed() -> frozenset[str]:
    names = set(sys.stdlib_module_names) | {"sitecustomize", "usercustomize", "aiir_lab"}
    for entry in sys.path:
        if entry.rstrip("/").endswith("-packages") and Path(entry).is_dir():
            names |= {item.name.split(".")[0] for item in os.scandir(entry)}
    return frozenset(names)


def _read(path: Path) -> bytes:
    # opened without following a link, in case the file was exchanged since it was looked at
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        return file.read(MAX_TOTAL_BYTES + 1)
