"""Measure what the actions of a plan would have changed: the same world, again, with their controls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from aiir_lab.simulate import Run


@dataclass(frozen=True)
class PlanEffect:
    """What a plan's controls do in one run; amounts are harm to the end of the run, in ``unit``.

    Parameters
    ----------
    unit : str
    before, after : float
        Harm without the plan, and with all of its controls in place from the start.
    by_control : DataFrame
        Index ``control`` (str); ``avoided_alone`` (float64: this control and no other),
        ``avoided_last`` (float64: what is lost when only this one is left out of the plan).
    costs : DataFrame
        ``control``, ``what``, ``unit`` (str), ``amount`` (float64: measured with the whole plan),
        ``avoided_per_unit`` (float64: ``avoided_alone`` of the control per unit of this cost; NaN for 0).
    """

    unit: str
    before: float
    after: float
    by_control: pd.DataFrame
    costs: pd.DataFrame

    def of(self, control: str) -> tuple[float, float]:
        """What one control avoids alone, and what is lost when only it is left out."""
        alone, last = self.by_control["avoided_alone"][control], self.by_control["avoided_last"][control]
        return float(alone), float(last)

    @property
    def avoided(self) -> float:
        """Harm that the whole plan avoids."""
        return self.before - self.after

    @property
    def avoided_share(self) -> float:
        """The same as a share of the harm before; 0 where there was none."""
        return self.avoided / self.before if self.before else 0.0


def measure_plan(run: Run, controls: Sequence[str]) -> PlanEffect:
    """Replay a run with each control alone, with all of them, and with all but each.

    Parameters
    ----------
    run : Run
        The run in which the incident happened.
    controls : sequence of str
        Names from ``run.controls``, each once.

    Raises
    ------
    NotFoundError
        This world has no such control.

    Examples
    --------
    >>> from aiir_lab.simulate import simulate
    >>> run = simulate("fraud_poisoning", seed=7, size="sample")
    >>> effect = measure_plan(run, ["provenance_gate"])
    >>> effect.avoided == effect.by_control.loc["provenance_gate", "avoided_alone"]
    True
    """
    import pandas as pd

    from aiir_lab.simulate import replay

    names = list(controls)
    whole = replay(run, controls=names)
    before, after = run.harm.amount, whole.harm.amount
    rows = []
    for name in names:
        others = [other for other in names if other != name]
        alone = replay(run, controls=[name]).harm.amount
        without = replay(run, controls=others).harm.amount
        rows.append((name, before - alone, without - after))
    by_control = pd.DataFrame(rows, columns=["control", "avoided_alone", "avoided_last"]).set_index("control")
    costs = whole.costs
    costs = costs[costs["control"].isin(names)].reset_index(drop=True)
    avoided = costs["control"].map(by_control["avoided_alone"]).astype(float)
    costs["avoided_per_unit"] = avoided / costs["amount"].where(costs["amount"] > 0)
    return PlanEffect(run.harm.unit, before, after, by_control, costs)
