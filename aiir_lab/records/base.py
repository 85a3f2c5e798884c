"""What every record has in common: frozen, typed, validated, and written without loss.

A record is a pydantic model. It reads and writes JSON and YAML here, and Markdown through
:mod:`aiir_lab.records.markdown`. Whatever is wrong in an input becomes one
:class:`~aiir_lab.records.errors.RecordError` whose lines name file, line, field, expected and got.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from aiir_lab.records.errors import RecordError

_LINE_BREAKS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# YAML and Markdown cannot carry these; tabs and line feeds are fine.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")


def _clean_text(value: str) -> str:
    text = _LINE_BREAKS.sub("\n", value)
    bad = _UNPRINTABLE.search(text)
    if bad:
        raise ValueError(f"text without control characters, but character {bad.start()} is {bad.group()!r}")
    text = "\n".join(line.rstrip() for line in text.split("\n")).strip()
    if not text:
        raise ValueError("some text, not only white space")
    return text


def _clean_line(value: str) -> str:
    return " ".join(_clean_text(value).split())


def _to_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a time with its zone, such as 2026-03-02T09:12:00Z")
    return value.astimezone(UTC)


def _refuse_numbers(value: object) -> object:
    # pydantic reads 1700000000 as a time; in a hand-written file that is a slip, not a time
    if isinstance(value, int | float):
        raise ValueError("a time such as 2026-03-02T09:12:00Z")
    return value


Text = Annotated[str, AfterValidator(_clean_text)]
"""Prose of one or more lines, never empty; line ends are ``\\n`` and trailing blanks are dropped."""

Line = Annotated[str, AfterValidator(_clean_line)]
"""One line of text, never empty; runs of white space become one blank."""

UtcDatetime = Annotated[datetime, BeforeValidator(_refuse_numbers), AfterValidator(_to_utc)]
"""A time with its zone; kept in UTC."""

Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]*$")]
"""A lower-case identifier, such as ``gitlab-2017``."""

R = TypeVar("R", bound="Record")


class Record(BaseModel):
    """A frozen, validated piece of incident work.

    Subclasses say what their fields mean. ``from_*`` raise
    :class:`~aiir_lab.records.errors.RecordError` on any input of another shape.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready content: only what was set to something else than its default."""
        data = self.model_dump(mode="json", exclude_defaults=True)
        assert isinstance(data, dict)
        return data

    def to_json(self) -> str:
        """The record as JSON text."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False) + "\n"

    def to_yaml(self) -> str:
        """The record as YAML text, fields in their documented order."""
        return dump_yaml(self.to_dict())

    def to_markdown(self) -> str:
        """The record as Markdown that people can read and :meth:`from_markdown` reads back whole."""
        from aiir_lab.records.markdown import write_markdown

        return write_markdown(self)

    @classmethod
    def from_dict(cls: type[R], data: Any, *, where: str = "record", lines: Lines | None = None) -> R:
        """Validate plain data; ``where`` and ``lines`` only serve the error message."""
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            raise RecordError(explain(error, lines=lines), where=where) from None

    @classmethod
    def from_json(cls: type[R], text: str, *, where: str = "JSON") -> R:
        """Read a record from JSON text."""
        try:
            data = json.loads(text)
        except ValueError as error:
            raise RecordError([f"not JSON: {error}"], where=where) from None
        return cls.from_dict(data, where=where)

    @classmethod
    def from_yaml(cls: type[R], text: str, *, where: str = "YAML") -> R:
        """Read a record from YAML text."""
        data, lines = parse_yaml(text, where=where)
        return cls.from_dict(data, where=where, lines=lines)

    @classmethod
    def from_markdown(cls: type[R], text: str, *, where: str = "Markdown") -> R:
        """Read a record from the Markdown that :meth:`to_markdown` writes (also after hand edits)."""
        from aiir_lab.records.markdown import read_markdown

        return cls.from_dict(read_markdown(cls, text, where=where), where=where)

    @classmethod
    def from_file(cls: type[R], path: str | Path) -> R:
        """Read a record from a ``.yaml``, ``.json`` or ``.md`` file."""
        path = Path(path)
        readers = {
            ".yaml": cls.from_yaml,
            ".yml": cls.from_yaml,
            ".json": cls.from_json,
            ".md": cls.from_markdown,
        }
        reader = readers.get(path.suffix.lower())
        if reader is None:
            raise RecordError([f"expected one of {', '.join(readers)}, got {path.suffix!r}"], where=str(path))
        return reader(read_text(path), where=str(path))


