"""What a facilitator has just said: the kinds of move in it, whom it addresses, what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from aiir_lab.review import review_language
from aiir_lab.review.phrasing import sentences, stems
from aiir_lab.tabletop.meeting.rules import MeetingRules
from aiir_lab.tabletop.meeting.script import MeetingScript

# findings of the language reviewer -> kind of move
_FOUND = {
    "accusing_question": "accusing_question",
    "counterfactual": "counterfactual",
    "human_error": "human_error",
}
_INVITATION = re.compile(
    r"(?:^|[,:;] ?)(?:please )?(?:tell|walk|take|talk|show|describe|help|say more|go on|bring)\b"
    r".*\b(?:me|us|more|on)\b"
)
# what without a name goes to whoever spoke last
_TO_SPEAKER = re.compile(
    r"\b(?:you|your)\b|\bhow (?:did|does|do|has) (?:that|this|it)\b|\bwhat (?:lies|was|is|stands) behind\b"
    r"|\bthat (?:ticket|answer|rule|test|set|step|decision|figure)\b",
    re.IGNORECASE,
)
# what makes a question one that can be answered with an account
_OPENS = frozenset({"open_question", "follow_up", "went_well", "draw_out"})
# "So, who approved it?" asks what "Who approved it?" asks
_FILLER = re.compile(r"^(?:so|(?:well|now|ok|okay|right|look|and|but),)\s+,?\s*|^so,\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Fired:
    """One rule that held, and the words that made it hold."""

    kind: str
    rule: str
    words: str


@dataclass(frozen=True)
class Reading:
    """A move as it was read, before the state of the room is looked at.

    ``to`` is a participant's id, ``"you"`` (whoever spoke last) or ``"room"``. ``topics`` holds the ids of
    the facts whose topics the questions touch, the best match first.
    """

    fired: tuple[Fired, ...]
    to: str
    topics: tuple[str, ...]
    stems: frozenset[str]
    harmful: tuple[str, ...]
    asks: bool
    n_words: int

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of move, each once, in the order of the words."""
        return tuple(dict.fromkeys(fired.kind for fired in self.fired)) or ("remark",)


