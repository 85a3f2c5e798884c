"""The small network that reads the answers of a chain of whys beside what was said before them.

Whether a sentence says an earlier one again in quite other words, or only sounds as if it explained it, no
list of words can tell. A sentence encoder that has read much prose was trained further on our chains
(:mod:`aiir_lab.review.whys.training`; decision 4 has the figures). It gives no reason beyond the statement
that an answer comes closest to; :mod:`aiir_lab.review.whys.links` finds that one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib import resources

from aiir_lab.review.encoder import Encoder

LINKS = ("follows", "circular", "non_sequitur")
ENDS = ("reaches_system_cause", "stops_at_person", "stops_at_proximate")


@cache
def _encoder() -> Encoder:
    return Encoder.read(resources.files("aiir_lab.review.whys").joinpath("network.npz"))


def pair(earlier: Sequence[str], answer: str) -> tuple[str, str]:
    """What was said before an answer, as one text, and the answer, as the network reads them.

    Whether a statement ends with a full stop must not matter: authors differ in it.

    Examples
    --------
    >>> pair(["It was down.", "The disk was full"], "Because logs filled it.")
    ('It was down ; The disk was full', 'logs filled it')
    """
    return " ; ".join(map(bare, earlier)), bare(answer)


def bare(statement: str) -> str:
    """A statement without the "because" that opens it and the sign that ends it."""
    opened = re.sub(r"^\s*(?:because|since|as)\b[\s,:]*", "", statement, flags=re.IGNORECASE)
    return opened.rstrip(" \t\r\n.!?;:") or statement


@lru_cache(maxsize=4_096)  # the chains of one graph begin alike
def read(earlier: tuple[str, ...], answer: str) -> tuple[dict[str, float], dict[str, float]]:
    """Probabilities of an answer's link to what was said before it, and of where it ends.

    Parameters
    ----------
    earlier : tuple of str
        The problem, and the answers before.
    answer : str
        What is judged.

    Returns
    -------
    tuple of two dict
        By :data:`LINKS` and by :data:`ENDS`, each with the sum 1.
    """
    links, ends = _encoder().probabilities(*pair(earlier, answer), ("links", "ends"))
    return dict(zip(LINKS, links, strict=True)), dict(zip(ENDS, ends, strict=True))
