"""The meaning of columns: what a dataset's ``schema.yaml`` says about its CSV files."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import Field

from aiir_lab.records.base import Line, Record, Text


class FieldType(StrEnum):
    """Types of the Frictionless Table Schema that our tables use."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"


class Column(Record):
    """One column; the unit stands in the description of the data package too."""

    name: Line
    type: FieldType
    description: Line
    unit: Line | None = None
    format: Line | None = Field(default=None, description="Frictionless format, such as a date pattern")
    enum: tuple[Line, ...] | None = Field(default=None, description="the only values allowed")
    required: bool | None = None
    unique: bool | None = None

    def to_frictionless(self) -> dict[str, Any]:
        """The column as a field of a Frictionless Table Schema."""
        described = f"{self.description} Unit: {self.unit}." if self.unit else self.description
        field: dict[str, Any] = {"name": self.name, "type": self.type.value, "description": described}
        if self.format:
            field["format"] = self.format
        constraints = {
            "required": self.required,
            "unique": self.unique,
            "enum": list(self.enum) if self.enum else None,
        }
        constraints = {name: value for name, value in constraints.items() if value}
        return field | ({"constraints": constraints} if constraints else {})


class FileSchema(Record):
    """One file: its title, what it is, and, if it is a table, its columns in order."""

    title: Line | None = None
    description: Text | None = None
    fields: tuple[Column, ...] = ()
    missing_values: tuple[str, ...] = ("",)

    def flaws(self, header: list[str]) -> list[str]:
        """Where the described columns and the header of the file disagree; empty where they agree."""
        described = [column.name for column in self.fields]
        if described == header:
            return []
        if not described:
            return [f"columns not described; list {', '.join(header)} under 'fields' in schema.yaml"]
        return [f"schema.yaml expects the columns {', '.join(described)}, the file has {', '.join(header)}"]

    def table_schema(self, header: list[str]) -> dict[str, Any]:
        """The Frictionless Table Schema; columns without a description count as text."""
        known = {column.name: column.to_frictionless() for column in self.fields}
        return {
            "fields": [known.get(name, {"name": name, "type": "string"}) for name in header],
            "missingValues": list(self.missing_values),
        }


class FolderSchema(Record):
    """The whole ``schema.yaml`` of a dataset: file name -> what it says."""

    files: dict[str, FileSchema] = Field(default_factory=dict)
