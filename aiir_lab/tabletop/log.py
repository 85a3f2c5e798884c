"""The log of a session: one JSON line per action, synced, each bound to the one before by its hash.

The chain shows where a line was changed, dropped or moved. It is no signature: whoever rewrites the whole
file can make a chain that fits. What cannot be forged is the outcome, because a grader plays the actions
again and compares every state (:mod:`aiir_lab.tabletop.grading`).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiir_lab.records.errors import AiirError

FORMAT = 1
FIRST = "0" * 64


class LogError(AiirError):
    """A log is not what it should be; the message names the line."""


@dataclass(frozen=True)
class Entry:
    """One line: an action with its data, and the state that followed (``then``)."""

    n: int
    action: str
    data: Mapping[str, Any]
    then: Mapping[str, Any]
    hash: str

    @property
    def at_min(self) -> float:
        """Minute on the exercise clock after the action."""
        return float(self.then["minute"])

    @property
    def line(self) -> str:
        """The line as it stands in the file."""
        row = {"n": self.n, "action": self.action, "data": self.data, "then": self.then, "hash": self.hash}
        return json.dumps(row, ensure_ascii=False) + "\n"


def chain(n: int, action: str, data: Mapping[str, Any], then: Mapping[str, Any], *, previous: str) -> str:
    """The hash of a line, which covers the hash of the line before."""
    body = json.dumps([n, action, data, then], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def read_log(text: str, *, where: str) -> list[Entry]:
    """Read the lines of a log and check their chain.

    Raises
    ------
    LogError
        A line is no entry, or does not follow from the line before; the message names it.
    """
    entries: list[Entry] = []
    previous = FIRST
    for number, line in enumerate(text.split("\n")[:-1] if text.endswith("\n") else text.split("\n"), 1):
        try:
            raw = json.loads(line)
            entry = Entry(
                int(raw["n"]), str(raw["action"]), dict(raw["data"]), dict(raw["then"]), str(raw["hash"])
            )
        except (ValueError, KeyError, TypeError):
            raise LogError(
                f"{where}, line {number}: not an entry of a session log. Restore the file from a copy, or "
                "cut it before this line to go on from there."
            ) from None
        expected = chain(entry.n, entry.action, entry.data, entry.then, previous=previous)
        if entry.n != number - 1 or entry.hash != expected:
            raise LogError(
                f"{where}, line {number}: changed after it was written, or a line before it is missing "
                f"(expected hash {expected[:12]}..., got {entry.hash[:12]}...). A changed log is not "
                "played on."
            )
        previous = entry.hash
        entries.append(entry)
    return entries


class Log:
    """An append-only file. ``path`` None keeps the entries in memory only."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.entries: list[Entry] = []
        self.repaired: str | None = None
        self._size = 0
        if path is not None and path.is_file():
            self._open(path)

    @property
    def head(self) -> str:
        """Hash of the last line."""
        return self.entries[-1].hash if self.entries else FIRST

    def append(self, action: str, data: Mapping[str, Any], then: Mapping[str, Any]) -> Entry:
        """Write one line and wait until it is on the disk.

        Raises
        ------
        LogError
            The file cannot be written, or somebody else has written to it.
        """
        n = len(self.entries)
        entry = Entry(n, action, data, then, chain(n, action, data, then, previous=self.head))
        if self.path is not None:
            self._write(self.path, entry.line)
        self.entries.append(entry)
        return entry

    def _write(self, path: Path, line: str) -> None:
        raw = line.encode()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("ab") as file:
                if file.tell() != self._size:
                    raise LogError(
                        f"{path} has grown since this session read it: another session plays on the same "
                        "log. Start the exercise again with this log to continue from its newest line."
                    )
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise LogError(
                f"{path} cannot be written: {error.strerror}. The action is not done; make room, then "
                "repeat it."
            ) from None
        self._size += len(raw)

    def _open(self, path: Path) -> None:
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise LogError(f"{path} cannot be read: {error.strerror}.") from None
        raw = self._repair(path, raw)
        try:
            text = raw.decode()
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            raise LogError(f"{path}, line {line}: not UTF-8 text; not a session log.") from None
        self.entries = read_log(text, where=str(path)) if text else []
        self._size = len(raw)

    def _repair(self, path: Path, raw: bytes) -> bytes:
        """A last line that was cut off is put aside; a whole one that only lacks its line end gets it."""
        if not raw or raw.endswith(b"\n"):
            return raw
        whole, _, tail = raw.rpartition(b"\n")
        kept = whole + b"\n" if whole else b""
        try:
            is_whole = isinstance(json.loads(tail), dict)
        except ValueError:
            is_whole = False
        if is_whole:
            fixed = raw + b"\n"
        else:
            aside = path.with_name(path.name + ".cut")
            with aside.open("ab") as file:
                file.write(tail + b"\n")
                file.flush()
                os.fsync(file.fileno())
            self.repaired = (
                f"The last line was cut off while it was written. It is kept in {aside.name}; "
                "the session goes on after the line before."
            )
            fixed = kept
        temporary = path.with_name(path.name + ".mending")
        with temporary.open("wb") as file:
            file.write(fixed)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        return fixed
