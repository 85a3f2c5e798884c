"""Further conditions of single rules: tests on the items around a match, each with the case it is for."""

from __future__ import annotations

from collections.abc import Callable

from aiir_lab.review.language.parse import Parse
from aiir_lab.review.language.subject import subject
from aiir_lab.review.language.words import sections
from aiir_lab.review.phrasing import word_set


def _omission(items: Parse, first: int, last: int, who: int | None) -> bool:
    """A participle beside a noun ("the missed calls", "was ignored") is no act of the subject."""
    word, following = items.words[first], items.word(first + 1)
    if word in {"failed", "fails", "failing", "fail"}:
        return items.has(first + 1, "PY") or following in {"to", "in", "us", "at", "their", "his", "her"}
    if items.has(first - 1, "dgJp") and not items.has(first - 1, "P"):
        return False
    back = first - 1
    while items.has(back, "x"):
        back -= 1
    if items.has(back, "B") or (
        items.has(first, "3") and not items.has(first, "12") and not items.has(back, "H")
    ):
        return False
    if word in {"missed", "misses"} and following in {"no", "nothing", "lunch", "dinner", "sleep"}:
        return False
    if word in {"brushed", "shrugged"}:
        return following in {"off", "aside", "it", "them", "away"}
    if word in {"dismissed", "discounted"}:
        return not sections()["warnings"].isdisjoint(items.words[first : first + 6])
    return True


def _counterfactual(items: Parse, first: int, last: int, who: int | None) -> bool:
    """ "Should have limited access" is a design, "should have been told" happens to somebody."""
    verb = items.words[last]
    if verb in sections()["participle_adjectives"] and items.word(last + 1)[:1].isalpha():
        following = items.tags[last + 1]
        if not set(following) & set("dpxcsYOgUN"):
            return False
    if who is not None and items.word(who - 1) == "what":
        return False  # "what responders could have seen"
    if verb in sections()["happened_to"] and verb != "been":
        return False
    passive = verb != "been" and "been" in items.words[first : last + 1]
    return not passive or items.has(last, "x")


def _if_had(items: Parse, first: int, last: int, who: int | None) -> bool:
    """ "If the on-call had had access" is about the tool, not about the person."""
    return not (items.words[last] in {"had", "been"} and "had" in items.words[first:last])


def _not_done(items: Parse, first: int, last: int, who: int | None) -> bool:
    """ "Did not know" and "did not receive" describe a situation; "we did not lose data" is a result."""
    if items.words[last] in sections()["no_choice"] or (who is not None and items.words[who] in {"i", "we"}):
        return False
    perfect = items.words[first] in {"had", "has", "have"}
    return not items.has(last, "BHo") and (not perfect or items.has(last, "3"))


_HABIT = frozenset({"keep", "always", "never", "still", "even", "not", "ignore", "let"})


def _addressed(items: Parse, first: int) -> bool:
    """Whether nothing stands before but the person who is asked: "On-call, who approved it?" """
    return (
        1 < first <= 5
        and items.word(first - 1) == ","
        and any(items.has(i, "PA") for i in range(first - 1))
        and not any(items.has(i, "oBHm2") for i in range(first - 1))
    )


def _asked(items: Parse, first: int, last: int, who: int | None) -> bool:
    """A "who" asks when it opens the sentence, follows a verb of asking, or stands before a question mark."""
    if _addressed(items, first) and "?" in items.words[last:]:
        return True
    if (first > 0 and items.has(first - 1, "PA")) or items.word(first - 1) in {",", "guess", "those"}:
        return False
    if any(items.has(i, "n") for i in range(max(0, first - 4), first)) and "?" not in items.words[last:]:
        return False  # "Support could not tell who was affected" is about the tool
    if first <= 2 and items.words[-1] == "." and items.words[first] == "who":
        return False  # "Who approved it is not recorded."
    if "i" in items.words[first : last + 1]:
        return False
    if items.words[first] == "why" and "alone" in items.words[last : last + 3]:
        return False  # "Why was somebody alone at hour nine?" asks about the rota
    if items.words[first : first + 3] == ["why", "do", "we"] and items.word(first + 3) not in _HABIT:
        return False  # "Why do we have three copies?" asks about the system
    if items.words[first] == "why" and not {"find", "see", "receive", "lack"}.isdisjoint(
        items.words[last : last + 3]
    ):
        return False  # "Why did the reviewers find it unclear?" asks about the situation
    if "?" in items.words[last:] or first <= 2:
        return True
    return not sections()["asking"].isdisjoint(items.words[max(0, first - 4) : first])


