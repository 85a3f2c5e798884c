"""Eight weeks of the retailer, day by day: forecast, order, sell, notice, respond, retrain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aiir_lab.simulate.demand_drift.forecaster import Forecaster, fit, predict
from aiir_lab.simulate.demand_drift.market import CELLS, DAYS, GROUPS, HISTORY, RUN, Market, RetailStage
from aiir_lab.simulate.randomness import draw_by_key

ORDER_HOUR = 18  # of the day before
MARGIN, WIDE_MARGIN = 0.12, 0.35
UNMET_UPTO = 1.6  # who reads till hours adds at most so much for the hours after a shelf was empty
OLD_WINDOW, NEW_WINDOW = (32, 84), (32, HISTORY)
RETRAIN_DAYS = 56
BUILD_DAYS_BY_HAND, BUILD_DAYS = 8, 3
QUIET_DAYS = 14  # a cell that paged stays silent
LOOK_DAYS, CHALLENGE_DAYS = 7, 10
SPREADS = 7.0
CHALLENGER_WINS = 0.8
WASTE_LIMIT, RAN_OUT_LIMIT = 0.4, 0.6
COMPLAINT_RATE, COMPLAINTS_PER_STORE = 0.2, 0.7
WORTH_CORRECTING = 0.15
OVERALL_LIMIT = 0.30  # of the old alert on the error over all stores


@dataclass(frozen=True)
class Alert:
    """One page: which cell (-1: all of them), what was measured."""

    rule: str
    day: int
    answered_h: float  # hours since the start of the run
    cell: int
    value: float
    limit: float


@dataclass
class Played:
    """What came of one play; arrays are (RUN, series)."""

    forecast: NDArray[np.float64]  # of the model in charge
    challenger: NDArray[np.float64]
    used: NDArray[np.float64]  # after challenger and override
    stock: NDArray[np.int64]
    sold: NDArray[np.int64]
    wanted: NDArray[np.int64]
    factor: NDArray[np.float64]
    margin: NDArray[np.float64]
    open_share: NDArray[np.float64]  # of the opening hours in which there was something to sell
    is_challenger: NDArray[np.bool_]
    complained: NDArray[np.bool_]
    version: NDArray[np.int64]  # (RUN,)
    versions: list[tuple[Forecaster, int, str]]  # live from day of the run, why
    alerts: list[Alert]

    @property
    def ran_out(self) -> NDArray[np.bool_]:
        """Whether the shelf was empty before closing."""
        return self.sold >= self.stock


class Pipeline:
    """Plays the company once. Each day uses what was known the evening before, and no more."""

    def __init__(self, stage: RetailStage, starts_h: Mapping[str, float], *, incident: bool) -> None:
        self.stage, self.market, self.starts_h = stage, stage.market, starts_h
        self.wanted = self.market.shifted if incident else self.market.plain
        n = self.wanted.shape[1]
        self.sold = np.zeros((DAYS, n), dtype=np.int64)
        self.sold[:HISTORY] = self.wanted[:HISTORY]  # generous orders: nothing ran out then
        self.known = self.sold.astype(float)  # sales, more where shelves were empty early
        self.lift = _measure_lift(self.market, self.known[:HISTORY])
        empty = partial(_empty, n)
        old = fit(stage, self.market, self.known, *OLD_WINDOW)
        newer = fit(stage, self.market, self.known, *NEW_WINDOW)
        self.done = Played(
            empty(float), empty(float), empty(float), empty(np.int64), empty(np.int64), self.wanted[HISTORY:],
            np.ones((RUN, n)), empty(float), np.ones((RUN, n)), empty(bool), empty(bool),
            np.zeros(RUN, dtype=np.int64),
            [(old, -28, "quarterly"), (newer, self.market.newer_day, "quarterly")], [],
        )  # fmt: skip
        self.flagged: dict[int, int] = {}  # cell to the first day of the override
        self.quiet = np.full(CELLS, -99)
        self.building_until = -1

    def is_on(self, control: str, day: int) -> bool:
        """Whether a control was there when the order for a day was made."""
        return self.starts_h.get(control, np.inf) <= max(day * 24 - 24 + ORDER_HOUR, 0)

    def play(self) -> Played:
        """Run the eight weeks."""
        for day in range(RUN):
            self._notice(day)
            self._retrain(day)
            self._sell(day)
        return self.done

    def _by_cell(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """Sum (days, series) by cell."""
        weights = values.sum(axis=0).astype(float)
        return np.asarray(np.bincount(self.market.cell, weights=weights, minlength=CELLS), dtype=np.float64)

    def _current(self, day: int) -> int:
        live = [i for i, (_, since, _) in enumerate(self.done.versions) if since <= day]
        newest = max(live, key=lambda i: (self.done.versions[i][1], i))
        if self.is_on("rollback_model", day):
            # The version before, whatever the present one is.
            order = sorted(live, key=lambda i: (self.done.versions[i][1], i))
            return order[max(len(order) - 2, 0)]
        return newest

    def _sell(self, day: int) -> None:
        done, market, today = self.done, self.market, HISTORY + day
        done.version[day] = self._current(day)
        done.forecast[day] = predict(done.versions[done.version[day]][0], market, self.known, today)
        self.done.challenger[day] = self._challenge(today)
        used = done.forecast[day].copy()
        if self.is_on("shadow_model", day):
            wins = self._challenger_wins(day)[market.cell]
            done.is_challenger[day] = wins
            used = np.where(wins, self.done.challenger[day], used)
        if self.is_on("manual_override", day):
            done.factor[day] = self._override(day)
            used = np.where(done.is_challenger[day], used, used * done.factor[day])
        done.used[day] = used
        done.margin[day] = MARGIN
        if self.is_on("safety_stock", day) and day >= LOOK_DAYS:
            past = slice(day - LOOK_DAYS, day - 1)
            share = self._by_cell(done.ran_out[past]) / self._by_cell(np.ones_like(done.sold[past]))
            done.margin[day] = np.where(share[market.cell] > RAN_OUT_LIMIT, WIDE_MARGIN, MARGIN)
        done.stock[day] = np.ceil(np.round(used * (1 + done.margin[day]), 6)).astype(np.int64)
        done.sold[day] = self.sold[today] = np.minimum(self.wanted[today], done.stock[day])
        done.open_share[day] = find_open_share(self.stage, day, self.wanted[today], done.stock[day])
        self.known[today] = done.sold[day] * np.minimum(1.0 / done.open_share[day], UNMET_UPTO)
        odd = done.ran_out[day] | (done.stock[day] - done.sold[day] > WASTE_LIMIT * done.stock[day])
        keys = day * len(market.cell) + np.arange(len(market.cell))
        luck = draw_by_key(self.stage.setting.seed, self.stage.setting.world, "complaints", keys=keys)
        done.complained[day] = odd & (luck < COMPLAINT_RATE)

    def _challenge(self, today: int) -> NDArray[np.float64]:
        """Forecast as the mean of the last three same weekdays; an empty shelf counts a little more."""
        total = np.sum([self.known[today - back] for back in (7, 14, 21)], axis=0)
        # The challenger knows the calendar, and what promotions of the group did before.
        lift = np.where(self.market.is_promotion[today], self.lift[self.market.group], 1.0)
        return np.asarray(np.round(total / 3 * lift, 1), dtype=np.float64)

    def _challenger_wins(self, day: int) -> NDArray[np.bool_]:
        if day < CHALLENGE_DAYS + 1:
            return np.zeros(CELLS, dtype=bool)
        past = slice(day - CHALLENGE_DAYS - 1, day - 1)
        bumped = self.known[HISTORY + past.start : HISTORY + past.stop]
        ours = self._by_cell(np.abs(self.done.forecast[past] - bumped))
        theirs = self._by_cell(np.abs(self.done.challenger[past] - bumped))
        return theirs < CHALLENGER_WINS * ours

    def _override(self, day: int) -> NDArray[np.float64]:
        """Scale the forecast of flagged cells to what the last week sold."""
        factor = np.ones(CELLS)
        # A new model has seen what the factor was for: only its own days count.
        since_new = self.done.versions[self.done.version[day]][1]
        past = slice(max(day - LOOK_DAYS - 1, since_new, 0), max(day - 1, 0))
        if past.stop - past.start < 2:
            return np.ones(self.sold.shape[1])
        sold = self.known[HISTORY + past.start : HISTORY + past.stop]
        ratio = self._by_cell(sold) / np.maximum(self._by_cell(self.done.forecast[past]), 1.0)
        for cell, since in self.flagged.items():
            if since <= day and abs(ratio[cell] - 1.0) > WORTH_CORRECTING:
                factor[cell] = np.clip(ratio[cell], 0.4, 2.5)
        rounded: NDArray[np.float64] = np.round(factor, 2)[self.market.cell]
        return rounded

    def _notice(self, day: int) -> None:
        """Look at yesterday: the old alert over all stores, the new one by cell, and complaints."""
        if day <= LOOK_DAYS:
            return
        past, done = slice(day - LOOK_DAYS, day), self.done
        error = float(np.abs(done.sold[past] - done.forecast[past]).sum() / done.forecast[past].sum())
        if error > OVERALL_LIMIT:
            self._page("overall_error", day, -1, error, OVERALL_LIMIT)
        if self.starts_h.get("drift_alert", np.inf) <= day * 24 + 7:
            ratio = self._by_cell(done.sold[past]) / np.maximum(self._by_cell(done.forecast[past]), 1.0)
            empty = self._by_cell(done.ran_out[past]) / self._by_cell(np.ones_like(done.sold[past]))
            for rule, value in (("sold_against_forecast", ratio), ("ran_out_share", empty)):
                # Each cell against the others: a rainy week moves all of them.
                middle = np.median(value)
                spread = 1.4826 * np.median(np.abs(value - middle))
                for cell in np.flatnonzero(np.abs(value - middle) > SPREADS * spread).tolist():
                    self._page(rule, day, cell, float(value[cell]), float(middle + SPREADS * spread))
        if self.is_on("manual_override", day):
            stores = np.bincount(self.market.cell, minlength=CELLS)
            many = self._by_cell(done.complained[past]) >= np.maximum(COMPLAINTS_PER_STORE * stores, 3)
            for cell in np.flatnonzero(many).tolist():
                self.flagged.setdefault(cell, day + 1)

    def _page(self, rule: str, day: int, cell: int, value: float, limit: float) -> None:
        if cell >= 0 and day - self.quiet[cell] < QUIET_DAYS:
            return
        if cell < 0 and any(a.cell < 0 and day - a.day < QUIET_DAYS for a in self.done.alerts):
            return
        key = np.array([day * (CELLS + 1) + cell + 1])
        luck = float(draw_by_key(self.stage.setting.seed, self.stage.setting.world, "answer", keys=key)[0])
        answered = day * 24 + 7 + 1 + 20 * luck
        self.done.alerts.append(Alert(rule, day, answered, cell, value, limit))
        if cell >= 0:
            self.quiet[cell] = day
            self.flagged.setdefault(cell, int(answered // 24) + 1)
        if self.building_until < day:
            quick = self.is_on("frequent_retraining", day)
            self.building_until = day + (BUILD_DAYS if quick else BUILD_DAYS_BY_HAND)

    def _retrain(self, day: int) -> None:
        regular = day % 7 == 0 and day > 0 and self.is_on("frequent_retraining", day)
        if not regular and day != self.building_until:
            return
        last = HISTORY + day - 1
        model = fit(self.stage, self.market, self.known, last - RETRAIN_DAYS, last, recent=True)
        self.done.versions.append((model, day, "weekly" if regular else "asked for by on-call"))


def find_open_share(
    stage: RetailStage, day: int, wanted: NDArray[np.int64], stock: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Find which share of the opening hours had passed when a shelf was empty; 1 where it never was."""
    keys = day * len(wanted) + np.arange(len(wanted))
    luck = draw_by_key(stage.setting.seed, stage.setting.world, "rush", keys=keys)
    share = stock / np.maximum(wanted, 1) * (0.9 + 0.2 * luck)  # some days are busy early
    early = np.where(wanted > stock, np.clip(share, 0.05, 1.0), 1.0)
    return np.asarray(np.round(early, 3), dtype=np.float64)


def _empty(series: int, kind: type) -> NDArray[Any]:
    return np.zeros((RUN, series), dtype=kind)


def _measure_lift(market: Market, sold: NDArray[np.float64]) -> NDArray[np.float64]:
    """Measure what promotions did to each product group before the run, by the rest of the same stores."""
    usual = np.where(market.is_promotion[:HISTORY], np.nan, sold)
    ratio = sold / np.nanmean(usual, axis=0)
    seen = [
        ratio[:, market.group == g][market.is_promotion[:HISTORY, market.group == g]]
        for g in range(len(GROUPS))
    ]
    return np.array([float(r.mean()) if len(r) else 1.0 for r in seen])
