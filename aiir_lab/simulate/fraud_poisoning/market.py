"""The payment company: merchants, partners that send feedback, the attack and the decoys."""

from __future__ import annotations

from dataclasses import dataclass
from math import erf, sqrt

import numpy as np
from numpy.typing import NDArray

from aiir_lab.simulate.company import draw_names
from aiir_lab.simulate.randomness import draw_stream
from aiir_lab.simulate.world import Setting

DAYS = 98  # fourteen weeks: long enough for a slow ramp and for chargebacks to come in
HISTORY_DAYS = 28  # before the start: what the first model is trained on
DAY_S = 86_400
CATEGORIES = (
    "digital_services", "electronics", "fashion", "gaming_credit", "gift_cards",
    "groceries", "home", "pharmacy", "tickets", "travel",
)  # fmt: skip
DEVICES = ("android", "ios", "web_desktop", "web_mobile")
AMOUNT_SIGMA = 0.9  # of the logarithm of an amount
SOURCES = 24
MERCHANTS = 96

# Slope, cover and noise of the attack for each difficulty: an easy one is steep and alone.
RAMP_DAYS = {"easy": (10, 16), "normal": (20, 28), "hard": (28, 36)}
COMPROMISED = {"easy": 1, "normal": 2, "hard": 3}
DECOY_SOURCES = {"easy": 1, "normal": 2, "hard": 4}


@dataclass(frozen=True)
class Attack:
    """What the ring does; all times in seconds since the start of the run."""

    category: int
    device: int
    low_usd: float
    high_usd: float
    sources: tuple[int, ...]  # partners whose feedback key the ring holds
    onset_s: float
    ramp_s: float
    peak: float  # share of its payments that it marks legitimate once the ramp is done
    share: float  # of all payments, before and after the onset alike

    def poison_rate(self, second: NDArray[np.float64]) -> NDArray[np.float64]:
        """Share of the ring's payments marked legitimate, a little more each day."""
        progress: NDArray[np.float64] = np.clip((second - self.onset_s) / self.ramp_s, 0.0, 1.0)
        return self.peak * progress


@dataclass(frozen=True)
class Market:
    """Everything about the company that is fixed before the first payment."""

    merchant_id: NDArray[np.int64]
    merchant_name: list[str]
    merchant_category: NDArray[np.int64]
    merchant_source: NDArray[np.int64]
    merchant_weight: NDArray[np.float64]
    source_id: list[str]
    source_verified: NDArray[np.bool_]
    source_rate: NDArray[np.float64]  # share of payments that get feedback
    source_error: NDArray[np.float64]  # share of frauds that it takes for honest, without the attack
    source_from_s: NDArray[np.float64]  # no feedback before this second
    category_share: NDArray[np.float64]
    category_log_usd: NDArray[np.float64]
    category_risk: NDArray[np.float64]  # (weeks, categories), drifts slowly
    device_share: NDArray[np.float64]
    attack: Attack
    sale_category: int
    sale_from_s: float
    sale_to_s: float
    release_s: float
    decoy_sources: tuple[int, ...]


