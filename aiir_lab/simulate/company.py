"""Invented companies and roles, so that no incident names a real firm or person."""

from __future__ import annotations

import numpy as np

_FIRST = (
    "Amber", "Arbor", "Bellow", "Birch", "Cinder", "Copper", "Dapple", "Fallow", "Fen", "Gannet",
    "Harrow", "Heron", "Juniper", "Kelp", "Larch", "Lumen", "Marl", "Nettle", "Ochre", "Osprey",
    "Pebble", "Quill", "Rowan", "Saffron", "Sedge", "Tamar", "Thistle", "Umber", "Willow", "Yarrow",
)  # fmt: skip
_SECOND = (
    "bank", "beck", "bridge", "brook", "croft", "dale", "field", "ford", "gate", "grove", "haven",
    "hollow", "lane", "marsh", "mere", "mill", "moor", "quay", "reach", "ridge", "shore", "stone",
    "vale", "wick",
)  # fmt: skip


def draw_company(rng: np.random.Generator, kind: str) -> str:
    """Draw the name of an invented company.

    Parameters
    ----------
    kind : str
        The word that says what it does, for instance ``"Pay"`` or ``"Retail"``.

    Examples
    --------
    >>> draw_company(np.random.default_rng(1), "Pay").endswith(" Pay")
    True
    """
    return f"{_FIRST[int(rng.integers(len(_FIRST)))]}{_SECOND[int(rng.integers(len(_SECOND)))]} {kind}"


def draw_names(rng: np.random.Generator, count: int, kind: str = "") -> list[str]:
    """Draw `count` different invented names, at most 720; for merchants, clients, suppliers."""
    chosen = rng.permutation(len(_FIRST) * len(_SECOND))[:count]
    tail = f" {kind}" if kind else ""
    return [f"{_FIRST[i // len(_SECOND)]}{_SECOND[i % len(_SECOND)]}{tail}" for i in chosen.tolist()]
