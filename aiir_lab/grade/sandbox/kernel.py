"""The kernel of a submission: ipykernel's own application on sockets that it was given.

The client makes the five listening sockets and hands their descriptors over, so the sandbox needs no
folder that both sides can write to, and the client may connect before the kernel is there.
"""

from __future__ import annotations

import os
import random
import sys
import threading
from typing import Any

import ipykernel.debugger
import zmq
from ipykernel.control import ControlThread
from ipykernel.heartbeat import Heartbeat
from ipykernel.iostream import IOPubThread, OutStream
from ipykernel.kernelapp import IPKernelApp
from ipykernel.shellchannel import ShellChannelThread
from traitlets import Dict

# Starting a debugger took 0.7 s a kernel and wrote a warning to stderr; nobody debugs a submission here.
ipykernel.debugger._is_debugpy_available = False


class _Heartbeat(Heartbeat):
    """ipykernel's heartbeat on a socket that is listening already."""

    descriptor: int

    def _try_bind_socket(self) -> Any:
        self.socket.setsockopt(zmq.USE_FD, self.descriptor)
        return super()._try_bind_socket()


class Stream(OutStream):
    """ipykernel's stdout and stderr; a flush with nothing to send does not wait for the thread that sends.

    The kernel flushes both before and after each cell, and each time waited 1 ms or more.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._sending = threading.RLock()
        super().__init__(*arguments, **options)
        os.register_at_fork(after_in_child=self._renew)

    def _renew(self) -> None:
        # the thread that may have held it is not in the child
        self._sending = threading.RLock()

    def _flush(self) -> None:
        with self._sending:
            super()._flush()

    def flush(self) -> None:
        """Send what was written, and wait until it is sent."""
        # text that the other thread has taken is on its way once it lets go
        with self._sending, self._buffer_lock:
            is_empty = not any(buffer.tell() for buffer in self._buffers.values())
        if not is_empty:
            super().flush()


class SandboxKernelApp(IPKernelApp):
    """A kernel on sockets that were opened outside; without files, history or a debugger."""

    descriptors = Dict()
    outstream_class = f"{__name__}.Stream"

    def init_crash_handler(self) -> None:
        """Nobody would read a crash report."""

    def load_config_file(self, *_: Any, **__: Any) -> None:
        """No configuration of the machine's applies to a submission."""

    def init_connection_file(self) -> None:
        """The connection came with the request."""

    def write_connection_file(self, **_: Any) -> None:
        """There is no connection file, here or elsewhere."""

    def log_connection_info(self) -> None:
        """There is nobody to tell; but the kernel wants to know its ports."""
        self._ports = {name: getattr(self, f"{name}_port") for name in self.descriptors}

    def _adopt(self, name: str, kind: int) -> Any:
        assert self.context is not None
        adopted = self.context.socket(kind)
        adopted.linger = 1000
        adopted.setsockopt(zmq.USE_FD, self.descriptors[name])
        adopted.bind(f"ipc://{self.ip}-{getattr(self, f'{name}_port')}")
        return adopted

    def init_sockets(self) -> None:
        """Take the sockets over."""
        self.context = zmq.Context()
        self.shell_socket = self._adopt("shell", zmq.ROUTER)
        self.stdin_socket = self._adopt("stdin", zmq.ROUTER)
        self.shell_socket.router_handover = self.stdin_socket.router_handover = 1
        self.init_control(self.context)
        self.init_iopub(self.context)

    def init_control(self, context: Any) -> None:
        """Take the control socket over; the debugger's two sockets stay unconnected."""
        self.control_socket = self._adopt("control", zmq.ROUTER)
        self.control_socket.router_handover = 1
        self.debugpy_socket = context.socket(zmq.STREAM)
        self.debug_shell_socket = context.socket(zmq.DEALER)
        self.control_thread = ControlThread(daemon=True)
        self.shell_channel_thread = ShellChannelThread(context, daemon=True)

    def init_iopub(self, context: Any) -> None:
        """Take the output socket over; output of processes that a cell starts is not collected."""
        iopub = self._adopt("iopub", zmq.XPUB)
        self.configure_tornado_logger()
        self.iopub_thread = IOPubThread(iopub, pipe=False, session=self.session)
        self.iopub_thread.start()
        self.iopub_socket = self.iopub_thread.background_socket

    def init_heartbeat(self) -> None:
        """Clients of Jupyter's own kind ask for a heartbeat."""
        self.heartbeat = _Heartbeat(zmq.Context(), (self.transport, self.ip, self.hb_port))
        self.heartbeat.descriptor = self.descriptors["hb"]
        self.heartbeat.start()

    def init_extensions(self) -> None:
        """No extensions: each costs time, and lessons use none."""


def run_kernel(request: dict[str, Any], descriptors: dict[str, int], *, working_folder: str) -> None:
    """Serve one client until it is done; does not return."""
    os.chdir(working_folder)
    sys.path[:] = ["", *(entry for entry in sys.path if entry)]
    sys.argv = ["ipykernel_launcher.py"]
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    app = SandboxKernelApp.instance(
        descriptors=descriptors,
        transport="ipc",
        ip=request["ip"],
        parent_handle=0,
        log_level="CRITICAL",
        **{f"{name}_port": number for number, name in enumerate(descriptors, start=1)},
    )
    app.session.key = request["key"].encode()
    app.initialize([])
    # a pause before each cell, so that a front end hears that the kernel is busy first; nobody watches here
    app.kernel._execute_sleep = 0
    app.start()
