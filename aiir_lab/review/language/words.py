"""Look words up by their part in an accusation: who, what, which kind of verb.

The lists live in ``data``. Each word gets a string of one-letter tags:

===  ==========================================  ===  ==========================================
tag  meaning                                     tag  meaning
===  ==========================================  ===  ==========================================
P    a person, role, team or company             S    a system, model, data set or document
N    personal name            (with P)           h    something that went wrong
R    role                     (with P)           C    "cause", "reason", "culprit"
T    team or company          (with P)           M    "mistake", "oversight", "failure"
Y    pronoun                  (with P)           G    "carelessness", "negligence"
Z    "someone", "anyone"      (with P)           w    "diligence", "care"
A    user, agent: human only with a human verb   W    "work", "review", "decision"
U    unknown word with a capital                 J/j  judgement adjective / adverb
F/f  omission verb / only humans do it           X    punishment verb
D/L  careful work / noticing                     K/k  harming verb / ordinary act
m    modal                                       B/H  be / have
n    negation                                    o    do, does, did
d/g  determiner / genitive                       p    preposition
c/s  conjunction / subordinator                  x/t  adverb / time word
===  ==========================================  ===  ==========================================

Verb forms are digits: 1 base, 2 past, 3 participle, 4 -ing, 5 third person.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from functools import cache
from importlib import resources

_CLOSED_TAGS = {
    "be": "B",
    "have": "H",
    "do": "o",
    "modals": "m",
    "negations": "n",
    "determiners": "d",
    "prepositions": "p",
    "conjunctions": "c",
    "subordinators": "s",
    "jokes_about_users": "e",
    "times": "t",
}
_NOUN_TAGS = {
    "systems": "S",
    "products": "S",
    "roles": "PR",
    "teams": "PT",
    "companies": "PT",
    "ambiguous": "A",
    "adversaries": "v",
    "harms": "h",
    "causes": "C",
    "work_nouns": "W",
    "mistakes": "M",
    "judgement_nouns": "G",
    "virtues": "w",
}
_VERB_TAGS = {
    "omissions": "F",
    "human_omissions": "f",
    "diligence": "D",
    "noticing": "L",
    "harming": "K",
    "acting": "k",
    "punishments": "X",
}
_PLAIN_TAGS = {
    "pronouns": "PY",
    "possessives": "d",
    "anyone": "PZ",
    "nobody": "PZz",
    "judgements": "J",
    "judgement_adverbs": "jx",
    "adverbs": "x",
    "participles": "3",
    "past_forms": "2",
}


@cache
def sections() -> dict[str, frozenset[str]]:
    """The word lists by name, as written."""
    folder = resources.files("aiir_lab.review.language").joinpath("data")
    found: dict[str, frozenset[str]] = {}
    for file in ("people.toml", "words.toml"):
        lists = tomllib.loads(folder.joinpath(file).read_text(encoding="utf-8"))
        found |= {name: frozenset(words.split()) for name, words in lists.items()}
    return found


def _plurals(noun: str) -> tuple[str, ...]:
    if noun.endswith(("s", "x", "ch", "sh")):
        return (noun + "es",)
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return (noun[:-1] + "ies",)
    if noun.endswith("man"):
        return (noun[:-3] + "men",)
    return (noun + "s",)


def forms(verb: str) -> tuple[tuple[str, str], ...]:
    """Forms of a verb with their digit; irregular ones are given as ``base/past/participle/ing``."""
    if "/" in verb:
        base, past, participle, ing = verb.split("/")
    else:
        base = verb
        stem = base[:-1] if base.endswith("e") else base
        past = participle = (
            base[:-1] + "i" if base.endswith("y") and base[-2] not in "aeiou" else stem
        ) + "ed"
        ing = stem + "ing" if not base.endswith("ee") else base + "ing"
    third = _plurals(base)[0] if base not in ("do", "go") else base + "es"
    return ((base, "1"), (past, "2"), (participle, "3"), (ing, "4"), (third, "5"))


@cache
def lexicon() -> dict[str, str]:
    """Tags of every known lower-case word, names excepted (they need their capital looked at)."""
    tags: dict[str, set[str]] = defaultdict(set)
    lists = sections()
    for name, letters in (_CLOSED_TAGS | _PLAIN_TAGS).items():
        for word in lists[name]:
            tags[word].update(letters)
    for name, letters in _NOUN_TAGS.items():
        for word in lists[name]:
            tags[word].update(letters)
            for plural in _plurals(word):
                tags[plural].update(letters)
                if letters.startswith("P"):
                    tags[plural].add("l")
    for name, letters in _VERB_TAGS.items():
        for verb in lists[name]:
            for form, digit in forms(verb):
                tags[form].update((letters, digit))
    return {word: "".join(sorted(letters)) for word, letters in tags.items()}
