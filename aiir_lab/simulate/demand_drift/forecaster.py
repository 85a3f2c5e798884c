"""The forecaster: for each product group a ridge regression on calendar and lagged sales."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aiir_lab.simulate.demand_drift.market import GROUPS, REGIONS, Market
from aiir_lab.simulate.fitting import fingerprint, in_one_thread, remember
from aiir_lab.simulate.world import Stage

LAG_DAYS, LAG_DELAY = 28, 2  # yesterday's till data come too late for the order
HALF_LIFE_DAYS = 14.0  # of a day's weight, for models that learn from recent days
FEATURES = 7 * len(REGIONS) + 3  # weekday by region; promotion, level at training, lagged level


@dataclass(frozen=True)
class Forecaster:
    """One version: coefficients by product group, and the level of each series when it was trained."""

    coef: NDArray[np.float64]  # (groups, FEATURES)
    level: NDArray[np.float64]  # (series,)
    first_day: int
    last_day: int


def fit(
    stage: Stage, market: Market, sold: NDArray[np.float64], first: int, last: int, *, recent: bool = False
) -> Forecaster:
    """Train on the days from `first` to before `last`: on sales, since tills do not know who left.

    `recent` lets newer days weigh more.
    """
    used = sold[first - LAG_DAYS - LAG_DELAY : last]
    return remember(
        stage,
        ("forecaster", first, last, recent, fingerprint(used)),
        lambda: in_one_thread(lambda: _fit(market, sold, first, last, recent=recent)),
    )


def _fit(market: Market, sold: NDArray[np.float64], first: int, last: int, *, recent: bool) -> Forecaster:
    from sklearn.linear_model import Ridge

    age = last - np.arange(first, last)
    weight = 0.5 ** (age / HALF_LIFE_DAYS) if recent else np.ones(len(age))
    level = np.log1p(np.average(sold[first:last], axis=0, weights=weight))
    x = np.stack([_features(market, sold, level, day) for day in range(first, last)])
    y = np.log1p(sold[first:last])
    coef = np.zeros((len(GROUPS), FEATURES))
    for group in range(len(GROUPS)):
        mine = market.group == group
        mine_x, mine_y = x[:, mine].reshape(-1, FEATURES), y[:, mine].ravel()
        weights = np.repeat(weight, int(mine.sum()))
        ridge = Ridge(alpha=0.3, fit_intercept=False).fit(mine_x, mine_y, sample_weight=weights)
        coef[group] = ridge.coef_
        # The exponential of a mean is less than the mean of exponentials (Duan's smearing).
        off = np.exp(mine_y - ridge.predict(mine_x))
        coef[group, : 7 * len(REGIONS)] += np.log(np.average(off, weights=weights))
    return Forecaster(coef, level, first, last)


def _features(
    market: Market, sold: NDArray[np.float64], level: NDArray[np.float64], day: int
) -> NDArray[np.float64]:
    x = np.zeros((len(level), FEATURES))
    x[np.arange(len(level)), market.region * 7 + day % 7] = 1.0
    x[:, -3] = market.is_promotion[day]
    x[:, -2] = level
    x[:, -1] = np.log1p(sold[day - LAG_DELAY - LAG_DAYS + 1 : day - LAG_DELAY + 1].mean(axis=0))
    return x


def predict(version: Forecaster, market: Market, sold: NDArray[np.float64], day: int) -> NDArray[np.float64]:
    """Forecast one day for every series, in units, from the sales known two days before."""
    x = _features(market, sold, version.level, day)
    units: NDArray[np.float64] = np.expm1((version.coef[market.group] * x).sum(axis=1))
    # One decimal: what planners see, and equal on every machine.
    return np.asarray(np.round(np.clip(units, 0.0, 5_000.0), 1), dtype=np.float64)
