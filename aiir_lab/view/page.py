"""Pages that stand alone: templates, escaping, a policy against anything from outside, safe writing."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from aiir_lab.records.errors import AiirError
from aiir_lab.records.postmortem import Postmortem
from aiir_lab.view.digest import SEVERITY_SIGNS


class Exported(dict[str, Path]):
    """Files by format, and in ``skipped`` the reason for each format that could not be written."""

    def __init__(self, paths: Mapping[str, Path], *, skipped: Mapping[str, str]) -> None:
        super().__init__(paths)
        self.skipped = dict(skipped)

    def __repr__(self) -> str:
        lines = [f"{format}: {path}" for format, path in self.items()]
        lines += [f"{format}: not written. {reason}" for format, reason in self.skipped.items()]
        return "\n".join(lines)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("aiir_lab.view", "templates"),
        # by the end of the name before .j2: pages are escaped as HTML, Markdown by its own filter
        autoescape=lambda name: bool(name) and ".html" in str(name),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["md"] = escape_markdown
    environment.filters["cell"] = lambda value: escape_markdown(value).replace("|", r"\|")
    environment.filters["words"] = lambda value: str(value).replace("_", " ")
    environment.filters["paragraphs"] = paragraphs
    environment.globals["severity_signs"] = SEVERITY_SIGNS
    return environment


def render(template: str, **context: Any) -> str:
    """A template of this package, filled in."""
    return _environment().get_template(template).render(**context)


def raw_file(name: str) -> Markup:
    """A style sheet or script of ours as it stands: it is part of the package, not of anybody's input."""
    loader = _environment().loader
    assert loader is not None
    source, _, _ = loader.get_source(_environment(), name)
    return Markup(source)


def nonce_of(pm: Postmortem) -> str:
    """The word that marks our own scripts in a page.

    A script that slipped in with the content does not bear it, so the browser refuses to run it. It hangs on
    the whole content, so the content cannot name it; and the same content always gives the same page.
    """
    return hashlib.sha256(pm.to_json().encode()).hexdigest()[:32]


_MARKDOWN_MARKS = re.compile(r"([\\`*<])|(?<=\])(\()|((?<!\w)_|_(?!\w))")
_LINE_START = re.compile(r"^(\d*)([#>+\-=~.)])")


def escape_markdown(value: object) -> str:
    """Text on one line that Markdown shows as it stands: no markup, no HTML, no link."""
    text = " ".join(str(value).split())
    text = _MARKDOWN_MARKS.sub(lambda found: "\\" + found.group(0), text)
    return _LINE_START.sub(r"\1\\\2", text).replace("&", "&amp;")


def paragraphs(value: str) -> Markup:
    """Prose as HTML paragraphs, split where a line is blank."""
    parts = [part for part in re.split(r"\n\s*\n", value) if part.strip()]
    return Markup("").join(Markup("<p>{}</p>").format(part) for part in parts)


def choose_stem(folder: Path, name: str, formats: tuple[str, ...], *, overwrite: bool) -> str:
    """``name``, or with ``overwrite=False`` the first of ``name``, ``name-2`` ... that meets no file."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        raise AiirError(
            f"A file name of letters, digits, dot, dash and underscore is expected, got {name!r}. "
            "Leave the ending away; it follows from the format."
        )
    number = 1
    while True:
        stem = name if number == 1 else f"{name}-{number}"
        if overwrite or not any((folder / f"{stem}.{format}").exists() for format in formats):
            return stem
        number += 1


def make_folder(folder: str | Path) -> Path:
    """The folder, made if need be."""
    path = Path(folder).expanduser()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AiirError(f"The folder {path} cannot be made: {error.strerror}. Choose another one.") from None
    return path


def write_whole(path: Path, text: str) -> Path:
    """Write a file entirely or not at all."""
    handle, temporary = -1, ""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise AiirError(
            f"{path} cannot be written: {error.strerror}. Nothing that was there has changed; "
            "make room or choose another folder."
        ) from None
    return path
