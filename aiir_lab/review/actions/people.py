"""Rules for actions put as a demand on people, or as a state of the world that a system keeps up."""

from __future__ import annotations

import re

from aiir_lab.review.actions.clauses import Clause, is_person, statement
from aiir_lab.review.actions.rungs import Rung, mentions, names_people, rung_of_thing
from aiir_lab.review.actions.words import INTERMEDIATE_VERBS, PEOPLE, SIGN_OFF, SYSTEM_ACTS


def judge_statement(clause: Clause) -> Rung | None:
    """An action put as a state of the world: "no prompt merges without a green evaluation"."""
    text = clause.text
    if mentions(r"without (?:human|manual|any human) (?:action|intervention|hands?|involvement)", text):
        return Rung("stronger", "the system acts by itself, without anyone remembering")
    if (
        re.match(r"(?:no|only|nothing)\b", text)
        and mentions(r"without|unless|until|before|may|can|are|is|gets?", text)
        and not re.match(rf"(?:no|only) (?:more )?{PEOPLE}\b(?! (?:can|may))", text)
    ):
        return Rung("stronger", "the step cannot go on without it")
    if clause.verb:
        if clause.verb in ("let", "have", "make", "get") and not is_person(clause.rest.split(" to ")[0]):
            inner = re.match(
                (
                    r"(?:the |our |all |both |every |each )?((?:[\w-]+ ){1,4}?)(?:to )?(rotate|call"
                    r"|use|share|bail|read|import|derive|fail|roll|expire|renew|return|wait|hold"
                    r"|terminate|fall)\b(.*)"
                ),
                clause.rest,
            )
            if inner and not re.search(rf"\b{PEOPLE}\b", inner.group(1)):
                if inner.group(2) in ("call", "use", "share", "read", "import", "derive") and not mentions(
                    r"same|one|single|shared|common", inner.group(3)
                ):
                    return None
                return Rung("stronger", "the system does it, without anyone remembering")
        return None
    found = statement(text)
    if found is None or re.match(r"(?:alert|page|notify|alarm|report)s?\b", text):
        return None
    subject, verb, _, denied = found
    if mentions(r"saying|that|which|who|about|explaining|on how", subject):
        return None
    # "check the order before approval": the approval is when, not what
    said = re.sub(r"(?:before|prior to|for|until|without|pending) (?:\w+ )?approv\w+", "", text)
    if (
        mentions(SIGN_OFF, said)
        and not denied
        and not mentions(r"technically|refus\w+|reject\w+|block\w*", text)
    ):
        return Rung("intermediate", "a second person looks, which helps when they have time and context")
    if is_person(subject):
        if denied and mentions(r"cannot|can only|can no longer|no longer", text):
            return Rung("stronger", "it takes the possibility away")
        return Rung("weaker", "it works only as long as people remember to do it")
    thing = rung_of_thing(subject)
    if verb in ("remind", "warn", "explain", "say", "tell", "ask", "teach"):
        return Rung("weaker", "it reminds or warns; the way ahead stays open")
    if thing == "weaker" and not denied and subject.split()[-1] != "training":
        return Rung("weaker", "what it delivers is a text, a talk or a look")
    if denied or verb in SYSTEM_ACTS:
        return Rung("stronger", "the system itself refuses, undoes or stops")
    if verb in INTERMEDIATE_VERBS:
        return Rung("intermediate", f"'{verb}' gives people a better chance to see, or the system more room")
    return None


def judge_people_act(clause: Clause) -> Rung | None:
    """Causatives and demands whose doer is a person."""
    text, verb, rest = clause.text, clause.verb, clause.rest
    if (
        verb == "hold"
        and not rung_of_thing(thing := clause.thing)
        and not names_people(thing)
        and mentions(r"until|larger|above|over|whose|that|from|if|when|back|all|any|every", rest)
    ):
        return Rung("stronger", "the system withholds it until the condition is met")
    if verb == "require" or verb in ("mandate", "demand", "ask", "insist"):
        if mentions(SIGN_OFF, rest):
            return Rung("intermediate", "a second person looks, which helps when they have time and context")
        who = re.match(
            rf"(?:that\s+)?(?:all\s+|every\s+|each\s+|the\s+|our\s+|new\s+|any\s+)*(?:[\w-]+\s+)?{PEOPLE}\b",
            rest,
        )
        if who or mentions(
            r"(?:to )?(?:read|attend|be careful|remember|complete (?:the )?\w* ?training)", rest
        ):
            return Rung("weaker", "it works only as long as people remember to do it")
        if verb != "ask" and rung_of_thing(clause.thing) != "weaker":
            strength = rung_of_thing(clause.thing)
            if strength == "intermediate" and not mentions(
                r"before|in order to|to (?:merge|deploy|promote|release)|can", rest
            ):
                return Rung(
                    "intermediate", "it asks for an aid, and does not say what refuses to go on without it"
                )
            return Rung("stronger", "the step cannot go on without it")
        if (
            verb != "ask"
            and mentions(r"before|to (?:merge|deploy|promote|release)", rest)
            and not mentions(r"training|course|reading|briefing", rest)
        ):
            return Rung("stronger", "the step cannot go on without it", False)
        return Rung("weaker", "it works only as long as people remember to do it")
    if verb in ("make", "have", "let", "get", "ensure", "force", "oblige", "allow", "permit") or re.match(
        r"(?:make|be) sure\b", text
    ):
        inner = re.sub(
            r"^(?:make sure|be sure|ensure|make|have|let|get|force|allow|permit)\s+(?:that\s+)?", "", text
        )
        if mentions(SIGN_OFF, inner) and verb != "force":
            return Rung("intermediate", "a second person looks, which helps when they have time and context")
        who = re.match(
            (
                rf"(?:all\s+|every\s+|each\s+|the\s+|our\s+|new\s+|any\s+|more\s+|both\s+"
                rf"|two\s+)*(?:[\w-]+\s+)?{PEOPLE}\b"
            ),
            inner,
        )
        leader = re.match(
            r"(?:the |our )?(?:chief [\w ]{0,20}officer|c[etir]o|cfo|ciso|vp\b|head of|director|executive)",
            inner,
        )
        if leader:
            return Rung("stronger", "leadership takes part with time and money")
        if who and not mentions(r"cannot|can only|unable|impossible|no longer able", inner):
            if mentions(r"label|annotate|relabel|re-label|grade", inner) and mentions(
                r"independent\w*|two|expert", inner
            ):
                return Rung("intermediate", "a second, independent look catches part of the slips")
            return Rung("weaker", "it works only as long as people remember to do it")
        if mentions(
            (
                r"impossible|unique|constraint|not null|non-null\w*|mandatory|required|atomic"
                r"|idempotent|immutable|read-?only|cannot"
                r"|refuse|reject|block|demand|fail|deny|halt|stop|abort|only|exit"
            ),
            inner,
        ):
            return Rung("stronger", "the system itself refuses, undoes or stops")
        if re.fullmatch(
            r"[\w ,'-]*\b(?:safer|better|more \w+|nicer|easier|clearer|faster|stronger|smarter|less \w+)",
            inner,
        ):
            return Rung("weaker", "it names a wish and no mechanism")
        if verb == "ensure" or "sure" in text[:10]:
            return Rung("weaker", "it names a wish and no mechanism", False)
    return None
