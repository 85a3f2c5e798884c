"""What a submission may use, and where each limit is enforced."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

MIB = 2**20


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The limits on one submission: on its kernel, and on the judging of its answers.

    Parameters
    ----------
    cell_s : float, default 30
        Seconds that one cell may take; then it is interrupted.
    wall_s : float, default 300
        Seconds from the start of the kernel to its end, whatever it does. Enforced by the kernel's
        supervisor, so also where the client is gone.
    cpu_s : int, default 300
        Seconds of CPU per process (``RLIMIT_CPU``).
    address_mib : int, default 4096
        Address space per process. A kernel with the course's libraries maps about 1.1 GiB.
    memory_mib : int, default 1536
        Memory of all processes of the kernel together, beyond what the warm process had. Looked at four
        times a second.
    processes : int, default 64
        Processes and threads together (``RLIMIT_NPROC``); a kernel has about ten threads.
    file_mib : int, default 64
        Size of one file.
    disk_mib : int, default 64
        Size of each of the three writable places: ``/tmp``, ``/dev/shm`` and the home folder.
    open_files : int, default 256
        Open files per process.
    cell_output_bytes, output_bytes : int
        Output kept per cell and in all; what comes after is counted and dropped.
    cell_outputs : int, default 500
        Outputs kept per cell.
    flood_bytes : int
        Output in all after which the kernel is ended.
    message_bytes : int
        Size of one message; a larger one is never received.
    judge_s : float, default 60
        Seconds of CPU that judging one answer may take, and three times as many of wall time; then the
        answer scores 0. Right answers take up to 10 s where nothing was computed yet.
    judge_mib : int, default 4096
        Address space of the process that judges.
    """

    cell_s: float = 30.0
    wall_s: float = 300.0
    cpu_s: int = 300
    address_mib: int = 4096
    memory_mib: int = 1536
    processes: int = 64
    file_mib: int = 64
    disk_mib: int = 64
    open_files: int = 256
    cell_output_bytes: int = 4 * MIB
    output_bytes: int = 16 * MIB
    cell_outputs: int = 500
    flood_bytes: int = 64 * MIB
    message_bytes: int = 8 * MIB
    judge_s: float = 60.0
    judge_mib: int = 4096

    def to_dict(self) -> dict[str, Any]:
        """As plain data, for the request to the warm process."""
        return asdict(self)
