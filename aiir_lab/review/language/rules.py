"""The rules of `review_language`: the table's reader, and the meaning of its columns.

The table is ``data/rules_<kind>.txt``, one file per kind. The sources, by their short names:

- ``pagerduty``: PagerDuty post-mortem guide, on blameless language (no human error, no "should have", ask how
  and what, never who or why): https://github.com/PagerDuty/postmortem-docs
- ``google``: Google SRE workbook, post-mortem culture (no accusing or animated language; mend systems):
  https://sre.google/workbook/postmortem-culture/
- ``etsy``: Etsy debriefing facilitation guide (hindsight, counterfactuals, local rationality):
  https://github.com/etsy/DebriefingFacilitationGuide
- ``howie``: Howie guide ("human error" is where the inquiry begins): https://howie-guide.pagerduty.com
- ``own``: our reading of practice, where the guides name the idea and give no wording.

Conditions (column ``needs``) on what a pattern found:

- ``person``: the subject of the verb is a person, role, team or company;
- ``clause``: the same for the subject of the whole clause (for adverbs and "without ...");
- ``asserted``: not negated, rejected, hypothetical or about the future;
- ``loose``: not rejected (a negation is part of the accusation);
- ``unexcused``: the sentence gives no local reason ("because the runbook said ...");
- ``harm``: the sentence speaks of something that went wrong;
- ``aside``: the remark stands beside a person and something not done.
"""

from __future__ import annotations

import string
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib import resources

from aiir_lab.review.language.pattern import Pattern

# From the kind that explains a sentence best to the one that only remains: the first one found is reported.
KINDS = (
    "accusing_question",
    "punishment",
    "sarcasm",
    "counterfactual",
    "judgement",
    "human_error",
    "name_as_cause",
    "failed_to",
)


@dataclass(frozen=True)
class Rule:
    """One line of the table."""

    id: str
    kind: str
    needs: frozenset[str]
    source: str
    pattern: Pattern


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, in the order of the table."""
    folder = resources.files("aiir_lab.review.language").joinpath("data")
    found = []
    for kind in KINDS:
        for line in folder.joinpath(f"rules_{kind}.txt").read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                name, needs, source, pattern = line.split(" | ", 3)
                found.append(Rule(name, kind, frozenset(needs.split()), source, Pattern(pattern)))
    return tuple(found)


@dataclass(frozen=True)
class _Index:
    """Which rules can hold at all, answered by bit masks: one bit per word and per tag letter."""

    bits: dict[str, int]
    by_word: dict[str, list[int]]
    unkeyed: list[int]
    needed: list[tuple[int, ...]]


@cache
def _index() -> _Index:
    bits: dict[str, int] = {}
    by_word: dict[str, list[int]] = defaultdict(list)
    unkeyed, needed = [], []

    def bit(symbol: str) -> int:
        return bits.setdefault(symbol, 1 << len(bits))

    for letter in string.ascii_letters + string.digits:
        bit("/" + letter)
    for number, rule in enumerate(rules()):
        masks = []
        for words, letters in rule.pattern.required:
            mask = 0
            for symbol in (*words, *("/" + letter for letter in letters)):
                mask |= bit(symbol)
            masks.append(mask)
        needed.append(tuple(masks))
        for word in rule.pattern.key_words:
            by_word[word].append(number)
        if not rule.pattern.key_words:
            unkeyed.append(number)
    return _Index(bits, dict(by_word), unkeyed, needed)


def candidates(words: set[str], letters: set[str]) -> list[Rule]:
    """The rules whose necessary words and tags all occur in a sentence."""
    index = _index()
    bits, by_word = index.bits, index.by_word
    present = 0
    numbers = set(index.unkeyed)
    for word in words:
        if word in bits:
            present |= bits[word]
            if word in by_word:
                numbers.update(by_word[word])
    for letter in letters:
        present |= bits["/" + letter]
    table, needed = rules(), index.needed
    found = []
    for number in sorted(numbers):
        for mask in needed[number]:
            if not present & mask:
                break
        else:
            found.append(table[number])
    return found
