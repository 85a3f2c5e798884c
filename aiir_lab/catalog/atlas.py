"""MITRE ATLAS as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiir_lab.records.atlas import ATLAS_NAMES, ATLAS_VERSION

if TYPE_CHECKING:
    import pandas as pd

_KINDS = {"T": "technique", "M": "mitigation", "C": "case study"}


def atlas() -> pd.DataFrame:
    """The ids of MITRE ATLAS that this course uses: all mitigations, some techniques and case studies.

    Returns
    -------
    DataFrame
        ``id`` (str, such as ``AML.M0025``), ``kind`` (technique, mitigation or case study), ``name``
        (str) and ``version`` (str, of ATLAS). Source: see ``aiir_lab/records/atlas.py``.

    Examples
    --------
    >>> atlas().set_index("id")["name"]["AML.M0010"]
    'Input Restoration'
    """
    import pandas as pd

    rows = [(id, _KINDS[id.removeprefix("AML.")[0]], name, ATLAS_VERSION) for id, name in ATLAS_NAMES.items()]
    return pd.DataFrame(rows, columns=["id", "kind", "name", "version"])
