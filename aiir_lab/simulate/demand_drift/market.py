"""The outside world of the retailer: stores, what people want each day, and the shift."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aiir_lab.simulate.randomness import draw_stream
from aiir_lab.simulate.world import Setting, Stage

HISTORY, RUN = 112, 56  # days
DAYS = HISTORY + RUN
REGIONS = ("coast", "hills", "lakes", "plain", "valley")
GROUPS = ("bread", "cakes", "cut_fruit", "ready_meals", "salads", "sandwiches")
CELLS = len(REGIONS) * len(GROUPS)
ROWS_PER_STORE = DAYS * len(GROUPS)

RAMP_DAYS = {"easy": 1.0, "normal": 6.0, "hard": 14.0}
STRENGTH = {"easy": 1.2, "normal": 1.0, "hard": 0.8}  # exponent on the change of level

# What may happen outside, and whether more or fewer people come.
CAUSES = (
    ("a competitor's shop closed", +1),
    ("a competitor opened next to several stores", -1),
    ("a large employer moved its office hours to other days", +1),
    ("offices let people work at home on the busiest days", -1),
    ("the market day of the region was moved", +1),
    ("a railway line closed for works", -1),
)


@dataclass(frozen=True)
class Market:
    """All that no control changes. Arrays are (days, series); a series is one group in one store."""

    store: NDArray[np.int64]
    region: NDArray[np.int64]
    group: NDArray[np.int64]
    plain: NDArray[np.int64]  # units wanted without the shift
    shifted: NDArray[np.int64]  # units wanted with it
    is_promotion: NDArray[np.bool_]
    promotions: tuple[tuple[int, int, int, int], ...]  # region, group, first day, days
    cost_usd: NDArray[np.float64]  # of one unit, by group
    price_usd: NDArray[np.float64]
    hot_region: int
    hot_group: int
    onset_day: int  # of the run
    newer_day: int  # of the run, when the newer model goes live
    cause: str

    @property
    def cell(self) -> NDArray[np.int64]:
        """Number of region and product group, for each series."""
        return self.region * len(GROUPS) + self.group

    @property
    def hot_cell(self) -> int:
        """The cell that the shift happens in."""
        return self.hot_region * len(GROUPS) + self.hot_group


@dataclass
class RetailStage(Stage):
    """Everything drawn before any control plays a part."""

    market: Market = None  # type: ignore[assignment]  # always given; Stage has defaults before it


def draw_market(setting: Setting) -> Market:
    """Draw the stores, their demand with and without the shift, and the promotions."""

    def rng(purpose: str) -> np.random.Generator:
        return draw_stream(setting.seed, setting.world, purpose)

    stores, groups = setting.rows // ROWS_PER_STORE, len(GROUPS)
    store = np.repeat(np.arange(stores), groups)
    group = np.tile(np.arange(groups), stores)
    region = store % len(REGIONS)
    n = len(store)
    when, what = rng("when"), rng("what")
    onset = int(when.integers(14, 25))
    newer = int(np.clip(onset + when.choice([-4, -3, -2, 2, 3]), 8, RUN - 8))
    hot_region, hot_group = int(what.integers(len(REGIONS))), int(what.integers(groups))
    cause, sign = CAUSES[int(what.integers(len(CAUSES)))]
    promotions = _draw_promotions(rng("promotions"), onset, hot_region, hot_group)
    is_promotion = np.zeros((DAYS, n), dtype=bool)
    for r, g, first, length in promotions:
        is_promotion[first : first + length] |= ((region == r) & (group == g))[None, :]

    day = np.arange(DAYS)
    week = rng("week").dirichlet(np.full(7, 9.0), groups) * 7.0  # each group has its own weekly pattern
    level = rng("level").uniform(16, 60, groups)[group] * rng("size").lognormal(0, 0.3, stores)[store]
    level = level * rng("taste").lognormal(0, 0.15, n)
    drift = np.repeat(rng("local").normal(0, 0.05, (DAYS // 7, n)), 7, axis=0)  # odd weeks
    season = 1 + 0.02 * np.sin(2 * np.pi * (day / 365 + rng("season").random()))
    uplift = np.where(is_promotion, rng("uplift").uniform(1.3, 1.6, groups)[group][None, :], 1.0)
    noise = np.exp(drift + rng("noise").normal(0, 0.14, (DAYS, n)))
    wanted = level * week[group][:, day % 7].T * season[:, None] * uplift * noise

    size = float(what.uniform(0.45, 0.65)) * STRENGTH[setting.difficulty]
    moved = np.roll(week[hot_group], int(what.integers(2, 6)))
    share = np.clip((day - HISTORY - onset + 1) / RAMP_DAYS[setting.difficulty], 0.0, 1.0)
    change = (np.exp(sign * size) * (moved / week[hot_group])[day % 7]) ** share
    is_hot = (region == hot_region) & (group == hot_group)
    cost = rng("cost").uniform(1.2, 3.5, groups).round(2)
    return Market(
        store, region, group,
        plain=np.round(wanted).astype(np.int64),
        shifted=np.round(wanted * np.where(is_hot[None, :], change[:, None], 1.0)).astype(np.int64),
        is_promotion=is_promotion,
        promotions=promotions,
        cost_usd=cost,
        price_usd=(cost * rng("price").uniform(3.6, 5.2, groups)).round(2),
        hot_region=hot_region, hot_group=hot_group,
        onset_day=onset, newer_day=newer, cause=cause,
    )  # fmt: skip


def _draw_promotions(
    rng: np.random.Generator, onset: int, hot_region: int, hot_group: int
) -> tuple[tuple[int, int, int, int], ...]:
    """Draw promotions for all the time, and one near the onset that has nothing to do with it."""
    chosen = [
        (int(rng.integers(len(REGIONS))), int(g), 7 * week + int(rng.integers(3)), 7)
        for week in range(5, DAYS // 7 - 1)
        for g in rng.permutation(len(GROUPS))[:2].tolist()
    ]
    quiet = [p for p in chosen if (p[0], p[1]) != (hot_region, hot_group) or p[2] + 7 < HISTORY]
    other = (hot_group + 1 + int(rng.integers(len(GROUPS) - 1))) % len(GROUPS)
    decoy = (hot_region, other, HISTORY + onset + int(rng.integers(-3, 2)), 10)
    return tuple(sorted([*quiet, decoy], key=lambda p: (p[2], p[0], p[1])))
