"""A light grammar: the items of a sentence, which of them can be accused, and who is the subject of a verb.

There is no statistical parser behind it (none ships as a plain package). Words get tags from
`language_words`; runs of nouns are joined under their last word ("the reviewer dashboard" is a
dashboard, "the dashboard reviewer" a person); "two of the reviewers" and "nobody on the fraud team"
become one item.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from aiir_lab.review.language_text import QUOTED
from aiir_lab.review.language_words import lexicon, sections

_TOKEN = re.compile(r"@?\w+(?:['’.\-–/]\w+)*|[^\w\s]")
_OPENING = frozenset(".:;-–—|(#•[>!?")
_NAMED_MARKS = {"/": "slash", "|": "pipe"}
_CONTRACTED = re.compile(r"(?i)^(.+?)(n['’]t|['’](?:ve|re|ll|d|s|m))((?:['’]ve)?)$")
_BARE = {
    w: (w[:-2], "not")
    for w in "didnt doesnt dont wasnt werent isnt arent hasnt havent hadnt wouldnt couldnt shouldnt".split()
} | {"shouldve": ("should", "have"), "couldve": ("could", "have"), "wouldve": ("would", "have")}
_BARE |= {"shoulda": ("should", "have"), "coulda": ("could", "have"), "cant": ("can", "not"), "wont": ("will", "not")}
_BARE |= {"cannot": ("can", "not"), "cuz": ("because",), "coz": ("because",), "gonna": ("going",)}
_IRREGULAR_NOT = {"won't": "will", "can't": "can", "shan't": "shall", "ain't": "is"}
# Role words that are more often something else: they need a determiner or a noun before them.
_NEED_DETERMINER = frozenset(
    "lead head partner pilot author temp guard champion senior junior individual associate fellow principal chief "
    "support unit force panel office board desk side chapter lot crowd bunch caller guy record owner platform man "
    "counsel coach train rep starter user officer force fool shift kid".split()
)
_JOINED = {
    ("trust", "and", "safety"): "PT",
    ("trust", "&", "safety"): "PT",
    ("trust", "safety"): "PT",
    ("data", "platform"): "PT",
    ("no", "one"): "PZz",
    ("human", "resources"): "PT",
    ("customer", "support"): "PT",
    ("customer", "success"): "PT",
    ("on", "call"): "R",
    ("each", "other"): "d",
    ("not", "one", "of", "them"): "PZz",
    ("not", "one", "of", "us"): "PZz",
    ("none", "of", "them"): "PZz",
    ("none", "of", "us"): "PZz",
    ("one", "of", "them"): "PZ",
    ("some", "of", "them"): "PZ",
    ("those", "responsible"): "PR",
    ("those", "in", "charge"): "PR",
    ("people", "in", "charge"): "PR",
    ("root", "cause"): "C",
    ("root", "causes"): "C",
    ("because", "of"): "p",
    ("rather", "than"): "s",
    ("even", "though"): "s",
    ("so", "that"): "s",
    ("as", "usual"): "x",
    ("at", "all"): "x",
    ("of", "course"): "x",
    ("once", "again"): "x",
    ("yet", "again"): "x",
    ("once", "more"): "x",
    ("as", "well"): "x",
    ("at", "least"): "x",
    ("a", "bit"): "x",
    ("of", "shift"): "t",
}
_JOINED_FIRST = frozenset(words[0] for words in _JOINED)
_FOLDING = frozenset("of on in from at not no neither".split(" "))
_NOUNS = frozenset("RTNSvAU")
_QUANTIFIERS = frozenset(
    "one two three four five six several some many most few none neither both half all each any either "
    "member members majority lot bunch couple part rest head".split()
)
_COMMON_CAPITALS = frozenset("i ok utc sev sev1 sev2 sev3 eu us uk ai ml".split())
_MONTHS = frozenset("january february march april may june july august september october november december".split())


@dataclass(slots=True)
class Parse:
    """The items of one sentence, side by side: lower-case word, tags, and the span in the text."""

    words: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def add(self, word: str, tags: str, start: int, end: int) -> None:
        self.words.append(word)
        self.tags.append(tags)
        self.starts.append(start)
        self.ends.append(end)

    def has(self, index: int, letters: str) -> bool:
        """Whether the item has any of the tags."""
        if not 0 <= index < len(self.tags):
            return False
        tags = self.tags[index]
        for letter in letters:  # noqa: SIM110 - the hot spot of the parser
            if letter in tags:
                return True
        return False

    def word(self, index: int) -> str:
        return self.words[index] if 0 <= index < len(self.words) else ""

    def __len__(self) -> int:
        return len(self.words)


def parse(sentence: str, offset: int = 0) -> Parse:
    """Items of a sentence whose first character is at `offset` of the text."""
    return join(tag(sentence, offset))


def tag(sentence: str, offset: int = 0) -> Parse:
    """The words of a sentence with their tags, before they are joined."""
    items = Parse()
    initial = True
    for match in _TOKEN.finditer(sentence):
        raw = match.group()
        start, end = match.start() + offset, match.end() + offset
        if not (raw[0].isalnum() or raw[0] in "@_" or raw[0] == QUOTED):
            items.add(_NAMED_MARKS.get(raw, raw), "", start, end)
            initial = raw in _OPENING
            continue
        low, tags, rest = _word(raw if len(raw) < 60 else raw[:60], initial)
        if raw[0].isupper() and low in sections()["company_tails"] and items.has(len(items) - 1, "PNTU"):
            tags = "PT"
        items.add(low, tags, start, end)
        for extra in rest:
            items.add(extra, lexicon().get(extra, ""), start, end)
        initial = False
    return items


@lru_cache(maxsize=20_000)
def _word(raw: str, initial: bool) -> tuple[str, str, tuple[str, ...]]:
    """Lower-case form, tags and, for a contraction, the further words of a word."""
    lists = sections()
    low = raw.lower().replace("’", "'")
    genitive = False
    rest: tuple[str, ...] = ()
    if low in _BARE:
        low, *more = _BARE[low]
        rest = tuple(more)
    elif "'" in low and (parts := _CONTRACTED.match(low)):
        low, genitive, rest = _uncontract(low, parts)
    tags = lexicon().get(low, "")
    is_name = low in lists["names"] and (raw[0].isupper() or low not in lists["names_that_are_words"])
    if raw[0] == QUOTED:
        tags = "O"
    elif raw[0] == "@" and len(raw) > 1:
        tags = "PN"
    elif is_name and not (low in lists["names_that_are_words"] and tags and initial):
        tags = "PN"
    elif low in lists["companies"]:
        tags = "PT"
    elif not tags or (raw[0].isupper() and not initial and set(tags) <= set("1S")):
        tags = _shape(raw, low, initial)
    if low == "it":
        tags = "PT" if raw == "IT" else "S"
    return low, tags + "g" if genitive else tags, rest


def _uncontract(low: str, parts: re.Match[str]) -> tuple[str, bool, tuple[str, ...]]:
    base, ending, tail = parts.group(1), parts.group(2).replace("’", "'"), parts.group(3)
    rest: tuple[str, ...] = ("have",) if tail else ()
    if ending == "n't":
        return _IRREGULAR_NOT.get(base + ending, base), False, ("not", *rest)
    if ending == "'s":
        if base in {"he", "she", "it", "who", "that", "what", "there", "where", "how", "why", "let", "here"}:
            return base, False, ("'s", *rest)
        return base, True, rest
    full = {"'ve": "have", "'re": "are", "'ll": "will", "'d": "'d", "'m": "am"}[ending]
    return base, False, (full, *rest)


def _shape(raw: str, low: str, initial: bool) -> str:
    """Tags of a word that no list knows, from its form."""
    if raw[0].isupper() and low not in _COMMON_CAPITALS and low not in _MONTHS and len(raw) > 1:
        if not initial and not any(c.isdigit() or c == "_" for c in raw):
            return "U"
        if initial and raw[1:].islower() and not low.endswith(("ing", "tion", "ment", "ness", "ity", "ly", "ed", "s")):
            return "Uu"
    if low.endswith(("ologist", "ographer", "ician", "woman", "person", "people", "smith")):
        return "PR"
    if low.endswith("ly"):
        return "x"
    if low.endswith("ed"):
        return "23"
    if low.endswith("ing"):
        return "4"
    return ""


def join(items: Parse) -> Parse:
    """Join fixed phrases, noun runs, quantified heads and names into single items."""
    out = Parse()
    i, n = 0, len(items)
    while i < n:
        width, tags = _phrase_at(items, i, out)
        if width == 0:
            width, tags = _noun_run(items, i, out)
        if width:
            j = i + width - 1
            genitive = "g" in items.tags[j]
            if not genitive and j + 1 < n and items.words[j + 1] in "'’" and items.words[j].endswith("s"):
                genitive, width = True, width + 1
            word = "_".join(items.words[i : j + 1])
            out.add(word, tags + ("g" if genitive and "g" not in tags else ""), items.starts[i], items.ends[j])
            i += width
            continue
        out.add(items.words[i], items.tags[i], items.starts[i], items.ends[i])
        i += 1
    return _attach(out)


def _phrase_at(items: Parse, i: int, out: Parse) -> tuple[int, str]:
    if items.words[i] not in _JOINED_FIRST:
        return 0, ""
    for width in (4, 3, 2):
        tags = _JOINED.get(tuple(items.words[i : i + width]))
        if tags is None:
            continue
        if tags == "R":
            if out.has(len(out) - 1, "d") and not out.has(len(out) - 1, "p"):
                return width, "PR"
            return 0, ""
        return width, tags
    return 0, ""


def _is_noun(items: Parse, i: int, out: Parse, *, inside: bool) -> bool:
    tags = items.tags[i]
    if _NOUNS.isdisjoint(tags):
        return False
    if inside:
        return True
    word = items.words[i]
    before = len(out) - 1
    if "U" in tags or "N" in tags or "Y" in tags:
        return True
    if "PT" in "".join(sorted(tags)) and word in sections()["soft_teams"]:
        # "Legal never answered" is a team; "the support for tags" and "it support" are not
        return before < 0 or out.word(before) in ",:;and" or out.has(before, "scp") or not out.has(before, "d123")
    if word in {"on-call", "oncall", "moderator", "reviewer"} and i + 1 < len(items):
        following, letters = items.words[i + 1], items.tags[i + 1]  # "the on-call list" is a list
        if not letters and following.isalpha() and not following.endswith("s"):
            return False
    if word in _NEED_DETERMINER:
        return before >= 0 and (out.has(before, "dJg") or not out.tags[before] or out.has(before, "4S"))
    return True


def _noun_run(items: Parse, i: int, out: Parse) -> tuple[int, str]:
    """Width and tags of the run of nouns that begins at `i`; the last noun decides what it is."""
    if not _is_noun(items, i, out, inside=False):
        return 0, ""
    # after "did the reviewer" or a plural person a word that may be a verb is one
    inverted = any(out.has(len(out) - k, "omB") for k in (1, 2, 3)) or "l" in items.tags[i] or "N" in items.tags[i]
    width = 1
    while i + width < len(items) and width < 6:
        previous, j = i + width - 1, i + width
        if "g" in items.tags[previous]:
            break
        tags = items.tags[j]
        if not _is_noun(items, j, out, inside=True) or "Y" in tags or "Y" in items.tags[previous]:
            break
        if any(c in tags for c in "1235") and (inverted or any(c in tags for c in "25")):
            break
        if "N" in items.tags[previous] and "N" not in tags and "U" not in tags and "T" not in tags:
            break
        if items.words[j] in {"it", "us"}:
            break
        width += 1
    tags = items.tags[i + width - 1]
    first = items.tags[i]
    if "N" in first and ("U" in tags or "N" in tags):
        tags = "PN" + ("g" if "g" in tags else "")
    elif width > 1 and "U" in tags and all("U" in items.tags[k] for k in range(i, i + width)):
        tags = tags.replace("u", "") + "2U"[1:]
    return width, tags


def _attach(items: Parse) -> Parse:
    """Fold "two of the reviewers" and "nobody on the fraud team" into the person they name."""
    if _FOLDING.isdisjoint(items.words):
        return items
    out = Parse()
    i, n = 0, len(items)
    while i < n:
        word, tags = items.words[i], items.tags[i]
        quantifier = word in _QUANTIFIERS or (tags and "P" in tags and "g" not in tags)
        if quantifier and i + 2 < n and items.words[i + 1] in {"of", "on", "in", "from", "at"}:
            head = _noun_after(items, i + 2)
            of = items.words[i + 1] == "of"
            if head and items.has(head, "PA") and "g" not in items.tags[head] and (of or ("P" in tags and items.has(head, "T"))):
                negative = "z" if word in {"none", "neither"} or "z" in tags else ""
                kept = tags if "P" in tags else items.tags[head]
                out.add("_".join(items.words[i : head + 1]), kept + negative, items.starts[i], items.ends[head])
                i = head + 1
                continue
        if word in {"neither", "not"} and i + 1 < n:
            head = _noun_after(items, i + 1)
            nor = head and items.word(head + 1) in {"nor", "or"}
            other = _noun_after(items, head + 2) if nor else 0
            if other and items.has(head, "P") and items.has(other, "P"):
                out.add("_".join(items.words[i : other + 1]), "PZz", items.starts[i], items.ends[other])
                i = other + 1
                continue
        if word in {"not", "no"} and i + 1 < n:
            head = _noun_after(items, i + 1)
            step = items.words[i + 1] in {"a", "one", "single"}
            if head and head - i <= 5 and items.has(head, "RT") and (word == "no" or step) and "g" not in items.tags[head]:
                out.add("_".join(items.words[i : head + 1]), "PZz", items.starts[i], items.ends[head])
                i = head + 1
                continue
        out.add(word, tags, items.starts[i], items.ends[i])
        i += 1
    return out


def _noun_after(items: Parse, i: int) -> int:
    """Index of the noun item that a determiner, adjective or unknown word at `i` leads to; 0 if none."""
    for j in range(i, min(i + 5, len(items))):
        if any(letter in items.tags[j] for letter in "PSAU"):
            return j
        if items.words[j] in {"than", "as"}:
            return 0
        if any(letter in items.tags[j] for letter in "pcsBHomn") or not items.words[j][0].isalnum():
            return 0
    return 0


# --- who does it ---------------------------------------------------------------------------------

_VERB_GROUP = frozenset("xomBHn")
# "the moderators involved were fined"
_AFTER_A_PERSON = frozenset("involved responsible concerned affected assigned accused tasked caught alone".split(" "))
_CLAUSE_MARKS = frozenset(";:()–—|[]•#>?!.")


def subject(items: Parse, verb: int) -> int | None:
    """Index of the item that is the subject of the verb at `verb`; None where no noun can be found."""
    i = verb - 1
    while i >= 0 and (_VERB_GROUP & set(items.tags[i]) and "P" not in items.tags[i]):
        i -= 1
    if i >= 0 and items.words[i] == "to" and items.has(i - 1, "FDk123") :
        return subject(items, i - 1)
    hops = 0
    while i >= 0 and hops < 40:
        hops += 1
        word, tags = items.words[i], items.tags[i]
        if word in {"who", "whom"}:
            return i if i == 0 or not items.has(i - 1, "PA") else i - 1
        if word in {"which", "that"} and (items.has(i - 1, "PSAUh") or items.word(i - 1) == ","):
            i -= 2 if items.word(i - 1) == "," else 1
            continue
        if word == ",":
            who = _relative_start(items, i)
            if who is not None:
                i = who - 1
                continue
            return clause_subject(items, i)
        if "c" in tags or word == "then":
            return clause_subject(items, i)
        if "s" in tags or word in _CLAUSE_MARKS:
            return None
        if word in _AFTER_A_PERSON and items.has(i - 1, "P"):
            i -= 1
            continue
        if ("t" in tags or "x" in tags) and "P" not in tags:
            i = _np_start(items, i) - 1 if "t" in tags else i - 1
            if "t" in tags and items.has(i, "p"):
                i -= 1
            continue
        if "g" in tags and "S" not in tags:
            return None
        start = _np_start(items, i)
        holder = start - 2  # "the two people holding the pager", "anyone caught skipping the gate"
        while holder > 0 and items.words[holder] in _AFTER_A_PERSON:
            holder -= 1
        if start > 1 and items.has(start - 1, "4") and items.has(holder, "P") and "g" not in items.tags[holder]:
            return holder
        if start > 0 and items.has(start - 1, "p") and items.words[start - 1] not in {"by", "to"}:
            i = start - 2  # a prepositional phrase: its head stands before it
            while i >= 0 and items.words[i] == ",":
                i -= 1
            if i < 0:
                return None
            continue
        if "d" in tags and "P" not in tags:
            return i if word in {"this", "that", "these", "those"} and start == i and verb - i < 4 else None
        if any(letter in tags for letter in "PSAUvhCMWOG") or not tags or "4" in tags:
            return i
        if tags.strip("12345FfDLKkX") == "" and start < i:
            return i
        return None
    return None


def _relative_start(items: Parse, comma: int) -> int | None:
    """Index of the comma that opens ", who had been told twice," when the one at `comma` closes it."""
    for j in range(comma - 1, max(-1, comma - 14), -1):
        if items.words[j] == ",":
            opens = items.word(j + 1) in {"who", "which", "whose"} or items.has(j + 1, "d")
            return j if opens and j > 0 and items.has(j - 1, "PSAUt") else None
    return None


def _np_start(items: Parse, i: int) -> int:
    """First item of the noun phrase whose last item is `i`."""
    j = i
    while j > 0 and i - j < 6:
        tags = items.tags[j - 1]
        if "d" in tags and "P" not in tags:
            j -= 1
            break
        if "g" in tags or "J" in tags or not tags or "4" in tags or "3" in tags and "H" not in tags:
            if not items.words[j - 1][0].isalnum():
                break
            j -= 1
            continue
        break
    return j


def clause_subject(items: Parse, before: int) -> int | None:
    """Subject of the clause that ends at `before`: the nearest noun that a verb follows, else its first noun."""
    begin = before
    while begin > 0 and items.words[begin - 1] not in _CLAUSE_MARKS and "s" not in items.tags[begin - 1]:
        begin -= 1
    first = None
    for j in range(before - 1, begin - 1, -1):
        if not any(letter in items.tags[j] for letter in "PSAU") or "g" in items.tags[j]:
            continue
        start = _np_start(items, j)
        if start > 0 and items.has(start - 1, "p"):
            continue
        follow = j + 1
        while items.has(follow, "x"):
            follow += 1
        if follow < before and items.has(follow, "25BHom") and not items.has(follow, "dP"):
            return j
        first = j
    return first


def is_person(items: Parse, index: int | None) -> bool:
    """Whether the item is someone who can be accused (a bare "they" refers back, see `they_are_things`)."""
    return index is not None and items.has(index, "P") and not items.has(index, "v")
