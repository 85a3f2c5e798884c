"""Which of the 72 subcategories of the NIST AI RMF an incident and its plan touch, and which are gaps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from aiir_lab.catalog import ai_rmf
from aiir_lab.records import AiirError, check_rmf_id

if TYPE_CHECKING:
    import pandas as pd

CORE = (
    *("GOVERN 2.1", "GOVERN 4.3", "GOVERN 6.2", "MAP 5.1"),
    *("MEASURE 2.4", "MEASURE 2.6", "MEASURE 2.7", "MEASURE 2.11", "MEASURE 3.1", "MEASURE 3.3"),
    *("MANAGE 1.3", "MANAGE 2.3", "MANAGE 2.4", "MANAGE 4.1", "MANAGE 4.2", "MANAGE 4.3"),
)
"""Sixteen subcategories that matter most in incident work. The choice is our own, not NIST's."""

STATES = ("incident and plan", "incident only", "plan only", "core gap", "not touched")


@dataclass(frozen=True)
class RmfCoverage:
    """What is touched.

    Parameters
    ----------
    incident, plan : tuple of str
        Subcategories that the incident showed as weak, and those that the plan answers; in the order
        of the Core.
    """

    incident: tuple[str, ...]
    plan: tuple[str, ...]

    @property
    def unanswered(self) -> tuple[str, ...]:
        """Subcategories that the incident showed as weak and the plan does not answer."""
        return tuple(id for id in self.incident if id not in self.plan)

    @property
    def gaps(self) -> tuple[str, ...]:
        """Core subcategories that neither the incident review nor the plan looked at."""
        return tuple(id for id in CORE if id not in {*self.incident, *self.plan})

    def to_frame(self) -> pd.DataFrame:
        """All 72 subcategories with their state.

        Returns
        -------
        DataFrame
            Index ``id`` (str); ``function``, ``category``, ``description`` (str), ``in_incident``,
            ``in_plan``, ``is_core`` (bool), ``state`` (str, one of ``STATES``).
        """
        frame = ai_rmf().drop(columns="incident_use").set_index("id")
        frame["in_incident"] = frame.index.isin(self.incident)
        frame["in_plan"] = frame.index.isin(self.plan)
        frame["is_core"] = frame.index.isin(CORE)
        frame["state"] = [self._state(str(id)) for id in frame.index]
        return frame

    def _state(self, id: str) -> str:
        touched = (id in self.incident, id in self.plan)
        if any(touched):
            return {(True, True): STATES[0], (True, False): STATES[1], (False, True): STATES[2]}[touched]
        return STATES[3] if id in CORE else STATES[4]

    def to_markdown(self) -> str:
        """Counts, and what is open, as Markdown."""
        return "\n".join(["# Coverage of the NIST AI RMF", "", *self._lines()]) + "\n"

    def _repr_html_(self) -> str:
        return "".join(f"<p>{escape(line)}</p>" for line in self._lines() if line)

    def _lines(self) -> list[str]:
        both = len(set(self.incident) | set(self.plan))
        return [
            f"{both} of 72 subcategories are touched: {len(self.incident)} by the incident, "
            f"{len(self.plan)} by the plan.",
            "",
            f"Shown weak and not answered: {', '.join(self.unanswered) or 'none'}.",
            "",
            f"Core gaps, looked at by neither: {', '.join(self.gaps) or 'none'}.",
        ]


def rmf_coverage(*, incident: Iterable[str] = (), plan: Iterable[str] = ()) -> RmfCoverage:
    """Map an incident and its plan to the NIST AI RMF.

    Parameters
    ----------
    incident : iterable of str
        Ids of subcategories that the incident showed as weak, such as ``"MANAGE 2.4"``.
    plan : iterable of str
        Ids that the plan's actions answer.

    Returns
    -------
    RmfCoverage

    Raises
    ------
    NotFoundError
        An id does not exist; the nearest real ones are named.
    AiirError
        A bare text was given instead of a list.

    Examples
    --------
    >>> coverage = rmf_coverage(incident=["MANAGE 2.4", "measure 2.7"], plan=["MANAGE 2.4"])
    >>> coverage.unanswered
    ('MEASURE 2.7',)
    """
    return RmfCoverage(_read("incident", incident), _read("plan", plan))


def _read(name: str, ids: Iterable[str]) -> tuple[str, ...]:
    if isinstance(ids, str):
        raise AiirError(f"rmf_coverage: {name} is the text {ids!r}. Expected a list of ids: [{ids!r}].")
    known = {check_rmf_id(str(id)) for id in ids}
    return tuple(id for id in ai_rmf()["id"] if id in known)


def search_rmf(text: str) -> pd.DataFrame:
    """Find subcategories whose id, description or use in incidents holds all words.

    Parameters
    ----------
    text : str
        Words in any order, small or capital; ``"incident communit"`` finds parts of words too.

    Returns
    -------
    DataFrame
        Rows of ``lab.ai_rmf()``, index ``id``; empty where nothing fits.

    Examples
    --------
    >>> "MANAGE 4.3" in search_rmf("incident communit").index
    True
    """
    words = str(text).lower().split()
    frame = ai_rmf().set_index("id")
    used = frame["incident_use"].fillna("")
    texts = (frame.index.to_series() + " " + frame["description"] + " " + used).str.lower()
    return frame[[all(word in line for word in words) for line in texts]]