@lru_cache(maxsize=2048)
def _stems_of(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(stem for word in words for stem in stems(word))


def read_words(text: str, script: MeetingScript, rules: MeetingRules) -> Reading:
    """Read what was said by the rules alone.

    Parameters
    ----------
    text : str
        What the facilitator says.
    script : MeetingScript
        Whose participants can be addressed, whose facts can be asked for.
    rules : MeetingRules

    Returns
    -------
    Reading
    """
    text = " ".join(text.replace("’", "'").split())
    fired: list[Fired] = []
    topics: dict[str, int] = {}
    asked: set[str] = set()
    asks = False
    for start, end in sentences(text):
        sentence = text[start:end]
        plain = _without_names(sentence, script)
        is_question = is_asking(plain)
        here = list(_fire((sentence, plain), rules, is_question=is_question))
        fired += here
        # "Back to the timeline" goes forward in time, and asks nobody anything
        asks |= any(f.kind == "draw_out" or (is_question and f.kind in _OPENS) for f in here)
        if is_question:
            asked |= set(stems(plain))
    for fact in script.facts:
        hits = len(asked & _stems_of(fact.topics))
        if hits:
            topics[fact.id] = hits
    harmful = tuple(kind for kind in dict.fromkeys(f.kind for f in fired) if rules.kind(kind).harms)
    beside = _beside(asked, script, topics)
    if len(beside) > rules.topics_limit:
        fired.append(Fired("stacked_question", "topics", ", ".join(sorted(beside))))
    return Reading(
        tuple(fired),
        to=find_address(text, script),
        topics=tuple(sorted(topics, key=lambda id: -topics[id])),
        stems=frozenset(stems(text)),
        harmful=harmful,
        asks=asks,
        n_words=len(text.split()),
    )


def _beside(asked: set[str], script: MeetingScript, topics: dict[str, int]) -> set[str]:
    """Words of a question that lead elsewhere than to the fact it fits best."""
    if not topics:
        return set()
    best = max(topics, key=lambda id: topics[id])
    every = {stem for fact in script.facts for stem in _stems_of(fact.topics)}
    return (every & asked) - _stems_of(script.fact(best).topics)


def is_asking(sentence: str) -> bool:
    """Whether a sentence asks or invites.

    Examples
    --------
    >>> is_asking("Tell us what you saw."), is_asking("It was late.")
    (True, False)
    """
    return sentence.rstrip("\"'”) ").endswith("?") or bool(_INVITATION.search(sentence.lower()))


def _fire(said: tuple[str, str], rules: MeetingRules, *, is_question: bool) -> Iterator[Fired]:
    """The rules that hold on a sentence, given as it was said and without the name it is addressed to."""
    found: dict[str, Fired] = {}
    lower = said[1].lower()
    for pattern in rules.patterns:
        words = pattern.fits(lower, is_question=is_question)
        if words and pattern.kind not in found:
            found[pattern.kind] = Fired(pattern.kind, pattern.id, words)
    turned = "to_system" in found or "restate_rules" in found
    # a name in front hides some accusations from the reviewer
    for finding, sentence in [
        (f, text) for text in dict.fromkeys(said) for f in review_language(text, words=False)
    ]:
        kind = _FOUND.get(finding.kind, "blame")
        if is_question and _is_meant_openly(kind, finding.rule, lower, turned=turned):
            continue
        found.setdefault(kind, Fired(kind, f"language: {finding.rule}", finding.of(sentence)))
    if "accusing_question" in found:
        found.pop("why_question", None)
    harmful = [kind for kind in found if rules.kind(kind).harms]
    if harmful:
        # a question that accuses is no open question, whatever words it has
        yield from (found[kind] for kind in found if not rules.kind(kind).asks)
        return
    if "closed_question" in found and not lower.startswith(("how", "what", "and what", "and how")):
        for kind in ("open_question", "cue_question", "to_system"):
            if not _opens_after_comma(lower):
                found.pop(kind, None)
    elif "closed_question" in found:
        found.pop("closed_question")
    if is_question and not _OPENS & set(found):
        # "So you saw the signal?" has none of the words that open
        found.pop("cue_question", None)
        found.setdefault("closed_question", Fired("closed_question", "no how or what", "?"))
    yield from found.values()


def _is_meant_openly(kind: str, rule: str, lower: str, *, turned: bool) -> bool:
    """Whether a question asked at a table is no accusation, although the same words in a report would be."""
    if kind == "human_error":
        # "What made that mistake likely?" takes the word up in order to turn it
        return turned
    if rule == "pointed":
        # "How do you know that it still works?"
        return lower.startswith(("how do ", "how does ", "what "))
    if rule == "had-they":
        # "Had anyone looked at spellings before?" tells no other past
        return not re.search(r"\b(?:would|could|might)\b", lower)
    return False


def _opens_after_comma(lower: str) -> bool:
    """Whether an open question follows a closed one in the same sentence: "Did it page, and how?"."""
    return bool(re.search(r"[,:;] (?:and |then |so )?(?:how|what|which|when|where)\b", lower))


@lru_cache(maxsize=64)
def _name_patterns(
    script_names: tuple[tuple[str, tuple[str, ...]], ...],
) -> tuple[tuple[str, re.Pattern[str]], ...]:
    made = []
    for id, aliases in script_names:
        names = "|".join(re.escape(a) for a in sorted(aliases, key=len, reverse=True))
        before = r"(?:^|[.!?:;,] ?|\b(?:to|from|and|thanks?|thank you|now|then|so) )(?:the )?"
        after = r"(?=\s*[,:;?!.]|\s*$| - )"
        made.append((id, re.compile(f"{before}(?:{names}){after}", re.IGNORECASE)))
    return tuple(made)


def _names(script: MeetingScript) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((person.id, person.aliases) for person in script.participants)


def _without_names(sentence: str, script: MeetingScript) -> str:
    """The sentence without the name it is addressed to, which says nothing about its topic."""
    for _, pattern in _name_patterns(_names(script)):
        sentence = pattern.sub(" ", sentence)
    sentence = re.sub(r"^[\s,:;.-]+", "", " ".join(sentence.split()))
    return _FILLER.sub("", sentence)


def find_address(text: str, script: MeetingScript) -> str:
    """Whom a move addresses: of several names the last, because that is who is to answer."""
    found = [
        (match.start(), id)
        for id, pattern in _name_patterns(_names(script))
        for match in pattern.finditer(text)
    ]
    if found:
        return max(found)[1]
    return "you" if _TO_SPEAKER.search(text) else "room"
