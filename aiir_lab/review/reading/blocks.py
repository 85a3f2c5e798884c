"""Markdown as a flat list of blocks: what stands where, under which headings, on which line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark", {"maxNesting": 60}).enable("table").enable("strikethrough")
# a short bold line on its own, or one that ends in a colon, is how many people write a heading
_BOLD_LINE = re.compile(r"^(\*\*|__)(?P<text>[^*_\n]{2,60}?)(\*\*|__):?$")
# and a line that says nothing but the name of a section
_BARE_HEADING = re.compile(
    r"(?i)(?:to[- ]?dos?|action items?|actions|next steps|follow[- ]?ups?|time ?line|chronology"
    r"|impact|summary|(?:root |contributing )?(?:causes?|factors)|lessons(?: learned)?"
    r"|what (?:happened|we will do|went \w+)|detection|resolution|trigger)\s*:?"
)
TIMELINE = re.compile(
    r"(?i)\b(time ?line|chronolog|sequence of events|what happened|log of events|incident log|event log|"
    r"play[- ]by[- ]play|narrative|ablauf)\b|\bchronolog"
)
# hours and minutes, without the seconds of a log
CLOCK_FIRST = re.compile(r"^[\s\[(*-]*\d{1,2}:\d{2}(?!:?\d)")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<yaml>.*?\n)---[ \t]*(\n|\Z)", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One heading, line of text, list item or table row.

    ``cells`` and ``header`` are set for table rows; ``depth`` counts the nesting of list items.
    """

    kind: str  # heading, text, item, row
    text: str
    line: int
    sections: tuple[str, ...] = ()
    depth: int = 0
    level: int = 0
    cells: tuple[str, ...] = ()
    header: tuple[str, ...] = ()

    @property
    def section(self) -> str:
        """The nearest heading above; empty before the first."""
        return self.sections[-1] if self.sections else ""


def split_front_matter(text: str) -> tuple[str, str]:
    """YAML front matter and the rest; the rest keeps its line numbers."""
    found = _FRONT_MATTER.match(text)
    if not found:
        return "", text
    return found["yaml"], "\n" * found[0].count("\n") + text[found.end() :]


def read_blocks(text: str) -> list[Block]:
    """The blocks of a Markdown text in order; HTML is left out, and code outside a timeline."""
    return list(_Walk(_PARSER.parse(text)).blocks())


class _Walk:
    """One pass over the token stream."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.headings: list[tuple[int, str]] = []

    @property
    def sections(self) -> tuple[str, ...]:
        return tuple(text for _, text in self.headings)

    def blocks(self) -> Iterator[Block]:
        depth, is_item_start, line = 0, False, 1
        cells: list[str] = []
        header: tuple[str, ...] = ()
        in_table = False
        for number, token in enumerate(self.tokens):
            if token.map:
                line = token.map[0] + 1
            if token.type in ("bullet_list_open", "ordered_list_open"):
                depth += 1
            elif token.type in ("bullet_list_close", "ordered_list_close"):
                depth -= 1
            elif token.type == "list_item_open":
                is_item_start = True
            elif token.type == "table_open":
                in_table, header = True, ()
            elif token.type == "table_close":
                in_table = False
            elif token.type == "tr_open":
                cells = []
            elif token.type == "tr_close":
                if not header:
                    header = tuple(cells)
                else:
                    yield Block(
                        "row", " | ".join(cells), line, self.sections, cells=tuple(cells), header=header
                    )
            elif token.type in ("code_block", "fence") and self._is_pasted_timeline(token.content):
                # a log pasted under "Timeline", or a timeline indented with tabs
                yield from self._lines(token.content, line + (token.type == "fence"), depth, is_item=False)
            elif token.type == "inline":
                content = _plain(token)
                if in_table:
                    cells.append(content)
                elif self.tokens[number - 1].type == "heading_open":
                    yield self._heading(int(self.tokens[number - 1].tag[1]), content, line)
                elif depth == 0 and (bold := _BOLD_LINE.match(token.content.strip())):
                    yield self._heading(7, bold["text"].rstrip(": "), line)
                else:
                    yield from self._lines(content, line, depth, is_item_start)
                    is_item_start = False

    def _is_pasted_timeline(self, content: str) -> bool:
        """Whether a code block under "Timeline" holds lines like "10:04 rolled back", no machine's log."""
        lines = [line for line in content.splitlines() if line.strip()]
        timed = sum(CLOCK_FIRST.match(line) is not None for line in lines)
        return 2 * timed >= len(lines) and any(TIMELINE.search(section) for section in self.sections)

    def _heading(self, level: int, text: str, line: int) -> Block:
        while self.headings and self.headings[-1][0] >= level:
            self.headings.pop()
        block = Block("heading", text, line, self.sections, level=level)
        self.headings.append((level, text))
        return block

    def _lines(self, content: str, line: int, depth: int, is_item: bool) -> Iterator[Block]:
        if is_item:
            # the lines of one item belong together
            yield Block("item", " ".join(content.split()), line, self.sections, depth=depth)
            return
        for offset, text in enumerate(content.split("\n")):
            if depth == 0 and _BARE_HEADING.fullmatch(text.strip()):
                yield self._heading(7, text.strip().rstrip(": "), line + offset)
            elif text.strip():
                yield Block("text", text.strip(), line + offset, self.sections, depth=depth)


def _plain(token: Token) -> str:
    """The words of an inline token, without its markup."""
    parts = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak") or child.content.lower().startswith("<br"):
            parts.append("\n")
        elif child.type == "image":
            parts.append(child.content)
    return "".join(parts).strip()
