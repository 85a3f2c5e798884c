"""Invented words and the ways of spelling them: nothing here means anything in any language."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

_CONSONANTS = "bdlmrtvz"
_VOWELS = "aeiou"
_UNWANTED = ("tit", "lolit", "retar", "bitu")  # pieces that recall real words
_DIGIT = str.maketrans("aeio", "4310")
_LETTER = str.maketrans("4310", "aeio")

# 0 is the plain spelling. The order is part of the bytes of a run: append only.
SPELLINGS = ("plain", "digits", "doubled", "split", "turned", "no_vowels", "infixed")
TRICKS = SPELLINGS[1:]
NORMALISER_KNOWS = ("digits", "doubled", "split")


def draw_words(rng: np.random.Generator, count: int, *, taken: Iterable[str] = ()) -> list[str]:
    """Draw `count` different words of three syllables, none of them in `taken`.

    Examples
    --------
    >>> len(set(draw_words(np.random.default_rng(1), 50)))
    50
    """
    used, words = set(taken), list[str]()
    while len(words) < count:
        pairs = zip(
            rng.integers(0, len(_CONSONANTS), 3).tolist(), rng.integers(0, 5, 3).tolist(), strict=True
        )
        word = "".join(_CONSONANTS[c] + _VOWELS[v] for c, v in pairs)
        if word not in used and not any(piece in word for piece in _UNWANTED):
            used.add(word)
            words.append(word)
    return words


def draw_lookalikes(
    rng: np.random.Generator, words: list[str], count: int, *, taken: Iterable[str]
) -> list[str]:
    """Draw innocent words that share two syllables with one of `words`: what a filter stumbles over."""
    used, found = {*taken, *words}, list[str]()
    while len(found) < count:
        near = words[int(rng.integers(len(words)))]
        [other] = draw_words(rng, 1)
        word = near[:4] + other[:2]
        if word not in used and not any(piece in word for piece in _UNWANTED):
            used.add(word)
            found.append(word)
    return found


def spell(word: str, spelling: str) -> str:
    """Write a word of three syllables in one of the spellings.

    Examples
    --------
    >>> [spell("toruma", s) for s in SPELLINGS]
    ['toruma', 't0rum4', 'ttorrumma', 'to.ru.ma', 'maruto', 'trm', 'toxrumax']
    """
    first, second, third = word[:2], word[2:4], word[4:]
    return {
        "plain": word,
        "digits": word.translate(_DIGIT),
        "doubled": "".join(c * 2 if c in _CONSONANTS else c for c in word),
        "split": f"{first}.{second}.{third}",
        "turned": third + second + first,
        "no_vowels": "".join(c for c in word if c not in _VOWELS),
        "infixed": f"{first}x{second}{third}x",
    }[spelling]


def normalise(text: str) -> str:
    """Undo what a simple normaliser can: digits for letters, doubled letters, dots inside words.

    Examples
    --------
    >>> normalise("t0rum4 ttorrumma to.ru.ma marut0")
    'toruma toruma toruma maruto'
    """
    plain = text.translate(_LETTER).replace(".", "")
    return "".join(c for i, c in enumerate(plain) if c == " " or i == 0 or plain[i - 1] != c)
