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

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from aiir_lab.review.language.pattern import Pattern
from aiir_lab.review.language.words import sections

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
class Ground:
    """Why a stretch of text is a finding: its name, the kind of accusation, and who says so."""

    id: str
    kind: str
    source: str


@dataclass(frozen=True)
class Rule(Ground):
    """One line of the table."""

    needs: frozenset[str]
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
                found.append(Rule(name, kind, source, frozenset(needs.split()), Pattern(_spelled(pattern))))
    return tuple(found)


def _spelled(pattern: str) -> str:
    """A pattern with each ``{list}`` replaced by the words of that list of ``data/words.toml``."""
    return re.sub(r"\{(\w+)\}", lambda match: "|".join(sorted(sections()[match[1]])), pattern)


class Screen:
    """Which rules can hold at all, answered with one big integer per word.

    Bit ``k * n + r`` says that the k-th necessary element of rule r (of n) is filled, so a rule can hold
    where all its bits are set: a few shifts instead of a loop over the table.
    """

    def __init__(self, table: tuple[Rule, ...]) -> None:
        self.table = table
        self.count = len(table)
        self.planes = max(len(rule.pattern.required) for rule in table)
        self._fills: dict[str, int] = defaultdict(int)
        self.present_at_start = 0
        for number, rule in enumerate(table):
            required = rule.pattern.required
            for plane in range(self.planes):
                bit = 1 << (plane * self.count + number)
                if plane >= len(required):
                    self.present_at_start |= bit
                    continue
                words, letters = required[plane]
                for symbol in (*words, *("/" + letter for letter in letters)):
                    self._fills[symbol] |= bit

    def fills(self, word: str, tags: str) -> int:
        """The bits that an item fills; of a joined item its last word counts too."""
        get = self._fills.get
        filled = get(word, 0)
        if "_" in word:
            filled |= get(word.rpartition("_")[2], 0)
        for letter in tags:
            filled |= get("/" + letter, 0)
        return filled

    def complete(self, present: int) -> int:
        """One bit per rule whose every necessary element is filled."""
        found = (1 << self.count) - 1
        for plane in range(self.planes):
            found &= present >> (plane * self.count)
            if not found:
                break
        return found


@cache
def screen() -> Screen:
    """The screen over all rules."""
    return Screen(rules())


@lru_cache(maxsize=50_000)
def _fills(word: str, tags: str) -> int:
    return screen().fills(word, tags)


def candidates(words: Iterable[str], tags: Iterable[str]) -> list[Rule]:
    """The rules whose necessary words and tags all occur among the items of a sentence."""
    one = screen()
    present = one.present_at_start
    for word, letters in zip(words, tags, strict=True):
        present |= _fills(word, letters)
    complete = one.complete(present)
    found = []
    while complete:
        lowest = complete & -complete
        found.append(one.table[lowest.bit_length() - 1])
        complete ^= lowest
    return found
