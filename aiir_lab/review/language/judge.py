"""Which rules hold in a sentence, and which one of them says best what is wrong with it."""

from __future__ import annotations

from aiir_lab.review.language.checks import CHECKS
from aiir_lab.review.language.context import Context
from aiir_lab.review.language.parse import Parse
from aiir_lab.review.language.pattern import tagged
from aiir_lab.review.language.rules import KINDS, Rule, candidates
from aiir_lab.review.language.subject import clause_subject, is_person, subject
from aiir_lab.review.language.words import sections

_RANK = {kind: rank for rank, kind in enumerate(KINDS)}
# These colour the whole sentence; a second remark on it would only repeat them.
_WHOLE = frozenset({"accusing_question", "sarcasm", "punishment", "counterfactual"})
# How far before the cue its subject may stand and still be part of the finding.
_REACH = 25
_IN_A_CONDITION = frozenset({"omission", "person-harms", "person-bad-act"})
_PRAISED = frozenset({"recovery", "rescue", "success", "detection", "save"})
_MEANT_WHEN_IT_WENT_WELL = frozenset({"thanks-for", "thanks-to", "nice-job", "props"})

Held = tuple[int, int, Rule]


def judge(sentence: str, items: Parse, *, they_are_things: bool = False) -> tuple[list[Held], bool]:
    """The rules that hold in one sentence, as first item, last item, rule; the best one per clause.

    Also whether the grammar took anything up at all: where a rule found its words and something spoke
    against it (a negation, a thing as subject ...), the sentence is likely to be harmless.

    Parameters
    ----------
    sentence : str
        The sentence, with quotations and code hidden.
    items : Parse
        Its items, joined.
    they_are_things : bool, default False
        Whether "they" refers to systems named in the sentence before.
    """
    rules = candidates(items.words, items.tags)
    if not rules:
        return [], False
    context = Context(sentence, items)
    line, starts = tagged(items)
    held: list[Held] = []
    taken_up = False
    for rule in rules:
        for first, last in rule.pattern.find(line, starts):
            taken_up = True
            who = _who(rule, items, first)
            if they_are_things and _is_only_they(items, first, last, who):
                continue
            if _holds(rule, context, first, last, who):
                begin = first if who is None or last - who >= _REACH else min(first, who)
                held.append((begin, last, rule))
                break
    return _best(items, held), taken_up


def _is_only_they(items: Parse, first: int, last: int, who: int | None) -> bool:
    """Whether the subject is "they", or nobody else is named where a rule asks for no subject."""
    if who is not None:
        return items.words[who] == "they"
    return {items.words[i] for i in range(first, last + 1) if items.has(i, "P")} == {"they"}


def _who(rule: Rule, items: Parse, first: int) -> int | None:
    """The subject that the rule asks for; None where it asks for none."""
    if rule.needs.isdisjoint({"person", "clause"}):
        return None
    who = subject(items, first)
    return clause_subject(items, first) if "clause" in rule.needs and not is_person(items, who) else who


def _holds(rule: Rule, context: Context, first: int, last: int, who: int | None) -> bool:
    """Whether all that the rule needs is there."""
    items, needs = context.items, rule.needs
    if needs & {"person", "clause"}:
        if not (is_person(items, who) or _acts_human(rule, items, first, who)):
            return False
        if who is not None and items.has(who, "z") and "loose" not in needs and rule.kind != "sarcasm":
            return False
    if needs & {"asserted", "loose"} and context.rejected(first):
        return False
    if "asserted" in needs and not _asserted(rule, context, first, last, who):
        return False
    if "unexcused" in needs and context.excused(last):
        return False
    if "harm" in needs and (not context.has_harm() or context.went_well()):
        return False
    if rule.kind == "name_as_cause" and not _PRAISED.isdisjoint(items.words) and not context.has_harm():
        return False  # "the recovery can be put down to the operator"
    thanked = rule.id in _MEANT_WHEN_IT_WENT_WELL or "thanks" in items.words[first : last + 1]
    if thanked and context.went_well():
        return False
    if "aside" in needs and not context.has_aside_target(first, last):
        return False
    check = CHECKS.get(rule.id)
    return check is None or check(items, first, last, who)


def _asserted(rule: Rule, context: Context, first: int, last: int, who: int | None) -> bool:
    """Not negated, not a condition or possibility, and not "nobody could have known"."""
    negatable = rule.kind not in {"accusing_question", "counterfactual"}
    if negatable and rule.id not in sections()["rules_with_their_own_negation"] and context.negated(first):
        return False
    if rule.id in _IN_A_CONDITION and context.hypothetical(first, who):
        return False
    if rule.id == "verdict" and context.general(first, last):
        return False
    return not (rule.kind == "counterfactual" and context.unknowable())


def _acts_human(rule: Rule, items: Parse, first: int, who: int | None) -> bool:
    """A user, an agent or an unknown capital counts as human where only a human does what the verb says."""
    if who is None or not items.has(who, "AU") or items.has(who, "v"):
        return False
    human_acts = sections()["human_acts"]
    unknown = items.has(who, "U")
    if unknown and not {"he", "she", "his", "her", "him", "himself", "herself"}.isdisjoint(items.words):
        return True
    if rule.kind in {"punishment", "judgement"}:
        head = items.words[who].rsplit("_", 1)[-1].rstrip("s")
        return head not in sections()["programs"] and not (rule.id == "adverb" and items.has(who, "u"))
    if rule.id == "omission":
        if "f" in items.tags[first] and unknown:
            return True
        if items.words[first] in {"failed", "fails", "failing"}:
            return items.word(first + 1) == "to" and items.word(first + 2) in human_acts
        return unknown and not items.has(who, "u")
    if rule.id in {"not-done", "never-done", "without-doing", "not-having-done"}:
        return any(items.words[i] in human_acts for i in range(first, min(first + 5, len(items))))
    if rule.id == "made-a-mistake":
        return True
    return unknown and rule.kind in {"counterfactual", "sarcasm", "accusing_question"}


def _best(items: Parse, held: list[Held]) -> list[Held]:
    """The kind that explains a clause best; a further one only where another clause says it."""
    held.sort(key=lambda one: (_RANK[one[2].kind], one[0]))
    kept: list[Held] = []
    for first, last, rule in held:
        if any(rule.kind == other.kind for _, _, other in kept) or (kept and kept[0][2].kind in _WHOLE):
            continue
        if all(_apart(items, (first, last), (a, b)) for a, b, _ in kept):
            kept.append((first, last, rule))
    return sorted(kept, key=lambda one: one[0])


def _apart(items: Parse, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether a conjunction or a clause mark stands between two stretches."""
    low, high = sorted((one, other))
    return any(items.words[i] in ";—–.:" or "c" in items.tags[i] for i in range(low[1] + 1, high[0]))
