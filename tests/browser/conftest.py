"""A real JupyterLab on a real workspace, driven in headless Chromium, shared by all browser tests."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from aiir_lab.classroom.jupyter import command
from aiir_lab.classroom.workspace import set_up

TOKEN = "browser-test"


@dataclass
class Lab:
    """A running JupyterLab and the workspace that it serves."""

    address: str
    folder: Path

    def url(self, notebook: str) -> str:
        return f"{self.address}/lab/tree/{notebook}?token={TOKEN}&reset"


@contextmanager
def serve(folder: Path, home: Path) -> Iterator[Lab]:
    """Run JupyterLab on a folder with settings of its own."""
    environment = os.environ | {
        name: str(home / name.lower())
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    }
    settings = home / "settings"
    notification = settings / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    notification.parent.mkdir(parents=True)
    notification.write_text(json.dumps({"fetchNews": "false"}))
    environment["JUPYTERLAB_SETTINGS_DIR"] = str(settings)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arguments = [
        *command(folder, port=port, with_browser=False),
        f"--IdentityProvider.token={TOKEN}",
        "--LabApp.expose_app_in_browser=True",
        "--LabApp.extension_manager=readonly",
    ]
    address = f"http://127.0.0.1:{port}"
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(arguments, env=environment, stdout=log, stderr=log, cwd=folder)
        try:
            _wait_until_ready(server, address, home / "server.log")
            yield Lab(address, folder)
        finally:
            server.terminate()
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


@pytest.fixture(scope="session")
def jupyterlab(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("ws")
    set_up(folder)
    with serve(folder, tmp_path_factory.mktemp("home")) as lab:
        yield lab


def _wait_until_ready(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise RuntimeError(f"JupyterLab ended: {log.read_text(errors='replace')[-2000:]}")
        try:
            with urllib.request.urlopen(f"{address}/api/status?token={TOKEN}", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not get ready: {log.read_text(errors='replace')[-2000:]}")


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A fresh page at lesson size; fails if anything asked a server other than ours."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    outside: list[str] = []
    local = ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:", "file:")
    page.on("request", lambda request: request.url.startswith(local) or outside.append(request.url))
    yield page
    context.close()
    assert outside == [], "requests left this machine"
