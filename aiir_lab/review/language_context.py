"""Is it really said? Negation, rejection, hypothesis, local reason: what turns an accusing phrase into a harmless one."""

from __future__ import annotations

import re

from aiir_lab.review.language_parse import Parse
from aiir_lab.review.language_subject import subject
from aiir_lab.review.language_words import sections

# Words about wording, and refusals to accuse: whatever follows, up to the end of the clause, is not asserted.
_REJECTED = re.compile(
    r"""
    \b(?:we|i|you|they|one|reviews?|facilitators?|guides?|nobody|no\ one|let'?s|please|the\ (?:review|guide|policy|report|team))
      \s(?:\w+\s){0,2}?(?:do(?:es)?\ not|don'?t|doesn'?t|did\ not|didn'?t|never|not|won'?t|will\ not|cannot|can'?t|refuse\ to|try\ not\ to)
      \s(?:\w+\s){0,2}?(?:accept|use|write|ask|say|look\ for|want|stop\ at|allow|call|seek|blame|name|single|punish|discipline|
        assign|treat|conclude|mean|imply|suggest|believe|think|judge|point|discuss|care\ who|record|list|think\ it\ was|find|see)\b
    | \b(?:avoid|avoids|avoiding|refrain\ from|resist|instead\ of|rather\ than|as\ opposed\ to|without\ (?:blam|fear|judg|accus|nam|assign)\w*|
        free\ (?:of|from)|stops?\ short\ of|steer\ clear\ of|rejects?|rejected|discourages?|forbids?|bans?|prohibits?)\b
    | \b(?:easy|easier|tempting|convenient|wrong|unfair|useless|pointless|unhelpful|simplistic|lazy)\s(?:\w+\s)?to\s
        (?:say|blame|conclude|think|write|call|claim|point|assume|argue|stop|judge|accuse|attribute|name)\b
    | \b(?:does|do|did|would|should|must|need)\ not\s(?:mean|imply|show|suggest|prove|matter|ask|blame|punish|stop\ at|be\ read\ as|look\ for)\b
    | \b(?:it\ is|it'?s|it\ was|this\ is|that\ is|this\ was|that\ was)\s(?:not|never)\b | \b(?:isn'?t|wasn'?t)\s(?:a\ matter|a\ question|about|that|because|due|caused)\b
    | \bnot\s(?:because|due\ to|that|caused\ by|about|a\ (?:matter|question|case)\ of|the\ result\ of|to\ blame|to\ find|who|why|by)\b
    | \bno\s(?:evidence|sign|suggestion|indication|question|hint|claim|intention|intent|reason\ to|need\ to|disciplinary|one\ is|one\ was)\b
    | \b(?:nobody|no\ one|none\ of)\s(?:\w+\s){0,5}?(?:is|was|were|are|will\ be|should\ be|has\ been|gets?|got|to)\s(?:\w+\s)?
        (?:blame|fault|punish|disciplin|reprimand|fired|sack|dismiss|demot|suspend|careless|negligent|lazy|held|removed|sanction|to\ blame|at\ fault|responsible|sloppy|incompetent)\w*
    | \b(?:phrase|phrases|word|words|wording|statement|expression|sentence|sentences|claims?|labels?|term|terms|formula|saying|writing|calling|
        language\ such\ as|the\ (?:idea|notion|view|myth|story|belief|assumption|explanation)\ that)\b(?=[^.;]{0,80}?
        \b(?:hides?|ends?|stops?|says\ nothing|explains\ nothing|avoided|removed|replaced|rewritten|reworded|struck|not\ allowed|closes|misleads|is\ banned|
        are\ banned|should\ not|must\ not|does\ not|do\ not|is\ not|are\ not|ignores|tells\ us|belongs|misses|unhelpful|useless)\b)
    | \b(?:replaced|rewrote|reworded|changed|struck|deleted|removed|edited|rephrased|corrected)\s(?:the\ )?(?:phrase|sentence|wording|word|words|line|draft)\b
    | \bblam(?:e|ing)\s(?:a\ person|people|someone|anyone|individuals?|one\ person|operators?|users?|engineers?)\b(?=[^.;]{0,60}?
        \b(?:hides?|would\ hide|teaches|helps\ no|ends?|stops?|is\ easy|does\ not|makes|leads|solves|misses|drives|discourages|kills|fix)\w*)
    | \bblame-?(?:less|free)\b | \bnon-punitive\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_CLAUSE_END = re.compile(
    r"[;.!?:]|,\s(?:but|we|it\sis|it\swas|the\s\w+\s(?:was|failed|is)|instead|ask|rather)\b|\bbut\b|$", re.I
)
# Speech about the sentence itself: "X is where the inquiry begins".
_ABOUT_WORDS = re.compile(
    r"\b(?:is|are)\s(?:only\s|just\s|merely\s|at\sbest\s|always\s|usually\s|never\s|not\s)?(?:a\s)?(?:symptom|where\s(?:the|an|our)|a?\s?starting\spoint|"
    r"the\sbeginning|the\sstart\b|an?\seffect|a\slabel|(?:not\s|never\s)?an?\s(?:\w+\s)?(?:root\s)?(?:cause|explanation|answer|finding))"
    r"|\b(?:ends?|closes|stops)\sthe\s(?:inquiry|investigation|search|analysis|conversation)",
    re.IGNORECASE,
)
_LOCAL_REASON = re.compile(
    r"\b(?:given\s(?:what|the|that|how)|with\sthe\sinformation|made\s(?:perfect\s|good\s|complete\s)?sense|reasonabl[ey]|understandabl[ey]|in\sgood\sfaith|"
    r"as\s(?:instructed|trained|documented|designed|the\s\w+\s(?:said|asked|required|told|shows?|instructs?|says))|had\sno\s(?:way|access|means|tool)|"
    r"had\snot\sbeen\s(?:told|trained|given|shown|added|paged)|was\snot\s(?:told|shown|paged|given|available|visible)|no\sway\s(?:to|of)\sknow\w*)\b",
    re.IGNORECASE,
)
_BECAUSE = re.compile(r"\b(?:because|since|so\sthat|in\sorder\sto)\b|;|\bas\s(?:the|no|there|it)\b", re.IGNORECASE)
_UNKNOWABLE = re.compile(
    r"\b(?:could|can)\s*(?:not|n['’]t|never|hardly|scarcely)\s(?:\w+ly\s)?(?:possibly\s)?have\s(?:\w+ly\s)?"
    r"(?:known|seen|foreseen|predicted|noticed|expected|told|anticipated|guessed|been|spotted|detected|found|prevented)\b"
    r"|\b(?:nobody|no\sone|neither)\b[^.;,]{0,40}?\b(?:could|would|can)\shave\b"
    r"|\bwould\s(?:\w+\s)?have\s(?:made|done|taken|reached|drawn|chosen)\sthe\ssame\b",
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
            for match in _REJECTED.finditer(self.text):
                end = _CLAUSE_END.search(self.text, match.end())
                self._rejected.append((match.start(), end.start() if end else len(self.text)))
            if _ABOUT_WORDS.search(self.text):
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
        """Whether a bare or present verb form is a condition, a possibility or a purpose, not something that happened."""
        items = self.items
        tags = items.tags[verb]
        if "2" in tags or ("3" in tags and items.has(verb - 1, "HBx")):
            back = verb - 1
            while items.has(back, "x") and "m" not in items.tags[back]:
                back -= 1
            return items.word(back) == "to" or items.has(back, "m") and "1" in tags
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
        if _LOCAL_REASON.search(self.text):
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
        """"Nobody could have known": the opposite of hindsight."""
        return _UNKNOWABLE.search(self.text) is not None

    def has_harm(self) -> bool:
        """Whether something went wrong in this sentence."""
        bad = {"down", "lost", "wrong", "worse", "bad", "broken", "broke", "late", "missed", "failed", "unseen", "unnoticed"}
        return any("h" in tags or "K" in tags for tags in self.items.tags) or not bad.isdisjoint(self.items.words)

    def went_well(self) -> bool:
        """Whether the sentence tells of relief: "thanks to" is then meant."""
        return not sections()["relief"].isdisjoint(self.items.words)

    def has_aside_target(self, first: int, last: int) -> bool:
        """Whether an aside ("clearly", "as usual") stands beside a person and something bad or undone."""
        items = self.items
        people = [i for i in range(len(items)) if items.has(i, "P") and "g" not in items.tags[i] and not items.has(i, "v")]
        verbs = [i for i in range(last + 1, len(items)) if items.has(i, "oBHm123") and not items.has(i, "PdS")]
        who = subject(items, verbs[0]) if verbs else None
        if not people or (who is not None and who not in people):
            return False
        outside = [i for i in range(len(items)) if not first <= i <= last]
        return any(items.has(i, "nFJKjGz") or items.words[i] in sections()["undone"] for i in outside)


