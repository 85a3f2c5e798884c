"""Run the same world again with controls that were not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from aiir_lab.records.errors import AiirError
from aiir_lab.simulate.controls import read_controls
from aiir_lab.simulate.run import Run


def replay(run: Run, *, controls: Iterable[str] | Mapping[str, object] = (), at: object = None) -> Run:
    """Play a run again, same world and same randomness, with more controls.

    Parameters
    ----------
    run : Run
        What to replay. Controls it has already stay.
    controls : list of str, or mapping of str to datetime
        Controls to add; a mapping gives each its own UTC start.
    at : datetime or str, default None
        UTC time from which they are in place. None: from the start. Before `at`,
        nothing differs; after the end, nothing differs at all.

    Returns
    -------
    Run
        A new run; the one passed in is not changed.

    Raises
    ------
    NotFoundError
        When the world knows no such control.
    AiirError
        When `run` is no Run, or a time has no timezone.

    Examples
    --------
    >>> from aiir_lab.simulate import simulate
    >>> run = simulate("fraud_poisoning", seed=7)
    >>> replay(run, controls=["provenance_gate"]).harm.amount < run.harm.amount
    True
    """
    if not isinstance(run, Run):
        raise AiirError(
            f"replay() got {type(run).__name__}. Expected a Run: run = simulate('fraud_poisoning')."
        )
    asked = read_controls(controls, run.controls, at=at)
    return Run(run._world, run._stage, run._plan.extended(asked), incident=run._incident)
