"""The incident report: one page that a reader finishes, details behind it; Markdown, HTML and PDF."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from aiir_lab.records.errors import AiirError
from aiir_lab.records.postmortem import LegalClock, Postmortem
from aiir_lab.view.communication import draw_communication, in_time_order
from aiir_lab.view.communication import say_when as say_message_when
from aiir_lab.view.digest import key_events, measures_of, top_actions, trigger_of
from aiir_lab.view.embed import figure_html, plotly_script
from aiir_lab.view.fishbone import draw_fishbone
from aiir_lab.view.page import Exported, choose_stem, make_folder, nonce_of, raw_file, render, write_whole
from aiir_lab.view.pdf import find_browser, print_pdf, why_no_browser
from aiir_lab.view.timeline import draw_timeline, say_when

FORMATS = ("md", "html", "pdf")
_NO_BAR = {"displayModeBar": False}
# Beyond so many, the first page shows the main events only; the whole timeline follows with the details.
_FIRST_PAGE_EVENTS = 6


def export_report(
    pm: Postmortem,
    folder: str | Path,
    *,
    formats: Sequence[str] = ("md", "html"),
    name: str | None = None,
    actions: Sequence[int] | None = None,
    overwrite: bool = False,
) -> Exported:
    """Write the one-page incident report, with details behind it.

    A file that is there already is kept: new ones get the next free number, such as ``gitlab-2017-2.html``.

    Parameters
    ----------
    pm : Postmortem
        What to report; a post-mortem with a title only gives a page that says what is missing.
    folder : str or Path
        Where the files go; made if need be.
    formats : list of {"md", "html", "pdf"}, default ("md", "html")
        ``html`` is one self-contained file that asks nothing of any network. ``pdf`` needs a browser of the
        Chromium family; without one it is left out, with the reason in ``.skipped``.
    name : str, optional
        File name without its ending. Default: the id of the post-mortem.
    actions : list of int, optional
        Numbers (from 1) of the action items for the first page. Default: the two strongest.
    overwrite : bool, default False
        Replace files of that name instead of numbering.

    Returns
    -------
    dict of str to Path
        Files by format; ``.skipped`` names the reason for each format that is missing.

    Raises
    ------
    AiirError
        An unknown format, a name that is no file name, or a folder that cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> pm = Postmortem(id="inc-7", title="Wrong labels")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in export_report(pm, folder, formats=["md"]).values()]
    ['inc-7.md']
    """
    wanted = check_formats(pm, formats, known=FORMATS)
    context = _context(pm, actions)
    place = make_folder(folder)
    stem = choose_stem(place, name or pm.id, wanted, overwrite=overwrite)
    paths: dict[str, Path] = {}
    skipped: dict[str, str] = {}
    if "md" in wanted:
        paths["md"] = write_whole(place / f"{stem}.md", render("report.md.j2", **context))
    if "html" in wanted or "pdf" in wanted:
        page = _html(pm, context)
        if "html" in wanted:
            paths["html"] = write_whole(place / f"{stem}.html", page)
        if "pdf" in wanted:
            add_pdf(page, place / f"{stem}.pdf", paths, skipped)
    return Exported(paths, skipped=skipped)


def check_formats(pm: Postmortem, formats: Sequence[str], *, known: tuple[str, ...]) -> tuple[str, ...]:
    """The formats asked for, or an error that names the wrong one."""
    if not isinstance(pm, Postmortem):
        raise AiirError(
            f"A Postmortem is exported, got {type(pm).__name__}. Load one with lab.load_postmortem('...')."
        )
    wanted = (formats,) if isinstance(formats, str) else tuple(formats)
    for format in wanted:
        if format not in known:
            raise AiirError(f"Formats are {', '.join(known)}; there is no {format!r}.")
    return wanted


def add_pdf(
    page: str,
    target: Path,
    paths: dict[str, Path],
    skipped: dict[str, str],
    *,
    window: tuple[int, int] = (794, 1123),
) -> None:
    """Print a page to PDF, or note why that was not possible; the other formats are kept either way."""
    if find_browser() is None:
        skipped["pdf"] = why_no_browser()
        return
    with tempfile.TemporaryDirectory(prefix="aiir-page-", ignore_cleanup_errors=True) as folder:
        source = write_whole(Path(folder) / f"{target.stem}.html", page)
        try:
            paths["pdf"] = print_pdf(source, target, window=window)
        except AiirError as error:
            skipped["pdf"] = str(error).split("\nThe HTML is there")[0]


def _context(pm: Postmortem, actions: Sequence[int] | None) -> dict[str, Any]:
    """What both templates say; all wording of times and durations is done here."""
    return {
        "pm": pm,
        "measures": measures_of(pm.timeline),
        "trigger": trigger_of(pm),
        "top_actions": top_actions(pm, list(actions) if actions is not None else None),
        "events": [(number, say_when(event), event) for number, event in enumerate(pm.timeline.events, 1)],
        "messages": [(say_message_when(message), message) for message in in_time_order(pm.messages)],
        "ai_facts": _ai_facts(pm),
    }


def _ai_facts(pm: Postmortem) -> list[tuple[str, str]]:
    if pm.ai is None:
        return []
    ai = pm.ai
    contaminated = {None: "", True: "yes", False: "no"}[ai.retraining_contaminated]
    facts = [
        ("Models", ", ".join(ai.models)),
        ("Data", ", ".join(ai.data)),
        ("First affected batch", ai.first_affected_batch),
        ("Decisions affected", ai.decisions_affected),
        ("Groups harmed", ", ".join(ai.cohorts)),
        ("Rollback target", ai.rollback_target),
        ("Retraining contaminated", contaminated),
        ("Human oversight", ai.human_oversight),
        ("AI RMF functions", ", ".join(ai.rmf_functions)),
        ("AI RMF subcategories", ", ".join(ai.rmf_ids)),
        ("Why these", ai.rmf_reason),
        ("MITRE ATLAS", ", ".join(ai.atlas_ids)),
        *(
            (
                f"Clock: {clock.rule}",
                f"due {clock.due_utc:%Y-%m-%d %H:%M UTC}" if clock.due_utc else "no due time",
            )
            for clock in ai.legal_clocks
        ),
    ]
    return [(name, value) for name, value in facts if value]


def _say_due(clock: LegalClock) -> str:
    due = f"due {clock.due_utc:%Y-%m-%d %H:%M UTC}" if clock.due_utc else "no due time given"
    return f"{due}; done {clock.done_utc:%Y-%m-%d %H:%M UTC}" if clock.done_utc else due


def _html(pm: Postmortem, context: dict[str, Any]) -> str:
    nonce = nonce_of(pm)
    figures = dict.fromkeys(("first", "timeline", "communication", "fishbone"), Markup(""))
    if pm.timeline.events:
        few = len(pm.timeline.events) <= _FIRST_PAGE_EVENTS
        main = None if few else key_events(pm.timeline, limit=_FIRST_PAGE_EVENTS)
        figures["first"] = _figure(draw_timeline(pm, only=main), "timeline", nonce)
        if not few:
            figures["timeline"] = _figure(draw_timeline(pm), "whole-timeline", nonce)
    if pm.messages:
        figures["communication"] = _figure(draw_communication(pm), "communication", nonce)
    if pm.contributing_factors or (pm.cause_graph and pm.cause_graph.causes):
        figures["fishbone"] = _figure(draw_fishbone(pm), "fishbone", nonce)
    return render(
        "report.html.j2",
        **context,
        nonce=nonce,
        style=raw_file("page.css") + raw_file("report.css"),
        plotly=Markup(plotly_script(nonce=nonce)) if any(figures.values()) else Markup(""),
        figures=figures,
    )


def _figure(figure: Any, div_id: str, nonce: str) -> Markup:
    return Markup(figure_html(figure, div_id=div_id, nonce=nonce, config=_NO_BAR))
