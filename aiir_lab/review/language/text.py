"""Cut a text into sentences with exact offsets; hide code, quotations and marks, moving no character."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

# Stands for quoted words: a letter, so that a quotation stays one token; it occurs in no English text.
QUOTED = "ǁ"
# A sentence longer than this is cut at a space: it keeps every rule linear on a text without full stops.
MAX_SENTENCE = 1200

_FENCE = re.compile(r"(?ms)^[ \t]{0,8}(`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t]{0,8}\1[^\n]*$|\Z)")
_INLINE_CODE = re.compile(r"(?<!`)(`{1,2})(?!`)[^`\n]+\1(?!`)")
_BLOCK_QUOTE = re.compile(r"(?m)^[ \t]{0,3}>[^\n]*")
_URL = re.compile(r"https?://[^\s)>\]]{1,500}|\]\([^)\s]{0,300}\)")
# Each expression begins with its rarest sign, which the engine can look for without trying every place.
_MARKS = (
    ("<", re.compile(r"<[a-zA-Z/][^<>\n]{0,200}>")),
    ("*", re.compile(r"\*+")),
    ("~", re.compile(r"~+")),
    ("_", re.compile(r"_+")),
)
_TWO_WORDS = r"(?=[^\n]*?\s)"
_QUOTES = (
    ('"', re.compile(r"\"(?<!\w\")[^\"\n]{1,600}\"")),
    ("“", re.compile(r"“[^“”]{1,600}”")),
    ("«", re.compile(r"«[^«»]{1,600}»")),
    ("„", re.compile(r"„[^„“”]{1,600}[“”]")),
    *(
        (
            sign,
            re.compile(
                sign + rf"(?<!\w{sign})(?=\w)(?:[^'’‘\n]|(?<=\w)['’](?=\w)){{1,300}}(?<=[\w.!?,])['’](?!\w)"
            ),
        )
        for sign in "'‘"
    ),
)
_NEW_BLOCK = re.compile(r"[ \t]*(?:#{1,6}\s|[-+•–—]\s|\d{1,3}[.)]\s|\||$|(?:\[[ xX]\])|={3,}|-{3,})")
_ONE_LINE = re.compile(r"[ \t]*(?:#{1,6}\s|\||$|={3,}|-{3,})")
_STOP = re.compile(r"[.!?…。！？](?:(?<=[。！？])|(?<=[.!?…])[.!?…]*[\"'”’)\]]*(?=\s|$))")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|mr|mrs|ms|dr|prof|inc|ltd|co|corp|st|no|fig|approx|resp|cf|al|dept|est)|\b[A-Z])\.$",
    re.IGNORECASE,
)
_LINE_END = re.compile(r"\r\n|\r|\n")


def _blank(match: re.Match[str]) -> str:
    """Spaces of the same length, with line ends kept."""
    return re.sub(r"[^\r\n]", " ", match.group())


def _hide_quotation(match: re.Match[str]) -> str:
    """Hide quoted speech. One quoted word is emphasis, not speech, and stays readable."""
    found = match.group()
    if len(found[1:-1].split()) < 2:
        return found
    return QUOTED * len(found)


def mask(text: str) -> str:
    """The text with code, quotations, addresses and emphasis marks hidden; same length, same offsets."""
    if "```" in text or "~~~" in text:
        text = _FENCE.sub(_blank, text)
    if "`" in text:
        text = _INLINE_CODE.sub(lambda m: QUOTED * len(m.group()), text)
    if ">" in text:
        text = _BLOCK_QUOTE.sub(_blank, text)
    text = _hide_comments(text)
    if "](" in text or "://" in text:
        text = _URL.sub(_spaces, text)
    for sign, marks in _MARKS:
        if sign in text:
            text = marks.sub(_emphasis if sign == "_" else _spaces, text)
    for sign, quote in _QUOTES:
        if sign in text:
            text = quote.sub(_hide_quotation, text)
    return text


def _spaces(match: re.Match[str]) -> str:
    return " " * (match.end() - match.start())


def _emphasis(match: re.Match[str]) -> str:
    """Underscores at the edge of a word are marks; those inside one ("feature_store") belong to it."""
    text, (begin, end) = match.string, match.span()
    inside = begin > 0 and end < len(text) and text[begin - 1].isalnum() and text[end].isalnum()
    return match.group() if inside else " " * (end - begin)


def _hide_comments(text: str) -> str:
    parts, at = [], 0
    while (begin := text.find("<!--", at)) >= 0 and (end := text.find("-->", begin)) >= 0:
        parts += [text[at:begin], re.sub(r"[^\r\n]", " ", text[begin : end + 3])]
        at = end + 3
    return "".join([*parts, text[at:]]) if parts else text


def blocks(masked: str) -> Iterator[tuple[int, int]]:
    """Paragraphs, headings, list items and table rows as ``(start, end)``; soft line breaks are joined."""
    begin: int | None = None
    at = 0
    ends = [m.span() for m in _LINE_END.finditer(masked)] + [(len(masked), len(masked))]
    for line_end, next_line in ends:
        if _NEW_BLOCK.match(masked, at, line_end) or begin is None:
            if begin is not None and begin < at:
                yield begin, at
            begin = at
        if _ONE_LINE.match(masked, at, line_end):
            yield begin, line_end
            begin = None
        at = next_line
    if begin is not None and begin < len(masked):
        yield begin, len(masked)


def sentences(masked: str) -> Iterator[tuple[int, int]]:
    """Sentences as ``(start, end)``, without white space at either end."""
    for block_start, block_end in _cells(masked):
        at = block_start
        for stop in _STOP.finditer(masked, block_start, block_end):
            end = stop.end()
            if stop.group() == "." and _ABBREVIATION.search(masked, max(at, end - 8), end):
                continue
            yield from _pieces(masked, at, end)
            at = end
        yield from _pieces(masked, at, block_end)


def _cells(masked: str) -> Iterator[tuple[int, int]]:
    """Blocks, with table rows cut into cells. A row of two cells is a name and its value: one sentence."""
    for start, end in blocks(masked):
        bars = [at for at in range(start, end) if masked[at] == "|"] if masked.startswith("|", start) else []
        if len(bars) <= 3:
            yield start, end
        else:
            yield from ((left + 1, right) for left, right in pairwise([*bars, end]))


def _pieces(masked: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        cut = end
        if end - start > MAX_SENTENCE:
            space = masked.rfind(" ", start + MAX_SENTENCE // 2, start + MAX_SENTENCE)
            cut = space if space > 0 else start + MAX_SENTENCE
        piece = masked[start:cut]
        left = start + len(piece) - len(piece.lstrip())
        right = start + len(piece.rstrip())
        if left < right:
            yield left, right
        start = cut


def line_starts(text: str) -> list[int]:
    """Offset at which each line begins; line 1 begins at 0."""
    return [0, *(m.end() for m in _LINE_END.finditer(text))]
