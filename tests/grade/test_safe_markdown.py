"""What a student wrote is rendered by nbgrader's own pages, and nothing in it acts there."""

from __future__ import annotations

import warnings
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import nbgrader
import pytest
from nbconvert import HTMLExporter

from aiir_lab.grade.safe_html import clean_outputs
from aiir_lab.grade.safe_markdown import MAX_CHARS, clean_cells, clean_markdown

PAGES = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader"

HOSTILE = [
    "<script>act()</script>",
    "<img src=x onerror=act()>",
    "[a](javascript:act())",
    "<javascript:act()>",
    "# <img src=x onerror=act()>",
    "[a]: javascript:act()\n\n[a]",
    "<a href='java&#115;cript:act()'>x</a>",
    "[x](data:text/html,act())",
    '![x](attachment:"onerror=act())',
    "![x](x.png)",
    "| a | <script>act()</script> |\n|---|---|\n| x | <img src=x onerror=act()> |",
    "<div\n\nonclick=act()>x</div>",
    "<pre>\n\n<svg onload=act()>\n\n</pre>",
    "```\n</code></pre>\n```\n<iframe src=javascript:act()></iframe>",
    "<!-- \n\n --> <math><mi xlink:href='javascript:act()'>",
    "<details open ontoggle=act()>\n<summary>a</summary>\n\n<img src=x onerror=act()>\n\n</details>",
    "<style>*{background:url(https://example.org)}</style>",
    "> " * 3000 + "<script>act()</script>",
]
HONEST = [
    "# A heading\n\nIt was **late**, because `a < b`.",
    "- one\n- two\n\n1. three\n\n> said",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "```python\nif a < b:\n\n    x = '<script>'\n```",
    "See [the report](https://example.org/a?b=1&c=2) & more, 3 < 4 > 2.",
    "$x < y$ and\n\n$$\na^2 & b\n$$",
    "a<br>b <b>bold</b>",
    "<details open>\n<summary>Why</summary>\n\nIt was *late*.\n\n</details>",
]
FORMS = {"javascript", "data", "vbscript", "file"}


class Acting(HTMLParser):
    """Everything in a page that a browser would run or load."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "iframe", "img", "svg", "style", "math", "object", "embed", "form", "link"}:
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or (value or "").split(":")[0].strip().lower() in FORMS:
                self.found.append(f"{name}={value}")


def acting(html: str) -> list[str]:
    reader = Acting()
    reader.feed(html)
    return reader.found


def page_of(cells: list[dict[str, Any]], kind: str) -> str:
    """The page as nbgrader makes it: ``feedback`` for students, ``formgrade`` for the instructor."""
    notebook = nbformat.from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})
    exporter = HTMLExporter(
        template_name=kind,
        extra_template_basedirs=[str(PAGES / "templates")],
        extra_template_paths=[str(PAGES / "static/node_modules/bootstrap/dist/css")],
    )
    about: dict[str, Any] = {"notebook": "n", "score": 1, "max_score": 1, "late_penalty": 0}
    resources = {"nbgrader": about, "base_url": "", "index": 0, "total": 1, "notebook_path": "x"}
    names = ("assignment_id", "notebook_id", "submission_id", "student", "last_name", "first_name")
    resources |= dict.fromkeys(names, "x")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a form of output that the page cannot show
        page: str = exporter.from_notebook_node(notebook, resources=resources)[0]
    return page[page.index('id="notebook-container"') :]


def markdown(text: str, number: int = 0) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": f"m{number}", "metadata": {}, "source": text}


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_acts_and_the_text_is_still_there(text: str) -> None:
    cleaned = clean_markdown(text)
    assert cleaned != text
    assert acting(cleaned) == []


@pytest.mark.parametrize("kind", ["feedback", "formgrade"])
def test_nothing_acts_on_the_pages_of_nbgrader(kind: str) -> None:
    calm = acting(page_of([markdown("calm")], kind))
    cells = [markdown(text, number) for number, text in enumerate(HOSTILE) if "attachment" not in text]
    assert len(acting(page_of(cells[:-1], kind))) > len(calm) + 10, "these do act where nobody cleans them"
    cells = [markdown(text, number) for number, text in enumerate(HOSTILE)]
    assert clean_cells(cells) == list(range(1, len(HOSTILE) + 1))
    assert acting(page_of(cells, kind)) == calm


@pytest.mark.parametrize("text", HONEST)
def test_what_does_not_act_stays_as_it_was_written(text: str) -> None:
    assert clean_markdown(text) == text


def test_what_takes_long_to_render_is_shown_as_it_is() -> None:
    # 20 times this takes nbconvert minutes
    assert clean_markdown("\\[" * MAX_CHARS).startswith("<pre>")
    cells = [markdown("a" * MAX_CHARS) for _ in range(5)]
    clean_cells(cells)
    assert [cell["source"][:5] for cell in cells] == ["aaaaa"] * 3 + ["<pre>"] * 2


def test_what_was_cleaned_stays_as_it_is() -> None:
    cells = [markdown(text) for text in (*HOSTILE, *HONEST, "<b>" * MAX_CHARS)]
    clean_cells(cells)
    before = [cell["source"] for cell in cells]
    assert clean_cells(cells) == []
    assert [cell["source"] for cell in cells] == before
    # what only looks as if it had been shown as it is
    assert "<b>" not in clean_markdown("<pre>" + "<b>" * MAX_CHARS + "</pre>")


def test_text_of_the_release_is_trusted() -> None:
    cells = [markdown("<img src=figure.png>")]
    clean_cells(cells, kept=["<img src=figure.png>"])
    assert cells[0]["source"] == "<img src=figure.png>"


def test_metadata_and_pictures_of_outputs_cannot_act() -> None:
    def shown(data: dict[str, Any], **about: Any) -> dict[str, Any]:
        return {"output_type": "display_data", "data": data, "metadata": about}

    sizes = {"width": "1 onerror=act()", "height": 20, "alt": '" onerror="act()'}
    outputs = [
        shown({"image/png": "eA=="}, **{"image/png": sizes}),
        shown({"image/png": 'x" onerror="act()', "text/plain": "x"}),
        shown({"text/html": "<b>x</b>"}, **{"text/html": {"isolated": True}}),
        {"output_type": "error", "ename": "<script>", "evalue": "", "traceback": ["<script>act()</script>"]},
    ]
    code = {"cell_type": "code", "id": "c", "metadata": {}, "source": "'<script>'", "execution_count": 1}
    before = acting(page_of([{**code, "outputs": outputs}], "feedback"))
    assert "onerror=act()" in before
    after = acting(page_of([{**code, "outputs": clean_outputs(outputs)}], "feedback"))
    assert [one for one in after if one != "img" and not one.startswith("src=data:image/png")] == []
    assert clean_outputs(outputs)[0]["metadata"] == {"image/png": {"height": 20}}
