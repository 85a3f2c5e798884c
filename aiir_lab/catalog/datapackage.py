"""Describe every file under datasets/ in one Frictionless Data Package (``datapackage.json``).

Run ``python -m aiir_lab.catalog.datapackage`` after any change under datasets/; with ``--check`` nothing
is written and the exit code says whether the file is up to date. Each folder brings a card
(``README.md``) and, for its CSV files, the meaning of their columns (``schema.yaml``); see
datasets/README.md. Specification: https://specs.frictionlessdata.io/data-package/
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aiir_lab.catalog.course_files import course_path
from aiir_lab.catalog.schema import FileSchema, FolderSchema
from aiir_lab.records.base import read_text
from aiir_lab.records.errors import AiirError

CARD_HEADINGS = ("What", "How it was made", "Limits", "Licence")
"""The headings that every card has."""

_LICENCES = {
    "CC BY 4.0": ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC0 1.0": ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "BSD-3-Clause": ("BSD-3-Clause", "https://opensource.org/license/bsd-3-clause"),
}
_MEDIA_TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "jsonl": "application/jsonl",
    "md": "text/markdown",
    "parquet": "application/vnd.apache.parquet",
    "png": "image/png",
    "svg": "image/svg+xml",
    "txt": "text/plain",
    "yaml": "application/yaml",
}
# "## How it was made" on a line of its own, or "**How made.**" at the start of a paragraph
_HEADING = re.compile(r"^(?:## +|\*\*)(\w[^\n*]*?)(?:\.?\*\*| *$)", re.MULTILINE)
_NOT_DATA = {"README.md", "schema.yaml", "datapackage.json"}


def _first_word(heading: str) -> str:
    return heading.split()[0].strip(".:").lower().replace("license", "licence")


def data_files(folder: Path) -> list[Path]:
    """The files under ``folder`` that are data, in alphabetical order."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return sorted(
        path
        for path in paths
        if path.name not in _NOT_DATA
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def read_card(folder: Path) -> tuple[dict[str, str], list[str]]:
    """Read a dataset's card.

    Returns
    -------
    dict of str to str
        ``title`` and the text under each heading.
    list of str
        What is wrong with the card; empty where nothing is.
    """
    path = folder / "README.md"
    if not path.is_file():
        return {}, [f"{folder.name}: no README.md; write a card with {', '.join(CARD_HEADINGS)}"]
    text = read_text(path)
    title = re.search(r"^# +(.+)$", text, re.MULTILINE)
    parts = _HEADING.split(text)
    card: dict[str, str] = {}
    for heading, body in zip(parts[1::2], parts[2::2], strict=True):
        name = next((name for name in CARD_HEADINGS if _first_word(name) == _first_word(heading)), None)
        if name and body.strip():
            card.setdefault(name, body.strip())
    problems = [
        f"{folder.name}/README.md: nothing under the heading '## {heading}'; write it"
        for heading in CARD_HEADINGS
        if not card.get(heading)
    ]
    if title is None:
        problems.append(f"{folder.name}/README.md: no title; begin with '# ...'")
    else:
        card["title"] = title.group(1).strip()
    if card.get("Licence") and not any(name in card["Licence"] for name in _LICENCES):
        problems.append(f"{folder.name}/README.md: Licence names none of {', '.join(_LICENCES)}")
    return card, problems


def describe(datasets: Path) -> tuple[dict[str, Any], list[str]]:
    """Describe all datasets.

    Parameters
    ----------
    datasets : Path
        The folder with one folder per dataset.

    Returns
    -------
    dict
        The data package: of each file its name, path, title, description, format, media type, licence,
        size in bytes and sha256, and of each CSV file its columns.
    list of str
        What the authors still owe: missing cards, columns, licences; empty where nothing is missing.

    Examples
    --------
    >>> package, problems = describe(course_path("datasets"))
    >>> package["name"]
    'aiir-lab-datasets'
    """
    resources: list[dict[str, Any]] = []
    problems: list[str] = []
    for stray in (path for path in data_files(datasets) if path.parent == datasets):
        problems.append(f"{stray.name}: lies outside any dataset; move it into a folder with a card")
    for folder in sorted(path for path in datasets.iterdir() if path.is_dir()):
        files = data_files(folder)
        if not files:
            continue
        card, flaws = read_card(folder)
        problems.extend(flaws)
        schema_path = folder / "schema.yaml"
        schema = FolderSchema.from_file(schema_path) if schema_path.is_file() else FolderSchema()
        for path in files:
            resource, flaws = _describe_file(path, datasets=datasets, card=card, schema=schema)
            resources.append(resource)
            problems.extend(flaws)
        names = {path.relative_to(folder).as_posix() for path in files}
        problems.extend(
            f"{folder.name}/schema.yaml: describes {name}, which is not there"
            for name in schema.files
            if name not in names
        )
    package = {
        "profile": "data-package",
        "name": "aiir-lab-datasets",
        "title": "Datasets of the course aiir_lab",
        "description": "Records of public incidents, practice tables and generated data. "
        "Each folder has a card, README.md, which says what it holds, how it was made and its limits.",
        "licenses": [_licence("CC BY 4.0")],
        "resources": resources,
    }
    return package, problems


