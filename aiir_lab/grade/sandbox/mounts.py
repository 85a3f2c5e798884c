"""What a sandbox shows: the system and the course, read-only, and nothing of the instructor's."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from aiir_lab.catalog.course_files import course_path

USER, UID = "learner", 1000
HOME = "/home/learner"
WRITABLE = ("/tmp", HOME)
"""Places that every kernel has for itself; whatever stands there outside is not seen."""
PASSWD = (
    f"root:x:0:0:root:/root:/bin/sh\n{USER}:x:{UID}:{UID}:{USER}:{HOME}:/bin/sh\n"
    "nobody:x:65534:65534:nobody:/:/bin/false\n"
)
GROUP = f"root:x:0:\n{USER}:x:{UID}:\nnogroup:x:65534:\n"

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "localtime", "fonts", "mime.types")

PACKAGE = Path(__file__).resolve().parents[2]
QUESTIONS = PACKAGE / "grade" / "questions"
"""The criteria. Empty in a kernel that only takes answers down."""


def shown() -> list[Path]:
    """The folders and files that a sandbox shows, read-only, each at its own path, outermost first."""
    wanted = [Path(sys.base_prefix), Path(sys.prefix), PACKAGE, course_path("datasets")]
    wanted += [Path(entry) for entry in sys.path if entry.rstrip("/").endswith(("-packages", ".zip"))]
    wanted += [Path("/etc", name) for name in _ETC]
    chosen: list[Path] = []
    for path in sorted({path.resolve() for path in wanted if path.exists()} | {Path(sys.prefix)}):
        is_inside = any(path.is_relative_to(other) for other in (*chosen, Path("/usr")))
        if not is_inside:
            chosen.append(path)
    return chosen


def hidden() -> list[Path]:
    """Folders inside those that are shown empty: notebook sources hold the solutions."""
    return [path for path in (PACKAGE / "_course" / "notebooks",) if path.is_dir()]


def bwrap_command(command: list[str], *, sources: dict[Path, str], private: Path) -> list[str]:
    """The bubblewrap call that runs a command in the sandbox.

    Parameters
    ----------
    command : list of str
        What runs inside.
    sources : dict
        Where each path of :func:`shown` is bound from: itself, or its staged copy.
    private : Path
        A folder that holds the files ``passwd`` and ``group``.
    """
    call = [shutil.which("bwrap") or "bwrap", "--unshare-all", "--new-session", "--cap-drop", "ALL"]
    call += ["--uid", str(UID), "--gid", str(UID), "--hostname", "sandbox", "--clearenv"]
    for folder in _SYSTEM:
        path = Path(folder)
        if path.is_symlink():
            call += ["--symlink", str(path.readlink()), folder]
        elif path.is_dir():
            call += ["--ro-bind", folder, folder]
    for path, source in sources.items():
        call += ["--ro-bind", source, str(path)]
    for path in hidden():
        call += ["--tmpfs", str(path), "--remount-ro", str(path)]
    for name in ("passwd", "group"):
        call += ["--ro-bind", str(private / name), f"/etc/{name}"]
    call += ["--proc", "/proc", "--dev", "/dev", "--dir", "/dev/shm"]
    for place in WRITABLE:
        # for the warm-up only; every kernel has its own in front of these
        call += ["--size", str(32 * 2**20), "--tmpfs", place]
    for name, value in environment().items():
        call += ["--setenv", name, value]
    return [*call, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/", "--", *command]


def environment(home: str = HOME) -> dict[str, str]:
    """The whole environment of a kernel; nothing of the instructor's is passed on."""
    return {
        "HOME": home,
        "USER": USER,
        "LOGNAME": USER,
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "TMPDIR": "/tmp",
        "PYTHONDONTWRITEBYTECODE": "1",
        # more than one thread before the fork leaves a child that waits for ever (measured)
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }
