"""One supervisor per kernel: starts it in its namespaces, passes signals on, ends it, tells how it ended.

The supervisor never runs a line of the submission's. It stands outside the kernel's process namespace, so
the submission cannot see it.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import time
import traceback
from contextlib import suppress
from pathlib import Path, PurePosixPath
from tempfile import mkdtemp
from typing import Any

from aiir_lab.grade.sandbox.confine import confine, leave_namespaces, limit_resources
from aiir_lab.grade.sandbox.limits import MIB
from aiir_lab.grade.sandbox.mounts import HOME
from aiir_lab.grade.sandbox.wire import CHANNELS, receive_request

_LOOK_S = 0.25
"""How often memory is looked at."""


def supervise(connection: socket.socket, *, is_isolated: bool) -> None:
    """Serve one connection: one kernel from its start to its end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    told, tell = os.pipe()
    reason = ""
    try:
        request, files, descriptors = receive_request(connection)
        home = HOME if is_isolated else mkdtemp(prefix="aiir-kernel-")
        if is_isolated:
            leave_namespaces()
        kernel = os.fork()
    except (OSError, ValueError, EOFError) as error:
        _say(connection, {"exit": -1, "reason": f"the kernel could not be started: {error}"})
        return
    if kernel == 0:
        connection.close()
        os.close(told)
        _become_kernel(request, files, descriptors, home=home, tell=tell, is_isolated=is_isolated)
    os.close(tell)
    for descriptor in descriptors:
        os.close(descriptor)
    try:
        reason = _watch(connection, kernel, request["limits"], is_isolated=is_isolated)
    finally:
        _end(kernel, is_isolated=is_isolated)
        _, status, used = os.wait4(kernel, 0)
        problem = os.read(told, 4096).decode(errors="replace")
        if not is_isolated:
            _remove(Path(home))
        cpu_s = round(used.ru_utime + used.ru_stime, 3)
        _say(
            connection,
            {"exit": os.waitstatus_to_exitcode(status), "reason": reason or problem, "cpu_s": cpu_s},
        )


def _become_kernel(
    request: dict[str, Any],
    files: dict[str, bytes],
    descriptors: list[int],
    *,
    home: str,
    tell: int,
    is_isolated: bool,
) -> None:
    code = 70
    try:
        os.setsid()
        _keep_descriptors([*descriptors, tell])
        if is_isolated:
            confine(request["limits"], hides_questions=bool(request.get("hides_questions")))
        else:
            # without a user namespace of its own the count of processes would be the user's whole count
            limit_resources(request["limits"] | {"processes": 2**16})
        os.environ.update(request.get("env", {}), HOME=home)
        folder = Path(home, "work")
        _fill(folder, files)
        os.set_inheritable(tell, False)
        from aiir_lab.grade.sandbox.kernel import run_kernel

        run_kernel(request, dict(zip(CHANNELS, descriptors, strict=True)), working_folder=str(folder))
        code = 0
    except SystemExit:
        code = 0
    except BaseException:
        lines = traceback.format_exc().strip().splitlines()
        os.write(tell, f"the kernel ended: {lines[-1]}".encode()[:1000])
    finally:
        os._exit(code)


def _keep_descriptors(kept: list[int]) -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    start = 3
    for descriptor in sorted({*kept, nothing} if nothing > 2 else kept):
        os.closerange(start, descriptor)
        start = descriptor + 1
    os.closerange(start, 2**16)


def _fill(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        parts = PurePosixPath(name).parts
        if not parts or name.startswith("/") or ".." in parts:
            raise ValueError(f"file name {name!r}")
        target = folder.joinpath(*parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _watch(connection: socket.socket, kernel: int, limits: dict[str, Any], *, is_isolated: bool) -> str:
    """Wait until the kernel is gone, or has to go; return why it has to."""
    deadline = time.monotonic() + limits["wall_s"]
    baseline = _resident(os.getpid())
    alive = os.pidfd_open(kernel) if hasattr(os, "pidfd_open") else None
    waiting = select.poll()
    waiting.register(connection, select.POLLIN | select.POLLHUP)
    if alive is not None:
        waiting.register(alive, select.POLLIN)
    while True:
        found = {descriptor for descriptor, _ in waiting.poll(int(_LOOK_S * 1000))}
        if alive in found or (
            alive is None and os.waitid(os.P_PID, kernel, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        ):
            return ""
        if connection.fileno() in found:
            words = connection.recv(64)
            if not words or b"K" in words:
                return "ended by its client"
            if b"I" in words:
                with suppress(ProcessLookupError):
                    os.kill(kernel, signal.SIGINT)
        if time.monotonic() > deadline:
            return f"the time limit of {limits['wall_s']:g} s for a notebook was reached"
        used = sum(max(_resident(process) - baseline, 0) for process in _tree(kernel))
        if used > limits["memory_mib"] * MIB:
            return f"the memory limit of {limits['memory_mib']} MiB was reached"


def _end(kernel: int, *, is_isolated: bool) -> None:
    with suppress(ProcessLookupError, PermissionError):
        if not is_isolated:
            os.killpg(kernel, signal.SIGKILL)
        # the first process of a namespace takes all others with it
        os.kill(kernel, signal.SIGKILL)


def _tree(root: int) -> list[int]:
    found, new = [root], [root]
    while new:
        process = new.pop()
        with suppress(OSError, ValueError):
            for task in Path(f"/proc/{process}/task").iterdir():
                children = (task / "children").read_text().split()
                new += [int(child) for child in children]
                found += [int(child) for child in children]
        if len(found) > 500:
            break
    return found


def _resident(process: int) -> int:
    """Bytes of memory that is no file's: a fork copies just these, so the warm process's can be deducted."""
    with suppress(OSError, ValueError, IndexError):
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith(("RssAnon", "RssShmem"))) * 1024
    return 0


def _remove(folder: Path) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)


def _say(connection: socket.socket, words: dict[str, Any]) -> None:
    with suppress(OSError):
        connection.sendall(json.dumps(words).encode() + b"\n")
