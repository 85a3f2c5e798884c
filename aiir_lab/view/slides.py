"""Slides to present an incident to a peer: one HTML file, arrow keys, a feedback form at the end."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import plotly.graph_objects as go
from markupsafe import Markup

from aiir_lab.records.postmortem import Postmortem
from aiir_lab.view.communication import draw_communication, in_time_order
from aiir_lab.view.digest import default_questions, key_events, measures_of, top_actions, trigger_of
from aiir_lab.view.embed import figure_html, plotly_script
from aiir_lab.view.page import Exported, choose_stem, make_folder, nonce_of, raw_file, render, write_whole
from aiir_lab.view.report import add_pdf, check_formats
from aiir_lab.view.timeline import draw_timeline

FORMATS = ("html", "pdf")
_SHOWN_EVENTS = 8
_SHOWN_MESSAGES = 7

# Four levels of one scale, so that no middle can be ticked out of politeness.
RUBRIC: tuple[tuple[str, str], ...] = (
    ("Timeline", "Times carry their zone and source; it begins before onset; what is not known is said."),
    ("Trigger and conditions", "The trigger is told apart from the conditions that made it possible."),
    ("Communication", "Who told whom, how and when, inside and outside; what was missing."),
    ("Corrective actions", "The two that matter most, why, and how one would see that they work."),
    ("Blameless language", "Situations and systems are explained; no person is named as a cause."),
    ("Answers", "Questions are answered from the evidence, and guesses are called guesses."),
)
RATINGS = ("1 not yet", "2 in part", "3 good", "4 excellent")


def export_slides(
    pm: Postmortem,
    folder: str | Path,
    *,
    formats: Sequence[str] = ("html",),
    name: str | None = None,
    actions: Sequence[int] | None = None,
    questions: Sequence[str] | None = None,
    overwrite: bool = False,
) -> Exported:
    """Write slides: what happened, timeline, trigger, communication, two actions, questions, peer feedback.

    Arrow keys, space, Home and End move. The last slide is a form that can be filled in and printed. A file
    that is there already is kept: the new one is numbered.

    Parameters
    ----------
    pm : Postmortem
        What to present.
    folder : str or Path
        Where the file goes; made if need be.
    formats : list of {"html", "pdf"}, default ("html",)
        ``html`` is one self-contained file. ``pdf`` needs a browser of the Chromium family.
    name : str, optional
        File name without its ending. Default: the id of the post-mortem and ``-slides``.
    actions : list of int, optional
        Numbers (from 1) of the action items that mattered most. Default: the two strongest.
    questions : list of str, optional
        Questions to discuss. Default: two general ones, and what the account leaves open.
    overwrite : bool, default False
        Replace files of that name instead of numbering.

    Returns
    -------
    dict of str to Path
        Files by format; ``.skipped`` names the reason for each format that is missing.

    Raises
    ------
    AiirError
        An unknown format or action number, a name that is no file name, or a folder that cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> pm = Postmortem(id="inc-7", title="Wrong labels")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in export_slides(pm, folder).values()]
    ['inc-7-slides.html']
    """
    wanted = check_formats(pm, formats, known=FORMATS)
    page = _html(pm, actions, questions)
    place = make_folder(folder)
    stem = choose_stem(place, name or f"{pm.id}-slides", wanted, overwrite=overwrite)
    paths: dict[str, Path] = {}
    skipped: dict[str, str] = {}
    if "html" in wanted:
        paths["html"] = write_whole(place / f"{stem}.html", page)
    if "pdf" in wanted:
        add_pdf(page, place / f"{stem}.pdf", paths, skipped, window=(1280, 720))
    return Exported(paths, skipped=skipped)


def _html(pm: Postmortem, actions: Sequence[int] | None, questions: Sequence[str] | None) -> str:
    nonce = nonce_of(pm)
    figures = dict.fromkeys(("timeline", "communication"), Markup(""))
    if pm.timeline.events:
        figures["timeline"] = _figure(
            draw_timeline(pm, only=key_events(pm.timeline, limit=_SHOWN_EVENTS)), "timeline", nonce
        )
    if pm.messages:
        shown = in_time_order(pm.messages)[:_SHOWN_MESSAGES]
        figures["communication"] = _figure(draw_communication(shown), "communication", nonce)
    return render(
        "slides.html.j2",
        pm=pm,
        measures=measures_of(pm.timeline),
        trigger=trigger_of(pm),
        top_actions=top_actions(pm, list(actions) if actions is not None else None),
        questions=list(questions) if questions is not None else default_questions(pm),
        shown_events=min(len(pm.timeline.events), _SHOWN_EVENTS),
        shown_messages=min(len(pm.messages), _SHOWN_MESSAGES),
        rubric=RUBRIC,
        ratings=RATINGS,
        figures=figures,
        nonce=nonce,
        style=raw_file("page.css") + raw_file("slides.css"),
        script=raw_file("slides.js"),
        plotly=Markup(plotly_script(nonce=nonce)) if any(figures.values()) else Markup(""),
    )


def _figure(figure: go.Figure, div_id: str, nonce: str) -> Markup:
    no_bar = {"displayModeBar": False}
    return Markup(figure_html(figure, div_id=div_id, nonce=nonce, shows_alt=False, config=no_bar))
