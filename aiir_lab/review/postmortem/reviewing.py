"""Judge a whole post-mortem: score, verdict, and what would help it most.

Six dimensions are judged on a scale from 0 to 1 and weighted. They follow the review questions of the
PagerDuty post-mortem guide (https://github.com/PagerDuty/postmortem-docs) and the Google SRE workbook
(https://sre.google/workbook/postmortem-culture/), and a public weighted rubric with marks from 1 to 5,
where 3.0 passes and 4.2 is excellent (https://github.com/lyndonkl/claude, skills/postmortem). On a scale
from 0 to 1 these are 0.5 and 0.8. The weights are our own: what a reader can act on (timeline, causes,
actions) counts most. Timeliness and sharing, which that rubric also marks, cannot be seen in the document.

A quarter of the score is the weakest dimension: a full document that blames a person, or that changes
nothing, has not done its work, however complete it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from aiir_lab.records import AiirError, Postmortem
from aiir_lab.review.finding import Finding

ADEQUATE, EXCELLENT = 0.5, 0.8


@dataclass(frozen=True, slots=True)
class Dimension:
    """One side of a post-mortem: its score from 0 to 1 and its share of the whole."""

    name: str
    score: float
    weight: float


@dataclass(frozen=True, slots=True)
class PostmortemReview:
    """The judgement on a post-mortem.

    Parameters
    ----------
    title : str
        Title of what was judged.
    dimensions : tuple of Dimension
        Completeness, timeline, impact, causes, actions, tone.
    findings : tuple of Finding
        What to mend, that which would help most first. ``line`` is the line of the document, ``field`` the
        field of the record.
    document : str
        The text that offsets count in; empty where a record was judged.
    path : str or None
        The file it was read from.
    """

    title: str
    dimensions: tuple[Dimension, ...]
    findings: tuple[Finding, ...]
    document: str = ""
    path: str | None = None

    @property
    def score(self) -> float:
        """0 to 1."""
        total = sum(dimension.score * dimension.weight for dimension in self.dimensions)
        mean = total / sum(dimension.weight for dimension in self.dimensions)
        weakest = min(dimension.score for dimension in self.dimensions)
        return round(0.75 * mean + 0.25 * weakest, 3)

    @property
    def verdict(self) -> str:
        """``"excellent"``, ``"adequate"`` or ``"poor"``."""
        return "excellent" if self.score >= EXCELLENT else "adequate" if self.score >= ADEQUATE else "poor"

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            "title": self.title,
            "path": self.path,
            "score": self.score,
            "verdict": self.verdict,
            "dimensions": {dimension.name: round(dimension.score, 3) for dimension in self.dimensions},
            "findings": [finding.to_dict() for finding in self.findings],
        }

    def to_markdown(self) -> str:
        """The review as Markdown."""
        from aiir_lab.review.postmortem.report import write_markdown

        return write_markdown(self)

    def to_html(self) -> str:
        """The review as one self-contained page."""
        from aiir_lab.review.postmortem.report import write_html

        return write_html(self)

    def to_sarif(self) -> dict[str, Any]:
        """The findings in SARIF 2.1.0, so that a code host can show them beside the lines."""
        from aiir_lab.review.postmortem.report import write_sarif

        return write_sarif(self)

    def _repr_html_(self) -> str:
        from aiir_lab.review.postmortem.report import write_fragment

        return write_fragment(self)


def review_postmortem(pm: Postmortem, *, today: date | None = None) -> PostmortemReview:
    """Judge a post-mortem.

    Parameters
    ----------
    pm : Postmortem
        A record, or what :func:`read_postmortem` returns; then findings carry lines of the document.
    today : date, optional
        Passed on to the judge of action items.

    Returns
    -------
    PostmortemReview

    Raises
    ------
    AiirError
        ``pm`` is no post-mortem.

    Examples
    --------
    >>> review = review_postmortem(Postmortem(id="x", title="Wrong labels"))
    >>> review.verdict
    'poor'
    """
    from aiir_lab.review.postmortem.rubric import RUBRIC

    if not isinstance(pm, Postmortem):
        raise AiirError(
            f"review_postmortem: expected a Postmortem, got {type(pm).__name__}. "
            "Read a document first: read_postmortem('INC-7.md')."
        )
    dimensions, weighed = [], []
    for name, weight, judge in RUBRIC:
        judged = judge(pm, today)
        dimensions.append(Dimension(name, min(max(judged.score, 0.0), 1.0), weight))
        weighed += [(cost * weight, finding) for cost, finding in judged.remarks]
    weighed.sort(key=lambda pair: (-pair[0], pair[1].line or 0, pair[1].kind))
    return PostmortemReview(
        title=pm.title,
        dimensions=tuple(dimensions),
        findings=tuple(dict.fromkeys(finding for _, finding in weighed)),
        document=getattr(pm, "document", ""),
        path=getattr(pm, "path", None),
    )
