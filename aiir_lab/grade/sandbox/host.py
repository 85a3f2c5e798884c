"""The trusted side of the sandbox: start the warm process, ask it for kernels, end them."""

from __future__ import annotations

import atexit
import json
import os
import secrets
import select
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from aiir_lab.grade.sandbox.limits import Limits
from aiir_lab.grade.sandbox.mounts import GROUP, PASSWD, bwrap_command, environment, shown
from aiir_lab.grade.sandbox.wire import CHANNELS, send_request
from aiir_lab.records import AiirError

ADDRESS_VARIABLE = "AIIR_SANDBOX"
"""Names the socket of a warm process that is shared by several clients of one user."""

ORDINARY_ID = 61_184
"""The user that root becomes before the sandbox starts: the first one of systemd's dynamic range."""

START_S = 180.0


class SandboxError(AiirError):
    """The sandbox cannot be had on this machine, or a kernel in it did not start."""


class SandboxKernel:
    """A kernel that was asked for; its sockets can be connected to at once.

    ``connection`` is what Jupyter calls connection info: transport, ip, the five ports and the key.
    """

    def __init__(self, control: socket.socket, connection: dict[str, Any]) -> None:
        self._control = control
        self._said = b""
        self._ended: dict[str, Any] | None = None
        self.connection = connection

    def poll(self) -> int | None:
        """The exit code, or ``None`` while the kernel runs."""
        self._listen(0.0)
        return None if self._ended is None else int(self._ended["exit"])

    def wait(self, timeout_s: float | None = None) -> int | None:
        """Wait for the end; ``None`` where it did not come in time."""
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        while self._ended is None:
            left = 1.0 if deadline is None else deadline - time.monotonic()
            if left <= 0:
                return None
            self._listen(left)
        return int(self._ended["exit"])

    @property
    def reason(self) -> str:
        """Why the kernel ended, where that is known."""
        return "" if self._ended is None else str(self._ended["reason"])

    @property
    def cpu_s(self) -> float:
        """Seconds of CPU that the kernel has used, known when it has ended; 0 where it is not known."""
        return 0.0 if self._ended is None else float(self._ended.get("cpu_s", 0.0))

    def fileno(self) -> int:
        """Readable when the kernel has ended."""
        return self._control.fileno()

    def interrupt(self) -> None:
        """Send what Ctrl-C sends."""
        self._tell(b"I")

    def kill(self) -> None:
        """End the kernel and every process that it started."""
        self._tell(b"K")

    def close(self) -> None:
        """End the kernel, if it runs, and remove its sockets."""
        self._control.close()
        shutil.rmtree(Path(self.connection["ip"]).parent, ignore_errors=True)

    def _tell(self, word: bytes) -> None:
        with suppress(OSError):
            self._control.send(word)

    def _listen(self, timeout_s: float) -> None:
        if self._ended is not None:
            return
        readable, _, _ = select.select([self._control], [], [], timeout_s)
        if readable:
            try:
                part = self._control.recv(4096)
            except OSError:
                part = b""
            self._said += part
            if not part:
                self._ended = {"exit": -9, "reason": "the sandbox has ended"}
            elif self._said.endswith(b"\n"):
                self._ended = json.loads(self._said)


