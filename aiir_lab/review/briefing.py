"""Judge an executive briefing by a stated rubric.

The rubric is our own: what a board needs to decide. It asks for figures with units, causes as conditions, a
measured plan, an ask, the risk that is left and a way to know; for one page, plain words and no blame.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from aiir_lab.records import AiirError
from aiir_lab.records.briefing import SECTIONS, Briefing
from aiir_lab.review.finding import Finding

FEWEST_WORDS, MOST_WORDS = 120, 400
"""One page."""

RUBRIC = {
    "what_happened": "At least two figures with units: who, how much, since when",
    "causes": "Conditions in plural, at least one with its measured share",
    "plan": "The measured effect: a figure without and one with the plan",
    "ask": "An amount, a decision that is wanted, and a date",
    "risk_left": "What remains as a figure, and who accepts it",
    "measures": "A target as a figure, and how often it is looked at",
    "length": f"One page: {FEWEST_WORDS} to {MOST_WORDS} words",
    "plain": "Words that a board uses",
    "blameless": "Conditions, not people",
}

# a number has so many digits at most: a search for longer ones takes the square of their length
_FIGURE = re.compile(
    r"(?:(?:USD|EUR|GBP|[$€£])\s?\d[\d,.]*|\d[\d,.]{0,40}+\s?(?:%|percent\b|[A-Za-z]{3,}(?:-[A-Za-z]+)?))"
)
_AMOUNT = re.compile(
    r"(?:USD|EUR|GBP|[$€£])\s?\d[\d,.]*"
    r"|\d[\d,.]{0,40}+\s?(?:USD|EUR|GBP|engineers?|people|reviewers?|person-days|days of work)"
)
_DECISION = re.compile(r"\b(?:approve|decide|fund|accept|authori[sz]e|agree to|release)\b", re.IGNORECASE)
_DATE = re.compile(
    r"\b\d{4}-\d{2}-\d{2}\b|\b(?:by|before|until|on) (?:\d{1,2} )?(?:Monday|Tuesday|Wednesday|Thursday|Friday"
    r"|January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_OFTEN = re.compile(r"\b(?:hourly|daily|weekly|monthly|quarterly|(?:each|every) \w+)\b", re.IGNORECASE)
_ACCEPTS = re.compile(r"\baccept(?:s|ed|ing)?\b|\bowns? (?:this|the) risk\b", re.IGNORECASE)
_JARGON = re.compile(
    r"\b(?:recall|precision|F1|AUC|ROC|p9[59]|Shapley|embeddings?|logits?|drift|canary|classifier|threshold"
    r"|hyperparameters?|MTTR|RCA|OOD|n-?grams?|pipeline|rollout)\b"
)


@dataclass(frozen=True)
class BriefingReview:
    """What holds of the rubric, and what to mend.

    Parameters
    ----------
    held : dict of str to bool
        One entry for each line of ``RUBRIC``.
    findings : tuple of Finding
        ``field`` names the line of the rubric.
    """

    held: dict[str, bool]
    findings: tuple[Finding, ...]

    @property
    def score(self) -> float:
        """Share of the rubric that holds, 0 to 1."""
        return sum(self.held.values()) / len(self.held)

    def to_markdown(self) -> str:
        """The rubric as a list, with what to mend."""
        lines = [f"# Review of the briefing: {self.score:.0%}", ""]
        for name, text in RUBRIC.items():
            lines.append(f"- {'holds' if self.held[name] else 'open'}: {text}")
            lines += [f"  *{item.message} {item.suggestion}*" for item in self.findings if item.field == name]
        return "\n".join(lines) + "\n"

    def _repr_html_(self) -> str:
        rows = ""
        for name, text in RUBRIC.items():
            said = "".join(
                f"<br><em>{escape(item.message)} {escape(item.suggestion)}</em>"
                for item in self.findings
                if item.field == name
            )
            rows += f"<li>{'✓ holds' if self.held[name] else '○ open'}: {escape(text)}{said}</li>"
        return f"<p>{self.score:.0%} of the rubric holds.</p><ul>{rows}</ul>"


def review_briefing(briefing: Briefing) -> BriefingReview:
    """Judge a briefing by rules; whether it persuades, only readers can say.

    Parameters
    ----------
    briefing : Briefing

    Returns
    -------
    BriefingReview

    Raises
    ------
    AiirError
        Not a Briefing.

    Examples
    --------
    >>> review_briefing(Briefing(id="x", title="X", ask="More people.")).held["ask"]
    False
    """
    if not isinstance(briefing, Briefing):
        raise AiirError(
            f"review_briefing: expected a Briefing, got {type(briefing).__name__}. "
            "Write one: lab.Briefing(id=..., title=..., what_happened=..., ask=...)."
        )
    said = {field: getattr(briefing, field) or "" for field in SECTIONS}
    problems = {
        "what_happened": _needs_figures(said["what_happened"], 2),
        "causes": _needs_figures(said["causes"], 1),
        "plan": _needs_figures(said["plan"], 2),
        "ask": _judge_ask(said["ask"]),
        "risk_left": _needs_figures(said["risk_left"], 1)
        or ("" if _ACCEPTS.search(said["risk_left"]) else "Nobody is said to accept what remains."),
        "measures": _needs_figures(said["measures"], 1)
        or ("" if _OFTEN.search(said["measures"]) else "How often it is looked at is not said."),
        "length": "" if FEWEST_WORDS <= briefing.words <= MOST_WORDS else f"It has {briefing.words} words.",
        "plain": _find_jargon(briefing),
        "blameless": _find_blame(briefing),
    }
    findings = tuple(
        Finding(0, 0, name, problem, f"Needed: {RUBRIC[name]}.", rule=f"briefing.{name}", field=name)
        for name, problem in problems.items()
        if problem
    )
    return BriefingReview({name: not problem for name, problem in problems.items()}, findings)


def _needs_figures(text: str, count: int) -> str:
    if not text:
        return "This part is not written yet."
    found = _FIGURE.findall(text)
    return "" if len(found) >= count else f"It has {len(found)} figures with a unit, {count} are needed."


def _judge_ask(text: str) -> str:
    if not text:
        return "This part is not written yet."
    rules = ((_AMOUNT, "no amount"), (_DECISION, "no decision that is wanted"), (_DATE, "no date"))
    missing = [name for rule, name in rules if not rule.search(text)]
    return f"It has {', '.join(missing)}." if missing else ""


def _find_jargon(briefing: Briefing) -> str:
    if briefing.words < FEWEST_WORDS:
        return "There is too little text to judge."
    found = dict.fromkeys(_JARGON.findall(" ".join(briefing.sections().values())))
    return f"A board does not say {', '.join(map(repr, found))}." if found else ""


def _find_blame(briefing: Briefing) -> str:
    from aiir_lab.review.language import review_language

    if briefing.words < FEWEST_WORDS:
        return "There is too little text to judge."
    found = review_language("\n\n".join(briefing.sections().values()))
    return found[0].message if found else ""
