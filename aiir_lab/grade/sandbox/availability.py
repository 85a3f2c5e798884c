"""Whether this machine can isolate a kernel, found by trying it, and what to do where it cannot."""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from aiir_lab.grade.sandbox.host import SandboxError, isolated_command
from aiir_lab.grade.sandbox.mounts import WRITABLE, shown

_TRIAL = (
    "from aiir_lab.grade.sandbox.confine import leave_namespaces, confine\n"
    "from aiir_lab.grade.sandbox.limits import Limits\n"
    "import os\n"
    "leave_namespaces()\n"
    "child = os.fork()\n"
    "if child == 0:\n"
    "    confine(Limits().to_dict(), hides_questions=True)\n"
    "    os._exit(0)\n"
    "raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
)


@cache
def why_unavailable() -> str:
    """Why kernels cannot be isolated here, and the remedy; empty where they can."""
    if not sys.platform.startswith("linux"):
        return (
            f"Isolation needs Linux; this is {sys.platform}. Grade in a Linux machine, a virtual one or WSL 2"
        )
    if shutil.which("bwrap") is None:
        return (
            "bubblewrap is not installed: apt install bubblewrap (Debian, Ubuntu), "
            "dnf install bubblewrap (Fedora), pacman -S bubblewrap (Arch)"
        )
    own = [path for path in shown() if any(path.is_relative_to(place) for place in WRITABLE)]
    if own:
        return (
            f"the course lies in {own[0]}, and every kernel has a {WRITABLE[0]} of its own in front of that. "
            "Install it in another folder, such as one in your home"
        )
    with TemporaryDirectory(prefix="aiir-", dir="/tmp") as private:
        command = isolated_command([sys.executable, "-I", "-c", _TRIAL], private=Path(private))
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd="/")
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"bubblewrap could not be tried: {error}"
    if done.returncode == 0:
        return ""
    lines = done.stderr.strip().splitlines()
    return (
        f"user namespaces cannot be used here ({lines[-1] if lines else 'no reason given'}). On Ubuntu allow "
        "them for bubblewrap with an AppArmor profile, or "
        "sysctl kernel.apparmor_restrict_unprivileged_userns=0; "
        "in a container start it with --security-opt seccomp=unconfined --security-opt apparmor=unconfined "
        "--security-opt systempaths=unconfined (as root also --cap-add SYS_ADMIN)"
    )


def require_isolation() -> None:
    """Raise where kernels cannot be isolated.

    Raises
    ------
    SandboxError
        With the reason and the remedy.
    """
    reason = why_unavailable()
    if reason:
        raise SandboxError(
            f"Submissions cannot be isolated on this machine: {reason}. "
            "Nothing was run. To grade without any protection from what students hand in, use --no-sandbox."
        )
