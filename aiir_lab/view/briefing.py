"""An executive briefing as one page and as slides: HTML that asks nothing of any network, and PDF."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from aiir_lab.records.briefing import Briefing
from aiir_lab.records.errors import AiirError
from aiir_lab.view.page import Exported, choose_stem, make_folder, raw_file, render, write_whole
from aiir_lab.view.report import add_pdf

FORMATS = ("html", "pdf", "slides")


def export_briefing(
    briefing: Briefing,
    folder: str | Path,
    *,
    formats: Sequence[str] = ("html", "slides"),
    name: str | None = None,
    overwrite: bool = False,
) -> Exported:
    """Write a briefing as one page and as slides, one section on each.

    Parameters
    ----------
    briefing : Briefing
        A section without text says so.
    folder : str or Path
        Where the files go; made if need be.
    formats : list of {"html", "pdf", "slides"}, default ("html", "slides")
        ``slides`` is HTML that moves with the arrow keys. ``pdf`` is the page; it needs a browser of the
        Chromium family, and without one it is left out, with the reason in ``.skipped``.
    name : str, optional
        File name without its ending. Default: the id of the briefing.
    overwrite : bool, default False
        Replace files of that name instead of numbering.

    Returns
    -------
    dict of str to Path
        Files by format.

    Raises
    ------
    AiirError
        Not a Briefing, an unknown format, a name that is no file name, or a folder that cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in export_briefing(Briefing(id="inc-7", title="X"), folder).values()]
    ['inc-7.html', 'inc-7-slides.html']
    """
    if not isinstance(briefing, Briefing):
        raise AiirError(
            f"A Briefing is exported, got {type(briefing).__name__}. Write one: lab.Briefing(...)."
        )
    wanted = (formats,) if isinstance(formats, str) else tuple(formats)
    for format in wanted:
        if format not in FORMATS:
            raise AiirError(f"Formats are {', '.join(FORMATS)}; there is no {format!r}.")
    nonce = hashlib.sha256(briefing.to_json().encode()).hexdigest()[:32]
    context = {"briefing": briefing, "sections": briefing.sections(), "nonce": nonce, "plotly": ""}
    place = make_folder(folder)
    # slides alone are named after the briefing, whatever page of it is there already
    pages = tuple(format for format in wanted if format != "slides")
    stem = name or briefing.id
    stem = choose_stem(place, stem, pages, overwrite=overwrite) if pages else stem
    page = render("briefing.html.j2", style=raw_file("page.css") + raw_file("report.css"), **context)
    paths: dict[str, Path] = {}
    skipped: dict[str, str] = {}
    if "html" in wanted:
        paths["html"] = write_whole(place / f"{stem}.html", page)
    if "pdf" in wanted:
        add_pdf(page, place / f"{stem}.pdf", paths, skipped)
    if "slides" in wanted:
        look = {"style": raw_file("page.css") + raw_file("slides.css"), "script": raw_file("slides.js")}
        slides = render("briefing_slides.html.j2", **look, **context)
        stem = choose_stem(place, f"{stem}-slides", ("html",), overwrite=overwrite)
        paths["slides"] = write_whole(place / f"{stem}.html", slides)
    return Exported(paths, skipped=skipped)
