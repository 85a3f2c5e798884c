"""Find sentences that put the cause on a person, role, team or company, and say what to write instead."""

from __future__ import annotations

from bisect import bisect_right

from aiir_lab.records.errors import AiirError
from aiir_lab.review.finding import Finding
from aiir_lab.review.language_advice import advise
from aiir_lab.review.language_context import Context
from aiir_lab.review.language_parse import Parse, clause_subject, is_person, join, subject, tag
from aiir_lab.review.language_pattern import tagged
from aiir_lab.review.language_rules import KINDS, Rule, candidates
from aiir_lab.review.language_text import line_starts, mask, sentences

__all__ = ["KINDS", "review_language"]

# Without a person or a verdict in it, no sentence accuses.
_NEEDED = frozenset("PAUGJMXKe")
_NEEDED_WORDS = frozenset(
    "no none those trust who whose why how guess genius geniuses heads disciplinary punishment hr promotion bonus access "
    "warning layer human people him her them his their fat keyboard finger".split(" ")
)
_RANK = {kind: rank for rank, kind in enumerate(KINDS)}
# Verbs of a system, for subjects that may be a program or a company with an unknown name.
_HUMAN_KINDS = frozenset({"punishment", "judgement"})
_PROGRAMS = frozenset(
    "runner master controller consumer producer host client worker broker handler resolver publisher observer".split(" ")
)


def review_language(text: str) -> list[Finding]:
    """Findings for sentences that accuse; an empty list means blameless.

    Systems, models and documents as subject, neutral and positive acts of people, technical terms,
    quoted or rejected accusations, "how" and "what" questions, local reasons and designs for the future
    are left alone. Code and block quotes in Markdown are not read.

    Parameters
    ----------
    text : str
        English prose or Markdown of any length.

    Returns
    -------
    list of Finding
        In the order of the text. ``kind`` is one of `KINDS`; ``rule`` names the line of the rule table
        (``language_rules.txt``), which names its source; ``line`` counts from 1.

    Raises
    ------
    AiirError
        `text` is not a string.

    Examples
    --------
    >>> [f.kind for f in review_language("The on-call failed to check the dashboard.")]
    ['failed_to']
    >>> review_language("The validator failed to run, and the gate had no timeout.")
    []
    """
    if not isinstance(text, str):
        raise AiirError(f"review_language reads a str; got {type(text).__name__}. Read the file as text first.")
    masked = mask(text)
    lines = line_starts(text)
    seen: dict[str, list[tuple[int, int, str, str, str, str]]] = {}
    found: list[Finding] = []
    before: Parse | None = None
    for start, end in sentences(masked):
        sentence = masked[start:end]
        they = _they_are_things(before)
        key = sentence + ("\x00" if they else "")
        if key not in seen:
            items = tag(sentence)
            if _NEEDED.isdisjoint("".join(items.tags)) and _NEEDED_WORDS.isdisjoint(items.words):
                seen[key], before = [], items
                continue
            items = join(items)
            seen[key] = [
                (items.starts[a], items.ends[b], rule.kind, rule.id, *advise(rule, items, a, b, sentence))
                for a, b, rule in judge(sentence, items, they_are_things=they)
            ]
            if len(seen) > 4096:
                seen.pop(next(iter(seen)))
        else:
            items = None
        for a, b, kind, rule_id, message, suggestion in seen.get(key, []):
            line = bisect_right(lines, start + a)
            found.append(Finding(start + a, start + b, kind, message, suggestion, line=line, rule=rule_id))
        before = items
    return found


def _they_are_things(before: Parse | None) -> bool:
    """Whether "they" at the start of a sentence refers to systems: the sentence before names no person."""
    if before is None:
        return False
    return any("S" in tags for tags in before.tags) and not any("P" in tags for tags in before.tags)


def judge(sentence: str, items: Parse, *, they_are_things: bool = False) -> list[tuple[int, int, Rule]]:
    """The rules that hold in one sentence, as first item, last item, rule; the best one per clause."""
    words = set(items.words)
    letters = set("".join(items.tags))
    rules = candidates(words, letters)
    if not rules:
        return []
    context = Context(sentence, items)
    line, starts = tagged(items)
    held: list[tuple[int, int, Rule]] = []
    for rule in rules:
        for first, last in rule.pattern.find(line, starts):
            who = _who(rule, items, first)
            if _holds(rule, context, first, last, who, they_are_things):
                held.append((min(first, who) if who is not None and last - who < 25 else first, last, rule))
                break
    return _best(items, held)


def _who(rule: Rule, items: Parse, first: int) -> int | None:
    if not rule.needs & {"person", "clause"}:
        return None
    who = subject(items, first)
    return clause_subject(items, first) if "clause" in rule.needs and not is_person(items, who) else who