class Sandbox:
    """A warm process, in bubblewrap, that starts a confined kernel in milliseconds.

    Safe to use from several threads; several processes of one user share it by :data:`ADDRESS_VARIABLE`.

    Parameters
    ----------
    is_isolated : bool, default True
        Whether kernels are confined. ``False`` is the explicit way without a sandbox: as fast, but a
        submission can then do whatever you can do.

    Raises
    ------
    SandboxError
        Bubblewrap or user namespaces are missing; the message says which and how to get them.

    Examples
    --------
    >>> with Sandbox() as sandbox:                                      # doctest: +SKIP
    ...     kernel = sandbox.launch(limits=Limits(cell_s=10))
    """

    def __init__(self, *, is_isolated: bool = True) -> None:
        from aiir_lab.grade.sandbox.availability import require_isolation

        if is_isolated:
            require_isolation()
        self.is_isolated = is_isolated
        # short: a socket's path has at most 107 bytes
        self._private = Path(mkdtemp(prefix="aiir-", dir="/tmp" if Path("/tmp").is_dir() else None))
        self.address = self._private / "warm"
        self._log = (self._private / "log").open("w+b")
        try:
            self._lifeline, self._process = self._start()
        except BaseException:
            self._log.close()
            shutil.rmtree(self._private, ignore_errors=True)
            raise
        self._closed = False
        atexit.register(self.close)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def is_alive(self) -> bool:
        """Whether the warm process runs."""
        return self._process.poll() is None

    def launch(
        self,
        *,
        limits: Limits | None = None,
        files: Mapping[str, bytes] | None = None,
        env: Mapping[str, str] | None = None,
        hides_questions: bool = False,
        socket_base: str | None = None,
        key: str | None = None,
    ) -> SandboxKernel:
        """Ask for a kernel.

        Parameters
        ----------
        limits : Limits, optional
            What it may use.
        files : mapping, optional
            Its working folder: relative name -> content. Nothing is ever copied back.
        env : mapping, optional
            Added to the kernel's environment.
        hides_questions : bool, default False
            Show the folder of the questions' criteria empty; ``lab.check`` then only takes answers down.
        socket_base, key : str, optional
            To start again where a client is connected already.
        """
        return launch_at(
            self.address,
            limits=limits or Limits(),
            files=files or {},
            env=env or {},
            hides_questions=hides_questions,
            socket_base=socket_base,
            key=key,
        )

    def close(self) -> None:
        """End the warm process and every kernel that it started."""
        if self._closed:
            return
        self._closed = True
        os.close(self._lifeline)
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)
        self._log.close()
        shutil.rmtree(self._private, ignore_errors=True)
        atexit.unregister(self.close)

    def _start(self) -> tuple[int, subprocess.Popen[bytes]]:
        compile_once()
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(self.address))
        listener.listen(64)
        lifeline, keep = os.pipe()
        ready, say = os.pipe()
        inherited = (listener.fileno(), lifeline, say)
        command = [sys.executable, "-I", "-m", "aiir_lab.grade.sandbox.zygote"]
        command += [*map(str, inherited), str(int(self.is_isolated))]
        if self.is_isolated:
            command = isolated_command(command, private=self._private)
        process = subprocess.Popen(
            command,
            pass_fds=inherited,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            cwd="/",
            env=environment(os.environ.get("HOME", "/")) if not self.is_isolated else os.environ,
            start_new_session=True,  # Ctrl-C is for the driver, which then ends this one
        )
        for descriptor in (lifeline, say):
            os.close(descriptor)
        listener.close()
        said = _read_line(ready, START_S)
        os.close(ready)
        if not said:
            os.close(keep)
            process.kill()
            process.wait()
            self._log.seek(0)
            lines = self._log.read().decode(errors="replace").strip().splitlines()
            said_last = lines[-1] if lines else "it said nothing"
            raise SandboxError(
                f"The warm process of the sandbox did not start: {said_last}. "
                "Run `aiir doctor`; without a sandbox, and without any protection, grade with --no-sandbox."
            )
        self.warm_up = json.loads(said)
        return keep, process