_NEUTRAL = frozenset({"get", "let", "allow", "think", "be", "manage"})


def _nobody_asks_oneself(items: Parse, first: int, last: int, who: int | None) -> bool:
    """ "How do I ignore a file?" asks for help, "how does a reviewer get to see it?" for the process."""
    words = items.words[first : last + 1]
    if words[0] != "how" and items.has(first - 1, "P") and "?" not in items.words[last:]:
        return False  # "We did not know which partners had it" tells
    if words[0] == "how" and words[1:2] in (["do"], ["does"], ["can"]) and items.words[last] in _NEUTRAL:
        return False
    if words[0] == "how" and "we" in words and not any(items.has(i, "F") for i in range(first, last + 1)):
        return False  # "How could we have made it visible?" looks for a better design
    return "i" not in words


def _not_a_term(items: Parse, first: int, last: int, who: int | None) -> bool:
    """ "Lazy loading" and "a useless call" are about code, unless a person stands beside."""
    lists = sections()
    if not lists["human_work"].isdisjoint(items.words[first : last + 1]):
        return True
    terms = lists["technical_adjectives"]
    return terms.isdisjoint(items.words[first : last + 1]) or any("P" in tags for tags in items.tags)


def _could_act(items: Parse, first: int, last: int, who: int | None) -> bool:
    """ "No one knew who owned it" is a gap in the organisation; "no one checked it" an accusation."""
    return items.words[last] not in {"knew", "know", "known", "saw", "see", "seen", "understood", "foresaw"}


def _not_a_measure(items: Parse, first: int, last: int, who: int | None) -> bool:
    """ "The human error rate" and "human error as a category" are measures, not causes."""
    following = items.word(last + 1)
    if following == "as":
        return any(items.has(i, "C") for i in range(last + 2, min(last + 6, len(items))))
    return following not in sections()["measures"]


def _not_for_care(items: Parse, first: int, last: int, who: int | None) -> bool:
    """Relief of a tired responder is care; what a scheduler suspends is a program."""
    for i in range(last, min(last + 5, len(items) - 1)):
        if items.words[i] == "by" and (items.has(i + 1, "S") or items.has(i + 2, "S")):
            return False
    to_rest = sections()["to_rest"]
    if any(items.words[i] == "rest" and items.words[i - 1] in to_rest for i in range(last, len(items))):
        return False
    return sections()["caring"].isdisjoint(items.words[last:])


def _harms(items: Parse, first: int, last: int, who: int | None) -> bool:
    """ "People exposed to the posts" suffered it; they did not do it."""
    return items.word(first + 1) not in {"to", "by"} and not items.has(first - 1, "p")


def _asks_whose(items: Parse, first: int, last: int, who: int | None) -> bool:
    """ "Whose error was it?" asks; "a release whose error rises" describes."""
    if first <= 1 or items.has(first - 1, "P") or "?" in items.words[last:]:
        return True
    if any(items.has(i, "n") for i in range(max(0, first - 4), first)):
        return False  # "We did not know which partners had the old file"
    return not sections()["asking"].isdisjoint(items.words[max(0, first - 4) : first])


def _comes_from(items: Parse, first: int, last: int, who: int | None) -> bool:
    """ "The result of their haste" names a cause; "wrong results for people" describes the harm."""
    if items.words[first] in {"introduced", "pushed", "initiated"} and items.word(last + 1) == "in":
        return any(items.has(i, "hKM") for i in range(first))  # "the test was introduced by Tomas in May"
    is_outcome = items.words[first] in {"results", "result", "product", "work"}
    return not is_outcome or items.word(first + 1) in {"from", "of"}


def _somebodys(items: Parse, first: int, last: int, who: int | None) -> bool:
    """ "It is nobody's fault" blames nobody."""
    return not items.has(first, "z")


def _not_allowed(items: Parse, first: int, last: int, who: int | None) -> bool:
    """ "Can stop the model without asking" is a permission."""
    return {"can", "may", "could"}.isdisjoint(items.words[max(0, first - 6) : first])


def _not_ones_own_habit(items: Parse, first: int, last: int, who: int | None) -> bool:
    """ "I do not take such decisions alone" tells of a habit."""
    return items.words[first] != "do" or who is None or items.words[who] not in {"i", "we"}


def _needed(items: Parse, first: int, last: int, who: int | None) -> bool:
    """ "What would you have needed to see?" asks; "she needed to page earlier" knows better."""
    return items.word(first - 1) not in {"have", "had", "has"}


