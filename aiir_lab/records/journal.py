"""A file of JSON lines that only grows: whole lines or none, one writer at a time, safe after a crash.

Anything that reads text can read it. A line that a crash tore is set aside in ``<name>.torn`` when the next
one is written, never dropped in silence; a line that cannot be read stays in the file and is named.
"""

from __future__ import annotations

import errno
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Any

from aiir_lab.records.errors import AiirError

_WAIT_S = 10.0
_MOST_BYTES = 2**20


class JournalError(AiirError):
    """A journal cannot be read or written; nothing that was in it is lost."""


class Journal:
    """JSON objects, one a line, appended and never changed.

    Parameters
    ----------
    path : Path
        The file; it is made with the first line.

    Examples
    --------
    >>> import tempfile
    >>> journal = Journal(Path(tempfile.mkdtemp()) / "notes.jsonl")
    >>> journal.append({"said": "hello"})
    >>> journal.read()
    ([{'said': 'hello'}], [])
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> tuple[list[dict[str, Any]], list[str]]:
        """Every line that can be read, and one message for each that cannot.

        Raises
        ------
        JournalError
            The file is there but cannot be opened.
        """
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return [], []
        except OSError as error:
            raise JournalError(f"{self.path} cannot be read: {error.strerror}.") from None
        rows: list[dict[str, Any]] = []
        problems: list[str] = []
        lines = content.split(b"\n")
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            row = _parse(line)
            if row is not None:
                rows.append(row)
            elif number == len(lines):
                problems.append(f"{self.path.name}, line {number}: torn by a crash; left out.")
            else:
                problems.append(f"{self.path.name}, line {number}: not a JSON object; left out.")
        return rows, problems

    def append(self, row: dict[str, Any]) -> None:
        """Write one line and wait until it is on the disk.

        Raises
        ------
        JournalError
            The folder cannot be written, the disk is full, or another process holds the file for too long.
        """
        text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
        # half a surrogate pair has no UTF-8; written as \\udXXX it is JSON and comes back as it was
        line = text.encode(errors="backslashreplace") + b"\n"
        if len(line) > _MOST_BYTES:
            raise JournalError(
                f"A line of {self.path.name} may have {_MOST_BYTES:,} bytes, got {len(line):,}. Shorten it."
            )
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # unbuffered: what could not be written must not be tried again when the file is closed
            with self.path.open("a+b", buffering=0) as file, _locked(file, self.path):
                _mend_tail(file, self.path)
                size = file.seek(0, os.SEEK_END)
                if (written := file.write(line)) != len(line):
                    file.truncate(size)  # half a line would be taken for a crash
                    raise OSError(errno.ENOSPC, f"only {written} of {len(line)} bytes fit on the disk")
                os.fsync(file.fileno())
        except OSError as error:
            raise JournalError(
                f"{self.path} cannot be written: {error.strerror}. What was in it is still there; make room, "
                "or name another file."
            ) from None


def _parse(line: bytes) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def _mend_tail(file: FileIO, path: Path) -> None:
    """Complete a last line without its line end, or set it aside where it is torn."""
    size = file.seek(0, os.SEEK_END)
    start = max(0, size - 2 * _MOST_BYTES)
    file.seek(start)
    tail = file.read(size - start).rpartition(b"\n")[2]
    if not tail:
        return
    if _parse(tail) is None:
        with path.with_name(f"{path.name}.torn").open("ab") as torn:
            torn.write(tail + b"\n")
            torn.flush()
            os.fsync(torn.fileno())
        file.truncate(size - len(tail))
    else:
        file.write(b"\n")


@contextmanager
def _locked(file: FileIO, path: Path) -> Iterator[None]:
    """Hold the file alone; the system lets go of it when the process ends, however it ends."""
    deadline = time.monotonic() + _WAIT_S
    while not _try_lock(file):
        if time.monotonic() > deadline:
            raise JournalError(
                f"{path} is held by another program for more than {_WAIT_S:.0f} s. Close it, then try again."
            )
        time.sleep(0.02)
    try:
        yield
    finally:
        _unlock(file)


if os.name == "nt":  # pragma: no cover
    import msvcrt

    _FAR = 2**40  # Windows locks stretches; this one lies behind all content, so that reading stays possible

    def _try_lock(file: FileIO) -> bool:
        file.seek(_FAR)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True

    def _unlock(file: FileIO) -> None:
        file.seek(_FAR)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined,unused-ignore]
else:
    import fcntl

    def _try_lock(file: FileIO) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(file: FileIO) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
