"""Harm: how much worse the world went than the same world without the incident."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Harm:
    """What the incident cost, measured against the same world without it.

    Parameters
    ----------
    amount : float
        Excess loss over the whole run, in `unit`. Below zero where controls
        prevented more than the incident added.
    unit : str
        ``"usd"``, ``"wrongly suppressed listings"``, ``"harmful impressions"`` ...
    per_hour : Series of float64
        Excess loss of each hour, in `unit`; index ``hour_utc`` (start of the hour, UTC).

    Notes
    -----
    Both worlds are simulated with the same random numbers and no hand-written
    effect: ``loss(with incident, these controls) - loss(no incident, no controls)``.
    """

    amount: float
    unit: str
    per_hour: pd.Series[float]

    def __repr__(self) -> str:
        return f"Harm(amount={self.amount:,.2f}, unit={self.unit!r}, per_hour=<{len(self.per_hour)} hours>)"

    @property
    def cumulative(self) -> pd.Series[float]:
        """Harm so far at the end of each hour, in `unit`."""
        return self.per_hour.cumsum().rename("harm_so_far")


def measure_harm(loss: pd.Series[float], reference: pd.Series[float], unit: str) -> Harm:
    """Subtract the loss of the reference world, hour by hour.

    Parameters
    ----------
    loss, reference : Series of float64
        Loss per hour of the run and of the same world without incident; same index.
    unit : str
        Unit of both.

    Examples
    --------
    >>> hours = pd.date_range("2026-03-02", periods=2, freq="h", tz="UTC")
    >>> measure_harm(pd.Series([3.0, 5.0], hours), pd.Series([3.0, 1.0], hours), "usd").amount
    4.0
    """
    # Six decimals: the sums of many floats may differ in their last bit between machines.
    per_hour = (loss - reference).round(6).rename("harm")
    per_hour.index.name = "hour_utc"
    return Harm(amount=round(float(per_hour.sum()), 6), unit=unit, per_hour=per_hour)