def _whom(items: Parse, first: int, last: int, who: int | None) -> bool:
    """ "Comes from what the caller says" names no cause."""
    return "what" not in items.words[first : last + 1]


def _no_help(items: Parse, first: int, last: int, who: int | None) -> bool:
    """ "It was Ana's note that led us to the cause" is praise."""
    if any(items.has(i, "z") for i in range(first, last)):
        return False  # "It is nobody's fault that the sensor froze"
    if items.words[last] == "led":
        return items.word(last + 1) == "to"
    return items.words[last] not in sections()["helpful_acts"] and not items.has(last, "Bm")


def _not_to_the_rescue(items: Parse, first: int, last: int, who: int | None) -> bool:
    """ "It was the database administrator who restored the cluster" is praise."""
    return items.words[last] not in sections()["helpful_acts"]


def _a_thing_goes_back(items: Parse, first: int, last: int, who: int | None) -> bool:
    """ "We went back to the vendor after the outage" is a call, not a cause."""
    before = subject(items, first)
    if before is not None and items.has(before, "PA") and items.words[before] not in {"everything", "all"}:
        return False
    told = items.words[:first]
    bad = sections()["bad_states"]
    return "all" in told or any(items.has(i, "hKM") or word in bad for i, word in enumerate(told))


def _did_wrong(items: Parse, first: int, last: int, who: int | None) -> bool:
    """Who saw, got or mended the wrong figure did nothing wrong."""
    return items.words[first] not in sections()["no_wrongdoing"]


# "brought the error rate down", "took the assistant offline": relief and mitigation, not harm.
_GOOD_WHEN_DOWN = word_set(
    """rate rates number numbers count latency time times loss losses backlog queue cost costs alerts noise
    errors severity share volume"""
)
_SWITCHED_OFF = word_set("model models assistant chatbot bot ranker feature filter")


def _harm_done(items: Parse, first: int, last: int, who: int | None) -> bool:
    """Bringing a rate down is a success, and taking a model offline is how a team contains harm."""
    heads = {word.rsplit("_", 1)[-1] for word in items.words[first : last + 1]}
    if items.words[last] in {"down", "offline"} and (
        heads & (_GOOD_WHEN_DOWN | _SWITCHED_OFF) or items.word(last + 1) in {"to", "for"}
    ):
        return False
    return _harms(items, first, last, who)


def _reason_for_ill(items: Parse, first: int, last: int, who: int | None) -> bool:
    """ "Marketing is the reason we know what customers saw" is thanks."""
    words = items.words[first : last + 1]
    if words[0] == "responsibility" and words[1:2] == ["for"]:
        # "responsibility for the runbook lies with the ML team" is a duty
        bad = sections()["bad_states"]
        return any(items.has(i, "hKM") or items.words[i] in bad for i in range(first + 2, last))
    if "one" in words and "who" in items.words[last - 2 : last + 3]:
        return any(items.has(i, "2") for i in range(last - 2, last + 3))  # not "the one who maintains it"
    if "reason" not in words:
        return _somebodys(items, first, last, who)
    said = items.words[first : last + 4]
    return "we" not in said or _KNOWING.isdisjoint(said)


_KNOWING = word_set("know knew found saw see caught noticed recovered learned could can have")


# Rule id -> test(items, first, last, subject); a rule that is not here needs none.
CHECKS: dict[str, Callable[[Parse, int, int, int | None], bool]] = {
    "omission": _omission,
    "not-done-other": _not_done,
    "should-have": _counterfactual,
    "if-had": _if_had,
    "had-they": _if_had,
    "nobody-did": _could_act,
    "who-did": _asked,
    "why-person": _asked,
    "whose-fault": _asks_whose,
    "caused-by": _comes_from,
    "to-blame": _reason_for_ill,
    "cleft": _not_to_the_rescue,
    "cleft-deed": _no_help,
    "common-factor": _somebodys,
    "it-goes-back": _somebodys,
    "goes-back-to": _a_thing_goes_back,
    "did-wrong": _did_wrong,
    "deed-harms": _somebodys,
    "person-change-harms": _somebodys,
    "without-doing": _not_allowed,
    "not-done": _not_ones_own_habit,
    "needed-to": _needed,
    "change-of": _whom,
    "how-could": _nobody_asks_oneself,
    "did-you": _nobody_asks_oneself,
    "human-error": _not_a_measure,
    "verdict-work": _not_a_term,
    "person-harms": _harm_done,
    "thanks-to": _not_for_care,
    "removed": _not_for_care,
    "off-duty": _not_for_care,
    "let-go": _not_for_care,
    "disciplined": _not_for_care,
}
