"""How long an answer takes when it is spoken."""

from __future__ import annotations

from aiir_lab.review.phrasing import words

WORDS_PER_MIN = 140
"""A calm pace for speaking; our own choice."""

SHORTEST_S, LONGEST_S = 60, 180
"""Under a minute nobody sees you decide; over three nobody listens. Our own bounds."""


def spoken_s(text: str) -> float:
    """Seconds that a text takes when it is spoken at a calm pace.

    Examples
    --------
    >>> spoken_s("word " * 70)
    30.0
    """
    return len(words(text)) / WORDS_PER_MIN * 60


def say_duration(seconds: float) -> str:
    """Seconds as people say them.

    Examples
    --------
    >>> say_duration(95), say_duration(40)
    ('1 min 35 s', '40 s')
    """
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
