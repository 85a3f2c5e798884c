"""Open JupyterLab on a workspace: loopback only, with Jupyter's own token."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import webbrowser
from contextlib import ExitStack
from pathlib import Path

from aiir_lab.classroom.workspace import WorkspaceError
from aiir_lab.desk import DeskProcess
from aiir_lab.records import AiirError

START = "start_here.ipynb"


def has_browser() -> bool:
    """Whether a browser can be opened on this machine."""
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


def command(folder: Path, *, port: int | None, with_browser: bool) -> list[str]:
    """The JupyterLab command line for a workspace.

    Raises
    ------
    WorkspaceError
        The wanted port is taken. Without a wanted port, Jupyter looks for a free one itself.
    """
    arguments = [
        *(sys.executable, "-m", "jupyterlab"),
        f"--ServerApp.root_dir={folder}",
        f"--LabApp.default_url=/lab/tree/{START}",
        "--ServerApp.ip=127.0.0.1",
        "--LabApp.news_url=None",
    ]
    if port is not None:
        if _is_taken(port):
            raise WorkspaceError(
                f"Port {port} is in use. Name another one with --port, or leave it out: "
                "a free port is found then. Your notebooks are in place."
            )
        arguments += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    if not with_browser:
        arguments.append("--ServerApp.open_browser=False")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--allow-root")
    return arguments


def open_lab(folder: Path, *, port: int | None = None, with_browser: bool = True) -> int:
    """Run JupyterLab on the workspace, with an ops desk beside it, until it is stopped; return its exit code.

    Notebooks find the desk by ``AIIR_DESK``; its data stay in the workspace. Without a desk the course still
    opens: what needs one says so.
    """
    arguments = command(folder, port=port, with_browser=with_browser)
    announce = folder / ".aiir" / "desk.json"
    desk = DeskProcess(announce=announce, db=folder / ".aiir" / "desk.db")
    with ExitStack() as stack:
        try:
            stack.enter_context(desk)
        except AiirError as error:
            print(f"The ops desk did not start: {error}", file=sys.stderr)
        settings = {"AIIR_DESK": str(announce), "JUPYTER_CONFIG_PATH": _quiet_settings(folder)}
        process = subprocess.Popen(arguments, cwd=folder, env=os.environ | settings)
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                # Jupyter got the same Ctrl-C and asks its question; it ends the process, not we
                continue


def _quiet_settings(folder: Path) -> str:
    """A search path for settings that starts with ours: no question about news over a learner's first lesson.

    It is a default; what a learner sets in JupyterLab goes before it.
    """
    ours = folder / ".aiir" / "jupyter"
    defaults = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}}
    (ours / "labconfig").mkdir(parents=True, exist_ok=True)
    (ours / "labconfig" / "default_setting_overrides.json").write_text(json.dumps(defaults), encoding="utf-8")
    theirs = os.environ.get("JUPYTER_CONFIG_PATH")
    return os.pathsep.join([str(ours), *([theirs] if theirs else [])])


def _is_taken(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False
