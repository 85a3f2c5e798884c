"""Run submissions on the instructor's Dask cluster; each worker process has a warm sandbox of its own.

What goes out are the cells and files of a submission; what comes back is the JSON text of what the cells
left. A worker never runs a line of it outside its sandbox, and the keys never leave the driver: it alone
judges and writes. Needs the extra ``cluster`` (``pip install 'aiir-lab[cluster]'``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from aiir_lab import __version__
from aiir_lab.grade.execute import CellRun, Execution, execute
from aiir_lab.grade.outputs import Budget, OutputList
from aiir_lab.grade.sandbox import Limits, SandboxError, shared_sandbox

RETRIES = 2
"""How often a submission is tried again where the worker's sandbox failed, not the submission."""

MAX_TEXT = 64 * 2**20


class Cluster:
    """A Dask cluster to run submissions on; safe to use from several threads.

    Parameters
    ----------
    address : str
        The scheduler, such as ``"tcp://10.0.0.1:8786"``.
    timeout_s : float, default 30
        How long it may take to answer.

    Raises
    ------
    SandboxError
        The extra is not installed, or nobody answers at the address.
    """

    is_isolated = True

    def __init__(self, address: str, *, timeout_s: float = 30.0) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise SandboxError(
                "Grading on a cluster needs one more package: pip install 'aiir-lab[cluster]'."
            ) from None
        try:
            self._client = Client(address, timeout=timeout_s, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise SandboxError(
                f"No Dask scheduler answers at {address!r}: {error or type(error).__name__}. Start one with "
                "`dask scheduler`, and `dask worker ADDRESS` on each machine."
            ) from None
        self._client.register_plugin(_plugin())

    @property
    def threads(self) -> int:
        """Submissions that the workers which are there now can run at the same time."""
        return sum(self._client.ncores().values())

    def execute(
        self,
        sources: Sequence[str],
        *,
        limits: Limits | None = None,
        files: Mapping[str, bytes] | None = None,
        env: Mapping[str, str] | None = None,
        hides_questions: bool = False,
        on_cell: Callable[[int, int], None] | None = None,
    ) -> Execution:
        """Run cells on some worker and wait for them; see :func:`aiir_lab.grade.execute.execute`.

        A worker that is lost is replaced by another one. ``on_cell`` is called once, at the end.

        Raises
        ------
        SandboxError
            The workers could not run it.
        """
        limits = limits or Limits()
        request = {
            "version": __version__,
            "sources": list(sources),
            "limits": limits.to_dict(),
            "files": dict(files or {}),
            "env": dict(env or {}),
            "hides_questions": hides_questions,
        }
        asked = self._client.submit(run_request, request, pure=False, retries=RETRIES)
        try:
            text = asked.result()
        except SandboxError:
            raise
        except Exception as error:  # whatever Dask raises: workers lost too often, the scheduler gone
            raise SandboxError(
                f"The cluster could not run it: {type(error).__name__}: {str(error)[:200]}"
            ) from None
        finally:
            asked.release()
        ran = read_execution(text, count=len(sources), limits=limits)
        if on_cell:
            on_cell(len(sources), len(sources))
        return ran

    def close(self) -> None:
        """Leave the cluster; it goes on without this driver."""
        self._client.close()

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def run_request(request: Mapping[str, Any]) -> str:
    """On a worker: run the cells in this process's sandbox; what they left, as JSON text."""
    if request["version"] != __version__:
        raise SandboxError(
            f"A worker has aiir-lab {__version__}, the driver {request['version']}. Install the same on both."
        )
    ran = execute(
        request["sources"],
        sandbox=shared_sandbox(),
        limits=Limits(**request["limits"]),
        files=request["files"],
        env=request["env"],
        hides_questions=request["hides_questions"],
    )
    return json.dumps(asdict(ran))


def read_execution(text: Any, *, count: int, limits: Limits) -> Execution:
    """What a worker sent: checked for its types and its size, outputs shaped and counted again.

    Raises
    ------
    SandboxError
        It is not what a worker sends.
    """
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        raise SandboxError("A worker sent something that is no result.")
    try:
        ran = TypeAdapter(Execution).validate_json(text)
    except (ValidationError, RecursionError):
        raise SandboxError("A worker sent a result of another form. Is it of the same version?") from None
    if len(ran.cells) != count:
        raise SandboxError(f"A worker sent the results of {len(ran.cells)} cells; {count} were asked for.")
    budget = Budget(limits)
    cells = tuple(_taken(run, budget) for run in ran.cells)
    return replace(ran, cells=cells, stopped=ran.stopped[:500])


def _taken(run: CellRun, budget: Budget) -> CellRun:
    kept: list[dict[str, Any]] = []
    outputs = OutputList(budget, kept)
    for output in run.outputs:
        outputs.add(output.get("output_type"), output)
    problem = "; ".join(filter(None, (run.problem[:500], outputs.problem)))
    return CellRun(kept, run.execution_count, run.seconds, problem)


def _plugin() -> Any:
    from distributed import WorkerPlugin

    class WarmSandbox(WorkerPlugin):
        """Warms the sandbox of a worker up when it joins, so that no submission waits for it."""

        name = "aiir-warm-sandbox"

        def setup(self, worker: Any) -> None:
            worker.loop.run_in_executor(None, shared_sandbox)

    return WarmSandbox()