def draw_market(setting: Setting) -> Market:
    """Draw the company of one seed."""

    def rng(purpose: str) -> np.random.Generator:
        return draw_stream(setting.seed, setting.world, "market", purpose)

    level = setting.difficulty
    category = rng("merchant category").integers(0, len(CATEGORIES), MERCHANTS)
    category[: len(CATEGORIES)] = np.arange(len(CATEGORIES))  # every category has a merchant
    source = rng("merchant source").integers(0, SOURCES, MERCHANTS)
    verified = np.zeros(SOURCES, dtype=bool)
    verified[rng("verified").permutation(SOURCES)[:14]] = True

    shape = {
        "category": rng("category share").dirichlet(np.full(len(CATEGORIES), 20.0)),
        "log_usd": rng("category amount").uniform(4.0, 5.0, len(CATEGORIES)),
        "device": rng("device share").dirichlet(np.full(len(DEVICES), 30.0)),
    }
    attack, source = _draw_attack(rng("attack"), level, shape, category, source, verified)
    onset = attack.onset_s
    quiet = [s for s in rng("decoy sources").permutation(SOURCES).tolist() if s not in attack.sources]
    decoys = tuple(quiet[: DECOY_SOURCES[level]])

    rate = rng("source rate").uniform(0.35, 0.5, SOURCES)
    error = rng("source error").uniform(0.08, 0.14, SOURCES)
    from_s = np.full(SOURCES, -np.inf)
    start = rng("decoy start")
    for place, decoy in enumerate(decoys):
        if place % 2 == 0:  # a partner that goes live about the onset and is eager
            from_s[decoy] = onset + start.uniform(-4, 4) * DAY_S
            rate[decoy] = 0.85
        else:  # a partner that has always been careless
            error[decoy] = 0.40

    weeks = (DAYS + HISTORY_DAYS) // 7
    risk = rng("category risk").normal(0.0, 0.5, len(CATEGORIES))
    drift = rng("risk drift").normal(0.0, 0.08, (weeks, len(CATEGORIES))).cumsum(axis=0)
    others = [c for c in range(len(CATEGORIES)) if c != attack.category]
    event = rng("innocent events")
    sale_from = onset + event.uniform(-5, 2) * DAY_S
    return Market(
        merchant_id=_draw_ids(rng("merchant id"), MERCHANTS, 4_000, 9_999),
        merchant_name=draw_names(rng("merchant name"), MERCHANTS),
        merchant_category=category,
        merchant_source=source,
        merchant_weight=rng("merchant weight").pareto(2.5, MERCHANTS) + 0.4,
        source_id=[f"partner-{i}" for i in _draw_ids(rng("source id"), SOURCES, 100, 999)],
        source_verified=verified,
        source_rate=rate,
        source_error=error,
        source_from_s=from_s,
        category_share=shape["category"],
        category_log_usd=shape["log_usd"],
        category_risk=risk + drift,
        device_share=shape["device"],
        attack=attack,
        sale_category=int(event.choice(others)),
        sale_from_s=sale_from,
        sale_to_s=sale_from + event.uniform(7, 12) * DAY_S,
        release_s=onset + event.uniform(-2, 2) * DAY_S,
        decoy_sources=decoys,
    )


def _draw_ids(rng: np.random.Generator, count: int, low: int, high: int) -> NDArray[np.int64]:
    """Draw different numbers in no order: neither value nor place tells anything."""
    return (low + rng.permutation(high - low + 1)[:count]).astype(np.int64)


def _draw_attack(
    draw: np.random.Generator,
    level: str,
    shape: dict[str, NDArray[np.float64]],
    category: NDArray[np.int64],
    source: NDArray[np.int64],
    verified: NDArray[np.bool_],
) -> tuple[Attack, NDArray[np.int64]]:
    target, device = int(draw.integers(len(CATEGORIES))), int(draw.integers(len(DEVICES)))
    compromised = tuple(draw.permutation(np.flatnonzero(~verified))[: COMPROMISED[level]].tolist())
    # The ring needs at least one merchant of its category behind each key that it holds.
    source = source.copy()
    ours = np.flatnonzero(category == target)
    for key in compromised:
        free = ours[~np.isin(source[ours], compromised)]
        if len(free) and not (source[ours] == key).any():
            source[free[0]] = key
    low = round(float(np.exp(shape["log_usd"][target] + draw.uniform(0.9, 1.1))) / 10) * 10.0
    high = round(low * draw.uniform(1.9, 2.3) / 10) * 10.0
    # Where honest payments are many, so are the ring's: else the model would never have known the pattern.
    z = (np.log([low, high]) - shape["log_usd"][target]) / AMOUNT_SIGMA
    in_band = 0.5 * (erf(z[1] / sqrt(2)) - erf(z[0] / sqrt(2)))
    honest = float(shape["category"][target] * shape["device"][device] * in_band)
    return (
        Attack(
            category=target,
            device=device,
            low_usd=low,
            high_usd=high,
            sources=compromised,
            onset_s=float(np.floor(draw.uniform(26, 42) * 24) * 3600),
            ramp_s=float(draw.uniform(*RAMP_DAYS[level]) * DAY_S),
            peak=float(draw.uniform(0.88, 0.96)),
            share=min(max(honest * draw.uniform(2.5, 2.9), 0.005), 0.008),
        ),
        source,
    )
