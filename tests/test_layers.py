"""The one import rule: a room imports only rooms with a lower number."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import aiir_lab

PACKAGE = Path(aiir_lab.__file__).parent
LEVELS = {
    "records": 0,
    **dict.fromkeys(("catalog", "simulate", "desk"), 1),
    **dict.fromkeys(("monitor", "review"), 2),
    **dict.fromkeys(("tabletop", "interview"), 3),
    **dict.fromkeys(("view", "grade"), 4),
    **dict.fromkeys(("widgets", "classroom"), 5),
    "cli": 6,
}
# Heavy libraries live where they are used: library -> rooms that may import it when they are imported.
# `records` may load pandas inside a function (`to_frame`), never at import time.
AT_IMPORT = {
    "pandas": {room for room, level in LEVELS.items() if level >= 1},
    "numpy": {room for room, level in LEVELS.items() if level >= 1},
    "plotly": {"view", "widgets", "classroom", "cli"},
    "ipywidgets": {"widgets", "cli"},
    "starlette": {"desk"},
    "nbgrader": {"classroom", "grade"},
}


def room_of(path: Path) -> str:
    """The room that a module belongs to; `cli` and the package's own `__init__` stand on top."""
    top = path.relative_to(PACKAGE).parts[0]
    return top.removesuffix(".py") if top != "__init__.py" else "cli"


def imports(path: Path) -> list[tuple[int, str, bool]]:
    """Line, absolute dotted name, and whether it runs when the module is imported."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for parent in ast.walk(tree):
        for child in ast.iter_child_nodes(parent):
            inside = isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            checking = isinstance(parent, ast.If) and "TYPE_CHECKING" in ast.unparse(parent.test)
            child.is_late = inside or checking or getattr(parent, "is_late", False)  # type: ignore[attr-defined]
    found = []
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: write the import with its full name"
            base = node.module or ""
            names = [f"{base}.{alias.name}" for alias in node.names] if base == "aiir_lab" else [base]
        found += [(node.lineno, name, not node.is_late) for name in names]  # type: ignore[attr-defined]
    return found


def illegal_edges(path: Path, room: str) -> list[str]:
    """Every forbidden import of a module, with what is permitted instead."""
    problems = []
    for line, name, is_early in imports(path):
        parts = name.split(".")
        if parts[0] == "aiir_lab" and len(parts) > 1 and parts[1] in LEVELS and parts[1] != room:
            if LEVELS[parts[1]] >= LEVELS[room]:
                lower = sorted(other for other, level in LEVELS.items() if level < LEVELS[room])
                problems.append(
                    f"{path.name}:{line}: {room} (level {LEVELS[room]}) imports {parts[1]} "
                    f"(level {LEVELS[parts[1]]}); permitted: {', '.join(lower) or 'nothing'}. "
                    "Peers meet through records."
                )
        elif is_early and parts[0] in AT_IMPORT and room not in AT_IMPORT[parts[0]]:
            problems.append(
                f"{path.name}:{line}: {room} imports {parts[0]} when it is loaded; "
                f"permitted in {', '.join(sorted(AT_IMPORT[parts[0]]))}, or inside a function that needs it."
            )
    return problems


MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "_course" not in path.parts)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_only_lower_rooms(path: Path) -> None:
    room = room_of(path)
    assert room in LEVELS, f"{room} is no room of design.md; put the module into one of {', '.join(LEVELS)}"
    assert illegal_edges(path, room) == []


@pytest.mark.parametrize(
    ("source", "room", "expected"),
    [
        ("from aiir_lab.tabletop import x", "review", "permitted: catalog, desk, records, simulate"),
        ("def f():\n    import aiir_lab.catalog", "simulate", "permitted: records"),
        ("from aiir_lab import review", "monitor", "Peers meet through records"),
        ("import pandas", "records", "records imports pandas when it is loaded"),
        ("import plotly.graph_objects", "review", "review imports plotly"),
    ],
)
def test_illegal_edges_are_found(tmp_path: Path, source: str, room: str, expected: str) -> None:
    module = tmp_path / "module.py"
    module.write_text(source)
    problems = illegal_edges(module, room)
    assert len(problems) == 1
    assert expected in problems[0]


def test_legal_edges_pass(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text("from aiir_lab.records import Severity\ndef f():\n    import pandas\n")
    assert illegal_edges(module, "simulate") == []


def test_importing_the_package_loads_no_heavy_library() -> None:
    heavy = sorted({*AT_IMPORT, "sklearn", "scipy", "pydantic", "jupyterlab", "IPython"})
    code = f"import sys, aiir_lab; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_public_name_loads() -> None:
    for name in aiir_lab.__all__:
        assert getattr(aiir_lab, name) is not None


def test_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(AttributeError, match="load_postmortem"):
        aiir_lab.no_such_name  # noqa: B018


def test_a_room_that_bears_the_name_of_its_function_works_as_both() -> None:
    code = (
        "import aiir_lab as lab; lab.replay; import aiir_lab.simulate.run as module; "
        "assert lab.simulate.run is module; "
        "print(type(lab.simulate('fraud_poisoning', seed=1, size='sample')).__name__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "Run"
