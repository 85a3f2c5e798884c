"""Run a notebook from top to bottom in a fresh kernel, as ``aiir check`` does."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiir_lab.grade.notebook import read_notebook


def run_notebook(
    path: Path, *, timeout_s: int = 120, on_cell: Callable[[int, int], None] | None = None
) -> dict[str, Any]:
    """Execute a copy of the notebook in memory; the file is not touched.

    Parameters
    ----------
    path : Path
        The notebook; its folder becomes the working folder.
    timeout_s : int, default 120
        Seconds that one cell may take.
    on_cell : callable, optional
        Called with (cells done, cells in all).

    Returns
    -------
    dict
        The executed notebook. A cell that raised carries its error as output; the cells after it ran.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    # read_notebook gives a clear error for a damaged file; nbformat joins the lines of each cell
    notebook = nbformat.reads(json.dumps(read_notebook(path)), as_version=4)  # type: ignore[no-untyped-call]
    total = sum(cell.get("cell_type") == "code" for cell in notebook.cells)
    done = 0

    def report(**_: Any) -> None:
        nonlocal done
        done += 1
        if on_cell:
            on_cell(done, total)

    client = NotebookClient(
        notebook,
        timeout=timeout_s,
        allow_errors=True,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_executed=report,
    )
    try:
        client.execute()
    except (CellTimeoutError, DeadKernelError) as error:
        # what ran until then still counts; the reason is kept where the learner looks for it
        reason = str(error).strip().split("\n")[0]
        notebook.metadata["aiir_stopped"] = reason
    return json.loads(nbformat.writes(notebook))  # type: ignore[no-untyped-call,no-any-return]
