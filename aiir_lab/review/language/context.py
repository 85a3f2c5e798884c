"""Is it really said? Negation, rejection, hypothesis and local reason make an accusing phrase harmless."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from aiir_lab.review.language.parse import Parse
from aiir_lab.review.language.subject import subject
from aiir_lab.review.language.words import sections

# Words about wording, and refusals to accuse: whatever follows, up to the end of the clause, is not asserted.


@cache
def _expressions(name: str) -> re.Pattern[str]:
    """The regular expressions of one file of ``data``, as alternatives."""
    text = (
        resources.files("aiir_lab.review.language")
        .joinpath("data", f"{name}.txt")
        .read_text(encoding="utf-8")
    )
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return re.compile("|".join(f"(?:{line})" for line in lines), re.IGNORECASE)


_CLAUSE_END = re.compile(
    r"[;.!?:]|,\s(?:but|we|it\sis|it\swas|the\s\w+\s(?:was|failed|is)|instead|ask|rather)\b|\bbut\b|$", re.I
)
_BECAUSE = re.compile(
    r"\b(?:because|since(?!\s(?:january|february|march|april|may|june|july|august|september|october|november"
    r"|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|last|then|yesterday|\d))|so\sthat|in\sorder\sto)\b|;|\bas\s(?:the|no|there|it)\b",
    re.IGNORECASE,
)


class Context:
    """One sentence with what its reviewers keep asking about it, computed once and on demand."""

    def __init__(self, text: str, items: Parse) -> None:
        self.text = text
        self.items = items
        self.offset = items.starts[0] if len(items) else 0
        self._rejected: list[tuple[int, int]] | None = None

    def rejected(self, index: int) -> bool:
        """Whether the item stands where the sentence refuses, or talks about, an accusation."""
        if self._rejected is None:
            self._rejected = []
            spoken = "n" in "".join(self.items.tags) or not sections()["rejection_words"].isdisjoint(
                self.items.words
            )
            if not spoken:
                return False
            for match in _expressions("rejections").finditer(self.text):
                end = _CLAUSE_END.search(self.text, match.end())
                self._rejected.append((match.start(), end.start() if end else len(self.text)))
            if _expressions("about_words").search(self.text):
                self._rejected.append((0, len(self.text)))
        at = self.items.starts[index] - self.offset
        last = self.items.ends[index] - self.offset
        return any(begin <= at < end or begin < last <= end for begin, end in self._rejected)

    def negated(self, first: int) -> bool:
        """Whether "not", "never" or "nobody" governs the items from `first` on."""
        items = self.items
        for i in range(first - 1, max(-1, first - 5), -1):
            tags = items.tags[i]
            if "n" in tags:
                return items.word(i + 1) not in {"only", "just", "merely", "simply"}
            if "z" in tags:
                return True
            if "s" in tags or items.words[i] in ",;:()":
                return False
        return False

    def hypothetical(self, verb: int, who: int | None) -> bool:
        """Whether a bare or present verb form is a condition, a possibility or a purpose."""
        items = self.items
        tags = items.tags[verb]
        if "2" in tags or ("3" in tags and items.has(verb - 1, "HBx")):
            back = verb - 1
            while items.has(back, "x") and "m" not in items.tags[back]:
                back -= 1
            return items.word(back) == "to" or (items.has(back, "m") and "1" in tags)
        if "4" in tags:
            return False
        back = verb - 1
        habit = False
        while back >= 0 and items.has(back, "xn"):
            habit |= items.words[back] in sections()["habits"]
            back -= 1
        if items.word(back) == "to" or items.has(back, "m"):
            return True
        start = who if who is not None else verb
        for i in range(start - 1, max(-1, start - 5), -1):
            if items.words[i] in sections()["conditions"]:
                return True
        return "1" in tags and "2" not in tags and not habit

    def general(self, first: int, last: int) -> bool:
        """Whether a present-tense clause stands under a condition: "when the commander is asleep"."""
        words = self.items.words
        return bool({"is", "are"} & set(words[first : last + 1])) and bool(
            sections()["conditions"] & set(words[max(0, first - 3) : first + 1])
        )

    def excused(self, last: int) -> bool:
        """Whether the sentence gives the situation as the reason for what was not done."""
        if _expressions("local_reasons").search(self.text):
            return True
        items = self.items
        reason = _BECAUSE.search(self.text, max(0, items.ends[last] - self.offset))
        if reason is None:
            return False
        at = reason.end() + self.offset
        rest = [i for i in range(last + 1, len(items)) if items.starts[i] >= at]
        if any(items.has(i, "JGjF") for i in rest):
            return False
        for i in rest:
            if items.has(i, "P") and "g" not in items.tags[i]:
                return any(items.words[k] in {"no", "not", "without", "never"} for k in rest)
            if items.has(i, "SAUh") or not items.tags[i]:
                return True
        return False

    def unknowable(self) -> bool:
        """ "Nobody could have known": the opposite of hindsight."""
        return _expressions("unknowable").search(self.text) is not None

    def has_harm(self) -> bool:
        """Whether something went wrong in this sentence."""
        bad = sections()["bad_outcomes"]
        return any("h" in tags or "K" in tags for tags in self.items.tags) or not bad.isdisjoint(
            self.items.words
        )

    def went_well(self) -> bool:
        """Whether the sentence tells of relief: "thanks to" is then meant."""
        return not sections()["relief"].isdisjoint(self.items.words)

    def has_aside_target(self, first: int, last: int) -> bool:
        """Whether an aside ("clearly", "as usual") stands beside a person and something bad or undone."""
        items = self.items
        everything = range(len(items))
        people = [
            i
            for i in everything
            if items.has(i, "P") and not items.has(i, "gv") and items.words[i] not in {"i", "you"}
        ]
        verbs = [i for i in everything[last + 1 :] if items.has(i, "oBHm123") and not items.has(i, "PdS")]
        who = subject(items, verbs[0]) if verbs else None
        if not people or (who is not None and who not in people):
            return False
        outside = [i for i in everything if not first <= i <= last]
        return any(items.has(i, "nFJKjGz") or items.words[i] in sections()["undone"] for i in outside)
