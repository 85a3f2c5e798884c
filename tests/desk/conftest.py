"""A real desk on loopback, one per module, and the vendors' own clients on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from aiir_lab.desk import DeskClients, DeskProcess, desk_clients


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskProcess]:
    """A running desk with a database of its own."""
    folder: Path = tmp_path_factory.mktemp("desk")
    with DeskProcess(announce=folder / "desk.json", db=folder / "desk.db") as process:
        yield process


@pytest.fixture
def clients(desk: DeskProcess, monkeypatch: pytest.MonkeyPatch) -> Iterator[DeskClients]:
    """Clients of that desk."""
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")
    with desk_clients(desk.announce) as clients:
        yield clients