Lines = Mapping[tuple[str | int, ...], int]
"""Where each field of a YAML document stands: path of keys and indices -> line, from 1."""


def read_text(path: Path) -> str:
    """The text of a UTF-8 file; :class:`RecordError` where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise RecordError([f"cannot be read: {error.strerror}"], where=str(path)) from None
    except UnicodeDecodeError as error:
        raise RecordError(
            [f"byte {error.start} is not UTF-8; save the file as UTF-8"], where=str(path)
        ) from None


# libyaml reads the catalogue ten times faster; where it was not compiled in, the pure Python loader serves
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):  # type: ignore[misc]
    """Safe YAML that leaves dates as text, so that every format meets the same validators."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class _Dumper(yaml.SafeDumper):
    """YAML as people write it: block text for prose, keys in the order given."""


def _represent_str(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_str)


def dump_yaml(data: Any) -> str:
    """Plain data as YAML text."""
    text: str = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    return text


def parse_yaml(text: str, *, where: str) -> tuple[Any, Lines]:
    """Plain data of a YAML text, and the line on which each field stands."""
    lines: dict[tuple[str | int, ...], int] = {}
    try:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            if node is None:
                return None, lines
            _mark_lines(node, (), lines)
            return loader.construct_document(node), lines
        finally:
            loader.dispose()
    except RecursionError:
        raise RecordError(
            ["not a record: nested too deeply, or an anchor inside itself"], where=where
        ) from None
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}: " if mark else ""
        reason = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
        raise RecordError([f"{place}not YAML: {reason}"], where=where) from None


def _mark_lines(
    node: yaml.Node, path: tuple[str | int, ...], lines: dict[tuple[str | int, ...], int]
) -> None:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*path, str(key.value))
            if here in lines:
                # YAML would silently keep the last one
                raise yaml.MarkedYAMLError(None, None, f"{key.value!r} stands twice", key.start_mark)
            lines[here] = key.start_mark.line + 1
            _mark_lines(value, here, lines)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _mark_lines(value, (*path, index), lines)


def explain(error: ValidationError, *, lines: Lines | None = None) -> list[str]:
    """One line per problem of a validation: ``line 12, timeline.events.0.at_utc: expected ..., got ...``."""
    problems = []
    for detail in error.errors(include_url=False):
        location = tuple(part for part in detail["loc"] if not _is_union_branch(part))
        field = ".".join(str(part) for part in location) or "the whole record"
        line = nearest_line(location, lines)
        problems.append(f"{f'line {line}, ' if line else ''}{field}: {_expectation(detail)}")
    return list(dict.fromkeys(problems))


def _is_union_branch(part: str | int) -> bool:
    # pydantic names the branch of a union ("function-after[...]", "str", "date") inside the location
    return isinstance(part, str) and (
        "[" in part or part in {"str", "date", "datetime", "int", "float", "bool"}
    )


def nearest_line(location: Sequence[str | int], lines: Lines | None) -> int | None:
    """The line of a field, or of the nearest thing around it that the document holds."""
    if not lines:
        return None
    for length in range(len(location), -1, -1):
        if tuple(location[:length]) in lines:
            return lines[tuple(location[:length])]
    return None


def _expectation(detail: Any) -> str:
    kind, context = detail["type"], detail.get("ctx") or {}
    if kind == "missing":
        return "expected a value, got nothing; add this field"
    if kind == "extra_forbidden":
        return "there is no such field here; check its spelling or take it out"
    if kind == "model_type":
        expected = "fields with their values (a dict)"
    elif "expected" in context:
        expected = str(context["expected"])
    elif isinstance(context.get("error"), Exception):
        expected = str(context["error"])
    elif "pattern" in context:
        expected = f"text like {context['pattern']}"
    else:
        message = str(detail["msg"])
        expected = re.sub(r"^Input should be ", "", message)
        expected = expected[0].lower() + expected[1:]
    got = repr(detail.get("input"))
    return f"expected {expected}, got {got if len(got) <= 80 else got[:77] + '...'}"
