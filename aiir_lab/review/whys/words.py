"""The small thesaurus of :mod:`aiir_lab.review.whys`: which words mean the same, and which topics lie close.

It stands in for a language model, which cannot ship with the course; it knows the vocabulary of incidents
in ML and software operations, and says "unknown" about the rest.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from aiir_lab.review.phrasing import STOP_WORDS, stem, words

# several words that carry one meaning, joined before the words are cut
_PHRASES = (
    (r"\b(?:a )?second time\b|\btwo times\b|\bonce more\b", " twice "),
    (r"\bout of date\b|\bnot up to date\b", " stale "),
    (r"\btook (?:too |very )?long\b", " slow "),
    (r"\b(?:signed|logged) out\b|\bsessions? ended\b", " logout "),
    (r"\broll(?:ed|ing)?[ -]?back\b", " rollback "),
    (r"\bno space(?: left)?\b|\b(?:ran|run) out of (?:disk|space|memory)\b", " full "),
    (r"\b(?:ran|run|runs|running) out\b", " expire "),
    (r"\bshut(?:s|ting)? (?:itself |themselves )?down\b", " fail "),
    (r"\bon-?call\b", " oncall "),
    (r"\b(?:take|takes|took|taking) (?:\w+ )?longer\b|\blonger than\b", " slow "),
    (r"\bafter (?:it|they|he|she) (?:was|were|is|are) (?:supposed|due|meant)(?: to)?\b", " late "),
    (r"\b(?:more|higher|larger) (?:\w+ )?than (?:usual|normal|before)\b", " grow "),
    (r"\bunusually (?:high|many|large)\b", " grow "),
    (r"\bnot (?:\w+ )?(?:on|in) time\b|\bafter the deadline\b|\btoo late\b", " late "),
    (r"\bin charge of\b|\bresponsible for\b|\baccountable for\b", " owner "),
    (r"\b(?:went|goes|is|was|were|are|being|been) (?:down|offline)\b", " unavailable "),
    (r"\b(?:could|can|cannot|can) ?(?:not|n't) be reached\b", " unavailable "),
    (r"\b(?:fell|fall|falls) over\b|\b(?:broke|breaks|break|broken) down\b", " fail "),
    (r"\b(?:went|goes|gone|go) up\b|\b(?:is|was|were) (?:much )?higher\b", " grow "),
    (r"\bfell behind\b|\b(?:is|was|are|were) behind\b", " slow "),
    (r"\btreat(?:s|ed)? (?:\w+ ){0,3}differently\b", " bias "),
    (r"\bunreliable\b", " not reliable "),
    (r"\buseless\b|\b(?:had|has|have) no effect\b", " ineffective "),
    (r"\ba long time\b|\bfar too long\b", " slow "),
    (r"\b(?:did|does|do|was|were|is|are) not (\w+) (?:well|correctly|properly|right)\b", r" \1 wrong "),
    (r"\b(?:come|came|comes) to an end\b", " finish "),
    (
        (
            r"\b(?:an?|the)?\s*(\w+)((?: (?:for|of|on) (?:the )?\w+)?) (?:is|was|are"
            r"|were) (?:missing|lacking|absent)\b"
        ),
        r" no \1 \2 ",
    ),
    (r"\b(?:an?|the)?\s*(\w+ )?(\w+) (?:does|did|do) not exist\b", r" no \1\2 "),
    (
        r"\bun(clear|tested|checked|verified|reviewed|owned|available|defined|healthy|reachable|noticed)\b",
        r"not \1",
    ),
)
_PHRASES_RE = tuple((re.compile(pattern), into) for pattern, into in _PHRASES)
# how many, and in which unit: two statements do not differ by that
_COUNTS = frozenset(
    re.findall(
        r"\w+",
        "one two three four five six seven eight nine ten twelve twenty thirty sixty hundred thousand "
        "dozen dozens percent minute minutes hour hours",
    )
)
_DENIAL = re.compile(
    r"\b(?:(?:did|does|do|could|can|was|were|is|are|has|have|had|would|will)(?: not"
    r"|n't|n’t)|cannot|never|failed to|fails to|failure to|fail to"
    r"|unable to|nobody|no one|not|no|without(?: any| a| an)?|lack of|lacks|lacked"
    r"|lacking|nothing|none)\s+(?:(?:been|yet|be|enough|ever|any|the|properly|really|a"
    r"|an|had|has|have|to)\s+)*([a-z]+)"
)


@cache
def _tables() -> tuple[
    dict[str, str], dict[str, frozenset[str]], dict[str, str], frozenset[str], frozenset[str], frozenset[str]
]:
    source = resources.files("aiir_lab.review.whys").joinpath("words.toml").read_text(encoding="utf-8")
    data = tomllib.loads(source)
    concept_of: dict[str, str] = {}
    for concept, listed in data["concepts"].items():
        for word in [concept, *listed.split()]:
            concept_of.setdefault(_key(word), concept)
    fields_of: dict[str, set[str]] = {}
    for field, listed in data["fields"].items():
        for word in listed.split():
            fields_of.setdefault(concept_of.get(_key(word), _key(word)), set()).add(field)
    family_of = {field: family for family, listed in data["families"].items() for field in listed.split()}
    elsewhere = frozenset(data["elsewhere"]["words"].split())
    sideline = frozenset(data["sideline"]["words"].split())
    neutral = frozenset(concept_of.get(_key(word), _key(word)) for word in data["neutral"]["words"].split())
    return (
        concept_of,
        {word: frozenset(got) for word, got in fields_of.items()},
        family_of,
        elsewhere,
        neutral,
        sideline,
    )


def _key(word: str) -> str:
    return "not_" + stem(word[4:]) if word.startswith(("not_", "no_")) and word[:4] == "not_" else stem(word)


def concepts(text: str) -> list[str]:
    """The concepts of a statement, in order: synonyms become one, a denied word becomes ``not_...``.

    Examples
    --------
    >>> concepts("The job ran twice"), concepts("The task was executed a second time")
    (['job', 'run', 'twice'], ['job', 'run', 'twice'])
    """
    concept_of, *_ = _tables()
    text = text.lower().replace("’", "'")
    for pattern, into in _PHRASES_RE:
        text = pattern.sub(into, text)
    denied: dict[int, str] = {}
    signs: set[int] = set()
    for match in _DENIAL.finditer(text):
        denied[match.start(1)] = match.group(1)
        signs.update(range(match.start(), match.start(1)))
    found: list[str] = []
    for match in re.finditer(r"[a-z][a-z'_]*(?:-[a-z]+)*", text):
        if match.start() in signs:
            continue  # the sign of denial is kept on the denied word
        word = match.group()
        for part in word.split("-") if "-" in word else [word]:
            if part in STOP_WORDS or part in _COUNTS or len(part) < 2:
                continue
            root = stem(part)
            concept = concept_of.get(root, root)
            if match.start() in denied:
                # "did not notice" is a word of its own ("miss"), an unknown denial keeps its sign
                concept = (
                    concept_of.get("not_" + root)
                    or concept_of.get("not_" + stem(concept))
                    or "not_" + concept
                )
            if concept not in ("exist", "due"):
                found.append(concept)
    return found


def plain(concept: str) -> str:
    """A concept without its sign of denial."""
    return concept.removeprefix("not_")


def fields(found: list[str]) -> frozenset[str]:
    """The topic fields a list of concepts touches."""
    _, fields_of, *_ = _tables()
    touched: set[str] = set()
    for concept in found:
        touched |= fields_of.get(concept, fields_of.get(plain(concept), frozenset()))
    return frozenset(touched)


def families(touched: frozenset[str]) -> frozenset[str]:
    """The families of some fields."""
    family_of = _tables()[2]
    return frozenset(family_of[field] for field in touched if field in family_of)


def elsewhere(text: str) -> set[str]:
    """Words of a statement that belong to office life or the wider world, not to an incident."""
    listed = _tables()[3]
    return {
        word for word in words(text) if word in listed or word.removesuffix("'s").removesuffix("s") in listed
    }


def sideline(text: str) -> set[str]:
    """Words of a statement that belong to the company's other business."""
    listed = _tables()[5]
    return {
        word for word in words(text) if word in listed or word.removesuffix("'s").removesuffix("s") in listed
    }


def is_known(concept: str) -> bool:
    """Whether the thesaurus knows the word at all."""
    concept_of, fields_of, _, _, neutral, _ = _tables()
    bare = plain(concept)
    return (
        bare in neutral
        or bare in fields_of
        or concept in fields_of
        or bare in set(concept_of.values())
        or stem(bare) in concept_of
    )
