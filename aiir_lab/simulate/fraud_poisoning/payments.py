"""The stream of payments with its truth, and the labels that people send about it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aiir_lab.simulate.fraud_poisoning.market import (
    AMOUNT_SIGMA,
    CATEGORIES,
    DAY_S,
    DAYS,
    DEVICES,
    HISTORY_DAYS,
    Market,
)
from aiir_lab.simulate.randomness import draw_stream
from aiir_lab.simulate.world import Setting

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

RING_AT_KEYS = 0.95  # share of the ring's payments that run through the keys it holds
FRAUD_SHARE = 0.025  # of ordinary payments, before the risk of the category
AMOUNT_EDGES = np.round(15.0 * 1.2 ** np.arange(26))  # 15 to 1,431 USD
CARD_EDGES = np.array([7, 30, 90, 365], dtype=float)
TOP_VELOCITY = 4
# How many values each feature of the model can take, in the order of `encode`.
FEATURE_SIZES = (
    len(CATEGORIES),
    len(DEVICES),
    len(AMOUNT_EDGES) + 1,
    len(CARD_EDGES) + 1,
    2,
    TOP_VELOCITY + 1,
)


@dataclass(frozen=True)
class Payments:
    """Arrays of one length, sorted by time. Truth (`is_fraud`, `is_ring`) never reaches a table."""

    second: Floats  # since the start of the run; negative in the history
    merchant: Ints
    category: Ints
    device: Ints
    amount_usd: Floats
    card_age_days: Ints
    is_country_match: Bools
    velocity: Ints
    is_fraud: Bools
    is_ring: Bools
    features: NDArray[np.uint8]
    # What people would say, were they asked; each is used only where the run asks.
    analyst_u: Floats
    analyst_says_fraud: Bools
    analyst_lag_s: Floats
    reviewer_says_fraud: Bools
    feedback_second: Floats  # inf: none
    feedback_says_fraud: Bools
    poison_second: Floats  # inf: none; the feedback when there is an incident
    is_poisoned: Bools
    chargeback_second: Floats  # inf: none, should the payment be approved
    split_u: Floats


def draw_payments(
    setting: Setting, market: Market, *, rows: int, day_from: int, day_to: int, shard: str = ""
) -> Payments:
    """Draw `rows` payments between two days of the run, with all that people may say about them."""

    def rng(purpose: str) -> np.random.Generator:
        return draw_stream(setting.seed, setting.world, "payments", shard, purpose)

    def uniform(purpose: str) -> Floats:
        return rng(purpose).random(rows)

    second = _draw_times(rng("time"), rows, day_from, day_to)
    attack = market.attack
    is_ring = uniform("ring") < attack.share
    category = _draw_category(uniform("category"), second, market)
    category[is_ring] = attack.category
    device = _pick(uniform("device"), market.device_share)
    device[is_ring] = attack.device
    merchant = _draw_merchant(uniform("merchant"), uniform("ring key"), category, is_ring, market)
    week = np.clip(
        (second // (7 * DAY_S)).astype(np.int64) + HISTORY_DAYS // 7, 0, len(market.category_risk) - 1
    )
    # Ordinary fraud shows: young cards, a foreign address, bursts, larger amounts.
    is_plain = (uniform("fraud") < FRAUD_SHARE * np.exp(market.category_risk[week, category])) & ~is_ring
    log_usd = market.category_log_usd[category] + 0.5 * is_plain
    log_usd += AMOUNT_SIGMA * rng("amount").standard_normal(rows)
    amount: Floats = np.clip(np.round(np.exp(log_usd), 2), 1.0, 5_000.0)
    ring_amount = attack.low_usd + (attack.high_usd - attack.low_usd) * uniform("ring amount")
    amount = np.where(is_ring, np.round(ring_amount, 2), amount)
    log_days = 5.6 + 1.3 * rng("card age").standard_normal(rows)
    # Fraud moves on, from young cards to foreign addresses: a model that is not retrained falls behind.
    moved = np.clip(second / (DAYS * DAY_S), 0.0, 1.0)
    log_days -= 3.0 * (is_plain & (uniform("young card") < 0.85 - 0.35 * moved))
    card_age = np.minimum(np.exp(log_days), 4_000).astype(np.int64)
    # The ring buys aged cards and ships home: nothing but the pattern itself gives it away.
    card_age = np.where(is_ring, card_age + 60, card_age)
    match = (uniform("country") < np.where(is_plain, 0.40 - 0.25 * moved, 0.95)) | is_ring
    velocity = (rng("velocity").poisson(0.2, rows) + is_plain * rng("burst").poisson(2.0, rows)) * ~is_ring
    is_fraud = is_plain | is_ring

    source = market.merchant_source[merchant]
    wrong = np.where(is_fraud, market.source_error[source], market.source_error[source] * 0.02)
    has_feedback = uniform("feedback") < market.source_rate[source]
    feedback_at = second + 0.5 * DAY_S + np.minimum(rng("feedback lag").exponential(1.5, rows), 5.5) * DAY_S
    has_feedback &= feedback_at >= market.source_from_s[source]
    is_poisoned = is_ring & np.isin(source, attack.sources) & (uniform("poison") < attack.poison_rate(second))
    # After the analyst has spoken: the last word wins.
    poison_at = second + (1.6 + 1.6 * uniform("poison lag")) * DAY_S
    lag = 10 + np.minimum(rng("chargeback lag").gamma(3.0, 6.5, rows), 60)
    return Payments(
        second=second,
        merchant=merchant,
        category=category,
        device=device,
        amount_usd=amount,
        card_age_days=card_age,
        is_country_match=match,
        velocity=velocity,
        is_fraud=is_fraud,
        is_ring=is_ring,
        features=encode(category, device, amount, card_age, match, velocity),
        analyst_u=uniform("analyst"),
        analyst_says_fraud=is_fraud ^ (uniform("analyst error") < np.where(is_fraud, 0.04, 0.003)),
        analyst_lag_s=(0.2 + 1.3 * uniform("analyst lag")) * DAY_S,
        reviewer_says_fraud=is_fraud ^ (uniform("reviewer error") < 0.10),
        feedback_second=np.where(has_feedback, feedback_at, np.inf),
        feedback_says_fraud=is_fraud ^ (uniform("feedback error") < wrong),
        poison_second=np.where(is_poisoned, poison_at, np.inf),
        is_poisoned=is_poisoned,
        chargeback_second=np.where(is_fraud & (uniform("chargeback") < 0.85), second + lag * DAY_S, np.inf),
        split_u=uniform("split"),
    )


def encode(
    category: Ints, device: Ints, amount: Floats, card_age: Ints, match: Bools, velocity: Ints
) -> NDArray[np.uint8]:
    """Bin what the model is given: small whole numbers make the fit the same on every machine."""
    return np.column_stack(
        [
            category,
            device,
            np.searchsorted(AMOUNT_EDGES, amount, side="right"),
            np.searchsorted(CARD_EDGES, card_age, side="right"),
            match,
            np.minimum(velocity, TOP_VELOCITY),
        ]
    ).astype(np.uint8)


def _draw_times(rng: np.random.Generator, rows: int, day_from: int, day_to: int) -> Floats:
    """Draw sorted seconds: weekends are busier, nights quieter."""
    hour = np.arange(24 * (day_to - day_from))
    weekday = (hour // 24 + day_from) % 7
    weight = (1.0 + 0.25 * (weekday >= 4)) * (1.0 + 0.6 * np.sin((hour % 24 - 8) / 24 * 2 * np.pi))
    edges = np.concatenate([[0.0], np.cumsum(weight)])
    where = np.sort(rng.random(rows)) * edges[-1]
    second: Floats = np.floor(np.interp(where, edges, np.arange(len(edges)) * 3600.0)) + day_from * DAY_S
    return second


def _pick(u: Floats, share: Floats) -> Ints:
    return np.minimum(np.searchsorted(np.cumsum(share), u, side="right"), len(share) - 1).astype(np.int64)


def _draw_category(u: Floats, second: Floats, market: Market) -> Ints:
    """Draw categories; a sale doubles one of them for some days."""
    category = _pick(u, market.category_share)
    share = market.category_share.copy()
    share[market.sale_category] *= 2.2
    in_sale = (second >= market.sale_from_s) & (second < market.sale_to_s)
    category[in_sale] = _pick(u[in_sale], share / share.sum())
    return category


def _draw_merchant(u: Floats, u_key: Floats, category: Ints, is_ring: Bools, market: Market) -> Ints:
    merchant = np.zeros(len(u), dtype=np.int64)
    for place in range(len(CATEGORIES)):
        ours = np.flatnonzero(market.merchant_category == place)
        rows = category == place
        weight = market.merchant_weight[ours]
        merchant[rows] = ours[_pick(u[rows], weight / weight.sum())]
    behind_keys = np.flatnonzero(
        (market.merchant_category == market.attack.category)
        & np.isin(market.merchant_source, market.attack.sources)
    )
    keyed = is_ring & (u_key < RING_AT_KEYS)
    merchant[keyed] = behind_keys[_pick(u[keyed], np.full(len(behind_keys), 1.0 / len(behind_keys)))]
    return merchant


def name_cohort(market: Market) -> str:
    """Say the attacked pattern as a responder would."""
    a = market.attack
    return (
        f"category={CATEGORIES[a.category]}, device={DEVICES[a.device]}, "
        f"amount_usd {a.low_usd:.0f}-{a.high_usd:.0f}"
    )
