"""Small, dictionary-free grammar that the judges share: words, stems, clauses, and where they stand.

No English model ships with the course, so this is deliberately modest: it knows suffixes and
punctuation, never a parse tree. Each judge brings its own word lists.
"""

from __future__ import annotations

import re
from functools import lru_cache

from aiir_lab.records.errors import AiirError

MAX_CHARS = 4_000
"""Longest text that is judged; what follows is not read. A status update or an action is far shorter."""

_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*(?:-[A-Za-z]+)*|\d+(?:[.,]\d+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”)]*\s+(?=[A-Z0-9\"“'(])|\n+")


def word_set(text: str) -> frozenset[str]:
    """The words of a blank-separated list, for word lists that stay readable."""
    return frozenset(text.split())


STOP_WORDS = word_set(
    """a an the this that these those it its they their them he she his her we us our you your i my and or
    but so because since as of to in on at by for from with without into onto over under out up down
    off than then is are was were be been being am do does did done has have had having will would
    can could may might must shall should not no nor also too very just only still again there here
    which who whom whose what when where while if until after before about all any some each every
    both more most other such own same s t due got get gets getting went go goes one two three use
    used using"""
)

_IRREGULAR = {
    "ran": "run", "run": "run", "broke": "break", "broken": "break", "sent": "send", "wrote": "write",
    "written": "write", "fell": "fall", "fallen": "fall", "grew": "grow", "grown": "grow", "rose": "rise",
    "risen": "rise", "lost": "lose", "saw": "see", "seen": "see", "read": "read", "took": "take",
    "taken": "take", "gave": "give", "given": "give", "chose": "choose", "chosen": "choose", "came": "come",
    "caught": "catch", "stood": "stand", "built": "build", "knew": "know", "known": "know", "left": "leave",
    "made": "make", "met": "meet", "paid": "pay", "told": "tell", "forgot": "forget", "forgotten": "forget",
    "children": "child", "people": "person", "data": "data", "analyses": "analysis", "series": "series",
    "slept": "sleep", "thought": "think", "brought": "bring", "bought": "buy", "kept": "keep", "held": "hold",
    "hid": "hide", "hidden": "hide", "shown": "show", "drew": "draw", "drawn": "draw", "shut": "shut",
    "stopped": "stop", "dropped": "drop", "missing": "miss", "process": "process", "access": "access",
}  # fmt: skip


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A crude stem: good enough to see that "failed", "failing" and "failures" are one word.

    Examples
    --------
    >>> [stem(w) for w in ("retries", "retried", "labels", "labelled", "labelling")]
    ['retry', 'retry', 'label', 'label', 'label']
    """
    word = word.lower().replace("’", "'").removesuffix("'s").rstrip("'")
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) <= 3:
        return word
    for ending, new in (
        ("ies", "y"),
        ("ied", "y"),
        ("sses", "ss"),
        ("ches", "ch"),
        ("shes", "sh"),
        ("xes", "x"),
    ):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word[: -len(ending)] + new
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("eed"):
            word = word[: -len(ending)]
            if word[-1] == word[-2] and word[-1] not in "se":
                word = word[:-1]
            break
    for ending in ("ation", "ement", "ment", "ly", "ness", "ure", "ion"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            break
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


def words(text: str) -> list[str]:
    """The words and numbers of a text, lower case."""
    return [match.group().lower().replace("’", "'") for match in _WORD.finditer(text)]


def stems(text: str) -> list[str]:
    """The stems of a text's content words, in order."""
    return [stem(word) for word in words(text) if word not in STOP_WORDS and not word[0].isdigit()]


def sentences(text: str) -> list[tuple[int, int]]:
    """Character spans of the sentences; a line break also ends one.

    Examples
    --------
    >>> text = "It is slow. We are on it."
    >>> [text[a:b] for a, b in sentences(text)]
    ['It is slow.', 'We are on it.']
    """
    spans, start = [], 0
    for match in _SENTENCE_END.finditer(text):
        spans.append((start, match.start()))
        start = match.end()
    spans.append((start, len(text)))
    return [(a, b) for a, b in spans if text[a:b].strip()]


def checked_text(value: object, *, what: str, function: str) -> str:
    """`value` as text that is safe to judge; a clear error where it is no text."""
    if not isinstance(value, str):
        raise AiirError(
            f"{function}: {what} must be text (str), got {type(value).__name__}. "
            f'Pass the words themselves, for example {function}("...").'
        )
    return value[:MAX_CHARS]
