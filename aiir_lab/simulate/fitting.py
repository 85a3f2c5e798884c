"""Fit real models so that replays share them and machines agree on them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from aiir_lab.simulate.world import Stage

T = TypeVar("T")


def fingerprint(*arrays: NDArray[Any]) -> str:
    """Hash arrays by their bytes, for use as a key: equal training data, equal model."""
    digest = hashlib.blake2b(digest_size=16)
    for array in arrays:
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def remember(stage: Stage, key: tuple[Any, ...], make: Callable[[], T]) -> T:
    """Compute once for all replays of a run what depends on nothing but `key`.

    Examples
    --------
    ``model = remember(stage, ("fit", week, fingerprint(labels)), lambda: fit(labels))``
    """
    if key not in stage.memo:
        stage.memo[key] = make()
    value: T = stage.memo[key]
    return value


def in_one_thread(make: Callable[[], T]) -> T:
    """Run a fit or a prediction on one thread.

    A sum split over threads is added in another order, and its last bit may turn a
    tie in a tree. One thread gives the same model on two cores as on sixty-four;
    on the small data of a world it is also the faster way.
    """
    with _thread_pools().limit(limits=1):
        return make()


@lru_cache(maxsize=1)
def _thread_pools() -> Any:
    """Find the loaded thread pools once: looking takes longer than a small prediction."""
    import sklearn.ensemble  # noqa: F401  # loads every pool that a fit may use, before we look
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
