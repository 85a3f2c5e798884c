"""Run the cells of a submission in a confined kernel: a lean client on Jupyter's protocol.

It waits for messages and for nothing else: the sockets are there before the kernel is, the kernel greets
whoever subscribes, and at the end it is killed, since nothing of it is kept. Output is counted while it
arrives; what is over the limits never reaches the notebook.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiir_lab.grade.outputs import Budget, OutputList
from aiir_lab.grade.sandbox import Limits, Sandbox, SandboxError, SandboxKernel

BOOT_S = 60.0
"""How long a kernel may take to greet; on a machine under load a fork can wait."""

_GRACE_S = 5.0
"""How long an interrupted cell may take to stop; a machine under load needs more than a moment."""

_LAST_WORDS_S = 0.5
"""How long its end is waited for, to know what it has used."""

_IDLE_S = 1.0
"""How long the end of a cell may follow its reply."""


@dataclass
class CellRun:
    """What one cell left: its outputs as a notebook stores them, its number, and what went wrong."""

    outputs: list[dict[str, Any]] = field(default_factory=list)
    execution_count: int | None = None
    seconds: float = 0.0
    problem: str = ""


@dataclass(frozen=True)
class Execution:
    """How a notebook ran.

    ``stopped`` says why the kernel ended before the last cell; the cells from there on have no outputs.
    """

    cells: tuple[CellRun, ...]
    stopped: str
    seconds: float
    boot_s: float
    cpu_s: float = 0.0


def execute(
    sources: Sequence[str],
    *,
    sandbox: Sandbox,
    limits: Limits | None = None,
    files: Mapping[str, bytes] | None = None,
    env: Mapping[str, str] | None = None,
    hides_questions: bool = False,
    on_cell: Callable[[int, int], None] | None = None,
) -> Execution:
    """Run cells in order in one fresh kernel, which ends afterwards.

    Parameters
    ----------
    sources : sequence of str
        The code cells. A cell that raises does not stop the ones after it.
    sandbox : Sandbox
        Where the kernel comes from.
    limits : Limits, optional
        What the kernel may use.
    files, env : mapping, optional
        Working folder and additions to the environment, see :meth:`Sandbox.launch`.
    hides_questions : bool, default False
        Show no criteria inside; ``lab.check`` then only takes answers down.
    on_cell : callable, optional
        Called with (cells done, cells in all).

    Raises
    ------
    SandboxError
        No kernel could be had. Whatever the cells do, they raise nothing here.
    """
    limits = limits or Limits()
    begin = time.perf_counter()
    kernel = sandbox.launch(limits=limits, files=files, env=env, hides_questions=hides_questions)
    runs = [CellRun() for _ in sources]
    stopped, boot_s = "", 0.0
    try:
        client = _Client(kernel, limits)
        try:
            client.wait_for_greeting()
            boot_s = time.perf_counter() - begin
            for number, (source, run) in enumerate(zip(sources, runs, strict=True), start=1):
                client.run(source, run)
                if on_cell:
                    on_cell(number, len(runs))
        except _Stopped as end:
            stopped = str(end)
        finally:
            client.close()
    finally:
        kernel.kill()
        kernel.wait(_LAST_WORDS_S)
        kernel.close()
    return Execution(tuple(runs), stopped, time.perf_counter() - begin, boot_s, kernel.cpu_s)


class _Stopped(Exception):
    """The kernel is gone or was ended; no more cells can run."""


class _Client:
    def __init__(self, kernel: SandboxKernel, limits: Limits) -> None:
        import zmq
        from jupyter_client.session import Session

        self._zmq = zmq
        self._kernel, self._limits = kernel, limits
        self._budget = Budget(limits)
        address = kernel.connection
        self._session = Session(key=address["key"].encode(), signature_scheme=address["signature_scheme"])
        self._shell = self._connect(zmq.DEALER, "shell")
        self._poller = zmq.Poller()
        for source in (self._shell, kernel.fileno()):
            self._poller.register(source, zmq.POLLIN)
        self._iopub: Any = None
        self._subscribe()

    def _subscribe(self) -> None:
        if self._iopub is not None:
            self._poller.unregister(self._iopub)
            self._iopub.close()
        self._iopub = self._connect(self._zmq.SUB, "iopub")
        self._iopub.setsockopt(self._zmq.SUBSCRIBE, b"")
        self._poller.register(self._iopub, self._zmq.POLLIN)

    def _connect(self, kind: int, name: str) -> Any:
        opened: Any = self._zmq.Context.instance().socket(kind)
        opened.linger = 0
        # a larger message is never received, and few wait here: memory of this process is not the kernel's
        opened.setsockopt(self._zmq.MAXMSGSIZE, self._limits.message_bytes)
        opened.setsockopt(self._zmq.RCVHWM, 20)
        connection = self._kernel.connection
        opened.connect(f"ipc://{connection['ip']}-{connection[f'{name}_port']}")
        return opened

    def close(self) -> None:
        self._shell.close()
        self._iopub.close()

    def wait_for_greeting(self) -> None:
        deadline = time.monotonic() + BOOT_S
        while True:
            if time.monotonic() > deadline:
                raise SandboxError(
                    f"A kernel did not start within {BOOT_S:g} s. The machine may be overloaded."
                )
            for _, message in self._receive(deadline):
                if message["header"].get("msg_type") == "iopub_welcome":
                    return

    def run(self, source: str, run: CellRun) -> None:
        """Run one cell to its end, or to its limit."""
        request = self._session.msg(
            "execute_request",
            {
                "code": source,
                "silent": False,
                "store_history": True,
                "user_expressions": {},
                "allow_stdin": False,
                "stop_on_error": False,
            },
        )
        begin = time.monotonic()
        self._session.send(self._shell, request)
        outputs = OutputList(self._budget, run.outputs)
        try:
            self._follow(request["header"]["msg_id"], run, outputs, begin + self._limits.cell_s)
        finally:
            run.seconds = time.monotonic() - begin
            run.problem = "; ".join(filter(None, (run.problem, outputs.problem)))

    def _follow(self, asked: str, run: CellRun, outputs: OutputList, deadline: float) -> None:
        is_replied = is_idle = is_interrupted = False
        while not (is_replied and is_idle):
            if time.monotonic() > deadline:
                if is_replied:
                    # ZeroMQ gave the connection up at a message over the limit, the note of the end with it
                    run.problem = (
                        f"output was lost: more than {self._limits.message_bytes // 2**20} MiB at once"
                    )
                    self._subscribe()
                    self.wait_for_greeting()
                    return
                if is_interrupted:
                    self._kernel.kill()
                    raise _Stopped("a cell did not stop when it was interrupted")
                run.problem = f"interrupted after {self._limits.cell_s:g} s"
                self._kernel.interrupt()
                is_interrupted, deadline = True, time.monotonic() + _GRACE_S
            for channel, message in self._receive(deadline):
                if message["parent_header"].get("msg_id") != asked:
                    continue
                kind, content = message["header"].get("msg_type"), message["content"]
                if channel is self._shell and kind == "execute_reply":
                    is_replied, deadline = True, time.monotonic() + _IDLE_S
                    count = content.get("execution_count")
                    run.execution_count = count if type(count) is int else None
                elif channel is self._iopub and kind == "status":
                    is_idle = content.get("execution_state") == "idle" or is_idle
                elif channel is self._iopub:
                    outputs.add(kind, content)

    def _receive(self, deadline: float) -> list[tuple[Any, dict[str, Any]]]:
        wait_ms = max(0, int((deadline - time.monotonic()) * 1000) + 1)
        found = dict(self._poller.poll(wait_ms))
        received = []
        for channel in (self._iopub, self._shell):
            if channel in found:
                frames = channel.recv_multipart()
                if not self._budget.receive(sum(len(frame) for frame in frames)):
                    self._kernel.kill()
                    raise _Stopped(f"more than {self._limits.flood_bytes // 2**20} MiB of output")
                # a message that is not signed, not JSON or nested beyond measure is none
                with suppress(ValueError, KeyError, TypeError, RecursionError, AttributeError, IndexError):
                    _, parts = self._session.feed_identities(frames)
                    message = self._session.deserialize(parts)
                    if all(type(message[part]) is dict for part in ("header", "parent_header", "content")):
                        received.append((channel, message))
        if self._kernel.fileno() in found and not received and self._kernel.poll() is not None:
            raise _Stopped(
                self._kernel.reason or f"the kernel ended itself (exit code {self._kernel.poll()})"
            )
        return received