def _holds(rule: Rule, context: Context, first: int, last: int, who: int | None, they_are_things: bool) -> bool:
    items, needs = context.items, rule.needs
    if needs & {"person", "clause"}:
        if not (is_person(items, who) or _acts_human(rule, items, first, who)):
            return False
        if who is not None and items.words[who] == "they" and they_are_things:
            return False
        if who is not None and "z" in items.tags[who] and "loose" not in needs and rule.kind != "sarcasm":
            return False
    if needs & {"asserted", "loose"} and context.rejected(first):
        return False
    if "asserted" in needs:
        own_negation = rule.id in _OWN_NEGATION
        if not own_negation and rule.kind not in {"accusing_question", "counterfactual"} and context.negated(first):
            return False
        if rule.id in {"omission", "person-harms", "person-bad-act"} and context.hypothetical(first, who):
            return False
        if rule.id == "verdict" and context.general(first, last):
            return False
        if rule.kind == "counterfactual" and context.unknowable():
            return False
    if "unexcused" in needs and context.excused(last):
        return False
    if "harm" in needs and (not context.has_harm() or context.went_well()):
        return False
    if rule.id in {"thanks-for", "thanks-to", "nice-job", "props"} and context.went_well():
        return False
    if "aside" in needs and not context.has_aside_target(first, last):
        return False
    check = _EXTRA.get(rule.id)
    return check is None or check(items, first, last, who)


_OWN_NEGATION = frozenset(
    "not-done never-done not-done-other supervised pay let-go not-trusted fell-short cannot-find-time no-business not-bothered nobody-did not-having-done not-up-to no-idea without-doing barred no-virtue".split(" ")
)


def _acts_human(rule: Rule, items: Parse, first: int, who: int | None) -> bool:
    """A user, an agent or an unknown capital counts as human where only a human does what the verb says."""
    if who is None or not items.has(who, "AU") or items.has(who, "v"):
        return False
    if rule.id == "adverb" and items.has(who, "u"):
        return False
    if rule.kind in _HUMAN_KINDS:
        return items.words[who].rsplit("_", 1)[-1].rstrip("s") not in _PROGRAMS
    if rule.id == "omission" and "f" in items.tags[first] and items.has(who, "U"):
        return True
    if rule.id == "omission" and items.words[first] in {"failed", "fails", "failing"}:
        return items.word(first + 1) == "to" and items.has(first + 2, "D") and items.word(first + 2) in _HUMAN_ACTS
    if rule.id in {"not-done", "never-done", "without-doing", "not-having-done"}:
        return any(items.words[i] in _HUMAN_ACTS for i in range(first, min(first + 5, len(items))))
    if rule.id == "omission":
        return items.has(who, "U") and not items.has(who, "u")
    if rule.id == "made-a-mistake":
        return True
    return rule.kind in {"counterfactual", "sarcasm", "accusing_question"} and items.has(who, "U")


_HUMAN_ACTS = frozenset(
    """tell notify inform warn check review read follow escalate verify consult ask communicate document investigate
    coordinate question raise take consider understand realise realize appreciate anticipate plan test double-check train
    supervise disclose honour honor care bother listen think notice telling notifying informing warning checking reading
    asking told warned heed adhere comply respect look mention share own apologise admit deliver""".split()  # fmt: skip
)


def _omission(items: Parse, first: int, last: int, who: int | None) -> bool:
    """A participle beside a noun ("the missed calls", "was ignored") is no act of the subject."""
    word, following = items.words[first], items.word(first + 1)
    if word in {"failed", "fails", "failing", "fail"}:
        return following == "to" or items.has(first + 1, "PY") or following in {"in", "us", "at", "their", "his", "her"}
    if items.has(first - 1, "dgJp") and not items.has(first - 1, "P"):
        return False
    back = first - 1
    while items.has(back, "x"):
        back -= 1
    if items.has(back, "B"):
        return False
    if word in {"missed", "misses"} and following in {"no", "nothing", "lunch", "dinner", "sleep"}:
        return False
    if word in {"brushed", "shrugged"}:
        return following in {"off", "aside", "it", "them", "away"}
    if word in {"dismissed", "discounted"}:
        return any(items.words[i] in {"warning", "warnings", "alert", "alerts", "concern", "concerns", "complaint",
                   "complaints", "page", "report", "reports", "signals", "it", "them"} for i in range(first, min(first + 6, len(items))))  # fmt: skip
    return True


_PARTICIPLE_AS_ADJECTIVE = frozenset(
    "limited dedicated shared automated restricted elevated delegated defined assigned increased guaranteed protected "
    "read write written named trained scheduled reserved documented direct approved".split(" ")
)
_HAPPENED_TO = frozenset("received gotten been lost had paid benefited enjoyed".split(" "))


def _counterfactual(items: Parse, first: int, last: int, who: int | None) -> bool:
    """"Should have limited access" is a design; "could have lost more" is a risk."""
    verb = items.words[last]
    following = items.tags[last + 1] if last + 1 < len(items) else "."
    if verb in _PARTICIPLE_AS_ADJECTIVE and last + 1 < len(items) and items.word(last + 1)[0].isalpha():
        if not any(c in following for c in "dpxcsYOgU") and not ("P" in following and "N" in following):
            return False
    if verb in _HAPPENED_TO and verb != "been":
        return False
    if "been" in items.words[first : last + 1] and "3" in items.tags[last] and verb != "been" and "x" not in items.tags[last]:
        return verb in {"told", "trained"} and False
    return True


