"""Random streams that depend on their purpose alone, so that a control never shifts another draw."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


def derive_seed(seed: int, *purpose: str | int) -> int:
    """Hash a seed and a purpose to 128 bits, the same on every machine and Python version.

    Parameters
    ----------
    seed : int
        The learner's seed.
    *purpose : str or int
        What the numbers are for, for instance ``"fraud_poisoning", "amounts"``.

    Returns
    -------
    int
        0 to 2**128 - 1.

    Examples
    --------
    >>> derive_seed(7, "fraud_poisoning", "amounts") == derive_seed(7, "fraud_poisoning", "amounts")
    True
    """
    # Python's own hash() is salted per process; blake2b is not.
    text = "\x1f".join([str(int(seed)), *map(str, purpose)])
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=16).digest(), "big")


def draw_stream(seed: int, *purpose: str | int) -> np.random.Generator:
    """Open the random generator of one purpose.

    Two purposes never share numbers. A world opens one stream for each thing it
    draws; what one control consumes then leaves every other draw as it was
    (common random numbers), and the difference between two replays is the
    effect of the control, not luck.

    Examples
    --------
    >>> draw_stream(7, "doc", "amounts").integers(0, 10, 3).shape
    (3,)
    """
    return np.random.Generator(np.random.PCG64(derive_seed(seed, *purpose)))


def draw_by_key(seed: int, *purpose: str | int, keys: NDArray[np.int64]) -> NDArray[np.float64]:
    """Give each key (a row id) its own uniform number, whichever other keys are asked for.

    Use it for what happens to *some* rows, chosen by earlier decisions: whether a
    blocked customer writes a ticket must not depend on how many others were blocked.

    Parameters
    ----------
    seed, *purpose
        As for :func:`draw_stream`.
    keys : array of int64
        Row ids, 0 or greater.

    Returns
    -------
    array of float64
        In [0, 1), same shape as `keys`.

    Notes
    -----
    The finaliser is SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).

    Examples
    --------
    >>> both = draw_by_key(7, "doc", keys=np.array([3, 9]))
    >>> bool(both[1] == draw_by_key(7, "doc", keys=np.array([9]))[0])
    True
    """
    base = np.uint64(derive_seed(seed, *purpose) & 0xFFFF_FFFF_FFFF_FFFF)
    with np.errstate(over="ignore"):  # wrapping at 2**64 is the algorithm
        mixed = keys.astype(np.uint64) * _GOLDEN + base
        mixed = (mixed ^ (mixed >> np.uint64(30))) * _MIX_1
        mixed = (mixed ^ (mixed >> np.uint64(27))) * _MIX_2
        mixed = mixed ^ (mixed >> np.uint64(31))
    return (mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53
