"""How two statements of a chain hang together: does one repeat another, does it follow from it at all?

Similarity is counted over concepts (:mod:`aiir_lab.review.whys.words`), so a verdict can be traced to words;
what they do not know, a small network may hear (:mod:`aiir_lab.review.whys.network`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from aiir_lab.review.phrasing import word_set
from aiir_lab.review.whys import network
from aiir_lab.review.whys.depth import Depth, depth_of
from aiir_lab.review.whys.network import logit
from aiir_lab.review.whys.weighing import LEAVES, REPEATS, Weights, likeness, log_odds
from aiir_lab.review.whys.words import concepts, elsewhere, families, fields, is_known, plain, sideline

_SURE = logit(0.65)
"""Log odds of a repetition, by the thesaurus; chosen on lists that its weights were fitted without."""
_HEARD = 0.9
"""Probability of a repetition, by the network: of those tried the best on four lists (340 chains) that an
earlier network had not seen. A sound chain called a circle does more harm than a circle that is missed."""
_MAX_NEW = 0.34
"""An answer repeats an earlier one when at most a third of its concepts are new to it."""
# words too thin to make a link by themselves
THIN = word_set(
    "wrong employee service time change large low user not_user team user make happen "
    "cause reason problem issue incident thing day week month year new take give come "
    "come"
)
_POINTS_BACK = re.compile(
    r"\b(?:it|its|they|them|their|this|that|these|those|the same|such|he|she|both|either|there)\b",
    re.IGNORECASE,
)


# several words that only together lead away
_ASIDE = re.compile(
    r"\b(?:sales (?:team|people|targets?|quotas?|reps?)|missed its \w+ target|(?:stock"
    r"|share) price|quarterly (?:quota|target|results)"
    r"|annual (?:quota|report|results)|health insurance|third floor|dress code)\b",
    re.IGNORECASE,
)
# causes of trouble say what was wrong, absent or out of the ordinary
_TROUBLE = re.compile(
    r"\b(?:no|not|never|nobody|nothing|none|without|lack\w*|miss\w*|wrong\w*|fail\w*"
    r"|bad\w*|too|only|still|stale|old|unclear|un(?:checked|tested|reviewed|owned"
    r"|known|defined|limited|supported|sync\w*)|out of|instead|skip\w*|mis\w{4,}"
    r"|broke\w*|invalid|error\w*|crash\w*|drop\w*|fell|discard\w*|empty|delay\w*|late"
    r"|twice"
    r"|doubl\w*|tripl\w*|expired?|stopp\w*|by hand|manual\w*|anyone|anybody|everyone"
    r"|any|every|bypass\w*|exempt\w*|default|shifted|moved|lost|stuck|full|exceed\w*"
    r"|wait\w*|hung|overw\w*|differ\w*|conflict\w*|n't|cannot)\b",
    re.IGNORECASE,
)


def own_words(statement: str) -> str:
    """A statement without the "because" that opens it."""
    # "the alerts were ignored because people did not react": the reason is what the answer adds
    return re.sub(r"^\s*(?:because|since|as)\s+", "", statement, flags=re.IGNORECASE)


# "... because the tests are skipped": the reason inside the answer
_REASON = re.compile(
    r"\b(?:because(?: of)?|since|as(?! (?:an?|the|if|soon|long)\b)|due to|owing to|given that)\s+(.{8,})$",
    re.IGNORECASE,
)
_OPENS_WITH_PRONOUN = re.compile(r"^(?:it|they|this|that|these|those|its|their)\b", re.IGNORECASE)
# what is true anyway: tastes, and what something is like
_TASTE = re.compile(r"\b(?:prefers?|likes?|loves?|enjoys?|are fond of)\b", re.IGNORECASE)
_LACK = re.compile(r"\b(?:no|not|never|nobody|without|missing|lack\w*|un\w+|wrong\w*)\b|n't\b", re.IGNORECASE)
_STATE = re.compile(
    r"^(?:our |the |most |many |some |an? )*((?:[\w-]+ ){1,4}?)"
    r"(?:is|are|has|have|costs?|comes?|lives?|likes?)\b",
    re.IGNORECASE,
)


def repeats(answer: str, earlier: Sequence[str], weights: Weights | None = None) -> int | None:
    """Index of the earlier statement (0 = the problem) that `answer` says again, or None.

    `weights` are other ones than those that are kept; cross-validation asks with such.

    Examples
    --------
    >>> repeats("The backlog increased", ["The queue grew"])
    0
    >>> repeats("Log retention was unlimited", ["The disk was full", "Logs filled the volume"]) is None
    True
    """
    own = own_words(answer)
    reason = _REASON.search(own)
    found = _repeats(own, earlier)
    # a later answer may give an earlier statement as its reason; the first has only the problem to repeat
    if found is None and reason is not None:
        found = _repeats(reason.group(1), earlier)
    if found is not None:
        return found
    alike = likeness(own, [own_words(statement) for statement in earlier], THIN)
    if alike and log_odds(REPEATS, alike[1], weights) >= _SURE:
        return alike[0]
    return network.said_before(tuple(earlier), answer) if _heard(tuple(earlier), answer) else None


def _heard(earlier: tuple[str, ...], answer: str) -> bool:
    """Whether the network hears a repetition that no thesaurus has words for."""
    return network.read(earlier, answer)[0]["circular"] >= _HEARD


def _repeats(own: str, earlier: Sequence[str]) -> int | None:
    core = set(concepts(own))
    if not core:
        return None
    refers_back = _OPENS_WITH_PRONOUN.match(own) is not None
    best: tuple[float, int] | None = None
    for index, statement in enumerate(earlier):
        said = concepts(own_words(statement))
        other = set(said)
        # "it" is what the statement before, or the one before that, is about
        told = refers_back and index >= len(earlier) - 2 and said
        mine = {*core, said[0]} if told else core
        shared = mine & other
        new = len(mine - other) / len(mine)
        if not shared:
            continue
        # half of either statement may differ only where nothing is new in the later one
        close = not mine - other or len(shared) / len(mine | other) > 0.5
        small = len(mine) == 2 and len(other) <= 2 and bool(shared - THIN)
        enough = close and (len(shared) >= 2 or len(mine) == 1 or small)
        adds_a_lack = any(concept.startswith("not_") for concept in mine - other)
        if (
            enough
            and new <= (_MAX_NEW - 0.1 if adds_a_lack else _MAX_NEW)
            and (best is None or new < best[0])
        ):
            best = (new, index)
    return None if best is None else best[1]


# good news, tastes and small facts of office life seldom explain trouble
_PLEASANT = re.compile(
    r"\b(?:discounts?|awards?|anniversar\w+|celebrat\w+|likes?|prefers?|popular|beautiful|nice|good|great|cheap\w*"
    r"|holiday|season|birthday|party|magazine|press|logo|colou?r|painted|parking|canteen|coffee|lunch|travel"
    r"|conference|renewed|redesign\w*|languages?|years old|million|won|hired|moved to|office|weather|stock"
    r"|revenue|profit)\b",
    re.IGNORECASE,
)
_OF_US = re.compile(r"^(?:our|the company|the office|we)\b", re.IGNORECASE)


def leads_away(answer: str, earlier: Sequence[str], *, is_last: bool, weights: Weights | None = None) -> bool:
    """Whether `answer` is about something else, or cannot explain what came before.

    Examples
    --------
    >>> leads_away("The canteen closes at two", ["The model was stale"], is_last=True)
    True
    >>> leads_away("Nobody owns its retraining", ["The model was stale"], is_last=True)
    False
    """
    measured = log_odds(LEAVES, distance(answer, earlier, is_last=is_last), weights)
    heard = network.read(tuple(earlier), answer)[0]["non_sequitur"]
    # both must be weighed: the network alone takes "no team owns it" for a leap where a step is left out
    return logit(heard) + measured >= 0


@dataclass(frozen=True)
class _Tie:
    """An answer beside all that was said before it: shared concepts, topic fields, what is new or strange."""

    answer: str
    earlier: Sequence[str]

    @cached_property
    def mine(self) -> list[str]:
        return concepts(self.answer)

    @cached_property
    def told(self) -> list[list[str]]:
        return [concepts(statement) for statement in self.earlier]

    @cached_property
    def bare(self) -> set[str]:
        return {plain(concept) for concept in self.mine}

    @cached_property
    def before(self) -> set[str]:
        return {plain(concept) for found in self.told for concept in found}

    @cached_property
    def shared(self) -> set[str]:
        return (self.bare & self.before) - THIN

    @cached_property
    def shared_last(self) -> set[str]:
        return (self.bare & {plain(concept) for concept in self.told[-1]}) - THIN

    @cached_property
    def shared_thin(self) -> int:
        return len(self.bare & self.before & THIN)

    @cached_property
    def topic(self) -> frozenset[str]:
        return frozenset(fields(self.mine))

    @cached_property
    def technical(self) -> frozenset[str]:
        return self.topic - {"people"}

    @cached_property
    def technical_before(self) -> frozenset[str]:
        return frozenset(fields([concept for found in self.told for concept in found])) - {"people"}

    @cached_property
    def same_family(self) -> frozenset[str]:
        return frozenset(families(self.technical) & families(self.technical_before))

    @cached_property
    def depth(self) -> Depth:
        return depth_of(self.answer)

    @cached_property
    def unknown(self) -> list[str]:
        return [
            concept for concept in self.mine if not is_known(concept) and plain(concept) not in self.before
        ]

    @cached_property
    def strange(self) -> set[str]:
        return set(elsewhere(self.answer)).difference(*map(elsewhere, self.earlier))

    @cached_property
    def aside(self) -> set[str]:
        return set(sideline(self.answer)).difference(*map(sideline, self.earlier))


def distance(answer: str, earlier: Sequence[str], *, is_last: bool) -> dict[str, float]:
    """What speaks for and against a link, by measure."""
    tie = _Tie(answer, earlier)
    scores = tie.depth.scores
    found = {
        "strength": _strength(tie),
        "shared_with_the_last": min(len(tie.shared_last), 3),
        "shared_with_others": min(len(tie.shared - tie.shared_last), 3),
        "shared_thin": tie.shared_thin,
        "none_shared": not tie.shared,
        "none_shared_with_the_last": not tie.shared_last,
        "same_field": bool(tie.technical & tie.technical_before),
        "same_family": bool(tie.same_family),
        "people": "people" in tie.topic,
        "a_person": tie.depth.kind == "person",
        "system": min(scores["system"], 4),
        "proximate": min(scores["proximate"], 4),
        "points_back": bool(_POINTS_BACK.search(answer)),
        "trouble": bool(_TROUBLE.search(answer)),
        "lack": bool(_LACK.search(answer)),
        "unknown": min(len(tie.unknown), 5),
        "share_unknown": len(tie.unknown) / max(len(tie.mine), 1),
        "strange": min(len(tie.strange), 3),
        "aside": min(len(tie.aside), 3) + bool(_ASIDE.search(answer)),
        "taste": bool(_TASTE.search(answer)),
        "states_the_unknown": _states_the_unknown(answer, tie.before),
        "pleasant": bool(_PLEASANT.search(answer)),
        "of_us": bool(_OF_US.match(answer)),
        "is_last": is_last,
        "length": len(tie.mine) / 8,
    }
    return {name: float(value) for name, value in found.items()}


def _strength(tie: _Tie) -> float:
    """How plausibly an answer explains what came before: about 0 (another topic) to 3.

    Shared concepts count most, then a shared topic field, then a cue of people or organisation (an
    owner, a review, a budget can be behind anything technical), then a word that points back. Words of
    office life and words that the thesaurus does not know count against it.
    """
    if not tie.mine:
        return 1.0
    answer, depth = tie.answer, tie.depth
    score = (
        1.0 * min(len(tie.shared_last), 2)
        + 0.7 * min(len(tie.shared - tie.shared_last), 2)
        + 0.2 * tie.shared_thin
    )
    same_field = bool(tie.technical & tie.technical_before)
    if same_field:
        score += 0.7
    elif tie.technical and tie.technical_before and "technical" in tie.same_family:
        score += 0.5
    if depth.kind == "person":
        score += 0.7
    elif depth.scores["system"] >= 1.5:
        score += 0.4
    if "people" in tie.topic:
        score += 0.2
    if _POINTS_BACK.search(answer):
        score += 0.3
    if depth.scores["proximate"] >= 1.9:
        score += 0.4  # it speaks of a technical thing
    if _TROUBLE.search(answer):
        score += 0.4
    score -= min(0.2 * max(len(tie.unknown) - 1, 0), 0.6)
    if not tie.shared and not same_field and depth.scores["system"] < 1.5 and depth.kind == "system":
        score -= 0.5  # a standing fact that names no lack and touches nothing said before
    is_tied = bool(tie.shared) or same_field
    if not is_tied and (_TASTE.search(answer) or _states_the_unknown(answer, tie.before)):
        score -= 1.0
    if tie.strange and not tie.shared:
        score -= 1.0
    if _ASIDE.search(answer) and not any(_ASIDE.search(statement) for statement in tie.earlier):
        score -= 1.8
    if not tie.shared:
        score -= 0.8 * min(len(tie.aside), 2)
    return score - 1.8 * min(len(tie.strange), 2)


def _states_the_unknown(answer: str, before: set[str]) -> bool:
    """Whether it says what something is like of which neither the chain nor the thesaurus has heard."""
    match = _STATE.match(own_words(answer))
    if match is None or _POINTS_BACK.search(answer) or _LACK.search(answer):
        return False
    about = concepts(match.group(1))
    return bool(about) and not any(is_known(concept) or plain(concept) in before for concept in about)
