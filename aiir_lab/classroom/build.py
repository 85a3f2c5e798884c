"""Build every learner notebook from its source: ``python -m aiir_lab.classroom.build [--check]``."""

from __future__ import annotations

import sys
from pathlib import Path

from aiir_lab.catalog.course_files import course_path
from aiir_lab.classroom.source import SourceError, learner_version, read_source, to_text

LEFTOVERS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN", "END HIDDEN", "BEGIN MARK SCHEME")


def sources(root: Path) -> list[Path]:
    """The notebook sources below a folder, in the order of the course."""
    order = {"beginner": 1, "intermediate": 2, "advanced": 3}
    found = [path for path in root.rglob("*.py") if path.parent == root or path.name[:1].isdigit()]
    return sorted(found, key=lambda path: (order.get(path.parent.name, 0), path.name))


def build(source: Path) -> str:
    """The text of the learner's notebook of one source.

    Raises
    ------
    SourceError
        The source breaks a rule, or something of the solution would be left in it.
    """
    text = to_text(learner_version(read_source(source)))
    for mark in LEFTOVERS:
        if mark in text:
            raise SourceError(f"{source}: {mark!r} is left in the learner's notebook; balance the markers.")
    return text


def build_all(root: Path, *, is_check: bool = False) -> list[Path]:
    """Write every learner notebook whose content changed; with ``is_check`` only name those."""
    changed = []
    for source in sources(root):
        target = source.with_suffix(".ipynb")
        text = build(source)
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            changed.append(target)
            if not is_check:
                target.write_text(text, encoding="utf-8")
    known = {source.with_suffix(".ipynb") for source in sources(root)}
    for orphan in sorted(set(root.rglob("*.ipynb")) - known):
        if ".ipynb_checkpoints" not in orphan.parts:
            raise SourceError(f"{orphan} has no source beside it; write one or delete it.")
    return changed


def main(arguments: list[str]) -> int:
    """Build all; with ``--check`` exit with 1 where a build would change something."""
    is_check = "--check" in arguments
    changed = build_all(course_path("notebooks"), is_check=is_check)
    for path in changed:
        print(f"{'out of date' if is_check else 'built'}: {path}")
    print(f"{len(changed)} notebook(s) {'differ from their source' if is_check else 'written'}.")
    return 1 if is_check and changed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