def _licence(name: str) -> dict[str, str]:
    id, address = _LICENCES[name]
    return {"name": id, "title": name, "path": address}


def _describe_file(
    path: Path, *, datasets: Path, card: dict[str, str], schema: FolderSchema
) -> tuple[dict[str, Any], list[str]]:
    place = path.relative_to(datasets).as_posix()
    within = path.relative_to(datasets / place.split("/")[0]).as_posix()
    entry = schema.files.get(within, FileSchema())
    content = path.read_bytes()
    is_packed = path.suffix == ".gz"
    suffix = Path(path.stem if is_packed else path.name).suffix.lstrip(".").lower()
    problems = []
    if suffix not in _MEDIA_TYPES:
        problems.append(f"{place}: unknown kind of file; known: {', '.join(_MEDIA_TYPES)}")
    licence = next((name for name in _LICENCES if name in card.get("Licence", "")), "CC BY 4.0")
    summary = card.get("What", "").split("\n\n")[0]
    resource: dict[str, Any] = {
        "name": re.sub(r"[^a-z0-9._/-]", "-", place.lower()),
        "profile": "tabular-data-resource" if suffix == "csv" else "data-resource",
        # without it the frictionless program takes any YAML with a key "steps" for a pipeline of its own
        "type": {"csv": "table", "json": "json", "yaml": "json"}.get(suffix, "file"),
        "path": place,
        "title": entry.title or _own_title(path) or f"{card.get('title', path.parent.name)}: {path.name}",
        "description": entry.description or " ".join(summary.split()) or f"No description of {place} yet.",
        "format": suffix,
        "mediatype": _MEDIA_TYPES.get(suffix, "application/octet-stream"),
        "encoding": "utf-8",
        "licenses": [_licence(licence)],
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }
    if is_packed:
        resource["compression"] = "gz"
    if suffix == "csv":
        text = gzip.decompress(content).decode("utf-8") if is_packed else read_text(path)
        header = next(csv.reader(text.splitlines()), [])
        problems.extend(f"{place}: {flaw}" for flaw in entry.flaws(header))
        resource["schema"] = entry.table_schema(header)
    return resource, problems


def _own_title(path: Path) -> str | None:
    # our YAML records carry their title; a regular expression is enough and spares parsing them all
    if path.suffix != ".yaml":
        return None
    found = re.search(r"^title: +(.+(?:\n +\S.*)*)$", read_text(path), re.MULTILINE)
    return " ".join(found.group(1).split()).strip("\"'").replace("''", "'") if found else None


def write_package(datasets: Path, *, check: bool = False) -> Iterator[str]:
    """Write ``datapackage.json``, or with ``check`` only compare it; yield what is wrong."""
    package, problems = describe(datasets)
    text = json.dumps(package, indent=2, ensure_ascii=False) + "\n"
    target = datasets / "datapackage.json"
    if check:
        if not target.is_file() or read_text(target) != text:
            yield (f"{target.name}: not up to date; run python -m aiir_lab.catalog.datapackage and commit it")
    else:
        target.write_text(text, encoding="utf-8", newline="\n")
    yield from problems


def main(arguments: list[str] | None = None) -> int:
    """Run as ``python -m aiir_lab.catalog.datapackage [FOLDER] [--check]``; 0 if nothing is wrong, else 1."""
    parser = argparse.ArgumentParser(prog="python -m aiir_lab.catalog.datapackage", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="the datasets folder (default: the course's)")
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    options = parser.parse_args(arguments)
    try:
        problems = list(write_package(options.folder or course_path("datasets"), check=options.check))
    except AiirError as error:
        print(error, file=sys.stderr)
        return 2
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
