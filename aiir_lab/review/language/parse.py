"""The words of a sentence with their tags and exact places: the first step of the light grammar.

There is no statistical parser behind it (none ships as a plain package).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from aiir_lab.review.language.text import QUOTED
from aiir_lab.review.language.words import lexicon, sections

TOKEN = re.compile(r"@?\w+(?:['’.\-–/]\w+)*|[^\w\s]")
_OPENING = frozenset(".:;-–—|(#•[>!?")
_NAMES = frozenset("PNTU")
NAMED_MARKS = {"/": "slash", "|": "pipe"}
_CONTRACTED = re.compile(r"(?i)^(.+?)(n['’]t|['’](?:ve|re|ll|d|s|m))((?:['’]ve)?)$")
# Contractions as people type them in a chat.
_BARE: dict[str, tuple[str, ...]] = {
    verb + "nt": (verb, "not")
    for verb in (
        "did",
        "does",
        "do",
        "was",
        "were",
        "is",
        "are",
        "has",
        "have",
        "had",
        "would",
        "could",
        "should",
    )
}
_BARE |= {modal + "ve": (modal, "have") for modal in ("should", "could", "would")}
_BARE |= {"shoulda": ("should", "have"), "coulda": ("could", "have"), "cannot": ("can", "not")}
_BARE |= {"cant": ("can", "not"), "wont": ("will", "not"), "cuz": ("because",), "coz": ("because",)}
_IRREGULAR_NOT = {"won't": "will", "can't": "can", "shan't": "shall", "ain't": "is"}


@dataclass(slots=True)
class Parse:
    """The items of one sentence, side by side: lower-case word, tags, and the span in the text."""

    words: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def add(self, word: str, tags: str, start: int, end: int) -> None:
        self.words.append(word)
        self.tags.append(tags)
        self.starts.append(start)
        self.ends.append(end)

    def has(self, index: int, letters: str) -> bool:
        """Whether the item has any of the tags."""
        if not 0 <= index < len(self.tags):
            return False
        tags = self.tags[index]
        for letter in letters:  # noqa: SIM110 - the hot spot of the parser
            if letter in tags:
                return True
        return False

    def word(self, index: int) -> str:
        return self.words[index] if 0 <= index < len(self.words) else ""

    def __len__(self) -> int:
        return len(self.words)


def tag(sentence: str) -> Parse:
    """The words of a sentence with their tags, before they are joined."""
    words: list[str] = []
    tags: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    company_tails = sections()["company_tails"]
    initial = True
    for match in TOKEN.finditer(sentence):
        raw = match.group()
        low, letters, further, initial = _tagged(raw, initial)
        if low in company_tails and raw[0].isupper() and tags and not _NAMES.isdisjoint(tags[-1]):
            letters = "PT"
        start, end = match.span()
        words.append(low)
        tags.append(letters)
        starts.append(start)
        ends.append(end)
        for extra in further:
            words.append(extra)
            tags.append(lexicon().get(extra, ""))
            starts.append(start)
            ends.append(end)
    return Parse(words, tags, starts, ends)


@lru_cache(maxsize=50_000)
def _tagged(raw: str, initial: bool) -> tuple[str, str, tuple[str, ...], bool]:
    """A word or a mark: lower-case form, tags, further words, and whether a sentence may begin after it."""
    if not (raw[0].isalnum() or raw[0] in "@_"):
        return NAMED_MARKS.get(raw, raw), "", (), raw in _OPENING
    return *tagged_word(raw[:60], initial), False


@lru_cache(maxsize=20_000)
def tagged_word(raw: str, initial: bool) -> tuple[str, str, tuple[str, ...]]:
    """Lower-case form, tags and, for a contraction, the further words of a word."""
    lists = sections()
    low = raw.lower().replace("’", "'")
    genitive = False
    rest: tuple[str, ...] = ()
    if low in _BARE:
        low, *more = _BARE[low]
        rest = tuple(more)
    elif "'" in low and (parts := _CONTRACTED.match(low)):
        low, genitive, rest = _uncontract(low, parts)
    tags = lexicon().get(low, "")
    is_name = low in lists["names"] and (raw[0].isupper() or low not in lists["names_that_are_words"])
    if raw[0] == QUOTED:
        tags = "O"
    elif (raw[0] == "@" and len(raw) > 1) or (
        is_name and not (low in lists["names_that_are_words"] and tags and initial)
    ):
        tags = "PN"
    elif low in lists["companies"]:
        tags = "PT"
    elif not tags or (raw[0].isupper() and not initial and set(tags) <= set("1S")):
        tags = _shape(raw, low, initial)
    if low == "it":
        tags = "PT" if raw == "IT" else "S"
    return low, tags + "g" if genitive else tags, rest


def _uncontract(low: str, parts: re.Match[str]) -> tuple[str, bool, tuple[str, ...]]:
    base, ending, tail = parts.group(1), parts.group(2).replace("’", "'"), parts.group(3)
    rest: tuple[str, ...] = ("have",) if tail else ()
    if ending == "n't":
        return _IRREGULAR_NOT.get(base + ending, base), False, ("not", *rest)
    if ending == "'s":
        if base in {"he", "she", "it", "who", "that", "what", "there", "where", "how", "why", "let", "here"}:
            return base, False, ("'s", *rest)
        return base, True, rest
    full = {"'ve": "have", "'re": "are", "'ll": "will", "'d": "'d", "'m": "am"}[ending]
    return base, False, (full, *rest)


def _shape(raw: str, low: str, initial: bool) -> str:
    """Tags of a word that no list knows, from its form."""
    if raw[0].isupper() and low not in sections()["not_names"] and len(raw) > 1:
        if not initial and not any(c.isdigit() or c == "_" for c in raw):
            return "U"
        if (
            initial
            and raw[1:].islower()
            and not low.endswith(("ing", "tion", "ment", "ness", "ity", "ly", "ed", "s"))
        ):
            return "Uu"
    if low.endswith(("ologist", "ographer", "ician", "woman", "person", "people", "smith")):
        return "PR"
    if low.endswith("ly"):
        return "x"
    if low.endswith("ed"):
        return "23"
    if low.endswith("ing"):
        return "4"
    return ""
