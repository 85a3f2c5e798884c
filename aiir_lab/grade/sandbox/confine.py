"""In the forked child: namespaces of its own, mounts, limits, and no way back."""

from __future__ import annotations

import ctypes
import fcntl
import os
import resource
import signal
import socket
import struct
from pathlib import Path
from typing import Any

from aiir_lab.grade.sandbox.limits import MIB
from aiir_lab.grade.sandbox.mounts import HOME, QUESTIONS

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 0x1, 0x2, 0x4, 0x8, 0x20
MS_REC, MS_PRIVATE = 0x4000, 0x40000
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 1, 24, 38, 47
_CAPABILITY_VERSION_3 = 0x20080522
_LAST_CAPABILITY = 63

_SIOCSIFFLAGS, _IFF_UP_RUNNING = 0x8914, 0x1 | 0x40

_libc = ctypes.CDLL(None, use_errno=True)


class ConfineError(OSError):
    """A step of the confinement failed; the kernel does not start."""


def leave_namespaces() -> None:
    """Enter new namespaces: user, process (for children), IPC, host name and network."""
    uid, gid = os.getuid(), os.getgid()
    flags = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET
    _call("unshare", _libc.unshare(flags))
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        # a loopback of its own: the ops desk of a lesson works, and reaches nobody
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", _IFF_UP_RUNNING))


def confine(limits: dict[str, Any], *, hides_questions: bool) -> None:
    """Give this process (the first of its process namespace) its own places, and take its rights away."""
    # only here: the supervisor keeps seeing the process files of all that it has to look at
    _call("unshare(mount)", _libc.unshare(CLONE_NEWNS))
    _mount(None, "/", None, MS_REC | MS_PRIVATE)
    _mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    own = f"size={limits['disk_mib'] * MIB},nr_inodes=4096,mode=700,uid={os.getuid()},gid={os.getgid()}"
    for place in ("/tmp", "/dev/shm", HOME):
        _mount("tmpfs", place, "tmpfs", MS_NOSUID | MS_NODEV, own)
    if hides_questions:
        _mount("tmpfs", str(QUESTIONS), "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=4096")
    Path("/proc/sys/user/max_user_namespaces").write_text("0")
    limit_resources(limits)
    _drop_rights()


def limit_resources(limits: dict[str, Any]) -> None:
    """Set the process limits; a limit of the machine that is lower stays."""
    bounds = {
        resource.RLIMIT_AS: limits["address_mib"] * MIB,
        resource.RLIMIT_CPU: limits["cpu_s"],
        resource.RLIMIT_NPROC: limits["processes"],
        resource.RLIMIT_FSIZE: limits["file_mib"] * MIB,
        resource.RLIMIT_NOFILE: limits["open_files"],
        resource.RLIMIT_CORE: 0,
    }
    for kind, wanted in bounds.items():
        _, highest = resource.getrlimit(kind)
        bound = wanted if highest == resource.RLIM_INFINITY else min(wanted, highest)
        resource.setrlimit(kind, (bound, bound))


def _drop_rights() -> None:
    for capability in range(_LAST_CAPABILITY + 1):
        # past the last capability that this Linux knows the call fails, and that is all
        _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _call("capset", _libc.capset(header, nothing))
    _call("no_new_privs", _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    _call("parent death signal", _libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0))


def _mount(source: str | None, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    def encoded(text: str | None) -> bytes | None:
        return None if text is None else os.fsencode(text)

    result = _libc.mount(
        encoded(source), encoded(target), encoded(kind), ctypes.c_ulong(flags), encoded(data)
    )
    _call(f"mount {kind or 'private'} on {target}", result)


def _call(what: str, result: int) -> None:
    if result != 0:
        error = ctypes.get_errno()
        raise ConfineError(error, f"{what}: {os.strerror(error)}")
