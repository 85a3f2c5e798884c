"""Markdown from a submission that feedback and formgrader may render: nbconvert lets HTML in it through.

What renders without anything that acts stays as it was written. Other text is replaced by its cleaned HTML,
and text that takes long to render by itself, as plain text: nbconvert's parser takes minutes for some.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from html.parser import HTMLParser
from typing import Any

from aiir_lab.grade.safe_html import clean_html

MAX_CHARS = 20_000
"""The longest text that is rendered, and with the others of its notebook at most three times as much."""
_PLAIN = re.compile(r"<pre>[^<>\n]*</pre>")  # as it was shown before: not escaped a second time


def clean_cells(cells: Iterable[dict[str, Any]], *, kept: Iterable[str] = ()) -> list[int]:
    """Clean the Markdown cells of a notebook where they are; return the numbers of those that changed.

    Parameters
    ----------
    cells : iterable of dict
        The cells of a submission.
    kept : iterable of str
        Texts that stay as they are: those of the release.
    """
    left, trusted, changed = 3 * MAX_CHARS, set(kept), []
    for number, cell in enumerate(cells, start=1):
        if cell["cell_type"] != "markdown" or cell["source"] in trusted:
            continue
        written = cell["source"]
        cell["source"] = clean_markdown(written, max_chars=min(left, MAX_CHARS))
        left = max(0, left - len(written))
        if cell["source"] != written:
            changed.append(number)
    return changed


def clean_markdown(source: str, *, max_chars: int = MAX_CHARS) -> str:
    """The text itself, or what is shown in its place.

    Examples
    --------
    >>> clean_markdown("It is *late*.")
    'It is *late*.'
    >>> clean_markdown("It is <b onclick='x()'>late</b>.")
    '<div><p>It is <b>late</b>.</p>&#10;</div>'
    """
    if len(source) > max_chars:
        return source if _PLAIN.fullmatch(source) else _block("pre", escape(source))
    try:
        shown = _render(source)
        cleaned, content = clean_html(shown), _content(shown)
        # what was cleaned before: a line end that stands as a reference would be moved out of a table
        again = clean_html(shown.replace("&#10;", "\n")) if "&#10;" in shown else cleaned
        return source if content in (_content(cleaned), _content(again)) else _block("div", cleaned)
    except Exception:  # a text made to break its renderer (a picture that is not there, deep nesting)
        return _block("pre", escape(source))


def _render(source: str) -> str:
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    return str(MarkdownWithMath(renderer=IPythonRenderer(escape=False)).render(source))


def _block(tag: str, html: str) -> str:
    # on one line, so that Markdown takes it as one block of HTML and looks for nothing in it
    return f"<{tag}>{'&#10;'.join(html.splitlines())}&#10;</{tag}>"


class _Reader(HTMLParser):
    """What a page consists of, without the marks that the renderer itself gives to headings."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Any] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, sorted((name, value or "") for name, value in attrs if name != "id")))

    def handle_endtag(self, tag: str) -> None:
        self.found.append(tag)

    def handle_data(self, data: str) -> None:
        self.found.append((data,))

    def unknown_decl(self, data: str) -> None:
        self.found.append(("declaration", data))

    def handle_comment(self, data: str) -> None:
        self.unknown_decl(data)

    def handle_decl(self, decl: str) -> None:
        self.unknown_decl(decl)

    def handle_pi(self, data: str) -> None:
        self.unknown_decl(data)


def _content(html: str) -> list[Any]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    joined: list[Any] = []
    for item in reader.found:
        if len(item) == 1 and joined and len(joined[-1]) == 1 and isinstance(item, tuple):
            joined[-1] = (joined[-1][0] + item[0],)
        else:
            joined.append(item)
    return joined
