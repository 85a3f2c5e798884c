"""``aiir lab`` as a learner starts it: JupyterLab and the desk come up on loopback, and go down together."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest


def wait_for(condition: object, *, seconds: float = 90) -> object:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := condition():  # type: ignore[operator]
            return found
        time.sleep(0.2)
    raise AssertionError("it did not come up in time")


def listens(address: str) -> bool:
    place = urlsplit(address)
    with socket.socket() as probe:
        return probe.connect_ex((place.hostname, place.port)) == 0


@pytest.mark.slow
def test_lab_opens_the_course_with_a_desk_beside_it(tmp_path: Path) -> None:
    log = tmp_path / "log"
    folder = tmp_path / "ws"
    code = "from aiir_lab.cli import main; main()"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-c", code, "lab", str(folder), "--no-browser"],
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:
        lines = wait_for(
            lambda: [line for line in log.read_text().splitlines() if "/lab/tree/start_here" in line]
        )
        address = next(line.split()[-1] for line in lines)  # type: ignore[attr-defined]
        assert address.startswith(("http://127.0.0.1:", "http://localhost:"))
        assert "token=" in address
        # Jupyter binds its port in its event loop, a moment after it has printed the address
        wait_for(lambda: listens(address))
        with urllib.request.urlopen(address, timeout=30) as page:
            assert page.status == 200
        base, _, token = address.partition("/lab/tree/start_here.ipynb?")
        wanted = f"{base}/lab/api/settings/@jupyterlab/apputils-extension:notification?{token}"
        with urllib.request.urlopen(wanted, timeout=30) as page:
            settings = json.load(page)["schema"]["properties"]
        assert settings["fetchNews"]["default"] == "false", "no question about news over the first lesson"
        desk = json.loads((folder / ".aiir" / "desk.json").read_text())
        with urllib.request.urlopen(desk["urls"]["statuspage_public"], timeout=30) as page:
            assert page.status == 200
    finally:
        # as Ctrl-C twice in a terminal does: to the whole group, the second one answers Jupyter's question
        for signal_number in (signal.SIGINT, signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal_number)
            time.sleep(1)
        process.wait(timeout=60)
