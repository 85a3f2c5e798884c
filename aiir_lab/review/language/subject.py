"""Who does it: the subject of a verb, found by walking left from it. The third step of the light grammar."""

from __future__ import annotations

from aiir_lab.review.language.parse import Parse
from aiir_lab.review.language.words import sections

_VERB_GROUP = frozenset("xomBHn")
_CLAUSE_MARKS = frozenset(";:()–—|[]•#>?!.")


def subject(items: Parse, verb: int) -> int | None:
    """Index of the item that is the subject of the verb at `verb`; None where no noun can be found."""
    i = verb - 1
    while i >= 0 and (_VERB_GROUP & set(items.tags[i]) and "P" not in items.tags[i]):
        i -= 1
    if (
        i > 0
        and items.has(verb, "4")
        and items.words[i] in {"kept", "keeps", "keep", "started", "began", "continued"}
    ):
        i -= 1
    if i >= 0 and items.words[i] == "to" and items.has(i - 1, "FDk123"):
        return subject(items, i - 1)
    hops = 0
    while i >= 0 and hops < 40:
        hops += 1
        word, tags = items.words[i], items.tags[i]
        if word in {"who", "whom"}:
            return i if i == 0 or not items.has(i - 1, "PA") else i - 1
        if word in {"which", "that"} and (items.has(i - 1, "PSAUh") or items.word(i - 1) == ","):
            i -= 2 if items.word(i - 1) == "," else 1
            continue
        if word == ",":
            who = _relative_start(items, i)
            if who is not None:
                i = who - 1
                continue
            return clause_subject(items, i)
        if "c" in tags or word == "then":
            return clause_subject(items, i)
        if "s" in tags or word in _CLAUSE_MARKS:
            return None
        if word in sections()["after_a_person"] and items.has(i - 1, "P"):
            i -= 1
            continue
        if ("t" in tags or "x" in tags) and "P" not in tags:
            i = _np_start(items, i) - 1 if "t" in tags else i - 1
            if "t" in tags and items.has(i, "p"):
                i -= 1
            continue
        if "g" in tags and "S" not in tags:
            return None
        start = _np_start(items, i)
        holder = start - 2  # "the two people holding the pager", "anyone caught skipping the gate"
        while holder > 0 and items.words[holder] in sections()["after_a_person"]:
            holder -= 1
        if (
            start > 1
            and items.has(start - 1, "4")
            and items.has(holder, "P")
            and "g" not in items.tags[holder]
        ):
            return holder
        if start > 0 and items.has(start - 1, "p") and items.words[start - 1] not in {"by", "to"}:
            i = start - 2  # a prepositional phrase: its head stands before it
            while i >= 0 and items.words[i] == ",":
                i -= 1
            if i < 0:
                return None
            continue
        if "d" in tags and "P" not in tags:
            return i if word in {"this", "that", "these", "those"} and start == i and verb - i < 4 else None
        if any(letter in tags for letter in "PSAUvhCMWOG") or not tags or "4" in tags:
            return i
        if tags.strip("12345FfDLKkX") == "" and start < i:
            return i
        return None
    return None


def _relative_start(items: Parse, comma: int) -> int | None:
    """Index of the comma that opens ", who had been told twice," when the one at `comma` closes it."""
    for j in range(comma - 1, max(-1, comma - 14), -1):
        if items.words[j] == ",":
            opens = items.word(j + 1) in {"who", "which", "whose"} or items.has(j + 1, "d")
            return j if opens and j > 0 and items.has(j - 1, "PSAUt") else None
    return None


def _np_start(items: Parse, i: int) -> int:
    """First item of the noun phrase whose last item is `i`."""
    j = i
    while j > 0 and i - j < 6:
        tags = items.tags[j - 1]
        if "d" in tags and "P" not in tags:
            j -= 1
            break
        if "g" in tags or "J" in tags or not tags or "4" in tags or ("3" in tags and "H" not in tags):
            if not items.words[j - 1][0].isalnum():
                break
            j -= 1
            continue
        break
    return j


def clause_subject(items: Parse, before: int) -> int | None:
    """Subject of the clause that ends at `before`: the nearest noun with a verb after it, else the first."""
    begin = before
    while begin > 0 and items.words[begin - 1] not in _CLAUSE_MARKS and "s" not in items.tags[begin - 1]:
        begin -= 1
    first = None
    for j in range(before - 1, begin - 1, -1):
        if not any(letter in items.tags[j] for letter in "PSAU") or "g" in items.tags[j]:
            continue
        start = _np_start(items, j)
        if start > 0 and items.has(start - 1, "p"):
            continue
        follow = j + 1
        while items.has(follow, "x"):
            follow += 1
        if follow < before and items.has(follow, "25BHom") and not items.has(follow, "dP"):
            return j
        first = j
    return first


def is_person(items: Parse, index: int | None) -> bool:
    """Whether the item is someone who can be accused (a bare "they" refers back, see `they_are_things`)."""
    return index is not None and items.has(index, "P") and not items.has(index, "v")
