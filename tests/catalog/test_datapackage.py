"""The data package: true to the files, valid by the standard, and demanding towards authors."""

from __future__ import annotations

import hashlib
import json
import warnings
from pathlib import Path

import pytest

from aiir_lab.catalog import course_path
from aiir_lab.catalog.datapackage import CARD_HEADINGS, data_files, describe, main, read_card

CARD = """\
# Toy

## What

A toy.

## How it was made

By hand.

## Limits

Many.

## Licence

CC BY 4.0
"""
SCHEMA = """\
files:
  toy.csv:
    fields:
      - {name: id, type: string, description: Identifier., unique: true}
      - {name: delay_min, type: number, unit: minutes, description: Delay.}
"""


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    folder = tmp_path / "datasets" / "toy"
    folder.mkdir(parents=True)
    (folder / "README.md").write_text(CARD, encoding="utf-8")
    (folder / "schema.yaml").write_text(SCHEMA, encoding="utf-8")
    (folder / "toy.csv").write_text("id,delay_min\na,1.5\nb,\n", encoding="utf-8")
    return folder


def is_valid(package: Path) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations inside frictionless and what it imports
        import frictionless

        return bool(frictionless.validate(str(package)).valid)


def test_the_course_package_is_up_to_date_and_complete(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["--check"])
    assert capsys.readouterr().err == ""
    assert code == 0


def test_the_course_package_is_valid_by_the_standard() -> None:
    assert is_valid(course_path("datasets", "datapackage.json"))


def test_every_file_is_described_with_its_true_size_and_hash() -> None:
    datasets = course_path("datasets")
    package = json.loads((datasets / "datapackage.json").read_text(encoding="utf-8"))
    described = {resource["path"]: resource for resource in package["resources"]}
    on_disk = {path.relative_to(datasets).as_posix(): path for path in data_files(datasets)}
    assert sorted(described) == sorted(on_disk)
    for place, path in on_disk.items():
        content = path.read_bytes()
        assert described[place]["bytes"] == len(content), place
        assert described[place]["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}", place
        assert described[place]["licenses"], place
    names = [resource["name"] for resource in package["resources"]]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    "folder",
    sorted(path for path in course_path("datasets").iterdir() if path.is_dir() and data_files(path)),
    ids=lambda p: p.name,
)
def test_every_dataset_has_a_card(folder: Path) -> None:
    card, problems = read_card(folder)
    assert problems == []
    assert set(CARD_HEADINGS) <= set(card)


def test_every_column_of_the_course_is_explained() -> None:
    package = json.loads(course_path("datasets", "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        for field in resource.get("schema", {}).get("fields", []):
            assert field.get("description"), f"{resource['path']}: {field['name']}"


def test_a_table_is_described_with_types_and_units(toy: Path) -> None:
    package, problems = describe(toy.parent)
    assert problems == []
    (resource,) = package["resources"]
    assert resource["description"] == "A toy."
    assert resource["schema"]["fields"] == [
        {"name": "id", "type": "string", "description": "Identifier.", "constraints": {"unique": True}},
        {"name": "delay_min", "type": "number", "description": "Delay. Unit: minutes."},
    ]


def test_writing_again_changes_no_byte_and_the_check_sees_a_change(toy: Path) -> None:
    target = toy.parent / "datapackage.json"
    assert main([str(toy.parent)]) == 0
    first = target.read_bytes()
    assert main([str(toy.parent)]) == 0
    assert target.read_bytes() == first
    assert main([str(toy.parent), "--check"]) == 0
    (toy / "toy.csv").write_text("id,delay_min\na,2\n", encoding="utf-8")
    assert main([str(toy.parent), "--check"]) == 1
    assert target.read_bytes() == first


def test_the_standard_refuses_a_value_of_another_type_and_a_changed_file(toy: Path) -> None:
    package = toy.parent / "datapackage.json"
    main([str(toy.parent)])
    assert is_valid(package)
    (toy / "toy.csv").write_text("id,delay_min\na,1.5\nb,x\n", encoding="utf-8")
    assert not is_valid(package)  # the hash no longer fits
    main([str(toy.parent)])
    assert not is_valid(package)  # the hash fits, but "x" is no number


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (lambda toy: (toy / "README.md").unlink(), "toy: no README.md"),
        (lambda toy: (toy / "README.md").write_text(CARD.replace("Many.", "")), "'## Limits'"),
        (lambda toy: (toy / "README.md").write_text(CARD.replace("CC BY 4.0", "ours")), "Licence names none"),
        (lambda toy: (toy / "README.md").write_text(CARD.replace("# Toy\n", "")), "no title"),
        (
            lambda toy: (toy / "schema.yaml").unlink(),
            "toy/toy.csv: columns not described; list id, delay_min",
        ),
        (lambda toy: (toy / "toy.csv").write_text("id,delay\n"), "the file has id, delay"),
        (lambda toy: (toy / "toy.csv").rename(toy / "other.csv"), "describes toy.csv, which is not there"),
        (lambda toy: (toy / "model.pkl").write_bytes(b"x"), "unknown kind of file"),
        (lambda toy: (toy.parent / "stray.csv").write_text("a\n"), "stray.csv: lies outside any dataset"),
    ],
)
def test_what_an_author_still_owes_is_said(
    toy: Path, capsys: pytest.CaptureFixture[str], damage: object, expected: str
) -> None:
    damage(toy)  # type: ignore[operator]
    assert main([str(toy.parent)]) == 1
    assert expected in capsys.readouterr().err


def test_a_broken_schema_file_is_named_with_line_and_field(
    toy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (toy / "schema.yaml").write_text(SCHEMA.replace("type: number", "type: minutes"), encoding="utf-8")
    assert main([str(toy.parent)]) == 2
    message = capsys.readouterr().err
    assert "schema.yaml" in message
    assert "line 5, files.toy.csv.fields.1.type" in message


def test_a_card_may_have_its_headings_run_in(toy: Path) -> None:
    text = CARD.replace("## What\n\n", "**What.** ").replace("## How it was made\n\n", "**How made.** ")
    (toy / "README.md").write_text(text, encoding="utf-8")
    card, problems = read_card(toy)
    assert problems == []
    assert card["What"] == "A toy."
