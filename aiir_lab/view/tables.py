"""Tables made for reading: text to the left and wrapped, numbers plain, gaps as a dash."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from pandas.io.formats.style import Styler

GAP = "–"


def draw_table(frame: pd.DataFrame) -> Styler:
    """Lay a table out for reading; JupyterLab itself aligns prose to the right.

    Parameters
    ----------
    frame : DataFrame
        With unique row and column labels. It is not changed.

    Returns
    -------
    pandas.io.formats.style.Styler
        Shows itself as the last value of a cell. Columns of numbers stay right-aligned; numbers are without
        trailing zeros; what is missing is a dash.

    Examples
    --------
    >>> import pandas as pd
    >>> "–" in draw_table(pd.DataFrame({"bound": [2.50, None]})).to_html()
    True
    """
    numbers = list(frame.select_dtypes("number").columns)
    text = [column for column in frame.columns if column not in numbers]
    styles = [
        {"selector": "th, td", "props": [("vertical-align", "top")]},
        {
            "selector": "th.row_heading, th.index_name",
            "props": [("text-align", "left"), ("white-space", "nowrap")],
        },
    ]
    styles += [
        {
            "selector": f"th.col_heading.col{position}, td.col{position}",
            "props": [("text-align", "left"), ("white-space", "pre-line")],
        }
        for position, column in enumerate(frame.columns)
        if column in text
    ]
    return frame.style.format(_plain, escape="html").set_table_styles(styles)


def _plain(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return GAP
    return f"{value:,g}" if isinstance(value, float) else str(value)
