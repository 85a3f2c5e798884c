"""The warm process: loads the libraries once, then forks a kernel per request. Runs inside the sandbox.

``python -m aiir_lab.grade.sandbox.zygote LISTENER LIFELINE READY ISOLATED``: three descriptors that were
inherited, and whether children get namespaces of their own. It ends when the other side of LIFELINE does.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys
import time

from aiir_lab.grade.sandbox.supervise import supervise
from aiir_lab.grade.sandbox.warmup import count_threads, warm_up

WARM_UP_S = 180


def main(arguments: list[str]) -> None:
    """Warm up, say so, serve."""
    listener_fd, lifeline, ready, isolated = map(int, arguments)
    signal.alarm(WARM_UP_S)  # a warm-up that hangs must not outlive its owner
    start = time.monotonic()
    warm_up()
    threads = count_threads()
    said = {"seconds": round(time.monotonic() - start, 3), "threads": threads}
    os.write(ready, json.dumps(said).encode() + b"\n")
    os.close(ready)
    if threads != 1:
        raise SystemExit(f"{threads} threads are running after the warm-up; a fork would copy only one")
    signal.alarm(0)
    serve(socket.socket(fileno=listener_fd), lifeline, is_isolated=bool(isolated))


def serve(listener: socket.socket, lifeline: int, *, is_isolated: bool) -> None:
    """Fork a supervisor per connection, until the owner is gone."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are reaped by the system
    waiting = select.poll()
    waiting.register(listener, select.POLLIN)
    waiting.register(lifeline, select.POLLIN | select.POLLHUP)
    while True:
        found = {descriptor for descriptor, _ in waiting.poll()}
        if lifeline in found:
            os._exit(0)
        connection, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            os.close(lifeline)
            supervise(connection, is_isolated=is_isolated)
            os._exit(0)
        connection.close()


if __name__ == "__main__":
    main(sys.argv[1:])
