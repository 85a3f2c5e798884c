"""Where the course lies: in a source tree, in a wheel, and nowhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from aiir_lab.catalog import course_files
from aiir_lab.catalog.course_files import course_path
from aiir_lab.records import AiirError


def test_the_source_tree_is_found_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert course_path("datasets", "ai_rmf", "nist_ai_rmf.yaml").is_file()


def test_a_wheel_is_found_even_beside_another_library_called_datasets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site-packages" / "aiir_lab"
    (package / "_course" / "datasets" / "post_mortems").mkdir(parents=True)
    (package.parent / "datasets").mkdir()
    monkeypatch.setattr(course_files, "_PACKAGE", package)
    assert course_path("datasets") == package / "_course" / "datasets"


def test_no_course_at_all_says_where_it_looked_and_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "datasets").mkdir()  # somebody else's
    monkeypatch.setattr(course_files, "_PACKAGE", tmp_path / "aiir_lab")
    with pytest.raises(AiirError, match="Install the package again") as caught:
        course_path("datasets")
    assert str(tmp_path) in str(caught.value)


def test_a_missing_part_is_named() -> None:
    with pytest.raises(AiirError, match="datasets/nothing_here"):
        course_path("datasets", "nothing_here")


def test_importing_the_room_loads_no_pandas() -> None:
    code = "import sys, aiir_lab.catalog; sys.exit('pandas' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
