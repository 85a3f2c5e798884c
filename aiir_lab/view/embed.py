"""Figures inside an HTML page: drawn without a network, with a text alternative, plotly.js once per page."""

from __future__ import annotations

import html
import json
import math
from typing import Any

import plotly.graph_objects as go

from aiir_lab.view.theme import alt_of

# The page draws each figure itself, so that one copy of plotly.js (about 5 MB) serves all of them. On paper
# the width of the screen is no use: before printing, figures are laid out wider than an A4 sheet has room for
# (680 px inside its margins) and scaled down to it; afterwards they are set back.
_SCRIPT = """
window.aiirFigures = window.aiirFigures || [];
window.aiirDraw = function (id, figure, config) {
  var node = document.getElementById(id);
  var options = Object.assign({responsive: true, displaylogo: false}, config);
  Plotly.newPlot(node, figure.data, figure.layout, options);
  window.aiirFigures.push(node);
};
if (!window.aiirPrints) {
  window.aiirPrints = true;
  var again = function (isPrinting) {
    window.aiirFigures.forEach(function (node) {
      if (node.dataset.fixed === "true") { return; }
      var box = node.closest("[data-print-zoom]");
      var zoom = box ? parseFloat(box.dataset.printZoom) : 0.85;
      node.style.zoom = isPrinting ? zoom : "";
      var sheet = {width: Math.floor(680 / zoom), autosize: false};
      Plotly.relayout(node, isPrinting ? sheet : {width: null, autosize: true});
    });
  };
  window.addEventListener("beforeprint", function () { again(true); });
  window.addEventListener("afterprint", function () { again(false); });
}
"""


def plotly_script(*, nonce: str | None = None) -> str:
    """The ``<script>`` that brings plotly.js and the page's drawing function; once per page."""
    from plotly.offline import get_plotlyjs

    mark = f' nonce="{nonce}"' if nonce else ""
    # A page with require.js (nbconvert's) must not catch what plotly.js bundles as modules of its own.
    return (
        f"<script{mark}>window.aiirDefine = window.define; window.define = undefined;</script>\n"
        f"<script{mark}>{get_plotlyjs()}</script>\n"
        f"<script{mark}>window.define = window.aiirDefine;{_SCRIPT}</script>\n"
    )


def figure_html(
    figure: go.Figure | dict[str, Any],
    *,
    div_id: str,
    nonce: str | None = None,
    shows_alt: bool = True,
    config: dict[str, Any] | None = None,
) -> str:
    """A ``<figure>`` with its drawing and its text alternative; needs :func:`plotly_script` before it.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure or dict
        A figure, or its JSON form as a notebook stores it.
    div_id : str
        Unique in the page.
    nonce : str, optional
        For pages with a content security policy.
    shows_alt : bool, default True
        Whether the text alternative can also be unfolded by those who see the drawing.
    config : dict, optional
        Plotly's configuration, such as ``{"displayModeBar": False}``.
    """
    data: dict[str, Any] = json.loads(figure.to_json()) if isinstance(figure, go.Figure) else figure
    layout: dict[str, Any] = data.get("layout") or {}
    content = {"data": data.get("data") or [], "layout": layout}
    height = layout.get("height")
    alt = html.escape(alt_of(data), quote=True)
    label = html.escape(div_id, quote=True)
    mark = f' nonce="{nonce}"' if nonce else ""
    size = f"min-height:{int(height)}px" if isinstance(height, int | float) else "height:450px"
    told = f"<details><summary>Figure as text</summary><p>{alt}</p></details>" if shows_alt else ""
    return (
        f'<figure class="aiir-figure" style="margin:0">'
        f'<div id="{label}" class="plotly-graph-div" role="img" aria-label="{alt}" style="{size}"></div>'
        f"<figcaption>{told}</figcaption></figure>"
        f"<script{mark}>aiirDraw({script_json(div_id)}, {script_json(content)}, {script_json(config or {})});"
        f"</script>"
    )


def script_json(value: Any) -> str:
    """JSON that may stand inside a script: nothing in it can end the script or open a comment."""
    try:
        text = json.dumps(value, ensure_ascii=True, allow_nan=False)
    except ValueError:
        text = json.dumps(_without_nan(value), ensure_ascii=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _without_nan(value: Any) -> Any:
    # a notebook may hold NaN, which is no JSON and no JavaScript literal of plotly's: null is its "no value"
    if isinstance(value, dict):
        return {key: _without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
