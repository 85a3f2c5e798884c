"""The words between a client and the warm process: JSON, plain bytes and descriptors. No pickle.

A client sends one request with the five listening sockets of its kernel, then the files of the working
folder. After that either side sends lines of JSON: the client ``interrupt`` and ``kill``, the supervisor
how the kernel ended.
"""

from __future__ import annotations

import json
import socket
import struct
from typing import Any

CHANNELS = ("shell", "iopub", "stdin", "hb", "control")
_HEADER = struct.Struct("!I")
MAX_REQUEST = 2**20
MAX_FILES, MAX_FILE_BYTES = 200, 32 * 2**20


def send_request(
    connection: socket.socket, request: dict[str, Any], files: dict[str, bytes], descriptors: list[int]
) -> None:
    """Send a request, the files of the working folder and the descriptors of the kernel's sockets."""
    request = request | {"files": [[name, len(content)] for name, content in files.items()]}
    body = json.dumps(request).encode()
    socket.send_fds(connection, [_HEADER.pack(len(body))], descriptors)
    connection.sendall(body)
    for content in files.values():
        connection.sendall(content)


def receive_request(connection: socket.socket) -> tuple[dict[str, Any], dict[str, bytes], list[int]]:
    """Receive what :func:`send_request` sent."""
    header, descriptors, _, _ = socket.recv_fds(connection, _HEADER.size, len(CHANNELS))
    header += _receive(connection, _HEADER.size - len(header))
    (size,) = _HEADER.unpack(header)
    if size > MAX_REQUEST:
        raise ValueError(f"request of {size} bytes")
    request = json.loads(_receive(connection, size))
    files = {name: _receive(connection, length) for name, length in request.pop("files")}
    return request, files, descriptors


def _receive(connection: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = connection.recv(min(size - len(parts), 2**20))
        if not part:
            raise EOFError("the client closed the connection")
        parts += part
    return bytes(parts)