def _if_had(items: Parse, first: int, last: int, who: int | None) -> bool:
    """"If the on-call had had access" is about the tool, not about the person."""
    return not (items.words[last] in {"had", "been"} and "had" in items.words[first:last])


def _not_done(items: Parse, first: int, last: int, who: int | None) -> bool:
    """"Did not know" and "did not receive" describe a situation; "we did not lose data" is a result."""
    if items.words[last] in _NO_CHOICE or (who is not None and items.words[who] in {"i", "we"}):
        return False
    return not (items.has(last, "BHo") or items.words[first] in {"had", "has", "have"} and not items.has(last, "3"))


_NO_CHOICE = frozenset(
    """know known knew have had see seen receive received need needed lose lost want wanted get got find found exist expect
    expected agree like mean intend work belong seem feel felt hear heard change matter apply happen affect appear cause
    experience suffer contain involve yet use used sleep slept encounter encountered require required own owned qualify
    speak fit look cost understand been come came stop leave let touch exceed harm hurt damage break crash mind depend
    believe believed remember see-it think start begin begun stand win finished accept accepted blame object open
    opened arrive arrived change changed reproduce reach reached visit log resolve gain benefit
    """.split()  # fmt: skip
)


def _asked(items: Parse, first: int, last: int, who: int | None) -> bool:
    """A "who" or "why" asks when it opens the sentence, follows a verb of asking, or stands before a question mark."""
    before = items.word(first - 1)
    if (first > 0 and items.has(first - 1, "PA")) or before in {",", "guess", "those"}:
        return False
    if first <= 2 and items.words[-1] == "." and items.words[first] == "who":
        return False  # "Who approved it is not recorded."
    if "?" in items.words[last:] or first <= 2:
        return True
    return any(items.words[i] in _ASKING for i in range(max(0, first - 4), first))


_ASKING = frozenset(
    "know explain ask asking find out tell wonder wondering identify determine establish asked hear justify question "
    "understand imagine clear see learn curious please so and but ok okay well".split(" ")
)


def _not_a_measure(items: Parse, first: int, last: int, who: int | None) -> bool:
    """"The human error rate" and "human error as a category" are measures, not causes."""
    return items.word(last + 1) not in _MEASURES


_MEASURES = frozenset(
    "rate rates budget budgets category categories analysis model models ratio as type types bar bars margin estimate "
    "probability modelling messages message codes code handling log logs reports counts".split(" ")
)


def _not_for_care(items: Parse, first: int, last: int, who: int | None) -> bool:
    """Relief of a tired responder is care, and what a scheduler suspends is a program: neither is punishment."""
    following = range(last, min(last + 5, len(items) - 1))
    if any(items.words[i] == "by" and any(items.has(k, "S") for k in (i + 1, i + 2)) for i in following):
        return False
    restful = any(items.words[i] == "rest" and items.words[i - 1] in _TO_REST for i in range(last, len(items)))
    return not restful and not _CARE & set(items.words[last:])


_TO_REST = frozenset("to could can and or some".split(" "))
_CARE = frozenset("sleep fatigue recover rested recovery leave holiday breath tired exhausted".split(" "))

def _harms(items: Parse, first: int, last: int, who: int | None) -> bool:
    """"People exposed to the posts" suffered it; they did not do it."""
    return items.word(first + 1) not in {"to", "by"} and not items.has(first - 1, "p")


_EXTRA = {
    "person-harms": _harms,
    "who-did": _asked,
    "why-person": _asked,
    "human-error": _not_a_measure,
    "removed": _not_for_care,
    "disciplined": _not_for_care,
    "off-duty": _not_for_care,
    "not-done-other": _not_done,
    "thanks-to": _not_for_care,
    "let-go": _not_for_care,
    "omission": _omission,
    "should-have": _counterfactual,
    "if-had": _if_had,
    "had-they": _if_had,
}


def _best(items: Parse, held: list[tuple[int, int, Rule]]) -> list[tuple[int, int, Rule]]:
    """The kind that explains a clause best; a further one only where another clause says it."""
    held.sort(key=lambda h: (_RANK[h[2].kind], h[0]))
    kept: list[tuple[int, int, Rule]] = []
    for first, last, rule in held:
        if any(rule.kind == other.kind for _, _, other in kept):
            continue
        if kept and kept[0][2].kind in {"accusing_question", "sarcasm", "punishment", "counterfactual"}:
            continue
        if all(_apart(items, (first, last), (a, b)) for a, b, _ in kept):
            kept.append((first, last, rule))
    return sorted(kept, key=lambda h: h[0])


def _apart(items: Parse, one: tuple[int, int], other: tuple[int, int]) -> bool:
    low, high = sorted((one, other))
    between = range(low[1] + 1, high[0])
    return any(items.words[i] in ";—–.:" or "c" in items.tags[i] for i in between)
