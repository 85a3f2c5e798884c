"""Records as Markdown: front matter, sections, bullets and tables, read back without loss.

One set of rules covers every record, by the type of each field:

==========================  ==========================================================
field                       Markdown
==========================  ==========================================================
``title``                   the first heading
prose (``Text``)            a section
list of prose               a section with bullets
list of records             a section with a table, one row each
record                      a section with sections of its own
anything else               front matter (in a nested record: a ``yaml`` block)
==========================  ==========================================================

A record that has a single field (a timeline and its events) is written as that field.
"""

from __future__ import annotations

import json
import re
import types
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Annotated, Any, Union, get_args, get_origin

from aiir_lab.records.base import Record, _clean_text, dump_yaml, parse_yaml
from aiir_lab.records.errors import RecordError


@dataclass(frozen=True)
class _Shape:
    """What a field's type means for its Markdown."""

    is_list: bool
    is_prose: bool
    is_plain: bool  # its JSON form is a bare string
    record: type[Record] | None


def _leaves(annotation: Any) -> Iterator[Any]:
    origin = get_origin(annotation)
    if origin is Union or origin is types.UnionType:
        for part in get_args(annotation):
            if part is not type(None):
                yield from _leaves(part)
    else:
        yield annotation


def _shape(annotation: Any, metadata: list[Any]) -> _Shape:
    leaves = list(_leaves(annotation))
    is_list = len(leaves) == 1 and get_origin(leaves[0]) is tuple
    if is_list:
        return _shape_of_items(get_args(leaves[0])[0])
    first = leaves[0]
    if len(leaves) == 1 and isinstance(first, type) and issubclass(first, Record):
        return _Shape(False, False, False, first)
    return _Shape(False, _is_prose(first, metadata), all(_is_plain(leaf) for leaf in leaves), None)


def _shape_of_items(item: Any) -> _Shape:
    if isinstance(item, type) and issubclass(item, Record):
        return _Shape(True, False, False, item)
    return _Shape(True, _is_prose(item, []), _is_plain(item), None)


def _is_prose(leaf: Any, metadata: list[Any]) -> bool:
    marks = [*metadata, *(get_args(leaf)[1:] if get_origin(leaf) is Annotated else ())]
    return any(getattr(mark, "func", None) is _clean_text for mark in marks)


def _is_plain(leaf: Any) -> bool:
    base = get_args(leaf)[0] if get_origin(leaf) is Annotated else leaf
    return isinstance(base, type) and issubclass(base, str | date | Enum)


def _shapes(model: type[Record]) -> dict[str, _Shape]:
    return {name: _shape(field.annotation, field.metadata) for name, field in model.model_fields.items()}


def _only_field(model: type[Record]) -> str | None:
    names = list(model.model_fields)
    return names[0] if len(names) == 1 else None


def _label(name: str) -> str:
    label = re.sub(r" (utc|min)$", lambda unit: f" ({unit[1].replace('utc', 'UTC')})", name.replace("_", " "))
    return label[0].upper() + label[1:]


# --- writing ---------------------------------------------------------------------------------------


def write_markdown(record: Record) -> str:
    """The Markdown of a record."""
    data = record.to_dict()
    title = data.pop("title", None) or _label(re.sub(r"(?<!^)(?=[A-Z])", "_", type(record).__name__).lower())
    body, front = _write_fields(type(record), data, level=2)
    head = f"---\n{dump_yaml(front)}---\n\n" if front else ""
    return f"{head}# {title}\n" + "".join(f"\n{part}\n" for part in body)


def _write_fields(
    model: type[Record], data: dict[str, Any], *, level: int
) -> tuple[list[str], dict[str, Any]]:
    parts: list[str] = []
    front: dict[str, Any] = {}
    for name, shape in _shapes(model).items():
        if name not in data:
            continue
        heading = f"{'#' * level} {_label(name)}\n"
        section = _write_field(shape, data[name], level=level)
        if section is None:
            front[name] = data[name]
        else:
            parts.append(f"{heading}\n{section}".rstrip("\n"))
    return parts, front


def _write_field(shape: _Shape, value: Any, *, level: int) -> str | None:
    if shape.record is not None and shape.is_list:
        return _write_table(shape.record, value) if value else None
    if shape.record is not None:
        return _write_nested(shape.record, value, level=level)
    if shape.is_prose and shape.is_list:
        return "\n".join("- " + text.replace("\n", "\n  ") for text in value) or None
    if shape.is_prose and value is not None:
        return "\n".join(_escape_heading(line) for line in value.split("\n"))
    return None


def _write_nested(model: type[Record], data: dict[str, Any], *, level: int) -> str:
    only = _only_field(model)
    if only is not None:
        section = _write_field(_shapes(model)[only], data.get(only, []), level=level)
        if section is not None:
            return section
    parts, front = _write_fields(model, data, level=level + 1)
    block = [f"```yaml\n{dump_yaml(front)}```"] if front or not parts else []
    return "\n\n".join([*block, *parts])


def _write_table(model: type[Record], rows: list[dict[str, Any]]) -> str:
    shapes = _shapes(model)
    columns = [name for name in shapes if any(name in row for row in rows)] or list(shapes)[:1]
    lines = [[_label(name) for name in columns], ["---"] * len(columns)]
    lines += [
        [_write_cell(shapes[name], row[name]) if name in row else "" for name in columns] for row in rows
    ]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _write_cell(shape: _Shape, value: Any) -> str:
    if shape.is_plain and shape.is_list and value:
        return ", ".join(_escape_cell(item).replace(",", "\\,") for item in value)
    if shape.is_plain and not shape.is_list and value is not None:
        return _escape_cell(value)
    return _escape_cell(json.dumps(value, ensure_ascii=False))


