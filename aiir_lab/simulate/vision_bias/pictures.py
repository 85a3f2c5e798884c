"""Small pictures drawn by code: goods of six kinds in five ways of taking a photograph."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aiir_lab.records.errors import AiirError

SIDE = 16  # pixels
LEVELS = 16  # grey levels: one hexadecimal digit for each pixel
GOODS = ("bag", "bottle", "cup", "hat", "lamp", "shoe")
SETTINGS = ("studio", "dark_table", "dim_room", "lying_flat", "from_afar")

Floats = NDArray[np.float64]


def draw_pictures(
    rng: np.random.Generator, *, goods: NDArray[np.int64], setting: NDArray[np.int64]
) -> NDArray[np.uint8]:
    """Draw one picture for each entry.

    Parameters
    ----------
    goods : array of int
        Index into `GOODS`.
    setting : array of int
        Index into `SETTINGS`.

    Returns
    -------
    array of uint8
        (n, SIDE * SIDE), 0 (black) to 15 (white), row by row.

    Examples
    --------
    >>> draw_pictures(np.random.default_rng(1), goods=np.array([2]), setting=np.array([0])).shape
    (1, 256)
    """
    n = len(goods)
    kind = setting[:, None, None]
    axis = (np.arange(SIDE) - (SIDE - 1) / 2) / (SIDE / 2)
    y, x = (a[None] for a in np.meshgrid(axis, axis, indexing="ij"))
    size = rng.uniform(0.8, 1.1, (n, 1, 1)) * np.where(kind == 4, 0.5, 1.0)
    tilt = rng.uniform(-0.15, 0.15, (n, 1, 1))
    across = (x - rng.uniform(-0.14, 0.14, (n, 1, 1))) / size
    up = -(y - rng.uniform(-0.12, 0.12, (n, 1, 1))) / size
    across, up = np.where(kind == 3, -up, across), np.where(kind == 3, across, up)  # lies on its side
    across = across * rng.choice([-1.0, 1.0], (n, 1, 1))
    u, v = across + tilt * up, up - tilt * across
    stretch = rng.uniform(0.88, 1.12, (n, 1, 1))
    shape = np.zeros((n, SIDE, SIDE), dtype=bool)
    for what in range(len(GOODS)):
        rows = goods == what
        shape[rows] = _outline(what, u[rows] * stretch[rows], v[rows])

    ground = np.where(kind == 1, rng.uniform(0.10, 0.28, (n, 1, 1)), rng.uniform(0.80, 0.97, (n, 1, 1)))
    ground = ground + rng.uniform(-0.06, 0.06, (n, 1, 1)) * x  # light falls a little from one side
    item = np.where(kind == 1, rng.uniform(0.55, 0.95, (n, 1, 1)), rng.uniform(0.12, 0.5, (n, 1, 1)))
    item = item * (1.0 + rng.uniform(-0.15, 0.15, (n, 1, 1)) * u)
    picture = np.where(shape, item, ground) * np.where(kind == 2, rng.uniform(0.28, 0.42, (n, 1, 1)), 1.0)
    picture = picture + rng.normal(0.0, 0.045, picture.shape)
    levels: NDArray[np.uint8] = np.clip(np.round(picture * (LEVELS - 1)), 0, LEVELS - 1).astype(np.uint8)
    return levels.reshape(n, SIDE * SIDE)


def _outline(kind: int, u: Floats, v: Floats) -> NDArray[np.bool_]:
    """Say which pixels belong to goods of one kind; u to the right, v up, about -1 to 1."""
    if kind == 0:  # bag: a body that widens below, an arc above
        body = (v < 0.15) & (v > -0.7) & (np.abs(u) < 0.5 - 0.15 * v)
        ring = np.hypot(u, v - 0.15)
        return body | ((ring < 0.48) & (ring > 0.28) & (v > 0.1))
    if kind == 1:  # bottle: a narrow neck on a body
        body = (np.abs(u) < 0.3) & (v < 0.15) & (v > -0.8)
        return body | ((np.abs(u) < 0.13) & (v >= 0.15) & (v < 0.8))
    if kind == 2:  # cup: a broad body, a handle at one side
        ring = np.hypot(u - 0.42, v)
        body = (np.abs(u + 0.08) < 0.45) & (np.abs(v) < 0.45)
        return body | ((ring < 0.36) & (ring > 0.17) & (u > 0.3))
    if kind == 3:  # hat: a dome on a broad brim
        dome = (np.hypot(u / 0.45, (v + 0.15) / 0.6) < 1) & (v > -0.2)
        return dome | ((np.abs(u) < 0.85) & (np.abs(v + 0.28) < 0.14))
    if kind == 4:  # lamp: a shade, a thin stem, a foot
        shade = (v > 0.1) & (v < 0.75) & (np.abs(u) < 0.72 - 0.6 * v)
        stem = (np.abs(u) < 0.09) & (v <= 0.1) & (v > -0.65)
        return shade | stem | ((np.abs(u) < 0.36) & (v <= -0.6) & (v > -0.82))
    sole = (np.abs(u) < 0.75) & (v < -0.15) & (v > -0.5)  # shoe: a long sole, a high heel part
    return sole | ((u < -0.1) & (u > -0.72) & (v >= -0.15) & (v < 0.5))


def write_pixels(picture: NDArray[np.uint8]) -> str:
    """Write a picture as 256 hexadecimal digits, 0 black to f white, row by row."""
    return "".join("0123456789abcdef"[level] for level in picture.tolist())


def read_pixels(pixels: str) -> NDArray[np.uint8]:
    """Turn the `pixels` of the table `pictures` into a picture to look at.

    Parameters
    ----------
    pixels : str
        256 hexadecimal digits, 0 black to f white, row by row.

    Returns
    -------
    array of uint8
        (16, 16), 0 to 15.

    Raises
    ------
    AiirError
        When the text is no such picture.

    Examples
    --------
    >>> int(read_pixels("f" * 256).min())
    15
    """
    if not isinstance(pixels, str) or len(pixels) != SIDE * SIDE or set(pixels) - set("0123456789abcdef"):
        shown = repr(pixels) if len(repr(pixels)) < 40 else f"{repr(pixels)[:36]}..."
        raise AiirError(
            f"pixels={shown} is no picture. Expected {SIDE * SIDE} digits 0-9 and a-f, "
            'one value of the column "pixels": read_pixels(run.observe()["pictures"]["pixels"].iloc[0]).'
        )
    return np.array([int(digit, 16) for digit in pixels], dtype=np.uint8).reshape(SIDE, SIDE)
