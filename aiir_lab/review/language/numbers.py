"""Judge sentences that differ by numbers alone ("at 09:14 batch 12 ...") once: no rule reads a number."""

from __future__ import annotations

import re
from functools import cache

from aiir_lab.review.language.join import parse
from aiir_lab.review.language.parse import Parse
from aiir_lab.review.language.rules import rules

_TO_ZERO = str.maketrans("123456789", "000000000")
_DIGIT = re.compile(r"[0-9]")


@cache
def _with_a_meaning() -> re.Pattern[str]:
    """Digits beside a letter ("s3", "id10t") and the numbers that a rule names ("layer 8")."""
    named = {
        word for rule in rules() for words, _ in rule.pattern.required for word in words if word.isdigit()
    }
    return re.compile(
        r"[^\W0-9]['’.\-–/]?[0-9]|[0-9]['’.\-–/]?[^\W0-9]" + "".join(rf"|\b{n}\b" for n in named)
    )


def shape(sentence: str) -> str:
    """The sentence with zeros for digits, as long as before; unchanged where a digit has a meaning.

    Examples
    --------
    >>> shape("At 09:14 batch 12 was read."), shape("Bucket s3 was read.")
    ('At 00:00 batch 00 was read.', 'Bucket s3 was read.')
    """
    if _DIGIT.search(sentence) is None or _with_a_meaning().search(sentence) is not None:
        return sentence
    return sentence.translate(_TO_ZERO)


def with_numbers(items: Parse, sentence: str) -> Parse:
    """The items of a sentence's shape, with the numbers of the sentence."""
    changed = [at for at, word in enumerate(items.words) if "0" in word]
    if not changed:
        return items
    if any("_" in items.words[at] for at in changed):
        return parse(sentence)  # a number inside a joined item: seldom
    words = list(items.words)
    for at in changed:
        words[at] = sentence[items.starts[at] : items.ends[at]].lower()
    return Parse(words, items.tags, items.starts, items.ends)
