"""All SQL of the desk: items as JSON in one SQLite file that survives ``kill -9``.

Writing is serialised (one lock, ``BEGIN IMMEDIATE``), every commit is on disk before the caller hears of
it (WAL with ``synchronous=FULL``), and an index allows one open item per parent and key: that is what
makes de-duplication hold under any number of clients.
"""

from __future__ import annotations

import dataclasses
import json
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from aiir_lab.desk.model import Item, Policy, Rule
from aiir_lab.records.errors import AiirError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS item (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL, id TEXT NOT NULL, parent TEXT NOT NULL, key TEXT, is_open INTEGER NOT NULL,
    due_s REAL, data TEXT NOT NULL,
    UNIQUE (kind, id)
);
CREATE INDEX IF NOT EXISTS item_parent ON item (kind, parent, seq);
CREATE INDEX IF NOT EXISTS item_key ON item (kind, key);
CREATE INDEX IF NOT EXISTS item_open ON item (kind, is_open, seq);
CREATE INDEX IF NOT EXISTS item_due ON item (kind, due_s) WHERE due_s IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS item_one_open ON item (kind, parent, key) WHERE is_open;
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

T = TypeVar("T", bound=Item)


class Store:
    """Items in one SQLite file, or in memory.

    Parameters
    ----------
    path : str or Path
        The file, made with mode 0600 where it is new; ``":memory:"`` keeps nothing.
    """

    def __init__(self, path: str | Path = ":memory:") -> None:
        self.path = str(path)
        self.revision = 0
        self._lock = threading.RLock()
        self._depth = 0
        self._dirty = False
        if self.path != ":memory:":
            _prepare_file(Path(self.path))
        try:
            self._db = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=10)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.executescript(_SCHEMA)
        except sqlite3.DatabaseError as error:
            raise AiirError(
                f"The desk cannot use {self.path} as its database: {error}. "
                "Name another file with --db, or delete this one if it is an old desk's."
            ) from None

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; committed to disk when the outermost block ends."""
        with self._lock:
            if self._depth == 0:
                self._db.execute("BEGIN IMMEDIATE")
                self._dirty = False
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._db.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._db.execute("COMMIT")
                self.revision += self._dirty

    def save(self, *items: Item) -> None:
        """Write new or changed items."""
        with self.transaction():
            self._dirty = True
            for item in items:
                self._db.execute(
                    "INSERT INTO item (kind, id, parent, key, is_open, due_s, data) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?) "
                    "ON CONFLICT (kind, id) DO UPDATE SET parent = excluded.parent, key = excluded.key, "
                    "is_open = excluded.is_open, due_s = excluded.due_s, data = excluded.data",
                    (
                        item.kind,
                        item.id,
                        item.parent,
                        item.key,
                        item.is_open,
                        item.due_utc.timestamp() if item.due_utc else None,
                        _encode(item),
                    ),
                )

    def delete(self, item: Item) -> None:
        """Take an item out."""
        with self.transaction():
            self._dirty = True
            self._db.execute("DELETE FROM item WHERE kind = ? AND id = ?", (item.kind, item.id))

    def get(self, cls: type[T], item_id: str) -> T | None:
        """The item of this class with this id, or None."""
        with self._lock:
            row = self._db.execute(
                "SELECT data FROM item WHERE kind = ? AND id = ?", (cls.kind, item_id)
            ).fetchone()
        return _decode(cls, row[0]) if row else None

    def find(
        self,
        cls: type[T],
        *,
        parent: str | None = None,
        key: str | None = None,
        is_open: bool | None = None,
        newest_first: bool = False,
    ) -> list[T]:
        """All items of a class that match, in the order they were first saved."""
        wanted = {"parent": parent, "key": key, "is_open": is_open}
        given = {name: value for name, value in wanted.items() if value is not None}
        where = "".join(f" AND {name} = ?" for name in given)
        order = "DESC" if newest_first else "ASC"
        with self._lock:
            rows = self._db.execute(
                f"SELECT data FROM item WHERE kind = ?{where} ORDER BY seq {order}",
                (cls.kind, *given.values()),
            ).fetchall()
        return [_decode(cls, data) for (data,) in rows]

    def find_due(self, cls: type[T], *, now_utc: datetime) -> list[T]:
        """The items of a class whose ``due_utc`` has come, the longest waiting first."""
        with self._lock:
            rows = self._db.execute(
                "SELECT data FROM item WHERE kind = ? AND due_s <= ? ORDER BY due_s, seq",
                (cls.kind, now_utc.timestamp()),
            ).fetchall()
        return [_decode(cls, data) for (data,) in rows]

    def first(self, cls: type[T], **wanted: Any) -> T | None:
        """The first item that matches, or None."""
        found = self.find(cls, **wanted)
        return found[0] if found else None

    def next_number(self, name: str, *, start: int = 1) -> int:
        """The next of a never-repeating series of numbers."""
        with self.transaction():
            number = int(self.fact(f"number:{name}", start))
            self.keep(f"number:{name}", number + 1)
        return number

    def fact(self, name: str, default: Any = None) -> Any:
        """A single remembered value."""
        with self._lock:
            row = self._db.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else default

    def keep(self, name: str, value: Any) -> None:
        """Remember a single value (JSON)."""
        with self.transaction():
            self._dirty = True
            self._db.execute(
                "INSERT INTO fact VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, json.dumps(value)),
            )


def _prepare_file(path: Path) -> None:
    # the file holds the desk's keys: nobody else on this machine may read it
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        path.chmod(0o600)
    except OSError as error:
        raise AiirError(
            f"The desk cannot write {path}: {error.strerror}. Name another file with --db."
        ) from None


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Rule):
        return dataclasses.asdict(value)
    raise TypeError(f"cannot store {type(value).__name__}")


def _encode(item: Item) -> str:
    fields = {spec.name: getattr(item, spec.name) for spec in dataclasses.fields(item)}
    return json.dumps(fields, default=_plain, ensure_ascii=True)


def _decode(cls: type[T], data: str) -> T:
    fields = json.loads(data)
    for name, value in fields.items():
        if name.endswith("_utc") and value is not None:
            fields[name] = datetime.fromisoformat(value)
    if cls is Policy:
        fields["rules"] = [Rule(**rule) for rule in fields["rules"]]
    return cls(**fields)
