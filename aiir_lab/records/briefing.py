"""An executive briefing: one page that ends in a decision."""

from __future__ import annotations

from pydantic import Field

from aiir_lab.records.base import Line, Record, Slug, Text


class Briefing(Record):
    """What leadership needs to decide. Incomplete ones are allowed: reviewing is the point.

    Examples
    --------
    >>> Briefing(id="inc-7", title="Filter missed new spellings").words
    0
    """

    id: Slug
    title: Line
    what_happened: Text | None = Field(default=None, description="who was affected, how much, since when")
    causes: Text | None = Field(default=None, description="conditions, with their measured share")
    plan: Text | None = Field(default=None, description="what changes, and its measured effect")
    ask: Text | None = Field(default=None, description="the decision wanted, the amount, by when")
    risk_left: Text | None = Field(default=None, description="what remains, and who accepts it")
    measures: Text | None = Field(default=None, description="what will be measured, the target, how often")

    def sections(self) -> dict[str, str]:
        """Heading to text, in the order of the page; empty where nothing is written."""
        return {heading: getattr(self, field) or "" for field, heading in SECTIONS.items()}

    @property
    def words(self) -> int:
        """Words in all sections."""
        return sum(len(text.split()) for text in self.sections().values())


SECTIONS = {
    "what_happened": "What happened",
    "causes": "Why it could happen",
    "plan": "What changes, and what it was measured to do",
    "ask": "What we ask you to decide",
    "risk_left": "What remains",
    "measures": "How you will know",
}
"""Fields of a briefing and their headings."""
