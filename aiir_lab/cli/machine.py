"""What this machine has of what the course can use."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


@dataclass(frozen=True)
class Finding:
    """One thing that was looked for."""

    name: str
    found: str
    is_there: bool
    is_needed: bool
    advice: str


def examine() -> list[Finding]:
    """Look for everything that the course needs or can use."""
    return [_python(), *_packages(), _browser(), _page_printer(), _alembic(), _disk(), _sandbox()]


def _python() -> Finding:
    is_new = sys.version_info >= (3, 11)
    return Finding(
        "Python", sys.version.split()[0], is_new, True, "" if is_new else "Install Python 3.11 or newer"
    )


def _packages() -> list[Finding]:
    findings = []
    for name in ("jupyterlab", "ipywidgets", "nbgrader", "papermill", "pandas", "plotly", "scikit-learn"):
        try:
            found, is_there = version(name), True
        except PackageNotFoundError:
            found, is_there = "missing", False
        findings.append(Finding(name, found, is_there, True, "" if is_there else "pip install aiir-lab"))
    return findings


def _browser() -> Finding:
    from aiir_lab.classroom.jupyter import has_browser

    is_there = has_browser()
    advice = (
        "" if is_there else "Open the address that aiir lab prints in a browser on any machine you can reach"
    )
    return Finding("web browser", "found" if is_there else "none", is_there, False, advice)


def _page_printer() -> Finding:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
    path = os.environ.get("AIIR_BROWSER") or next(
        (found for name in names if (found := shutil.which(name))), None
    )
    advice = "" if path else "For PDF exports install Chromium or Chrome; HTML works without"
    return Finding("Chromium for PDF", path or "none", path is not None, False, advice)


def _alembic() -> Finding:
    # nbgrader starts it as a command when it creates its gradebook
    beside = Path(sys.executable).with_name("alembic.exe" if os.name == "nt" else "alembic")
    is_there = shutil.which("alembic") is not None or beside.exists()
    return Finding(
        "alembic (gradebook)",
        "found" if is_there else "none",
        is_there,
        False,
        "For classes: pip install alembic",
    )


def _disk() -> Finding:
    free_mb = shutil.disk_usage(Path.cwd()).free // 2**20
    is_enough = free_mb >= 200
    return Finding(
        "free disk here", f"{free_mb:,} MB", is_enough, True, "" if is_enough else "Free at least 200 MB"
    )


def _sandbox() -> Finding:
    from aiir_lab.grade.sandbox import why_unavailable

    reason = why_unavailable()
    found = "none" if reason else "works"
    return Finding("sandbox for classes", found, not reason, False, reason and f"To grade a class: {reason}")
