"""One warm sandbox for every test that runs a confined kernel; those tests share a worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from aiir_lab.grade.sandbox import Sandbox, why_unavailable


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "sandbox" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("sandbox"))


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """A warm sandbox; the test is skipped with the reason where kernels cannot be isolated."""
    reason = why_unavailable()
    if reason:
        pytest.skip(f"no isolated kernels on this machine: {reason}")
    with Sandbox() as opened:
        yield opened
