"""PDF through a browser of the Chromium family that is already on the machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from aiir_lab.records.errors import AiirError

_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
    "brave-browser",
)
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files\Microsoft\Edge\Application\msedge.exe",
)
# Nothing may leave the machine, and nothing of the user's own browser profile is touched.
_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pdf-header-footer",
    "--run-all-compositor-stages-before-draw",
    "--virtual-time-budget=10000",
)


def find_browser() -> str | None:
    """The browser that prints: ``AIIR_BROWSER`` if set, else the first of the Chromium family found."""
    wanted = os.environ.get("AIIR_BROWSER")
    if wanted:
        return shutil.which(wanted)
    found = next((path for path in map(shutil.which, _NAMES) if path), None)
    return found or next((place for place in _PLACES if Path(place).is_file()), None)


def why_no_browser() -> str:
    """What to say, and what to do, where no browser was found."""
    wanted = os.environ.get("AIIR_BROWSER")
    if wanted:
        return f"AIIR_BROWSER is {wanted!r}, but there is no such program. Set it to a Chromium-like browser."
    return (
        "No browser of the Chromium family was found. Install Chromium, Chrome or Edge (Debian, Ubuntu: "
        "apt install chromium), or set AIIR_BROWSER to its path."
    )


def print_pdf(
    html_path: str | Path,
    out: str | Path,
    *,
    window: tuple[int, int] = (794, 1123),
    timeout_seconds: float = 90,
) -> Path:
    """Print an HTML file to PDF.

    Parameters
    ----------
    html_path : str or Path
        A self-contained page; nothing is fetched while printing.
    out : str or Path
        Where the PDF goes; an existing file is replaced.
    window : tuple of int, default (794, 1123)
        Width and height in CSS pixels for which the page is laid out; the default is A4.
    timeout_seconds : float, default 90
        When to give up.

    Returns
    -------
    Path

    Raises
    ------
    AiirError
        There is no browser, or it did not print. The HTML is left as it is.
    """
    page, target = Path(html_path).resolve(), Path(out).resolve()
    if not page.is_file():
        raise AiirError(f"There is no page {page} to print. Export the HTML first.")
    browser = find_browser()
    if browser is None:
        raise AiirError(f"{why_no_browser()} The HTML is there, and any browser can print it: {page}")
    # Chromium refuses to run as root with its sandbox; elsewhere the sandbox stays on.
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    problem = _run(browser, page, target, window, timeout_seconds, sandbox=not is_root)
    if problem and "sandbox" in problem.lower() and not is_root:
        # Containers often forbid what the sandbox needs; the page is our own, and it may load nothing.
        problem = _run(browser, page, target, window, timeout_seconds, sandbox=False)
    if problem:
        raise AiirError(f"{browser} did not print {page.name}: {problem}\nThe HTML is there: {page}")
    return target


def _run(
    browser: str, page: Path, target: Path, window: tuple[int, int], timeout_seconds: float, *, sandbox: bool
) -> str | None:
    """Print once; what went wrong, or ``None``."""
    with tempfile.TemporaryDirectory(prefix="aiir-print-", ignore_cleanup_errors=True) as folder:
        printed = Path(folder) / "page.pdf"
        command = [
            browser,
            *_FLAGS,
            *(() if sandbox else ("--no-sandbox",)),
            f"--user-data-dir={folder}/profile",
            f"--window-size={window[0]},{window[1]}",
            f"--print-to-pdf={printed}",
            page.as_uri(),
        ]
        log_path = Path(folder) / "log.txt"
        try:
            with log_path.open("wb") as log:
                # A group of its own: a browser that hangs is ended with all of its helpers.
                process = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
                )
                try:
                    process.wait(timeout=timeout_seconds)
                except subprocess.TimeoutExpired:
                    _end(process)
                    return f"it took longer than {timeout_seconds:g} seconds"
        except OSError as error:
            return f"it cannot be started ({error.strerror})"
        if not printed.is_file() or printed.read_bytes()[:5] != b"%PDF-":
            said = log_path.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            return "\n".join(said[-3:]) or f"it ended with code {process.returncode} and no PDF"
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(printed, target)
        except OSError as error:
            return f"{target} cannot be written ({error.strerror})"
    return None


def _end(process: subprocess.Popen[bytes]) -> None:
    if sys.platform != "win32":
        import signal

        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