def launch_at(
    address: Path,
    *,
    limits: Limits,
    files: Mapping[str, bytes],
    env: Mapping[str, str],
    hides_questions: bool,
    socket_base: str | None,
    key: str | None,
) -> SandboxKernel:
    """Ask the warm process at an address for a kernel; see :meth:`Sandbox.launch`."""
    base = socket_base or f"{mkdtemp(prefix='aiir-k', dir='/tmp')}/k"
    listeners: list[socket.socket] = []
    try:
        for port, _ in enumerate(CHANNELS, start=1):
            path = Path(f"{base}-{port}")
            path.unlink(missing_ok=True)
            listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            listeners.append(listener)
            listener.setblocking(False)  # as ZeroMQ would have made it
            listener.bind(str(path))
            listener.listen(16)
        key = key or secrets.token_hex(16)
        request = {
            "ip": base,
            "key": key,
            "env": dict(env),
            "limits": limits.to_dict(),
            "hides_questions": hides_questions,
        }
        control = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        control.connect(str(address))
        send_request(control, request, dict(files), [listener.fileno() for listener in listeners])
    except OSError as error:
        raise SandboxError(f"The warm process at {address} does not answer: {error}.") from None
    finally:
        for listener in listeners:
            listener.close()
    connection = {"transport": "ipc", "ip": base, "key": key, "signature_scheme": "hmac-sha256"}
    connection |= {f"{name}_port": port for port, name in enumerate(CHANNELS, start=1)}
    return SandboxKernel(control, connection)


def isolated_command(command: list[str], *, private: Path) -> list[str]:
    """Wrap a command so that it runs in the sandbox, as an ordinary user also where root asks."""
    (private / "passwd").write_text(PASSWD)
    (private / "group").write_text(GROUP)
    paths = shown()
    if os.geteuid() != 0:
        return bwrap_command(command, sources={path: str(path) for path in paths}, private=private)
    stage = private / "stage"
    stage.mkdir(exist_ok=True)
    staged = {path: f"{stage}/{number}" for number, path in enumerate(paths)}
    # the staging folder's parent is closed to the ordinary user; the two small files go along
    binds = {Path(where).name: str(path) for path, where in staged.items()}
    binds |= {name: str(private / name) for name in ("passwd", "group")}
    private.chmod(0o711)  # passable, not readable: the sockets in it have no guessable use for others
    plan = {"stage": str(stage), "uid": ORDINARY_ID, "gid": ORDINARY_ID, "binds": binds}
    script = Path(__file__).with_name("descend.py")
    wrapped = bwrap_command(command, sources=staged, private=stage)
    return [sys.executable, "-I", "-S", str(script), json.dumps(plan), *wrapped]


def compile_once() -> None:
    """Let Python store the bytecode of what is warmed up, where an installer left that out.

    In the sandbox nothing can be stored; without this every start would compile for ten seconds.
    """
    import pandas

    package = Path(pandas.__file__).parent
    if cached_bytecode_of(package / "core" / "frame.py") or not os.access(package, os.W_OK):
        return
    code = "from aiir_lab.grade.sandbox.warmup import warm_up; warm_up()"
    subprocess.run(
        [sys.executable, "-I", "-c", code],
        env=environment(os.environ.get("HOME", "/")),
        capture_output=True,
        timeout=START_S,
        cwd="/",
        check=False,
    )


def cached_bytecode_of(source: Path) -> bool:
    """Whether Python has stored bytecode of a source beside it."""
    return Path(cache_from_source(str(source))).exists()


_shared: Sandbox | None = None
_lock = threading.Lock()


def shared_sandbox() -> Sandbox:
    """The sandbox of this process; started when it is first asked for, again where it has died."""
    global _shared
    with _lock:
        if _shared is None or not _shared.is_alive:
            if _shared is not None:
                _shared.close()
            _shared = Sandbox()
        return _shared


def _read_line(descriptor: int, timeout_s: float) -> bytes:
    deadline, line = time.monotonic() + timeout_s, b""
    while not line.endswith(b"\n"):
        readable, _, _ = select.select([descriptor], [], [], max(deadline - time.monotonic(), 0))
        part = os.read(descriptor, 4096) if readable else b""
        if not part:
            return b""
        line += part
    return line


__all__ = ["ADDRESS_VARIABLE", "Sandbox", "SandboxError", "SandboxKernel", "shared_sandbox"]
