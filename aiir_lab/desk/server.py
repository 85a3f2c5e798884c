"""Running a desk: bind, serve, announce; and starting one as a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from aiir_lab.desk.guard import check_bind
from aiir_lab.desk.keys import announcement, default_announce_path, read_announcement, write_announcement
from aiir_lab.records.errors import AiirError

if TYPE_CHECKING:
    from aiir_lab.records.escalation import EscalationMatrix

_START_LIMIT_S = 60.0
_GRACE_S = 1


def run_desk(
    *,
    port: int = 0,
    announce: str | Path | None = None,
    db: str | Path | None = None,
    host: str = "127.0.0.1",
    allow_external: bool = False,
    allowed_hosts: tuple[str, ...] = (),
    matrix: EscalationMatrix | None = None,
    is_quiet: bool = False,
) -> None:
    """Serve a desk until Ctrl-C or SIGTERM; this is what ``aiir desk`` calls.

    Parameters
    ----------
    port : int, default 0
        0 takes a free one.
    announce : path, optional
        Where base URLs and keys are written (mode 0600); the user's own well-known file by default, or the
        file that ``AIIR_DESK`` names.
    db : path, optional
        SQLite file that survives restarts; without one everything is gone at the end.
    host : str, default "127.0.0.1"
    allow_external : bool, default False
        Needed for any other address than loopback.
    allowed_hosts : tuple of str
        Host names to answer to beside loopback.
    matrix : EscalationMatrix, optional
    is_quiet : bool, default False
        Print nothing.

    Raises
    ------
    AiirError
        If the address is not loopback, the port is taken, or a file cannot be written.
    """
    check_bind(host, allow_external=allow_external)
    listener = _listen(host, port)
    taken_port = int(listener.getsockname()[1])
    path = Path(announce).expanduser() if announce else default_announce_path()
    _serve(
        listener,
        announce=path,
        db=":memory:" if db is None else str(db),
        host=host,
        allowed_hosts=(*allowed_hosts, *([host] if allow_external else [])),
        matrix=matrix,
        message=""
        if is_quiet
        else f"The desk is open: http://{host}:{taken_port}/board/ (announced in {path})",
    )


def _serve(
    listener: socket.socket,
    *,
    announce: Path,
    db: str = ":memory:",
    host: str = "127.0.0.1",
    allowed_hosts: tuple[str, ...] = (),
    matrix: EscalationMatrix | None = None,
    message: str = "",
) -> None:
    """Serve on a socket that already listens; announce once the first request can be answered."""
    import uvicorn

    from aiir_lab.desk.app import create_app

    app = create_app(db, matrix=matrix, allowed_hosts=allowed_hosts)
    content = announcement(app.state.desk.keys, host=host, port=int(listener.getsockname()[1]))

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            write_announcement(announce, content)
            if message:
                print(message, flush=True)

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            # here and not after run(): uvicorn passes the signal on, which ends the process
            _withdraw(announce)
            app.state.desk.is_closing = True  # lets the live pages' streams end
            await super().shutdown(sockets)

    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_GRACE_S,
    )
    try:
        Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        pass  # uvicorn has shut down in good order and only passes the signal on
    finally:
        listener.close()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's delay off only where the protocol is named: without it each answer waits 40 ms
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if sys.platform != "win32":  # there the option would let two desks share a port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(512)
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise AiirError(
            f"The desk cannot listen on {host}:{port}: {reason}. Take another port, or 0."
        ) from None
    return listener


def end_with_input() -> None:
    """Let this desk end when its standard input closes, which also happens when its parent is killed."""

    def wait() -> None:
        sys.stdin.buffer.read()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


def _withdraw(announce: Path) -> None:
    # a desk that was started later may have announced itself in the same place
    try:
        if read_announcement(announce).get("desk", {}).get("pid") == os.getpid():
            announce.unlink()
    except (AiirError, OSError):
        pass


class DeskProcess:
    """A desk in a process of its own, for a notebook, a class or a test. It ends with the one who started it.

    Parameters
    ----------
    announce : path
        Where it announces itself.
    db : path, optional
    port : int, default 0

    Examples
    --------
    >>> with DeskProcess(announce=tmp_path / "desk.json") as desk:  # doctest: +SKIP
    ...     desk.announcement["urls"]["board"]
    """

    def __init__(self, *, announce: str | Path, db: str | Path | None = None, port: int = 0) -> None:
        self.announce = Path(announce)
        self.db = db
        self.port = port
        self.announcement: dict[str, Any] = {}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> DeskProcess:
        """Start it and wait until it answers; raises AiirError if it does not come up."""
        self.announce.unlink(missing_ok=True)
        command = [
            sys.executable,
            "-m",
            "aiir_lab.desk",
            "--port",
            str(self.port),
            "--announce",
            str(self.announce),
            "--tied",
        ]
        if self.db is not None:
            command += ["--db", str(self.db)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        until = time.monotonic() + _START_LIMIT_S
        while not self.announce.exists():
            if self._process.poll() is not None or time.monotonic() > until:
                self._process.kill()
                _, said = self._process.communicate()
                raise AiirError(f"The desk did not start: {said.decode(errors='replace').strip()[-500:]}")
            time.sleep(0.01)
        self.announcement = read_announcement(self.announce)
        return self

    def stop(self) -> None:
        """End it in good order."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once, in the middle of whatever it does."""
        self._end(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)

    def _end(self, how: int) -> None:
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.communicate(timeout=_GRACE_S + 5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
        self._process = None

    def __enter__(self) -> DeskProcess:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
