"""A Jupyter kernel provisioner: any client that starts kernels by kernelspec gets a confined one.

nbgrader, papermill, nbclient and JupyterLab need no change: they name the kernelspec that
:func:`write_kernelspec` makes, or find it under the name ``python3``. The working folder is copied in,
without notebooks, links and whatever else is refused by :func:`gather_files`; nothing is copied out.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner
from traitlets import Dict

from aiir_lab.grade.sandbox.files import gather_files
from aiir_lab.grade.sandbox.host import ADDRESS_VARIABLE, SandboxKernel, launch_at, shared_sandbox
from aiir_lab.grade.sandbox.limits import Limits

PROVISIONER = "aiir-sandbox"


class _Process:
    """A kernel in the sandbox, seen as the process that Jupyter expects."""

    stdin = stdout = stderr = None

    def __init__(self, kernel: SandboxKernel) -> None:
        self.kernel = kernel
        self.pid = 0  # it has none in this namespace

    def poll(self) -> int | None:
        return self.kernel.poll()

    def wait(self) -> int | None:
        code = self.kernel.wait()
        self.kernel.close()
        return code

    def send_signal(self, number: int) -> None:
        # the kernel is the first process of its namespace, which only SIGINT and the end concern
        if number == signal.SIGINT:
            self.kernel.interrupt()
        elif number != 0:
            self.kernel.kill()

    def kill(self) -> None:
        self.kernel.kill()

    terminate = kill


class SandboxProvisioner(LocalProvisioner):
    """Starts a kernel in this process's warm sandbox, or in the one that ``AIIR_SANDBOX`` names."""

    limits = Dict(help="Settings of Limits that differ from the defaults.").tag(config=True)

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Make the kernel listen on socket files, which cross into its network namespace."""
        manager = self.parent
        if manager is not None and manager.transport != "ipc":
            manager.transport = "ipc"
            manager.cache_ports = False
            manager.ip = await asyncio.to_thread(_new_base)
            for port, name in enumerate(("shell", "iopub", "stdin", "hb", "control"), start=1):
                setattr(manager, f"{name}_port", port)
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Ask the warm process for a kernel; it may be connected to at once."""
        self.cwd = kwargs.get("cwd") or str(Path.cwd())
        key = self.connection_info["key"]
        kernel = await asyncio.to_thread(
            _launch,
            folder=Path(self.cwd),
            limits=Limits(**self.limits),
            env={name: kwargs.get("env", {})[name] for name in _PASSED if name in kwargs.get("env", {})},
            base=str(self.connection_info["ip"]),
            key=key.decode() if isinstance(key, bytes) else str(key),
        )
        self.process = _Process(kernel)  # type: ignore[assignment]
        self.pid, self.pgid = 0, None
        return self.connection_info

    async def wait(self) -> int | None:
        """Wait for the end, without the tenth of a second between two looks of the stock provisioner."""
        process: Any = self.process
        if process is None:
            return 0
        code: int | None = await asyncio.to_thread(process.wait)
        self.process = None
        return code

    async def send_signal(self, signum: int) -> None:
        """Interrupt the kernel, or end it."""
        process: Any = self.process
        if process is not None:
            process.send_signal(signum)


# What nbgrader tells the kernel about the pass it is in; nothing else of the environment goes in.
_PASSED = ("NBGRADER_EXECUTION", "PLOTLY_RENDERER")


def _new_base() -> str:
    from tempfile import mkdtemp

    return f"{mkdtemp(prefix='aiir-k', dir='/tmp')}/k"


def _launch(*, folder: Path, limits: Limits, env: dict[str, str], base: str, key: str) -> SandboxKernel:
    shared = os.environ.get(ADDRESS_VARIABLE)
    address = Path(shared) if shared else shared_sandbox().address
    Path(base).parent.mkdir(mode=0o700, exist_ok=True)
    return launch_at(
        address,
        limits=limits,
        files=gather_files(folder)[0],
        env=env,
        hides_questions=False,
        socket_base=base,
        key=key,
    )


def write_kernelspec(folder: Path, *, name: str = PROVISIONER, limits: dict[str, Any] | None = None) -> Path:
    """Write a kernelspec that runs every kernel in the sandbox.

    Parameters
    ----------
    folder : Path
        A Jupyter data folder; put it on ``JUPYTER_PATH``.
    name : str, default "aiir-sandbox"
        Its name. nbgrader sets the kernel of a notebook back to that of its release, so for nbgrader
        use ``"python3"``.
    limits : dict, optional
        Settings of :class:`Limits` that differ from the defaults.

    Returns
    -------
    Path
        The file that was written.
    """
    spec = {
        "argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Python 3 (confined)",
        "language": "python",
        "metadata": {
            "kernel_provisioner": {"provisioner_name": PROVISIONER, "config": {"limits": limits or {}}}
        },
    }
    target = folder / "kernels" / name / "kernel.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(spec, indent=1) + "\n", encoding="utf-8")
    return target
