"""Conversations with the assistant: what customers write, what they attach, what the attacker tries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aiir_lab.simulate.randomness import draw_stream
from aiir_lab.simulate.world import Setting, Stage

DAYS, DAY_S = 21, 86_400
TOOLS = ("answer", "order_status", "refund", "send_records")
KINDS = ("none", "upload", "product_review", "order_note")
REFUND, RECORDS = 2, 3  # places in TOOLS
COMMON, PER_TOOL = 80, 14
MESSAGE_WORDS, DOCUMENT_WORDS = 9, 12
CUSTOMERS, ATTACKERS, TRAINING = 3_000, 220, 5_000
ORDERS_IN_DOCUMENT = {"easy": 7, "normal": 6, "hard": 5}  # words of the attacked tool in one document
ATTACK_SHARE = {"easy": 0.08, "normal": 0.06, "hard": 0.04}
RECORDS_SHARE = (0.15, 0.30)  # of the attack's documents: they ask for records of a customer, not for money
_SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]


@dataclass(frozen=True)
class Texts:
    """Word numbers, -1 past the end."""

    message: NDArray[np.int64]
    document: NDArray[np.int64]


@dataclass
class ChatStage(Stage):
    """Everything drawn before any control plays a part; one entry for each conversation."""

    words: list[str] = None  # type: ignore[assignment]  # always given; Stage has defaults before it
    second: NDArray[np.float64] = None  # type: ignore[assignment]
    customer: NDArray[np.int64] = None  # type: ignore[assignment]
    intent: NDArray[np.int64] = None  # type: ignore[assignment]  # what the customer is entitled to
    kind: NDArray[np.int64] = None  # type: ignore[assignment]
    is_attack: NDArray[np.bool_] = None  # type: ignore[assignment]
    wants_records: NDArray[np.bool_] = None  # type: ignore[assignment]  # among the attacks
    amount: NDArray[np.float64] = None  # type: ignore[assignment]
    has_order: NDArray[np.bool_] = None  # type: ignore[assignment]
    plain: Texts = None  # type: ignore[assignment]
    attacked: Texts = None  # type: ignore[assignment]
    onset_s: float = 0.0
    promo_day: int = 0
    attack_kind: int = 1
    luck: dict[str, NDArray[Any]] = None  # type: ignore[assignment]


def vocabulary(tool: NDArray[np.int64] | int, place: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number of a word of a tool's vocabulary."""
    return np.asarray(COMMON + np.asarray(tool) * PER_TOOL + place, dtype=np.int64)


def draw_texts(
    rng: np.random.Generator, intent: NDArray[np.int64], kind: NDArray[np.int64], lead: float
) -> Texts:
    """Draw messages, and documents that repeat a little of what the customer wants."""
    n = len(intent)
    message = rng.integers(0, COMMON, (n, MESSAGE_WORDS))
    own = rng.random((n, MESSAGE_WORDS)) < lead
    message = np.where(own, vocabulary(intent[:, None], rng.integers(0, PER_TOOL, message.shape)), message)
    document = rng.integers(0, COMMON, (n, DOCUMENT_WORDS))
    own = rng.random((n, DOCUMENT_WORDS)) < 0.2
    document = np.where(own, vocabulary(intent[:, None], rng.integers(0, PER_TOOL, document.shape)), document)
    return Texts(message, np.where((kind > 0)[:, None], document, -1))


def draw_stage(setting: Setting, company: str, start: Any, end: Any) -> ChatStage:
    """Draw all that no control changes."""

    def rng(purpose: str) -> np.random.Generator:
        return draw_stream(setting.seed, setting.world, purpose)

    n, when = setting.rows, rng("when")
    onset = float(when.integers(7, 12) * DAY_S + when.integers(0, 20) * 3600)
    promo = int(onset // DAY_S) - int(when.integers(1, 3))
    attack_kind = int(when.integers(1, 4))
    second = np.sort(rng("second").random(n)) * DAYS * DAY_S
    second = np.floor(second)
    in_promo = (second >= promo * DAY_S) & (second < (promo + 6) * DAY_S)
    refunds = np.where(in_promo, 0.24, 0.13)
    u = rng("intent").random(n)
    intent = np.where(u < refunds, REFUND, np.where(u < 0.5, 1, np.where(u < 0.56, RECORDS, 0)))
    kind = np.where(rng("attach").random(n) < 0.35, rng("kind").integers(1, 4, n), 0)
    customer = rng("customer").integers(0, CUSTOMERS, n)
    ramp = np.clip((second - onset) / (4 * DAY_S), 0.15, 1.0) * (second >= onset)
    is_attack = rng("attack").random(n) < ramp * ATTACK_SHARE[setting.difficulty]
    crew = rng("crew").permutation(CUSTOMERS)[:ATTACKERS]
    customer = np.where(is_attack, crew[rng("member").integers(0, ATTACKERS, n)], customer)
    intent, kind = np.where(is_attack, 0, intent), np.where(is_attack, attack_kind, kind)
    plain = draw_texts(rng("texts"), intent, kind, 0.4)
    put = (
        np.argsort(rng("places").random((n, DOCUMENT_WORDS)), axis=1) < ORDERS_IN_DOCUMENT[setting.difficulty]
    )
    wants_records = is_attack & (rng("aim").random(n) < rng("aims").uniform(*RECORDS_SHARE))
    wanted = np.where(wants_records, RECORDS, REFUND)[:, None]
    orders = vocabulary(wanted, rng("orders").integers(0, PER_TOOL, (n, DOCUMENT_WORDS)))
    document = np.where(put & is_attack[:, None], orders, plain.document)
    amount = np.round(rng("amount").lognormal(4.0, 0.6, n), 2)
    amount = np.where(is_attack, np.round(rng("greed").uniform(45, 260, n), 2), amount)
    names = rng("words").permutation(len(_SYLLABLES) ** 2)[: COMMON + PER_TOOL * len(TOOLS)]
    side = len(_SYLLABLES)
    return ChatStage(
        setting, company, start, end,
        words=[_SYLLABLES[w // side] + _SYLLABLES[w % side] for w in names.tolist()],
        second=second, customer=customer, intent=intent, kind=kind, is_attack=is_attack,
        wants_records=wants_records,
        amount=np.clip(amount, 5.0, 400.0),
        has_order=rng("order").random(n) < np.where(is_attack, 0.5, 0.93),
        plain=plain, attacked=Texts(plain.message, document),
        onset_s=float(second[is_attack][0]), promo_day=promo, attack_kind=attack_kind,
        luck={"approve": rng("approve").random(n), "ticket": rng("ticket").random(n)},
    )  # fmt: skip
