"""Small, ready samples of every incident world: ``python -m aiir_lab.classroom.samples [--check]``.

They are for looking at an incident without running anything; ``aiir simulate`` writes any other case.
"""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from aiir_lab.catalog.course_files import course_path
from aiir_lab.records.base import dump_yaml
from aiir_lab.simulate import Run, list_worlds, simulate

SEED, SIZE = 1, "sample"


def write_samples(folder: Path, *, is_check: bool = False) -> Iterator[Path]:
    """Write the tables of every world as ``WORLD/TABLE.csv.gz``; yield the files whose content changed.

    With ``is_check`` nothing is written. Content is compared unpacked: packers differ between machines.
    """
    schema: dict[str, Any] = {}
    for world in list_worlds():
        run = simulate(world, seed=SEED, size=SIZE)
        for name, table in run.observe().items():
            path = folder / world / f"{name}.csv.gz"
            text = table.to_csv(index=False, date_format="%Y-%m-%dT%H:%M:%SZ", lineterminator="\n")
            schema[f"{world}/{path.name}"] = _describe(run, world, name)
            if _differs(path, text):
                if not is_check:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(gzip.compress(text.encode("utf-8"), mtime=0))
                yield path
    described = folder / "schema.yaml"
    content = dump_yaml({"files": schema})
    if not described.exists() or described.read_text(encoding="utf-8") != content:
        if not is_check:
            described.write_text(content, encoding="utf-8")
        yield described


def _differs(path: Path, text: str) -> bool:
    return not path.exists() or gzip.decompress(path.read_bytes()).decode("utf-8") != text


def _describe(run: Run, world: str, name: str) -> dict[str, Any]:
    columns = run.columns
    rows = columns[columns["table"] == name]
    fields = [_column(row) for row in rows.to_dict("records")]
    return {"title": f"{world.replace('_', ' ')}: {name.replace('_', ' ')}", "fields": fields}


def _column(row: dict[str, Any]) -> dict[str, Any]:
    dtype = str(row["dtype"]).lower()
    kinds = (("datetime", "datetime"), ("bool", "boolean"), ("int", "integer"), ("float", "number"))
    kind = next((name for start, name in kinds if dtype.startswith(start)), "string")
    meaning = str(row["meaning"]).strip() or str(row["column"]).replace("_", " ")
    column = {"name": row["column"], "type": kind, "description": meaning[0].upper() + meaning[1:] + "."}
    if isinstance(row["unit"], str) and row["unit"].strip() and not pd.isna(row["unit"]):
        column["unit"] = row["unit"]
    if kind == "datetime":
        column["format"] = "any"
    return column


def main(arguments: list[str]) -> int:
    """Write, or with ``--check`` compare; 1 where a file is not what its world gives."""
    is_check = "--check" in arguments
    changed = list(write_samples(course_path("datasets", "incidents"), is_check=is_check))
    for path in changed:
        print(f"{'differs' if is_check else 'written'}: {path}")
    print(f"{len(changed)} file(s) {'differ from their world' if is_check else 'written'}.")
    return 1 if is_check and changed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
