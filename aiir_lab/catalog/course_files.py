"""Where the course's datasets and notebooks lie, in an installed wheel as in a source tree."""

from __future__ import annotations

from pathlib import Path

from aiir_lab.records.errors import AiirError

_PACKAGE = Path(__file__).resolve().parent.parent


def _find_root(package: Path) -> Path:
    # A wheel carries the course in aiir_lab/_course. Beside an installed package there may well be
    # a folder "datasets" that belongs to another library, hence the look for our own folder in it.
    candidates = (package / "_course", package.parent)
    for root in candidates:
        if (root / "datasets" / "post_mortems").is_dir():
            return root
    places = " nor in ".join(str(root) for root in candidates)
    raise AiirError(
        f"The course files are missing: there is no folder datasets/post_mortems in {places}.\n"
        "Install the package again (pip install --force-reinstall aiir-lab), "
        "or, in a source tree, get the folder datasets/ back from version control."
    )


def course_path(*parts: str) -> Path:
    """Find a file or folder of the course.

    Parameters
    ----------
    *parts : str
        Its path from the root of the course, such as ``"datasets", "ai_rmf"``.

    Returns
    -------
    Path
        Absolute, and there.

    Raises
    ------
    AiirError
        The course, or this part of it, is not installed.

    Examples
    --------
    >>> course_path("datasets", "post_mortems").is_dir()
    True
    """
    path = _find_root(_PACKAGE).joinpath(*parts)
    if not path.exists():
        raise AiirError(
            f"The course has no {'/'.join(parts)}: expected it at {path}.\n"
            "Check the spelling; if it is right, install the package again."
        )
    return path
