"""Which techniques of MITRE ATLAS an incident showed, and which mitigations a plan sets against each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from aiir_lab.records import ATLAS_NAMES, AiirError, check_atlas_id

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class AtlasCoverage:
    """What is touched, and by what it is answered.

    Parameters
    ----------
    incident : tuple of str
        Techniques that the incident showed.
    plan : dict of str to tuple of str
        Technique to the mitigations that the plan sets against it. Whether they do, people have to argue.
    """

    incident: tuple[str, ...]
    plan: dict[str, tuple[str, ...]]

    @property
    def unanswered(self) -> tuple[str, ...]:
        """Techniques of the incident against which the plan sets nothing."""
        return tuple(id for id in self.incident if not self.plan.get(id))

    @property
    def mitigations(self) -> tuple[str, ...]:
        """All mitigations of the plan, each once, in the order of ATLAS."""
        used = {id for ids in self.plan.values() for id in ids}
        return tuple(id for id in ATLAS_NAMES if id in used)

    def to_frame(self) -> pd.DataFrame:
        """One row for each technique.

        Returns
        -------
        DataFrame
            Index ``technique`` (str); ``name`` (str), ``in_incident`` (bool), ``mitigations`` (str, ids with
            their names; empty where there is none).
        """
        import pandas as pd

        ids = dict.fromkeys((*self.incident, *self.plan))
        rows = [
            {
                "technique": id,
                "name": ATLAS_NAMES[id],
                "in_incident": id in self.incident,
                "mitigations": "; ".join(f"{one} {ATLAS_NAMES[one]}" for one in self.plan.get(id, ())),
            }
            for id in ids
        ]
        columns = ["technique", "name", "in_incident", "mitigations"]
        return pd.DataFrame(rows, columns=columns).set_index("technique")

    def to_markdown(self) -> str:
        """What is answered by what, and what is open, as Markdown."""
        return "\n".join(["# Coverage of MITRE ATLAS", "", *(f"- {line}" for line in self._lines())]) + "\n"

    def _repr_html_(self) -> str:
        return "".join(f"<p>{escape(line)}</p>" for line in self._lines())

    def _lines(self) -> list[str]:
        lines = [
            f"{id} {row['name']}: {row['mitigations'] or 'no mitigation'}"
            for id, row in self.to_frame().to_dict("index").items()
        ]
        return lines or ["No technique: an incident without an adversary has none."]


def atlas_coverage(
    *, incident: Iterable[str] = (), plan: Mapping[str, Iterable[str]] | None = None
) -> AtlasCoverage:
    """Map an incident with an adversary to MITRE ATLAS; the sibling of ``rmf_coverage``.

    Parameters
    ----------
    incident : iterable of str
        Techniques that the incident showed, such as ``"AML.T0020"``.
    plan : mapping of str to iterable of str, optional
        Technique to the mitigations that the plan sets against it, such as
        ``{"AML.T0020": ["AML.M0025"]}``.

    Returns
    -------
    AtlasCoverage

    Raises
    ------
    NotFoundError
        An id is not in the course's list; the nearest real ones are named.
    AiirError
        A bare text was given instead of a list, or an id is of another kind than what is asked for.

    Examples
    --------
    >>> coverage = atlas_coverage(incident=["AML.T0020", "aml.t0031"], plan={"AML.T0020": ["AML.M0025"]})
    >>> coverage.unanswered
    ('AML.T0031',)
    """
    answers: dict[str, tuple[str, ...]] = {}
    for technique, mitigations in (plan or {}).items():
        (id,) = _read("plan", [technique], "T", "technique")
        answers[id] = _read(f"plan[{id!r}]", mitigations, "M", "mitigation")
    return AtlasCoverage(_read("incident", incident, "T", "technique"), answers)


def _read(name: str, ids: Iterable[str], letter: str, kind: str) -> tuple[str, ...]:
    if isinstance(ids, str):
        raise AiirError(f"atlas_coverage: {name} is the text {ids!r}. Expected a list of ids: [{ids!r}].")
    known = dict.fromkeys(check_atlas_id(str(id)) for id in ids)
    for id in known:
        if not id.startswith(f"AML.{letter}"):
            raise AiirError(
                f"atlas_coverage: {name} holds {id} ({ATLAS_NAMES[id]}), which is no {kind}. "
                f"Expected ids that begin with AML.{letter}; lab.atlas() lists them with their kind."
            )
    return tuple(known)
