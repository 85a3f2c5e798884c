"""A small pattern language over the tagged items of a sentence, compiled to one regular expression each.

A pattern is a row of elements divided by spaces:

=================  ==============================================================================
``ball``           that word
``was|were|<M>``   one of these words or tags
``<P>``            an item with the tag P (``<RT>``: with R or T)
``<P!g>``          an item with the tag P and without the tag g
``<K+23>``         an item with the tag K and one of the tags 2 and 3
``~4``             at most four items, none of them a clause mark
``%4``             at most four items of any sort
``<_>``            any item
``(...)``          the part that a finding points at (the first and last of these brackets)
=================  ==============================================================================

``?`` after an element makes it optional, ``*`` repeats it. ``^`` at the front is the start of the sentence.
Every element consumes whole items and ``~n`` is bounded, so matching stays linear in the sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from aiir_lab.review.language.parse import Parse


def tagged(items: Parse) -> tuple[str, list[int]]:
    """The items as ``word/TAGS word/TAGS ``, and where each begins in that string."""
    parts, starts, at = [], [], 0
    for word, tags in zip(items.words, items.tags, strict=True):
        part = f"{word}/{tags} "
        parts.append(part)
        starts.append(at)
        at += len(part)
    return "".join(parts), starts


def _choices(element: str) -> tuple[list[str], list[str], str]:
    """Words, tag classes and suffix of an element."""
    suffix = ""
    if len(element) > 1 and element[-1] in "?*" and element != "|?":
        element, suffix = element[:-1], element[-1]
    pieces = [piece for piece in element.split("|") if piece]
    return [p for p in pieces if p[0] != "<"], [p[1:-1] for p in pieces if p[0] == "<"], suffix


def _element(element: str) -> str:
    if element.startswith("~"):
        return r"(?:[^\s/;:—–]+/\S* ){0," + element[1:] + "}?"
    if element.startswith("%"):
        return r"(?:\S+/\S* ){0," + element[1:] + "}?"
    words, classes, suffix = _choices(element)
    if classes == ["_"]:
        return rf"(?:[^/ ]+/\S* ){suffix}"
    options = [rf"(?:[^/ ]+_)?(?:{'|'.join(map(re.escape, words))})/\S* "] if words else []
    for letters in classes:
        wanted, _, banned = letters.partition("!")
        wanted, _, also = wanted.partition("+")
        guard = (rf"(?![^/ ]+/\S*[{banned}])" if banned else "") + (
            rf"(?=[^/ ]+/\S*[{also}])" if also else ""
        )
        options.append(rf"{guard}[^/ ]+/\S*?[{wanted}]\S* ")
    return f"(?:{'|'.join(options)}){suffix}"


@dataclass(frozen=True)
class Pattern:
    """A compiled pattern; `find` gives the item ranges it covers."""

    source: str

    @cached_property
    def elements(self) -> list[str]:
        return self.source.removeprefix("^").split()

    @cached_property
    def regex(self) -> re.Pattern[str]:
        anchor = r"^" if self.source.startswith("^") else r"(?:(?<=\s)|^)"
        body = []
        for element in self.elements:
            head = "(?P<cue>" if element.startswith("(") else ""
            tail = ")" if element.endswith(")") else ""
            body.append(head + _element(element.strip("()")) + tail)
        return re.compile(anchor + "".join(body))

    @cached_property
    def cue(self) -> int | str:
        """The group that a finding points at; the whole match where no brackets name a part."""
        return "cue" if "cue" in self.regex.groupindex else 0

    @cached_property
    def required(self) -> list[tuple[frozenset[str], frozenset[str]]]:
        """For each element that cannot be absent: the words, or the tag letters, one of which must occur."""
        needed = []
        for element in (e.strip("()") for e in self.elements):
            if element[0] in "~%" or element == "<_>":
                continue
            words, classes, suffix = _choices(element)
            if not suffix:
                letters = "".join(c.partition("!")[0].partition("+")[0] for c in classes)
                needed.append((frozenset(words), frozenset(letters)))
        return needed

    def find(self, line: str, starts: list[int]) -> list[tuple[int, int]]:
        """First and last item (inclusive) of every place where the pattern holds."""
        found = []
        group = self.cue
        for match in self.regex.finditer(line):
            begin, end = match.span(group)
            if end > begin:
                found.append((bisect_right(starts, begin) - 1, bisect_right(starts, end - 1) - 1))
        return found
