"""What a first public update must not hold, found by words: enough for a beginner's text."""

from __future__ import annotations

import re

_WORDS = {
    "speculation": r"probably|maybe|perhaps|might be|may be caused|we (?:think|believe|suspect)|"
    r"seems to be caused|likely (?:caused|due)|caused by|because of|due to|root cause",
    "blame": r"vendor|supplier|third[- ]party|provider'?s? (?:mistake|error)|engineer|careless|mistake by",
    "leaks_internal": r"\bsev ?\d|\bserver\w*|database|kafka|kubernetes|\bjson\b|canary|on-call|model v\d",
    "jargon": r"latency|inference|roll(?:ed )?back|endpoint|schema|parser|payload|\bllm\b|\bapi\b|drift",
    "overpromise": r"will be (?:fixed|resolved|back)|never happen again|guarantee|promise|fully fixed by",
    "minimises": r"only a (?:few|small)|minor|just a|small number|slight|hiccup|glitch",
}
_PATTERNS = {kind: re.compile(rf"\b(?:{words})", re.IGNORECASE) for kind, words in _WORDS.items()}
_SYMPTOM = re.compile(
    r"\b(?:empty|blank|wrong|missing|unavailable|cannot|can't|unable|do(?:es)? not|slow|fail\w*|stop\w*)\b",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"(?:next|another|further) update|update (?:you|this|here|again|by|at|within)|(?:by|at) \d{1,2}[:.]\d{2}",
    re.IGNORECASE,
)


def find_problems(text: str) -> dict[str, str]:
    """Kind of problem -> what is wrong, in words; empty where nothing was found."""
    found = {kind: pattern.search(text) for kind, pattern in _PATTERNS.items()}
    problems = {kind: f"Look at {match.group()!r}." for kind, match in found.items() if match}
    if not _SYMPTOM.search(text):
        problems["no_impact"] = "It does not say who is affected and how."
    if not _NEXT.search(text):
        problems["no_next_update"] = "The text does not say when the next update comes."
    return problems
