"""Become an ordinary user, for an instructor who works as root: ``descend.py JSON COMMAND ...``.

Root ignores process limits, and Python often lies where only root can look (``/root``). So, still as root
and in a mount namespace of its own, every folder that the sandbox shows is bound into a staging folder;
then the process becomes an ordinary user and starts bubblewrap. Run as a script, without the package.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
from pathlib import Path

CLONE_NEWNS = 0x00020000
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000


def main(arguments: list[str]) -> None:
    """Stage, step down, start."""
    plan = json.loads(arguments[0])
    libc = ctypes.CDLL(None, use_errno=True)

    def call(what: str, result: int) -> None:
        if result != 0:
            error = ctypes.get_errno()
            raise SystemExit(f"{what}: {os.strerror(error)}")

    call("unshare(mount)", libc.unshare(CLONE_NEWNS))
    call("mount(private)", libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None))
    stage = Path(plan["stage"])
    # the staging folder itself must be passable for the ordinary user; nobody else sees this mount
    call("mount(tmpfs)", libc.mount(b"tmpfs", os.fsencode(stage), b"tmpfs", 0, b"mode=755"))
    for name, source in plan["binds"].items():
        target = stage / name
        if Path(source).is_dir():
            target.mkdir()
        else:
            target.touch()
        call(
            f"mount({source})",
            libc.mount(os.fsencode(source), os.fsencode(target), None, MS_BIND | MS_REC, None),
        )
    os.setgroups([])
    os.setresgid(plan["gid"], plan["gid"], plan["gid"])
    os.setresuid(plan["uid"], plan["uid"], plan["uid"])
    os.execv(arguments[1], arguments[1:])


if __name__ == "__main__":
    main(sys.argv[1:])
