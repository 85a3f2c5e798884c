"""Notebooks as HTML in which plotly's figures are still there: offline, with their text alternative.

A notebook stores a figure as data that JupyterLab draws. nbconvert and nbgrader's feedback do not know that
data and leave a blank. :class:`EmbedFigures` turns it into HTML that draws itself.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from traitlets import Bool

from aiir_lab.records.errors import AiirError
from aiir_lab.view.embed import figure_html, plotly_script
from aiir_lab.view.page import make_folder, write_whole

PLOTLY_MIME = "application/vnd.plotly.v1+json"


class EmbedFigures(Preprocessor):
    """Give every stored plotly figure an HTML form that needs no network; plotly.js comes once per page.

    Name it in nbgrader's configuration after its own ones, or register it with any nbconvert exporter::

        c.GenerateFeedback.preprocessors = [..., "aiir_lab.view.offline.EmbedFigures"]

    Only outputs that hold a figure are touched.
    """

    # nbconvert's preprocessors are off until something turns them on; naming this one shall be enough
    enabled = Bool(True).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Replace the stored figures of a notebook; the first one brings plotly.js."""
        count = 0
        for cell in nb.cells:
            for output in cell.get("outputs", ()):
                data = output.get("data")
                if data is None or not isinstance(data.get(PLOTLY_MIME), dict):
                    continue
                count += 1
                page_part = figure_html(data[PLOTLY_MIME], div_id=f"aiir-figure-{count}")
                # Other forms of the same figure (a picture, an older renderer's HTML) would show it twice.
                output["data"] = NotebookNode(
                    {"text/html": (plotly_script() if count == 1 else "") + page_part}
                )
        return nb, resources


def export_notebook_html(path: str | Path, out: str | Path | None = None) -> Path:
    """Write an executed notebook as one HTML file that asks nothing of any network.

    Formulas stay in their source form: what would typeset them is not part of the page.

    Parameters
    ----------
    path : str or Path
        An ``.ipynb`` file; it is not executed here.
    out : str or Path, optional
        Where the page goes; an existing file is replaced. Default: beside the notebook, ending in ``.html``.

    Returns
    -------
    Path

    Raises
    ------
    AiirError
        There is no such notebook, it cannot be read, or the page cannot be written.
    """
    import nbformat
    from nbconvert import HTMLExporter

    source = Path(path)
    try:
        notebook = nbformat.read(source, as_version=4)
    except FileNotFoundError:
        raise AiirError(f"There is no notebook {source}.") from None
    except Exception as error:
        # nbformat raises its own kinds for each sort of damage; to the reader they mean the same
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise AiirError(f"{source} is not a notebook that can be read: {reason}") from None
    exporter = HTMLExporter(embed_images=True)
    exporter.register_preprocessor(EmbedFigures(), enabled=True)
    page, _ = exporter.from_notebook_node(notebook, resources={"metadata": {"name": source.stem}})
    target = Path(out) if out is not None else source.with_suffix(".html")
    make_folder(target.parent)
    return write_whole(target, _without_outside(page))


def _without_outside(page: str) -> str:
    """Take out what nbconvert's templates load from a CDN (formulas, modules), and forbid all loading.

    Without a network those would not come either; with one, a page must not tell others that it is read.
    """
    page = re.sub(r'<script\b[^>]*\bsrc="https?://[^"]*"[^>]*>\s*</script>', "", page)
    policy = (
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
        'img-src data: blob:; font-src data:; media-src data:">'
    )
    return re.sub(r"<head\b[^>]*>", lambda found: found.group(0) + policy, page, count=1)
