"""Causes as an indented outline: the form in which people write a tree of whys by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from aiir_lab.records.errors import AiirError

_ITEM = re.compile(
    r"(?P<indent>\s*)[-*]\s+(?:\[(?P<strand>[^\]]*)\]\s*)?(?P<text>.*?)(?:\s*\(evidence:\s*(?P<evidence>.*)\))?\s*"
)


@dataclass(frozen=True)
class OutlineItem:
    """One line of an outline: how deep it stands (from 0), and what it says."""

    depth: int
    text: str
    strand: str | None
    evidence: str | None
    line: int


def read_outline(outline: str) -> tuple[str, list[OutlineItem]]:
    """Split an outline into the problem (its first line) and its items.

    Parameters
    ----------
    outline : str
        The problem, then one line ``- [strand] text (evidence: ...)`` for each cause; a cause of a cause
        stands below it, indented further. Strand and evidence may be left out.

    Returns
    -------
    tuple of str and list of OutlineItem

    Raises
    ------
    AiirError
        There is no problem, or a line is no item; the message names the line.

    Examples
    --------
    >>> problem, items = read_outline('''The model flattered its users
    ... - [technical] Thumbs up were a reward
    ...     - [process] No launch gate covered flattery''')
    >>> [(item.depth, item.strand) for item in items]
    [(0, 'technical'), (1, 'process')]
    """
    lines = [
        (number, text) for number, text in enumerate(outline.expandtabs(4).split("\n"), 1) if text.strip()
    ]
    if not lines or _ITEM.fullmatch(lines[0][1]):
        raise AiirError(
            "An outline of causes begins with the problem on a line of its own, without a dash. "
            "Write it above the first cause."
        )
    return lines[0][1].strip(), list(_items(lines[1:]))


def _items(lines: list[tuple[int, str]]) -> Iterator[OutlineItem]:
    open_indents: list[int] = []
    for number, text in lines:
        match = _ITEM.fullmatch(text)
        if match is None or not match["text"]:
            raise AiirError(
                f"Line {number} of the outline is no cause: {text.strip()!r}. Expected '- [process] what was "
                "so', indented below the effect that it explains."
            )
        indent = len(match["indent"])
        while open_indents and open_indents[-1] >= indent:
            open_indents.pop()
        strand = (match["strand"] or "").strip().lower() or None
        yield OutlineItem(len(open_indents), match["text"], strand, match["evidence"] or None, number)
        open_indents.append(indent)
