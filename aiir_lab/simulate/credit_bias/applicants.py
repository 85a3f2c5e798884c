"""Who applies, what two bureaus know of them, and who would repay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aiir_lab.simulate.randomness import draw_stream
from aiir_lab.simulate.world import Setting, Stage

DAYS, DAY_S = 84, 86_400
AREAS = 12  # postcode areas
OLD_ROWS = 9_000  # applications of the years before, with known repayment
AFFECTED_AREAS = {"easy": 5, "normal": 4, "hard": 3}
MATCH_FAILS = {"easy": 0.95, "normal": 0.85, "hard": 0.7}
HOUSING = ("owns", "rents_house", "rents_flat")
FIELDS = ("income_usd", "debt_ratio", "late_payments", "months_at_address", "accounts_in_file")


@dataclass(frozen=True)
class People:
    """One row for each application; the truth about each applicant."""

    in_group: NDArray[np.bool_]  # the group that will bear the harm; the lender does not know it
    area: NDArray[np.int64]
    housing: NDArray[np.int64]
    fields: NDArray[np.float64]  # (n, FIELDS) as the old feed knows them
    is_good: NDArray[np.bool_]  # would repay


@dataclass(frozen=True)
class Scene:
    """The lender of one seed."""

    group_names: tuple[str, str]  # the group that bears the harm first
    group_share: NDArray[np.float64]  # by area
    areas: tuple[int, ...]  # where the new bureau cannot match flats
    onset_s: float
    newer_model_s: float
    target_rate: float
    postcodes: tuple[str, ...]


@dataclass
class CreditStage(Stage):
    """Everything drawn before any control plays a part."""

    scene: Scene = None  # type: ignore[assignment]  # always given; Stage has defaults before it
    second: NDArray[np.float64] = None  # type: ignore[assignment]
    people: People = None  # type: ignore[assignment]
    new_fields: NDArray[np.float64] = None  # type: ignore[assignment]  # as the new feed knows them
    old: People = None  # type: ignore[assignment]  # training rows
    noise: dict[str, NDArray[Any]] = None  # type: ignore[assignment]


def draw_scene(setting: Setting) -> Scene:
    """Draw the lender, its areas and the day of the new feed."""

    def rng(purpose: str) -> np.random.Generator:
        return draw_stream(setting.seed, setting.world, "scene", purpose)

    when = rng("when")
    onset = (int(when.integers(24, 36)) * 24 + int(when.integers(1, 5))) * 3600.0
    share = rng("share").uniform(0.1, 0.3, AREAS)
    high = rng("areas").permutation(AREAS)[: AFFECTED_AREAS[setting.difficulty] + 2]
    share[high] = rng("high share").uniform(0.6, 0.85, len(high))
    names = ("A", "B") if rng("names").random() < 0.5 else ("B", "A")
    codes = rng("postcodes").permutation(90)[:AREAS] + 10
    return Scene(
        names, share,
        tuple(sorted(high[: AFFECTED_AREAS[setting.difficulty]].tolist())),
        onset_s=onset,
        newer_model_s=onset + float(when.choice([-3, -2, 2, 3])) * DAY_S + 5 * 3600.0,
        target_rate=float(when.uniform(0.55, 0.65)),
        postcodes=tuple(f"P{c}" for c in codes.tolist()),
    )  # fmt: skip


def draw_people(setting: Setting, scene: Scene, purpose: str, rows: int) -> People:
    """Draw applicants; nothing about repayment depends on the group itself."""

    def rng(what: str) -> np.random.Generator:
        return draw_stream(setting.seed, setting.world, purpose, what)

    area = rng("area").integers(0, AREAS, rows)
    in_group = rng("group").random(rows) < scene.group_share[area]
    u = rng("housing").random(rows)
    flat = np.where(in_group, 0.7, 0.25)
    housing = np.where(u < flat, 2, np.where(u < flat + 0.2, 1, 0))
    months = rng("months").gamma(1.6, np.where(housing == 0, 60.0, 32.0)).round()
    months[(housing > 0) & (rng("moved").random(rows) < 0.08)] = 0.0
    income = rng("income").lognormal(7.9, 0.4, rows).round(0)
    debt = rng("debt").beta(2.2, 4.0, rows).round(3)
    late = rng("late").poisson(rng("habit").gamma(0.8, 1.0, rows))
    accounts = 1 + rng("accounts").poisson(2.5, rows) + np.minimum(months // 40, 3)
    accounts[rng("thin").random(rows) < 0.08] = 0  # some people never borrowed
    fields = np.column_stack([income, debt, late, months, accounts]).astype(float)
    logit = (
        -0.6
        + 1.1 * (np.log(income) - 7.9)
        - 3.2 * (debt - 0.35)
        - 0.85 * late
        + 0.75 * np.log1p(months / 12)
        + 0.45 * accounts
    )
    is_good = rng("repays").random(rows) < 1 / (1 + np.exp(-logit))
    return People(in_group, area, housing, fields, is_good)


def draw_new_feed(setting: Setting, scene: Scene, people: People) -> NDArray[np.float64]:
    """Write down what the new bureau returns: it finds no file for many flats that share one address."""
    rng = draw_stream(setting.seed, setting.world, "matching")
    hit = np.isin(people.area, scene.areas) & (people.housing == 2)
    missed = rng.random(len(hit)) < np.where(hit, MATCH_FAILS[setting.difficulty], 0.03)
    fields = people.fields.copy()
    fields[missed, 3] = 0.0
    fields[missed, 4] = 0.0
    return fields