def _escape_cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<br>", "\\<br>").replace("\n", "<br>")


def _escape_heading(line: str) -> str:
    return "\\" + line if re.match(r"\\*#", line) else line


# --- reading ---------------------------------------------------------------------------------------


@dataclass
class _Section:
    heading: str
    line: int
    lines: list[str]


def read_markdown(model: type[Record], text: str, *, where: str) -> dict[str, Any]:
    """Plain data of a record from its Markdown; the caller validates it."""
    lines = text.replace("\r\n", "\n").split("\n")
    data: dict[str, Any] = {}
    start = 0
    if lines and lines[0].strip() == "---":
        end = next((number for number in range(1, len(lines)) if lines[number].rstrip() == "---"), None)
        if end is None:
            raise RecordError(["line 1: front matter opens with --- and is never closed by ---"], where=where)
        data = _read_mapping("\n".join(lines[1:end]), where=where)
        start = end + 1
    head, sections = _split(lines[start:], level=1, first_line=start + 1)
    if len(sections) != 1 or any(line.strip() for line in head):
        raise RecordError(["expected one heading '# Title' after the front matter"], where=where)
    if "title" in model.model_fields:
        data["title"] = sections[0].heading
    data.update(_read_fields(model, sections[0].lines, level=2, first_line=sections[0].line + 1, where=where))
    return data


def _read_mapping(text: str, *, where: str) -> dict[str, Any]:
    data, _ = parse_yaml(text, where=where)
    if data is not None and not isinstance(data, dict):
        raise RecordError([f"expected 'field: value' lines, got {text[:60]!r}"], where=where)
    return data or {}


def _split(lines: list[str], *, level: int, first_line: int) -> tuple[list[str], list[_Section]]:
    head: list[str] = []
    sections: list[_Section] = []
    for number, line in enumerate(lines, start=first_line):
        if line.startswith("#" * level + " "):
            sections.append(_Section(line[level + 1 :].strip(), number, []))
        else:
            (sections[-1].lines if sections else head).append(line)
    return head, sections


def _read_fields(
    model: type[Record], lines: list[str], *, level: int, first_line: int, where: str
) -> dict[str, Any]:
    shapes = _shapes(model)
    names = {_label(name).lower(): name for name in shapes}
    head, sections = _split(lines, level=level, first_line=first_line)
    block = "\n".join(line for line in head if not line.startswith("```"))
    data = _read_mapping(block, where=where) if block.strip() else {}
    for section in sections:
        name = names.get(section.heading.lower())
        if name is None:
            known = ", ".join(_label(name) for name in shapes)
            raise RecordError(
                [f"line {section.line}: there is no section {section.heading!r}; known: {known}"], where=where
            )
        data[name] = _read_field(shapes[name], section, level=level, where=where)
    return data


def _read_field(shape: _Shape, section: _Section, *, level: int, where: str) -> Any:
    text = "\n".join(section.lines).strip("\n")
    if shape.record is not None and shape.is_list:
        return _read_table(shape.record, section, where=where)
    if shape.record is not None:
        only = _only_field(shape.record)
        if only is not None and not text.startswith("```"):
            return {only: _read_field(_shapes(shape.record)[only], section, level=level, where=where)}
        return _read_fields(
            shape.record, section.lines, level=level + 1, first_line=section.line + 1, where=where
        )
    if shape.is_list:
        items = re.split(r"^- ", text, flags=re.MULTILINE)
        return [re.sub(r"^  ", "", item.strip("\n"), flags=re.MULTILINE) for item in items if item.strip()]
    return "\n".join(line[1:] if re.match(r"\\+#", line) else line for line in text.split("\n"))


def _read_table(model: type[Record], section: _Section, *, where: str) -> list[dict[str, Any]]:
    shapes = _shapes(model)
    names = {_label(name).lower(): name for name in shapes}
    rows = [
        (section.line + offset, _split_row(line))
        for offset, line in enumerate(section.lines, start=1)
        if line.lstrip().startswith("|")
    ]
    if len(rows) < 2:
        raise RecordError([f"line {section.line}: expected a table under {section.heading!r}"], where=where)
    header_line, header = rows[0]
    unknown = [cell for cell in header if cell.lower() not in names]
    if unknown:
        known = ", ".join(_label(name) for name in shapes)
        raise RecordError([f"line {header_line}: unknown column {unknown[0]!r}; known: {known}"], where=where)
    columns = [names[cell.lower()] for cell in header]
    items = []
    for line, cells in rows[2:]:
        if len(cells) != len(columns):
            raise RecordError([f"line {line}: expected {len(columns)} cells, got {len(cells)}"], where=where)
        items.append(
            {name: _read_cell(shapes[name], cell) for name, cell in zip(columns, cells, strict=True) if cell}
        )
    return items


def _split_row(line: str) -> list[str]:
    cells = [cell.strip() for cell in _split_unescaped(line.strip().removeprefix("|"), "|")]
    return cells[:-1] if cells[-1] == "" else cells


def _split_unescaped(text: str, mark: str) -> list[str]:
    parts = [""]
    for token in re.findall(r"\\.|.", text):
        if token == mark:
            parts.append("")
        else:
            parts[-1] += token
    return parts


def _read_cell(shape: _Shape, cell: str) -> Any:
    if shape.is_plain and shape.is_list:
        return [_unescape_cell(item.strip()) for item in _split_unescaped(cell, ",")]
    text = _unescape_cell(cell)
    if shape.is_plain:
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def _unescape_cell(text: str) -> str:
    return re.sub(r"\\(.)|<br>", lambda found: found[1] if found[1] else "\n", text)
