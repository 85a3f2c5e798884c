"""The vendor's clients, their sellers, and the listings whose pictures are recognised."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from aiir_lab.simulate.company import draw_names
from aiir_lab.simulate.randomness import draw_stream
from aiir_lab.simulate.vision_bias.pictures import GOODS, SETTINGS, draw_pictures
from aiir_lab.simulate.world import Setting, Stage

DAYS = 21
DAY_S = 86_400
HOUR_S = 3600.0
END_S = float(DAYS * DAY_S)
CLIENTS = 12
SELLERS = 320
REGIONS = ("Eastmark", "Midmark", "Northmark", "Southmark", "Westmark")

# How much of its small sellers' pictures the affected way of photographing makes up, and elsewhere.
GROUP_SHARE = {"easy": 0.75, "normal": 0.6, "hard": 0.4}
ELSEWHERE = {"easy": 0.02, "normal": 0.04, "hard": 0.07}
BAD_BATCH = {"easy": 0.008, "normal": 0.014, "hard": 0.02}


@dataclass(frozen=True)
class Market:
    """All that is fixed before the first request."""

    client_names: list[str]
    seller_id: NDArray[np.int64]
    seller_client: NDArray[np.int64]
    seller_region: NDArray[np.int64]
    seller_is_small: NDArray[np.bool_]
    seller_weight: NDArray[np.float64]
    mix: NDArray[np.float64]  # (sellers, settings), how a seller photographs
    group: int  # index into SETTINGS: what the release has not seen
    region: int
    release_s: float
    bad_client: int
    bad_from_s: float


@dataclass(frozen=True)
class Requests:
    """One row for each listing sent for recognition, in order of time."""

    second: NDArray[np.float64]
    seller: NDArray[np.int64]
    goods: NDArray[np.int64]
    declared: NDArray[np.int64]
    setting: NDArray[np.int64]
    pictures: NDArray[np.uint8]  # (n, 256)
    files_after_s: NDArray[np.float64]  # an appeal, when it would be suppressed; infinity for never
    bucket: NDArray[np.float64]  # 0 to 1, for staged rollouts


@dataclass
class VisionStage(Stage):
    """All that is drawn before any control plays a part."""

    market: Market = field(default=None, repr=False)  # type: ignore[assignment]  # set by prepare
    requests: Requests = field(default=None, repr=False)  # type: ignore[assignment]

    @property
    def scale(self) -> float:
        """Size against the lesson size: desks grow with the traffic."""
        return self.setting.rows / 9_000.0


def draw_market(setting: Setting) -> Market:
    """Draw the vendor of one seed."""

    def rng(purpose: str) -> np.random.Generator:
        return draw_stream(setting.seed, setting.world, "market", purpose)

    group = 1 + int(rng("group").integers(len(SETTINGS) - 1))
    region = int(rng("region").integers(len(REGIONS)))
    small = rng("small").random(SELLERS) < 0.45
    where = rng("seller region").choice(
        len(REGIONS), SELLERS, p=rng("region share").dirichlet(np.full(5, 30.0))
    )
    base = np.array([0.90, 0.025, 0.025, 0.025, 0.025])
    mix = np.where(small[:, None], rng("mix").dirichlet([9.0, 1.2, 1.2, 1.2, 1.2], SELLERS), base)
    share = np.where(
        small & (where == region),
        GROUP_SHARE[setting.difficulty],
        np.where(small, ELSEWHERE[setting.difficulty], 0.008),
    )
    mix[:, group] = 0.0
    mix = mix / mix.sum(axis=1, keepdims=True) * (1 - share[:, None])
    mix[:, group] = share
    client = rng("seller client").integers(0, CLIENTS, SELLERS)
    release = float(
        np.floor(rng("release").uniform(5.0, 9.0) * 24) * HOUR_S + rng("minute").integers(0, 3600)
    )
    # The client of the bad upload has little to do with the affected region.
    affected = np.bincount(client, weights=small & (where == region), minlength=CLIENTS)
    quiet = np.argsort(affected, kind="stable")[:4]
    return Market(
        client_names=draw_names(rng("client names"), CLIENTS, "Shop"),
        seller_id=(1_000 + rng("seller id").permutation(9_000)[:SELLERS]).astype(np.int64),
        seller_client=client,
        seller_region=where,
        seller_is_small=small,
        seller_weight=(rng("seller weight").pareto(2.5, SELLERS) + 0.4) * np.where(small, 0.7, 1.4),
        mix=mix,
        group=group,
        region=region,
        release_s=release,
        bad_client=int(rng("bad client").choice(quiet)),
        bad_from_s=release + float(rng("bad upload").uniform(-20, 30)) * HOUR_S,
    )


def draw_requests(setting: Setting, market: Market, *, rows: int, shard: str = "0") -> Requests:
    """Draw the listings: when, whose, what is in the picture, what the seller says it is."""

    def rng(purpose: str) -> np.random.Generator:
        return draw_stream(setting.seed, setting.world, "requests", purpose, shard)

    hour = np.arange(DAYS * 24)
    weight = (1.0 + 0.6 * np.sin(2 * np.pi * (hour % 24 - 8) / 24)).cumsum()
    draw = rng("when")
    second = np.searchsorted(weight, draw.random(rows) * weight[-1], side="right") * HOUR_S
    second = second + draw.integers(0, 3600, rows)
    share = market.seller_weight / market.seller_weight.sum()
    seller = rng("seller").choice(SELLERS, rows, p=share)
    goods = rng("goods").integers(0, len(GOODS), rows)
    other = (goods + rng("other goods").integers(1, len(GOODS), rows)) % len(GOODS)
    is_bad = rng("bad upload").random(rows) < BAD_BATCH[setting.difficulty]
    theirs = np.flatnonzero(market.seller_client == market.bad_client)
    seller = np.where(is_bad, theirs[rng("bad seller").integers(0, len(theirs), rows)], seller)
    second = np.where(
        is_bad, np.floor(market.bad_from_s + rng("bad when").uniform(0, 10, rows) * HOUR_S), second
    )
    wrong = rng("wrong").random(rows) < np.where(is_bad, 0.75, 0.03)
    order = np.argsort(second, kind="stable")
    second, seller = second[order], seller[order]
    goods, other, wrong = goods[order], other[order], wrong[order]
    pick = rng("setting").random(rows)
    setting_of = (pick[:, None] > market.mix[seller].cumsum(axis=1)).sum(axis=1).clip(0, len(SETTINGS) - 1)
    files = rng("appeal")
    wait = np.floor(np.exp(files.normal(np.log(14.0), 0.8, rows)) * HOUR_S)
    is_filed = files.random(rows) < np.where(wrong, 0.15, 0.55)
    return Requests(
        second=second,
        seller=seller,
        goods=goods,
        declared=np.where(wrong, other, goods),
        setting=setting_of,
        pictures=draw_pictures(rng("pictures"), goods=goods, setting=setting_of),
        files_after_s=np.where(is_filed, wait, np.inf),
        bucket=rng("bucket").random(rows),
    )
